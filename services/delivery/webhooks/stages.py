"""Webhooks' stages: who is to be notified of a story, and sending it to each in order. Nothing is waited for in a transaction."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

from sqlalchemy import Connection

from services.delivery.http_sender import BatchResult, HttpSender, OutgoingRequest, SendResult, retry_in
from services.delivery.webhooks import queries
from services.delivery.webhooks.notifications import (
    KILL_ATTEMPTS_BEFORE_ALARM,
    KILLED,
    DeliveryOutcome,
    Due,
    outcome_of,
    progress_of,
)
from services.delivery.webhooks.signing import notification_request
from shared import log, metrics
from shared.archive.database import engine
from shared.clock import utc_now
from shared.contracts.work import NO_EDITION, Done, Follow, Later, Outcome, Work
from shared.pipeline import Stage
from shared.queue.ledger import Handler
from shared.settings import settings
from shared.wire.config import wire
from shared.wire.variables import variable_of

#: notifications that one receiver is sent before their answers are saved
_MAX_EACH = 50
#: receivers that this process sends to at once
_MAX_UNDER_WAY = 500
#: how soon to see to a receiver again while its answers are under way; what comes next is sent as soon as they are there
_ANSWERS_IN = timedelta(seconds=1)

_log = log.get("delivery")


# ── fan_out ──────────────────────────────────────────────────────────────────────────────────────────────────────


def fan_out(connection: Connection, chunk: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
    """Record for each receiver that wants it what it is to be sent of a story in an edition: of what changed for its readers."""
    queries.write_file_receivers(connection, wire().webhooks, now)
    outcomes: dict[int, Outcome] = {}
    acts = queries.read_acts(connection, [(work.item, work.edition) for work in chunk])
    for place, work in enumerate(sorted(chunk, key=lambda work: acts[work.item, work.edition].done_at)):
        asked_at = now + timedelta(microseconds=place - len(chunk))  # each at a moment of its own: so they are sent in this order
        last, lane = acts[work.item, work.edition], work.lane.number
        receivers = queries.record_deliveries(connection, last, last.announcement(work.revision), lane=lane, asked_at=asked_at)
        outcomes[work.id] = Done(
            tuple(Follow(stage=Stage.WEBHOOK, item=receiver, revision=0, edition=NO_EDITION) for receiver in receivers)
        )
    return outcomes


# ── webhook ──────────────────────────────────────────────────────────────────────────────────────────────────────


def webhook(chunk: Sequence[Work]) -> Handler:
    """Claim each receiver's next notifications, hand them over to be sent, and come back for as long as some wait."""
    _send_next([work.item for work in chunk])
    return _decide_when_again


def _decide_when_again(connection: Connection, mine: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
    outcomes: dict[int, Outcome] = {}
    for work in mine:
        due_at = queries.next_due_at(connection, work.item, answers_by=now + _ANSWERS_IN, now=now)
        outcomes[work.id] = Done() if due_at is None else Later(max(due_at - now, _ANSWERS_IN), "not everything is sent yet")
    return outcomes


def sender() -> HttpSender[Due]:
    """This process's sender to receivers."""
    return _sender_for(settings().webhook_timeout_s)


@cache
def _sender_for(timeout_s: float) -> HttpSender[Due]:
    return HttpSender(_save, timeout_s=timeout_s)


def _send_next(receivers: Sequence[UUID]) -> None:
    """Claim what these receivers are to be sent next, as far as there is capacity; hand it over once the claim is committed."""
    now = utc_now()
    capacity = max(_MAX_UNDER_WAY - sender().under_way, 0)
    with engine().begin() as connection:
        batches = queries.claim(
            connection,
            receivers[:capacity],
            file_secret=_read_file_secret,
            held_for=timedelta(seconds=settings().webhook_timeout_s * 4),
            limit_each=_MAX_EACH,
            now=now,
        )
    sender().send([[_build_request(due, now) for due in batch] for batch in batches])


def _build_request(due: Due, now: datetime) -> OutgoingRequest[Due]:
    return notification_request(due, public_url=settings().public_url, now=now)


def _read_file_secret(name: str) -> str:
    """The secret of a receiver that is, or was, named in the wire file."""
    return os.environ.get(variable_of("WEBHOOK_SECRET", name), "")


# ── What came of it ──────────────────────────────────────────────────────────────────────────────────────────────


def _save(results: Sequence[BatchResult[Due]]) -> None:
    """Save what came of some batches; then send these receivers what comes next."""
    batches = [[_outcome_of(result) for result in batch] for batch in results]
    with engine().begin() as connection:
        queries.write_outcomes(connection, batches)
    for batch in batches:
        for outcome in batch:
            _report(outcome)
        receiver = batch[-1].due.receiver
        if progress_of(batch).disabled_at:
            _log.error("receiver.disabled", destination=receiver.name, key=receiver.key, error=batch[-1].error)
    _send_next([batch[0].due.receiver.id for batch in batches if not batch[-1].holds_all])


def _outcome_of(result: SendResult[Due]) -> DeliveryOutcome:
    due = result.request.context
    wait = retry_in(due.receiver.failures + 1, asked_to_wait=result.wait)
    return outcome_of(due, status=result.status, error=result.error, at=result.at, retry_in=wait)


def _report(outcome: DeliveryOutcome) -> None:
    due = outcome.due
    metrics.count("barq_deliveries_total", channel="webhook", outcome="failed" if outcome.state == "due" else outcome.state)
    facts = {"destination": due.receiver.name, "key": due.receiver.key, "story": due.story, "status": outcome.status}
    if outcome.state == "parked":
        _log.error("delivery.parked", **facts)
    elif outcome.state == "due" and due.event == KILLED and due.attempts + 1 >= KILL_ATTEMPTS_BEFORE_ALARM:
        _log.error("kill.unacknowledged", attempts=due.attempts + 1, **facts)
        metrics.count("barq_kills_unacknowledged_total")
    else:
        _log.info("subscriber.notified", **facts)
