"""Translation's SQL of what is known: the memory of sentences, the wire's own terms, and what engines were asked."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, text

from services.translation.glossary import Term
from services.translation.memory import spread, wholes
from services.translation.segments import Cut
from services.translation.translating import Target

# ── The memory ───────────────────────────────────────────────────────────────────────────────────────────────────


def remember(
    connection: Connection,
    lessons: Mapping[str, str],
    *,
    language: str,
    edition: str,
    method: str,
    translator: str,
    story: str,
    now: datetime,
) -> None:
    """Keep which sentence became which; of each sentence the newest translation stands, a person's beside a machine's."""
    rows = [
        {
            "language": language,
            "edition": edition,
            "hash": _hash(source),
            "method": method,
            "source": source,
            "target": target,
            "translator": translator,
            "story": story,
            "now": now,
        }
        for source, target in sorted(lessons.items())
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


def remembered(connection: Connection, source: Cut, *, language: str, edition: str) -> dict[str, Target]:
    """What a text's sentences, alone or as paragraphs, became before; a person's text comes before a machine's.

    Nothing is remembered of a story that was killed.
    """
    sources = [*(segment.source for segment in source.segments), *wholes(source)]
    rows = connection.execute(
        text("""
            SELECT DISTINCT ON (source_hash) source, target, method, translator FROM segments
            WHERE source_language = :language AND edition = :edition AND source_hash = ANY(CAST(:hashes AS bytea[]))
              AND NOT EXISTS (SELECT FROM stories WHERE stories.id = segments.story AND state = 'killed')
            ORDER BY source_hash, method = 'human' DESC
        """),
        {"language": language, "edition": edition, "hashes": [_hash(one) for one in sources]},
    )
    known = {row.source: Target(text=row.target, origin=row.method, by=row.translator, is_remembered=True) for row in rows}
    return spread(source, known)


def alike(connection: Connection, source: str, *, language: str, edition: str, at_least: float, count: int) -> list[Row[Any]]:
    """Sentences of the memory that are like this one, the likest first: source, target, translator, likeness from 0 to 1."""
    connection.execute(text("SELECT set_config('pg_trgm.similarity_threshold', CAST(:least AS text), true)"), {"least": at_least})
    return list(
        connection.execute(
            text("""
                SELECT source, target, method, translator, similarity(source, :source) AS likeness FROM segments
                WHERE source % :source AND source_language = :language AND edition = :edition
                  AND NOT EXISTS (SELECT FROM stories WHERE stories.id = segments.story AND state = 'killed')
                ORDER BY likeness DESC, method LIMIT :count
            """),
            {"source": source, "language": language, "edition": edition, "count": count},
        )
    )


def _hash(source: str) -> bytes:
    return hashlib.sha256(source.encode()).digest()


# ── Terms ────────────────────────────────────────────────────────────────────────────────────────────────────────


def read_terms(connection: Connection, *, language: str, edition: str) -> list[Term]:
    """The wire's own terms from one language into one edition."""
    rows = connection.execute(
        text("""
            SELECT source, targets, kind FROM terms WHERE source_language = :language AND edition = :edition ORDER BY source
        """),
        {"language": language, "edition": edition},
    )
    return [Term(row.source, tuple(row.targets), row.kind) for row in rows]


def write_term(connection: Connection, term: Term, *, language: str, edition: str, by: str, now: datetime) -> None:
    """Add a term, or say otherwise how it is translated."""
    connection.execute(
        text("""
            INSERT INTO terms (source_language, edition, source, targets, kind, changed_by, changed_at)
            VALUES (:language, :edition, :source, CAST(:targets AS varchar[]), :kind, :by, :now)
            ON CONFLICT (source_language, edition, source) DO UPDATE SET targets = excluded.targets, kind = excluded.kind,
                changed_by = excluded.changed_by, changed_at = excluded.changed_at
        """),
        {
            "language": language,
            "edition": edition,
            "source": term.source,
            "targets": list(term.targets),
            "kind": term.kind,
            "by": by,
            "now": now,
        },
    )


def drop_term(connection: Connection, source: str, *, language: str, edition: str) -> bool:
    """Take a term out. Was it there?"""
    dropped = connection.execute(
        text("DELETE FROM terms WHERE source_language = :language AND edition = :edition AND source = :source"),
        {"language": language, "edition": edition, "source": source},
    )
    return dropped.rowcount > 0


# ── What engines were asked ──────────────────────────────────────────────────────────────────────────────────────


def characters_this_month(connection: Connection, engine: str, month: str) -> int:
    """How many characters an engine was sent in a month (`2026-11`)."""
    return (
        connection.execute(
            text("SELECT characters FROM engine_months WHERE engine = :engine AND month = :month"),
            {"engine": engine, "month": month},
        ).scalar()
        or 0
    )


def count_characters(connection: Connection, engine: str, month: str, characters: int) -> None:
    """It was sent so many more."""
    connection.execute(
        text("""
            INSERT INTO engine_months (engine, month, characters) VALUES (:engine, :month, :characters)
            ON CONFLICT (engine, month) DO UPDATE SET characters = engine_months.characters + excluded.characters
        """),
        {"engine": engine, "month": month, "characters": characters},
    )
