"""Delivery's stages: webhooks, and the hub's. Each receiver is told once; who did not acknowledge is told again."""

from __future__ import annotations

import gzip
import os
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from services.delivery import store, store_hub, webhooks, websub
from services.delivery.sending import PostOffice, post_office
from services.delivery.store_hub import Intent, Sent
from services.delivery.webhooks import Notification
from services.delivery.websub import Mode
from shared import log, metrics
from shared.clock import utc_now
from shared.contracts.story import Act
from shared.contracts.work import Done, Failed, Later, Outcome, Work
from shared.database import engine
from shared.pipeline import Stage, spec_of
from shared.settings import settings
from shared.wire import wire

#: a chunk stops calling receivers after this long and leaves the rest for the next, so that no transaction grows old
_LONGEST_S = 10.0

#: these go to everyone who ever had a version, whatever their filters say today
_FOR_ALL_WHO_HAD_IT = (Act.CORRECTION, Act.WITHHOLD, Act.KILL, Act.EXPIRE)
_KILL_ATTEMPTS_BEFORE_ALARM = 8
_KILL_AGAIN = timedelta(minutes=5)

#: parcels in the hands of this process at once
_MOST_UNDER_WAY = 2000
#: how soon a feed is looked at again while there are subscribers that have not got it
_PUSH_AGAIN = timedelta(milliseconds=200)
#: and while it only waits for answers
_ANSWERS_IN = timedelta(seconds=1)
#: more of an answer than this is no challenge
_MOST_CHALLENGE_BYTES = 1000

_log = log.get("delivery")


def deliver(connection: Connection, chunk: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
    """Tell every receiver of each work's edition."""
    ends_s = time.monotonic() + _LONGEST_S
    outcomes: dict[int, Outcome] = {}
    for work in chunk:
        if time.monotonic() > ends_s:
            outcomes[work.id] = Later(timedelta(0), "receivers are slow")
            continue
        found = store.read_notifications(connection, [work.item], work.edition, settings().public_url)
        notification = found[work.item]
        receivers = _receivers(connection, work, notification)
        silent = [name for name, url in receivers.items() if not _tell(connection, name, url, notification)]
        outcomes[work.id] = _outcome(work, notification, silent)
    return outcomes


def _receivers(connection: Connection, work: Work, notification: Notification) -> dict[str, str]:
    """Whom to tell, and where: who asks for the edition; and of what takes back or corrects, everyone who had a version."""
    urls = {name: receiver.url for name, receiver in wire().webhooks.items()}
    asked = {
        name: url
        for name, url in urls.items()
        if work.edition in (wire().webhooks[name].editions or wire().editions)
    }
    if notification.act in _FOR_ALL_WHO_HAD_IT:
        asked |= {name: urls.get(name, url) for name, url in store.reached(connection, notification).items()}
    return asked


def _outcome(work: Work, notification: Notification, silent: Sequence[str]) -> Outcome:
    if not silent:
        return Done()
    error = f"not acknowledged by {', '.join(silent)}"
    if notification.act is Act.KILL and work.attempts >= _KILL_ATTEMPTS_BEFORE_ALARM:
        # a kill is never given up: it is told for as long as it takes, and somebody is told that it takes long
        _log.error("kill.unacknowledged", story=notification.story, by=silent, attempts=work.attempts)
        metrics.count("barq_kills_unacknowledged_total")
        return Later(_KILL_AGAIN, error)
    return Failed(error)


def _tell(connection: Connection, name: str, url: str, notification: Notification) -> bool:
    if store.is_acknowledged(connection, name, notification):
        return True
    secret = os.environ.get(f"BARQ_WEBHOOK_SECRET_{name.upper().replace('-', '_')}", "")
    now = utc_now()
    receipt = webhooks.post(url, secret, notification, timeout_s=settings().webhook_timeout_s, now=now)
    store.write_delivery(connection, name, url, notification, receipt, now)
    metrics.count(
        "barq_deliveries_total", channel="webhook", outcome="acknowledged" if receipt.acknowledged else "failed"
    )
    _log.info("subscriber.notified", destination=name, story=notification.story, status=receipt.status)
    return receipt.acknowledged


# ── WebSub ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _office() -> PostOffice:
    return post_office(_write_sent, settings().push_timeout_s, f"{settings().public_url}/hub")


def _write_sent(results: Sequence[Sent]) -> None:
    with engine().begin() as connection:
        store_hub.write_sent(connection, results)
    for sent in results:
        metrics.count("barq_deliveries_total", channel="websub", outcome="acknowledged" if sent.acknowledged else "failed")


def verify(connection: Connection, chunk: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
    """Ask each subscriber whether it meant it (5.3); what is not confirmed leaves everything as it was."""
    intents = store_hub.read_intents(connection, [work.item for work in chunk])
    waiting = [work for work in chunk if work.item in intents]
    outcomes: dict[int, Outcome] = {work.id: Done() for work in chunk}
    questions = {work.id: _question(intents[work.item]) for work in waiting}
    answers = _office().ask([question.url for question in questions.values()], most_bytes=_MOST_CHALLENGE_BYTES)
    for work, answer in zip(waiting, answers, strict=True):
        intent, question = intents[work.item], questions[work.id]
        is_confirmed = answer.status is not None and 200 <= answer.status < 300 and answer.body == question.challenge
        if answer.status is None and work.attempts < spec_of(Stage.VERIFY).attempts and not question.is_denial:
            outcomes[work.id] = Failed(f"{intent.asked.callback}: {answer.error}")
            continue
        store_hub.forget_intent(connection, intent.id)
        if is_confirmed and not question.is_denial:
            store_hub.confirm(connection, intent, now)
        _log.info(f"{intent.asked.mode}.{'verified' if is_confirmed else 'refused'}", callback=intent.asked.callback)
    return outcomes


@dataclass(frozen=True, kw_only=True)
class _Question:
    url: str
    challenge: bytes
    is_denial: bool


def _question(intent: Intent) -> _Question:
    """The verification (5.3); or the denial (5.2), where the feed has gone since it was asked for."""
    asked = intent.asked
    if asked.topic.feed not in wire().feed_names() or asked.topic.edition not in wire().editions:
        url = websub.with_query(asked.callback, mode="denied", topic=intent.topic_url, reason="there is no such feed any more")
        return _Question(url=url, challenge=b"", is_denial=True)
    challenge = secrets.token_urlsafe(32)
    lease = {"lease_seconds": str(int(asked.lease.total_seconds()))} if asked.mode is Mode.SUBSCRIBE else {}
    url = websub.with_query(
        asked.callback, mode=asked.mode.value, topic=intent.topic_url, challenge=challenge, **lease
    )
    return _Question(url=url, challenge=challenge.encode(), is_denial=False)


def push(connection: Connection, chunk: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
    """Hand a feed's newest document over to be sent to each subscriber that has not got it, and come back for the rest.

    Nothing is waited for here, so that no transaction grows old and no receiver holds up another.
    """
    outcomes: dict[int, Outcome] = {}
    for work in chunk:
        store_hub.end_leases(connection, work.item, now)
        room = max(_MOST_UNDER_WAY - _office().under_way, 0)
        parcels, bodies = store_hub.claim(
            connection, work.item, held_for=timedelta(seconds=settings().push_timeout_s * 4), most=room, now=now
        )
        _office().send(parcels, {form: gzip.decompress(body) for form, body in bodies.items()})
        soon = now + _PUSH_AGAIN
        due_at = store_hub.next_due_at(connection, work.item, answers_by=now + _ANSWERS_IN, now=now)
        outcomes[work.id] = Done() if due_at is None else Later(max(due_at, soon) - now, "not everybody has it yet")
    return outcomes


HANDLERS = {Stage.DELIVER: deliver, Stage.VERIFY: verify, Stage.PUSH: push}
