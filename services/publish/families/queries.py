"""The stories that a story evolved from, asked whenever it is about to become public: their state is never remembered.

A story waits for those before it: while one of them has an item that is accepted and not applied, and as long as one of them
binds_until it (`lifecycle.binds_until`). What `replaces` another is the same story, and no ancestor.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from services.publish import lifecycle
from services.publish.story import NEVER, StoryRecord, latest
from shared.pipeline import Stage

#: an item that waits in one of these may yet change what its story is
_BEFORE_ITS_STORY = (Stage.ENRICH, Stage.PUBLISH)


@dataclass(frozen=True)
class Ancestors:
    """Of some stories, all that they evolved from, one behind the other."""

    of: Mapping[str, frozenset[str]]
    circles: frozenset[str]  #: stories that evolved from themselves

    @property
    def all(self) -> set[str]:
        """The ancestors of all of them together."""
        return {ancestor for ancestors in self.of.values() for ancestor in ancestors}

    def bind(self, story: str, records: Mapping[str, StoryRecord], own: Mapping[str, datetime | None]) -> datetime | None:
        """Until when the story waits with those before it, each for what it says itself: all of them are asked."""
        known = [ancestor for ancestor in self.of.get(story, ()) if ancestor in records]
        return latest(*(lifecycle.binds_until(_by_itself(records[it], own.get(it))) for it in known))


def _by_itself(record: StoryRecord, own: datetime | None) -> StoryRecord:
    """Without the embargo that it has from others."""
    until = min(record.embargoed_until, own) if record.embargoed_until and own else None
    return replace(record, embargoed_until=until)


def read_ancestors(connection: Connection, stories: Iterable[str]) -> Ancestors:
    """By every version of each story: a later one that does not say it again takes nothing back."""
    rows = connection.execute(
        text("""
            WITH RECURSIVE ancestors AS (
                SELECT items.story, older.story AS ancestor
                FROM items JOIN identities AS older ON older.uri = items.content ->> 'evolved_from'
                WHERE items.story = ANY(CAST(:stories AS varchar[])) AND older.story <> items.story
                UNION
                SELECT ancestors.story, older.story
                FROM ancestors JOIN items ON items.story = ancestors.ancestor
                JOIN identities AS older ON older.uri = items.content ->> 'evolved_from'
                WHERE older.story <> items.story
            )
            SELECT story, array_agg(ancestor) AS ancestors FROM ancestors GROUP BY story
        """),
        {"stories": sorted(set(stories))},
    ).all()
    return Ancestors(
        of={row.story: frozenset(row.ancestors) - {row.story} for row in rows},
        circles=frozenset(row.story for row in rows if row.story in row.ancestors),
    )


@dataclass(frozen=True)
class Undecided:
    """Items that are accepted and not applied to their stories."""

    items: dict[UUID, str]  #: the story of each
    dead: frozenset[UUID]  #: those that a person must look at first

    def among(self, stories: Collection[str]) -> set[UUID]:
        """The items of these stories."""
        return {item for item, story in self.items.items() if story in stories}


def read_undecided(connection: Connection, stories: Iterable[str]) -> Undecided:
    """Read it under the stories' locks. A dead letter counts if it says when, or that, it must not be public."""
    rows = connection.execute(
        text("""
            SELECT items.id, items.story, bool_or(work.state = 'dead') AS is_dead
            FROM items JOIN work ON work.item = items.id
            WHERE items.story = ANY(CAST(:stories AS varchar[])) AND work.stage = ANY(CAST(:stages AS varchar[]))
              AND (work.state = 'due' OR (work.state = 'dead'
                   AND items.content ?| '{embargoed_until,embargo_open,scheduled_for,doubt,pubstatus}'))
            GROUP BY items.id, items.story
        """),
        {"stories": sorted(set(stories)), "stages": [stage.value for stage in _BEFORE_ITS_STORY]},
    ).all()
    return Undecided(items={row.id: row.story for row in rows}, dead=frozenset(row.id for row in rows if row.is_dead))


@dataclass(frozen=True)
class Own:
    """What a story says for itself, without those before it."""

    embargo: datetime | None = None
    stands_alone: bool = False  #: a person at the desk let it go


def read_own(connection: Connection, stories: Iterable[str]) -> dict[str, Own]:
    """By the versions that were applied: where a story stands, its embargo may be another's."""
    rows = connection.execute(
        text("""
            SELECT stories.id, said.until, coalesce(said.is_open, false) AS is_open,
                   coalesce(shown.content ? 'stands_alone', false) AS stands_alone
            FROM stories LEFT JOIN items AS shown ON shown.id = stories.item
            LEFT JOIN LATERAL (
                SELECT CAST(items.content ->> 'embargoed_until' AS timestamptz) AS until,
                       items.content ? 'embargo_open' AS is_open
                FROM items JOIN decisions ON decisions.item = items.id JOIN identities ON identities.uri = items.uri
                WHERE items.story = stories.id AND decisions.outcome IN ('applied', 'kept')
                  AND items.content ?| '{embargoed_until,embargo_open,embargo_cleared}'
                ORDER BY identities.generation DESC, items.version DESC LIMIT 1
            ) AS said ON true
            WHERE stories.id = ANY(CAST(:stories AS varchar[]))
        """),
        {"stories": sorted(set(stories))},
    )
    return {row.id: Own(embargo=NEVER if row.is_open else row.until, stands_alone=row.stands_alone) for row in rows}


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A story under embargo that evolved from one that has moved."""

    story: str
    ancestor: str
    item: UUID
    revision: int


def read_waiting(connection: Connection, ancestors: Iterable[str]) -> list[Waiting]:
    """The stories under embargo that evolved from any of these. From the few that wait upwards, not down from each that moves."""
    rows = connection.execute(
        text("""
            WITH RECURSIVE ancestors AS (
                SELECT items.story, older.story AS ancestor
                FROM stories JOIN items ON items.story = stories.id
                JOIN identities AS older ON older.uri = items.content ->> 'evolved_from'
                WHERE stories.state = 'embargoed' AND older.story <> items.story
                UNION
                SELECT ancestors.story, older.story
                FROM ancestors JOIN items ON items.story = ancestors.ancestor
                JOIN identities AS older ON older.uri = items.content ->> 'evolved_from'
                WHERE older.story <> items.story
            )
            SELECT stories.id, ancestors.ancestor, stories.item, stories.revision
            FROM ancestors JOIN stories ON stories.id = ancestors.story
            WHERE ancestors.ancestor = ANY(CAST(:ancestors AS varchar[])) AND stories.id <> ancestors.ancestor
        """),
        {"ancestors": sorted(set(ancestors))},
    )
    return [Waiting(story=row.id, ancestor=row.ancestor, item=row.item, revision=row.revision) for row in rows]
