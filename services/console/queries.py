"""Console's SQL: dead letters by their numbers, and whether anybody has a key yet."""

from __future__ import annotations

from sqlalchemy import Connection, text

from shared.pipeline import Stage
from shared.queue.concerning import subjects
from shared.status import DeadRow
from shared.wire.config import Wire

#: the largest number that a piece of work can have
_MAX_ID = 2**63 - 1


def find_dead_letter(connection: Connection, wire: Wire, work_id: int) -> DeadRow | None:
    """A dead letter with its full error and what it is about; None if this work is not dead, or not there."""
    if not 0 < work_id <= _MAX_ID:
        return None
    row = connection.execute(_DEAD_LETTER, {"id": work_id}).one_or_none()
    if row is None:
        return None
    subject = subjects(connection, wire, [row.item]).get(row.item)
    return DeadRow(
        about=subject.said if subject else "what is not there any more",
        is_item=bool(subject and subject.is_item),
        id=row.id,
        stage=Stage(row.stage),
        item=str(row.item),
        revision=row.revision,
        edition=row.edition,
        attempts=row.attempts,
        died_at=row.done_at,
        error=row.error or "",
    )


# One piece of work by its number, if it failed for good.
_DEAD_LETTER = text("""
    SELECT id, stage, item, revision, edition, attempts, done_at, error FROM work WHERE id = :id AND state = 'dead'
""")


def list_dead_work(connection: Connection) -> list[int]:
    """The numbers of all work that failed for good, oldest first."""
    return list(connection.execute(_DEAD_WORK).scalars())


# All work that failed for good.
_DEAD_WORK = text("SELECT id FROM work WHERE state = 'dead' ORDER BY done_at, id")


def has_keys(connection: Connection) -> bool:
    """Was a key ever made, be it revoked since?"""
    return connection.execute(_ANY_KEY).first() is not None


# Any key at all.
_ANY_KEY = text("SELECT 1 FROM keys LIMIT 1")
