"""SQL of items on their way in: their identities, what they were read from, and the items themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from services.ingest.acceptance import Candidate
from services.ingest.forecast import StoryNow
from services.ingest.formats.payload import Payload
from services.ingest.identity import without_take
from shared.contracts.item import PubStatus, WireItem
from shared.contracts.story import StoryState
from shared.pipeline import Lane

#: what tells a version of a story from all others: `uri` and number
Identity = tuple[str, int]

# ── Identities ───────────────────────────────────────────────────────────────────────────────────────────────────


def lock_identities(connection: Connection) -> None:
    """Let nobody else write identities until the transaction ends.

    So that of two requests that bring a story's two names at once, the second finds what the first wrote.
    """
    connection.execute(text("LOCK TABLE identities IN SHARE ROW EXCLUSIVE MODE"))


def find_stories(connection: Connection, uris: Sequence[str]) -> dict[str, str]:
    """The stories' identifiers by the `uri`s that are known; the others are left out."""
    rows = connection.execute(
        text("SELECT uri, story FROM identities WHERE uri = ANY(CAST(:uris AS varchar[]))"), {"uris": list(uris)}
    )
    return {row.uri: row.story for row in rows}


def take_serials(connection: Connection, count: int) -> list[int]:
    """So many numbers for new stories, which nobody else has."""
    serials = connection.execute(text("SELECT nextval('story_serial') FROM generate_series(1, :count)"), {"count": count})
    return list(serials.scalars())


@dataclass(frozen=True, kw_only=True)
class NewIdentity:
    """A `uri` that nobody knows, and the item that brings it."""

    item: WireItem
    story: str  #: its identifier, unless it is a generation of a story that is there
    provider: str


def write_identities(connection: Connection, identities: Sequence[NewIdentity], *, now: datetime) -> None:
    """Keep new identities. One that another request wrote first stands as it was written."""
    if not identities:
        return
    connection.execute(
        _WRITE_IDENTITY,
        [
            {
                "uri": new.item.uri,
                "story": new.story,
                "replaces": new.item.replaces,
                "continues": without_take(new.item.slugline) if new.item.is_add else "",
                "provider": new.provider,
                "is_kill": new.item.pubstatus is PubStatus.CANCELED,
                "created_at": new.item.version_created_at,
                "now": now,
            }
            for new in identities
        ],
    )


# A substitute for a killed story is a story of its own, but only what was written after the kill can be one: an older
# resend under another name is the killed text again, and joins the story that is gone.
# An add that comes under a number of its own continues its provider's newest story of the day with its slugline.
_WRITE_IDENTITY = text("""
    INSERT INTO identities (uri, story, generation, replaces, first_seen_at)
    SELECT :uri, coalesce(before.story, after.story, continued.story, :story),
           coalesce(before.generation + 1, after.generation - 1, continued.generation + 1, 0), :replaces,
           CAST(:now AS timestamptz)
    FROM (SELECT) AS one
    LEFT JOIN LATERAL (
        SELECT story, generation FROM identities
        WHERE identities.uri = :replaces AND :replaces <> '' AND (:is_kill OR NOT EXISTS (
            SELECT FROM items WHERE items.story = identities.story AND items.content ->> 'pubstatus' = 'canceled'
              AND CAST(items.content ->> 'version_created_at' AS timestamptz) < CAST(:created_at AS timestamptz)))
    ) AS before ON true
    LEFT JOIN LATERAL (
        SELECT story, generation FROM identities WHERE identities.replaces = :uri AND replaces <> ''
        ORDER BY generation LIMIT 1
    ) AS after ON true
    LEFT JOIN LATERAL (
        SELECT items.story, (SELECT max(generation) FROM identities WHERE identities.story = items.story) AS generation
        FROM items
        WHERE :continues <> '' AND items.provider = :provider AND lower(items.content ->> 'slugline') = lower(:continues)
          AND accepted_at > CAST(:now AS timestamptz) - interval '1 day'
        ORDER BY accepted_at DESC LIMIT 1
    ) AS continued ON true
    ON CONFLICT DO NOTHING
""")


# ── Payloads and items ───────────────────────────────────────────────────────────────────────────────────────────


def keep_payloads(connection: Connection, payloads: Sequence[Payload], *, address: str, now: datetime) -> None:
    """Keep what was sent, once each: a document of many items is kept once, and so is what is sent twice.

    `address` is where it stood, which a second reading needs for its relative links; empty where nobody knows.
    """
    once = {id(payload): payload for payload in payloads}
    by_digest = {payload.digest: payload for payload in once.values()}
    connection.execute(
        _KEEP_PAYLOADS,
        {
            "digest": sorted(by_digest),
            "media_type": [by_digest[digest].media_type for digest in sorted(by_digest)],
            "body": [by_digest[digest].compressed for digest in sorted(by_digest)],
            "address": address,
            "now": now,
        },
    )


# In the order of their digests, so that two that keep the same never wait for each other in a circle.
_KEEP_PAYLOADS = text("""
    INSERT INTO payloads (digest, media_type, body, address, received_at)
    SELECT *, :address, CAST(:now AS timestamptz)
    FROM unnest(CAST(:digest AS bytea[]), CAST(:media_type AS varchar[]), CAST(:body AS bytea[]))
    ON CONFLICT DO NOTHING
""")


@dataclass(frozen=True, kw_only=True)
class NewItem:
    """An item that is to be kept."""

    candidate: Candidate
    item: WireItem  #: as the archive keeps it
    story: str
    provider: str
    lane: Lane
    words_hash: bytes | None  #: None: it cannot come under another name


def insert_items(connection: Connection, items: Sequence[NewItem], *, key_name: str, now: datetime) -> dict[Identity, UUID]:
    """Keep items under their identities. Returns the identifiers of those that were not there yet."""
    rows = connection.execute(
        _INSERT,
        {
            "uri": [new.item.uri for new in items],
            "version": [new.item.version for new in items],
            "story": [new.story for new in items],
            "content_hash": [new.candidate.content_hash for new in items],
            "content": [new.item.model_dump_json(exclude_defaults=True) for new in items],
            "words_hash": [new.words_hash for new in items],
            "payload": [new.candidate.payload.digest for new in items],
            "position": [new.candidate.position for new in items],
            "provider": [new.provider for new in items],
            "lane": [new.lane.number for new in items],
            "key_name": key_name,
            "now": now,
        },
    )
    return {(row.uri, row.version): row.id for row in rows}


# Items that nobody has under their identities; the others are left as they are.
_INSERT = text("""
    INSERT INTO items (uri, version, story, content_hash, content, words_hash, payload, position, provider, lane, key_name,
                       accepted_at)
    SELECT uri, version, story, content_hash, content, words_hash, payload, position, provider, lane, :key_name,
           CAST(:now AS timestamptz)
    FROM unnest(
        CAST(:uri AS varchar[]), CAST(:version AS int[]), CAST(:story AS varchar[]), CAST(:content_hash AS bytea[]),
        CAST(:content AS jsonb[]), CAST(:words_hash AS bytea[]), CAST(:payload AS bytea[]), CAST(:position AS int[]),
        CAST(:provider AS varchar[]), CAST(:lane AS smallint[])
    ) AS sent (uri, version, story, content_hash, content, words_hash, payload, position, provider, lane)
    ON CONFLICT ON CONSTRAINT items_identity DO NOTHING
    RETURNING id, uri, version
""")


@dataclass(frozen=True, kw_only=True)
class ArchivedItem:
    """An item that is there already under an identity that comes again."""

    id: UUID
    content_hash: bytes
    place: tuple[bytes, int]  #: its payload and its place there
    is_no_senders: bool  #: a person's at the desk, or one whose sender gave it another number


def find_archived(connection: Connection, candidates: Sequence[Candidate]) -> dict[Identity, ArchivedItem]:
    """The items that are there already under the candidates' identities."""
    if not candidates:
        return {}
    rows = connection.execute(
        _ARCHIVED,
        {"uri": [c.item.uri for c in candidates], "version": [c.item.version for c in candidates]},
    )
    return {
        (row.uri, row.version): ArchivedItem(
            id=row.id,
            content_hash=row.content_hash,
            place=(row.payload, row.position),
            is_no_senders=bool(row.is_no_senders),
        )
        for row in rows
    }


# What stands under some identities.
_ARCHIVED = text("""
    SELECT items.id, items.uri, items.version, items.content_hash, items.payload, items.position,
           items.content ? 'is_from_desk' OR items.content ? 'sent_version' AS is_no_senders
    FROM items JOIN unnest(CAST(:uri AS varchar[]), CAST(:version AS int[])) AS sent (uri, version)
     ON items.uri = sent.uri AND items.version = sent.version
""")


def count_express(connection: Connection, providers: Sequence[str], *, since: datetime) -> dict[str, int]:
    """How many items of each provider were accepted into the express lane since a moment; those with none are left out."""
    if not providers:
        return {}
    return {row.provider: row.used for row in connection.execute(_EXPRESS_USED, {"providers": list(providers), "since": since})}


# What some providers have used of the express lane.
_EXPRESS_USED = text("""
    SELECT provider, count(*) AS used FROM items
    WHERE provider = ANY(CAST(:providers AS varchar[])) AND lane = 0 AND accepted_at > :since GROUP BY provider
""")


# ── Their stories ────────────────────────────────────────────────────────────────────────────────────────────────


def find_story_states(connection: Connection, candidates: Sequence[Candidate]) -> dict[str, StoryNow]:
    """The stories of some items, by the items' `uri`; those that are not there yet are left out."""
    if not candidates:
        return {}
    rows = connection.execute(
        _STORY_STATES,
        {"uris": [c.item.uri for c in candidates], "versions": [c.item.version for c in candidates]},
    )
    return {
        row.uri: StoryNow(
            state=StoryState(row.state),
            was_public=row.was_public,
            is_desk_hold=row.is_desk_hold,
            held_by=row.held_by,
            versions=frozenset(row.versions),
        )
        for row in rows
    }


# What publish has made of the stories behind some names, and which of the versions that come are known already.
_STORY_STATES = text("""
    SELECT sent_uris.uri, stories.state, stories.published_at IS NOT NULL AS was_public, stories.is_desk_hold, stories.held_by,
           ARRAY(SELECT version FROM items
                 WHERE items.uri = sent_uris.uri AND version = ANY(sent_uris.versions)) AS versions
    FROM (SELECT uri, array_agg(version) AS versions
          FROM unnest(CAST(:uris AS varchar[]), CAST(:versions AS int[])) AS sent (uri, version)
          GROUP BY uri) AS sent_uris
    JOIN identities ON identities.uri = sent_uris.uri JOIN stories ON stories.id = identities.story
""")
