"""The hub's stages: asking subscribers whether they meant it, and sending each the newest document."""

from __future__ import annotations

import gzip
import secrets
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from services.delivery import http_sender
from services.delivery.http_sender import Answer, Letter, Posted, PostOffice, post_office
from services.delivery.hub import queries, websub
from services.delivery.hub.queries import Intent, Parcel, Sent
from services.delivery.hub.websub import Mode
from shared import log, metrics
from shared.archive.database import engine
from shared.clock import utc_now
from shared.contracts.work import Done, Failed, Later, Outcome, Work
from shared.pipeline import Stage, spec_of
from shared.queue.ledger import Handler
from shared.settings import settings
from shared.wire.config import wire

#: parcels in the hands of this process at once
_MOST_UNDER_WAY = 2000
#: how soon a feed is looked at again while there are subscribers that have not got it
_PUSH_AGAIN = timedelta(milliseconds=200)
#: and while it only waits for answers
_ANSWERS_IN = timedelta(seconds=1)
#: strangers who are asked at once, how soon it is looked whether one has answered, and how long an answer is kept
_MOST_QUESTIONS = 64
_LOOK_AGAIN = timedelta(milliseconds=100)
_ANSWERS_KEPT_S = 60.0
BEING_ASKED = "being asked"
#: more of an answer than this is no challenge
_MOST_CHALLENGE_BYTES = 1000

_log = log.get("delivery")


def _office() -> PostOffice:
    return post_office(_write, settings().push_timeout_s)


def _write(outcomes: Sequence[http_sender.Outcome]) -> None:
    results = [_sent(posted) for outcome in outcomes for posted in outcome]
    with engine().begin() as connection:
        queries.write_sent(connection, results)
    for sent in results:
        metrics.count("barq_deliveries_total", channel="websub", outcome="acknowledged" if sent.acknowledged else "failed")


def _sent(posted: Posted) -> Sent:
    parcel: Parcel = posted.letter.slip
    again = http_sender.retry_in(parcel.failures + 1, asked_to_wait=posted.wait)
    return Sent(
        parcel=parcel, status=posted.status, error=posted.error, due_at=posted.at + again, sent_at=posted.at,
        acknowledged=posted.acknowledged,
    )  # fmt: skip


def _letter(parcel: Parcel, body: bytes) -> Letter:
    """The whole document with its own media type, hub and self, and a signature if there is a secret (7, 7.1)."""
    headers = {
        "content-type": websub.CONTENT_TYPES[parcel.format],
        "link": f'<{settings().public_url}/hub>; rel="hub", <{parcel.topic}>; rel="self"',
        "barq-sequence": str(parcel.sequence),
    }
    if parcel.secret:
        headers["x-hub-signature"] = websub.signature(parcel.secret, body)
    return Letter(url=parcel.callback, headers=headers, body=body, slip=parcel)


def verify(chunk: Sequence[Work]) -> Handler:
    """Ask each subscriber whether it meant it (5.3); what is not confirmed leaves everything as it was.

    Nobody is waited for here: strangers are asked beside the process's other work, so many at once, and whoever has not
    answered when the work is looked at again is looked at again later.
    """
    with engine().connect() as connection:
        intents = queries.read_intents(connection, [work.item for work in chunk])
    _forget_unwanted_answers()
    for intent in intents.values():
        if intent.id not in _asked and sum(not other.answer.done() for other in _asked.values()) < _MOST_QUESTIONS:
            _asked[intent.id] = _question(intent)
    return _answered


def _answered(connection: Connection, mine: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
    intents = queries.read_intents(connection, [work.item for work in mine])
    return {work.id: _verified(connection, work, intents[work.item], now) if work.item in intents else Done() for work in mine}


def _verified(connection: Connection, work: Work, intent: Intent, now: datetime) -> Outcome:
    question = _asked.get(intent.id)
    if question is None:
        return Later(_ANSWERS_IN, "waits to be asked")
    if not question.answer.done():
        return Later(_LOOK_AGAIN, BEING_ASKED)
    del _asked[intent.id]
    answer = question.answer.result()
    is_confirmed = answer.status is not None and 200 <= answer.status < 300 and answer.body == question.challenge
    if answer.status is None and not spec_of(Stage.VERIFY).is_hopeless(work.attempts) and not question.is_denial:
        return Failed(f"{intent.asked.callback}: {answer.error}")
    queries.forget_intent(connection, intent.id)
    if is_confirmed and not question.is_denial:
        queries.confirm(connection, intent, now)
    _log.info(f"{intent.asked.mode}.{'verified' if is_confirmed else 'refused'}", callback=intent.asked.callback)
    return Done()


def _forget_unwanted_answers() -> None:
    """Another process was told, or the request was withdrawn: nobody comes for these."""
    old = [intent for intent, question in _asked.items() if time.monotonic() - question.asked_s > _ANSWERS_KEPT_S]
    for intent in old:
        del _asked[intent]


def _strangers() -> PostOffice:
    """For questions alone: a stranger's name that is not found, or server that hangs, keeps nothing else waiting."""
    return post_office(_nothing_to_write, settings().push_timeout_s)


def _nothing_to_write(_: Sequence[http_sender.Outcome]) -> None:
    """Questions are answered to whoever asked."""


@dataclass(frozen=True, kw_only=True)
class _Question:
    challenge: bytes
    is_denial: bool
    answer: Future[Answer]
    asked_s: float


#: what this process asked and has not looked at, by intent; if it ends, they are asked again
_asked: dict[UUID, _Question] = {}


def _ask(url: str, *, challenge: bytes = b"", is_denial: bool = False) -> _Question:
    answer = _strangers().question(url, most_bytes=_MOST_CHALLENGE_BYTES)
    return _Question(challenge=challenge, is_denial=is_denial, answer=answer, asked_s=time.monotonic())


def _question(intent: Intent) -> _Question:
    """The verification (5.3); or the denial (5.2), where the feed has gone since it was asked for."""
    asked = intent.asked
    if not wire().has_feed(asked.topic.feed) or asked.topic.edition not in wire().editions:
        url = websub.with_query(asked.callback, mode="denied", topic=intent.topic_url, reason="there is no such feed any more")
        return _ask(url, is_denial=True)
    challenge = secrets.token_urlsafe(32)
    lease = {"lease_seconds": str(int(asked.lease.total_seconds()))} if asked.mode is Mode.SUBSCRIBE else {}
    url = websub.with_query(asked.callback, mode=asked.mode.value, topic=intent.topic_url, challenge=challenge, **lease)
    return _ask(url, challenge=challenge.encode())


def push(chunk: Sequence[Work]) -> Handler:
    """Hand a feed's newest document over to be sent to each subscriber that has not got it, and come back for the rest.

    It is sent once it is safe that it is claimed. Nothing is waited for here, so that no receiver holds up another.
    """
    for work in chunk:
        now = utc_now()
        with engine().begin() as connection:
            queries.end_leases(connection, work.item, now)
            parcels, bodies = queries.claim(
                connection,
                work.item,
                products=_products_of(queries.find_feed(connection, work.item)),
                held_for=timedelta(seconds=settings().push_timeout_s * 4),
                most=max(_MOST_UNDER_WAY - _office().under_way, 0),
                now=now,
            )
        plain = {form: gzip.decompress(body) for form, body in bodies.items()}
        _office().send([[_letter(parcel, plain[parcel.format])] for parcel in parcels])
    return _when_again


def _when_again(connection: Connection, mine: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
    outcomes: dict[int, Outcome] = {}
    for work in mine:
        products = _products_of(queries.find_feed(connection, work.item))
        due_at = queries.next_due_at(connection, work.item, products=products, answers_by=now + _ANSWERS_IN, now=now)
        soon = now + _PUSH_AGAIN
        outcomes[work.id] = Done() if due_at is None else Later(max(due_at, soon) - now, "not everybody has it yet")
    return outcomes


def _products_of(feed: str) -> list[str] | None:
    """The products that have a feed; None if it is public."""
    if not wire().is_private(feed):
        return None
    return [name for name, product in wire().products.items() if feed in product.feeds]
