"""Is there room where the embedded database is? PostgreSQL ends in the middle of its work on a full disk, so that the wire stops
taking items in before that, and keeps what is left for what it has accepted: that is published, and nothing is lost.

A database on another machine has a disk of its own, which nobody can see from here: what it says itself is passed on.
"""

from __future__ import annotations

import shutil
import threading
import time
from pathlib import Path

from shared import log
from shared.contracts.problem import DiskFull, Refused
from shared.settings import settings

#: how long a look at the disk counts for
_LOOK_AGAIN_S = 1.0

#: how soon somebody who was refused may try again
_RETRY_AFTER_S = 30

_log = log.get("disk")


class Disk:
    """The disk of a home, looked at once a second at most, however often it is asked for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._looked_at_s = -_LOOK_AGAIN_S
        self._trouble = ""

    def trouble(self, home: Path, least_bytes: int) -> str:
        """What is wrong with it, in words; empty if there is room, or no database."""
        now_s = time.monotonic()
        with self._lock:
            if now_s - self._looked_at_s < _LOOK_AGAIN_S:
                return self._trouble
            self._looked_at_s = now_s
            before, self._trouble = self._trouble, _look(home, least_bytes)
        if bool(before) != bool(self._trouble):
            _log.error("disk.full", say=self._trouble) if self._trouble else _log.info("disk.has_room")
        return self._trouble


def _look(home: Path, least_bytes: int) -> str:
    try:
        if not (home / "postgres").is_dir():
            return ""
        free_bytes = shutil.disk_usage(home).free
    except OSError as unreadable:
        return f"the disk of {home} cannot be looked at: {unreadable.strerror}"
    if free_bytes >= least_bytes:
        return ""
    return f"disk full: {free_bytes // 1_000_000} MB are free under {home}, {least_bytes // 1_000_000} MB are wanted"


_disk = Disk()


def trouble() -> str:
    """What is wrong with this wire's disk; empty if nothing is."""
    return _disk.trouble(settings().home, settings().least_free_bytes)


def no_room() -> Refused:
    """The problem of something that cannot be kept now."""
    return DiskFull(
        "The wire's disk is full. Nothing was stored; what takes text back is still taken. "
        "Send the same again once ops have made room.",
        headers={"Retry-After": str(_RETRY_AFTER_S)},
    )
