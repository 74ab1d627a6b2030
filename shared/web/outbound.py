"""Requests to addresses that somebody gave us: sources that are polled, receivers that are notified.

Whoever names an address could name one of ours: the database beside us, a cloud's metadata service. So a host is read once
(`addresses.py`), every address behind it must be public, the connection goes to one that was checked and not to the name again,
and who is at its other end is looked at before a byte is sent. `BARQ_PRIVATE_ADDRESSES` opens this for a newsroom whose systems
are in its own network. Redirects are followed by hand, each checked like the first; times and sizes have limits.

What the operator's own file names (engines, caches, receivers, mail) may be private, and does not come by here.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from shared.errors import BarqError
from shared.settings import settings
from shared.web.addresses import Unreadable, is_literal, is_public, plain_host, plain_url

_MOST_REDIRECTS = 5
_MOVED = (301, 302, 303, 307, 308)
_MOVED_FOR_GOOD = (301, 308)
#: a redirect to another host must not take these along
_FOR_THE_FIRST_HOST = ("authorization", "cookie", "x-api-key")


class Unreachable(BarqError):
    """An address that may not be asked, did not answer, or answered too much."""


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """An answer, read whole."""

    status: int
    headers: httpx.Headers
    body: bytes
    address: str  #: of the document, after all redirects
    moved_to: str = ""  #: where permanent redirects lead, as far as they go; empty: it is where it was


def checked_host(host: str) -> str:
    """The one form of a host that may be judged, resolved and connected to. Raises Unreachable.

    One that is an address itself is judged here, as no client resolves it; the addresses of a name, when it is resolved.
    """
    try:
        plain = plain_host(host)
    except Unreadable as odd:
        raise Unreachable(str(odd)) from odd
    if is_literal(plain):
        check_address(plain, plain)
    return plain


def checked_url(url: str) -> str:
    """An http or https address that may be asked, its host in that form. Raises Unreachable."""
    try:
        plain = plain_url(url)
    except Unreadable as odd:
        raise Unreachable(str(odd)) from odd
    checked_host(urlsplit(plain).hostname or "")
    return plain


def addresses_of(host: str, port: int) -> list[str]:
    """The addresses behind a host. Raises Unreachable if there are none, or one of them is not public."""
    plain = checked_host(host)
    try:
        found = socket.getaddrinfo(plain, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as unknown:
        raise Unreachable(f"{plain!r} cannot be found: {unknown}") from unknown
    addresses = list(dict.fromkeys(str(row[4][0]) for row in found))
    for address in addresses:
        check_address(plain, address)
    return addresses


def check_address(host: str, address: str) -> None:
    """Raises Unreachable if the address behind a host may not be asked."""
    if not is_public(address) and not settings().private_addresses:
        raise Unreachable(
            f"{host!r} is the private address {address}: set BARQ_PRIVATE_ADDRESSES=true if it is meant to be asked"
        )


def check_peer(host: str, peer: object) -> None:
    """Raises Unreachable unless who is at the other end of a connection may be asked; `peer` is what the socket says of it."""
    if not isinstance(peer, tuple) or not peer:
        raise Unreachable(f"{host!r} is connected to nobody knows where")
    check_address(host, str(peer[0]))


def asked_to_wait(retry_after: str | None, now: datetime) -> timedelta | None:
    """What `Retry-After` asks for: seconds or a date (RFC 9110); a day at the most."""
    if not retry_after:
        return None
    try:
        wait = (
            timedelta(seconds=int(retry_after))
            if retry_after.strip().isdecimal()
            else parsedate_to_datetime(retry_after).astimezone(UTC) - now
        )
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(wait, timedelta()), timedelta(days=1))


def connect(host: str, port: int, *, timeout_s: float) -> socket.socket:
    """A connection to a checked address, for what does not speak HTTP. Raises Unreachable."""
    fault: OSError | None = None
    for address in addresses_of(host, port):
        try:
            connection = socket.create_connection((address, port), timeout=timeout_s)
        except OSError as silent:
            fault = silent
            continue
        try:
            check_peer(host, connection.getpeername())
        except (OSError, Unreachable):
            connection.close()
            raise
        return connection
    raise Unreachable(f"{host}:{port} does not answer: {fault}") from fault


class Deadline:
    """Ends connections that are still open when the time is over: whoever answers in drips keeps nobody for longer."""

    def __init__(self, timeout_s: float) -> None:
        self._watched: list[socket.socket] = []
        self._lock = threading.Lock()
        self._timer = threading.Timer(timeout_s, self._end)
        self._timer.daemon = True
        self._timer.start()

    def watch(self, connection: socket.socket) -> None:
        """End this connection too. A copy of it is kept, as TLS takes over the socket that it is given."""
        with self._lock:
            self._watched.append(connection.dup())

    def close(self) -> None:
        """All is done in time."""
        self._timer.cancel()
        with self._lock:
            while self._watched:
                self._watched.pop().close()

    def _end(self) -> None:
        with self._lock:
            for connection in self._watched:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)


def fetch(url: str, *, headers: Mapping[str, str], timeout_s: float, most_bytes: int) -> Fetched:
    """GET, following redirects. Raises Unreachable if it may not be asked, takes longer in all, or brings more."""
    try:
        return asyncio.run(asyncio.wait_for(_fetch(url, headers=headers, timeout_s=timeout_s, most_bytes=most_bytes), timeout_s))
    except TimeoutError as late:
        raise Unreachable(f"{httpx.URL(url).host} did not finish its answer in time") from late
    except httpx.InvalidURL as wrong:
        raise Unreachable(f"{url[:200]} is no address that can be asked: {wrong}") from wrong


async def _fetch(url: str, *, headers: Mapping[str, str], timeout_s: float, most_bytes: int) -> Fetched:
    at, moved_to = httpx.URL(checked_url(url)), ""
    is_for_good = True
    wanted = {name.lower(): value for name, value in headers.items()}
    async with httpx.AsyncClient(trust_env=False, timeout=timeout_s, follow_redirects=False) as client:
        for _ in range(_MOST_REDIRECTS + 1):
            answer = await _get(client, at, wanted, most_bytes=most_bytes)
            if answer.status not in _MOVED or "location" not in answer.headers:
                return replace(answer, moved_to=moved_to)
            moved = _moved(at, answer.headers["location"])
            if (moved.host, moved.port) != (at.host, at.port) or (at.scheme, moved.scheme) == ("https", "http"):
                wanted = {name: value for name, value in wanted.items() if name not in _FOR_THE_FIRST_HOST}
            is_for_good = is_for_good and answer.status in _MOVED_FOR_GOOD
            at = moved
            moved_to = str(at) if is_for_good else moved_to
    raise Unreachable(f"{url} sends on and on: more than {_MOST_REDIRECTS} redirects")


def _moved(at: httpx.URL, location: str) -> httpx.URL:
    try:
        moved = at.join(location)
    except (httpx.InvalidURL, ValueError) as wrong:
        raise Unreachable(f"{at.host} sends on to what is no address: {wrong}") from wrong
    if moved.scheme not in ("http", "https"):
        raise Unreachable(f"{at.host} sends on to {moved.scheme}:, which is not asked")
    return httpx.URL(checked_url(str(moved)))


async def _get(client: httpx.AsyncClient, url: httpx.URL, headers: Mapping[str, str], *, most_bytes: int) -> Fetched:
    port = url.port or (443 if url.scheme == "https" else 80)
    address = addresses_of(url.raw_host.decode(), port)[0]
    # asked at the address that was checked, under the name that was given: also in TLS
    extensions: dict[str, Any] = {"trace": _checking_peer(url.host)}
    if url.scheme == "https":
        extensions["sni_hostname"] = url.raw_host.decode()
    request = client.build_request(
        "GET", url.copy_with(host=address), headers={"host": url.netloc.decode(), **headers}, extensions=extensions
    )
    body = bytearray()
    try:
        answer = await client.send(request, stream=True)
        try:
            async for part in answer.aiter_bytes():
                body += part
                if len(body) > most_bytes:
                    raise Unreachable(f"{url.host} answers more than {most_bytes:,} bytes")
        finally:
            await answer.aclose()
    except httpx.HTTPError as silent:
        raise Unreachable(f"{url.host} did not answer: {silent!r}") from silent
    return Fetched(status=answer.status_code, headers=answer.headers, body=bytes(body), address=str(url))


def _checking_peer(host: str) -> Callable[[str, Mapping[str, Any]], Awaitable[None]]:
    """Looks at who answers as soon as a connection stands: before TLS begins, and before a byte of the request."""

    async def look(event: str, traced: Mapping[str, Any]) -> None:
        if event != "connection.connect_tcp.complete":
            return
        stream = traced["return_value"]
        try:
            check_peer(host, stream.get_extra_info("server_addr"))
        except Unreachable:
            await stream.aclose()
            raise

    return look
