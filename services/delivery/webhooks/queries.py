"""Delivery's SQL for webhooks: what each receiver is to be told, and what came of it, which is kept for good."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, text

from services.delivery.webhooks.receivers import receiver_of
from services.delivery.webhooks.signing import DISABLED_AFTER, KILLED, TAKING_BACK, Due, LastAct
from shared.contracts.story import TAKES_BACK, Act
from shared.web.keys import HAS_ENDED

# ── What is to be told ───────────────────────────────────────────────────────────────────────────────────────────


def read_acts(connection: Connection, items: Sequence[UUID]) -> dict[UUID, LastAct]:
    """What was last done to some items' stories, by item."""
    rows = connection.execute(
        text("""
            SELECT items.id AS item, stories.id, stories.revision, stories.edition, stories.updated_at, revisions.act
            FROM items JOIN stories ON stories.id = items.story
            JOIN revisions ON revisions.story = stories.id AND revisions.revision = stories.revision
            WHERE items.id = ANY(CAST(:items AS uuid[]))
        """),
        {"items": list(items)},
    )
    return {
        row.item: LastAct(story=row.id, revision=row.revision, act=Act(row.act), own_edition=row.edition, done_at=row.updated_at)
        for row in rows
    }


def ask(connection: Connection, last: LastAct, edition: str, *, lane: int, asked_at: datetime) -> list[UUID]:
    """Record what everyone who wants it is to be told, once for each. Returns whom to tell."""
    parameters = {
        "story": last.story,
        "edition": edition,
        "revision": last.revision,
        "event": last.event(edition),
        "lane": lane,
        "takes_back": last.act in TAKES_BACK,  # which goes to all who had a version, whatever they ask for today
        "asked_at": asked_at,
    }
    return list(connection.execute(_ASK, parameters).scalars())


_ASK = text(f"""
    INSERT INTO deliveries (receiver, story, edition, revision, event, lane, state, asked_at, due_at)
    SELECT receivers.id, CAST(:story AS varchar), CAST(:edition AS varchar), :revision, CAST(:event AS varchar), :lane, 'due',
           :asked_at, :asked_at
    FROM receivers LEFT JOIN keys ON keys.name = receivers.key
    WHERE (ended_at IS NULL AND NOT {HAS_ENDED}
           AND (editions = '{{}}' OR :edition = ANY(editions)) AND (events = '{{}}' OR :event = ANY(events))
           AND (feeds = '{{}}' OR EXISTS (SELECT FROM memberships AS m WHERE m.story = :story AND m.feed = ANY(feeds))))
       OR (:takes_back AND EXISTS (
           SELECT FROM deliveries AS earlier
           WHERE earlier.receiver = receivers.id AND earlier.story = :story AND earlier.edition = :edition AND attempts > 0))
    ORDER BY receivers.id
    ON CONFLICT DO NOTHING RETURNING receiver
""")


def claim(
    connection: Connection,
    receivers: Sequence[UUID],
    *,
    file_secret: Callable[[str], str],
    held_for: timedelta,
    most_each: int,
    now: datetime,
) -> list[list[Due]]:
    """For each receiver that is free, what it is to be told next, in order: urgent first, then as it was asked for.

    A receiver is this process's for a while. Of a story's revisions in an edition only the newest is told.
    """
    parameters = {"now": now, "most": most_each, "held_until": now + held_for, **_EVENTS_THERE}
    rows = connection.execute(_FREE, {"ids": list(receivers), **parameters}).all()
    free = {row.id: receiver_of(row, file_secret=file_secret, now=now) for row in rows}
    connection.execute(_SUPERSEDE, {"ids": list(free)})
    bundles: dict[UUID, list[Due]] = {}
    for row in connection.execute(_NEXT, {"ids": list(free), **parameters}):
        bundle = bundles.setdefault(row.receiver, [])
        bundle.append(
            Due(
                receiver=free[row.receiver],
                story=row.story,
                uri=row.uri,
                edition=row.edition,
                revision=row.revision,
                event=row.event,
                attempts=row.attempts,
                sequence=free[row.receiver].sequence + len(bundle) + 1,
            )
        )
    connection.execute(
        text("UPDATE receivers SET held_until = :held_until WHERE id = ANY(CAST(:ids AS uuid[]))"),
        {"ids": list(bundles), **parameters},
    )
    return list(bundles.values())


#: what a receiver is told now: one that has left, or whose key has ended, of what is taken back; a disabled one of kills alone
_MAY_BE_TOLD = f"""(event = :killed OR disabled_at IS NULL AND (event = ANY(CAST(:takes_back AS varchar[])) OR ended_at IS NULL
    AND NOT EXISTS (SELECT FROM keys WHERE keys.name = receivers.key AND {HAS_ENDED})))"""
_EVENTS_THERE = {"killed": KILLED, "takes_back": list(TAKING_BACK)}

_FREE = text("""
    SELECT * FROM receivers
    WHERE id = ANY(CAST(:ids AS uuid[])) AND due_at <= :now AND (held_until IS NULL OR held_until <= :now)
    ORDER BY id FOR UPDATE SKIP LOCKED
""")
_SUPERSEDE = text("""
    UPDATE deliveries SET state = 'superseded'
    WHERE receiver = ANY(CAST(:ids AS uuid[])) AND state = 'due' AND EXISTS (
        SELECT FROM deliveries AS newer WHERE newer.receiver = deliveries.receiver AND newer.story = deliveries.story
          AND newer.edition = deliveries.edition AND newer.revision > deliveries.revision)
""")
_NEXT = text(f"""
    SELECT next.*, stories.uri FROM receivers CROSS JOIN LATERAL (
        SELECT * FROM deliveries
        WHERE receiver = receivers.id AND state = 'due' AND deliveries.due_at <= :now AND {_MAY_BE_TOLD}
        ORDER BY lane, asked_at, story, edition LIMIT :most
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
            WHERE receivers.id = :id AND state = 'due' AND {_MAY_BE_TOLD}
        """),
        {"id": receiver, "answers_by": answers_by, "now": now, **_EVENTS_THERE},
    ).scalar_one()
    return at


# ── What came of it ──────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Told:
    """What came of telling one notification."""

    due: Due
    state: str  #: what the delivery is now: `acknowledged`, `parked`, or still `due`
    status: int | None
    error: str | None
    at: datetime
    again_at: datetime  #: not before, if it is still due
    holds_all: bool  #: the receiver has trouble, so everything for it waits until then
    ends: bool  #: the receiver wants nothing any more


def write_told(connection: Connection, told: Sequence[Sequence[Told]]) -> None:
    """Keep what came of each receiver's bundle, and let the receiver go."""
    connection.execute(_WRITE_DELIVERY, [_delivery(one) for bundle in told for one in bundle])
    connection.execute(_WRITE_RECEIVER, [_receiver(bundle) for bundle in told])


def _delivery(told: Told) -> dict[str, object]:
    acknowledged = told.state == "acknowledged"
    return {
        "receiver": told.due.receiver.id,
        "story": told.due.story,
        "edition": told.due.edition,
        "revision": told.due.revision,
        "state": told.state,
        "sequence": told.due.sequence if acknowledged else None,
        "status": told.status,
        "error": told.error,
        "at": told.at,
        "again_at": told.again_at,
        "acknowledged_at": told.at if acknowledged else None,
    }


_WRITE_DELIVERY = text("""
    UPDATE deliveries SET attempts = attempts + 1, state = :state, sequence = coalesce(:sequence, sequence), status = :status,
        error = :error, tried_at = :at, due_at = :again_at, acknowledged_at = coalesce(acknowledged_at, :acknowledged_at)
    WHERE receiver = :receiver AND story = :story AND edition = :edition AND revision = :revision
""")


def _receiver(bundle: Sequence[Told]) -> dict[str, object]:
    last = bundle[-1]
    before = last.due.receiver
    failing_since = (before.failing_since or last.at) if last.holds_all else None
    return {
        "id": before.id,
        "acknowledged": sum(told.state == "acknowledged" for told in bundle),
        "failures": before.failures + 1 if last.holds_all else 0,
        "failing_since": failing_since,
        "disabled_at": last.at if failing_since and last.at - failing_since > DISABLED_AFTER else None,
        "error": last.error,
        "due_at": last.again_at if last.holds_all else last.at,
        "ended_at": last.at if last.ends else None,
    }


_WRITE_RECEIVER = text("""
    UPDATE receivers SET sequence = sequence + :acknowledged, failures = :failures, failing_since = :failing_since,
        error = :error, due_at = :due_at, held_until = NULL, disabled_at = coalesce(disabled_at, :disabled_at),
        ended_at = coalesce(ended_at, :ended_at)
    WHERE id = :id
""")


def list_deliveries(
    connection: Connection, receiver: UUID, *, after: int | None, state: str | None, most: int
) -> list[Row[tuple[Any, ...]]]:
    """What a receiver was told: from a place in its sequence on; or, with none named, the newest first."""
    return list(
        connection.execute(
            text("""
                SELECT sequence, event, story, edition, revision, state, attempts, status, error, asked_at, tried_at,
                       acknowledged_at
                FROM deliveries WHERE receiver = :receiver AND (CAST(:state AS varchar) IS NULL OR state = :state)
                  AND (CAST(:after AS bigint) IS NULL OR sequence > :after)
                ORDER BY CASE WHEN CAST(:after AS bigint) IS NOT NULL THEN sequence END, asked_at DESC, story, revision
                LIMIT :most
            """),
            {"receiver": receiver, "after": after, "state": state, "most": most},
        )
    )


def ask_again(connection: Connection, receiver: UUID, *, after: int | None, now: datetime) -> int:
    """Let what a receiver acknowledged after a place in its sequence be told again, or with none named what it refused.

    Of each story the newest revision. What was acknowledged when stays in the ledger. Returns how many.
    """
    return connection.execute(
        text("""
            UPDATE deliveries SET state = 'due', due_at = :now, asked_at = :now + row.place * interval '1 microsecond'
            FROM (SELECT story, edition, max(revision) AS revision, row_number() OVER (ORDER BY max(sequence)) AS place
                  FROM deliveries WHERE receiver = :receiver AND state <> 'superseded' GROUP BY story, edition) AS row
            WHERE receiver = :receiver AND deliveries.story = row.story AND deliveries.edition = row.edition
              AND deliveries.revision = row.revision
              AND CASE WHEN CAST(:after AS bigint) IS NULL THEN state = 'parked'
                       ELSE state = 'acknowledged' AND sequence > :after END
        """),
        {"receiver": receiver, "after": after, "now": now},
    ).rowcount
