"""Monitor's SQL: an item's way, for operators, without its text; and which queues nobody hears."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from shared.pipeline import queue_name, queues, spec_of


@dataclass(frozen=True, kw_only=True)
class Step:
    """One piece of work on an item's way."""

    stage: str
    edition: str
    state: str
    attempts: int
    asked_at: datetime
    due_at: datetime
    done_at: datetime | None
    error: str | None


@dataclass(frozen=True, kw_only=True)
class ItemsWay:
    """An item as operators see it."""

    id: UUID
    uri: str
    version: int
    story: str
    headline: str
    accepted_at: datetime
    story_state: str | None  #: None: it has not been to publish
    doubt: str | None  #: why the story is held
    outcome: str | None  #: what publish made of this version
    reason: str
    stages: tuple[Step, ...]


def find_way(connection: Connection, item: UUID) -> ItemsWay | None:
    """An item's way so far, its steps in the order in which they were recorded; None if there is no such item."""
    row = connection.execute(_ITEM, {"item": item}).one_or_none()
    if row is None:
        return None
    steps = connection.execute(_STEPS, {"item": item, "limit": _MAX_STEPS})
    return ItemsWay(**row._mapping, stages=tuple(Step(**step._mapping) for step in steps))


_MAX_STEPS = 1_000

# An item, where its story stands, and what publish decided about this version.
_ITEM = text("""
    SELECT items.id, items.uri, items.version, items.story, coalesce(items.content ->> 'headline', '') AS headline,
           items.accepted_at, stories.state AS story_state, stories.doubt, decisions.outcome,
           coalesce(decisions.reason, '') AS reason
    FROM items LEFT JOIN stories ON stories.id = items.story LEFT JOIN decisions ON decisions.item = items.id
    WHERE items.id = :item
""")

# All work about an item.
_STEPS = text("""
    SELECT stage, edition, state, attempts, asked_at, due_at, done_at, error FROM work WHERE item = :item
    ORDER BY id LIMIT :limit
""")


def find_unheard_queues(connection: Connection, since: datetime) -> tuple[str, ...]:
    """Queues whose work no worker does that was heard of since then, in the pipeline's order."""
    heard = {
        (service, lane)
        for services, lanes in connection.execute(_WORKERS, {"since": since})
        for service in services
        for lane in lanes
    }
    return tuple(queue_name(stage, lane) for stage, lane in queues() if (spec_of(stage).service, lane.value) not in heard)


# What each worker does that was heard of lately.
_WORKERS = text("SELECT services, lanes FROM workers WHERE heard_at >= :since")
