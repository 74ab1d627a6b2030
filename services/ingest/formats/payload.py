"""A payload, whatever it is, as its items: the one place that knows every format.

What a sender calls it counts only between JSON, one item a line, and e-mail; what it is counts for the rest, because
half of the world's newsrooms send XML as `text/plain` and everything from a shell as a web form.
"""

from __future__ import annotations

import codecs
import hashlib
import json
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from pydantic import ValidationError

from services.ingest.formats import (
    anpa1312,
    ap_media,
    iptc7901,
    jsonfeed,
    mail,
    newsml_1,
    newsml_g2,
    ninjs,
    nitf,
    other_json,
    ritzau,
    syndication,
    wire_item,
)
from services.ingest.formats.encodings import decode, is_gibberish
from services.ingest.formats.format import Format, Reader, TextFormat
from services.ingest.formats.json_text import JsonText, is_wide, lines_of, text_of, value_of
from services.ingest.formats.parsed_item import ParsedItem
from services.ingest.formats.refusals import field_errors, invalid
from services.ingest.formats.signatures import is_binary, name_of_file
from services.ingest.formats.twice import Repeats
from services.ingest.formats.xml import cut_off_refusal, documents_of, has_root, looks_like_xml, name_of
from shared.contracts.item import Doubt, PubStatus
from shared.contracts.problem import Empty, FieldError, NotJson, NotText, Refused, UnsupportedMediaType
from shared.language.markup import plain_text

NDJSON = ("application/x-ndjson", "application/ndjson", "application/jsonl")
JSON_FORMATS: tuple[Format, ...] = (jsonfeed, wire_item, ap_media, other_json, ninjs)
XML_FORMATS: tuple[Format, ...] = (newsml_g2, newsml_1, nitf, syndication, ritzau)
TEXT_FORMATS: tuple[TextFormat, ...] = (anpa1312, iptc7901)
_LETTER = re.compile(rb"^(?:from|to|subject|message-id)[ \t]*:", re.IGNORECASE | re.MULTILINE)
_LOG_LINE = re.compile(rb"\[[^\[\]{}\"\r\n]{4,50}\]\s*+[A-Za-z]")
_CHARSET = re.compile(r"charset\s*=\s*\"?([\w.:-]+)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Payload:
    """What was sent, untouched: kept for audit, and to be read again when a reader has learned something."""

    raw: bytes
    media_type: str

    @cached_property
    def compressed(self) -> bytes:
        """The bytes that are kept, in zlib's format (RFC 1950)."""
        return zlib.compress(self.raw, 1)

    @cached_property
    def digest(self) -> bytes:
        """What it is kept under: the SHA-256 of the compressed bytes."""
        return hashlib.sha256(self.compressed).digest()


@dataclass(frozen=True, kw_only=True)
class Part:
    """One item of a payload, not yet read."""

    payload: Payload
    position: int  #: its place in that payload, from 0
    format: str
    read: Callable[[], ParsedItem]  #: raises Refused


def parts_of(body: bytes, content_type: str) -> Iterator[Part | Refused]:
    """The items of a payload in its order, each on its own: a Refused stands for one that cannot be parted from the rest.

    Raises Refused if nothing can be made of the payload as a whole, also after some of its items.
    """
    media_type = content_type.partition(";")[0].strip().lower()
    if not body.strip():
        raise Empty("There is nothing in it: send an item, or one item a line.")
    if media_type in NDJSON:
        yield from _parts_of_lines(body, media_type)
    elif media_type in mail.MEDIA_TYPES or (mail.recognises(body) and not _is_xml_behind_headers(body)):
        yield from _parts_of_mail(body, media_type)
    elif media_type.endswith(("/json", "+json")) or (_looks_like_json(body) and not _is_xml_behind_a_log(body)):
        yield from _parts_of_json(body, media_type)
    elif looks_like_xml(body):
        yield from _parts_of_xml(body, content_type)
    else:
        yield from _parts_of_text(body, content_type)


def _looks_like_json(body: bytes) -> bool:
    if is_wide(body):
        return body[:400].decode("utf-16", "ignore").lstrip()[:1] in ("{", "[")
    return body.removeprefix(codecs.BOM_UTF8).lstrip()[:1] in (b"{", b"[")


def _is_xml_behind_headers(body: bytes) -> bool:
    """A server's headers that leaked into its document look like a mail's, but nobody wrote it."""
    return not _LETTER.search(body[:2000]) and has_root(body)


def _is_xml_behind_a_log(body: bytes) -> bool:
    """`[24-Nov-2026 10:00:00 UTC] PHP Warning: …` in front of a document opens as JSON does."""
    return _LOG_LINE.match(body.lstrip()[:60]) is not None and has_root(body)


def _parts_of_lines(body: bytes, media_type: str) -> Iterator[Part | Refused]:
    """One item a line, each decoded by itself: a line that cannot be read costs no other."""
    for line in lines_of(body):
        try:
            yield from _parts_of_value(line, media_type)
        except (json.JSONDecodeError, RecursionError) as broken:
            yield _not_json(broken, line)


def _parts_of_json(body: bytes, media_type: str) -> Iterator[Part | Refused]:
    text = text_of(body)
    try:
        yield from _parts_of_value(text, media_type)
    except (json.JSONDecodeError, RecursionError) as broken:
        if _is_an_item_a_line(text.text):  # and nobody said so
            yield from _parts_of_lines(body, media_type)
        elif text.wrong_at >= 0:
            raise text.not_utf8 from broken
        else:
            yield _not_json(broken, text)


def _is_an_item_a_line(text: str) -> bool:
    """Of what is no JSON as a whole: does it open with an item, and have another on each line?"""
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) < 2 or not lines[0].lstrip().startswith("{"):
        return False
    try:
        value_of(lines[0])
    except (json.JSONDecodeError, RecursionError):
        return all(line.strip().startswith("{") and line.strip().endswith("}") for line in lines)
    return True


def _parts_of_value(text: JsonText, media_type: str) -> Iterator[Part | Refused]:
    """The items of one JSON text. Raises JSONDecodeError and RecursionError."""
    value = value_of(text.text)
    document = value.value
    fallback: Format = ninjs
    format_ = next((format_ for format_ in JSON_FORMATS if format_.recognises(document)), fallback)
    items = format_.split(document)
    repeats = Repeats(document, [getattr(item, "item", item) for item in items]) if value.says_twice else None
    if repeats and (unclear := repeats.unclear):
        yield invalid([FieldError.at(".".join(unclear), "is said twice, with different values: nobody knows which is meant")])
        return
    for part in _parts_in(format_, items, text.raw, media_type, notes=text.notes):
        if isinstance(part, Part) and repeats:
            part = replace(part, read=_with_repeats(part, repeats))
        yield part if isinstance(part, Refused) or text.wrong_at < 0 else replace(part, read=_require_utf8(part.read, text))


def _with_repeats(part: Part, repeats: Repeats) -> Callable[[], ParsedItem]:
    """An item with what it said before, of what it says twice."""

    def read() -> ParsedItem:
        parsed = part.read()
        repeats.read(parsed, part.position)
        return parsed

    return read


def _require_utf8(read: Callable[[], ParsedItem], text: JsonText) -> Callable[[], ParsedItem]:
    """Refuses what has letters that nobody can read, unless it takes back: that needs only its identity and its status."""

    def strictly() -> ParsedItem:
        parsed = read()
        needed = [parsed.fields.get("uri", "")] if parsed.retracts else parsed.fields.values()
        if any("\ufffd" in str(value) for value in needed):
            raise text.not_utf8
        return parsed

    return strictly


def _parts_of_xml(body: bytes, content_type: str) -> Iterator[Part | Refused]:
    charset = _CHARSET.search(content_type)
    position = 0
    # the document's own declaration counts first: what stands in the header was often put there by a server
    for document in documents_of(body, charset[1] if charset else ""):
        root = document.root
        if root is None:
            yield cut_off_refusal("document")
            continue
        format_ = next((format_ for format_ in XML_FORMATS if format_.recognises(root)), None)
        if format_ is None:
            raise _unknown(f"XML whose root is <{name_of(root)[:80]}>")
        for part in _parts_in(format_, format_.split(root), body, content_type, notes=document.notes, first=position):
            position += isinstance(part, Part)
            yield part
        yield from document.refused
        if document.is_cut:
            yield cut_off_refusal(format_.NAME)


def _parts_of_text(body: bytes, content_type: str) -> Iterator[Part | Refused]:
    charset = _CHARSET.search(content_type)
    text = decode(body, charset[1] if charset else "")
    if not name_of_file(body) and (format_ := _text_format(text.text)) is not None:
        return (yield from _parts_of_messages(format_, text.text, body, content_type, text.notes))
    if is_binary(body):
        kind = name_of_file(body) or "a binary file"
        raise NotText(f"The body is no text but {kind}. Send the item itself, unpacked.")
    raise _unknown(content_type.partition(";")[0].strip() or "a text that opens with no format's header")


def _parts_of_messages(
    format_: TextFormat, text: str, body: bytes, content_type: str, notes: Sequence[str]
) -> Iterator[Part | Refused]:
    """A line's messages. Only the last can be cut off: it is refused, half of a text is never taken for the whole."""
    messages = format_.split(text)
    payload = Payload(raw=body, media_type=content_type)
    for position, message in enumerate(messages):
        if format_.is_cut(message):
            yield cut_off_refusal(f"{format_.NAME} message")
        else:
            yield Part(payload=payload, position=position, format=format_.NAME, read=_reader_of(format_, message, notes))


def _text_format(text: str) -> TextFormat | None:
    return next((format_ for format_ in TEXT_FORMATS if format_.recognises(text)), None)


def _parts_of_mail(body: bytes, media_type: str) -> Iterator[Part | Refused]:
    """The wire documents that are attached; without one, the message itself."""
    message = mail.parse(body)
    attached: list[Part | Refused] = []
    for attached_type, data in mail.attachments(message):
        if not (looks_like_xml(data) or _looks_like_json(data) or _text_format(decode(data[:4000]).text)):
            continue
        try:
            parts = list(parts_of(data, attached_type))
        except Refused:
            continue  # a file that is no item; its name is kept with the message
        if any(isinstance(part, Part) for part in parts):
            attached += parts  # with what is refused of a document that has items: nobody else would hear of it
    if attached:
        yield from attached
    else:
        payload = Payload(raw=body, media_type=media_type or mail.MEDIA_TYPES[0])
        yield Part(payload=payload, position=0, format=mail.NAME, read=_reader_of(mail, message, ()))


def _parts_in(
    format_: Format, items: Sequence[Any], raw: bytes, media_type: str, *, notes: Sequence[str] = (), first: int = 0
) -> Iterator[Part | Refused]:
    """A document's items; `notes` are put on each, `first` is the place of its first in the payload."""
    if not items:
        yield Empty(f"The {format_.NAME} document has no items in it.")
    payload = Payload(raw=raw, media_type=media_type)
    for position, item in enumerate(items, start=first):
        yield Part(payload=payload, position=position, format=format_.NAME, read=_reader_of(format_, item, notes))


def _reader_of(format_: Reader, item: Any, notes: Sequence[str]) -> Callable[[], ParsedItem]:
    def read() -> ParsedItem:
        try:
            parsed = format_.read(item)
        except ValidationError as wrong:  # a part of the item is more than the contract holds
            raise invalid(field_errors(wrong, {})) from wrong
        for note in notes:
            parsed.note(note)
        _hold_gibberish(parsed)
        return parsed

    return read


def _hold_gibberish(parsed: ParsedItem) -> None:
    """Hold what was decoded in another encoding than it was written in, here or before it came."""
    if parsed.fields.get("pubstatus", PubStatus.USABLE) is not PubStatus.USABLE:
        return  # what takes back is carried out, whatever its words are
    words = f"{parsed.fields.get('headline', '')} {plain_text(str(parsed.fields.get('body_html', '')))}"
    if is_gibberish(words):
        parsed.doubt(Doubt.ENCODING, "its letters are those of another encoding: no language has such words")


def _not_json(broken: Exception, text: JsonText) -> Refused:
    if text.wrong_at >= 0:
        return text.not_utf8
    if isinstance(broken, json.JSONDecodeError):
        where = f"line {broken.lineno}, column {broken.colno}: {broken.msg}"
    else:
        where = "it is nested too deeply"
    return NotJson(f"The item is not valid JSON: {where}.")


def _unknown(what: str) -> Refused:
    return UnsupportedMediaType(
        f"Cannot read {what[:120]}: send ninjs as application/json, one item a line as application/x-ndjson, or NewsML-G2, "
        "NewsML 1, NITF, RSS, Atom, JSON Feed, IPTC 7901, ANPA 1312 or a mail message.",
    )
