"""What folders have in common, here and on other machines: which files are whole, and which were taken before.

All of it is remembered in a source's memory: `listing` (each file's mark at the last poll), `taken` (the mark in which it was
taken) and `waiting` (of files whose end is missing: the mark and since when), by names as `names.encode_name` writes them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.ingest.connectors.connector import Memory, PollContext, PutAway, SourceDocument
from services.ingest.connectors.names import encode_name
from services.ingest.connectors.truncation import describe_truncation

#: names under which files are written before they are whole, and what is not for us
_UNFINISHED = re.compile(r"^\.|\.(tmp|part|partial|filepart|crdownload|swp|lock)$|~$", re.IGNORECASE)
#: files that are taken at one poll; the rest at the next
MAX_FILES = 200
#: the rest of a file that is cut off is waited for so long after its last change
WAITS_FOR_THE_REST = timedelta(seconds=60)


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A file as a listing shows it: two listings that agree say that nobody is writing it any more."""

    size: int  #: bytes
    modified: str  #: in the server's own words

    @property
    def mark(self) -> str:
        """Tells one state of a file from another."""
        return f"{self.size}/{self.modified}"


def is_unfinished(name: str) -> bool:
    """Is it a name under which files are written before they are whole, or hidden ones stand?"""
    return bool(_UNFINISHED.search(name))


def list_untaken(files: Mapping[str, Listed], memory: Memory) -> list[str]:
    """The whole files that were not taken in this state before, by name; of what is gone nothing is remembered."""
    there = {encode_name(name) for name in files}
    taken = {key: mark for key, mark in memory.get("taken", {}).items() if key in there}
    memory["taken"] = taken
    return [name for name in _list_whole(files, memory) if taken.get(encode_name(name)) != files[name].mark]


def _list_whole(files: Mapping[str, Listed], memory: Memory) -> list[str]:
    """The files that stand as they stood at the last poll; the listing is kept in `memory` for the next one."""
    before = memory.get("listing", {})
    names = {encode_name(name): name for name in files if not is_unfinished(name)}
    listing = {key: files[name].mark for key, name in names.items()}
    memory["listing"] = listing
    memory["waiting"] = {key: row for key, row in memory.get("waiting", {}).items() if key in listing}
    return sorted(names[key] for key, mark in listing.items() if before.get(key) == mark)


def find_truncation(name: str, file: Listed, body: bytes, memory: Memory, now: datetime) -> str | None:
    """Why a file cannot be taken as it is: empty for one that is whole, a sentence for one whose end never came.

    None while the rest may still come: a writer that pauses is no fault of the file.
    """
    waiting: dict[str, list[str]] = memory["waiting"]
    key = encode_name(name)
    if not (what := describe_truncation(body)):
        waiting.pop(key, None)
        return ""
    mark, since = waiting.get(key, ("", ""))
    if mark != file.mark:
        waiting[key] = [file.mark, now.isoformat()]
        return None
    if now - datetime.fromisoformat(since) < WAITS_FOR_THE_REST:
        return None
    waiting.pop(key)
    return f"the file is cut off: {what}"


def remember_as_taken(memory: Memory, name: str, file: Listed) -> PutAway:
    """How a file that stays where it is is put away: it is not taken in this state again."""

    def put_away(_: list[str]) -> None:
        memory["taken"][encode_name(name)] = file.mark

    return put_away


def refuse_too_large(name: str, context: PollContext, put_away: PutAway) -> SourceDocument:
    """A file that is larger than one may be, which is not even read."""
    return SourceDocument(name=name, body=b"", fault=f"larger than {context.max_bytes:,} bytes", put_away=put_away)
