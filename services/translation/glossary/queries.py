"""The SQL of the wire's own terms."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, text

from services.translation.glossary.terms import Term


def read_terms(connection: Connection, *, language: str, edition: str) -> list[Term]:
    """The wire's own terms from one language into one edition, in the order of the alphabet."""
    rows = connection.execute(
        text("""
            SELECT source, targets, kind FROM terms WHERE source_language = :language AND edition = :edition ORDER BY source
        """),
        {"language": language, "edition": edition},
    )
    return [Term(row.source, tuple(row.targets), row.kind) for row in rows]


def write_term(connection: Connection, term: Term, *, language: str, edition: str, by: str, now: datetime) -> None:
    """Add a term, or change how it is translated."""
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


def delete_term(connection: Connection, source: str, *, language: str, edition: str) -> bool:
    """Take a term out. Returns whether it was there."""
    deleted = connection.execute(
        text("DELETE FROM terms WHERE source_language = :language AND edition = :edition AND source = :source"),
        {"language": language, "edition": edition, "source": source},
    )
    return deleted.rowcount > 0
