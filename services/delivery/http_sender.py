"""Sending to many at once, and waiting for none of them: an event loop in a thread, for as long as the process lives.

A stage hands letters over and goes on; answers are written down in batches as they come. Receivers that are slow hold their
own connection and nothing else. If the process dies, or cannot write an answer down, what was sent counts as not
acknowledged, and is sent again when the claim on it ends.

A host is read once, addresses are checked when a name is resolved for a connection, again when a socket is about to be connected,
and who is at its other end before anything is sent: a name which leads elsewhere by then does not help.
"""

from __future__ import annotations

import asyncio
import random
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import aiohttp
from aiohttp import AddrInfoType
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from shared import log
from shared.clock import utc_now
from shared.web.outbound import Unreachable, asked_to_wait, check_address, check_peer, checked_url

#: connections at once: in all, and to one host
_MOST, _MOST_A_HOST = 1000, 64
#: who confirms does it at once
_QUESTION_TIMEOUT_S = 3.0
#: names that are looked up at once; one whose server does not answer holds a thread for as long as the system's resolver waits
_MOST_LOOKUPS = 32
#: answers are written down when there are so many, or after so long
_BATCH, _BATCH_WAIT_S = 200, 0.1
#: a bundle ends after this long, so that what is urgent by then need not wait for all of it
_LONGEST_BUNDLE_S = 1.0

_CHANCE = random.SystemRandom()


_log = log.get("delivery")


class _GuardedNames(AbstractResolver):
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


def _guarded_socket(info: AddrInfoType) -> socket.socket:
    """A socket for an address that may be asked, however the connector came to it."""
    family, kind, protocol, _, place = info
    check_address(str(place[0]), str(place[0]))
    return socket.socket(family=family, type=kind, proto=protocol)


class _GuardedRequest(aiohttp.ClientRequest):
    """Is sent to whom it may be sent to."""

    async def send(self, conn: Any) -> aiohttp.ClientResponse:
        """Look at who is at the other end, then write."""
        check_peer(self.url.host or "", conn.transport and conn.transport.get_extra_info("peername"))
        return await super().send(conn)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a receiver said to a question."""

    status: int | None
    body: bytes
    error: str | None = None


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One POST to one receiver."""

    url: str
    headers: Mapping[str, str]
    body: bytes
    slip: Any  #: what it is about; comes back with what came of it
    may_be_private: bool = False  #: the newsroom itself named this address


@dataclass(frozen=True, kw_only=True)
class Posted:
    """What came of a letter."""

    letter: Letter
    status: int | None  #: None: no answer
    error: str | None
    wait: timedelta | None  #: as long as the receiver asks to be left alone
    at: datetime

    @property
    def acknowledged(self) -> bool:
        """2xx is yes; everything else is no."""
        return self.status is not None and 200 <= self.status < 300


#: letters to one receiver, sent one after the other: none before the one before it is acknowledged
Bundle = Sequence[Letter]
#: what came of a bundle, as far as it was sent
Outcome = Sequence[Posted]


class PostOffice:
    """One for each process that delivers."""

    def __init__(self, write: Callable[[Sequence[Outcome]], None], *, timeout_s: float) -> None:
        self._write, self._timeout_s = write, timeout_s
        self._loop = asyncio.new_event_loop()
        self._sessions: dict[bool, aiohttp.ClientSession] = {}
        self._outcomes: asyncio.Queue[Outcome] = asyncio.Queue()
        self._writer = ThreadPoolExecutor(1, "answers")  # its own: names that are not found must not keep it waiting
        self.under_way = 0
        threading.Thread(target=self._run, name="post office", daemon=True).start()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.set_default_executor(ThreadPoolExecutor(_MOST_LOOKUPS, "names"))
        self._loop.create_task(self._write_down())
        self._loop.run_forever()

    def send(self, bundles: Sequence[Bundle]) -> None:
        """Send each bundle; what comes of it is written down, and not waited for."""
        self.under_way += len(bundles)
        for bundle in bundles:
            asyncio.run_coroutine_threadsafe(self._send(bundle), self._loop)

    def try_one(self, letter: Letter) -> Posted:
        """Send a letter and wait for its answer, as long as a receiver may take; nothing is written down."""
        return asyncio.run_coroutine_threadsafe(self._post(letter, most_s=self._timeout_s), self._loop).result()

    def question(self, url: str, *, most_bytes: int) -> Future[Answer]:
        """GET; the answer is there when it is there, within seconds. Redirects are answers, not followed."""
        return asyncio.run_coroutine_threadsafe(self._ask(url, most_bytes), self._loop)

    async def _ask(self, url: str, most_bytes: int) -> Answer:
        try:
            asked = checked_url(url)
            async with asyncio.timeout(_QUESTION_TIMEOUT_S), self._client().get(asked, allow_redirects=False) as answer:
                return Answer(status=answer.status, body=await answer.content.read(most_bytes))
        except (aiohttp.ClientError, TimeoutError, OSError, Unreachable, ValueError) as silent:
            return Answer(status=None, body=b"", error=_say(silent))

    async def _send(self, bundle: Bundle) -> None:
        ends_s = time.monotonic() + _LONGEST_BUNDLE_S
        outcome: list[Posted] = []
        for letter in bundle:
            # of this time a part may be waiting for a connection to a busy host
            outcome.append(await self._post(letter, most_s=self._timeout_s * 3))
            if not outcome[-1].acknowledged or time.monotonic() > ends_s:
                break
        await self._outcomes.put(outcome)

    async def _post(self, letter: Letter, *, most_s: float) -> Posted:
        status, error, wait = None, None, None
        try:
            url = letter.url if letter.may_be_private else checked_url(letter.url)
            client = self._client(guarded=not letter.may_be_private)
            async with (
                asyncio.timeout(most_s),
                client.post(url, data=letter.body, headers=letter.headers, allow_redirects=False) as answer,
            ):
                status = answer.status
                wait = asked_to_wait(answer.headers.get("retry-after"), utc_now())
                error = None if 200 <= status < 300 else f"answered {status}"
        except Exception as silent:  # whatever a receiver does, it has been sent to, and its claim ends
            error = _say(silent)
        return Posted(letter=letter, status=status, error=error, wait=wait, at=utc_now())

    async def _write_down(self) -> None:
        while True:
            batch = [await self._outcomes.get()]
            await asyncio.sleep(_BATCH_WAIT_S)
            while len(batch) < _BATCH and not self._outcomes.empty():
                batch.append(self._outcomes.get_nowait())
            try:
                await self._loop.run_in_executor(self._writer, self._write, batch)
            except Exception as lost:
                _log.error("answers.lost", count=len(batch), error=repr(lost))
            finally:
                self.under_way -= len(batch)

    def _client(self, *, guarded: bool = True) -> aiohttp.ClientSession:
        if guarded not in self._sessions:
            connector = aiohttp.TCPConnector(
                limit=_MOST,
                limit_per_host=_MOST_A_HOST,
                resolver=_GuardedNames() if guarded else ThreadedResolver(),
                socket_factory=_guarded_socket if guarded else None,
                use_dns_cache=False,
            )
            self._sessions[guarded] = aiohttp.ClientSession(
                connector=connector,
                request_class=_GuardedRequest if guarded else aiohttp.ClientRequest,
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=self._timeout_s, sock_read=self._timeout_s),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"user-agent": "Barq"},
                trust_env=False,
                auto_decompress=False,
            )
        return self._sessions[guarded]


def retry_in(failures: int, *, asked_to_wait: timedelta | None) -> timedelta:
    """When to send again after so many failures in a row: soon at first, then hourly, never sooner than the receiver asked."""
    wait = min(timedelta(seconds=5) * 2.0 ** min(failures - 1, 12), timedelta(hours=1)) * _CHANCE.uniform(0.8, 1.2)
    return max(wait, asked_to_wait or timedelta())


def _say(silent: BaseException) -> str:
    return str(silent) or silent.__class__.__name__


@cache
def post_office(write: Callable[[Sequence[Outcome]], None], timeout_s: float) -> PostOffice:
    """This process's own, for whoever writes down answers in this way."""
    return PostOffice(write, timeout_s=timeout_s)
