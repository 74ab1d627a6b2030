"""Subscribers: webhooks of their own by the API and on their page, replay, secrets, and the hub for private feeds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import BoundedSemaphore, Event
from typing import Any, ClassVar

import pytest
from fastapi.testclient import TestClient
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from services.delivery.hub.routes import app as hub
from services.delivery.webhooks import routes
from services.delivery.webhooks.page import app as page
from services.delivery.webhooks.routes import app
from shared.clock import utc_now
from shared.settings import settings
from shared.web.keys import Role, create_key, revoke_key, set_products
from shared.wire.config import DEFAULT_FILE
from tests.support.house import House
from tests.support.loopback import PRIVATE_FEED, serving, use_wire_file
from tests.support.real_libraries import are_signed, lacks_verifier


class Receiver(BaseHTTPRequestHandler):
    """A subscriber's server: a receiver of webhooks, and a WebSub callback."""

    status = 204
    told: ClassVar[list[tuple[dict[str, str], bytes]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.told.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(self.status)
        self.end_headers()

    def do_GET(self) -> None:
        found = re.search("hub.challenge=([^&]*)", self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(found[1].encode() if found else b"")

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def url(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A wire with a private feed, and a receiver."""
    monkeypatch.setenv("BARQ_PRIVATE_ADDRESSES", "true")
    use_wire_file(DEFAULT_FILE.read_text(encoding="utf-8") + PRIVATE_FEED, tmp_path, monkeypatch)
    Receiver.status = 204
    Receiver.told.clear()
    with serving(Receiver) as address:
        yield f"{address}/"


def subscriber(house: House, name: str = "Gulf Daily", *products: str) -> TestClient:
    with house.engine.begin() as connection:
        secret = create_key(connection, role=Role.SUBSCRIBER, name=name, now=utc_now(), products=products)
    return TestClient(app, headers={"authorization": f"Bearer {secret}"}, raise_server_exceptions=False)


def adds(client: TestClient, url: str, name: str = "news", **fields: Any) -> str:
    answer = client.post("/v1/webhooks", json={"name": name, "url": url, **fields})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["secret"])


def told() -> list[dict[str, Any]]:
    return [json.loads(body) for _, body in Receiver.told]


def test_a_subscribers_webhook_is_told_what_it_asks_for_and_signed_with_its_secret(house: House, url: str) -> None:
    client = subscriber(house)
    secret = adds(client, url, editions=["en"], feeds=["arab"], events=["story.published", "story.killed"])
    house.pushes(uri="urn:1", headline="One", place=[{"code": "SA"}])
    house.pushes(uri="urn:2", headline="Two", place=[{"code": "JP"}], body_text="Tokyo.")
    house.settles()
    house.pushes(uri="urn:1", version=2, headline="One, more", place=[{"code": "SA"}])
    house.settles()
    house.pushes(uri="urn:1", version=3, pubstatus="canceled")
    house.settles()
    assert [(each["type"], each["data"]["uri"]) for each in told()] == [
        ("story.published", "urn:1"), ("story.killed", "urn:1"),
    ]  # fmt: skip
    for headers, body in Receiver.told:
        Webhook(secret).verify(body, headers)
    (row,) = client.get("/v1/webhooks").json()
    assert (row["sequence"], row["waiting"], row["failures"], row["error"]) == (2, 0, 0, None)


def test_a_secret_is_shown_once_and_an_old_one_signs_beside_the_new_for_a_day(house: House, url: str) -> None:
    client = subscriber(house)
    old = adds(client, url)
    assert old not in client.get("/v1/webhooks").text
    new = client.post("/v1/webhooks/news/secret").json()["secret"]
    house.pushes()
    house.settles()
    headers, body = Receiver.told[-1]
    for secret in (old, new):
        Webhook(secret).verify(body, headers)
    with house.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE receivers SET old_secret_until = now() - interval '1 minute'")
    house.pushes(version=2, headline="More")
    house.settles()
    headers, body = Receiver.told[-1]
    Webhook(new).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify(body, headers)


def test_a_receiver_in_javascript_verifies_what_comes_also_while_its_secret_is_changed(house: House, url: str) -> None:
    """Barq signs with the library that the other tests verify with; this is one of another language."""
    if lacking := lacks_verifier():
        pytest.skip(f"needs {lacking}")
    client = subscriber(house)
    first = adds(client, url)
    story = house.pushes(headline="If x<y & y>z")["story"]
    house.settles()
    second = client.post("/v1/webhooks/news/secret").json()["secret"]
    house.translates(story)
    house.settles()
    with house.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE receivers SET old_secret_until = now() - interval '1 minute'")
    house.pushes(version=2, pubstatus="canceled")
    house.settles()
    before, between, *after = Receiver.told
    assert are_signed((first, *before), (second, *before)) == [True, False]
    assert are_signed((first, *between), (second, *between)) == [True, True]
    assert are_signed(*((secret, *each) for secret in (first, second) for each in after)) == [False] * 2 + [True] * 2
    assert [each["type"] for each in told()] == ["story.published", "edition.published", "story.killed", "story.killed"]


def test_what_was_told_is_told_again_from_a_place_in_the_sequence(house: House, url: str) -> None:
    client = subscriber(house)
    adds(client, url)
    for number in range(1, 6):
        house.pushes(uri=f"urn:{number}", headline=f"Number {number}")
        house.settles()
    house.pushes(uri="urn:4", version=2, headline="Number 4, more")
    house.settles()
    ids = {headers["webhook-id"] for headers, _ in Receiver.told}
    Receiver.told.clear()
    assert client.post("/v1/webhooks/news/replay", json={"after": 2}).json() == {"count": 3}
    house.settles()
    assert [each["data"]["uri"] for each in told()] == ["urn:3", "urn:5", "urn:4"]
    assert [each["data"]["sequence"] for each in told()] == [7, 8, 9]
    assert {headers["webhook-id"] for headers, _ in Receiver.told} <= ids
    rows = client.get("/v1/webhooks/news/deliveries?after=6").json()
    assert [(row["sequence"], row["state"]) for row in rows] == [(7, "acknowledged"), (8, "acknowledged"), (9, "acknowledged")]


def test_what_was_refused_is_told_again_when_it_is_asked_for(house: House, url: str) -> None:
    client = subscriber(house)
    adds(client, url)
    Receiver.status = 404
    house.pushes()
    house.settles()
    assert [row["status"] for row in client.get("/v1/webhooks/news/deliveries?state=parked").json()] == [404]
    Receiver.status = 204
    assert client.post("/v1/webhooks/news/replay", json={}).json() == {"count": 1}
    house.settles()
    assert [row["state"] for row in client.get("/v1/webhooks/news/deliveries").json()] == ["acknowledged"]


def test_a_webhook_that_was_disabled_is_told_what_it_missed_when_it_is_enabled(house: House, url: str) -> None:
    client = subscriber(house)
    adds(client, url)
    Receiver.status = 500
    house.pushes(uri="urn:1", headline="One")
    for _ in range(5):
        house.settles()
        house.time_passes(days=1)
    assert client.get("/v1/webhooks/news").json()["disabled_at"]
    house.pushes(uri="urn:2", headline="Two")
    house.settles()
    Receiver.status = 204
    Receiver.told.clear()
    assert client.post("/v1/webhooks/news/enable").status_code == 204
    house.settles()
    assert [each["data"]["uri"] for each in told()] == ["urn:1", "urn:2"]


def test_a_receiver_that_is_gone_is_told_nothing_more(house: House, url: str) -> None:
    client = subscriber(house)
    adds(client, url)
    Receiver.status = 410
    house.pushes(uri="urn:1", headline="One")
    house.settles()
    house.pushes(uri="urn:2", headline="Two")
    house.settles()
    assert len(Receiver.told) == 1
    assert client.get("/v1/webhooks").json() == []


def test_whoever_left_is_told_of_kills_of_what_they_had_and_of_nothing_else(house: House, url: str) -> None:
    client = subscriber(house)
    adds(client, url)
    house.pushes(uri="urn:1", headline="One")
    house.settles()
    with house.engine.begin() as connection:
        revoke_key(connection, "Gulf Daily", utc_now())
    house.pushes(uri="urn:2", headline="Two")
    house.pushes(uri="urn:1", version=2, pubstatus="canceled")
    house.settles()
    assert [(each["type"], each["data"]["uri"]) for each in told()] == [
        ("story.published", "urn:1"), ("story.killed", "urn:1"),
    ]  # fmt: skip
    assert client.get("/v1/webhooks").status_code == 401


def test_subscribers_see_and_touch_only_what_is_their_own(house: House, url: str) -> None:
    one, other = subscriber(house, "One"), subscriber(house, "Other")
    adds(one, url)
    adds(other, url)
    assert one.post("/v1/webhooks", json={"name": "news", "url": url}).status_code == 409
    assert one.delete("/v1/webhooks/news").status_code == 204
    assert one.get("/v1/webhooks/news").status_code == 404
    assert other.get("/v1/webhooks/news").status_code == 200
    assert TestClient(app).get("/v1/webhooks").status_code == 401
    newsroom = TestClient(app, headers={"authorization": f"Bearer {house.key()}"})
    assert newsroom.get("/v1/webhooks").status_code == 403


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"url": "ftp://files.example/"}, "url"),
        ({"url": "http://user:secret@news.example/"}, "url"),
        ({"url": "http://127.0.0.1:9/"}, "url"),
        ({"url": "http://[::ffff:10.0.0.1]/"}, "url"),
        ({"editions": ["fr"]}, "editions"),
        ({"feeds": ["nothing"]}, "feeds"),
        ({"feeds": ["arab-oil"]}, "feeds"),
        ({"events": ["story.sung"]}, "events"),
        ({"name": "Not So"}, "name"),
    ],
)
def test_a_webhook_that_cannot_be_is_refused_with_the_field_and_the_reason(
    house: House, url: str, monkeypatch: pytest.MonkeyPatch, fields: dict[str, Any], at: str
) -> None:
    monkeypatch.setenv("BARQ_PRIVATE_ADDRESSES", "false")
    settings.cache_clear()
    client = subscriber(house)
    answer = client.post("/v1/webhooks", json={"name": "news", "url": "https://news.example/barq", **fields})
    assert answer.status_code == 422
    assert f"/{at}" in [error["pointer"] for error in answer.json()["errors"]]


def test_a_test_says_what_the_receiver_answers(house: House, url: str) -> None:
    client = subscriber(house)
    secret = adds(client, url)
    assert client.post("/v1/webhooks/news/test").json() == {"status": 204, "error": None}
    headers, body = Receiver.told[-1]
    assert Webhook(secret).verify(body, headers)["type"] == "webhook.test"
    assert client.put("/v1/webhooks/news", json={"url": "http://127.0.0.1:9/"}).status_code == 200
    assert client.post("/v1/webhooks/news/test").json()["status"] is None


# ── The page ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_on_their_page_a_subscriber_sees_and_does_what_the_api_does(house: House, url: str) -> None:
    with house.engine.begin() as connection:
        secret = create_key(connection, role=Role.SUBSCRIBER, name="Gulf Daily", now=utc_now(), products=["energy"])
    browser = TestClient(page, base_url="https://wire.example")
    assert browser.get("/subscriber").status_code == 401
    assert browser.post("/subscriber/sign-in", data={"key": "wrong"}).status_code == 401
    seen = browser.post("/subscriber/sign-in", data={"key": secret}).text
    assert "https://wire.example/private/KEY/en/feeds/arab-oil.rss" in seen
    assert secret not in seen
    found = re.search(r'name="token" value="([0-9a-f]+)"', seen)
    assert found
    form = {"token": found[1], "name": "news", "url": url, "editions": "en, ar"}
    refused = browser.post("/subscriber/webhooks", data={**form, "feeds": "nothing"})
    assert refused.status_code == 422
    assert "there is no nothing" in refused.text
    added = browser.post("/subscriber/webhooks", data=form)
    assert re.search(r"whsec_[\w+/=]+", added.text)
    house.pushes()
    house.settles()
    assert "story.published" in browser.get("/subscriber").text
    assert "news answered 204" in browser.post("/subscriber/webhooks/news/test", data=form).text
    assert "1 are sent again" in browser.post("/subscriber/webhooks/news/replay", data={**form, "after": "0"}).text
    assert "news is removed" in browser.post("/subscriber/webhooks/news/remove", data=form).text
    assert browser.post("/subscriber/webhooks", data={**form, "token": "0"}).status_code == 401
    browser.post("/subscriber/sign-out", data=form)
    assert browser.get("/subscriber").status_code == 401


# ── The hub, for private feeds ───────────────────────────────────────────────────────────────────────────────────


# ── Limits ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_subscriber_has_so_many_webhooks_and_no_more(house: House, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BARQ_WEBHOOKS_PER_SUBSCRIBER", "2")
    settings.cache_clear()
    one, other = subscriber(house, "One"), subscriber(house, "Other")
    adds(one, url, "a")
    adds(one, url, "b")
    refused = one.post("/v1/webhooks", json={"name": "c", "url": url})
    assert (refused.status_code, "2 webhooks" in refused.json()["detail"]) == (409, True)
    adds(other, url, "c")
    assert one.delete("/v1/webhooks/a").status_code == 204
    adds(one, url, "c")


def test_a_subscriber_tries_a_webhook_so_often_and_no_more(house: House, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BARQ_WEBHOOK_TESTS_PER_MINUTE", "3")
    settings.cache_clear()
    client = subscriber(house, "Tries often")
    adds(client, url)
    answers = [client.post("/v1/webhooks/news/test") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert int(answers[-1].headers["retry-after"]) > 0


def test_tests_that_hang_hold_a_few_threads_and_no_more(house: House, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "_testing", BoundedSemaphore(2))
    client = subscriber(house)
    adds(client, url)
    answered = Event()
    monkeypatch.setattr(Receiver, "do_POST", lambda self: answered.wait(4) and None)
    with ThreadPoolExecutor(5) as pool:
        tries = [pool.submit(client.post, "/v1/webhooks/news/test") for _ in range(5)]
        statuses = sorted(each.result().status_code for each in as_completed(tries[:]) if each.result().status_code == 503)
        answered.set()
    assert len(statuses) == 3


def asks(topic: str, callback: str, **headers: str) -> int:
    form = {"hub.mode": "subscribe", "hub.topic": topic, "hub.callback": callback}
    return TestClient(hub).post("/hub", data=form, headers=headers).status_code


def test_a_private_feed_is_pushed_to_its_subscribers_alone(house: House, url: str) -> None:
    with house.engine.begin() as connection:
        secret = create_key(connection, role=Role.SUBSCRIBER, name="Gulf Daily", now=utc_now(), products=["energy"])
        other = create_key(connection, role=Role.SUBSCRIBER, name="Other", now=utc_now())
    feed = "/en/feeds/arab-oil.atom"
    house.pushes(uri="urn:1", headline="One", place=[{"code": "SA"}])
    house.settles()
    assert asks(f"https://wire.example{feed}", url) == 401
    assert asks(f"https://wire.example/private/{other}{feed}", url) == 403
    assert asks(f"https://wire.example{feed}", url, authorization=f"Bearer {other}") == 403
    own = f"https://wire.example/private/{secret}{feed}"
    assert asks(own, url) == 202
    house.settles()
    house.pushes(uri="urn:2", headline="Two", place=[{"code": "SA"}])
    house.settles()
    headers, body = Receiver.told[-1]
    assert b"Two" in body
    assert f'<{own}>; rel="self"' in headers["link"]
    with house.engine.begin() as connection:
        set_products(connection, "Gulf Daily", [])
    Receiver.told.clear()
    house.pushes(uri="urn:3", headline="Three", place=[{"code": "SA"}])
    house.settles()
    assert Receiver.told == []
