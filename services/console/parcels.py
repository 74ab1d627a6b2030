"""What `barq push` sends: the items of files, folders or standard input, taken apart as far as sending them needs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.errors import BarqError

_JSON_LINES = (".ndjson", ".jsonl")
#: what a folder is searched for; a file that is named is pushed whatever it is called
_SUFFIXES = {".json", *_JSON_LINES, ".xml", ".nitf", ".newsml", ".rss", ".atom", ".txt", ".anpa", ".iptc", ".eml"}


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """One item of a file, as it will be sent."""

    name: str  #: the file, with the line of an NDJSON one
    body: bytes  #: as it was written; empty for a translation out of an array
    content: dict[str, Any] | None = None  #: decoded, if it is one item in JSON; everything else is for the wire to read

    @property
    def is_translation(self) -> bool:
        """Is it an edition's text of a story that has an item of its own?"""
        return self.content is not None and "translationOf" in self.content


def read_parcels(paths: Sequence[str]) -> list[Parcel]:
    """Every item of the files named, `-` for standard input; folders are searched, and their files taken in order of their names.

    Raises BarqError for a path that is not there, and if there is nothing at all.
    """
    parcels: list[Parcel] = []
    for path in paths:
        if path == "-":
            parcels += split_parcels("-", sys.stdin.buffer.read())
            continue
        named = Path(path)
        if not named.exists():
            raise BarqError(f"{path} is not there")
        files = sorted(f for f in named.rglob("*") if f.suffix in _SUFFIXES) if named.is_dir() else [named]
        for file in files:
            parcels += split_parcels(str(file), file.read_bytes())
    if not parcels:
        raise BarqError(f"there is nothing to push: no file of {', '.join(sorted(_SUFFIXES))} was found")
    return parcels


def split_parcels(name: str, body: bytes) -> Iterator[Parcel]:
    """A file's parcels: one for each line of JSON lines, and for each translation of an array of these; else the whole of it."""
    if Path(name).suffix in _JSON_LINES or (name == "-" and _is_lines_of_json(body)):
        for number, line in enumerate(body.splitlines(), start=1):
            if line.strip():
                yield Parcel(name=f"{name}:{number}", body=line, content=_decode_item(line))
    elif translations := _decode_translations(body):
        for number, translation in enumerate(translations, start=1):
            yield Parcel(name=f"{name}#{number}", body=b"", content=translation)  # sent by its content, as every translation is
    else:
        yield Parcel(name=name, body=body, content=_decode_item(body))


def _decode_translations(body: bytes) -> list[dict[str, Any]]:
    """The translations that a JSON array is made of; none if anything else stands in it: it goes as it was written."""
    decoded = _decode(body)
    found = decoded if isinstance(decoded, list) else []
    return found if all(isinstance(one, dict) and "translationOf" in one for one in found) else []


def _decode_item(body: bytes) -> dict[str, Any] | None:
    """The one item that JSON is; a feed and an array hold many."""
    decoded = _decode(body)
    is_item = isinstance(decoded, dict) and not str(decoded.get("version")).startswith("https://jsonfeed.org/")
    return decoded if is_item else None


def _decode(body: bytes) -> Any:
    """What JSON says; None of what is none."""
    try:
        return json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None


def _is_lines_of_json(body: bytes) -> bool:
    return body.lstrip().startswith(b"{") and _decode_item(body) is None
