"""Whoever names an address to the wire cannot have it ask one of ours: by none of its clients, however it is written."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from aiohttp.resolver import ThreadedResolver
from fastapi.testclient import TestClient

from services.delivery import http_sender
from services.delivery.http_sender import Answer, HttpSender, OutgoingRequest
from services.delivery.hub.routes import app as hub
from services.delivery.webhooks.routes import app as webhooks
from services.ingest.routes import upkeep
from shared.settings import settings
from shared.web import outbound
from shared.web.keys import Role
from shared.web.outbound import Unreachable, connect, fetch
from tests.support.house import House
from tests.support.loopback import serving
from tests.support.spellings import NAMES, Listener, listening, name_server, spellings

_SPELLINGS = 10_000


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch) -> Iterator[Listener]:
    """Somebody inside, on every address of this machine; and a name server of the attacker's."""
    monkeypatch.delenv("BARQ_PRIVATE_ADDRESSES", raising=False)
    settings.cache_clear()
    monkeypatch.setattr(socket, "getaddrinfo", name_server(NAMES))
    with listening() as inside:
        yield inside


@pytest.fixture
def sender() -> HttpSender[None]:
    return HttpSender(lambda _: None, timeout_s=3)


def a_request(url: str) -> OutgoingRequest[None]:
    return OutgoingRequest(url=url, headers={}, body=b"{}", context=None)


def answers_of(sender: HttpSender[None], *urls: str) -> list[Answer]:
    answers = [sender.get(url, max_bytes=100) for url in urls]
    return [answer.result() for answer in answers]


def fetched(url: str) -> object:
    return fetch(url, headers={}, timeout_s=3, most_bytes=1000)


def test_no_spelling_of_a_private_address_reaches_it_by_any_client(listener: Listener, sender: HttpSender[None]) -> None:
    urls = list(spellings(_SPELLINGS, listener.port, seed=14))
    assert [url for url, answer in zip(urls, answers_of(sender, *urls), strict=True) if answer.status is not None] == []
    for url in urls:
        with pytest.raises(Unreachable):
            fetched(url)
    results = [sender.send_and_wait(a_request(url)) for url in urls[: _SPELLINGS // 4]]
    assert [result.request.url for result in results if result.status is not None] == []
    assert listener.visits == []


def test_no_spelling_of_a_private_host_is_connected_to_by_what_does_not_speak_http(listener: Listener) -> None:
    places = [url.partition("://")[2].rpartition("@")[2] for url in spellings(2000, listener.port, seed=4)]
    for host in (place.rpartition(":")[0] for place in places):
        with pytest.raises(Unreachable):
            connect(host, listener.port, timeout_s=3)
    assert listener.visits == []


def test_the_listener_hears_whoever_may_come(
    listener: Listener, sender: HttpSender[None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BARQ_PRIVATE_ADDRESSES", "true")
    settings.cache_clear()
    url = f"http://127.0.0.1:{listener.port}/"
    assert [answer.status for answer in answers_of(sender, url, f"http://[::1]:{listener.port}/")] == [204, 204]
    fetched(url)
    assert sender.send_and_wait(a_request(url)).status == 204
    assert len(listener.visits) == 4


def test_an_address_that_slips_past_the_names_is_stopped_at_the_socket(
    listener: Listener, sender: HttpSender[None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_sender, "_GuardedNames", ThreadedResolver)
    (answer,) = answers_of(sender, f"http://one.inside.example:{listener.port}/")
    assert "127.0.0.1" in (answer.error or "")
    assert listener.visits == []


def test_nothing_is_sent_to_a_peer_that_may_not_be_asked(
    listener: Listener, sender: HttpSender[None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where a resolver, a socket or the network itself leads elsewhere than was said."""
    monkeypatch.setattr(http_sender, "_GuardedNames", ThreadedResolver)
    monkeypatch.setattr(http_sender, "_guarded_socket", lambda info: socket.socket(info[0], info[1], info[2]))
    monkeypatch.setattr(outbound, "addresses_of", lambda *_: ["127.0.0.1"])
    url = f"http://one.inside.example:{listener.port}/"
    (answer,) = answers_of(sender, url)
    assert "127.0.0.1" in (answer.error or "")
    for ask in (lambda: fetched(url), lambda: connect("one.inside.example", listener.port, timeout_s=3)):
        with pytest.raises(Unreachable, match="private address"):
            ask()
    assert [visit for visit in listener.visits if visit] == []


def test_a_source_that_sends_on_leads_nowhere_else(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first hop may be asked here; where it sends on is checked like the first."""
    onward: list[str] = []

    class Sender(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(302)
            self.send_header("location", onward[-1].encode().decode("latin-1"))
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    real = outbound.is_public
    monkeypatch.setattr(outbound, "is_public", lambda address: address == "127.0.0.1" or real(address))
    with serving(Sender) as first:
        for host in ("127.0.0.2", "[::1]", "0", "127.2", "127。0。0。2", "①②⑦.⓪.⓪.②", "six.inside.example", "[64:ff9b::7f00:2]"):
            onward.append(f"http://{host}:{listener.port}/")
            with pytest.raises(Unreachable):
                fetched(first)
        for nowhere in ("file:///etc/passwd", "http://[", "http://a b/", "gopher://example.com/"):
            onward.append(nowhere)
            with pytest.raises(Unreachable):
                fetched(first)
    assert listener.visits == []


# ── Through the front doors ──────────────────────────────────────────────────────────────────────────────────────


def some(port: int) -> list[str]:
    odd = ["127。0。0。1", "①②⑦.⓪.⓪.①", "2130706433", "0177.0.0.1", "0x7f.1"]
    named = [*odd, "127.0.0.1", "[64:ff9b::7f00:1]", "one.inside.example"]
    return [*(f"http://{host}:{port}/" for host in named), *spellings(25, port, seed=7)]


def test_no_callback_that_a_stranger_names_is_asked(house: House, listener: Listener) -> None:
    client = TestClient(hub, raise_server_exceptions=False)
    for url in some(listener.port):
        form = {"hub.mode": "subscribe", "hub.topic": "https://wire.example/en/feeds/all.atom", "hub.callback": url}
        assert client.post("/hub", data=form).status_code in (202, 400)
    for _ in range(4):
        house.settles()
        house.time_passes(minutes=5)
    assert listener.visits == []
    assert house.rows("SELECT 1 FROM subscriptions") == []


def test_no_webhook_reaches_inside_when_it_is_added_tried_or_told(house: House, listener: Listener) -> None:
    client = TestClient(
        webhooks, headers={"authorization": f"Bearer {house.key(Role.SUBSCRIBER, 'reader')}"}, raise_server_exceptions=False
    )
    for number, url in enumerate(some(listener.port)):
        added = client.post("/v1/webhooks", json={"name": f"hook-{number}", "url": url})
        assert added.status_code in (201, 422), added.text
        if added.status_code == 201:
            assert client.post(f"/v1/webhooks/hook-{number}/test").json()["status"] is None
    house.pushes()
    house.settles()
    assert listener.visits == []


def test_no_source_is_asked_inside_and_its_row_says_why(house: House, listener: Listener) -> None:
    client: Any = house.client(upkeep)
    kept = []
    for number, url in enumerate(some(listener.port)):
        answer = client.post("/v1/sources", json={"name": f"source-{number}", "url": url})
        assert answer.status_code in (201, 422), answer.text
        kept += [url] if answer.status_code == 201 else []
    for _ in kept:
        house.works()
    assert listener.visits == []
    errors = [row.error for row in house.rows("SELECT error FROM sources")]
    assert len(errors) == len(kept) > 4
    assert [error for error in errors if not error or "fault of the wire" in error] == []
