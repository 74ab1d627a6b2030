"""A look in a process of its own, for a source that has ended one: whatever it does, the others go on.

The process looks, takes in what is there, and says what came of it as JSON; who asked writes that down as of any other look.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from services.ingest.looking import Seen
from services.ingest.ways import Visit

#: beyond the look's own limit: to start, to take in and to say so
_GRACE_S = 30.0


class Report(BaseModel):
    """What came of a look, between two processes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seen: Seen
    memory: dict[str, Any]
    asked_to_wait: timedelta | None
    moved_to: str
    remark: str

    @classmethod
    def of(cls, visit: Visit, seen: Seen) -> Report:
        """What a look has left."""
        return cls.model_validate(
            {
                "seen": asdict(seen),
                "memory": visit.memory,
                "asked_to_wait": visit.asked_to_wait,
                "moved_to": visit.moved_to,
                "remark": visit.remark,
            }
        )


def longest_s(visit: Visit) -> float:
    """How long the process may live."""
    return visit.timeout_s + _GRACE_S


def look(visit: Visit) -> Seen:
    """Look at a source in a process of its own. Never raises, as its sister that looks beside others."""
    command = [sys.executable, "-m", "services.ingest.worker_alone", visit.source.name]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=longest_s(visit), check=True)
        report = Report.model_validate_json(done.stdout)
    except (subprocess.SubprocessError, ValidationError):
        return Seen(fault="ended the process that looked at it", is_ended=True)
    except OSError as fault:  # the machine has no room for one more
        return Seen(fault=f"no process could be started to look at it alone: {fault}")
    visit.memory, visit.asked_to_wait = report.memory, report.asked_to_wait
    visit.moved_to, visit.remark = report.moved_to, report.remark
    return report.seen
