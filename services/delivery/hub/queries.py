"""Delivery's SQL for the hub: what was asked of it, who is subscribed, and what was sent to whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, text

from services.delivery.hub.websub import Asked, Mode, Topic
from shared.contracts.work import feed_id
from shared.web.keys import HAS_ENDED

# ── What was asked ───────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Intent:
    """A request that waits to be verified."""

    id: UUID
    asked: Asked
    topic_url: str
    key: str  #: of the subscriber, if one was shown


def write_intent(connection: Connection, asked: Asked, topic_url: str, key: str, now: datetime) -> UUID:
    """Keep a request until its sender's intent is verified."""
    made: UUID = connection.execute(
        text("""
            INSERT INTO intents (mode, edition, feed, format, topic, callback, secret, lease_s, key, asked_at)
            VALUES (:mode, :edition, :feed, :format, :topic, :callback, :secret, :lease_s, :key, :now) RETURNING id
        """),
        {
            "mode": asked.mode.value,
            "edition": asked.topic.edition,
            "feed": asked.topic.feed,
            "format": asked.topic.format,
            "topic": topic_url,
            "callback": asked.callback,
            "secret": asked.secret,
            "key": key,
            "lease_s": int(asked.lease.total_seconds()),
            "now": now,
        },
    ).scalar_one()
    return made


def are_many_waiting(connection: Connection, most: int) -> bool:
    """Do so many requests wait to be verified?"""
    counted = connection.execute(text("SELECT count(*) FROM (SELECT FROM intents LIMIT :most) AS waiting"), {"most": most})
    return bool(counted.scalar_one() >= most)


def read_intents(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, Intent]:
    """Requests that wait, by id."""
    rows = connection.execute(text("SELECT * FROM intents WHERE id = ANY(CAST(:ids AS uuid[]))"), {"ids": list(ids)})
    return {
        row.id: Intent(
            id=row.id,
            asked=Asked(
                mode=Mode(row.mode),
                topic=Topic(edition=row.edition, feed=row.feed, format=row.format),
                callback=row.callback,
                secret=row.secret,
                lease=timedelta(seconds=row.lease_s),
            ),
            topic_url=row.topic,
            key=row.key,
        )
        for row in rows
    }


def forget_intent(connection: Connection, intent: UUID) -> None:
    """A request was verified, refused, or its sender never confirmed it."""
    connection.execute(text("DELETE FROM intents WHERE id = :id"), {"id": intent})


# ── Who is subscribed ────────────────────────────────────────────────────────────────────────────────────────────


def subscribe(connection: Connection, intent: Intent, now: datetime) -> None:
    """A verified subscription, new or in place of the one before (5.1.2). It starts with what the feed says now."""
    asked = intent.asked
    connection.execute(
        text("""
            INSERT INTO subscriptions (feed_id, edition, feed, format, topic, callback, secret, key, lease_ends_at, verified_at,
                                       due_at, sent_etag)
            VALUES (:feed_id, CAST(:edition AS varchar), CAST(:feed AS varchar), CAST(:format AS varchar), :topic, :callback,
                    :secret, :key, :lease_ends_at, :now, :now,
                    (SELECT etag FROM documents WHERE documents.edition = :edition AND documents.feed = :feed
                     AND documents.format = :format))
            ON CONFLICT ON CONSTRAINT subscription_once DO UPDATE SET secret = excluded.secret, topic = excluded.topic,
                key = excluded.key,
                lease_ends_at = excluded.lease_ends_at, verified_at = excluded.verified_at, due_at = excluded.due_at,
                ended_at = NULL, end_reason = NULL, failures = 0, error = NULL,
                sent_etag = CASE WHEN subscriptions.ended_at IS NULL THEN subscriptions.sent_etag ELSE excluded.sent_etag END
        """),
        {
            "feed_id": feed_id(asked.topic.edition, asked.topic.feed),
            "edition": asked.topic.edition,
            "feed": asked.topic.feed,
            "format": asked.topic.format,
            "topic": intent.topic_url,
            "callback": asked.callback,
            "secret": asked.secret,
            "key": intent.key,
            "lease_ends_at": now + asked.lease,
            "now": now,
        },
    )


def confirm(connection: Connection, intent: Intent, now: datetime) -> None:
    """A subscriber meant what was asked in its name."""
    if intent.asked.mode is Mode.SUBSCRIBE:
        subscribe(connection, intent, now)
    else:
        unsubscribe(connection, intent.asked, now)


def unsubscribe(connection: Connection, asked: Asked, now: datetime) -> None:
    """End a subscription at its subscriber's wish."""
    connection.execute(
        text("""
            UPDATE subscriptions SET ended_at = :now, end_reason = 'unsubscribed'
            WHERE callback = :callback AND edition = :edition AND feed = :feed AND format = :format AND ended_at IS NULL
        """),
        {
            "now": now,
            "callback": asked.callback,
            "edition": asked.topic.edition,
            "feed": asked.topic.feed,
            "format": asked.topic.format,
        },
    )


def find_feed(connection: Connection, feed: UUID) -> str:
    """The name of a feed that somebody is or was subscribed to; nothing if nobody ever was."""
    name: str | None = connection.execute(
        text("SELECT feed FROM subscriptions WHERE feed_id = :feed LIMIT 1"), {"feed": feed}
    ).scalar_one_or_none()
    return name or ""


def end_leases(connection: Connection, feed: UUID, now: datetime) -> None:
    """Leases are enforced (5.3)."""
    connection.execute(
        text("""
            UPDATE subscriptions SET ended_at = :now, end_reason = 'lease over'
            WHERE feed_id = :feed AND ended_at IS NULL AND lease_ends_at <= :now
        """),
        {"feed": feed, "now": now},
    )


# ── What is sent ─────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """One document on its way to one subscriber."""

    subscription: UUID
    callback: str
    secret: str
    topic: str
    format: str
    sequence: int  #: counts what this subscriber has acknowledged, without a gap
    failures: int
    etag: str


def claim(
    connection: Connection, feed: UUID, *, products: Sequence[str] | None, held_for: timedelta, most: int, now: datetime
) -> tuple[list[Parcel], dict[str, bytes]]:
    """Subscribers of a feed that have not got its newest document and are due, and the documents, compressed, by format.

    A private feed is sent to subscribers whose key has one of its `products`; None: it is public.
    Claimed ones are this process's for a while, so that no subscriber is sent two documents at once: the older could arrive last.
    """
    parameters = {"feed": feed, "products": _array(products), "held_until": now + held_for, "most": most, "now": now}
    rows = connection.execute(_CLAIM, parameters).all()
    parcels = [
        Parcel(
            subscription=row.id,
            callback=row.callback,
            secret=row.secret,
            topic=row.topic,
            format=row.format,
            sequence=row.sequence + 1,
            failures=row.failures,
            etag=row.etag,
        )
        for row in rows
    ]
    if not parcels:
        return [], {}
    bodies = connection.execute(
        text("SELECT format, etag, body_gzip FROM documents WHERE edition = :edition AND feed = :feed"),
        {"edition": rows[0].edition, "feed": rows[0].feed},
    )
    return parcels, {row.format: row.body_gzip for row in bodies}


def _array(products: Sequence[str] | None) -> list[str] | None:
    return None if products is None else list(products)


_MAY_READ = f"""(CAST(:products AS varchar[]) IS NULL OR EXISTS (
    SELECT FROM keys WHERE keys.name = subscriptions.key AND NOT {HAS_ENDED}
      AND keys.products && CAST(:products AS varchar[])))"""

_CLAIM = text(f"""
    WITH chosen AS (
        SELECT subscriptions.id, documents.etag FROM subscriptions JOIN documents USING (edition, feed, format)
        WHERE feed_id = :feed AND ended_at IS NULL AND lease_ends_at > :now AND due_at <= :now
          AND (held_until IS NULL OR held_until <= :now) AND sent_etag IS DISTINCT FROM documents.etag
          AND {_MAY_READ}
        ORDER BY failures, due_at LIMIT :most FOR UPDATE OF subscriptions SKIP LOCKED
    )
    UPDATE subscriptions SET held_until = :held_until FROM chosen WHERE subscriptions.id = chosen.id
    RETURNING subscriptions.id, callback, secret, topic, edition, feed, format, sequence, failures, chosen.etag
""")


def next_due_at(
    connection: Connection, feed: UUID, *, products: Sequence[str] | None, answers_by: datetime, now: datetime
) -> datetime | None:
    """When to look again whom to send this feed to: at `answers_by` if something is under way; None if everyone has it."""
    at: datetime | None = connection.execute(
        text(f"""
            SELECT min(CASE WHEN held_until > :now THEN CAST(:answers_by AS timestamptz) ELSE due_at END)
            FROM subscriptions JOIN documents USING (edition, feed, format)
            WHERE feed_id = :feed AND ended_at IS NULL AND sent_etag IS DISTINCT FROM documents.etag
              AND {_MAY_READ}
        """),
        {"feed": feed, "products": _array(products), "answers_by": answers_by, "now": now},
    ).scalar_one()
    return at


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What came of sending a parcel."""

    parcel: Parcel
    status: int | None
    error: str | None
    due_at: datetime  #: when to try again, if it was not acknowledged
    sent_at: datetime
    acknowledged: bool  #: 2xx is success, everything else is not (7)


def write_sent(connection: Connection, results: Sequence[Sent]) -> None:
    """Keep what came of a batch: in the ledger for good, and in the subscriptions for the next time."""
    values = [
        {
            "id": sent.parcel.subscription,
            "sequence": sent.parcel.sequence,
            "etag": sent.parcel.etag,
            "status": sent.status,
            "error": sent.error,
            "now": sent.sent_at,
            "due_at": sent.due_at,
            "acknowledged_at": sent.sent_at if sent.acknowledged else None,
            "is_gone": sent.status == 410,
        }
        for sent in results
    ]
    connection.execute(_WRITE_PUSH, values)
    if acknowledged := [row for row in values if row["acknowledged_at"]]:
        connection.execute(_WRITE_ACKNOWLEDGED, acknowledged)
    if failed := [row for row in values if not row["acknowledged_at"]]:
        connection.execute(_WRITE_FAILED, failed)


_WRITE_PUSH = text("""
    INSERT INTO pushes (subscription, sequence, etag, attempts, status, error, tried_at, acknowledged_at)
    VALUES (:id, :sequence, :etag, 1, :status, :error, :now, :acknowledged_at)
    ON CONFLICT (subscription, sequence) DO UPDATE SET etag = excluded.etag, attempts = pushes.attempts + 1,
        status = excluded.status, error = excluded.error, tried_at = excluded.tried_at,
        acknowledged_at = excluded.acknowledged_at
""")
_WRITE_ACKNOWLEDGED = text("""
    UPDATE subscriptions SET sent_etag = :etag, sequence = :sequence, failures = 0, error = NULL, held_until = NULL
    WHERE id = :id
""")
_WRITE_FAILED = text("""
    UPDATE subscriptions SET failures = failures + 1, error = :error, due_at = :due_at, held_until = NULL,
        ended_at = CASE WHEN :is_gone THEN CAST(:now AS timestamptz) ELSE ended_at END,
        end_reason = CASE WHEN :is_gone THEN 'gone (410)' ELSE end_reason END
    WHERE id = :id
""")


def list_subscriptions(connection: Connection, key: str, most: int) -> list[Row[tuple[Any, ...]]]:
    """What a subscriber is or was subscribed to, as far as they showed their key, the newest first."""
    return list(
        connection.execute(
            text("""
                SELECT topic, callback, lease_ends_at, verified_at, ended_at, end_reason, sequence, failures, error
                FROM subscriptions WHERE key = :key ORDER BY ended_at IS NOT NULL, verified_at DESC LIMIT :most
            """),
            {"key": key, "most": most},
        )
    )
