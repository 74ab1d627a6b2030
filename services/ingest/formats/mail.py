"""Plain e-mail in: RFC 5322, MIME (RFC 2045 to 2049), flowed text (RFC 3676).

A message is an item: its subject the headline, its text the body. Documents of the wire's own formats that are attached
to one are items themselves, and then the message is only their envelope. Archives and other files are never opened.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email import message_from_bytes
from email.headerregistry import HeaderRegistry
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import parsedate_to_datetime
from typing import Any

from services.ingest.formats.encodings import decode
from services.ingest.formats.parsed_item import ParsedItem
from shared.contracts.item import Doubt, Provider
from shared.contracts.problem import NotText, Refused
from shared.language.markup import paragraphs, plain_text, safe_html

NAME = "e-mail"
MEDIA_TYPES = ("message/rfc822",)
_MAX_PARTS = 200
_MAX_HEADERS = 1_000
#: of a header's addresses or parameters so much is read, and so much of one that is words
_LONGEST_HEADER, _LONGEST_OF_WORDS = 1_000, 10_000
_STRUCTURED = frozenset(HeaderRegistry().registry) - {"subject"}
_MULTIPART = re.compile(rb"multipart/", re.IGNORECASE)
_HEADERS = (
    rb"from|to|cc|subject|date|message-id|received|return-path|delivered-to|mime-version|reply-to|sender|x-[\w-]+|dkim-signature"
    rb"|content-type|list-[\w-]+|authentication-results|arc-[\w-]+"
)
_FIRST_LINES = re.compile(rb"^(?:From \S[^\r\n]*\r?\n)?(?:(?:" + _HEADERS + rb"):[^\n]*\n(?:[ \t][^\n]*\n)*){2}", re.IGNORECASE)
_FORWARDED = re.compile(r"^(?:fwd?|wg|tr)\s*:\s*", re.IGNORECASE)
_SIGNATURE = re.compile(r"\n-- \n.*\Z", re.DOTALL)
_READ = {
    "from", "to", "cc", "bcc", "subject", "date", "message-id", "content-type", "content-transfer-encoding", "mime-version",
    "content-language", "keywords", "expires", "supersedes", "received", "return-path", "delivered-to", "content-disposition",
}  # fmt: skip


class _Bounded(EmailPolicy):
    """Reads no more of a header than anybody sends: the standard library takes a second for each few kilobytes of one."""

    def header_fetch_parse(self, name: str, value: str) -> Any:
        """A header's value, as far as it is read."""
        if len(value) > _LONGEST_HEADER:
            value = value[: _LONGEST_HEADER if name.lower() in _STRUCTURED else _LONGEST_OF_WORDS]
        return super().header_fetch_parse(name, value)


_BOUNDED = _Bounded(linesep="\r\n")


def recognises(body: bytes) -> bool:
    """Does this open with two or more of a message's headers?"""
    return _FIRST_LINES.match(body[:20_000].lstrip()) is not None


def parse(body: bytes) -> EmailMessage:
    """The message. Raises Refused (400) for one that is built to exhaust its reader."""
    try:
        if len(_MULTIPART.findall(body)) > _MAX_PARTS:
            raise ValueError("its reader looks for the end of each in every line")
        message: EmailMessage = message_from_bytes(body.lstrip(), policy=_BOUNDED)  # type: ignore[arg-type]
        parts = 0
        for part in message.walk():
            parts += 1
            if parts > _MAX_PARTS or len(part) > _MAX_HEADERS:
                break
            # what is asked of each part below: the standard library's readers fail in a dozen ways, so they do it here
            part.get_filename(), part.get_content_type(), part.get_content_charset(), part.get_param("format")
    except Exception as wrong:
        raise _no_message("its parts are nested too deeply or cannot be distinguished") from wrong
    if parts > _MAX_PARTS:
        raise _no_message(f"it has more than {_MAX_PARTS} parts")
    if len(part) > _MAX_HEADERS:
        raise _no_message(f"a part of it has more than {_MAX_HEADERS:,} headers")
    return message


def attachments(message: EmailMessage) -> Sequence[tuple[str, bytes]]:
    """The attached texts and documents, as media type and bytes, in their order: what may be items of their own."""
    attached = []
    for part in message.walk():
        if part.is_multipart() or not (part.get_filename() or part.get_content_disposition() == "attachment"):
            continue
        if part.get_content_maintype() in ("text", "application") and isinstance(data := part.get_payload(decode=True), bytes):
            charset = part.get_content_charset("")
            attached.append((f"{part.get_content_type()}; charset={charset}" if charset else part.get_content_type(), data))
    return attached


def read(message: EmailMessage) -> ParsedItem:
    """The message as an item: its first HTML that has words, else its first plain text. Files alone hold it."""
    parsed = ParsedItem(is_versioned=False)
    if identity := _header(message, "message-id").strip("<> "):
        parsed.put("uri", f"mid:{identity}", "Message-ID")
    if superseded := _header(message, "supersedes").strip("<> "):
        parsed.put("replaces", f"mid:{superseded}", "Supersedes")
    parsed.put("headline", _FORWARDED.sub("", _header(message, "subject")), "Subject")
    _read_sender(parsed, message)
    created = _moment(_header(message, "date"))
    parsed.put("version_created_at", created, "Date")
    parsed.put("first_created_at", created, "Date")
    parsed.put("expires_at", _moment(_header(message, "expires")), "Expires")
    parsed.put_language(_header(message, "content-language").partition(",")[0])
    keywords = (word.strip() for word in _header(message, "keywords").split(","))
    parsed.put("keywords", tuple(dict.fromkeys(word for word in keywords if word)), "Keywords")
    parsed.put("body_html", _body(message), "body")
    for name in sorted({name.lower() for name in message} - _READ):
        for value in _headers(message, name):
            parsed.keep(name, value)
    for part in message.walk():
        parsed.keep("attachment", part.get_filename() or "")
    if (files := _unread_files(message)) and not plain_text(str(parsed.fields.get("body_html", ""))):
        parsed.doubt(Doubt.UNREADABLE_TEXT, f"the message has no text but files, which are not opened: {', '.join(files)[:300]}")
    return parsed


def _unread_files(message: EmailMessage) -> list[str]:
    """The files that may have a text in them: neither pictures nor sounds."""
    return [
        f"{name} ({part.get_content_type()})"
        for part in message.walk()
        if (name := part.get_filename()) and part.get_content_maintype() in ("application", "text", "message")
    ]


def _read_sender(parsed: ParsedItem, message: EmailMessage) -> None:
    try:
        senders = message["from"].addresses if message["from"] is not None else ()
    except Exception:  # as above: a sender that cannot be read is nobody
        senders = ()
    for sender in senders[:1]:
        parsed.put("provider", Provider(name=(sender.display_name or sender.domain)[:200]), "From")
        parsed.keep("from", sender.addr_spec)  # a person's address is for the desk, never for readers


def _body(message: EmailMessage) -> str:
    html = text = ""
    for part in message.walk():
        if part.is_multipart() or part.get_filename() or part.get_content_disposition() == "attachment":
            continue
        kind = part.get_content_type()
        if kind == "text/html" and not html:
            html = safe_html(_text(part))
        elif kind == "text/plain" and not text:
            words = _text(part).replace("\r\n", "\n")
            if part.get_param("format") == "flowed":
                words = re.sub(r" \n(?=\S)", " ", words)
            text = paragraphs(_SIGNATURE.sub("", words + "\n").strip("\n"))
    return html if plain_text(html) else text


def _text(part: EmailMessage) -> str:
    """A part's text by its own charset, or by the one that it really has."""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    return decode(data, part.get_content_charset("")).text


def _header(message: EmailMessage, name: str) -> str:
    """A header's words; one that breaks the standard library's reader is taken as it stands."""
    try:
        return str(message.get(name, "")).strip()
    except Exception:  # the standard library's header readers fail in a dozen ways
        raw = next((value for key, value in message.raw_items() if key.lower() == name), "")
        return str(raw).strip()


def _headers(message: EmailMessage, name: str) -> list[str]:
    """All that a header says, which may stand there more than once."""
    try:
        return [str(value).strip() for value in message.get_all(name, ())]
    except Exception:  # as above
        return [str(value).strip() for key, value in message.raw_items() if key.lower() == name]


def _moment(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _no_message(why: str) -> Refused:
    return NotText(f"The message cannot be read: {why}.")
