"""How long until every WebSub subscriber of a feed has an update: one wire of real processes, one worker that delivers.

    .venv/bin/python -m bench.websub_fanout --subscribers 10000

Each subscriber subscribes through the hub, with a secret, and is verified. 5 % are slow (8 s for an answer), 5 % fail (500), 1 %
are gone (410); these have hosts (ports) of their own, as the limit of connections is a host's. Then one story is pushed.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import hmac
import multiprocessing
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from urllib.parse import parse_qs, quote, urlsplit

import httpx

from bench.wires import a_wire
from tests.support.running_wire import free_port

_SECRET = "tell-nobody"  # noqa: S105  the benchmark's own
_HOSTS = 20
_KINDS = {"slow": 0.05, "failing": 0.05, "gone": 0.01}


def main() -> None:
    """Run it and print when the healthy ones had it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--subscribers", type=int, default=10_000)
    parser.add_argument("--port", type=int, default=8972)
    arguments = parser.parse_args()
    ours, theirs = multiprocessing.Pipe()
    ports = [free_port() for _ in range(_HOSTS + len(_KINDS))]
    receivers = multiprocessing.Process(target=_receive, args=(theirs, ports), daemon=True)
    receivers.start()
    try:
        with a_wire(arguments.port, BARQ_PRIVATE_ADDRESSES="true") as wire:
            url, key = wire.run.url, wire.key
            _fill(url, key)
            callbacks = list(_callbacks(arguments.subscribers, ports))
            asyncio.run(_subscribe(url, callbacks))
            _until(lambda: _told(ours, "verified") >= arguments.subscribers, "verifications")
            healthy = sum(1 for callback in callbacks if "healthy" in callback)
            started_s = time.time()
            _push(url, key, "urn:bench:update", "The update")
            _until(lambda: _told(ours, "healthy") >= healthy, "deliveries")
            times_s = sorted(moment - started_s for moment in _told_times(ours))
    finally:
        receivers.kill()
    print(f"{arguments.subscribers} subscribers, {healthy} of them healthy; every signature right")
    for share in (0.5, 0.9, 0.99, 1.0):
        print(f"{share:>5.0%} of the healthy had it after {times_s[int(len(times_s) * share) - 1]:.2f} s")


def _fill(url: str, key: str) -> None:
    """Fifty stories of 400 words, so that the document has a usual size."""
    for number in range(50):
        _push(url, key, f"urn:bench:{number}", f"Story {number}")


def _push(url: str, key: str, uri: str, headline: str) -> None:
    text = "\n\n".join("Ministers from Saudi Arabia and Iraq met on Tuesday to speak of exports. " * 6 for _ in range(5))
    item = {"uri": uri, "version": 1, "language": "en", "urgency": 3, "headline": headline, "body_text": text}
    httpx.post(f"{url}/v1/items", json=item, headers={"authorization": f"Bearer {key}"}, trust_env=False).raise_for_status()


def _callbacks(count: int, ports: list[int]) -> list[str]:
    found = []
    for kind, port in zip(_KINDS, ports[_HOSTS:], strict=True):
        found += [f"http://127.0.0.1:{port}/{kind}/{number}" for number in range(int(count * _KINDS[kind]))]
    rest = count - len(found)
    return found + [f"http://127.0.0.1:{ports[number % _HOSTS]}/healthy/{number}" for number in range(rest)]


async def _subscribe(url: str, callbacks: list[str]) -> None:
    at = urlsplit(url)
    topic = f"{url}/en/feeds/all.atom"
    waiting = iter(callbacks)

    async def some() -> None:
        reader, writer = await asyncio.open_connection(at.hostname, at.port)
        for callback in waiting:
            form = f"hub.mode=subscribe&hub.topic={quote(topic)}&hub.callback={quote(callback)}&hub.secret={_SECRET}"
            writer.write(
                f"POST /hub HTTP/1.1\r\nHost: {at.netloc}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                f"Content-Length: {len(form)}\r\n\r\n{form}".encode()
            )
            head = await reader.readuntil(b"\r\n\r\n")
            assert b" 202 " in head, head

    await asyncio.gather(*(some() for _ in range(8)))


def _receive(pipe: Connection, ports: list[int]) -> None:
    asyncio.run(_Receivers().serve(pipe, ports))


class _Receivers:
    """All subscribers: the least of an HTTP server, that checks signatures and remembers when each was told."""

    def __init__(self) -> None:
        self.verified = 0
        self.healthy: dict[str, float] = {}

    async def serve(self, pipe: Connection, ports: list[int]) -> None:
        for port in ports:
            await asyncio.start_server(self._answer, "127.0.0.1", port, limit=2**20, backlog=1000)
        while True:
            await asyncio.sleep(0.05)
            while pipe.poll():
                match pipe.recv():
                    case "verified":
                        pipe.send(self.verified)
                    case "healthy":
                        pipe.send(len(self.healthy))
                    case _:
                        pipe.send(list(self.healthy.values()))

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                method, target, _ = head.split(" ", 2)
                headers = dict(line.lower().partition(": ")[::2] for line in head.split("\r\n")[1:] if line)
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                status, said = await self._judge(method, target, headers, body)
                writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: {len(said)}\r\n\r\n".encode() + said)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def _judge(self, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        if method == "GET":
            self.verified += 1
            return 200, parse_qs(urlsplit(target).query)["hub.challenge"][0].encode()
        kind = target.split("/")[1]
        if kind == "slow":
            await asyncio.sleep(8)
        if kind == "healthy":
            signed = "sha256=" + hmac.new(_SECRET.encode(), body, hashlib.sha256).hexdigest()
            if headers["x-hub-signature"] == signed and b"The update" in body:
                self.healthy.setdefault(target, time.time())
        return {"failing": 500, "gone": 410}.get(kind, 204), b""


def _told(pipe: Connection, what: str) -> int:
    pipe.send(what)
    return int(pipe.recv())


def _told_times(pipe: Connection) -> list[float]:
    pipe.send("times")
    return list(pipe.recv())


def _until(holds: Callable[[], bool], what: str, patience_s: float = 300.0) -> None:
    ends_s = time.monotonic() + patience_s
    while not holds():
        if time.monotonic() > ends_s:
            sys.exit(f"the {what} did not come in time; nothing was measured")
        time.sleep(0.1)


if __name__ == "__main__":
    main()
