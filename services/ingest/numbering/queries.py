"""SQL of numbering: what the archive knows of the stories that come, asked for under a lock on their names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, text

from services.ingest.acceptance import Arrival, Candidate, Rejection
from services.ingest.numbering.numbers import Known, assign_numbers
from services.ingest.numbering.renames import RENAMED_WITHIN, Like, could_be_renamed, hold_renamed
from shared.archive.locks import Lock


def number_items(
    connection: Connection, candidates: Sequence[Candidate], *, source: str, arrival: Arrival, now: datetime
) -> tuple[list[Candidate], list[Rejection]]:
    """Items of formats that number no versions, and what takes stories back, with a number; and what cannot have one.

    So too the items whose sender numbers them, where the archive has their number or a higher one: it may be the desk's.
    Their names are locked until the transaction ends.
    """
    named = {candidate.item.uri for candidate in candidates if candidate.needs_number or candidate.item.retracts}
    uris = sorted(named | find_overtaken(connection, [c for c in candidates if c.item.uri not in named]))
    if not uris:
        return list(candidates), []
    connection.execute(_LOCK, {"uris": uris, "lock": Lock.NUMBERING})
    known = find_histories(connection, uris)
    new = [c for c in candidates if could_be_renamed(c, arrival) and c.item.uri not in known]
    likes = _find_likes(connection, new, among=candidates, source=source, now=now)
    steady, renames = hold_renamed(candidates, likes, new={c.index for c in new}, now=now)
    results = assign_numbers(steady, known, source=source, is_old_copy=arrival.is_old_copy, now=now)
    refused = [result for result in results if isinstance(result, Rejection)]
    return [result for result in results if isinstance(result, Candidate)], [*renames, *refused]


# Held until the commit, so that two that bring the same story number it one after the other; few locks for many.
_LOCK = text("""
    SELECT pg_advisory_xact_lock(key)
    FROM (SELECT DISTINCT hashtextextended(uri, :lock) % 256 AS key FROM unnest(CAST(:uris AS varchar[])) AS uri ORDER BY 1)
         AS keys
""")


def find_overtaken(connection: Connection, candidates: Sequence[Candidate]) -> set[str]:
    """The names of items whose number, or a higher one, is there already; but for what is sent again as it was."""
    if not candidates:
        return set()
    rows = connection.execute(
        _OVERTAKEN,
        {
            "uris": [c.item.uri for c in candidates],
            "versions": [c.item.version for c in candidates],
            "hashes": [c.content_hash for c in candidates],
        },
    )
    return set(rows.scalars())


# Names of which the archive has as high a version as was sent, unless it is that very one.
_OVERTAKEN = text("""
    SELECT DISTINCT sent.uri
    FROM unnest(CAST(:uris AS varchar[]), CAST(:versions AS int[]), CAST(:hashes AS bytea[])) AS sent (uri, version, hash)
    WHERE EXISTS (SELECT FROM items WHERE items.uri = sent.uri AND items.version >= sent.version)
      AND NOT EXISTS (SELECT FROM items WHERE items.uri = sent.uri AND items.version = sent.version
                      AND content_hash = hash AND NOT content ? 'sent_version')
""")


def find_histories(connection: Connection, uris: Sequence[str]) -> dict[str, list[Known]]:
    """Each story's versions in their order. What was kept before times were bounded was written at its acceptance too."""
    known: dict[str, list[Known]] = {}
    for row in connection.execute(_HISTORIES, {"uris": list(uris)}):
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


# Every version under some names, with what numbering compares.
_HISTORIES = text("""
    SELECT uri, version, content_hash, payload, position, key_name,
           content ->> 'doubt' = 'unsteady-source' AS is_unsteady, content ? 'is_from_desk' AS is_from_desk,
           CAST(content ->> 'sent_version' AS int) AS sent_version,
           least(CAST(content ->> 'version_created_at' AS timestamptz), accepted_at) AS written_at,
           content ? 'version_created_at' AS is_dated
    FROM items WHERE uri = ANY(CAST(:uris AS varchar[])) ORDER BY uri, version
""")


def _find_likes(
    connection: Connection, new: Sequence[Candidate], *, among: Sequence[Candidate], source: str, now: datetime
) -> list[Like]:
    """What this source brought before with the same words as new entries, under names that do not stand in the document now."""
    if not new:
        return []
    rows = connection.execute(
        _SAME_WORDS,
        {
            "source": source,
            "words": sorted({candidate.words_hash for candidate in new}),
            "here": sorted({candidate.item.uri for candidate in among}),
            "since": now - RENAMED_WITHIN,
        },
    )
    return [
        Like(
            words_hash=bytes(row.words_hash),
            uri=row.uri,
            accepted_at=row.accepted_at,
            written_at=row.written_at,
            is_unsteady=bool(row.is_unsteady),
        )
        for row in rows
    ]


# The newest items of a source for each headline and text.
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
