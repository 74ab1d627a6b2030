"""Names that others gave: of files, messages and attachments. One is opened and moved by what it is, said by what can be said,
and remembered so that no two are taken for one.

A name is any bytes but `/` and NUL: Windows-1256 from an old machine, controls, half a letter. Python holds what is no UTF-8 in
it as lone surrogates, which no JSON, no database and no text file takes.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

from shared.language.characters import clean_line

#: what is said of a name, at most; no file system here takes a longer one
LONGEST_SAID_BYTES = 255
#: what stands behind a name's last dot is kept in a name that is cut, if it is no longer
_LONGEST_ENDING_BYTES = 16
_DIGEST = 8
#: no name has it: what is remembered behind it is a name's bytes
_IN_BYTES = "/"


def printable_name(name: str, max_bytes: int = LONGEST_SAID_BYTES) -> str:
    """A name, or words that have one in them, as they are written anywhere: UTF-8, one line, no controls, no longer than this."""
    raw = _bytes_of(name)
    said = clean_line(_decode(raw)) or quote(raw)
    encoded = said.encode()
    return said if len(encoded) <= max_bytes else f"{encoded[: max_bytes - 3].decode('utf-8', 'ignore')}…"


def encode_name(name: str) -> str:
    """A name as it is remembered: another one for each; `decode_name` knows it again."""
    if name.isprintable() and not name.startswith(_IN_BYTES):
        return name
    return _IN_BYTES + quote(_bytes_of(name))


def decode_name(remembered: str) -> str:
    """The name that `encode_name` wrote."""
    if not remembered.startswith(_IN_BYTES):
        return remembered
    return os.fsdecode(unquote_to_bytes(remembered))[len(_IN_BYTES) :]


def path_beside(path: Path, ending: str) -> Path:
    """What is put beside a file: its name with an ending, cut to what the file system takes; another one for each file."""
    return path.with_name(_fit(path.name, ending, _max_bytes(path.parent)))


def free_path(place: Path, name: str) -> Path:
    """A path in a folder at which there is nothing yet: the name, or the name with a number."""
    target, number = place / name, 1
    stem, ending = target.stem, target.suffix
    if len(os.fsencode(ending)) > _LONGEST_ENDING_BYTES:
        stem, ending = name, ""
    max_bytes = _max_bytes(place)
    while target.exists():
        number += 1
        target = place / _fit(stem, f".{number}{ending}", max_bytes)
    return target


def _fit(name: str, ending: str, max_bytes: int) -> str:
    raw = os.fsencode(name)
    left = max_bytes - len(os.fsencode(ending))
    if len(raw) <= left:
        return name + ending
    digest = hashlib.sha256(raw).hexdigest()[:_DIGEST]
    begins = raw[: left - len(digest) - 1].decode("utf-8", "surrogateescape")
    return f"{begins.rstrip(_HALVES)}~{digest}{ending}"


#: a letter that was cut in its middle leaves these
_HALVES = "".join(chr(0xDC00 + byte) for byte in range(0x80, 0x100))


def _max_bytes(place: Path) -> int:
    return os.pathconf(place, "PC_NAME_MAX")


def _bytes_of(name: str) -> bytes:
    try:
        return name.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # a surrogate that stands for no byte, as JSON can have it
        return name.encode("utf-8", "surrogatepass")


def _decode(raw: bytes) -> str:
    """UTF-8; else Windows-1256, which has a letter for each byte; where there are letters of UTF-8 too it is that, broken."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        is_broken_utf8 = any(ord(letter) > 0x7F for letter in raw.decode("utf-8", "ignore"))
        return raw.decode("utf-8", "replace") if is_broken_utf8 else raw.decode("cp1256")
