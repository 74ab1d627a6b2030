"""JSON off the wire: bytes as text, text as values. What is wrong in one place of it costs that place alone.

Letters of an old code page in a text that is UTF-8 are read as what they are, control characters within strings are taken,
a number that nobody can use is left as its digits, and what is nested beyond all sense is cut short, for the reader to refuse.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.ingest.formats.encodings import decode, decode_strings
from services.ingest.formats.twice import Members
from shared.contracts.item import MOST_NESTED
from shared.contracts.problem import NotUtf8, Refused

#: a whole number of more digits stays a text, which no field that wants a number takes
_MAX_DIGITS = 100
#: where nesting is cut short: beyond what a reader takes, so that it says so
_CUT_AT = MOST_NESTED + 8
_TOKENS = re.compile(r'"(?:[^"\\]++|\\.)*+"|[\[\]{}]', re.DOTALL)
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, kw_only=True)
class JsonText:
    """The text of a JSON document, and how it came to be one."""

    text: str
    raw: bytes  #: what it is kept as
    notes: tuple[str, ...] = ()
    wrong_at: int = -1  #: the first byte that is not UTF-8; -1: all of it is

    @property
    def not_utf8(self) -> Refused:
        """The refusal of what cannot be read for its bytes."""
        return NotUtf8(
            f"JSON is UTF-8; byte {self.wrong_at} of this is not. Encode it as UTF-8 and send it again.",
        )


def is_wide(body: bytes) -> bool:
    """Does it open with the mark of UTF-16?"""
    return body.startswith(_WIDE)


def text_of(body: bytes) -> JsonText:
    """The text of a document or of one line. It always answers; what cannot be read is U+FFFD."""
    if is_wide(body):
        try:
            return JsonText(text=body.decode("utf-16"), raw=body)
        except UnicodeDecodeError as wrong:
            decoded = decode(body)
            return JsonText(text=decoded.text, raw=body, notes=decoded.notes, wrong_at=wrong.start)
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        decoded = decode_strings(body.removeprefix(codecs.BOM_UTF8))
        return JsonText(text=decoded.text, raw=body, notes=decoded.notes, wrong_at=wrong.start)
    return JsonText(text=text, raw=text.encode())


def lines_of(body: bytes) -> Iterator[JsonText]:
    """The lines that have something in them, in their order, each decoded by itself."""
    lines = text_of(body).text.encode() if is_wide(body) else body.removeprefix(codecs.BOM_UTF8)
    for line in lines.split(b"\n"):
        if line.strip():
            yield text_of(line)


@dataclass(frozen=True, kw_only=True)
class JsonValue:
    """What a JSON text says."""

    value: object
    says_twice: bool  #: somewhere in it stand `Members`


def value_of(text: str) -> JsonValue:
    """What a JSON text says. Raises JSONDecodeError, and RecursionError where it is nested too deeply to be cut short."""
    try:
        return _loads(text)
    except RecursionError:
        try:
            return _loads(_cut_short(text))
        except json.JSONDecodeError:
            pass
        raise


def _loads(text: str) -> JsonValue:
    says_twice = False

    def members(pairs: list[tuple[str, object]]) -> dict[str, object]:
        nonlocal says_twice
        if len(plain := dict(pairs)) == len(pairs):
            return plain
        says_twice = True
        return Members(pairs)

    value: object = json.loads(text, strict=False, parse_int=_whole_number, object_pairs_hook=members)
    return JsonValue(value=value, says_twice=says_twice)


def _whole_number(digits: str) -> int | str:
    return int(digits) if len(digits) <= _MAX_DIGITS else digits


def _cut_short(text: str) -> str:
    """The same with null for whatever stands deeper than anybody reads."""
    pieces: list[str] = []
    depth, done = 0, 0
    for token in _TOKENS.finditer(text):
        if (bracket := token[0]) in ("[", "{"):
            depth += 1
            if depth == _CUT_AT + 1:
                pieces += [text[done : token.start()], "null"]
                done = len(text)
        elif bracket in ("]", "}"):
            if depth == _CUT_AT + 1:
                done = token.end()
            depth -= 1
    return "".join([*pieces, text[done:]])
