"""What folders have in common, here and on other machines: which files are whole, and which were taken before."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from services.ingest.names import kept
from services.ingest.ways import PutAway
from services.ingest.ways.cut_off import cut_off

#: names under which files are written before they are whole, and what is not for us
_UNFINISHED = re.compile(r"^\.|\.(tmp|part|partial|filepart|crdownload|swp|lock)$|~$", re.IGNORECASE)
#: files that are taken at one look; the rest at the next
MOST_FILES = 200
#: the rest of a file that is cut off is waited for so long after its last change
WAITS_FOR_THE_REST = timedelta(seconds=60)


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A file as a listing shows it: two listings that agree say that nobody is writing it any more."""

    size: int
    modified: str

    @property
    def mark(self) -> str:
        """Tells one state of a file from another."""
        return f"{self.size}/{self.modified}"


def whole(files: Mapping[str, Listed], memory: dict[str, Any]) -> list[str]:
    """The files that stand as they stood at the last look; the listing is kept in `memory` for the next one."""
    before = memory.get("listing", {})
    names = {kept(name): name for name in files if not _UNFINISHED.search(name)}
    listing = {key: files[name].mark for key, name in names.items()}
    memory["listing"] = listing
    memory["waiting"] = {key: row for key, row in memory.get("waiting", {}).items() if key in listing}
    return sorted(names[key] for key, mark in listing.items() if before.get(key) == mark)


def missing(name: str, file: Listed, body: bytes, memory: dict[str, Any], now: datetime) -> str | None:
    """What is missing at a file's end; None while the rest may still come: a writer that pauses is no fault of the file."""
    waiting: dict[str, list[str]] = memory["waiting"]
    key = kept(name)
    if not (what := cut_off(body)):
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


def remembering(memory: dict[str, Any], name: str, file: Listed) -> PutAway:
    """How a file that stays where it is is put away: it is not taken in this state again."""

    def put_away(_: list[str]) -> None:
        memory["taken"][kept(name)] = file.mark

    return put_away


def untaken(files: Mapping[str, Listed], memory: dict[str, Any]) -> list[str]:
    """The whole files that were not taken in this state before, by name; of what is gone nothing is kept."""
    there = {kept(name) for name in files}
    taken = {key: mark for key, mark in memory.get("taken", {}).items() if key in there}
    memory["taken"] = taken
    return [name for name in whole(files, memory) if taken.get(kept(name)) != files[name].mark]
