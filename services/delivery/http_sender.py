"""Sends requests to many at once, and waits for none of them: an event loop in a thread, for as long as the process lives.

A stage hands requests over and goes on; results are saved in groups as they come. Receivers that are slow hold their own
connection and nothing else. If the process dies, or cannot save a result, what was sent counts as not acknowledged, and is
sent again when the claim on it ends.

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
from typing import Generic, TypeVar

import aiohttp
from aiohttp import AddrInfoType
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.connector import Connection
from aiohttp.resolver import ThreadedResolver

from shared import log
from shared.clock import utc_now
from shared.web.outbound import Unreachable, asked_to_wait, check_address, check_peer, checked_url

#: connections at once: in all, and to one host
_MAX_CONNECTIONS, _MAX_PER_HOST = 1000, 64
#: who confirms does it at once
_GET_TIMEOUT_S = 3.0
#: names that are looked up at once; one whose server does not answer holds a thread for as long as the system's resolver waits
_MAX_LOOKUPS = 32
#: results are saved when there are so many, or after so long
_SAVED_TOGETHER, _SAVE_AFTER_S = 200, 0.1
#: a batch ends after this long, so that what is urgent by then need not wait for all of it
_MAX_BATCH_S = 1.0

_CHANCE = random.SystemRandom()

_log = log.get("delivery")

T = TypeVar("T")
R = TypeVar("R")


class _GuardedNames(AbstractResolver):
    """Resolves names to addresses that may be asked."""

    def __init__(self) -> None:
        self._names = ThreadedResolver()

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC) -> list[ResolveResult]:
        addresses = await self._names.resolve(host, port, family)
        for address in addresses:
            check_address(host, address["host"])
        return addresses

    async def close(self) -> None:
        await self._names.close()


def _guarded_socket(info: AddrInfoType) -> socket.socket:
    """A socket for an address that may be asked, however the connector came to it."""
    family, kind, protocol, _, address = info
    check_address(str(address[0]), str(address[0]))
    return socket.socket(family=family, type=kind, proto=protocol)


class _GuardedRequest(aiohttp.ClientRequest):
    """Is sent to whom it may be sent to."""

    async def send(self, conn: Connection) -> aiohttp.ClientResponse:
        """Look at who is at the other end, then write."""
        check_peer(self.url.host or "", conn.transport and conn.transport.get_extra_info("peername"))
        return await super().send(conn)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a server answered to a GET."""

    status: int | None  #: None: it did not answer
    body: bytes  #: as far as it was read
    error: str | None = None


@dataclass(frozen=True, kw_only=True)
class OutgoingRequest(Generic[T]):
    """One POST to one receiver."""

    url: str
    headers: Mapping[str, str]
    body: bytes
    context: T  #: what it is about; comes back with its result
    may_be_private: bool = False  #: the newsroom itself named this address


@dataclass(frozen=True, kw_only=True)
class SendResult(Generic[T]):
    """What came of a request."""

    request: OutgoingRequest[T]
    status: int | None  #: None: no answer
    error: str | None
    wait: timedelta | None  #: as long as the receiver asks to be left alone
    at: datetime

    @property
    def acknowledged(self) -> bool:
        """2xx is yes; everything else is no."""
        return self.status is not None and 200 <= self.status < 300


#: requests to one receiver, sent one after the other: none before the one before it is acknowledged
Batch = Sequence[OutgoingRequest[T]]
#: the results of a batch, in its order, as far as it was sent: at least one
BatchResult = Sequence[SendResult[T]]


class HttpSender(Generic[T]):
    """Sends batches in a thread of its own. A process has one for each kind of thing that it sends: none waits for another.

    `save` gets the results of some batches, in a thread that does nothing else; if it raises, that is logged and they are lost.
    `timeout_s` is how long a receiver may take to accept a connection, and between two pieces of its answer.
    """

    def __init__(self, save: Callable[[Sequence[BatchResult[T]]], None], *, timeout_s: float) -> None:
        self._save, self._timeout_s = save, timeout_s
        self._loop = asyncio.new_event_loop()
        self._sessions: dict[bool, aiohttp.ClientSession] = {}
        self._results: asyncio.Queue[BatchResult[T]] = asyncio.Queue()
        self._saver = ThreadPoolExecutor(1, "results")  # its own: names that are not found must not keep it waiting
        self._under_way, self._lock = 0, threading.Lock()
        threading.Thread(target=self._run, name="http sender", daemon=True).start()

    @property
    def under_way(self) -> int:
        """Batches that were handed over and whose results are not saved yet."""
        return self._under_way

    def send(self, batches: Sequence[Batch[T]]) -> None:
        """Send each batch; its results are saved as they come, and not waited for. May be called from any thread."""
        self._count(len(batches))
        for batch in batches:
            asyncio.run_coroutine_threadsafe(self._send(batch), self._loop)

    def send_and_wait(self, request: OutgoingRequest[R]) -> SendResult[R]:
        """Send one request and wait for its answer, as long as a receiver may take; nothing is saved, and nothing raised."""
        return asyncio.run_coroutine_threadsafe(self._post(request, max_s=self._timeout_s), self._loop).result()

    def get(self, url: str, *, max_bytes: int) -> Future[Answer]:
        """GET an address, which must be public; the answer is there within seconds, and says so where there is none.

        Redirects are answers, and not followed. Of a body, `max_bytes` at most are read.
        """
        return asyncio.run_coroutine_threadsafe(self._get(url, max_bytes), self._loop)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.set_default_executor(ThreadPoolExecutor(_MAX_LOOKUPS, "names"))
        self._loop.create_task(self._save_results())
        self._loop.run_forever()

    def _count(self, batches: int) -> None:
        with self._lock:
            self._under_way += batches

    async def _get(self, url: str, max_bytes: int) -> Answer:
        try:
            checked = checked_url(url)
            async with asyncio.timeout(_GET_TIMEOUT_S), self._client().get(checked, allow_redirects=False) as answer:
                return Answer(status=answer.status, body=await answer.content.read(max_bytes))
        except (aiohttp.ClientError, TimeoutError, OSError, Unreachable, ValueError) as error:
            return Answer(status=None, body=b"", error=_describe(error))

    async def _send(self, batch: Batch[T]) -> None:
        ends_s = time.monotonic() + _MAX_BATCH_S
        results: list[SendResult[T]] = []
        for request in batch:
            # of this time a part may be waiting for a connection to a busy host
            results.append(await self._post(request, max_s=self._timeout_s * 3))
            if not results[-1].acknowledged or time.monotonic() > ends_s:
                break
        await self._results.put(results)

    async def _post(self, request: OutgoingRequest[R], *, max_s: float) -> SendResult[R]:
        status, error, wait = None, None, None
        try:
            url = request.url if request.may_be_private else checked_url(request.url)
            client = self._client(guarded=not request.may_be_private)
            async with (
                asyncio.timeout(max_s),
                client.post(url, data=request.body, headers=request.headers, allow_redirects=False) as answer,
            ):
                status = answer.status
                wait = asked_to_wait(answer.headers.get("retry-after"), utc_now())
                error = None if 200 <= status < 300 else f"answered {status}"
        except Exception as fault:  # whatever a receiver does, it has been sent to, and its claim ends
            error = _describe(fault)
        return SendResult(request=request, status=status, error=error, wait=wait, at=utc_now())

    async def _save_results(self) -> None:
        while True:
            results = [await self._results.get()]
            await asyncio.sleep(_SAVE_AFTER_S)
            while len(results) < _SAVED_TOGETHER and not self._results.empty():
                results.append(self._results.get_nowait())
            try:
                await self._loop.run_in_executor(self._saver, self._save, results)
            except Exception as fault:
                _log.error("answers.lost", count=len(results), error=repr(fault))
            finally:
                self._count(-len(results))

    def _client(self, *, guarded: bool = True) -> aiohttp.ClientSession:
        if guarded not in self._sessions:
            connector = aiohttp.TCPConnector(
                limit=_MAX_CONNECTIONS,
                limit_per_host=_MAX_PER_HOST,
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
    """How long to wait after so many failures in a row, of which there is one at least.

    Five seconds at first and twice as long each time, an hour at most, a fifth more or less by chance, so that not all come
    back at once; and never sooner than the receiver asked.
    """
    wait = min(timedelta(seconds=5) * 2.0 ** min(failures - 1, 12), timedelta(hours=1)) * _CHANCE.uniform(0.8, 1.2)
    return max(wait, asked_to_wait or timedelta())


def _describe(error: BaseException) -> str:
    return str(error) or error.__class__.__name__
