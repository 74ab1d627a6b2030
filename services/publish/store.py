"""Publish's SQL: a chunk's items and standings in, moves and memberships out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, text

from services.publish.lifecycle import Move, Standing
from shared.contracts.item import WireItem
from shared.contracts.story import StoryState


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """An item with what enrichment said of it; a retraction comes without."""

    id: UUID
    story: str
    item: WireItem
    language: str
    regions: tuple[str, ...]
    sections: tuple[str, ...]


def read_arrivals(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, Arrival]:
    """The items of a chunk."""
    rows = connection.execute(
        text("""
            SELECT items.id, items.story, items.content, enrichments.language, enrichments.regions,
                   enrichments.sections
            FROM items LEFT JOIN enrichments ON enrichments.item = items.id
            WHERE items.id = ANY(CAST(:ids AS uuid[]))
        """),
        {"ids": list(ids)},
    )
    return {
        row.id: Arrival(
            id=row.id,
            story=row.story,
            item=WireItem.model_validate(row.content),
            language=row.language or row.content.get("language", ""),
            regions=tuple(row.regions or ()),
            sections=tuple(row.sections or ()),
        )
        for row in rows
    }


def lock_standings(connection: Connection, stories: Iterable[str]) -> dict[str, Standing]:
    """What the stories are now, with nobody else able to move them until this transaction ends.

    The locks are on the identifiers, so that they hold for stories that are not there yet, and are taken in order.
    """
    ids = sorted(set(stories))
    connection.execute(
        text("""
            SELECT pg_advisory_xact_lock(key)
            FROM (SELECT DISTINCT hashtextextended(id, 1) AS key FROM unnest(CAST(:ids AS varchar[])) AS id ORDER BY 1)
                 AS keys
        """),
        {"ids": ids},
    )
    rows = connection.execute(
        text("""
            SELECT id, state, version, revision, item, edition, published_at, updated_at, embargoed_until,
                   correction_notes
            FROM stories WHERE id = ANY(CAST(:ids AS varchar[]))
        """),
        {"ids": ids},
    )
    return {
        row.id: Standing(
            state=StoryState(row.state),
            version=row.version,
            revision=row.revision,
            item=row.item,
            edition=row.edition,
            published_at=row.published_at,
            updated_at=row.updated_at,
            embargoed_until=row.embargoed_until,
            correction_notes=tuple(row.correction_notes),
        )
        for row in rows
    }


def write_standings(connection: Connection, standings: Mapping[str, Standing], uris: Mapping[str, str]) -> None:
    """Where the stories are after the chunk."""
    if standings:
        connection.execute(
            _WRITE_STANDING,
            [
                {
                    "id": story,
                    "uri": uris.get(story, ""),
                    "state": s.state.value,
                    "version": s.version,
                    "revision": s.revision,
                    "item": s.item,
                    "edition": s.edition,
                    "published_at": s.published_at,
                    "updated_at": s.updated_at,
                    "embargoed_until": s.embargoed_until,
                    "correction_notes": list(s.correction_notes),
                }
                for story, s in standings.items()
            ],
        )


_WRITE_STANDING = text("""
    INSERT INTO stories (id, uri, state, version, revision, item, edition, published_at, updated_at, embargoed_until,
                         correction_notes)
    VALUES (:id, :uri, :state, :version, :revision, :item, :edition, :published_at, :updated_at, :embargoed_until,
            :correction_notes)
    ON CONFLICT (id) DO UPDATE SET state = excluded.state, version = excluded.version, revision = excluded.revision,
        item = excluded.item, edition = excluded.edition, published_at = excluded.published_at,
        updated_at = excluded.updated_at, embargoed_until = excluded.embargoed_until,
        correction_notes = excluded.correction_notes
""")


def write_moves(connection: Connection, moves: Sequence[tuple[str, UUID, Move]]) -> None:
    """Every revision is kept: story, the item that made it, and the move."""
    if moves:
        connection.execute(
            text("""
                INSERT INTO revisions (story, revision, item, act, state, made_at)
                VALUES (:story, :revision, :item, :act, :state, :made_at)
            """),
            [
                {
                    "story": story,
                    "revision": move.standing.revision,
                    "item": item,
                    "act": move.act.value,
                    "state": move.standing.state.value,
                    "made_at": move.standing.updated_at,
                }
                for story, item, move in moves
            ],
        )


def add_memberships(connection: Connection, feeds: Mapping[str, Sequence[str]]) -> None:
    """Put stories into feeds; what is there stays."""
    rows = [{"story": story, "feed": feed} for story, names in feeds.items() for feed in names]
    if rows:
        connection.execute(
            text("INSERT INTO memberships (story, feed) VALUES (:story, :feed) ON CONFLICT DO NOTHING"), rows
        )


def stories_of(connection: Connection, items: Sequence[UUID]) -> dict[UUID, str]:
    """The story of each item."""
    rows = connection.execute(
        text("SELECT id, story FROM items WHERE id = ANY(CAST(:ids AS uuid[]))"), {"ids": list(items)}
    )
    return {row.id: row.story for row in rows}
