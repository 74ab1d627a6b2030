"""Console's SQL: the numbers of dead letters, and whether anybody has a key yet."""

from __future__ import annotations

from sqlalchemy import Connection, text


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
