"""The SQL of the memory of sentences. Nothing is remembered of a story that was killed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, text

from services.translation.memory.align import keys_of, spread
from services.translation.targets import Target
from services.translation.text.segments import SegmentedText


def remember(
    connection: Connection,
    lessons: Mapping[str, str],
    *,
    language: str,
    edition: str,
    method: Literal["human", "machine"],
    translator: str,
    story: str,
    now: datetime,
) -> None:
    """Keep which sentence became which; of each sentence the newest translation stands, a person's beside a machine's."""
    rows = [
        {
            "language": language,
            "edition": edition,
            "hash": _hash(sentence),
            "method": method,
            "source": sentence,
            "target": target,
            "translator": translator,
            "story": story,
            "now": now,
        }
        for sentence, target in sorted(lessons.items())  # in order, so that two that write the same never wait in a circle
    ]
    if rows:
        connection.execute(
            text("""
                INSERT INTO segments (source_language, edition, source_hash, method, source, target, translator, story, made_at)
                VALUES (:language, :edition, :hash, :method, :source, :target, :translator, :story, :now)
                ON CONFLICT (source_language, edition, source_hash, method) DO UPDATE SET target = excluded.target,
                    translator = excluded.translator, story = excluded.story, made_at = excluded.made_at
            """),
            rows,
        )


def recall(connection: Connection, source: SegmentedText, *, language: str, edition: str) -> dict[str, Target]:
    """What a text's sentences, alone or as paragraphs, became before, by sentence; a person's text comes before a machine's."""
    rows = connection.execute(
        text("""
            SELECT DISTINCT ON (source_hash) source, target, method, translator FROM segments
            WHERE source_language = :language AND edition = :edition AND source_hash = ANY(CAST(:hashes AS bytea[]))
              AND NOT EXISTS (SELECT FROM stories WHERE stories.id = segments.story AND state = 'killed')
            ORDER BY source_hash, method = 'human' DESC
        """),
        {"language": language, "edition": edition, "hashes": [_hash(key) for key in keys_of(source)]},
    )
    known = {row.source: Target(text=row.target, origin=row.method, by=row.translator, is_remembered=True) for row in rows}
    return spread(source, known)


@dataclass(frozen=True, kw_only=True)
class Match:
    """A sentence of the memory that is like another."""

    source: str
    target: str
    translator: str
    likeness: float  #: from 0 to 1, by the three-letter pieces that both have


def find_alike(connection: Connection, sentence: str, *, language: str, edition: str, at_least: float, limit: int) -> list[Match]:
    """Sentences of the memory that are like this one, the likest first; a person's before a machine's that is as like."""
    connection.execute(text("SELECT set_config('pg_trgm.similarity_threshold', CAST(:least AS text), true)"), {"least": at_least})
    rows = connection.execute(
        text("""
            SELECT source, target, translator, similarity(source, :source) AS likeness FROM segments
            WHERE source % :source AND source_language = :language AND edition = :edition
              AND NOT EXISTS (SELECT FROM stories WHERE stories.id = segments.story AND state = 'killed')
            ORDER BY likeness DESC, method LIMIT :limit
        """),
        {"source": sentence, "language": language, "edition": edition, "limit": limit},
    )
    return [Match(source=row.source, target=row.target, translator=row.translator, likeness=row.likeness) for row in rows]


def _hash(sentence: str) -> bytes:
    return hashlib.sha256(sentence.encode()).digest()
