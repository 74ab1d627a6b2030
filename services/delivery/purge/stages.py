"""Emptying the caches in front of the wire, whole: which of their copies hold a word of a story, nobody can list.

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

#: a cache that has not answered by then is left to its thread: most answer sooner, and nobody else is told of a kill any later
_PATIENCE_S = 0.25
#: how soon it is looked whether it has
_LOOK_AGAIN = timedelta(milliseconds=100)
#: caches that are asked at once
_MOST_ASKED = 16
BEING_ASKED = "being asked"

_log = log.get("delivery")


@dataclass(frozen=True, kw_only=True)
class _Question:
    """What a cache was asked for one piece of work; asked for again since, it is another question."""

    asked_at: datetime
    answer: Future[Outcome]


#: by piece of work; if this process ends, they are asked again
_asked: dict[int, _Question] = {}


def purge(chunk: Sequence[Work]) -> Handler:
    """Ask each cache to empty itself, beside all else: one that hangs holds up no other, and no webhook that tells of a kill.

    One that has left the wire's file needs it no more.
    """
    names = {cache_id(name): name for name in wire().caches}
    for work in chunk:
        if work.item in names and (work.id not in _asked or _asked[work.id].asked_at != work.asked_at):
            answer = _threads().submit(_emptied, names[work.item])
            _asked[work.id] = _Question(asked_at=work.asked_at, answer=answer)
    wait([_asked[work.id].answer for work in chunk if work.id in _asked], _PATIENCE_S)
    return _answered


def _answered(_: Connection, mine: Sequence[Work], __: datetime) -> Mapping[int, Outcome]:
    return {work.id: _came_of(work) for work in mine}


def _came_of(work: Work) -> Outcome:
    question = _asked.get(work.id)
    if question is None:
        return Done()
    if not question.answer.done():
        return Later(_LOOK_AGAIN, BEING_ASKED)
    del _asked[work.id]
    return question.answer.result()


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_MOST_ASKED, "caches")


def _emptied(name: str) -> Outcome:
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


def _headers(name: str, cache: Cache) -> dict[str, str]:
    token = os.environ.get(variable_of("CACHE_TOKEN", name), "")
    is_standard = cache.token_header.lower() == "authorization"
    headers = {cache.token_header: f"Bearer {token}" if is_standard else token} if token else {}
    return {**headers, "Content-Type": "application/json"} if cache.body else headers
