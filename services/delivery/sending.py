"""Sending to many at once, and waiting for none of them: an event loop in a thread, for as long as the process lives.

The stage that pushes hands parcels over and goes on; answers are written down in batches as they come. Receivers that are slow
hold their own connection and nothing else. If the process dies, or cannot write an answer down, what was sent counts as not
acknowledged, and is sent again when the claim on it ends.

Addresses are checked when a name is resolved for a connection, so that a name which leads elsewhere by then does not help.
"""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from services.delivery import websub
from services.delivery.store_hub import Parcel, Sent
from shared import log
from shared.clock import utc_now
from shared.outbound import Unreachable, asked_to_wait, check_address, check_literal

#: connections at once: in all, and to one host
_MOST, _MOST_A_HOST = 1000, 64
#: who confirms does it at once; a chunk of questions waits for the slowest
_QUESTION_TIMEOUT_S = 3.0
#: answers are written down when there are so many, or after so long
_BATCH, _BATCH_WAIT_S = 200, 0.1


_log = log.get("delivery")


class _Guarded(AbstractResolver):
    """Resolves names to addresses that may be asked."""

    def __init__(self) -> None:
        self._names = ThreadedResolver()

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[ResolveResult]:
        found = await self._names.resolve(host, port, family)
        for row in found:
            check_address(host, row["host"])
        return found

    async def close(self) -> None:
        await self._names.close()


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a receiver said to a question."""

    status: int | None
    body: bytes
    error: str | None = None


class PostOffice:
    """One for each process that delivers."""

    def __init__(self, write: Callable[[Sequence[Sent]], None], *, timeout_s: float, hub: str) -> None:
        self._write, self._timeout_s, self._hub = write, timeout_s, hub
        self._chance = random.SystemRandom()
        self._loop = asyncio.new_event_loop()
        self._session: aiohttp.ClientSession | None = None
        self._answers: asyncio.Queue[Sent] = asyncio.Queue()
        self.under_way = 0
        threading.Thread(target=self._run, name="post office", daemon=True).start()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.create_task(self._write_down())
        self._loop.run_forever()

    def send(self, parcels: Sequence[Parcel], bodies: Mapping[str, bytes]) -> None:
        """Send each parcel; what comes of it is written down, and not waited for."""
        self.under_way += len(parcels)
        for parcel in parcels:
            asyncio.run_coroutine_threadsafe(self._send(parcel, bodies[parcel.format]), self._loop)

    def ask(self, urls: Sequence[str], *, most_bytes: int) -> list[Answer]:
        """GET each, all at once, and wait for all answers. Redirects are answers, not followed."""
        return self._wait(self._ask_all(urls, most_bytes))

    def _wait(self, coroutine: Coroutine[Any, Any, list[Answer]]) -> list[Answer]:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    async def _ask_all(self, urls: Sequence[str], most_bytes: int) -> list[Answer]:
        return await asyncio.gather(*(self._ask(url, most_bytes) for url in urls))

    async def _ask(self, url: str, most_bytes: int) -> Answer:
        try:
            check_literal(urlsplit(url).hostname or "")
            async with asyncio.timeout(_QUESTION_TIMEOUT_S), self._client().get(url, allow_redirects=False) as answer:
                return Answer(status=answer.status, body=await answer.content.read(most_bytes))
        except (aiohttp.ClientError, TimeoutError, OSError, Unreachable, ValueError) as silent:
            return Answer(status=None, body=b"", error=_say(silent))

    async def _send(self, parcel: Parcel, body: bytes) -> None:
        headers = {
            "content-type": websub.CONTENT_TYPES[parcel.format],
            "link": f'<{self._hub}>; rel="hub", <{parcel.topic}>; rel="self"',
            "barq-sequence": str(parcel.sequence),
        }
        if parcel.secret:
            headers["x-hub-signature"] = websub.signature(parcel.secret, body)
        status, error, wait = None, None, None
        try:
            check_literal(urlsplit(parcel.callback).hostname or "")
            async with (
                asyncio.timeout(self._timeout_s * 3),  # of it a part may be waiting for a connection to a busy host
                self._client().post(parcel.callback, data=body, headers=headers, allow_redirects=False) as answer,
            ):
                status = answer.status
                wait = asked_to_wait(answer.headers.get("retry-after"), utc_now())
                error = None if 200 <= status < 300 else f"answered {status}"
        except Exception as silent:  # whatever a receiver does, it has been sent to, and its claim ends
            error = _say(silent)
        now = utc_now()
        again = websub.retry_in(parcel.failures + 1, asked_to_wait=wait, chance=self._chance)
        await self._answers.put(Sent(parcel=parcel, status=status, error=error, due_at=now + again, sent_at=now))

    async def _write_down(self) -> None:
        while True:
            batch = [await self._answers.get()]
            await asyncio.sleep(_BATCH_WAIT_S)
            while len(batch) < _BATCH and not self._answers.empty():
                batch.append(self._answers.get_nowait())
            try:
                await asyncio.to_thread(self._write, batch)
            except Exception as lost:
                _log.error("answers.lost", count=len(batch), error=repr(lost))
            finally:
                self.under_way -= len(batch)

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=_MOST, limit_per_host=_MOST_A_HOST, resolver=_Guarded(), use_dns_cache=False)
            self._session = aiohttp.ClientSession(
                connector=connector,
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=self._timeout_s, sock_read=self._timeout_s),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"user-agent": "Barq"},
                trust_env=False,
                auto_decompress=False,
            )
        return self._session


def _say(silent: BaseException) -> str:
    return str(silent) or silent.__class__.__name__


@cache
def post_office(write: Callable[[Sequence[Sent]], None], timeout_s: float, hub: str) -> PostOffice:
    """This process's own."""
    return PostOffice(write, timeout_s=timeout_s, hub=hub)
