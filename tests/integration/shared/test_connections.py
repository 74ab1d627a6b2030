"""Connections have limits: whoever is slow, or brings too much, keeps nobody from being served."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any

import pytest
import uvicorn

from shared.settings import settings
from shared.web import serving
from tests.support.loopback import free_port
from tests.support.reading import eventually

ASKS = b"GET / HTTP/1.1\r\nhost: a\r\n\r\n"
_LARGE = b"x" * 8_000_000
_LATE_S = 0.1


async def app(scope: Any, receive: Callable[[], Any], send: Callable[[Any], Any]) -> None:
    """Reads what it is sent, unless it is told not to; sends a little, or much."""
    read = 0
    if scope["path"] != "/unread":
        while (message := await receive())["type"] == "http.request":
            read += len(message.get("body", b""))
            if not message.get("more_body"):
                break
    if scope["path"] == "/late":
        await asyncio.sleep(_LATE_S)
    body = _LARGE if scope["path"] == "/large" else f"read {read}".encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", str(len(body)).encode())]})
    await send({"type": "http.response.body", "body": body})


@contextmanager
def served(monkeypatch: pytest.MonkeyPatch, **limits: float) -> Iterator[int]:
    """The port of a server with these limits."""
    for name in ("connections", "connections_per_address"):
        if name in limits:
            monkeypatch.setenv(f"BARQ_{name.upper()}", str(limits.pop(name)))
    for name, value in limits.items():
        monkeypatch.setattr(serving, name, value)
    settings.cache_clear()
    port = free_port()
    config = uvicorn.Config(
        app, port=port, http=serving.bounded_connections(), ws="none", lifespan="off", log_config=None, timeout_keep_alive=60
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    eventually(lambda: server.started)
    try:
        yield port
    finally:
        server.should_exit = server.force_exit = True
        thread.join()
        settings.cache_clear()


def dials(port: int, said: bytes = b"") -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=20)
    connection.sendall(said)
    return connection


def hears(connection: socket.socket) -> bytes:
    """All that comes until the other side ends it; that it is cut short is an end too."""
    said = bytearray()
    try:
        while part := connection.recv(65_536):
            said += part
    except ConnectionError:
        pass
    return bytes(said)


def is_served(port: int) -> bool:
    with closing(dials(port, ASKS)) as connection:
        return connection.recv(100).startswith(b"HTTP/1.1 200")


def test_a_head_that_drips_is_cut_in_time_and_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with served(monkeypatch, HEAD_S=1.5) as port, closing(dials(port, ASKS[:-2])) as slow, closing(dials(port)) as silent:
        for _ in range(4):
            time.sleep(0.3)
            slow.sendall(b"x-more: 1\r\n")
        assert hears(slow).startswith(b"HTTP/1.1 408")
        assert hears(silent) == b""


def test_who_asks_for_more_at_once_than_is_answered_breaks_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with served(monkeypatch) as port:
        for asks in (ASKS * 3_000, ASKS.replace(b"/", b"/late", 1) * 3_000, ASKS.replace(b"/", b"/late", 1) * 5):
            with closing(dials(port, asks)) as hasty:
                if len(asks) > 10_000:
                    hears(hasty)
        time.sleep(3 * _LATE_S)
        assert is_served(port)
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []


def test_a_body_that_drips_is_cut_and_one_that_flows_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    head = b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 40000\r\n\r\n"
    with (
        served(monkeypatch, BODY_S=1.0, LEAST_BODY_BYTES_A_SECOND=1000) as port,
        closing(dials(port, head)) as slow,
        closing(dials(port, head)) as quick,
    ):
        for _ in range(20):
            quick.sendall(b"x" * 2000)
            slow.sendall(b"x")
            time.sleep(0.1)
        assert b"read 40000" in quick.recv(1000)
        assert hears(slow).startswith(b"HTTP/1.1 408")


def test_a_reader_that_hardly_reads_is_given_up_and_a_slow_one_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    ask = ASKS.replace(b"GET / ", b"GET /large ")
    with (
        # the system's own buffers let a writer go on in steps: several of them fit into this
        served(monkeypatch, READER_S=4.0, LEAST_READ_BYTES_A_SECOND=50_000) as port,
        closing(dials(port, ask)) as stuck,
        closing(dials(port, ask)) as slow,
    ):
        read = 0
        for _ in range(60):
            read += len(slow.recv(100_000))
            time.sleep(0.1)
        slow.settimeout(5)
        while read < len(_LARGE):
            part = slow.recv(1_000_000)
            assert part, "cut although it read"
            read += len(part)
        assert len(hears(stuck)) < len(_LARGE)


@pytest.mark.parametrize(
    "said",
    [
        b"GET / HTTP/1.1\r\nhost: a\r\nx: " + b"y" * 2_000_000,
        b"GET / HTTP/1.1\r\nhost: a\r\n" + b"".join(b"x-%d: 1\r\n" % number for number in range(200)) + b"\r\n",
        b"GET / HTTP/1.1\r\nhost: a\r\nx: " + b"y" * 70_000 + b"\r\n\r\n",
        b"GET /" + b"y" * 2_000_000,
        b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nx: " + b"y" * 2_000_000,
        b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n0\r\n" + b"x: 1\r\n" * 100_000,
        b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n1;x=" + b"y" * 2_000_000,
        b"GET / HTTP/1.1\r\nhost: a\r\n\r\n" * 5000,
    ],
    ids=["a header", "headers", "a header at once", "an address", "a trailer", "trailers", "a chunk's mark", "requests ahead"],
)
def test_what_is_no_body_has_an_end(monkeypatch: pytest.MonkeyPatch, said: bytes) -> None:
    with served(monkeypatch, MOST_HEAD_BYTES=60_000) as port, closing(dials(port)) as connection:
        with suppress(ConnectionError):
            connection.sendall(said)
        answer = hears(connection)
        assert not answer or b"HTTP/1.1 4" in answer
        assert is_served(port)


def test_the_one_that_waited_longest_makes_way_when_there_is_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    with served(monkeypatch, connections=20) as port:
        crowd = [dials(port, b"GET / HT") for _ in range(60)]
        assert is_served(port)
        assert hears(crowd[0]) == b""
        crowd[-1].sendall(ASKS[len(b"GET / HT") :])
        assert b"200 OK" in crowd[-1].recv(1000), "the newest of them is still there"
        for connection in crowd:
            connection.close()


def test_one_address_has_not_all_the_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "is_trusted", lambda _: False)
    with served(monkeypatch, connections=50, connections_per_address=3) as port:
        kept = [dials(port) for _ in range(3)]
        assert not is_served(port)
        with closing(dials(port)) as further:
            assert hears(further).startswith(b"HTTP/1.1 503")
        kept.pop().close()
        eventually(lambda: is_served(port))
        for connection in kept:
            connection.close()


def test_a_body_that_nobody_wants_is_not_taken_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    with served(monkeypatch, MOST_UNWANTED_BYTES=1_000_000) as port:
        head = b"POST /unread HTTP/1.1\r\nhost: a\r\ncontent-length: 400000000\r\n\r\n"
        with closing(dials(port, head)) as connection:
            assert b"200 OK" in connection.recv(1000)
            with pytest.raises(ConnectionError):
                connection.sendall(b"x" * 400_000_000)


def test_a_connection_is_used_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with served(monkeypatch, connections=5) as port, closing(dials(port)) as connection:
        for _ in range(200):
            connection.sendall(ASKS)
            assert b"read 0" in connection.recv(1000)
        connection.sendall(ASKS * 50)
        answers = b""
        while answers.count(b"read 0") < 50:
            answers += connection.recv(65_536)
