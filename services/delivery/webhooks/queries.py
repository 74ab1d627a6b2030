"""Webhooks' SQL: who receives them, what each is to be sent, and what came of it, which is kept for good."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, text

from services.delivery.webhooks.notifications import (
    FIRST,
    GOES_ON,
    KILLED,
    TAKING_BACK,
    Announcement,
    DeliveryOutcome,
    DeliveryState,
    Due,
    LastAct,
    ReceiverProgress,
    progress_of,
)
from services.delivery.webhooks.receivers import ListedReceiver, StoredReceiver, WebhookConfig, receiver_of
from shared.archive.locks import Lock
from shared.contracts.feeds import READ_FROM
from shared.contracts.story import Act
from shared.web.keys import HAS_ENDED
from shared.wire.config import Webhook

# ── Receivers ────────────────────────────────────────────────────────────────────────────────────────────────────


def write_file_receivers(connection: Connection, named: Mapping[str, Webhook], now: datetime) -> None:
    """Let the receivers of the wire file be those that are kept; who has left it must still hear of what is taken back."""
    rows = [
        {"name": name, "url": webhook.url, "editions": list(webhook.editions), "feeds": list(webhook.feeds), "now": now}
        for name, webhook in sorted(named.items())
    ]
    if rows:
        connection.execute(_WRITE_FILE_RECEIVER, rows)
    connection.execute(_END_FILE_RECEIVERS, {"now": now, "names": [*named]})


#: a receiver of the file, as the file has it now; who had left and is back asks for things again
_WRITE_FILE_RECEIVER = text("""
    INSERT INTO receivers AS current (key, name, url, secret, editions, feeds, events, added_at, due_at)
    VALUES ('', :name, :url, '', CAST(:editions AS varchar[]), CAST(:feeds AS varchar[]), '{}', :now, :now)
    ON CONFLICT ON CONSTRAINT receiver_once DO UPDATE SET url = excluded.url, editions = excluded.editions,
        feeds = excluded.feeds, ended_at = NULL
    WHERE (current.url, current.editions, current.feeds, current.ended_at IS NULL)
        IS DISTINCT FROM (excluded.url, excluded.editions, excluded.feeds, true)
""")
#: receivers that are no longer in the file
_END_FILE_RECEIVERS = text("""
    UPDATE receivers SET ended_at = :now
    WHERE key = '' AND ended_at IS NULL AND name <> ALL(CAST(:names AS varchar[]))
""")


def count_receivers(connection: Connection, key: str) -> int:
    """How many a subscriber has; until this transaction ends, no other adds one for it."""
    connection.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended('receivers of ' || :key, :lock))"),
        {"key": key, "lock": Lock.RECEIVERS},
    )
    count: int = connection.execute(
        text("SELECT count(*) FROM receivers WHERE key = :key AND ended_at IS NULL"), {"key": key}
    ).scalar_one()
    return count


def add_receiver(connection: Connection, key: str, config: WebhookConfig, secret: str, now: datetime) -> bool:
    """Keep a subscriber's receiver, or one of that name that had ended. False if there is one already."""
    added = connection.execute(_ADD_RECEIVER, {"key": key, "secret": secret, "now": now, **_config_values(config)})
    return bool(added.rowcount)


#: a new receiver; one that had ended begins anew, but its sequence goes on
_ADD_RECEIVER = text("""
    INSERT INTO receivers AS current (key, name, url, secret, editions, feeds, events, added_at, due_at)
    VALUES (:key, :name, :url, :secret, CAST(:editions AS varchar[]), CAST(:feeds AS varchar[]),
            CAST(:events AS varchar[]), :now, :now)
    ON CONFLICT ON CONSTRAINT receiver_once DO UPDATE SET url = excluded.url, secret = excluded.secret,
        old_secret = '', old_secret_until = NULL, editions = excluded.editions, feeds = excluded.feeds,
        events = excluded.events, added_at = excluded.added_at, ended_at = NULL, disabled_at = NULL,
        failures = 0, failing_since = NULL, error = NULL, due_at = excluded.due_at
    WHERE current.ended_at IS NOT NULL
""")


def change_receiver(connection: Connection, receiver: UUID, config: WebhookConfig) -> None:
    """Let a receiver ask for something else; its name stays."""
    connection.execute(
        text("""
            UPDATE receivers SET url = :url, editions = CAST(:editions AS varchar[]), feeds = CAST(:feeds AS varchar[]),
                events = CAST(:events AS varchar[]) WHERE id = :id
        """),
        {"id": receiver, **_config_values(config)},
    )


def _config_values(config: WebhookConfig) -> dict[str, str | list[str]]:
    lists = {"editions": list(config.editions), "feeds": list(config.feeds), "events": list(config.events)}
    return {"name": config.name, "url": config.url, **lists}


def end_receiver(connection: Connection, receiver: UUID, now: datetime) -> None:
    """Let a receiver ask for nothing any more."""
    connection.execute(
        text("UPDATE receivers SET ended_at = coalesce(ended_at, :now) WHERE id = :id"), {"id": receiver, "now": now}
    )


def enable_receiver(connection: Connection, receiver: UUID, now: datetime) -> None:
    """Let a receiver be sent what it has missed, from now on."""
    connection.execute(
        text("""
            UPDATE receivers SET disabled_at = NULL, failures = 0, failing_since = NULL, error = NULL, due_at = :now
            WHERE id = :id
        """),
        {"id": receiver, "now": now},
    )


def change_secret(connection: Connection, receiver: UUID, secret: str, *, old_until: datetime) -> None:
    """Give a receiver a new secret; the old one signs too until then."""
    connection.execute(
        text("UPDATE receivers SET old_secret = secret, old_secret_until = :old_until, secret = :secret WHERE id = :id"),
        {"id": receiver, "secret": secret, "old_until": old_until},
    )


#: the columns of a `StoredReceiver`
_RECEIVER = """id, key, name, url, secret, old_secret, old_secret_until, editions, feeds, events, added_at, sequence, failures,
    failing_since, disabled_at, error"""


def _receiver_values(row: Row[Any]) -> dict[str, Any]:
    arrays = {name: tuple(getattr(row, name)) for name in ("editions", "feeds", "events")}
    return {**row._mapping, **arrays}


def list_receivers(connection: Connection, key: str) -> list[ListedReceiver]:
    """A subscriber's receivers by name, with how many notifications wait for each and how many were refused."""
    rows = connection.execute(
        text(f"""
            SELECT {_RECEIVER},
                   (SELECT count(*) FROM deliveries WHERE receiver = receivers.id AND state = 'due') AS waiting,
                   (SELECT count(*) FROM deliveries WHERE receiver = receivers.id AND state = 'parked') AS parked
            FROM receivers WHERE key = :key AND ended_at IS NULL ORDER BY name
        """),
        {"key": key},
    )
    return [ListedReceiver(**_receiver_values(row)) for row in rows]


def find_receiver(connection: Connection, key: str, name: str) -> ListedReceiver | None:
    """One of a subscriber's receivers; None if there is none, or it has ended."""
    return next((receiver for receiver in list_receivers(connection, key) if receiver.name == name), None)


# ── What is to be sent ───────────────────────────────────────────────────────────────────────────────────────────


def read_acts(connection: Connection, asked: Sequence[tuple[UUID, str]]) -> dict[tuple[UUID, str], LastAct]:
    """What was last done to some items' stories and what an edition has of them, by item and edition."""
    rows = connection.execute(_ACTS, {"items": [item for item, _ in asked], "editions": [edition for _, edition in asked]})
    return {
        (row.item, row.asked_edition): LastAct(
            story=row.id,
            revision=row.revision,
            act=Act(row.act),
            own_edition=row.edition,
            done_at=row.updated_at,
            edition=row.asked_edition,
            text_revision=row.text_revision,
            first_revision=row.first_revision,
        )
        for row in rows
    }


#: stories by items, with one format of the entry, which stands for all
_ACTS = text(f"""
    SELECT asked.item, asked.edition AS asked_edition, stories.id, stories.revision, stories.edition, stories.updated_at,
           revisions.act, entries.text_revision, entries.first_revision
    FROM unnest(CAST(:items AS uuid[]), CAST(:editions AS varchar[])) AS asked (item, edition)
    JOIN items ON items.id = asked.item JOIN stories ON stories.id = items.story
    JOIN revisions ON revisions.story = stories.id AND revisions.revision = stories.revision
    LEFT JOIN entries ON entries.story = stories.id AND entries.edition = asked.edition AND entries.format = '{READ_FROM}'
""")


def record_deliveries(
    connection: Connection, last: LastAct, announced: Announcement, *, lane: int, asked_at: datetime
) -> list[UUID]:
    """Record what everyone who wants it is to be sent, once for each. Returns the receivers that were not recorded before."""
    parameters = {
        "story": last.story,
        "edition": last.edition,
        "revision": announced.revision,
        "event": announced.event,
        "else_event": announced.else_event,
        "takes_back": announced.takes_back,
        "lane": lane,
        "asked_at": asked_at,
        "first": list(FIRST),
        "goes_on": list(GOES_ON),
    }
    return list(connection.execute(_RECORD, parameters).scalars())


#: who asks for it, and of what is taken back whoever was ever sent some of the story. An update that was recorded before the
#: first text, which it overtook, is the first text to who was not sent it yet
_RECORD = text(f"""
    INSERT INTO deliveries AS recorded (receiver, story, edition, revision, event, lane, state, asked_at, due_at)
    SELECT receivers.id, CAST(:story AS varchar), CAST(:edition AS varchar), :revision, event, :lane, 'due', :asked_at, :asked_at
    FROM receivers LEFT JOIN keys ON keys.name = receivers.key CROSS JOIN LATERAL (
        SELECT CASE WHEN CAST(:event AS varchar) = ANY(CAST(:first AS varchar[])) AND EXISTS (
            SELECT FROM deliveries AS earlier WHERE earlier.receiver = receivers.id AND earlier.story = :story
              AND earlier.edition = :edition AND earlier.revision < :revision AND earlier.event = :event
        ) THEN CAST(:else_event AS varchar) ELSE CAST(:event AS varchar) END AS event) AS heard_as
    WHERE (ended_at IS NULL AND NOT {HAS_ENDED}
           AND (editions = '{{}}' OR :edition = ANY(editions)) AND (events = '{{}}' OR event = ANY(events))
           AND (feeds = '{{}}' OR EXISTS (
               SELECT FROM memberships WHERE memberships.story = :story AND feed = ANY(feeds) AND NOT moved_out)))
       OR (:takes_back AND EXISTS (
           SELECT FROM deliveries AS earlier
           WHERE earlier.receiver = receivers.id AND earlier.story = :story AND earlier.edition = :edition AND attempts > 0))
    ORDER BY receivers.id
    ON CONFLICT (receiver, story, edition, revision) DO UPDATE SET event = excluded.event
    WHERE recorded.state = 'due' AND recorded.attempts = 0 AND recorded.event = ANY(CAST(:goes_on AS varchar[]))
      AND excluded.event = ANY(CAST(:first AS varchar[]))
    RETURNING receiver
""")


def claim(
    connection: Connection,
    receivers: Sequence[UUID],
    *,
    file_secret: Callable[[str], str],
    held_for: timedelta,
    limit_each: int,
    now: datetime,
) -> list[list[Due]]:
    """For each receiver that is free, what it is to be sent next, in order: urgent first, then as it was asked for.

    A receiver with something to be sent is this process's for `held_for`. Of a story's revisions in an edition only the
    newest is sent. At most `limit_each` for one receiver; receivers with nothing to be sent are left out.
    """
    parameters = {"now": now, "limit": limit_each, "held_until": now + held_for, **MAY_BE_SENT_PARAMETERS}
    rows = connection.execute(_FREE, {"ids": list(receivers), **parameters}).all()
    stored = [StoredReceiver(**_receiver_values(row)) for row in rows]
    free = {receiver.id: receiver_of(receiver, file_secret=file_secret, now=now) for receiver in stored}
    connection.execute(_SUPERSEDE, {"ids": list(free)})
    connection.execute(_IS_FIRST, {"ids": list(free), "first": list(FIRST), "goes_on": list(GOES_ON), "update": GOES_ON[0]})
    batches: dict[UUID, list[Due]] = {}
    for row in connection.execute(_NEXT, {"ids": list(free), **parameters}):
        batch = batches.setdefault(row.receiver, [])
        batch.append(
            Due(
                receiver=free[row.receiver],
                story=row.story,
                uri=row.uri,
                edition=row.edition,
                revision=row.revision,
                event=row.event,
                attempts=row.attempts,
                sequence=free[row.receiver].sequence + len(batch) + 1,
            )
        )
    connection.execute(
        text("UPDATE receivers SET held_until = :held_until WHERE id = ANY(CAST(:ids AS uuid[]))"),
        {"ids": list(batches), **parameters},
    )
    return list(batches.values())


#: what a receiver is sent now: one that has left, or whose key has ended, what is taken back; a disabled one kills alone
MAY_BE_SENT = f"""(event = :killed OR disabled_at IS NULL AND (event = ANY(CAST(:takes_back AS varchar[])) OR ended_at IS NULL
    AND NOT EXISTS (SELECT FROM keys WHERE keys.name = receivers.key AND {HAS_ENDED})))"""
MAY_BE_SENT_PARAMETERS = {"killed": KILLED, "takes_back": list(TAKING_BACK)}

#: receivers that are neither held nor left alone for a while; those that another process is about to claim are left to it
_FREE = text(f"""
    SELECT {_RECEIVER} FROM receivers
    WHERE id = ANY(CAST(:ids AS uuid[])) AND due_at <= :now AND (held_until IS NULL OR held_until <= :now)
    ORDER BY id FOR UPDATE SKIP LOCKED
""")
#: of several revisions that wait, all but the newest
_SUPERSEDE = text("""
    UPDATE deliveries SET state = 'superseded'
    WHERE receiver = ANY(CAST(:ids AS uuid[])) AND state = 'due' AND EXISTS (
        SELECT FROM deliveries AS newer WHERE newer.receiver = deliveries.receiver AND newer.story = deliveries.story
          AND newer.edition = deliveries.edition AND newer.revision > deliveries.revision)
""")
#: the newest text is the first one to a receiver that acknowledged and refused nothing of the story in the edition before; a
#: correction only if nothing was ever sent it, as it may have had what is wrong
_IS_FIRST = text("""
    UPDATE deliveries SET event = earlier.event
    FROM deliveries AS earlier
    WHERE deliveries.receiver = ANY(CAST(:ids AS uuid[])) AND deliveries.state = 'due' AND deliveries.acknowledged_at IS NULL
      AND deliveries.event = ANY(CAST(:goes_on AS varchar[]))
      AND earlier.receiver = deliveries.receiver AND earlier.story = deliveries.story AND earlier.edition = deliveries.edition
      AND earlier.revision < deliveries.revision AND earlier.state = 'superseded'
      AND earlier.event = ANY(CAST(:first AS varchar[]))
      AND NOT EXISTS (
        SELECT FROM deliveries AS heard WHERE heard.receiver = deliveries.receiver AND heard.story = deliveries.story
          AND heard.edition = deliveries.edition AND heard.revision <= deliveries.revision
          AND (heard.acknowledged_at IS NOT NULL OR heard.state = 'parked'
               OR deliveries.event <> :update AND heard.attempts > 0))
""")
#: what waits for each receiver, urgent first, then as it was asked for
_NEXT = text(f"""
    SELECT next.*, stories.uri FROM receivers CROSS JOIN LATERAL (
        SELECT * FROM deliveries
        WHERE receiver = receivers.id AND state = 'due' AND deliveries.due_at <= :now AND {MAY_BE_SENT}
        ORDER BY lane, asked_at, story, edition LIMIT :limit
    ) AS next JOIN stories ON stories.id = next.story
    WHERE receivers.id = ANY(CAST(:ids AS uuid[])) ORDER BY receiver, lane, asked_at, story, next.edition
""")


def next_due_at(connection: Connection, receiver: UUID, *, answers_by: datetime, now: datetime) -> datetime | None:
    """When to look at a receiver again: at `answers_by` while something is under way; None if nothing waits for it."""
    at: datetime | None = connection.execute(
        text(f"""
            SELECT CASE WHEN max(held_until) > :now THEN CAST(:answers_by AS timestamptz)
                        ELSE min(greatest(receivers.due_at, deliveries.due_at)) END
            FROM receivers JOIN deliveries ON receiver = receivers.id
            WHERE receivers.id = :id AND state = 'due' AND {MAY_BE_SENT}
        """),
        {"id": receiver, "answers_by": answers_by, "now": now, **MAY_BE_SENT_PARAMETERS},
    ).scalar_one()
    return at


# ── What came of it ──────────────────────────────────────────────────────────────────────────────────────────────


def write_outcomes(connection: Connection, batches: Sequence[Sequence[DeliveryOutcome]]) -> None:
    """Keep what came of each receiver's batch, which has one outcome at least, and let the receiver go."""
    connection.execute(_WRITE_DELIVERY, [_delivery_values(outcome) for batch in batches for outcome in batch])
    connection.execute(_WRITE_RECEIVER, [_progress_values(progress_of(batch)) for batch in batches])


def _delivery_values(outcome: DeliveryOutcome) -> dict[str, object]:
    is_acknowledged = outcome.state == "acknowledged"
    return {
        "receiver": outcome.due.receiver.id,
        "story": outcome.due.story,
        "edition": outcome.due.edition,
        "revision": outcome.due.revision,
        "state": outcome.state,
        "sequence": outcome.due.sequence if is_acknowledged else None,
        "status": outcome.status,
        "error": outcome.error,
        "at": outcome.at,
        "again_at": outcome.again_at,
        "acknowledged_at": outcome.at if is_acknowledged else None,
    }


def _progress_values(progress: ReceiverProgress) -> dict[str, object]:
    return {
        "id": progress.receiver,
        "acknowledged": progress.acknowledged,
        "failures": progress.failures,
        "failing_since": progress.failing_since,
        "disabled_at": progress.disabled_at,
        "error": progress.error,
        "due_at": progress.due_at,
        "ended_at": progress.ended_at,
    }


#: one attempt at a delivery; a replay keeps when it was acknowledged first
_WRITE_DELIVERY = text("""
    UPDATE deliveries SET attempts = attempts + 1, state = :state, sequence = coalesce(:sequence, sequence), status = :status,
        error = :error, tried_at = :at, due_at = :again_at, acknowledged_at = coalesce(acknowledged_at, :acknowledged_at)
    WHERE receiver = :receiver AND story = :story AND edition = :edition AND revision = :revision
""")
#: a receiver after a batch, which any process may claim again
_WRITE_RECEIVER = text("""
    UPDATE receivers SET sequence = sequence + :acknowledged, failures = :failures, failing_since = :failing_since,
        error = :error, due_at = :due_at, held_until = NULL, disabled_at = coalesce(disabled_at, :disabled_at),
        ended_at = coalesce(ended_at, :ended_at)
    WHERE id = :id
""")


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One notification, sent or to be sent."""

    sequence: int | None  #: its number among what the receiver has acknowledged
    event: str
    story: str
    edition: str
    revision: int
    state: DeliveryState
    attempts: int
    status: int | None
    error: str | None
    asked_at: datetime
    tried_at: datetime | None
    acknowledged_at: datetime | None


def list_deliveries(
    connection: Connection, receiver: UUID, *, after: int | None, state: DeliveryState | None, limit: int
) -> list[Delivery]:
    """What a receiver was sent and is to be sent: from a place in its sequence on; or, with none named, the newest first."""
    rows = connection.execute(_LIST_DELIVERIES, {"receiver": receiver, "after": after, "state": state, "limit": limit})
    return [Delivery(**row._mapping) for row in rows]


#: some of a receiver's deliveries
_LIST_DELIVERIES = text("""
    SELECT sequence, event, story, edition, revision, state, attempts, status, error, asked_at, tried_at, acknowledged_at
    FROM deliveries WHERE receiver = :receiver AND (CAST(:state AS varchar) IS NULL OR state = :state)
      AND (CAST(:after AS bigint) IS NULL OR sequence > :after)
    ORDER BY CASE WHEN CAST(:after AS bigint) IS NOT NULL THEN sequence END, asked_at DESC, story, revision
    LIMIT :limit
""")


def replay(connection: Connection, receiver: UUID, *, after: int | None, now: datetime) -> int:
    """Let what a receiver acknowledged after a place in its sequence be sent again, or with none named what it refused.

    Of each story the newest revision. What was acknowledged when stays in the ledger. Returns how many.
    """
    return connection.execute(_REPLAY, {"receiver": receiver, "after": after, "now": now}).rowcount


#: in the order of the sequence that they had: each is asked for at a moment of its own
_REPLAY = text("""
    UPDATE deliveries SET state = 'due', due_at = :now, asked_at = :now + row.place * interval '1 microsecond'
    FROM (SELECT story, edition, max(revision) AS revision, row_number() OVER (ORDER BY max(sequence)) AS place
          FROM deliveries WHERE receiver = :receiver AND state <> 'superseded' GROUP BY story, edition) AS row
    WHERE receiver = :receiver AND deliveries.story = row.story AND deliveries.edition = row.edition
      AND deliveries.revision = row.revision
      AND CASE WHEN CAST(:after AS bigint) IS NULL THEN state = 'parked'
               ELSE state = 'acknowledged' AND sequence > :after END
""")
