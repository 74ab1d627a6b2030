"""Work that is being prepared stays its worker's for as long as that worker lives, however slow those are whom it asks.

A hold is short, so that the work of a worker that died is soon with another, and is prolonged from a thread in short transactions
of their own. Who is frozen prolongs nothing. Who could not prolong it in time has asked in vain: another has taken the work, and
what is written down is the other's answer alone.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import wraps

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from shared import log
from shared.archive.database import engine
from shared.clock import utc_now
from shared.contracts.work import Work
from shared.pipeline import spec_of
from shared.queue import ledger
from shared.queue.ledger import Handler

#: a hold is prolonged so many times in its length: two may fail
_TIMES_A_HOLD = 4

_log = log.get("ledger")


def while_held(prepare: Callable[[Sequence[Work]], Handler]) -> Callable[[Sequence[Work]], Handler]:
    """A first step (`ledger.InTwoSteps`) that may take longer than its stage's `hold`."""

    @wraps(prepare)
    def held(chunk: Sequence[Work]) -> Handler:
        is_over = threading.Event()
        threading.Thread(target=_prolong, args=(chunk, is_over), name="hold", daemon=True).start()
        try:
            return prepare(chunk)
        finally:
            is_over.set()

    return held


def _prolong(chunk: Sequence[Work], is_over: threading.Event) -> None:
    stage = chunk[0].stage
    hold = spec_of(stage).hold or ledger.HOLD
    while not is_over.wait(hold.total_seconds() / _TIMES_A_HOLD):
        try:
            with engine().begin() as connection:
                prolong(connection, chunk, utc_now() + hold)
        except SQLAlchemyError as away:
            _log.warning("hold.not_prolonged", stage=stage, error=repr(away))


def prolong(connection: Connection, taken: Sequence[Work], until: datetime) -> None:
    """Keep for its worker what it has taken and not yet locked. What another has taken since stays the other's."""
    parameters = {
        "ids": [work.id for work in taken],
        "attempts": [work.attempts for work in taken],
        "asked_at": [work.asked_at for work in taken],
        "until": until,
    }
    connection.execute(_PROLONG, parameters)


# Passes over what somebody has locked, who is about to change it: no waits, and no circles.
_PROLONG = text("""
    WITH mine AS (
        SELECT work.id FROM work JOIN unnest(
            CAST(:ids AS bigint[]), CAST(:attempts AS smallint[]), CAST(:asked_at AS timestamptz[])
        ) AS taken(id, attempts, asked_at) USING (id, attempts, asked_at)
        WHERE work.state = 'due' AND work.held_until IS NOT NULL FOR UPDATE OF work SKIP LOCKED
    )
    UPDATE work SET held_until = :until FROM mine WHERE work.id = mine.id
""")


def postpone(connection: Connection, work: Work, *, was: str, due_at: datetime, reason: str) -> None:
    """Say anew when work is due that was left as `Later` for the reason `was`. If it was asked for again since, that stands."""
    connection.execute(_POSTPONE_AGAIN, {"id": work.id, "was": was, "due_at": due_at, "reason": reason})


_POSTPONE_AGAIN = text("""
    UPDATE work SET due_at = :due_at, error = :reason WHERE id = :id AND state = 'due' AND error = :was
""")
