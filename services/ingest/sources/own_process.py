"""A poll in a process of its own, for a source that has ended one: whatever it does, the others go on.

The process polls, takes in what is there, and says what came of it as JSON; who started it writes that down as of any other poll.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import asdict
from datetime import timedelta

from pydantic import BaseModel, ConfigDict, ValidationError

from services.ingest.connectors.connector import Memory, PollContext
from services.ingest.sources.outcome import PollResult

#: beyond the poll's own limit: to start, to take in and to say so
_GRACE_S = 30.0


class Report(BaseModel):
    """What came of a poll, between two processes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    result: PollResult
    memory: Memory
    asked_to_wait: timedelta | None
    moved_to: str
    remark: str

    @classmethod
    def of(cls, context: PollContext, result: PollResult) -> Report:
        """What a poll has left."""
        return cls.model_validate(
            {
                "result": asdict(result),
                "memory": context.memory,
                "asked_to_wait": context.asked_to_wait,
                "moved_to": context.moved_to,
                "remark": context.remark,
            }
        )


def longest_s(context: PollContext) -> float:
    """How long the process may live."""
    return context.timeout_s + _GRACE_S


def poll(context: PollContext) -> PollResult:
    """Poll a source in a process of its own. Never raises, as `polling.poll` never does, which polls beside others."""
    command = [sys.executable, "-m", "services.ingest.sources.poll_one", context.source.name]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=longest_s(context), check=True)
        report = Report.model_validate_json(done.stdout)
    except (subprocess.SubprocessError, ValidationError):
        return PollResult(fault="ended the process that looked at it", is_ended=True)
    except OSError as fault:  # the machine has no room for one more
        return PollResult(fault=f"no process could be started to look at it alone: {fault}")
    context.memory, context.asked_to_wait = report.memory, report.asked_to_wait
    context.moved_to, context.remark = report.moved_to, report.remark
    return report.result
