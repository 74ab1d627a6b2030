"""Ingest's SQL for sources."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, text

from services.ingest.sources import Source

_COLUMNS = """
    id, name, url, provider, interval_s, quiet_after_s, memory, failures, error, items_count, added_at, looked_at,
    brought_at
"""


def _source(row: Row[tuple[object, ...]]) -> Source:
    return Source(
        id=row.id,
        name=row.name,
        url=row.url,
        provider=row.provider,
        interval=timedelta(seconds=row.interval_s),
        quiet_after=timedelta(seconds=row.quiet_after_s),
        failures=row.failures,
        error=row.error,
        items_count=row.items_count,
        added_at=row.added_at,
        looked_at=row.looked_at,
        brought_at=row.brought_at,
        memory=row.memory,
    )


def list_sources(connection: Connection) -> list[Source]:
    """Every source, by name."""
    return [_source(row) for row in connection.execute(text(f"SELECT {_COLUMNS} FROM sources ORDER BY name"))]


def find_source(connection: Connection, *, id_: UUID | None = None, name: str = "") -> Source | None:
    """One source, by its identifier or its name."""
    row = connection.execute(
        text(f"SELECT {_COLUMNS} FROM sources WHERE id = :id OR name = :name"), {"id": id_, "name": name}
    ).one_or_none()
    return _source(row) if row else None


def add_source(
    connection: Connection, *, name: str, url: str, provider: str, interval_s: int, quiet_after_s: int, now: datetime
) -> UUID | None:
    """Keep a new source; None if the name is taken."""
    made: UUID | None = connection.execute(
        text("""
            INSERT INTO sources (name, url, provider, interval_s, quiet_after_s, added_at)
            VALUES (:name, :url, :provider, :interval_s, :quiet_after_s, :now) ON CONFLICT DO NOTHING RETURNING id
        """),
        {
            "name": name,
            "url": url,
            "provider": provider,
            "interval_s": interval_s,
            "quiet_after_s": quiet_after_s,
            "now": now,
        },
    ).scalar_one_or_none()
    return made


def remove_source(connection: Connection, name: str) -> bool:
    """Forget a source; what it brought stays. Its next look finds it gone and is the last."""
    return bool(connection.execute(text("DELETE FROM sources WHERE name = :name"), {"name": name}).rowcount)


def note_look(
    connection: Connection,
    source: UUID,
    *,
    memory: Mapping[str, Any],
    failures: int,
    error: str | None,
    new_items: int,
    now: datetime,
) -> None:
    """What came of a look."""
    connection.execute(
        text("""
            UPDATE sources SET memory = CAST(:memory AS jsonb), failures = :failures, error = :error, looked_at = :now,
                items_count = items_count + :new_items,
                brought_at = CASE WHEN :new_items > 0 THEN :now ELSE brought_at END
            WHERE id = :id
        """),
        {
            "id": source,
            "memory": json.dumps(memory),
            "failures": failures,
            "error": error,
            "new_items": new_items,
            "now": now,
        },
    )
