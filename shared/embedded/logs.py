"""The logs of an embedded wire: read by its user alone, and no larger than a bound, whatever is written into them.

Children write straight into their files, so that nobody stands between a process and its last words, and none waits for
another to take them. A file that has grown is therefore copied aside and cut, not renamed: its writer, which appends, goes
on at the beginning. What is written within the microseconds between the last copied byte and the cut is the price.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

_COPY_BYTES = 1 << 20


def close_logs(home: Path) -> None:
    """See to it that nobody else reads the logs, those of a wire that did not mind included. Raises OSError."""
    folder = home / "log"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    for log in folder.iterdir():
        log.chmod(0o600)


def keep_small(home: Path, *, most_bytes: int, kept: int) -> None:
    """Put aside, as `.1`, what is in each log over `most_bytes`; the oldest of `kept` such parts goes. Never raises."""
    with suppress(OSError):
        for log in (home / "log").glob("*.log"):
            with suppress(OSError):
                if log.stat().st_size > most_bytes:
                    _put_aside(log, kept)


def _put_aside(log: Path, kept: int) -> None:
    parts = [log.with_name(f"{log.name}.{number}") for number in range(1, kept + 1)]
    if parts:
        parts[-1].unlink(missing_ok=True)
    for older, newer in zip(reversed(parts), reversed(parts[:-1]), strict=False):
        if newer.exists():
            newer.replace(older)
    descriptor = os.open(log, os.O_RDWR)
    try:
        if parts:
            with suppress(OSError):  # a full disk: what is cut frees some of it
                _copy(descriptor, parts[0])
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def _copy(descriptor: int, target: Path) -> None:
    copy = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        while part := os.read(descriptor, _COPY_BYTES):
            while part:
                part = part[os.write(copy, part) :]
    finally:
        os.close(copy)
