"""Folders on FTP servers, also with TLS (`ftps`). Files stay where they are; what was taken is remembered."""

from __future__ import annotations

import contextlib
import ftplib
import socket
import ssl
from collections.abc import Callable, Iterator
from urllib.parse import unquote

from services.ingest.connectors.connector import PollContext, SourceDocument
from services.ingest.connectors.directory import (
    MAX_FILES,
    Listed,
    find_truncation,
    list_untaken,
    refuse_too_large,
    remember_as_taken,
)
from services.ingest.connectors.names import printable_name
from services.ingest.sources.source import secret_variable
from shared.web.outbound import Deadline, Unreachable, connect

SCHEMES = ("ftp", "ftps")

_PORT = 21
#: bytes that are received at once
_AT_ONCE = 65_536
#: digits of the largest size that a listing may say
_LONGEST_SIZE = 18


def poll(context: PollContext) -> Iterator[SourceDocument]:
    """Every whole file of the folder that was not taken before."""
    at = context.source.at
    deadline = Deadline(context.timeout_s)
    ftp = _Ftps(context=ssl.create_default_context()) if at.scheme == "ftps" else _Guarded()
    try:
        ftp.watch = deadline.watch
        ftp.open(at.hostname or "", at.port or _PORT, timeout_s=context.timeout_s)
        ftp.login(unquote(at.username or "anonymous"), context.secret or "anonymous@")
        if isinstance(ftp, ftplib.FTP_TLS):
            ftp.prot_p()
        ftp.cwd(unquote(at.path) or "/")
        yield from _read_folder(ftp, context)
    except ftplib.error_perm as refused:
        hint = f"; is {secret_variable(context.source.name)} set?" if "530" in str(refused) else ""
        raise Unreachable(f"{at.hostname} refused: {refused}{hint}") from refused
    except (ftplib.Error, EOFError, OSError) as silent:
        raise Unreachable(f"{at.hostname} did not answer: {silent!r}") from silent
    finally:
        deadline.close()
        with contextlib.suppress(ftplib.Error, EOFError, OSError, AttributeError):
            ftp.close()


def _size_of(fact: str) -> int:
    """A size that a server lists; 0 where it lists none that can be read: the file itself is bounded as it comes."""
    return int(fact) if fact.isascii() and fact.isdecimal() and len(fact) <= _LONGEST_SIZE else 0


def _read_folder(ftp: ftplib.FTP, context: PollContext) -> Iterator[SourceDocument]:
    files = {
        name: Listed(size=_size_of(facts.get("size", "")), modified=facts.get("modify", ""))
        for name, facts in ftp.mlsd(facts=["type", "size", "modify"])
        if facts.get("type") == "file"
    }
    for name in list_untaken(files, context.memory)[:MAX_FILES]:
        listed = files[name]
        put_away = remember_as_taken(context.memory, name, listed)
        try:
            body = _read(ftp, name, context.max_bytes) if listed.size <= context.max_bytes else None
        except ftplib.error_perm as refused:  # this one; it is asked for again at the next poll
            context.remark = f"{printable_name(name)}: the server does not give it: {printable_name(str(refused))}"
            continue
        if body is None:
            yield refuse_too_large(name, context, put_away)
            continue
        truncation = find_truncation(name, listed, body, context.memory, context.now)
        if truncation is not None:
            yield SourceDocument(name=name, body=body, fault=truncation, put_away=put_away)


def _read(ftp: ftplib.FTP, name: str, max_bytes: int) -> bytes | None:
    """A file's bytes; None for one that is larger than that, whatever the listing says: the rest of it is not fetched."""
    ftp.voidcmd("TYPE I")
    body = bytearray()
    with ftp.transfercmd(f"RETR {name}") as connection:
        while part := connection.recv(_AT_ONCE):
            body += part
            if len(body) > max_bytes:
                # closing alone would not end it: whoever watches the time has a copy
                connection.shutdown(socket.SHUT_RDWR)
                break
        else:
            if isinstance(connection, ssl.SSLSocket):
                connection.unwrap()
    if len(body) <= max_bytes:
        ftp.voidresp()
        return bytes(body)
    with contextlib.suppress(ftplib.error_temp, ftplib.error_perm):
        ftp.getresp()  # that the transfer was aborted, or that it was complete: then the next command has its own answer
    return None


def _decode_line(line: str) -> str:
    return line.encode("latin-1").decode("utf-8", "surrogateescape")


class _Guarded(ftplib.FTP):
    """Connects to checked addresses only. The standard library already fetches data from the peer itself, whatever
    address a server names for it. Each connection is watched.
    """

    watch: Callable[[socket.socket], None]

    def open(self, host: str, port: int, *, timeout_s: float) -> None:
        """Connect, and hear the welcome."""
        self.encoding = "latin-1"  # a character for each byte: names come in any encoding, and are asked for as they came
        self.host, self.port, self.timeout = host, port, timeout_s
        self.sock = connect(host, port, timeout_s=timeout_s)
        self.watch(self.sock)
        self.af = self.sock.family
        self.file = self.sock.makefile("r", encoding=self.encoding)
        self.welcome = self.getresp()

    def putline(self, line: str) -> None:
        """Say a line."""
        super().putline(line.encode("utf-8", "surrogateescape").decode("latin-1"))

    def getline(self) -> str:
        """Hear a line."""
        return _decode_line(super().getline())

    def retrlines(self, cmd: str, callback: Callable[[str], object] | None = None) -> str:
        """Fetch lines."""
        return super().retrlines(cmd, lambda line: callback(_decode_line(line)) if callback else None)

    def ntransfercmd(self, cmd: str, rest: int | str | None = None) -> tuple[socket.socket, int | None]:
        """A connection for data."""
        connection, size = super().ntransfercmd(cmd, rest)
        self.watch(connection)
        return connection, size


class _Ftps(_Guarded, ftplib.FTP_TLS):
    """With TLS, from the login on."""
