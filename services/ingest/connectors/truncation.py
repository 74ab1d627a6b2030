"""Is a file only the beginning of one? Known by its last bytes, before anybody reads it: a reader that mends broken
documents would make half a story of it.
"""

from __future__ import annotations

import codecs
import json
import re

#: how much of a file's beginning says what it is
_BEGINNING = 4_000
_ROOT = re.compile(rb"<([A-Za-z_][\w.:-]{0,99})(?=[\s/>])")
#: what warnings are marked up with that servers put in front of documents
_OF_WARNINGS = (b"br", b"b", b"i", b"p", b"hr", b"font", b"pre", b"strong", b"em")
_BOUNDARY = re.compile(
    rb"^content-type:\s*multipart/[^\r\n]{0,200}(?:\r?\n[ \t][^\r\n]{0,200}){0,5}", re.IGNORECASE | re.MULTILINE
)
_BOUNDARY_NAME = re.compile(rb"boundary=\"?([^\"\s;]{1,100})", re.IGNORECASE)
_START_OF_TEXT, _END_OF_TEXT = b"\x02", (b"\x03", b"\x04")


def describe_truncation(body: bytes) -> str:
    """What is missing at a file's end; empty for what is whole, as far as can be known."""
    bare = body.replace(b"\0", b"") if body[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) or b"\0" in body[:8] else body
    bare = bare.removeprefix(codecs.BOM_UTF16_LE).removeprefix(codecs.BOM_UTF16_BE).removeprefix(codecs.BOM_UTF8).strip()
    if not bare:
        return "there is nothing in it yet"
    if bare[:1] in (b"{", b"["):
        return _json(bare)
    if bare[:1] == b"<":
        return _xml(bare)
    if _START_OF_TEXT in bare:
        return "" if any(mark in bare[bare.rindex(_START_OF_TEXT) :] for mark in _END_OF_TEXT) else "its text has no end (ETX)"
    if b"\x01" in bare[:_BEGINNING]:
        return "its text has not begun (no STX)"
    return _mail(bare)


def _xml(bare: bytes) -> str:
    declared = bare.find(b"<?xml", 0, _BEGINNING)
    bare = bare[max(declared, 0) :]  # a server's warning in front of a document is none of it
    root = next((tag for tag in _ROOT.finditer(bare[:_BEGINNING]) if tag[1].lower() not in _OF_WARNINGS), None)
    if root is None:
        return "" if len(bare) > _BEGINNING else "its root element has not begun"
    name = root[1]
    if b"</" + name + b">" in bare or re.search(rb"</" + re.escape(name) + rb"\s{1,99}>", bare):
        return ""
    tag_ends = bare.find(b">", root.end())
    is_empty = tag_ends > 0 and bare[tag_ends - 1 : tag_ends] == b"/"
    return "" if is_empty else f"its root element <{name.decode()}> is not closed"


def _json(bare: bytes) -> str:
    text = bare.decode("utf-8", "replace")
    try:
        json.loads(text)
    except RecursionError:
        return ""
    except ValueError as broken:
        lines = text.split("\n")
        if len(lines) > 1 and getattr(broken, "msg", "") == "Extra data":  # one item a line: the last is the one in question
            return "" if not _is_begun(lines[-1]) else "its last line is not finished"
        return "its JSON is not finished" if _is_begun(text) else ""
    return ""


def _is_begun(text: str) -> bool:
    """Does this text fail as JSON at its end, and only there?"""
    try:
        json.loads(text)
    except RecursionError:
        return False
    except json.JSONDecodeError as broken:
        return broken.msg.startswith("Unterminated string") or broken.pos >= len(text.rstrip()) - _LONGEST_WORD
    except ValueError:
        return False
    return False


#: `tru`, `-1.5e`, `\\u00e`: what JSON can be in the middle of, counted from where it is found to be wrong
_LONGEST_WORD = 6


def _mail(bare: bytes) -> str:
    headers = _BOUNDARY.search(bare[:20_000])
    name = _BOUNDARY_NAME.search(headers[0]) if headers else None
    if name and b"--" + name[1] + b"--" not in bare:
        return "its last part is not closed"
    return ""
