"""Work that never comes to its end: counted each time it holds its worker beyond its deadline, alone; dead after the third."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from shared import log

#: a piece of work that was alone past its deadline so often is dead
STUCK_MOST = 3

#: before it is tried again it waits for so many of its deadlines: the worker that it took with it should be there again by then
_STUCK_PAUSES = 2.5

_log = log.get("ledger")


def note_stuck(connection: Connection, work_id: int, *, attempts: int, longer_than_s: float, now: datetime) -> None:
    """Count that a piece of work, alone, held its worker beyond its deadline, and was ended with it; dead after the third time.

    That is no attempt like others: whoever ends a worker by hand, or for want of memory, ends no piece of work with it. Begun
    while the worker still holds the row, it is next to have it, before any other worker.
    """
    row = connection.execute(_STUCK, {"id": work_id, "attempts": attempts}).one_or_none()
    if row is None:  # done meanwhile, or asked for anew
        return
    is_dead = row.stuck >= STUCK_MOST
    times = {1: "once", 2: "twice", 3: "three times"}.get(row.stuck, f"{row.stuck} times")
    error = f"took longer than {longer_than_s:g} s {times}"
    connection.execute(
        _SAY_STUCK,
        {
            "id": work_id,
            "state": "dead" if is_dead else "due",
            "due_at": now + timedelta(seconds=longer_than_s * _STUCK_PAUSES),
            "done_at": now if is_dead else None,
            "error": error,
        },
    )
    _log.error(
        "work.dead" if is_dead else "work.stuck",
        stage=row.stage,
        item=str(row.item),
        revision=row.revision,
        edition=row.edition,
        error=error,
    )


_STUCK = text("""
    UPDATE work SET stuck = stuck + 1 WHERE id = :id AND state = 'due' AND attempts >= :attempts
    RETURNING stuck, stage, item, revision, edition
""")

_SAY_STUCK = text("UPDATE work SET state = :state, due_at = :due_at, done_at = :done_at, error = :error WHERE id = :id")
