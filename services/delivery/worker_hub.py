"""The hub's stages: asking subscribers whether they meant it, and sending each the newest document."""

from __future__ import annotations

import gzip
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from services.delivery import sending, store_hub, websub
from services.delivery.sending import Letter, Posted, PostOffice, post_office
from services.delivery.store_hub import Intent, Parcel, Sent
from services.delivery.websub import Mode
from shared import log, metrics
from shared.contracts.work import Done, Failed, Later, Outcome, Work
from shared.database import engine
from shared.pipeline import Stage, spec_of
from shared.settings import settings
from shared.wire import wire

#: parcels in the hands of this process at once
_MOST_UNDER_WAY = 2000
#: how soon a feed is looked at again while there are subscribers that have not got it
_PUSH_AGAIN = timedelta(milliseconds=200)
#: and while it only waits for answers
_ANSWERS_IN = timedelta(seconds=1)
#: more of an answer than this is no challenge
_MOST_CHALLENGE_BYTES = 1000

_log = log.get("delivery")


def _office() -> PostOffice:
    return post_office(_write, settings().push_timeout_s)


def _write(outcomes: Sequence[sending.Outcome]) -> None:
    results = [_sent(posted) for outcome in outcomes for posted in outcome]
    with engine().begin() as connection:
        store_hub.write_sent(connection, results)
    for sent in results:
        metrics.count("barq_deliveries_total", channel="websub", outcome="acknowledged" if sent.acknowledged else "failed")


def _sent(posted: Posted) -> Sent:
    parcel: Parcel = posted.letter.slip
    again = sending.retry_in(parcel.failures + 1, asked_to_wait=posted.wait)
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
    if not wire().has_feed(asked.topic.feed) or asked.topic.edition not in wire().editions:
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
        products = _products_of(store_hub.find_feed(connection, work.item))
        parcels, bodies = store_hub.claim(
            connection,
            work.item,
            products=products,
            held_for=timedelta(seconds=settings().push_timeout_s * 4),
            most=room,
            now=now,
        )
        plain = {form: gzip.decompress(body) for form, body in bodies.items()}
        _office().send([[_letter(parcel, plain[parcel.format])] for parcel in parcels])
        soon = now + _PUSH_AGAIN
        due_at = store_hub.next_due_at(
            connection, work.item, products=products, answers_by=now + _ANSWERS_IN, now=now
        )
        outcomes[work.id] = Done() if due_at is None else Later(max(due_at, soon) - now, "not everybody has it yet")
    return outcomes


def _products_of(feed: str) -> list[str] | None:
    """The products that have a feed; None if it is public."""
    if not wire().is_private(feed):
        return None
    return [name for name, product in wire().products.items() if feed in product.feeds]
