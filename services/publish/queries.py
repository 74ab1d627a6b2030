"""Publish's SQL: a chunk's items and its stories in; stories, revisions, memberships and decisions out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, text

from services.publish.outcomes import Decision
from services.publish.story import IncomingItem, PendingItem, StoryRecord, Transition
from shared.archive.locks import Lock
from shared.archive.sorting import ABOUT
from shared.contracts.item import Doubt, KillReason, WireItem
from shared.contracts.story import StoryState
from shared.wire.config import Wire
from shared.wire.matching import facts_of


def read_pending(connection: Connection, ids: Sequence[UUID], wire: Wire) -> dict[UUID, PendingItem]:
    """The items of a chunk, by their identifiers."""
    rows = connection.execute(
        text(f"""
            SELECT items.id, items.story, items.accepted_at, items.content, items.content_hash, items.key_name,
                   identities.generation, enrichments.language, enrichments.language_by,
                   {ABOUT}, sortings.story IS NOT NULL AS is_sorted,
                   twin.story AS twin, twin.hides
            FROM items JOIN identities ON identities.uri = items.uri LEFT JOIN enrichments ON enrichments.item = items.id
            LEFT JOIN sortings ON sortings.story = items.story
            LEFT JOIN LATERAL (
                -- a few words, which have no keys, are a copy of what was taken back; of what is public they may be by chance
                SELECT likenesses.story, is_anothers AND (
                           coalesce(twins.state, 'accepted') IN ('embargoed', 'killed')
                           OR twins.is_desk_hold OR (twins.state = 'held' AND twins.doubt = 'embargo')
                           OR (coalesce(twins.state, 'accepted') IN ('accepted', 'published')
                               AND EXISTS (SELECT FROM fingerprints WHERE item = items.id AND keys <> '{{}}'))) AS hides
                FROM likenesses LEFT JOIN stories AS twins ON twins.id = likenesses.story
                WHERE likenesses.item = items.id AND is_same ORDER BY hides DESC, likenesses.story LIMIT 1
            ) AS twin ON true
            WHERE items.id = ANY(CAST(:ids AS uuid[]))
        """),
        {"ids": list(ids)},
    )
    return {row.id: _pending(row, wire) for row in rows}


def _pending(row: Row[tuple[Any, ...]], wire: Wire) -> PendingItem:
    item = WireItem.model_validate(row.content)
    language = row.language or item.language
    return PendingItem(
        story=row.story,
        accepted_at=row.accepted_at,
        incoming=IncomingItem(
            id=row.id,
            item=item,
            content_hash=row.content_hash,
            generation=row.generation,
            sender=row.key_name,
            edition=wire.edition_of(language),
            is_sure_of_language=row.language_by in ("said", "text"),
            same_as=row.twin if row.hides else None,
        ),
        twin=row.twin or "",
        is_sorted=row.is_sorted,
        facts=facts_of(
            item,
            language=language,
            regions=tuple(row.regions),
            sections=tuple(row.sections),
            tags=tuple(row.tags),
            labels=item.labels or tuple(row.labels),
            topics=wire.topics,
        ),
    )


def no_later_than_here(connection: Connection, now: datetime) -> datetime:
    """A worker's clock, or the database's where the worker's is ahead of it: one clock that nothing becomes public before."""
    at: datetime = connection.execute(
        text("SELECT least(CAST(:now AS timestamptz), clock_timestamp())"), {"now": now}
    ).scalar_one()
    return at


def lock_stories(connection: Connection, stories: Iterable[str]) -> dict[str, StoryRecord]:
    """What the stories are now, with nobody else able to move them until this transaction ends.

    The locks are on the identifiers, so that they hold for stories that are not there yet, and are taken in order.
    """
    ids = sorted(set(stories))
    connection.execute(
        text("""
            SELECT pg_advisory_xact_lock(key)
            FROM (SELECT DISTINCT hashtextextended(id, :lock) AS key FROM unnest(CAST(:ids AS varchar[])) AS id ORDER BY 1)
                 AS keys
        """),
        {"ids": ids, "lock": Lock.STORY},
    )
    rows = connection.execute(
        text("""
            SELECT id, state, uri, generation, version, revision, item, adds, content_hash, edition,
                   published_at, updated_at, embargoed_until, scheduled_for, expires_at, kill_reason, correction_notes,
                   doubt, doubt_note, is_desk_hold, held_by
            FROM stories WHERE id = ANY(CAST(:ids AS varchar[]))
        """),
        {"ids": ids},
    )
    return {row.id: _record(row) for row in rows}


def _record(row: Row[tuple[Any, ...]]) -> StoryRecord:
    """A row whose columns are the record's fields, and `id`."""
    values = row._asdict() | {
        "state": StoryState(row.state),
        "adds": tuple(row.adds),
        "kill_reason": KillReason(row.kill_reason) if row.kill_reason else None,
        "correction_notes": tuple(row.correction_notes),
        "doubt": Doubt(row.doubt) if row.doubt else None,
    }
    del values["id"]
    return StoryRecord(**values)


def write_stories(connection: Connection, records: Mapping[str, StoryRecord]) -> None:
    """What the stories are after the chunk, by their identifiers."""
    if records:
        rows = [
            {
                **asdict(record),
                "id": story,
                "state": record.state.value,
                "kill_reason": record.kill_reason and record.kill_reason.value,
                "correction_notes": list(record.correction_notes),
                "adds": list(record.adds),
                "doubt": record.doubt and record.doubt.value,
            }
            for story, record in records.items()
        ]
        connection.execute(_WRITE_STORY, rows)


_WRITE_STORY = text("""
    INSERT INTO stories (id, state, uri, generation, version, revision, item, adds, content_hash, edition, published_at,
                         updated_at, embargoed_until, scheduled_for, expires_at, kill_reason, correction_notes, doubt, doubt_note,
                         is_desk_hold, held_by)
    VALUES (:id, :state, :uri, :generation, :version, :revision, :item, CAST(:adds AS uuid[]), :content_hash, :edition,
            :published_at, :updated_at, :embargoed_until, :scheduled_for, :expires_at, :kill_reason, :correction_notes,
            :doubt, :doubt_note, :is_desk_hold, :held_by)
    ON CONFLICT (id) DO UPDATE SET state = excluded.state, uri = excluded.uri, generation = excluded.generation,
        version = excluded.version, revision = excluded.revision, item = excluded.item, adds = excluded.adds,
        content_hash = excluded.content_hash, edition = excluded.edition, published_at = excluded.published_at,
        updated_at = excluded.updated_at, embargoed_until = excluded.embargoed_until,
        scheduled_for = excluded.scheduled_for, expires_at = excluded.expires_at, kill_reason = excluded.kill_reason,
        correction_notes = excluded.correction_notes, doubt = excluded.doubt, doubt_note = excluded.doubt_note,
        is_desk_hold = excluded.is_desk_hold, held_by = excluded.held_by
""")


def write_transitions(connection: Connection, transitions: Sequence[tuple[str, UUID, Transition]]) -> None:
    """Keep a revision for each: story, the item that made it, and the transition."""
    if transitions:
        connection.execute(
            text("""
                INSERT INTO revisions (story, revision, item, act, state, made_at)
                VALUES (:story, :revision, :item, :act, :state, :made_at)
            """),
            [
                {
                    "story": story,
                    "revision": transition.record.revision,
                    "item": item,
                    "act": transition.act.value,
                    "state": transition.record.state.value,
                    "made_at": transition.record.updated_at,
                }
                for story, item, transition in transitions
            ],
        )


def write_decisions(connection: Connection, decisions: Mapping[UUID, Decision], now: datetime) -> None:
    """What became of each item, for those who ask. That it changed nothing a second time takes back nothing that it did."""
    if decisions:
        connection.execute(
            text("""
                INSERT INTO decisions (item, outcome, reason, decided_at) VALUES (:item, :outcome, :reason, :now)
                ON CONFLICT (item) DO UPDATE SET outcome = excluded.outcome, reason = excluded.reason,
                    decided_at = excluded.decided_at
                WHERE excluded.outcome <> 'unchanged'
            """),
            [
                {"item": item, "outcome": decision.outcome, "reason": decision.reason, "now": now}
                for item, decision in sorted(decisions.items())
            ],
        )


def find_translated(connection: Connection, stories: Iterable[str], editions: Iterable[str]) -> set[str]:
    """Those stories whose present text readers of some edition could read in a translation."""
    return set(
        connection.execute(
            text("""
                SELECT DISTINCT stories.id FROM stories
                JOIN translations ON translations.story = stories.id AND translations.revision = stories.revision
                WHERE stories.id = ANY(CAST(:stories AS varchar[])) AND translations.state = 'ready'
                  AND translations.edition = ANY(CAST(:editions AS varchar[]))
            """),
            {"stories": sorted(set(stories)), "editions": list(editions)},
        ).scalars()
    )


def add_memberships(connection: Connection, feeds: Mapping[str, Sequence[str]], *, sorted_stories: Set[str]) -> None:
    """Put stories into feeds. What is there stays, but for stories that an editor has sorted: these leave the feeds not named."""
    rows = [{"story": story, "feed": feed} for story, names in sorted(feeds.items()) for feed in sorted(set(names))]
    if rows:
        connection.execute(_ADD_MEMBERSHIP, rows)
    if moved := [{"story": story, "feeds": list(feeds[story])} for story in sorted(sorted_stories & feeds.keys())]:
        connection.execute(_MOVE_OUT, moved)


_ADD_MEMBERSHIP = text("""
    INSERT INTO memberships (story, feed) VALUES (:story, :feed)
    ON CONFLICT (story, feed) DO UPDATE SET moved_out = false WHERE memberships.moved_out
""")

_MOVE_OUT = text("""
    UPDATE memberships SET moved_out = true
    WHERE story = :story AND feed <> ALL(CAST(:feeds AS varchar[])) AND NOT moved_out
""")


def stories_of(connection: Connection, items: Sequence[UUID]) -> dict[UUID, str]:
    """The stories that items came to, by the items' identifiers."""
    rows = connection.execute(text("SELECT id, story FROM items WHERE id = ANY(CAST(:ids AS uuid[]))"), {"ids": list(items)})
    return {row.id: row.story for row in rows}
