"""SQL of sources."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, Row, text

from services.ingest.sources.source import Source

_COLUMNS = """
    id, name, url, provider, interval_s, quiet_after_s, memory, failures, error, refusals, refusal, encoding, moved_from,
    gone_at, unsteady_at, looking_since, ended_count, alone_since, items_count, added_at, looked_at, brought_at
"""


def _build_source(row: Row[tuple[object, ...]]) -> Source:
    return Source(
        id=row.id,
        name=row.name,
        url=row.url,
        provider=row.provider,
        interval=timedelta(seconds=row.interval_s),
        quiet_after=timedelta(seconds=row.quiet_after_s),
        failures=row.failures,
        error=row.error,
        refusals=row.refusals,
        refusal=row.refusal,
        encoding=row.encoding,
        moved_from=row.moved_from,
        gone_at=row.gone_at,
        unsteady_at=row.unsteady_at,
        looking_since=row.looking_since,
        ended_count=row.ended_count,
        alone_since=row.alone_since,
        items_count=row.items_count,
        added_at=row.added_at,
        looked_at=row.looked_at,
        brought_at=row.brought_at,
        memory=row.memory,
    )


def list_sources(connection: Connection) -> list[Source]:
    """Every source, by name."""
    return [_build_source(row) for row in connection.execute(text(f"SELECT {_COLUMNS} FROM sources ORDER BY name"))]


def find_source(connection: Connection, *, id_: UUID | None = None, name: str = "") -> Source | None:
    """One source, by its identifier or its name; None if there is none."""
    row = connection.execute(
        text(f"SELECT {_COLUMNS} FROM sources WHERE id = :id OR name = :name"), {"id": id_, "name": name}
    ).one_or_none()
    return _build_source(row) if row else None


def add_source(
    connection: Connection,
    *,
    name: str,
    url: str,
    provider: str,
    interval_s: int,
    quiet_after_s: int,
    encoding: str,
    now: datetime,
) -> UUID | None:
    """Keep a new source. Returns its identifier; None if the name is taken."""
    made: UUID | None = connection.execute(
        text("""
            INSERT INTO sources (name, url, provider, interval_s, quiet_after_s, encoding, added_at)
            VALUES (:name, :url, :provider, :interval_s, :quiet_after_s, :encoding, :now) ON CONFLICT DO NOTHING RETURNING id
        """),
        {
            "name": name,
            "url": url,
            "provider": provider,
            "interval_s": interval_s,
            "quiet_after_s": quiet_after_s,
            "encoding": encoding,
            "now": now,
        },
    ).scalar_one_or_none()
    return made


def remove_source(connection: Connection, name: str) -> bool:
    """Forget a source; what it brought stays. Its next poll finds it gone and is the last. False: there was none."""
    return bool(connection.execute(text("DELETE FROM sources WHERE name = :name"), {"name": name}).rowcount)


def reopen_source(connection: Connection, source: UUID) -> None:
    """Poll a source that was gone again, because somebody says so."""
    connection.execute(text("UPDATE sources SET gone_at = NULL WHERE id = :id AND gone_at IS NOT NULL"), {"id": source})


def record_poll(connection: Connection, before: Source, after: Source, *, new_items: int, now: datetime) -> None:
    """What came of a poll; `before` is the source as it was when the poll began."""
    connection.execute(
        text("""
            UPDATE sources SET memory = CAST(:memory AS jsonb), failures = :failures, error = :error, looked_at = :now,
                refusals = :refusals, refusal = :refusal, gone_at = :gone_at, unsteady_at = :unsteady_at,
                url = CASE WHEN url = :url_before THEN :url ELSE url END, moved_from = :moved_from,
                looking_since = NULL, ended_count = :ended_count, alone_since = :alone_since,
                items_count = items_count + :new_items,
                brought_at = CASE WHEN :new_items > 0 THEN :now ELSE brought_at END
            WHERE id = :id
        """),
        {
            "id": before.id,
            "memory": json.dumps(after.memory),
            "failures": after.failures,
            "error": after.error,
            "refusals": after.refusals,
            "refusal": after.refusal,
            "gone_at": after.gone_at,
            "unsteady_at": after.unsteady_at,
            "ended_count": after.ended_count,
            "alone_since": after.alone_since,
            "url_before": before.url,
            "url": after.url,
            "moved_from": after.moved_from,
            "new_items": new_items,
            "now": now,
        },
    )


def record_begun(connection: Connection, sources: Sequence[UUID], now: datetime) -> None:
    """Polls are about to begin beside others: who finds this, and nobody at it, knows how the one before ended."""
    connection.execute(text("UPDATE sources SET looking_since = :now WHERE id = ANY(:ids)"), {"ids": list(sources), "now": now})


def record_left(connection: Connection, sources: Sequence[UUID]) -> None:
    """Polls are not begun after all, or left amid for no fault of theirs."""
    connection.execute(text("UPDATE sources SET looking_since = NULL WHERE id = ANY(:ids)"), {"ids": list(sources)})
