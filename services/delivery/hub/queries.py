"""The hub's SQL: what is asked of it, who is subscribed, and what was sent to whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, text

from services.delivery.hub.websub import Mode, SubscriptionRequest, Topic
from shared.contracts.feeds import FeedFormat
from shared.contracts.work import feed_id
from shared.web.keys import HAS_ENDED

# ── Requests ─────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Intent:
    """A request that waits to be verified."""

    id: UUID
    request: SubscriptionRequest
    topic_url: str
    key: str  #: name of the subscriber's key, if one was shown; else empty


def write_intent(connection: Connection, request: SubscriptionRequest, topic_url: str, key: str, now: datetime) -> UUID:
    """Keep a request until its sender's intent is verified. Returns its id, by which work names it."""
    intent: UUID = connection.execute(
        _WRITE_INTENT,
        {
            "mode": request.mode.value,
            **_topic_values(request.topic),
            "topic": topic_url,
            "callback": request.callback,
            "secret": request.secret,
            "key": key,
            "lease_s": int(request.lease.total_seconds()),
            "now": now,
        },
    ).scalar_one()
    return intent


#: a request that is not verified yet
_WRITE_INTENT = text("""
    INSERT INTO intents (mode, edition, feed, format, topic, callback, secret, lease_s, key, asked_at)
    VALUES (:mode, :edition, :feed, :format, :topic, :callback, :secret, :lease_s, :key, :now) RETURNING id
""")


def _topic_values(topic: Topic) -> dict[str, str]:
    return {"edition": topic.edition, "feed": topic.feed, "format": topic.format.value}


def are_many_waiting(connection: Connection, limit: int) -> bool:
    """Do so many requests wait to be verified?"""
    # counts no further than to the limit, so that the question costs the same however many wait
    count = connection.execute(text("SELECT count(*) FROM (SELECT FROM intents LIMIT :limit) AS waiting"), {"limit": limit})
    return bool(count.scalar_one() >= limit)


def read_intents(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, Intent]:
    """Requests that wait, by id; those that were verified or refused since are left out."""
    rows = connection.execute(text("SELECT * FROM intents WHERE id = ANY(CAST(:ids AS uuid[]))"), {"ids": list(ids)})
    return {
        row.id: Intent(
            id=row.id,
            request=SubscriptionRequest(
                mode=Mode(row.mode),
                topic=Topic(edition=row.edition, feed=row.feed, format=FeedFormat(row.format)),
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


def confirm(connection: Connection, intent: Intent, now: datetime) -> None:
    """A subscriber meant what was asked in its name: subscribe or unsubscribe it."""
    if intent.request.mode is Mode.SUBSCRIBE:
        _subscribe(connection, intent, now)
    else:
        _unsubscribe(connection, intent.request, now)


def _subscribe(connection: Connection, intent: Intent, now: datetime) -> None:
    request = intent.request
    connection.execute(
        _SUBSCRIBE,
        {
            "feed_id": feed_id(request.topic.edition, request.topic.feed),
            **_topic_values(request.topic),
            "topic": intent.topic_url,
            "callback": request.callback,
            "secret": request.secret,
            "key": intent.key,
            "lease_ends_at": now + request.lease,
            "now": now,
        },
    )


def _unsubscribe(connection: Connection, request: SubscriptionRequest, now: datetime) -> None:
    connection.execute(_UNSUBSCRIBE, {"now": now, "callback": request.callback, **_topic_values(request.topic)})


#: a verified subscription, new or in place of the one before (5.1.2); it starts with what the feed says now
_SUBSCRIBE = text("""
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
""")
#: the end of a subscription at its subscriber's wish
_UNSUBSCRIBE = text("""
    UPDATE subscriptions SET ended_at = :now, end_reason = 'unsubscribed'
    WHERE callback = :callback AND edition = :edition AND feed = :feed AND format = :format AND ended_at IS NULL
""")


def find_feed(connection: Connection, feed: UUID) -> str:
    """The name of a feed, by `feed_id`, that somebody is or was subscribed to; empty if nobody ever was."""
    name: str | None = connection.execute(
        text("SELECT feed FROM subscriptions WHERE feed_id = :feed LIMIT 1"), {"feed": feed}
    ).scalar_one_or_none()
    return name or ""


def end_leases(connection: Connection, feed: UUID, now: datetime) -> None:
    """End the subscriptions of a feed whose lease is over (5.3)."""
    connection.execute(
        text("""
            UPDATE subscriptions SET ended_at = :now, end_reason = 'lease over'
            WHERE feed_id = :feed AND ended_at IS NULL AND lease_ends_at <= :now
        """),
        {"feed": feed, "now": now},
    )


# ── What is sent ─────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class DueDocument:
    """One document on its way to one subscriber."""

    subscription: UUID
    callback: str
    secret: str
    topic: str
    format: FeedFormat
    sequence: int  #: counts what this subscriber has acknowledged, without a gap
    failures: int  #: in a row, before this attempt
    etag: str


class Claimed(NamedTuple):
    """What this process is to send: who gets a document of a feed, and the documents."""

    due: list[DueDocument]
    bodies_gzip: dict[FeedFormat, bytes]  #: every document of the feed by its format; empty if none is due


def claim(
    connection: Connection, feed: UUID, *, products: Sequence[str] | None, held_for: timedelta, limit: int, now: datetime
) -> Claimed:
    """Subscribers of a feed that have not got its newest document and are due: at most `limit`, those without failures first.

    A private feed is sent to subscribers whose key has one of its `products`; None: it is public.
    Claimed ones are this process's for a while, so that no subscriber is sent two documents at once: the older could arrive last.
    """
    parameters = {"feed": feed, "products": _array(products), "held_until": now + held_for, "limit": limit, "now": now}
    rows = connection.execute(_CLAIM, parameters).all()
    if not rows:
        return Claimed([], {})
    due = [
        DueDocument(
            subscription=row.id,
            callback=row.callback,
            secret=row.secret,
            topic=row.topic,
            format=FeedFormat(row.format),
            sequence=row.sequence + 1,
            failures=row.failures,
            etag=row.etag,
        )
        for row in rows
    ]
    documents = connection.execute(_DOCUMENTS, {"edition": rows[0].edition, "feed": rows[0].feed})
    return Claimed(due, {FeedFormat(row.format): row.body_gzip for row in documents})


def _array(products: Sequence[str] | None) -> list[str] | None:
    return None if products is None else list(products)


#: is the feed public, or has the subscriber's key one of its products?
_MAY_READ = f"""(CAST(:products AS varchar[]) IS NULL OR EXISTS (
    SELECT FROM keys WHERE keys.name = subscriptions.key AND NOT {HAS_ENDED}
      AND keys.products && CAST(:products AS varchar[])))"""

#: subscribers that are due, held until `held_until`; those that another process is about to claim are left to it
_CLAIM = text(f"""
    WITH chosen AS (
        SELECT subscriptions.id, documents.etag FROM subscriptions JOIN documents USING (edition, feed, format)
        WHERE feed_id = :feed AND ended_at IS NULL AND lease_ends_at > :now AND due_at <= :now
          AND (held_until IS NULL OR held_until <= :now) AND sent_etag IS DISTINCT FROM documents.etag
          AND {_MAY_READ}
        ORDER BY failures, due_at LIMIT :limit FOR UPDATE OF subscriptions SKIP LOCKED
    )
    UPDATE subscriptions SET held_until = :held_until FROM chosen WHERE subscriptions.id = chosen.id
    RETURNING subscriptions.id, callback, secret, topic, edition, feed, format, sequence, failures, chosen.etag
""")
#: the documents of a feed of an edition
_DOCUMENTS = text("SELECT format, body_gzip FROM documents WHERE edition = :edition AND feed = :feed")


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
class DocumentOutcome:
    """What came of sending a document."""

    document: DueDocument
    status: int | None  #: None: no answer
    error: str | None
    due_at: datetime  #: when to try again, if it was not acknowledged
    sent_at: datetime
    acknowledged: bool  #: 2xx is success, everything else is not (7)


def write_outcomes(connection: Connection, outcomes: Sequence[DocumentOutcome]) -> None:
    """Keep what came of sending some documents: in the ledger for good, and in the subscriptions for the next time.

    410 ends a subscription. There is one outcome at least.
    """
    values = [
        {
            "id": outcome.document.subscription,
            "sequence": outcome.document.sequence,
            "etag": outcome.document.etag,
            "status": outcome.status,
            "error": outcome.error,
            "now": outcome.sent_at,
            "due_at": outcome.due_at,
            "acknowledged_at": outcome.sent_at if outcome.acknowledged else None,
            "is_gone": outcome.status == 410,
        }
        for outcome in outcomes
    ]
    connection.execute(_WRITE_PUSH, values)
    if acknowledged := [row for row in values if row["acknowledged_at"]]:
        connection.execute(_WRITE_ACKNOWLEDGED, acknowledged)
    if failed := [row for row in values if not row["acknowledged_at"]]:
        connection.execute(_WRITE_FAILED, failed)


#: one row for each number in a subscriber's sequence: attempts at it are counted, and the document may be a newer one each time
_WRITE_PUSH = text("""
    INSERT INTO pushes (subscription, sequence, etag, attempts, status, error, tried_at, acknowledged_at)
    VALUES (:id, :sequence, :etag, 1, :status, :error, :now, :acknowledged_at)
    ON CONFLICT (subscription, sequence) DO UPDATE SET etag = excluded.etag, attempts = pushes.attempts + 1,
        status = excluded.status, error = excluded.error, tried_at = excluded.tried_at,
        acknowledged_at = excluded.acknowledged_at
""")
#: the subscriber has this document, and may be sent the next
_WRITE_ACKNOWLEDGED = text("""
    UPDATE subscriptions SET sent_etag = :etag, sequence = :sequence, failures = 0, error = NULL, held_until = NULL
    WHERE id = :id
""")
#: the subscriber is left alone until it is due again; who is gone is unsubscribed
_WRITE_FAILED = text("""
    UPDATE subscriptions SET failures = failures + 1, error = :error, due_at = :due_at, held_until = NULL,
        ended_at = CASE WHEN :is_gone THEN CAST(:now AS timestamptz) ELSE ended_at END,
        end_reason = CASE WHEN :is_gone THEN 'gone (410)' ELSE end_reason END
    WHERE id = :id
""")


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """A subscription as its subscriber sees it."""

    callback: str
    lease_ends_at: datetime
    ended_at: datetime | None
    end_reason: str | None
    sequence: int  #: documents acknowledged
    failures: int  #: in a row
    error: str | None


def list_subscriptions(connection: Connection, key: str, *, limit: int) -> list[Subscription]:
    """What a subscriber is or was subscribed to, as far as they showed their key: those that last first, then the newest."""
    rows = connection.execute(
        text("""
            SELECT callback, lease_ends_at, ended_at, end_reason, sequence, failures, error
            FROM subscriptions WHERE key = :key ORDER BY ended_at IS NOT NULL, verified_at DESC LIMIT :limit
        """),
        {"key": key, "limit": limit},
    )
    return [Subscription(**row._mapping) for row in rows]
