"""Where a running embedded wire is: a small file under its home that the command line reads, and a lock that says whose it is."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from typing import IO

from pydantic import BaseModel, ConfigDict


class RunFile(BaseModel):
    """What `barq status`, `push` and `down` need to find the wire of a home."""

    model_config = ConfigDict(frozen=True)

    pid: int  #: the supervisor's
    url: str
    database_url: str
    broker_url: str
    ready: bool = False


def _path(home: Path) -> Path:
    return home / "run" / "wire.json"


def _lock_path(home: Path) -> Path:
    return home / "run" / "lock"


def take_home(home: Path) -> IO[str] | None:
    """Make this process the only wire of a home, until the file is closed; None if another is. Raises OSError.

    The kernel holds the lock for as long as its process lives, so that it can never be stale. The process is written down
    in it, so that whoever finds no run file still knows who has the home.
    """
    lock = _lock_path(home).open("a", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    with suppress(OSError):  # a full disk
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
    return lock


def holder_of(home: Path) -> int | None:
    """The process that has a home, run file or not; None if nobody has it."""
    try:
        with _lock_path(home).open(encoding="utf-8") as lock:
            with suppress(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
                return None
            return int(lock.read())
    except (OSError, ValueError):
        return None


def write_runfile(home: Path, run: RunFile) -> None:
    """Replace the run file in one step; only its owner may read it."""
    path = _path(home)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(run.model_dump_json(), encoding="utf-8")
    fresh.replace(path)


def read_runfile(home: Path) -> RunFile | None:
    """The run file of a home; None if no wire was started there or it was stopped cleanly."""
    try:
        return RunFile.model_validate_json(_path(home).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None


def remove_runfile(home: Path) -> None:
    """Say that no wire runs here any more."""
    _path(home).unlink(missing_ok=True)
