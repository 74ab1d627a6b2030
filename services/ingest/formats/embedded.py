"""A text that stands in a document as data: base64, compressed, as escaped mark-up or in a CDATA section."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from dataclasses import dataclass

from services.ingest.formats import nitf
from services.ingest.formats.encodings import decode
from services.ingest.formats.signatures import is_binary, name_of_file
from services.ingest.formats.xml import child, inner_html, name_of, parse_xml
from shared.contracts.problem import Refused
from shared.language.markup import paragraphs, paragraphs_of_loose_text, plain_text, safe_html

LARGEST = 10_000_000  # bytes of a text when it is unpacked
_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9:]{0,15}(?:\s[^<>]{0,2000}+)?/?>")
_CHARSET = re.compile(r"charset\s*=\s*\"?([\w.:-]{1,40})", re.IGNORECASE)
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{40,}+={0,2}")
_NO_TEXT = re.compile(r"^\s*(?:image|audio|video|font|model)/", re.IGNORECASE)
_PLAIN = re.compile(r"^\s*text/plain", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Embedded:
    """A text as HTML that is safe, or why there is none; both empty where there is nothing at all."""

    body_html: str = ""
    unreadable: str = ""


def is_no_text(media_type: str) -> bool:
    """Is this a picture, a film, a sound: what nobody reads?"""
    return _NO_TEXT.match(media_type) is not None


def read(source: str, *, media_type: str = "", encoding: str = "") -> Embedded:
    """The text in the content of an element; `encoding` as its format spells it (`encd:base64`), or empty. Never raises."""
    how = re.sub(r"[^a-z0-9]", "", re.split(r"[:/#]", encoding.lower())[-1])  # `Base-64`, `BASE 64`, `x-base64`
    if not how or how in ("none", "text", "utf8", "7bit", "8bit", "plain"):
        data = _decode_unnamed_base64(source)
        if data is None:
            return _html(source, media_type)
    elif "base64" in how or "gzip" in how or how in ("b64", "zlib", "deflate"):
        data = _decode_base64(source)
        if data is None:
            return Embedded(unreadable=f"it is no {encoding.strip()[:40]}")
    else:
        return Embedded(unreadable=f"nobody here knows its encoding {encoding[:40]!r}")
    unpacked = _unpack(data)
    if unpacked is None:
        return Embedded(unreadable=f"it cannot be unpacked, or is larger than {LARGEST:,} bytes")
    if is_binary(unpacked):
        return Embedded(unreadable=f"it is {name_of_file(unpacked) or 'a file'} and no text")
    charset = _CHARSET.search(media_type)
    return _html(decode(unpacked, charset[1] if charset else "").text, media_type)


def _decode_base64(source: str) -> bytes | None:
    """The bytes in base64 of either alphabet, in lines of any length, with its padding or without; None if it is none."""
    packed = "".join(source.split()).rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def _decode_unnamed_base64(source: str) -> bytes | None:
    """Text that is one long word of base64 with a text in it, which nobody calls so."""
    packed = "".join(source.split()).encode("ascii", "replace")
    if len(packed) % 4 or not _BASE64.fullmatch(packed) or any(len(line.strip()) < 40 for line in source.split()[:-1]):
        return None
    data = base64.b64decode(packed)
    return data if _unpack(data) != data or not is_binary(data) else None


def _unpack(data: bytes) -> bytes | None:
    """Its bytes without their gzip or zlib; None if that is broken, or has more in it than a text has."""
    if not data.startswith((b"\x1f\x8b", b"\x78\x01", b"\x78\x9c", b"\x78\xda")):
        return data
    unpacking = zlib.decompressobj(wbits=47)
    try:
        text = unpacking.decompress(data, LARGEST)
    except zlib.error:
        return None
    return text if unpacking.eof else None


def _html(text: str, media_type: str) -> Embedded:
    """By what it is: a document of NITF, HTML, or words; what calls itself plain text may have tags in it all the same."""
    start = text.lstrip("\ufeff \t\r\n")
    if start.startswith(("<?xml", "<nitf", "<!DOCTYPE nitf")):
        try:
            root = parse_xml(start.encode(), "utf-8")
        except Refused:
            root = None
        if root is not None:
            body = child(root, "body")
            source = nitf.body_source(root) if name_of(root) == "nitf" else inner_html(root if body is None else body)
            return _or_nothing(safe_html(source), text)
    if not _PLAIN.match(media_type) and _TAG.search(start[:20_000]):
        return _or_nothing(safe_html(text), text)
    if _PLAIN.match(media_type) or "<" in text or "&" in text:
        return _or_nothing(paragraphs_of_loose_text(text), text)
    return _or_nothing(paragraphs(text), text)


def _or_nothing(safe: str, source: str) -> Embedded:
    if plain_text(safe):
        return Embedded(body_html=safe)
    return Embedded(unreadable="no words can be found in it") if source.strip() else Embedded()
