"""Requests to addresses that somebody gave us: sources that are polled, receivers that are told.

Whoever names an address could name one of ours: the database beside us, a cloud's metadata service. So a name is resolved
here, every address behind it must be public, and the connection goes to the address that was checked, not to the name again.
`BARQ_PRIVATE_ADDRESSES` opens this for a newsroom whose systems are in its own network. Redirects are followed by hand,
each checked like the first; times and sizes have limits.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from shared.errors import BarqError
from shared.settings import settings

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


def addresses_of(host: str, port: int) -> list[str]:
    """The addresses behind a name. Raises Unreachable if there are none, or one of them is not public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as unknown:
        raise Unreachable(f"{host!r} cannot be found: {unknown}") from unknown
    addresses = list(dict.fromkeys(str(row[4][0]) for row in found))
    for address in addresses:
        check_address(host, address)
    return addresses


def check_address(host: str, address: str) -> None:
    """Raises Unreachable if the address behind a name may not be asked."""
    if not _is_public(address) and not settings().private_addresses:
        raise Unreachable(
            f"{host!r} is the private address {address}: set BARQ_PRIVATE_ADDRESSES=true if it is meant to be asked"
        )


def check_literal(host: str) -> None:
    """The same for a host that is an address itself, which no client resolves; a name passes."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return
    check_address(host, host.strip("[]"))


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


def _is_public(address: str) -> bool:
    parsed = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(parsed, "ipv4_mapped", None)  # ::ffff:127.0.0.1 is 127.0.0.1
    return (mapped or parsed).is_global and not (mapped or parsed).is_multicast


def connect(host: str, port: int, *, timeout_s: float) -> socket.socket:
    """A connection to a checked address, for what does not speak HTTP. Raises Unreachable."""
    fault: OSError | None = None
    for address in addresses_of(host, port):
        try:
            return socket.create_connection((address, port), timeout=timeout_s)
        except OSError as silent:
            fault = silent
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
        return asyncio.run(
            asyncio.wait_for(_fetch(url, headers=headers, timeout_s=timeout_s, most_bytes=most_bytes), timeout_s)
        )
    except TimeoutError as late:
        raise Unreachable(f"{httpx.URL(url).host} did not finish its answer in time") from late
    except httpx.InvalidURL as wrong:
        raise Unreachable(f"{url[:200]} is no address that can be asked: {wrong}") from wrong


async def _fetch(url: str, *, headers: Mapping[str, str], timeout_s: float, most_bytes: int) -> Fetched:
    at, moved_to = httpx.URL(url), ""
    is_for_good = True
    wanted = {name.lower(): value for name, value in headers.items()}
    async with httpx.AsyncClient(trust_env=False, timeout=timeout_s, follow_redirects=False) as client:
        for _ in range(_MOST_REDIRECTS + 1):
            answer = await _get(client, at, wanted, most_bytes=most_bytes)
            if answer.status not in _MOVED or "location" not in answer.headers:
                return replace(answer, moved_to=moved_to)
            moved = at.join(answer.headers["location"])
            if moved.scheme not in ("http", "https"):
                raise Unreachable(f"{at.host} sends on to {moved.scheme}:, which is not asked")
            if (moved.host, moved.port) != (at.host, at.port) or (at.scheme, moved.scheme) == ("https", "http"):
                wanted = {name: value for name, value in wanted.items() if name not in _FOR_THE_FIRST_HOST}
            is_for_good = is_for_good and answer.status in _MOVED_FOR_GOOD
            at = moved
            moved_to = str(at) if is_for_good else moved_to
    raise Unreachable(f"{url} sends on and on: more than {_MOST_REDIRECTS} redirects")


async def _get(client: httpx.AsyncClient, url: httpx.URL, headers: Mapping[str, str], *, most_bytes: int) -> Fetched:
    port = url.port or (443 if url.scheme == "https" else 80)
    address = addresses_of(url.host, port)[0]
    # asked at the address that was checked, under the name that was given: also in TLS
    extensions: dict[str, Any] = {"sni_hostname": url.host} if url.scheme == "https" else {}
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
