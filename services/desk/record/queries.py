"""The record's SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text


@dataclass(frozen=True, kw_only=True)
class Action:
    """What somebody did at the desk."""

    done_at: datetime
    key: str  #: the name of the key that did it
    action: str
    story: str | None
    detail: str


def note_action(
    connection: Connection, *, key: str, action: str, story: str | None = None, detail: str = "", now: datetime
) -> None:
    """Write down what somebody did, in the transaction in which it is done."""
    connection.execute(_NOTE, {"now": now, "key": key, "action": action, "story": story, "detail": detail})


# nothing of it is ever changed or taken out
_NOTE = text("INSERT INTO actions (done_at, key, action, story, detail) VALUES (:now, :key, :action, :story, :detail)")


def list_actions(connection: Connection, *, limit: int) -> list[Action]:
    """What was done at the desk, the newest first."""
    return [Action(**row._mapping) for row in connection.execute(_NEWEST, {"limit": limit})]


_NEWEST = text("SELECT done_at, key, action, story, detail FROM actions ORDER BY id DESC LIMIT :limit")


def list_actions_on(connection: Connection, story: str, *, limit: int) -> list[Action]:
    """What was done to a story, the newest first."""
    return [Action(**row._mapping) for row in connection.execute(_OF_STORY, {"story": story, "limit": limit})]


_OF_STORY = text("""
    SELECT done_at, key, action, story, detail FROM actions WHERE story = :story ORDER BY id DESC LIMIT :limit
""")
