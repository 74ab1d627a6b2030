"""Mailboxes over IMAP: each unseen message is an item (or brings one), and is marked as seen once it was taken."""

from __future__ import annotations

import contextlib
import imaplib
import socket
import ssl
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from services.ingest.connectors.connector import Memory, NotPutAway, PollContext, SourceDocument
from shared.web.outbound import Deadline, Unreachable, connect

SCHEMES = ("imaps", "imap")

_PORTS = {"imaps": 993, "imap": 143}
#: messages taken at one poll; the rest at the next
_MAX_MESSAGES = 200


def poll(context: PollContext) -> Iterator[SourceDocument]:
    """Every unseen message of the mailbox; `INBOX` if the address names none."""
    at = context.source.at
    deadline = Deadline(context.timeout_s)
    try:
        mailbox = _connect(at.scheme, at.hostname or "", at.port or _PORTS[at.scheme], context.timeout_s, deadline)
        try:
            mailbox.login(unquote(at.username or ""), context.secret)
            _ok(mailbox.select(f'"{unquote(at.path.strip("/")) or "INBOX"}"'))
            unseen = [uid.decode() for uid in _ok(mailbox.uid("SEARCH", "UNSEEN"))[0].split()]
            left = _remember_left(mailbox, unseen, context.memory)
            for uid in [uid for uid in unseen if uid not in left][:_MAX_MESSAGES]:
                yield _message(mailbox, uid, context)
        finally:
            with contextlib.suppress(imaplib.IMAP4.error, OSError):
                mailbox.logout()
    except (imaplib.IMAP4.error, OSError) as silent:
        raise Unreachable(f"{at.hostname} did not answer as it should: {silent}") from silent
    finally:
        deadline.close()


def _remember_left(mailbox: imaplib.IMAP4, unseen: list[str], memory: Memory) -> list[str]:
    """The messages that were taken and could not be marked. None of them is known where the server has numbered all anew."""
    (validity,) = mailbox.response("UIDVALIDITY")[1][:1] or [None]
    number = validity.decode("ascii", "replace") if isinstance(validity, bytes) else None
    is_numbered_anew = number != memory.setdefault("uidvalidity", number)
    memory["uidvalidity"] = number
    left: list[str] = [] if is_numbered_anew else [uid for uid in memory.get("left", []) if uid in unseen]
    memory["left"] = left
    return left


def _message(mailbox: imaplib.IMAP4, uid: str, context: PollContext) -> SourceDocument:
    def put_away(_: list[str]) -> None:
        try:
            _ok(mailbox.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)"))
        except imaplib.IMAP4.abort as silent:
            raise Unreachable(f"the server fell silent: {silent}") from silent
        except imaplib.IMAP4.error as refused:
            context.memory["left"].append(uid)
            raise NotPutAway(str(refused)) from refused

    # asked for no more than may be taken: one that is larger is cut off, and refused for it
    answer = mailbox.uid("FETCH", uid, f"(BODY.PEEK[]<0.{context.max_bytes + 1}>)")
    parts = [part[1] for part in _ok(answer) if isinstance(part, tuple)]
    return SourceDocument(
        name=f"message {uid}",
        body=parts[0] if parts else b"",
        content_type="message/rfc822",
        put_away=put_away,
    )


def _ok(answer: tuple[str, list[Any]]) -> list[Any]:
    status, data = answer
    if status != "OK":
        raise imaplib.IMAP4.error(f"{status} {data}")
    return data


def _connect(scheme: str, host: str, port: int, timeout_s: float, deadline: Deadline) -> imaplib.IMAP4:
    class Guarded(imaplib.IMAP4):
        """Connects to a checked address, with TLS from the start where the scheme says so."""

        def _create_socket(self, timeout: float | None) -> socket.socket:
            plain = connect(host, port, timeout_s=timeout_s)
            deadline.watch(plain)
            if scheme == "imap":
                return plain
            return ssl.create_default_context().wrap_socket(plain, server_hostname=host)

    return Guarded(host, port, timeout=timeout_s)
