"""Emptying the caches in front of the wire, whole: which of their copies hold a word of a story, nobody can list.

Kills, holds, expiries and corrections are few, and feeds are asked for once a second at most: a cache is full again at once.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import httpx
from sqlalchemy import Connection

from shared import log
from shared.contracts.work import Done, Failed, Outcome, Work, cache_id
from shared.settings import settings
from shared.variables import variable_of
from shared.wire import Cache, wire

_log = log.get("delivery")


def purge(connection: Connection, chunk: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
    """Empty each cache, all at once: one that hangs holds up no other. One that has left the wire's file needs it no more."""
    names = {cache_id(name): name for name in wire().caches}
    asked = [work for work in chunk if work.item in names]
    outcomes: dict[int, Outcome] = {work.id: Done() for work in chunk}
    if asked:
        with ThreadPoolExecutor(max_workers=len(asked)) as threads:
            answers = threads.map(_empty, [names[work.item] for work in asked])
            outcomes |= {work.id: answer for work, answer in zip(asked, answers, strict=True)}
    return outcomes


def _empty(name: str) -> Outcome:
    cache = wire().caches[name]
    try:
        answer = httpx.request(
            cache.method,
            cache.url,
            headers=_headers(name, cache),
            content=cache.body.encode() or None,
            timeout=settings().webhook_timeout_s,
            follow_redirects=False,
            trust_env=False,
        )
    except httpx.HTTPError as silent:
        return Failed(f"the cache {name} did not answer: {silent!r}")
    if not answer.is_success:
        return Failed(f"the cache {name} answered {answer.status_code}: {answer.text[:200]}")
    _log.info("cache.purged", cache=name)
    return Done()


def _headers(name: str, cache: Cache) -> dict[str, str]:
    token = os.environ.get(variable_of("CACHE_TOKEN", name), "")
    is_standard = cache.token_header.lower() == "authorization"
    headers = {cache.token_header: f"Bearer {token}" if is_standard else token} if token else {}
    return {**headers, "Content-Type": "application/json"} if cache.body else headers
