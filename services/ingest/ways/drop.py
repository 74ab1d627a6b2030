"""Drop folders: files appear, are taken when they are whole, and go to `done/` or, with the reason beside them, `failed/`.

A file is whole when two looks find it the same, unless its name says that it is still being written. The folder is
`<BARQ_DROP_FOLDER>/<source's name>`, so that nobody can point a source at any other folder of this machine.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from services.ingest.ways import Found, PutAway, Visit
from services.ingest.ways.directory import Listed, whole

SCHEMES = ("drop",)


def look(visit: Visit) -> Iterator[Found]:
    """Every whole file, the oldest first."""
    folder = visit.drop_folder / visit.source.name
    for place in (folder, folder / "done", folder / "failed"):
        place.mkdir(parents=True, exist_ok=True)
    files = {}
    for entry in os.scandir(folder):
        if entry.is_file(follow_symlinks=False):  # a link could lead anywhere
            state = entry.stat(follow_symlinks=False)
            files[entry.name] = (Listed(size=state.st_size, modified=str(state.st_mtime_ns)), state.st_mtime_ns)
    names = whole({name: listed for name, (listed, _) in files.items()}, visit.memory)
    for name in sorted(names, key=lambda name: files[name][1]):
        path = folder / name
        if files[name][0].size > visit.most_bytes:
            _move(path, folder / "failed", [f"the file is larger than {visit.most_bytes:,} bytes"])
            continue
        yield Found(name=name, body=path.read_bytes(), put_away=_putter(path, folder))


def _putter(path: Path, folder: Path) -> PutAway:
    def put_away(refused: list[str]) -> None:
        _move(path, folder / ("failed" if refused else "done"), refused)

    return put_away


def _move(path: Path, place: Path, reasons: list[str]) -> None:
    """Put a file into a folder, under a name that is free there; the reasons into a text beside it."""
    target, number = place / path.name, 1
    while target.exists():
        number += 1
        target = place / f"{path.stem}.{number}{path.suffix}"
    if reasons:  # first: a file in `failed` is never without its reason
        target.with_name(f"{target.name}.reason.txt").write_text("\n".join(reasons) + "\n", encoding="utf-8")
    path.replace(target)
