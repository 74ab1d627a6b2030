"""Webhooks: who is to be told of a story, and sending it to each in order. Nothing is waited for in a transaction."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from services.delivery import http_sender
from services.delivery.http_sender import Posted, PostOffice, post_office
from services.delivery.webhooks import queries, receivers
from services.delivery.webhooks.queries import Told
from services.delivery.webhooks.signing import (
    DISABLED_AFTER,
    KILL_AGAIN,
    KILL_ATTEMPTS_BEFORE_ALARM,
    KILLED,
    Due,
    Verdict,
    letter_of,
    verdict_of,
)
from shared import log, metrics
from shared.archive.database import engine
from shared.clock import utc_now
from shared.contracts.work import NO_EDITION, Done, Follow, Later, Outcome, Work
from shared.pipeline import Lane, Stage
from shared.queue.ledger import Handler
from shared.settings import settings
from shared.wire.config import wire
from shared.wire.variables import variable_of

#: notifications that one receiver is sent before their answers are written down
_MOST_EACH = 50
#: receivers that this process sends to at once
_MOST_UNDER_WAY = 500
#: how soon a receiver is looked at again while its answers are under way; what comes next is sent as soon as they are there
_ANSWERS_IN = timedelta(seconds=1)

_log = log.get("delivery")


def deliver(connection: Connection, chunk: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
    """Record for each receiver that wants it what it is to be told."""
    receivers.keep_file_receivers(connection, wire().webhooks, now)
    outcomes: dict[int, Outcome] = {}
    acts = queries.read_acts(connection, [work.item for work in chunk])
    for place, work in enumerate(sorted(chunk, key=lambda work: acts[work.item].done_at)):
        asked_at = now + timedelta(microseconds=place - len(chunk))  # each at a moment of its own: so they are told in this order
        lane = list(Lane).index(work.lane)
        receivers = queries.ask(connection, acts[work.item], work.edition, lane=lane, asked_at=asked_at)
        outcomes[work.id] = Done(
            tuple(Follow(stage=Stage.WEBHOOK, item=receiver, revision=0, edition=NO_EDITION) for receiver in receivers)
        )
    return outcomes


def notify(chunk: Sequence[Work]) -> Handler:
    """Claim each receiver's next notifications, hand them over to be sent, and come back for as long as some wait."""
    now = utc_now()
    with engine().begin() as connection:
        bundles = _claim(connection, [work.item for work in chunk], now)
    _send(bundles, now)
    return _when_again


def _when_again(connection: Connection, mine: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
    outcomes: dict[int, Outcome] = {}
    for work in mine:
        due_at = queries.next_due_at(connection, work.item, answers_by=now + _ANSWERS_IN, now=now)
        outcomes[work.id] = Done() if due_at is None else Later(max(due_at - now, _ANSWERS_IN), "not everything is told yet")
    return outcomes


def office() -> PostOffice:
    """Where letters to receivers are posted."""
    return post_office(_write, settings().webhook_timeout_s)


def file_secret(name: str) -> str:
    """The secret of a receiver that is, or was, named in the wire's file."""
    return os.environ.get(variable_of("WEBHOOK_SECRET", name), "")


def _claim(connection: Connection, receivers: Sequence[object], now: datetime) -> list[list[Due]]:
    room = max(_MOST_UNDER_WAY - office().under_way, 0)
    return queries.claim(
        connection,
        list(receivers)[:room],  # type: ignore[arg-type]
        file_secret=file_secret,
        held_for=timedelta(seconds=settings().webhook_timeout_s * 4),
        most_each=_MOST_EACH,
        now=now,
    )


def _send(bundles: Sequence[Sequence[Due]], now: datetime) -> None:
    public_url = settings().public_url
    office().send([[letter_of(due, public_url=public_url, now=now) for due in bundle] for bundle in bundles])


def _write(outcomes: Sequence[http_sender.Outcome]) -> None:
    """Write down what came of some bundles; then send these receivers what comes next."""
    told = [[_told(posted) for posted in outcome] for outcome in outcomes]
    with engine().begin() as connection:
        queries.write_told(connection, told)
    for bundle in told:
        for one in bundle:
            _tell_ops(one)
        last, receiver = bundle[-1], bundle[-1].due.receiver
        if last.holds_all and receiver.failing_since and last.at - receiver.failing_since > DISABLED_AFTER:
            _log.error("receiver.disabled", destination=receiver.name, key=receiver.key, error=last.error)
    now = utc_now()
    with engine().begin() as connection:
        bundles = _claim(connection, [bundle[0].due.receiver.id for bundle in told if not bundle[-1].holds_all], now)
    _send(bundles, now)


def _told(posted: Posted) -> Told:
    due: Due = posted.letter.slip
    verdict = verdict_of(posted.status)
    if verdict is Verdict.GONE and not due.receiver.key:
        verdict = Verdict.REFUSED  # the newsroom named it: whether it goes is the newsroom's to say
    again_at = posted.at
    if verdict is Verdict.AGAIN:
        again_at += http_sender.retry_in(due.receiver.failures + 1, asked_to_wait=posted.wait)
    elif due.event == KILLED:  # which is told until it is acknowledged, and keeps nobody else waiting
        again_at += KILL_AGAIN
    states = {Verdict.ACKNOWLEDGED: "acknowledged", Verdict.AGAIN: "due"}
    return Told(
        due=due,
        state=states.get(verdict, "due" if due.event == KILLED else "parked"),
        status=posted.status,
        error=posted.error,
        at=posted.at,
        again_at=again_at,
        holds_all=verdict is Verdict.AGAIN,
        ends=verdict is Verdict.GONE,
    )


def _tell_ops(told: Told) -> None:
    due = told.due
    outcome = {"due": "failed"}.get(told.state, told.state)
    metrics.count("barq_deliveries_total", channel="webhook", outcome=outcome)
    named = {"destination": due.receiver.name, "key": due.receiver.key, "story": due.story, "status": told.status}
    if told.state == "parked":
        _log.error("delivery.parked", **named)
    elif told.state == "due" and due.event == KILLED and due.attempts + 1 >= KILL_ATTEMPTS_BEFORE_ALARM:
        _log.error("kill.unacknowledged", attempts=due.attempts + 1, **named)
        metrics.count("barq_kills_unacknowledged_total")
    else:
        _log.info("subscriber.notified", **named)
