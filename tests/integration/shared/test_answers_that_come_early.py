"""A client that sends its whole body before it listens reads the answer, also one that was clear before the body came."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress

import pytest
import uvicorn

from shared.web import bodies
from shared.web.keys import Role
from shared.web.origin import Origin
from tests.support.house import House

LARGE = 30_000_000
MOST = 1_000_000


@pytest.fixture
def port(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A web process, as `barq web` runs it."""
    monkeypatch.setenv("BARQ_MAX_BODY_BYTES", str(MOST))
    from shared.settings import settings

    settings.cache_clear()
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(Origin(["newsroom", "edge"]), log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield listening.getsockname()[1]
    server.should_exit = True
    thread.join(20)


def posted(port: int, path: str, *, key: str = "", chunked: bool, size: int = LARGE) -> tuple[int, str]:
    """What urllib, which knows nothing of early answers, is told for a large body."""
    data = iter([b" " * 100_000] * (size // 100_000)) if chunked else b" " * size
    headers = {"content-type": "application/json", "authorization": f"Bearer {key}"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data=data, headers=headers, method="POST")  # type: ignore[arg-type]
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


@pytest.mark.parametrize("chunked", [False, True], ids=["announced", "chunked"])
@pytest.mark.parametrize("path", ["/v1/items", "/v1/items/check", "/v1/about", "/v1/preview", "/v1/webhooks", "/hub"])
def test_a_body_that_is_too_large_is_answered_with_a_problem_that_can_be_read(
    house: House, port: int, path: str, chunked: bool
) -> None:
    key = house.key(Role.SUBSCRIBER, "sub") if path == "/v1/webhooks" else house.key()
    status, told = posted(port, path, key=key, chunked=chunked)
    assert status == 413
    assert "too large" in told.lower()


@pytest.mark.parametrize("chunked", [False, True], ids=["announced", "chunked"])
def test_a_wrong_key_is_told_so_whatever_size_its_body_has(port: int, chunked: bool) -> None:
    for size in (MOST, LARGE):
        status, _ = posted(port, "/v1/items", key="wrong", chunked=chunked, size=size)
        # a body that is announced too large is refused for that, before anybody asks who sends it
        assert status == (413 if size > MOST and not chunked else 401)


def test_an_address_that_takes_no_body_says_so_to_a_large_one(port: int) -> None:
    assert posted(port, "/en/feeds/all.rss", chunked=True)[0] == 413
    assert posted(port, "/en/feeds/all.rss", chunked=True, size=1_000)[0] == 405


def test_a_body_of_exactly_the_most_is_taken_and_one_byte_more_is_not(house: House, port: int) -> None:
    item = json.dumps({"uri": "urn:1", "version": 1, "headline": "Flash", "language": "en", "body_text": "Word."}).encode()
    for size, status in ((MOST, 202), (MOST + 1, 413)):
        for chunked in (False, True):
            body = item + b" " * (size - len(item))
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request(
                "POST", "/v1/items", iter([body[:500], body[500:]]) if chunked else body,
                {"authorization": f"Bearer {house.key()}", "content-type": "application/json"}, encode_chunked=chunked,
            )  # fmt: skip
            assert connection.getresponse().status == status
            connection.close()


def test_a_connection_whose_body_was_drained_is_used_again(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for _ in range(3):
        connection.request("POST", "/v1/items", b" " * MOST, {"authorization": "Bearer wrong"})
        answer = connection.getresponse()
        assert (answer.status, answer.getheader("connection")) == (401, None)
        answer.read()
    connection.close()


def test_who_waits_to_be_asked_for_the_body_is_refused_without_having_sent_it(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as raw:
        raw.sendall(b"POST /v1/items HTTP/1.1\r\nhost: x\r\ncontent-length: 30000000\r\nexpect: 100-continue\r\n\r\n")
        answer = b"".join(iter(lambda: raw.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"connection: close" in answer.lower()


def test_who_announces_a_body_and_falls_silent_is_answered_and_let_go(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "SILENT_S", 0.2)
    with socket.create_connection(("127.0.0.1", port), timeout=60) as raw:
        raw.sendall(b"POST /v1/items HTTP/1.1\r\nhost: x\r\ncontent-length: 30000000\r\n\r\nsome")
        answer = b"".join(iter(lambda: raw.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 413 ")


def test_no_more_than_a_bound_is_drained(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "DRAINED_BYTES", 2_000_000)
    chunks_sent = 0
    with socket.create_connection(("127.0.0.1", port), timeout=60) as raw:
        raw.sendall(b"POST /v1/items HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n")
        with suppress(OSError):
            for chunks_sent in range(2000):  # noqa: B007
                raw.sendall(b"186a0\r\n" + b" " * 100_000 + b"\r\n")
    assert chunks_sent < 1000, "the connection was closed long before"
