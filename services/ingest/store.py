"""Ingest's SQL: identities, items, and the first piece of work of each, in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, Row, text

from services.ingest.acceptance import Arrival, Candidate, Rejection, renamed, version_conflict
from services.ingest.formats.payload import Payload
from services.ingest.identity import without_take
from services.ingest.numbering import Known, numbered
from shared.contracts.item import Doubt, PubStatus, WireItem
from shared.contracts.story import story_id
from shared.contracts.work import Follow
from shared.pipeline import FIRST_STAGE_OF_NEWS, FIRST_STAGE_OF_RETRACTIONS, Lane
from shared.queue.unit_of_work import UnitOfWork
from shared.wire.config import Wire


@dataclass(frozen=True, kw_only=True)
class Acceptance:
    """An item that is safe in the archive."""

    index: int
    item: UUID
    story: str
    version: int
    provider: str
    duplicate: bool
    notes: tuple[str, ...] = ()  #: what was left out or changed, in words for who sent it
    ignored: tuple[str, ...] = ()  #: names of the sender's that mean nothing to this wire
    held: Doubt | None = None  #: why a person must look first, where that is known already


def accept(
    work: UnitOfWork,
    candidates: Sequence[Candidate],
    *,
    wire: Wire,
    key_name: str,
    express_per_minute: int,
    arrival: Arrival,
    may_number_again: bool = False,
) -> tuple[list[Acceptance], list[Rejection]]:
    """Keep the items and record their first work. Each candidate has its number, and an identity of its own in the request.

    What is there already with the same content is a duplicate; with other content it is rejected. Raises NumberTaken where
    the number of such a one was taken since it was looked for, if `may_number_again`.
    """
    if not candidates:
        return [], []
    connection, now = work.connection, work.now
    items = [candidate.kept(now) for candidate in candidates]
    stories = _identify(connection, items, wire=wire, now=now)
    lanes = _fair_lanes(connection, candidates, express_per_minute=express_per_minute, now=now)
    keep_payloads(connection, [candidate.payload for candidate in candidates], address=arrival.address, now=now)
    inserted = connection.execute(
        _INSERT,
        {
            "uri": [c.item.uri for c in candidates],
            "version": [c.item.version for c in candidates],
            "story": [stories[c.item.uri] for c in candidates],
            "content_hash": [c.content_hash for c in candidates],
            "content": [item.model_dump_json(exclude_defaults=True) for item in items],
            "words_hash": [c.words_hash if _may_be_renamed(c, arrival) else None for c in candidates],
            "payload": [c.payload.digest for c in candidates],
            "position": [c.position for c in candidates],
            "provider": [_provider_of(c.item) for c in candidates],
            "lane": [lane.number for lane in lanes],
            "key_name": key_name,
            "now": now,
        },
    )
    fresh = {(row.uri, row.version): row.id for row in inserted}
    for candidate, lane in zip(candidates, lanes, strict=True):
        if item_id := fresh.get((candidate.item.uri, candidate.item.version)):
            stage = FIRST_STAGE_OF_RETRACTIONS if candidate.item.retracts else FIRST_STAGE_OF_NEWS
            follow = Follow(stage=stage, item=item_id, revision=candidate.item.version)
            work.follows([follow], lane=lane)
    known = _known(connection, [c for c in candidates if (c.item.uri, c.item.version) not in fresh])
    accepted: list[Acceptance] = []
    rejected: list[Rejection] = []
    for candidate, item in zip(candidates, items, strict=True):
        identity = (candidate.item.uri, candidate.item.version)
        if (row := known.get(identity)) and not _is_the_same(candidate, row):
            if may_number_again and _may_have_another(candidate, row):
                raise NumberTaken
            rejected.append(version_conflict(candidate))
            continue
        accepted.append(
            Acceptance(
                index=candidate.index,
                item=fresh.get(identity) or known[identity].id,
                story=stories[candidate.item.uri],
                version=candidate.item.version,
                provider=_provider_of(candidate.item),
                duplicate=identity not in fresh,
                notes=item.notes,
                ignored=tuple(sorted(item.unplaced)),
                held=item.doubt,
            )
        )
    return accepted, rejected


class NumberTaken(Exception):
    """Somebody else has used a number in the moment between looking for it and using it."""


def _may_have_another(candidate: Candidate, row: Row[tuple[object, ...]]) -> bool:
    """Was a number taken that is the archive's to give, or is taken by one that is none of the sender's sequence?"""
    is_given = candidate.needs_number or candidate.item.retracts or candidate.sent_version is not None
    return is_given or (not candidate.item.is_from_desk and bool(row.is_no_senders))


def _is_the_same(candidate: Candidate, row: Row[tuple[object, ...]]) -> bool:
    return candidate.content_hash == row.content_hash or candidate.place == (row.payload, row.position)


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


def keep_payloads(connection: Connection, payloads: Sequence[Payload], *, address: str, now: datetime) -> None:
    """Keep what was sent, once each: a document of many items is kept once, and so is what is sent twice.

    `address` is where it stood, which a second reading needs for its relative links; empty where nobody knows.
    """
    once = {id(payload): payload for payload in payloads}
    by_digest = {payload.digest: payload for payload in once.values()}
    connection.execute(
        text("""
            INSERT INTO payloads (digest, media_type, body, address, received_at)
            SELECT *, :address, CAST(:now AS timestamptz)
            FROM unnest(CAST(:digest AS bytea[]), CAST(:media_type AS varchar[]), CAST(:body AS bytea[]))
            ON CONFLICT DO NOTHING
        """),
        {
            "digest": sorted(by_digest),
            "media_type": [by_digest[digest].media_type for digest in sorted(by_digest)],
            "body": [by_digest[digest].compressed for digest in sorted(by_digest)],
            "address": address,
            "now": now,
        },
    )


def number(
    connection: Connection, candidates: Sequence[Candidate], *, source: str, arrival: Arrival, now: datetime
) -> tuple[list[Candidate], list[Rejection]]:
    """Items of formats that number no versions, and what takes stories back, with a number; and what cannot have one.

    So too the items whose sender numbers them, where the archive has their number or a higher one: it may be the desk's.
    """
    named = {candidate.item.uri for candidate in candidates if candidate.needs_number or candidate.item.retracts}
    uris = sorted(named | _overtaken(connection, [c for c in candidates if c.item.uri not in named]))
    if not uris:
        return list(candidates), []
    # held until the commit, so that two that bring the same story number it one after the other; few locks for many
    connection.execute(
        text("""
            SELECT pg_advisory_xact_lock(key)
            FROM (SELECT DISTINCT hashtextextended(uri, 2) % 256 AS key FROM unnest(CAST(:uris AS varchar[])) AS uri ORDER BY 1)
                 AS keys
        """),
        {"uris": uris},
    )
    known = _histories(connection, uris)
    candidates, renames = _steady(connection, candidates, known, source=source, arrival=arrival, now=now)
    results = numbered(candidates, known, source=source, is_old_copy=arrival.is_old_copy, now=now)
    refused = [result for result in results if isinstance(result, Rejection)]
    return [result for result in results if isinstance(result, Candidate)], [*renames, *refused]


def _overtaken(connection: Connection, candidates: Sequence[Candidate]) -> set[str]:
    """The names of items whose number, or a higher one, is there already; but for what is sent again as it was."""
    if not candidates:
        return set()
    rows = connection.execute(
        text("""
            SELECT DISTINCT sent.uri
            FROM unnest(CAST(:uris AS varchar[]), CAST(:versions AS int[]), CAST(:hashes AS bytea[])) AS sent (uri, version, hash)
            WHERE EXISTS (SELECT FROM items WHERE items.uri = sent.uri AND items.version >= sent.version)
              AND NOT EXISTS (SELECT FROM items WHERE items.uri = sent.uri AND items.version = sent.version
                              AND content_hash = hash AND NOT content ? 'sent_version')
        """),
        {
            "uris": [c.item.uri for c in candidates],
            "versions": [c.item.version for c in candidates],
            "hashes": [c.content_hash for c in candidates],
        },
    )
    return set(rows.scalars())


def _histories(connection: Connection, uris: Sequence[str]) -> dict[str, list[Known]]:
    """Each story's versions in their order. What was kept before times were bounded was written at its acceptance too."""
    rows = connection.execute(
        text("""
            SELECT uri, version, content_hash, payload, position, key_name,
                   content ->> 'doubt' = 'unsteady-source' AS is_unsteady, content ? 'is_from_desk' AS is_from_desk,
                   CAST(content ->> 'sent_version' AS int) AS sent_version,
                   least(CAST(content ->> 'version_created_at' AS timestamptz), accepted_at) AS written_at,
                   content ? 'version_created_at' AS is_dated
            FROM items WHERE uri = ANY(CAST(:uris AS varchar[])) ORDER BY uri, version
        """),
        {"uris": uris},
    )
    known: dict[str, list[Known]] = {}
    for row in rows:
        known.setdefault(row.uri, []).append(
            Known(
                version=row.version,
                content_hash=row.content_hash,
                written_at=row.written_at if row.is_dated else None,
                source=row.key_name,
                place=(row.payload, row.position),
                is_unsteady=bool(row.is_unsteady),
                is_from_desk=row.is_from_desk,
                sent_version=row.sent_version,
            )
        )
    return known


#: an entry that comes again with its date under another name within this time is the same entry
_RENAMED_WITHIN = timedelta(days=7)
#: and within this time where its date is another one too: an agency may send the same few words again tomorrow
_REDATED_WITHIN = timedelta(hours=6)


def _may_be_renamed(candidate: Candidate, arrival: Arrival) -> bool:
    return arrival.is_polled and candidate.needs_number and not candidate.item.retracts and bool(candidate.words_hash)


def _steady(
    connection: Connection,
    candidates: Sequence[Candidate],
    known: Mapping[str, Sequence[Known]],
    *,
    source: str,
    arrival: Arrival,
    now: datetime,
) -> tuple[list[Candidate], list[Rejection]]:
    """Entries of a polled document that came from there before under another name: the first is held, others are refused.

    A name that still stands in the document was not changed: two entries with one text are two entries.
    """
    new = {
        candidate.words_hash
        for candidate in candidates
        if _may_be_renamed(candidate, arrival) and candidate.item.uri not in known
    }
    if not new:
        return list(candidates), []
    rows = connection.execute(
        _SAME_WORDS,
        {
            "source": source,
            "words": sorted(new),
            "here": sorted({candidate.item.uri for candidate in candidates}),
            "since": now - _RENAMED_WITHIN,
        },
    )
    before: dict[bytes, list[Row[tuple[object, ...]]]] = {}
    for row in rows:
        before.setdefault(row.words_hash, []).append(row)
    kept: list[Candidate] = []
    refused: list[Rejection] = []
    for candidate in candidates:
        written_at = candidate.item.version_created_at
        likes = [
            row
            for row in (before.get(candidate.words_hash, ()) if candidate.item.uri not in known else ())
            if row.accepted_at > now - _REDATED_WITHIN or row.written_at == written_at
        ]
        if not likes:
            kept.append(candidate)
        elif any(row.is_unsteady for row in likes):
            refused.append(renamed(candidate))
        else:
            say = f"the source brought this headline and text as {likes[0].uri} before: it changes the names of its entries"
            kept.append(replace(candidate, doubt=Doubt.UNSTEADY_SOURCE, doubt_note=say))
    return kept, refused


_SAME_WORDS = text("""
    SELECT likes.* FROM unnest(CAST(:words AS bytea[])) AS words CROSS JOIN LATERAL (
        SELECT words_hash, uri, accepted_at, CAST(content ->> 'version_created_at' AS timestamptz) AS written_at,
               content ->> 'doubt' = 'unsteady-source' AS is_unsteady
        FROM items
        WHERE key_name = :source AND words_hash = words AND accepted_at > CAST(:since AS timestamptz)
          AND uri <> ALL(CAST(:here AS varchar[]))
        ORDER BY accepted_at DESC LIMIT 20
    ) AS likes
""")


def _is_kill(item: WireItem) -> bool:
    return item.pubstatus is PubStatus.CANCELED


def _identify(connection: Connection, items: Sequence[WireItem], *, wire: Wire, now: datetime) -> dict[str, str]:
    """Each `uri`'s story identifier, made on first sight. It carries the day of first publication: an embargo's, if any.

    A `uri` that replaces a known one is the same story's next generation; one that was replaced before it came is an
    earlier generation of the story that did.
    """
    if any(item.replaces for item in items):
        # so that of two requests that bring a story's two names at once, the second finds what the first wrote
        connection.execute(text("LOCK TABLE identities IN SHARE ROW EXCLUSIVE MODE"))
    known = _story_ids(connection, sorted({item.uri for item in items}))
    first_by_uri: dict[str, WireItem] = {}
    for item in items:
        if item.uri not in known:
            first_by_uri.setdefault(item.uri, item)
    if not first_by_uri:
        return known
    # what is replaced before what replaces it, where one request brings both
    new = sorted(first_by_uri.values(), key=lambda item: (_steps_behind(item, first_by_uri), item.uri))
    alone = [item for item in new if item.replaces or item.is_add]
    for group in ([item for item in new if item not in alone], *([item] for item in alone)):
        _write_identities(connection, group, wire=wire, now=now)
    # another request may have been first with the same uri; its identifier stands
    return known | _story_ids(connection, [item.uri for item in new])


def _steps_behind(item: WireItem, by_uri: Mapping[str, WireItem]) -> int:
    """How many other items of the request this one replaces, one behind the other."""
    seen = {item.uri}
    while (older := by_uri.get(item.replaces)) and older.uri not in seen:
        seen.add(older.uri)
        item = older
    return len(seen)


def _write_identities(connection: Connection, items: Sequence[WireItem], *, wire: Wire, now: datetime) -> None:
    if not items:
        return
    serials = connection.execute(
        text("SELECT nextval('story_serial') FROM generate_series(1, :count)"), {"count": len(items)}
    ).scalars()
    connection.execute(
        _WRITE_IDENTITY,
        [
            {
                "uri": item.uri,
                "story": _new_story_id(item, serial, wire=wire, now=now),
                "replaces": item.replaces,
                "continues": without_take(item.slugline) if item.is_add else "",
                "provider": _provider_of(item),
                "is_kill": _is_kill(item),
                "created_at": item.version_created_at,
                "now": now,
            }
            for item, serial in zip(items, serials, strict=True)
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


def _new_story_id(item: WireItem, serial: int, *, wire: Wire, now: datetime) -> str:
    row = wire.provider(item.provider.name, item.provider.code)
    return story_id(
        agency=wire.agency.code,
        day=max(now, item.embargoed_until or now),
        provider_code=row.code if row else 0,
        serial=serial,
    )


def _story_ids(connection: Connection, uris: Sequence[str]) -> dict[str, str]:
    rows = connection.execute(
        text("SELECT uri, story FROM identities WHERE uri = ANY(CAST(:uris AS varchar[]))"), {"uris": list(uris)}
    )
    return {row.uri: row.story for row in rows}


def _fair_lanes(connection: Connection, candidates: Sequence[Candidate], *, express_per_minute: int, now: datetime) -> list[Lane]:
    """Each item's lane. A provider that marks everything urgent uses up its share of the express lane, kills excepted."""
    providers = {_provider_of(c.item) for c in candidates if c.item.lane is Lane.EXPRESS and not c.item.retracts}
    used: Counter[str] = Counter()
    if providers:
        for row in connection.execute(_EXPRESS_USED, {"providers": sorted(providers), "since": now - timedelta(minutes=1)}):
            used[row.provider] = row.used
    lanes = []
    for candidate in candidates:
        lane = candidate.item.lane
        if lane is Lane.EXPRESS and not candidate.item.retracts:
            provider = _provider_of(candidate.item)
            used[provider] += 1
            if used[provider] > express_per_minute:
                lane = Lane.REGULAR
        lanes.append(lane)
    return lanes


_EXPRESS_USED = text("""
    SELECT provider, count(*) AS used FROM items
    WHERE provider = ANY(CAST(:providers AS varchar[])) AND lane = 0 AND accepted_at > :since GROUP BY provider
""")


def _known(connection: Connection, candidates: Sequence[Candidate]) -> dict[tuple[str, int], Row[tuple[object, ...]]]:
    """The items that are there already under these identities."""
    if not candidates:
        return {}
    rows = connection.execute(
        text("""
            SELECT items.id, items.uri, items.version, items.content_hash, items.payload, items.position,
                   items.content ? 'is_from_desk' OR items.content ? 'sent_version' AS is_no_senders
            FROM items JOIN unnest(CAST(:uri AS varchar[]), CAST(:version AS int[])) AS sent (uri, version)
             ON items.uri = sent.uri AND items.version = sent.version
        """),
        {"uri": [c.item.uri for c in candidates], "version": [c.item.version for c in candidates]},
    )
    return {(row.uri, row.version): row for row in rows}


def _provider_of(item: WireItem) -> str:
    return item.provider.name or item.provider.code


# ── Where an item is ─────────────────────────────────────────────────────────────────────────────────────────────


def find_payload(connection: Connection, item: UUID) -> Row[tuple[object, ...]] | None:
    """What an item was read from: the payload as it is kept, its media type, and the item's place in it."""
    return connection.execute(
        text("""
            SELECT payloads.body, payloads.media_type, items.position
            FROM items JOIN payloads ON payloads.digest = items.payload WHERE items.id = :item
        """),
        {"item": item},
    ).one_or_none()


def find_stages(connection: Connection, item: UUID) -> list[Row[tuple[object, ...]]]:
    """The item's timeline, in the order in which the work was asked for."""
    return list(
        connection.execute(
            text("""
                SELECT stage, edition, revision, state, attempts, due_at, done_at, error FROM work
                WHERE item = :item ORDER BY id
            """),
            {"item": item},
        )
    )


def find_feeds(connection: Connection, story: str) -> list[Row[tuple[object, ...]]]:
    """Every feed document that holds the story's entry: edition, feed, format."""
    return list(
        connection.execute(
            text("""
                SELECT entries.edition, memberships.feed, entries.format
                FROM entries JOIN memberships USING (story) WHERE story = :story
                ORDER BY entries.edition, memberships.feed, entries.format
            """),
            {"story": story},
        )
    )
