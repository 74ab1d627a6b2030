"""The live list's SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from shared.archive.sorting import REGIONS, SECTIONS


@dataclass(frozen=True, kw_only=True)
class ItemQuery:
    """Which items somebody wants to see; empty: all but tests."""

    provider: str = ""
    region: str = ""
    section: str = ""
    urgency: int = 9  #: this and more urgent
    state: str = ""
    words: str = ""
    before: UUID | None = None  #: older than this item


@dataclass(frozen=True, kw_only=True)
class ListedItem:
    """An item as it came, and what became of it."""

    id: UUID
    uri: str
    version: int
    story: str
    accepted_at: datetime
    provider: str
    headline: str | None
    slugline: str | None
    urgency: int
    language: str | None  #: None: nobody knows yet
    is_language_guessed: bool | None  #: None: enrichment has not come to it
    pubstatus: str
    signal: str | None
    regions: tuple[str, ...]
    sections: tuple[str, ...]
    is_shown: bool | None  #: Is it the text of its story? None: publish has not come to it
    has_twin: bool  #: Has another story this very headline and text?
    state: str  #: its story's, or its own: accepted, refused, held or dead


def list_items(connection: Connection, query: ItemQuery, *, limit: int) -> list[ListedItem]:
    """The items as they came, the newest first, each with what became of its story."""
    values = {
        "provider": query.provider or None,
        "region": query.region or None,
        "section": query.section or None,
        "urgency": query.urgency,
        "state": query.state or None,
        "words": f"%{_escape_like(query.words)}%" if query.words else None,
        "before": query.before,
        "limit": limit,
    }
    return [
        ListedItem(**{**row._mapping, "regions": tuple(row.regions), "sections": tuple(row.sections)})
        for row in connection.execute(_ITEMS, values)
    ]


def _escape_like(words: str) -> str:
    return words.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


# along the items' own key, the newest first, until enough of them match; tests are shown only to who asks for a state of theirs
_ITEMS = text(f"""
    SELECT items.id, items.uri, items.version, items.story, items.accepted_at, items.provider,
           items.content ->> 'headline' AS headline, items.content ->> 'slugline' AS slugline,
           coalesce(CAST(items.content ->> 'urgency' AS int), 5) AS urgency,
           coalesce(enrichments.language, items.content ->> 'language') AS language,
           coalesce(items.content ->> 'pubstatus', 'usable') AS pubstatus, items.content ->> 'signal' AS signal,
           {REGIONS} AS regions, {SECTIONS} AS sections,
           items.id = stories.item AS is_shown, enrichments.language_by = 'guess' AS is_language_guessed,
           EXISTS (SELECT FROM likenesses WHERE likenesses.item = items.id AND is_same) AS has_twin,
           CASE WHEN EXISTS (SELECT FROM work WHERE work.item = items.id AND work.state = 'dead') THEN 'dead'
                ELSE fate.state END AS state
    FROM items LEFT JOIN stories ON stories.id = items.story LEFT JOIN enrichments ON enrichments.item = items.id
    LEFT JOIN sortings ON sortings.story = items.story
    LEFT JOIN decisions ON decisions.item = items.id JOIN identities ON identities.uri = items.uri
    CROSS JOIN LATERAL (
        SELECT CASE WHEN stories.id IS NULL THEN 'accepted'
                    WHEN decisions.outcome = 'refused' THEN 'refused'
                    WHEN decisions.outcome = 'kept' AND stories.state <> 'killed'
                         AND (identities.generation, items.version) > (stories.generation, stories.version) THEN 'held'
                    ELSE stories.state END AS state
    ) AS fate
    WHERE (CAST(:before AS uuid) IS NULL OR items.id < :before)
      AND (CAST(:provider AS varchar) IS NULL OR items.provider = :provider)
      AND (CAST(:region AS varchar) IS NULL OR :region = ANY({REGIONS}))
      AND (CAST(:section AS varchar) IS NULL OR :section = ANY({SECTIONS}))
      AND coalesce(CAST(items.content ->> 'urgency' AS int), 5) <= :urgency
      AND (CAST(:words AS varchar) IS NULL OR items.content ->> 'headline' ILIKE :words
           OR items.content ->> 'slugline' ILIKE :words OR items.story ILIKE :words)
      AND CASE CAST(:state AS varchar)
          WHEN 'dead' THEN EXISTS (SELECT FROM work WHERE work.item = items.id AND work.state = 'dead')
          ELSE (fate.state = :state OR CAST(:state AS varchar) IS NULL)
               AND (:state IN ('internal', 'accepted', 'refused')
                    OR NOT coalesce(CAST(items.content ->> 'is_test' AS boolean), false))
      END
    ORDER BY items.id DESC LIMIT :limit
""")


@dataclass(frozen=True, kw_only=True)
class WaitingCounts:
    """How much waits for somebody at the desk. More than a thousand of a kind are not counted."""

    held: int  #: stories that the wire holds, and versions that their stories keep from readers
    refused: int  #: versions that were refused within a day


def count_waiting(connection: Connection) -> WaitingCounts:
    """What waits for somebody at the desk."""
    row = connection.execute(_WAITING, {"limit": _MAX_COUNTED}).one()
    return WaitingCounts(held=row.held + row.kept, refused=row.refused)


_MAX_COUNTED = 1_000

# each kind by its own partial index, and no further than the limit
_WAITING = text("""
    SELECT (SELECT count(*) FROM (SELECT FROM stories WHERE state = 'held' LIMIT :limit) AS stories) AS held,
           (SELECT count(*) FROM (
               SELECT FROM decisions JOIN items ON items.id = decisions.item
               JOIN identities ON identities.uri = items.uri
               JOIN stories ON stories.id = items.story AND stories.state <> 'killed'
                 AND (identities.generation, items.version) > (stories.generation, stories.version)
               WHERE outcome = 'kept' AND decided_at > now() - interval '7 days' LIMIT :limit) AS kept) AS kept,
           (SELECT count(*) FROM (
               SELECT FROM decisions WHERE outcome = 'refused' AND decided_at > now() - interval '1 day' LIMIT :limit
           ) AS refused) AS refused
""")


def list_providers(connection: Connection) -> Sequence[str]:
    """Who has sent something within a week, by name."""
    return connection.execute(_PROVIDERS).scalars().all()


# the names that the list can be filtered by; more than so many are of no use in a menu
_PROVIDERS = text("""
    SELECT DISTINCT provider FROM items WHERE accepted_at > now() - interval '7 days' ORDER BY provider LIMIT 500
""")
