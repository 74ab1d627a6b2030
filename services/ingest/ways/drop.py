"""Drop folders: files appear, are taken when they are whole, and go to `done/` or, with the reason beside them, `failed/`.

A file is whole when two looks find it the same, unless its name says that it is still being written. Where its end is
missing, its rest is waited for. A writer may still hold a file that was put away: what grows there comes back, and is taken
again. The folder is
`<BARQ_DROP_FOLDER>/<source's name>`, so that nobody can point a source at any other folder of this machine.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from services.ingest.names import beside, free, kept, real
from services.ingest.ways import Found, NotPutAway, PutAway, Visit
from services.ingest.ways.directory import MOST_FILES, Listed, missing, remembering, untaken

SCHEMES = ("drop",)

_REASON = ".reason.txt"
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)

#: what was put away is watched for so long, and the newest so many of it
_WATCHED_FOR = timedelta(minutes=10)
_MOST_WATCHED = 1_000


def look(visit: Visit) -> Iterator[Found]:
    """Every whole file, the oldest first."""
    folder = visit.drop_folder / visit.source.name
    for place in (folder, folder / "done", folder / "failed"):
        place.mkdir(parents=True, exist_ok=True)
    _bring_back_what_grew(folder, visit)
    files = {}
    for entry in os.scandir(folder):
        if entry.is_file(follow_symlinks=False):  # a link could lead anywhere
            state = entry.stat(follow_symlinks=False)
            files[entry.name] = (_listed(state), state.st_mtime_ns)
    names = untaken({name: listed for name, (listed, _) in files.items()}, visit.memory)
    for name in sorted(names, key=lambda name: files[name][1])[:MOST_FILES]:
        path, listed = folder / name, files[name][0]
        put_away = _putter(path, folder, listed, visit)
        if listed.size > visit.most_bytes:
            yield Found(name=name, body=b"", fault=f"the file is larger than {visit.most_bytes:,} bytes", put_away=put_away)
            continue
        try:
            body = path.read_bytes()
        except FileNotFoundError:  # somebody took it away again
            continue
        except OSError as unreadable:
            yield Found(name=name, body=b"", fault=f"the file cannot be read: {unreadable.strerror}", put_away=put_away)
            continue
        fault = missing(name, listed, body, visit.memory, visit.now)
        if fault is not None:
            yield Found(name=name, body=body, fault=fault, put_away=put_away)


def _putter(path: Path, folder: Path, listed: Listed, visit: Visit) -> PutAway:
    def put_away(refused: list[str]) -> None:
        try:
            target = _move(path, folder / ("failed" if refused else "done"), refused)
        except OSError as fault:
            if fault.errno in _NO_ROOM:  # no fault of this file: it is put away when there is room again
                raise
            remembering(visit.memory, path.name, listed)(refused)
            raise NotPutAway(str(fault.strerror)) from fault
        visit.memory["placed"][f"{target.parent.name}/{kept(target.name)}"] = [
            kept(path.name),
            listed.mark,
            visit.now.isoformat(),
        ]

    return put_away


def _bring_back_what_grew(folder: Path, visit: Visit) -> None:
    """Files that were put away and have changed since: their writer was not done."""
    placed: dict[str, list[str]] = visit.memory.get("placed", {})
    still = {}
    for place, (name, mark, since) in list(placed.items())[-_MOST_WATCHED:]:
        into, _, remembered = place.partition("/")
        path = folder / into / real(remembered)
        if not path.is_file() or visit.now - datetime.fromisoformat(since) > _WATCHED_FOR:
            continue
        if _listed(path.stat()).mark == mark:
            still[place] = [name, mark, since]
        else:
            beside(path, _REASON).unlink(missing_ok=True)
            path.replace(free(folder, real(name)))
    visit.memory["placed"] = still


def _listed(state: os.stat_result) -> Listed:
    return Listed(size=state.st_size, modified=str(state.st_mtime_ns))


def _move(path: Path, place: Path, reasons: list[str]) -> Path:
    """Put a file into a folder, under a name that is free there; the reasons into a text beside it."""
    target = free(place, path.name)
    if reasons:  # first: a file in `failed` is never without its reason
        beside(target, _REASON).write_text("\n".join(reasons) + "\n", encoding="utf-8", errors="backslashreplace")
    path.replace(target)
    return target
