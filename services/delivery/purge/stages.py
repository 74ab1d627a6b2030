"""The stage that empties the caches in front of the wire, whole: which of their copies hold a word of a story, nobody can list.

Kills, holds, expiries and corrections are few, and feeds are asked for once a second at most: a cache is full again at once.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import httpx
from sqlalchemy import Connection

from shared import log
from shared.contracts.work import Done, Failed, Later, Outcome, Work, cache_id
from shared.queue.ledger import Handler
from shared.settings import settings
from shared.wire.config import Cache, wire
from shared.wire.variables import variable_of

#: a cache that has not answered by then is left to its thread: most answer sooner, and nobody else hears of a kill any later
_PATIENCE_S = 0.25
#: how soon to see whether it has
_POLL_EVERY = timedelta(milliseconds=100)
#: caches that are asked at once
_MAX_AT_ONCE = 16
BEING_ASKED = "being asked"

_log = log.get("delivery")


@dataclass(frozen=True, kw_only=True)
class _Question:
    """What a cache was asked for one piece of work; asked for again since, it is another question."""

    asked_at: datetime
    answer: Future[Outcome]


#: by piece of work; if this process ends, they are asked again
_questions: dict[int, _Question] = {}


def purge(chunk: Sequence[Work]) -> Handler:
    """Ask each cache to empty itself, beside all else: one that hangs holds up no other, and no webhook that announces a kill.

    One that has left the wire file needs it no more.
    """
    names = {cache_id(name): name for name in wire().caches}
    for work in chunk:
        if work.item in names and (work.id not in _questions or _questions[work.id].asked_at != work.asked_at):
            answer = _threads().submit(_empty, names[work.item])
            _questions[work.id] = _Question(asked_at=work.asked_at, answer=answer)
    wait([_questions[work.id].answer for work in chunk if work.id in _questions], _PATIENCE_S)
    return _read_answers


def _read_answers(_: Connection, mine: Sequence[Work], __: datetime) -> Mapping[int, Outcome]:
    return {work.id: _outcome_of(work) for work in mine}


def _outcome_of(work: Work) -> Outcome:
    question = _questions.get(work.id)
    if question is None:
        return Done()
    if not question.answer.done():
        return Later(_POLL_EVERY, BEING_ASKED)
    del _questions[work.id]
    return question.answer.result()


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_MAX_AT_ONCE, "caches")


def _empty(name: str) -> Outcome:
    """What a cache says; one that answers in drips is given up like one that is silent."""
    timeout_s = settings().webhook_timeout_s
    try:
        answer = asyncio.run(asyncio.wait_for(_ask(name, wire().caches[name], timeout_s), timeout_s))
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, KeyError) as silent:
        return Failed(f"the cache {name} did not answer: {silent!r}")
    if not answer.is_success:
        return Failed(f"the cache {name} answered {answer.status_code}: {answer.text[:200]}")
    _log.info("cache.purged", cache=name)
    return Done()


async def _ask(name: str, front: Cache, timeout_s: float) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False, timeout=timeout_s, follow_redirects=False) as client:
        return await client.request(front.method, front.url, headers=_headers(name, front), content=front.body.encode() or None)


def _headers(name: str, front: Cache) -> dict[str, str]:
    token = os.environ.get(variable_of("CACHE_TOKEN", name), "")
    is_standard = front.token_header.lower() == "authorization"
    headers = {front.token_header: f"Bearer {token}" if is_standard else token} if token else {}
    return {**headers, "Content-Type": "application/json"} if front.body else headers
