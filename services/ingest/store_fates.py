"""Ingest's SQL for what became of items: publish's decisions and stories, as they are asked for here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Row, text

from services.ingest.acceptance import Candidate
from services.ingest.foretold import Now
from shared.contracts.story import StoryState

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


def find_item(connection: Connection, item: UUID) -> Row[tuple[object, ...]] | None:
    """An item with what publish made of it and of its story; None if there is no such item."""
    return connection.execute(
        text(f"SELECT {_WHERE}, items.content FROM {_WITH_ITS_STORY} WHERE items.id = :item"), {"item": item}
    ).one_or_none()


def list_items(
    connection: Connection, *, sender: str | None, since: datetime | None, before: UUID | None, most: int
) -> list[Row[tuple[object, ...]]]:
    """Items with what publish made of them, the newest first: of one sender, or of all."""
    return list(
        connection.execute(
            text(f"""
                SELECT {_WHERE} FROM {_WITH_ITS_STORY}
                WHERE (CAST(:sender AS varchar) IS NULL OR items.key_name = :sender)
                  AND (CAST(:since AS timestamptz) IS NULL OR items.accepted_at >= :since)
                  AND (CAST(:before AS uuid) IS NULL OR items.id < :before)
                ORDER BY items.id DESC LIMIT :most
            """),
            {"sender": sender, "since": since, "before": before, "most": most},
        )
    )


def read_stories(connection: Connection, candidates: Sequence[Candidate]) -> dict[str, Now]:
    """The stories of some items, by the items' `uri`; those that are not there yet are left out."""
    if not candidates:
        return {}
    rows = connection.execute(
        text("""
            SELECT asked.uri, stories.state, stories.published_at IS NOT NULL AS was_public, stories.is_desk_hold,
                   stories.held_by,
                   ARRAY(SELECT version FROM items WHERE items.uri = asked.uri AND version = ANY(asked.versions)) AS versions
            FROM (SELECT uri, array_agg(version) AS versions
                  FROM unnest(CAST(:uris AS varchar[]), CAST(:versions AS int[])) AS sent (uri, version)
                  GROUP BY uri) AS asked
            JOIN identities ON identities.uri = asked.uri JOIN stories ON stories.id = identities.story
        """),
        {"uris": [c.item.uri for c in candidates], "versions": [c.item.version for c in candidates]},
    )
    return {
        row.uri: Now(
            state=StoryState(row.state),
            was_public=row.was_public,
            is_desk_hold=row.is_desk_hold,
            held_by=row.held_by,
            versions=frozenset(row.versions),
        )
        for row in rows
    }
