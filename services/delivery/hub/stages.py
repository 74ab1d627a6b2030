"""The hub's stages: asking subscribers whether they meant it, and sending each the newest document."""

from __future__ import annotations

import gzip
import secrets
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

from sqlalchemy import Connection

from services.delivery.http_sender import Answer, BatchResult, HttpSender, OutgoingRequest, SendResult, retry_in
from services.delivery.hub import queries
from services.delivery.hub.queries import DocumentOutcome, DueDocument, Intent
from services.delivery.hub.websub import Mode, denial_url, distribution_headers, is_confirmed, verification_url
from shared import log, metrics
from shared.archive.database import engine
from shared.clock import utc_now
from shared.contracts.work import Done, Failed, Later, Outcome, Work
from shared.pipeline import Stage, spec_of
from shared.queue.ledger import Handler
from shared.settings import settings
from shared.wire.config import wire

#: documents in the hands of this process at once
_MAX_UNDER_WAY = 2000
#: how soon a feed is taken up again while there are subscribers that have not got it
_SEND_AGAIN = timedelta(milliseconds=200)
#: and while it only waits for answers
_ANSWERS_IN = timedelta(seconds=1)
#: strangers who are asked at once, how soon to see whether one has answered, and how long an answer is kept
_MAX_QUESTIONS = 64
_POLL_EVERY = timedelta(milliseconds=100)
_ANSWERS_KEPT_S = 60.0
BEING_ASKED = "being asked"
#: more of an answer than this is no challenge
_MAX_CHALLENGE_BYTES = 1000

#: what the log says of a request, by what it asked for and whether it was confirmed
_FACTS = {
    (Mode.SUBSCRIBE, True): "subscribe.verified",
    (Mode.SUBSCRIBE, False): "subscribe.refused",
    (Mode.UNSUBSCRIBE, True): "unsubscribe.verified",
    (Mode.UNSUBSCRIBE, False): "unsubscribe.refused",
}

_log = log.get("delivery")


# ── verify ───────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class _Question:
    """What a subscriber was asked."""

    challenge: bytes
    is_denial: bool
    answer: Future[Answer]
    asked_s: float  #: by the monotonic clock


#: what this process asked and has not read the answer of, by intent; if it ends, they are asked again
_questions: dict[UUID, _Question] = {}


def verify(chunk: Sequence[Work]) -> Handler:
    """Ask each subscriber whether it meant it (5.3); what is not confirmed leaves everything as it was.

    Nobody is waited for here: strangers are asked beside the process's other work, so many at once, and who has not
    answered when the work comes up again is left until later.
    """
    with engine().connect() as connection:
        intents = queries.read_intents(connection, [work.item for work in chunk])
    _forget_unwanted_answers()
    for intent in intents.values():
        if intent.id not in _questions and sum(not other.answer.done() for other in _questions.values()) < _MAX_QUESTIONS:
            _questions[intent.id] = _ask(intent)
    return _read_answers


def _read_answers(connection: Connection, mine: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
    intents = queries.read_intents(connection, [work.item for work in mine])
    return {work.id: _read_answer(connection, work, intents[work.item], now) if work.item in intents else Done() for work in mine}


def _read_answer(connection: Connection, work: Work, intent: Intent, now: datetime) -> Outcome:
    question = _questions.get(intent.id)
    if question is None:
        return Later(_ANSWERS_IN, "waits to be asked")
    if not question.answer.done():
        return Later(_POLL_EVERY, BEING_ASKED)
    del _questions[intent.id]
    answer = question.answer.result()
    confirmed = not question.is_denial and is_confirmed(answer.status, answer.body, question.challenge)
    if answer.status is None and not spec_of(Stage.VERIFY).is_hopeless(work.attempts) and not question.is_denial:
        return Failed(f"{intent.request.callback}: {answer.error}")
    queries.forget_intent(connection, intent.id)
    if confirmed:
        queries.confirm(connection, intent, now)
    _log.info(_FACTS[intent.request.mode, confirmed], callback=intent.request.callback)
    return Done()


def _forget_unwanted_answers() -> None:
    """Another process read one, or the request was withdrawn: nobody comes for these."""
    old = [intent for intent, question in _questions.items() if time.monotonic() - question.asked_s > _ANSWERS_KEPT_S]
    for intent in old:
        del _questions[intent]


def _ask(intent: Intent) -> _Question:
    """Send the verification (5.3); or the denial (5.2), where the feed has gone since it was asked for."""
    request = intent.request
    is_denial = not wire().has_feed(request.topic.feed) or request.topic.edition not in wire().editions
    challenge = "" if is_denial else secrets.token_urlsafe(32)
    url = (
        denial_url(request, intent.topic_url, reason="there is no such feed any more")
        if is_denial
        else verification_url(request, intent.topic_url, challenge)
    )
    answer = _strangers(settings().push_timeout_s).get(url, max_bytes=_MAX_CHALLENGE_BYTES)
    return _Question(challenge=challenge.encode(), is_denial=is_denial, answer=answer, asked_s=time.monotonic())


@cache
def _strangers(timeout_s: float) -> HttpSender[None]:
    """For questions alone: a stranger's name that is not found, or server that hangs, keeps nothing else waiting."""
    return HttpSender(_save_nothing, timeout_s=timeout_s)


def _save_nothing(_: Sequence[BatchResult[None]]) -> None:
    """Questions are answered to whoever asked."""


# ── websub ───────────────────────────────────────────────────────────────────────────────────────────────────────


def websub(chunk: Sequence[Work]) -> Handler:
    """Hand a feed's newest document over to be sent to each subscriber that has not got it, and come back for the rest.

    It is sent once it is safe that it is claimed. Nothing is waited for here, so that no receiver holds up another.
    """
    for work in chunk:
        now = utc_now()
        with engine().begin() as connection:
            queries.end_leases(connection, work.item, now)
            due, bodies = queries.claim(
                connection,
                work.item,
                products=_products_of(queries.find_feed(connection, work.item)),
                held_for=timedelta(seconds=settings().push_timeout_s * 4),
                limit=max(_MAX_UNDER_WAY - _sender().under_way, 0),
                now=now,
            )
        plain = {feed_format: gzip.decompress(body) for feed_format, body in bodies.items()}
        _sender().send([[_build_request(document, plain[document.format])] for document in due])
    return _decide_when_again


def _decide_when_again(connection: Connection, mine: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
    outcomes: dict[int, Outcome] = {}
    for work in mine:
        products = _products_of(queries.find_feed(connection, work.item))
        due_at = queries.next_due_at(connection, work.item, products=products, answers_by=now + _ANSWERS_IN, now=now)
        soon = now + _SEND_AGAIN
        outcomes[work.id] = Done() if due_at is None else Later(max(due_at, soon) - now, "not everybody has it yet")
    return outcomes


def _products_of(feed: str) -> list[str] | None:
    """The products that have a feed; None if it is public."""
    if not wire().is_private(feed):
        return None
    return [name for name, product in wire().products.items() if feed in product.feeds]


def _build_request(document: DueDocument, body: bytes) -> OutgoingRequest[DueDocument]:
    headers = distribution_headers(
        document.format,
        topic_url=document.topic,
        public_url=settings().public_url,
        sequence=document.sequence,
        secret=document.secret,
        body=body,
    )
    return OutgoingRequest(url=document.callback, headers=headers, body=body, context=document)


def _sender() -> HttpSender[DueDocument]:
    return _sender_for(settings().push_timeout_s)


@cache
def _sender_for(timeout_s: float) -> HttpSender[DueDocument]:
    return HttpSender(_save, timeout_s=timeout_s)


def _save(results: Sequence[BatchResult[DueDocument]]) -> None:
    outcomes = [_outcome_of(result) for batch in results for result in batch]
    with engine().begin() as connection:
        queries.write_outcomes(connection, outcomes)
    for outcome in outcomes:
        metrics.count("barq_deliveries_total", channel="websub", outcome="acknowledged" if outcome.acknowledged else "failed")


def _outcome_of(result: SendResult[DueDocument]) -> DocumentOutcome:
    document = result.request.context
    return DocumentOutcome(
        document=document,
        status=result.status,
        error=result.error,
        due_at=result.at + retry_in(document.failures + 1, asked_to_wait=result.wait),
        sent_at=result.at,
        acknowledged=result.acknowledged,
    )
