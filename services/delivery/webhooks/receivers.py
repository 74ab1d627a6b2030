"""Delivery's SQL for receivers of webhooks: who is told, where, and of what."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, text

from services.delivery.webhooks.signing import Receiver
from shared.wire.config import Webhook


def keep_file_receivers(connection: Connection, named: Mapping[str, Webhook], now: datetime) -> None:
    """Let the receivers of the wire's file be those that are kept; who has left it must still hear of what is taken back."""
    rows = [
        {"name": name, "url": row.url, "editions": list(row.editions), "feeds": list(row.feeds), "now": now}
        for name, row in sorted(named.items())
    ]
    if rows:
        connection.execute(_KEEP_FILE_RECEIVER, rows)
    connection.execute(
        text("""
            UPDATE receivers SET ended_at = :now
            WHERE key = '' AND ended_at IS NULL AND name <> ALL(CAST(:names AS varchar[]))
        """),
        {"now": now, "names": [*named]},
    )


_KEEP_FILE_RECEIVER = text("""
    INSERT INTO receivers AS kept (key, name, url, secret, editions, feeds, events, added_at, due_at)
    VALUES ('', :name, :url, '', CAST(:editions AS varchar[]), CAST(:feeds AS varchar[]), '{}', :now, :now)
    ON CONFLICT ON CONSTRAINT receiver_once DO UPDATE SET url = excluded.url, editions = excluded.editions,
        feeds = excluded.feeds, ended_at = NULL
    WHERE (kept.url, kept.editions, kept.feeds, kept.ended_at IS NULL)
        IS DISTINCT FROM (excluded.url, excluded.editions, excluded.feeds, true)
""")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a subscriber asks to be told."""

    name: str
    url: str
    editions: Sequence[str]
    feeds: Sequence[str]
    events: Sequence[str]


def count_receivers(connection: Connection, key: str) -> int:
    """How many a subscriber has; until this transaction ends, no other adds one for it."""
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('receivers of ' || :key, 0))"), {"key": key})
    count: int = connection.execute(
        text("SELECT count(*) FROM receivers WHERE key = :key AND ended_at IS NULL"), {"key": key}
    ).scalar_one()
    return count


def add_receiver(connection: Connection, key: str, asked: Asked, secret: str, now: datetime) -> bool:
    """Keep a subscriber's receiver, or one of that name that had ended. False if there is one already."""
    return bool(
        connection.execute(
            text("""
                INSERT INTO receivers AS kept (key, name, url, secret, editions, feeds, events, added_at, due_at)
                VALUES (:key, :name, :url, :secret, CAST(:editions AS varchar[]), CAST(:feeds AS varchar[]),
                        CAST(:events AS varchar[]), :now, :now)
                ON CONFLICT ON CONSTRAINT receiver_once DO UPDATE SET url = excluded.url, secret = excluded.secret,
                    old_secret = '', old_secret_until = NULL, editions = excluded.editions, feeds = excluded.feeds,
                    events = excluded.events, added_at = excluded.added_at, ended_at = NULL, disabled_at = NULL,
                    failures = 0, failing_since = NULL, error = NULL, due_at = excluded.due_at
                WHERE kept.ended_at IS NOT NULL
            """),
            {"key": key, "secret": secret, "now": now, **_values(asked)},
        ).rowcount
    )


def change_receiver(connection: Connection, receiver: UUID, asked: Asked) -> None:
    """Let a receiver ask for something else."""
    connection.execute(
        text("""
            UPDATE receivers SET url = :url, editions = CAST(:editions AS varchar[]), feeds = CAST(:feeds AS varchar[]),
                events = CAST(:events AS varchar[]) WHERE id = :id
        """),
        {"id": receiver, **_values(asked)},
    )


def _values(asked: Asked) -> dict[str, object]:
    lists = {"editions": list(asked.editions), "feeds": list(asked.feeds), "events": list(asked.events)}
    return {"name": asked.name, "url": asked.url, **lists}


def end_receiver(connection: Connection, receiver: UUID, now: datetime) -> None:
    """A receiver asks for nothing any more."""
    connection.execute(
        text("UPDATE receivers SET ended_at = coalesce(ended_at, :now) WHERE id = :id"), {"id": receiver, "now": now}
    )


def enable_receiver(connection: Connection, receiver: UUID, now: datetime) -> None:
    """Tell a receiver again what it has missed, from now on."""
    connection.execute(
        text("""
            UPDATE receivers SET disabled_at = NULL, failures = 0, failing_since = NULL, error = NULL, due_at = :now
            WHERE id = :id
        """),
        {"id": receiver, "now": now},
    )


def change_secret(connection: Connection, receiver: UUID, secret: str, *, old_until: datetime) -> None:
    """A new secret; the old one signs too until then."""
    connection.execute(
        text("""
            UPDATE receivers SET old_secret = secret, old_secret_until = :old_until, secret = :secret WHERE id = :id
        """),
        {"id": receiver, "secret": secret, "old_until": old_until},
    )


def list_receivers(connection: Connection, key: str) -> list[Row[tuple[Any, ...]]]:
    """A subscriber's receivers, with how many notifications wait for each and how many were refused."""
    return list(
        connection.execute(
            text("""
                SELECT receivers.*,
                       (SELECT count(*) FROM deliveries WHERE receiver = receivers.id AND state = 'due') AS waiting,
                       (SELECT count(*) FROM deliveries WHERE receiver = receivers.id AND state = 'parked') AS parked
                FROM receivers WHERE key = :key AND ended_at IS NULL ORDER BY name
            """),
            {"key": key},
        )
    )


def find_receiver(connection: Connection, key: str, name: str) -> Row[tuple[Any, ...]] | None:
    """One of a subscriber's receivers."""
    return next((row for row in list_receivers(connection, key) if row.name == name), None)


def receiver_of(row: Row[tuple[Any, ...]], *, file_secret: Callable[[str], str], now: datetime) -> Receiver:
    """A receiver with the secrets that sign what it is told; those of the wire's file are in the environment."""
    kept = [row.secret, row.old_secret if row.old_secret_until and row.old_secret_until > now else ""]
    secrets = kept if row.key else [file_secret(row.name)]
    return Receiver(
        id=row.id,
        key=row.key,
        name=row.name,
        url=row.url,
        secrets=tuple(secret for secret in secrets if secret),
        sequence=row.sequence,
        failures=row.failures,
        failing_since=row.failing_since,
    )
