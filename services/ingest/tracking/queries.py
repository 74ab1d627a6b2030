"""SQL of tracking: items with what became of them. What publish, rendering and the ledger know is read here, never written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import JsonValue
from sqlalchemy import Connection, Row, text

from services.ingest.tracking.whereabouts import Whereabouts
from shared.archive.visible import IN_FEED


@dataclass(frozen=True, kw_only=True)
class TrackedItem:
    """An item with what publish made of it and of its story."""

    id: UUID
    uri: str
    version: int
    story: str
    accepted_at: datetime
    whereabouts: Whereabouts
    content: Mapping[str, JsonValue]  #: what was understood of it; empty in lists


@dataclass(frozen=True, kw_only=True)
class StoredPayload:
    """What an item was read from."""

    body: bytes  #: zlib
    media_type: str
    position: int  #: the item's place in it, from 0


@dataclass(frozen=True, kw_only=True)
class StageOfItem:
    """One piece of work on an item's way."""

    stage: str
    edition: str  #: empty: of none
    state: str
    attempts: int
    due_at: datetime
    done_at: datetime | None
    error: str | None


@dataclass(frozen=True, kw_only=True)
class FeedOfStory:
    """A feed document that holds a story's entry."""

    edition: str
    feed: str
    format: str


#: what `whereabouts.py` needs to know of an item
_WHERE = """
    items.id, items.uri, items.version, items.story, items.accepted_at, identities.generation,
    stories.state AS story_state, stories.version AS story_version, stories.generation AS story_generation,
    stories.doubt, stories.doubt_note, decisions.outcome, decisions.reason AS decided,
    EXISTS (SELECT FROM work WHERE work.item = items.id AND work.state = 'dead') AS is_dead
"""
_WITH_ITS_STORY = """
    items JOIN identities ON identities.uri = items.uri LEFT JOIN stories ON stories.id = items.story
    LEFT JOIN decisions ON decisions.item = items.id
"""


def find_item(connection: Connection, item: UUID) -> TrackedItem | None:
    """An item with its content; None if there is no such item."""
    row = connection.execute(_FIND_ITEM, {"item": item}).one_or_none()
    return _build_item(row, row.content) if row else None


# One item.
_FIND_ITEM = text(f"SELECT {_WHERE}, items.content FROM {_WITH_ITS_STORY} WHERE items.id = :item")


def list_items(
    connection: Connection,
    *,
    sender: str | None,
    since: datetime | None,
    before: UUID | None,
    limit: int,
    uri: str | None = None,
) -> list[TrackedItem]:
    """Items without their content, the newest first: of one sender or all, accepted since a moment, older than an item; or the
    versions of one `uri` alone.
    """
    parameters = {"sender": sender, "since": since, "before": before, "limit": limit, "uri": uri}
    rows = connection.execute(_LIST_ITEMS if uri is None else _LIST_VERSIONS, parameters)
    return [_build_item(row, {}) for row in rows]


# The newest items; identifiers are in the order in which they were given.
_LISTED = f"""
    SELECT {_WHERE} FROM {_WITH_ITS_STORY}
    WHERE (CAST(:sender AS varchar) IS NULL OR items.key_name = :sender)
      AND (CAST(:since AS timestamptz) IS NULL OR items.accepted_at >= :since)
      AND (CAST(:before AS uuid) IS NULL OR items.id < :before)
"""
_LIST_ITEMS = text(f"{_LISTED} ORDER BY items.id DESC LIMIT :limit")
# The versions of one uri: a statement of its own, as the uri's index must find them and not a walk through the newest items.
_LIST_VERSIONS = text(f"{_LISTED} AND items.uri = :uri ORDER BY items.id DESC LIMIT :limit")


def _build_item(row: Row[Any], content: Mapping[str, JsonValue]) -> TrackedItem:
    return TrackedItem(
        id=row.id,
        uri=row.uri,
        version=row.version,
        story=row.story,
        accepted_at=row.accepted_at,
        whereabouts=Whereabouts(
            generation=row.generation,
            version=row.version,
            is_dead=row.is_dead,
            outcome=row.outcome,
            decided=row.decided,
            story_state=row.story_state,
            story_generation=row.story_generation,
            story_version=row.story_version,
            doubt=row.doubt,
            doubt_note=row.doubt_note,
        ),
        content=content,
    )


def find_payload(connection: Connection, item: UUID) -> StoredPayload | None:
    """What an item was read from; None if there is no such item."""
    row = connection.execute(_FIND_PAYLOAD, {"item": item}).one_or_none()
    return StoredPayload(body=row.body, media_type=row.media_type, position=row.position) if row else None


# One item's payload.
_FIND_PAYLOAD = text("""
    SELECT payloads.body, payloads.media_type, items.position
    FROM items JOIN payloads ON payloads.digest = items.payload WHERE items.id = :item
""")


def list_stages(connection: Connection, item: UUID) -> list[StageOfItem]:
    """The item's timeline, in the order in which the work was recorded."""
    return [
        StageOfItem(
            stage=row.stage,
            edition=row.edition,
            state=row.state,
            attempts=row.attempts,
            due_at=row.due_at,
            done_at=row.done_at,
            error=row.error,
        )
        for row in connection.execute(_STAGES, {"item": item})
    ]


# All work of one item.
_STAGES = text("""
    SELECT stage, edition, state, attempts, due_at, done_at, error FROM work WHERE item = :item ORDER BY id
""")


@dataclass(frozen=True, kw_only=True)
class AlikeStory:
    """Another story that was here before and whose text is much like an item's."""

    story: str
    provider: str
    likeness: float  #: how much of the shorter text is in the other, 0 to 1
    is_same: bool  #: word by word and figure by figure


def list_alike(connection: Connection, item: UUID) -> list[AlikeStory]:
    """The likest stories first."""
    return [AlikeStory(**row._mapping) for row in connection.execute(_ALIKE, {"item": item})]


# A story's provider is that of the item whose text it has.
_ALIKE = text("""
    SELECT likenesses.story, coalesce(items.provider, '') AS provider, likeness, is_same
    FROM likenesses LEFT JOIN stories ON stories.id = likenesses.story LEFT JOIN items ON items.id = stories.item
    WHERE likenesses.item = :item ORDER BY is_same DESC, likeness DESC, likenesses.story LIMIT 20
""")


def list_feeds(connection: Connection, story: str) -> list[FeedOfStory]:
    """Every feed document that holds the story's entry, by edition, feed and format."""
    rows = connection.execute(_FEEDS, {"story": story})
    return [FeedOfStory(edition=row.edition, feed=row.feed, format=row.format) for row in rows]


# The documents of one story's entries.
_FEEDS = text(f"""
    SELECT entries.edition, memberships.feed, entries.format
    FROM entries JOIN memberships USING (story) WHERE story = :story AND {IN_FEED}
    ORDER BY entries.edition, memberships.feed, entries.format
""")
