"""Drop folders: files appear, are taken when they are whole, and go to `done/` or, with the reason beside them, `failed/`.

A file is whole when two polls find it the same, unless its name says that it is still being written. Where its end is
missing, its rest is waited for. A writer may still hold a file that was put away: what grows there comes back, and is taken
again. The folder is `<BARQ_DROP_FOLDER>/<source's name>`, so that nobody can point a source at any other folder of this machine.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from services.ingest.connectors.connector import NotPutAway, PollContext, PutAway, SourceDocument
from services.ingest.connectors.directory import (
    MAX_FILES,
    Listed,
    find_truncation,
    is_unfinished,
    list_untaken,
    refuse_too_large,
    remember_as_taken,
)
from services.ingest.connectors.names import decode_name, encode_name, free_path, path_beside, printable_name

SCHEMES = ("drop",)

_DONE, _FAILED = "done", "failed"
_REASON = ".reason.txt"
#: a sender's own file that has the name of one of our folders is taken under its name with this behind it
_SENT = ".sent"
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)

#: what was put away is watched for so long, and the newest so many of it
_WATCHED_FOR = timedelta(minutes=10)
_MAX_WATCHED = 1_000
#: of what is no file, so many are named
_MAX_NAMED = 5


def poll(context: PollContext) -> Iterator[SourceDocument]:
    """Every whole file, the oldest first."""
    folder = context.drop_folder / context.source.name
    _make_folders(folder)
    _bring_back_what_grew(folder, context)
    files, others = {}, []
    for entry in os.scandir(folder):
        if entry.is_file(follow_symlinks=False):  # a link could lead anywhere
            state = entry.stat(follow_symlinks=False)
            files[entry.name] = (_listed(state), state.st_mtime_ns)
        elif entry.name not in (_DONE, _FAILED) and not is_unfinished(entry.name):
            others.append(entry.name)
    if others:
        context.remark = context.remark or _say_left(sorted(others))
    names = list_untaken({name: listed for name, (listed, _) in files.items()}, context.memory)
    for name in sorted(names, key=lambda name: files[name][1])[:MAX_FILES]:
        document = _read(folder / name, folder, files[name][0], context)
        if document is not None:
            yield document


def _say_left(names: Sequence[str]) -> str:
    named = ", ".join(printable_name(name) for name in names[:_MAX_NAMED])
    return f"left where they are, since they are no plain files (links, pipes, folders), {len(names)}: {named}"


def _make_folders(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for place in (folder / _DONE, folder / _FAILED):
        if os.path.lexists(place) and not place.is_dir():
            place.rename(free_path(folder, place.name + _SENT))
        place.mkdir(exist_ok=True)


def _read(path: Path, folder: Path, listed: Listed, context: PollContext) -> SourceDocument | None:
    """A file as a document; None where there is nothing to be taken of it now."""
    put_away = _putting_away(path, folder, listed, context)
    if listed.size > context.max_bytes:
        return refuse_too_large(path.name, context, put_away)
    try:
        with path.open("rb") as file:
            body = file.read(context.max_bytes + 1)
    except FileNotFoundError:  # somebody took it away again
        return None
    except OSError as unreadable:
        fault = f"the file cannot be read: {unreadable.strerror}"
        return SourceDocument(name=path.name, body=b"", fault=fault, put_away=put_away)
    if len(body) > context.max_bytes:  # it has grown since it was listed
        return refuse_too_large(path.name, context, put_away)
    truncation = find_truncation(path.name, listed, body, context.memory, context.now)
    if truncation is None:
        return None
    return SourceDocument(name=path.name, body=body, fault=truncation, put_away=put_away)


def _putting_away(path: Path, folder: Path, listed: Listed, context: PollContext) -> PutAway:
    def put_away(refused: list[str]) -> None:
        try:
            target = _move(path, folder / (_FAILED if refused else _DONE), refused)
        except OSError as fault:
            if fault.errno in _NO_ROOM:  # no fault of this file: it is put away when there is room again
                raise
            remember_as_taken(context.memory, path.name, listed)(refused)
            raise NotPutAway(str(fault.strerror)) from fault
        context.memory["placed"][f"{target.parent.name}/{encode_name(target.name)}"] = [
            encode_name(path.name),
            listed.mark,
            context.now.isoformat(),
        ]

    return put_away


def _bring_back_what_grew(folder: Path, context: PollContext) -> None:
    """Files that were put away and have changed since: their writer was not done."""
    placed: dict[str, list[str]] = context.memory.get("placed", {})
    still = {}
    for place, (name, mark, since) in list(placed.items())[-_MAX_WATCHED:]:
        into, _, remembered = place.partition("/")
        path = folder / into / decode_name(remembered)
        if context.now - datetime.fromisoformat(since) > _WATCHED_FOR:
            continue
        try:
            is_as_it_was = _bring_back_if_grown(path, folder, decode_name(name), mark)
        except OSError as fault:  # of this file alone: it is looked after again at the next poll
            context.remark = f"{printable_name(path.name)}: it may have grown, and cannot be taken again: {fault.strerror}"
            is_as_it_was = True
        if is_as_it_was:
            still[place] = [name, mark, since]
    context.memory["placed"] = still


def _bring_back_if_grown(path: Path, folder: Path, name: str, mark: str) -> bool:
    """Is it as it was put away? One that is gone is not, and one that grew is brought back. Raises OSError."""
    if not path.is_file():
        return False
    if _listed(path.stat()).mark == mark:
        return True
    path_beside(path, _REASON).unlink(missing_ok=True)
    path.replace(free_path(folder, name))
    return False


def _listed(state: os.stat_result) -> Listed:
    return Listed(size=state.st_size, modified=str(state.st_mtime_ns))


def _move(path: Path, place: Path, reasons: list[str]) -> Path:
    """Put a file into a folder, under a name that is free there; the reasons into a text beside it."""
    target = free_path(place, path.name)
    if reasons:  # first: a file in `failed` is never without its reason
        path_beside(target, _REASON).write_text("\n".join(reasons) + "\n", encoding="utf-8", errors="backslashreplace")
    path.replace(target)
    return target
