"""When to learn, and who does it: at night, while nothing waits, in a process of its own that gives way to all others."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.embedded.processes import dies_with_parent

#: by the clock of the wire's own edition
_BEGINS, _ENDS = time(2), time(5)
#: nothing may have waited longer than this
BEHIND = timedelta(seconds=10)
#: while the wire is behind it is asked again so often
ASK_AGAIN = timedelta(minutes=10)

_NICEST = 19


def is_night(now: datetime, zone: str) -> bool:
    """Is it the time to learn?"""
    return _BEGINS <= now.astimezone(ZoneInfo(zone)).time() < _ENDS


def until_night(now: datetime, zone: str) -> timedelta:
    """How long until the next night begins; at night, until the one after it."""
    here = now.astimezone(ZoneInfo(zone))
    day = here.date() + timedelta(days=1 if here.time() >= _BEGINS else 0)
    return datetime.combine(day, _BEGINS, ZoneInfo(zone)) - now


class Learner:
    """The process that learns; this one has one at most."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Begin to learn, if it is not under way. What comes of it stands in the table of models, and in the log."""
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "services.enrichment.training"],
                stdin=subprocess.DEVNULL,
                preexec_fn=_give_way,
            )


def _give_way() -> None:
    os.nice(_NICEST)
    if end_with_parent := dies_with_parent(signal.SIGTERM):
        end_with_parent()
