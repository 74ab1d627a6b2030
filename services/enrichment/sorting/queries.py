"""SQL of sorting: what was found of a story, with why, and what an editor says of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from shared.archive.sorting import REGIONS, SECTIONS, TAGS
from shared.contracts.finding import Findings
from shared.contracts.story import StoryState


@dataclass(frozen=True, kw_only=True)
class SortedStory:
    """What a story is about by now, and who says so."""

    state: StoryState | None  #: None: publish has not come to it
    item: UUID  #: the item whose text it has, or its newest
    revision: int
    language: str
    regions: tuple[str, ...]
    sections: tuple[str, ...]
    tags: tuple[str, ...]
    findings: Findings  #: what was found, and why, whether it stands or not
    sorted_by: str  #: the key of who sorted it; empty: nobody did
    sorted_at: datetime | None


def find_story(connection: Connection, story: str) -> SortedStory | None:
    """A story that was accepted, whether anything was found of it by now or not."""
    row = connection.execute(_STORY, {"story": story}).one_or_none()
    if row is None:
        return None
    return SortedStory(
        **{
            **row._mapping,
            "state": row.state and StoryState(row.state),
            "regions": tuple(row.regions),
            "sections": tuple(row.sections),
            "tags": tuple(row.tags),
            "findings": Findings.model_validate(row.findings),
        }
    )


_STORY = text(f"""
    SELECT stories.state, coalesce(stories.item, newest.id) AS item, coalesce(stories.revision, 0) AS revision,
           coalesce(enrichments.language, '') AS language,
           {REGIONS} AS regions, {SECTIONS} AS sections, {TAGS} AS tags, coalesce(enrichments.findings, '{{}}') AS findings,
           coalesce(sortings.key_name, '') AS sorted_by, sortings.sorted_at
    FROM (SELECT id, story FROM items WHERE story = :story ORDER BY id DESC LIMIT 1) AS newest
    LEFT JOIN stories ON stories.id = newest.story
    LEFT JOIN enrichments ON enrichments.item = coalesce(stories.item, newest.id)
    LEFT JOIN sortings ON sortings.story = newest.story
""")


@dataclass(frozen=True, kw_only=True)
class Sorting:
    """What an editor says; None: nothing of that kind."""

    sections: Sequence[str] | None = None
    regions: Sequence[str] | None = None
    tags: Sequence[str] | None = None


def write_sorting(connection: Connection, story: str, said: Sorting, *, key_name: str, now: datetime) -> None:
    """Keep what an editor says; of a kind that is not said now the earlier word stands."""
    kinds = {kind: None if words is None else list(words) for kind, words in vars(said).items()}
    connection.execute(_WRITE, {"story": story, **kinds, "key_name": key_name, "now": now})


_WRITE = text("""
    INSERT INTO sortings (story, sections, regions, tags, key_name, sorted_at)
    VALUES (:story, CAST(:sections AS varchar[]), CAST(:regions AS varchar[]), CAST(:tags AS varchar[]), :key_name, :now)
    ON CONFLICT (story) DO UPDATE SET sections = coalesce(excluded.sections, sortings.sections),
        regions = coalesce(excluded.regions, sortings.regions), tags = coalesce(excluded.tags, sortings.tags),
        key_name = excluded.key_name, sorted_at = excluded.sorted_at
""")
