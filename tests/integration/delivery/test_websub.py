"""The hub, by the sections of the W3C Recommendation (https://www.w3.org/TR/websub/), with a real subscriber on loopback."""

from __future__ import annotations

import hashlib
import hmac
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import feedparser
import pytest
from fastapi.testclient import TestClient
from lxml import etree
from sqlalchemy import text

from services.delivery.hub import routes
from services.delivery.hub.routes import app
from services.edge.feeds.documents import make_served
from shared.clock import utc_now
from shared.pipeline import Stage
from shared.settings import settings
from tests.support.house import House
from tests.support.reading import eventually

TOPIC = "https://wire.example/en/feeds/all.atom"


class Subscriber(BaseHTTPRequestHandler):
    """A subscriber's callback."""

    confirms = "challenge"  #: what it answers a verification with
    verify_status = 200
    status = 204
    retry_after = ""
    asked: ClassVar[list[dict[str, str]]] = []
    told: ClassVar[list[tuple[dict[str, str], bytes, str]]] = []

    def do_GET(self) -> None:
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        self.asked.append(query)
        self.send_response(self.verify_status)
        if self.verify_status == 302:
            self.send_header("location", self.path.replace("/cb", "/elsewhere"))
        self.end_headers()
        self.wfile.write(query.get("hub.challenge", "").encode() if self.confirms == "challenge" else b"no")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.told.append(({name.lower(): value for name, value in self.headers.items()}, body, self.path))
        self.send_response(self.status)
        if self.retry_after:
            self.send_header("retry-after", self.retry_after)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def callback(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("BARQ_PRIVATE_ADDRESSES", "true")
    settings.cache_clear()
    Subscriber.confirms, Subscriber.verify_status, Subscriber.status, Subscriber.retry_after = "challenge", 200, 204, ""
    Subscriber.asked.clear()
    Subscriber.told.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Subscriber)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/cb?who=me"
    server.shutdown()
    thread.join()
    server.server_close()


def asks(address: str, /, mode: str = "subscribe", **fields: str) -> Any:
    """Send a request to the hub."""
    form = {"callback": address, "mode": mode, "topic": TOPIC, **fields}
    return TestClient(app).post("/hub", data={f"hub.{name}": value for name, value in form.items()})


def subscribed(house: House, callback: str, **fields: str) -> None:
    """Subscribe, and be verified."""
    assert asks(callback, **fields).status_code == 202
    house.settles()


def publishes(house: House, headline: str, *, version: int = 1, wait: bool = True) -> None:
    """A story comes; the hub does what it does of that."""
    house.pushes(version=version, headline=headline)
    house.settles() if wait else house.works()


def titles_told() -> list[list[str]]:
    return [[entry.title for entry in feedparser.parse(body).entries] for _, body, _ in Subscriber.told]


# ── 4. Discovery ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_4_a_feed_names_its_hub_and_itself_in_headers_and_in_the_document(house: House) -> None:
    house.pushes()
    house.works()
    atom = etree.fromstring(house.document(form="atom"))
    assert [link.get("href") for link in atom.findall("{*}link[@rel='hub']")] == ["https://wire.example/hub"]
    assert [link.get("href") for link in atom.findall("{*}link[@rel='self']")] == [TOPIC]
    rss = etree.fromstring(house.document(form="rss"))[0]
    assert [link.get("href") for link in rss.findall("{http://www.w3.org/2005/Atom}link[@rel='hub']")] == [
        "https://wire.example/hub"
    ]
    assert '"hubs":[{"type":"WebSub","url":"https://wire.example/hub"}]' in house.document(form="json").decode()
    served = make_served("en", "all", "atom", etag="x", modified_at=utc_now(), body_gzip=_gzipped(b"<feed/>"), body_br=None)
    assert dict(served.plain.headers)[b"link"] == f'<https://wire.example/hub>; rel="hub", <{TOPIC}>; rel="self"'.encode()


def _gzipped(body: bytes) -> bytes:
    import gzip

    return gzip.compress(body)


# ── 5.1 Subscribing and unsubscribing ────────────────────────────────────────────────────────────────────────────


def test_5_1_2_a_request_is_accepted_with_202_and_verified_afterwards(house: House, callback: str) -> None:
    assert asks(callback).status_code == 202
    assert Subscriber.asked == []
    assert house.rows("SELECT * FROM subscriptions") == []
    house.settles()
    assert len(house.rows("SELECT * FROM subscriptions WHERE ended_at IS NULL")) == 1


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"topic": "https://wire.example/en/feeds/nothing.atom"}, "hub.topic"),
        ({"topic": "https://elsewhere.example/en/feeds/all.atom"}, "hub.topic"),
        ({"topic": ""}, "hub.topic"),
        ({"mode": "publish"}, "hub.mode"),
        ({"callback": "ftp://x.example/"}, "hub.callback"),
        ({"callback": "https://user:pw@x.example/"}, "hub.callback"),
        ({"callback": ""}, "hub.callback"),
        ({"secret": "x" * 200}, "hub.secret"),
        ({"lease_seconds": "soon"}, "hub.lease_seconds"),
    ],
)
def test_5_1_2_a_wrong_request_is_refused_with_a_plain_reason(
    house: House, callback: str, fields: dict[str, str], says: str
) -> None:
    answer = asks(callback, **fields)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "text/plain; charset=utf-8")
    assert says in answer.text
    assert house.rows("SELECT * FROM intents") == []


def test_5_1_a_request_is_a_form_and_of_a_bounded_size(house: House) -> None:
    assert TestClient(app).post("/hub", json={}).status_code == 415
    big = {"hub.mode": "x" * 20_000}
    assert TestClient(app).post("/hub", data=big).status_code == 413
    many = {f"field-{number}": "x" for number in range(101)}
    assert TestClient(app).post("/hub", data=many).status_code == 400


def test_5_1_parameters_that_are_not_known_are_ignored(house: House, callback: str) -> None:
    subscribed(house, callback, colour="blue")
    assert len(house.rows("SELECT * FROM subscriptions")) == 1


def test_5_1_2_a_subscription_can_be_asked_for_again_and_the_newer_overrides(house: House, callback: str) -> None:
    subscribed(house, callback, secret="first", lease_seconds="1000")
    subscribed(house, callback, secret="second", lease_seconds="100000")
    (row,) = house.rows("SELECT secret, lease_ends_at FROM subscriptions")
    assert row.secret == "second"
    assert (row.lease_ends_at - utc_now()).total_seconds() > 90_000
    publishes(house, "Once")
    assert len(Subscriber.told) == 1


def test_5_1_2_a_failure_to_confirm_leaves_the_subscription_as_it_was(house: House, callback: str) -> None:
    subscribed(house, callback, secret="first")
    Subscriber.confirms = "nothing"
    subscribed(house, callback, secret="second")
    asks(callback, "unsubscribe")
    house.settles()
    (row,) = house.rows("SELECT secret, ended_at FROM subscriptions")
    assert (row.secret, row.ended_at) == ("first", None)


# ── 5.2 Denial ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_5_2_a_subscriber_is_told_when_it_is_denied_and_why(house: House, callback: str) -> None:
    asks(callback)
    with house.engine.begin() as connection:
        connection.execute(text("UPDATE intents SET feed = 'closed'"))  # the feed went between the request and now
    house.settles()
    (query,) = Subscriber.asked
    assert (query["hub.mode"], query["hub.topic"]) == ("denied", TOPIC)
    assert query["hub.reason"]
    assert house.rows("SELECT * FROM subscriptions") == []


# ── 5.3 Verification of intent ───────────────────────────────────────────────────────────────────────────────────


def test_5_3_the_question_has_mode_topic_challenge_and_lease_and_keeps_the_callbacks_own_query(
    house: House, callback: str
) -> None:
    subscribed(house, callback, lease_seconds="5000")
    (query,) = Subscriber.asked
    assert (query["who"], query["hub.mode"], query["hub.topic"], query["hub.lease_seconds"]) == (
        "me", "subscribe", TOPIC, "5000",
    )  # fmt: skip
    assert len(query["hub.challenge"]) >= 32


def test_5_3_each_challenge_is_another(house: House, callback: str) -> None:
    subscribed(house, callback)
    subscribed(house, callback)
    assert len({query["hub.challenge"] for query in Subscriber.asked}) == 2


@pytest.mark.parametrize("fault", ["another body", 302, 404, 500])
def test_5_3_1_whatever_is_not_2xx_with_the_challenge_is_no_confirmation(house: House, callback: str, fault: str | int) -> None:
    if isinstance(fault, int):
        Subscriber.verify_status = fault
    else:
        Subscriber.confirms = fault
    subscribed(house, callback)
    assert house.rows("SELECT * FROM subscriptions") == []
    assert len(Subscriber.asked) == 1, "a redirect was followed"


def test_5_3_an_unsubscription_is_verified_too(house: House, callback: str) -> None:
    subscribed(house, callback)
    asks(callback, "unsubscribe")
    house.settles()
    assert Subscriber.asked[-1]["hub.mode"] == "unsubscribe"
    publishes(house, "Nobody hears it")
    assert Subscriber.told == []


@pytest.mark.parametrize(("asked_s", "given_s"), [("", 864_000), ("1", 300), ("99999999999", 2_592_000)])
def test_5_3_no_lease_is_for_ever_and_the_hub_says_which_it_gives(
    house: House, callback: str, asked_s: str, given_s: int
) -> None:
    subscribed(house, callback, lease_seconds=asked_s)
    assert Subscriber.asked[0]["hub.lease_seconds"] == str(given_s)


def test_5_3_a_lease_that_is_over_is_enforced(house: House, callback: str) -> None:
    subscribed(house, callback)
    with house.engine.begin() as connection:
        connection.execute(text("UPDATE subscriptions SET lease_ends_at = now() - interval '1 second'"))
    publishes(house, "Too late")
    assert Subscriber.told == []
    (row,) = house.rows("SELECT end_reason FROM subscriptions")
    assert row.end_reason == "lease over"


# ── 7. Content distribution ──────────────────────────────────────────────────────────────────────────────────────


def test_7_the_whole_feed_is_sent_with_its_type_and_its_links(house: House, callback: str) -> None:
    subscribed(house, callback)
    publishes(house, "Told")
    ((headers, body, path),) = Subscriber.told
    assert path == "/cb?who=me"
    assert headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert headers["link"] == f'<https://wire.example/hub>; rel="hub", <{TOPIC}>; rel="self"'
    assert body == house.document(form="atom")
    assert "x-hub-signature" not in headers


def test_7_who_subscribed_when_there_was_something_is_not_sent_that(house: House, callback: str) -> None:
    house.pushes(headline="Old")
    house.works()
    subscribed(house, callback)
    house.settles()
    assert Subscriber.told == []


@pytest.mark.parametrize("status", [301, 404, 500])
def test_7_what_is_not_2xx_is_sent_again_later_and_then_it_is_the_newest(house: House, callback: str, status: int) -> None:
    subscribed(house, callback)
    Subscriber.status = status
    publishes(house, "First")
    Subscriber.status = 204
    publishes(house, "Second", version=2)
    assert len(Subscriber.told) == 1, "sent again at once"
    time_passes(house, seconds=10)
    house.settles()
    assert titles_told() == [["First"], ["Second"]]
    (row,) = house.rows("SELECT attempts, status, acknowledged_at FROM pushes")
    assert (row.attempts, row.status, row.acknowledged_at is not None) == (2, 204, True)


def test_7_who_asks_to_be_left_alone_is(house: House, callback: str) -> None:
    subscribed(house, callback)
    Subscriber.status, Subscriber.retry_after = 429, "3000"
    publishes(house, "First")
    (row,) = house.rows("SELECT extract(epoch FROM due_at - now()) AS due_in_s FROM subscriptions")
    assert 2900 < row.due_in_s <= 3000


def test_7_410_ends_the_subscription(house: House, callback: str) -> None:
    subscribed(house, callback)
    Subscriber.status = 410
    publishes(house, "First")
    Subscriber.status = 204
    publishes(house, "Second", version=2)
    assert len(Subscriber.told) == 1
    (row,) = house.rows("SELECT end_reason FROM subscriptions")
    assert row.end_reason == "gone (410)"


def test_7_1_with_a_secret_the_body_is_signed(house: House, callback: str) -> None:
    subscribed(house, callback, secret="tell-nobody")
    publishes(house, "Signed")
    ((headers, body, _),) = Subscriber.told
    assert headers["x-hub-signature"] == "sha256=" + hmac.new(b"tell-nobody", body, hashlib.sha256).hexdigest()


# ── What the wire promises beyond it ─────────────────────────────────────────────────────────────────────────────


def test_a_kill_is_pushed_and_leaves_no_word(house: House, callback: str) -> None:
    subscribed(house, callback)
    publishes(house, "Abracadabra")
    house.pushes(version=2, pubstatus="canceled")
    house.settles()
    _, body, _ = Subscriber.told[-1]
    assert b"KILLED" in body
    assert b"Abracadabra" not in body


def test_a_receipt_names_the_subscribers_who_have_and_who_have_not_acknowledged_a_kill(house: House, callback: str) -> None:
    from services.delivery.receipts.routes import app as receipts

    subscribed(house, callback)
    story = house.pushes(headline="Abracadabra")["story"]
    house.settles()
    Subscriber.status = 500
    house.pushes(version=2, pubstatus="canceled")
    house.settles()
    newsroom = TestClient(receipts, headers={"authorization": f"Bearer {house.key()}"})
    told = newsroom.get(f"/v1/stories/{story}/receipt").json()
    assert told["unacknowledged"] == [callback]
    Subscriber.status = 204
    time_passes(house, seconds=10)
    house.settles()
    told = newsroom.get(f"/v1/stories/{story}/receipt").json()
    assert (told["unacknowledged"], told["subscribers"][0]["acknowledged_at"] is not None) == ([], True)


def test_a_burst_is_one_push(house: House, callback: str) -> None:
    subscribed(house, callback)
    for number in range(20):
        house.pushes(uri=f"urn:{number}", headline=f"Number {number}")
    house.settles()
    assert len(Subscriber.told) == 1
    assert len(titles_told()[0]) == 20


def test_what_a_subscriber_acknowledged_is_counted_without_a_gap(house: House, callback: str) -> None:
    subscribed(house, callback)
    for version in (1, 2, 3):
        Subscriber.status = 500 if version == 2 else 204
        publishes(house, f"Version {version}", version=version)
        if version == 2:
            Subscriber.status = 204
            time_passes(house, seconds=10)
            house.settles()
    assert [headers["barq-sequence"] for headers, _, _ in Subscriber.told] == ["1", "2", "2", "3"]


def test_a_private_callback_is_neither_asked_nor_told(house: House, callback: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BARQ_PRIVATE_ADDRESSES", "false")
    settings.cache_clear()
    for address in (callback, callback.replace("127.0.0.1", "localhost")):
        subscribed(house, address)
    assert Subscriber.asked == []
    assert house.rows("SELECT * FROM subscriptions") == []


def test_what_was_under_way_when_a_process_died_is_sent_again(house: House, callback: str) -> None:
    subscribed(house, callback)
    house.pushes()
    house.works(Stage.ENRICH, Stage.PUBLISH, Stage.RENDER, Stage.REFRESH)
    with house.engine.begin() as connection:  # claimed by a process that never answers
        connection.execute(text("UPDATE subscriptions SET held_until = now() + interval '40 seconds'"))
    house.works()
    assert Subscriber.told == []
    time_passes(house, seconds=41)
    house.settles()
    assert len(Subscriber.told) == 1


def test_a_slow_subscriber_delays_nobody(house: House, callback: str, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = callback.replace("/cb", "/slow")
    for address in (slow, callback):
        subscribed(house, address)
    original = Subscriber.do_POST

    def sleepy(self: Subscriber) -> None:
        if self.path.startswith("/slow"):
            time.sleep(3)
        original(self)

    monkeypatch.setattr(Subscriber, "do_POST", sleepy)
    publishes(house, "Told", wait=False)
    eventually(lambda: [path for _, _, path in Subscriber.told] == ["/cb?who=me"])
    eventually(lambda: len(Subscriber.told) == 2)
    house.settles()


def test_strangers_who_do_not_answer_keep_nobody_waiting(house: House, callback: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """More of them than are asked at once, all of whom hang; meanwhile a kill is told and a subscriber pushed to."""
    subscribed(house, callback)
    house.pushes(headline="Abracadabra")
    house.settles()
    answered = threading.Event()
    original = Subscriber.do_GET

    def hangs(self: Subscriber) -> None:
        if self.path.startswith("/stranger"):
            answered.wait(20)
        original(self)

    monkeypatch.setattr(Subscriber, "do_GET", hangs)
    try:
        for number in range(100):
            asks(callback.replace("/cb", f"/stranger-{number}"))
        house.works()
        house.pushes(version=2, pubstatus="canceled")
        house.works()
        eventually(lambda: b"KILLED" in Subscriber.told[-1][1])
        waiting = Counter(row.error for row in house.rows("SELECT error FROM work WHERE stage = 'verify' AND state = 'due'"))
        assert waiting.total() == 100, "some may have been given up by now"
        assert 0 < waiting["being asked"] <= 64
    finally:
        answered.set()
    for _ in range(5):  # on a slow machine some were given up, and are asked again
        house.settles()
        house.time_passes(seconds=30)
    assert len(house.rows("SELECT 1 FROM subscriptions")) == 101


def test_nobody_can_have_a_receiver_asked_again_and_again(house: House, callback: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BARQ_HUB_REQUESTS_PER_MINUTE", "3")
    settings.cache_clear()
    victim = callback.replace("127.0.0.1", "127.0.0.9")
    answers = [asks(f"{victim}&n={number}") for number in range(5)]
    assert [answer.status_code for answer in answers] == [202, 202, 202, 429, 429]
    assert int(answers[-1].headers["retry-after"]) > 0
    assert asks(callback.replace("127.0.0.1", "127.0.0.8")).status_code == 202


def test_requests_that_wait_have_an_end(house: House, callback: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "_MAX_WAITING", 2)
    assert [asks(f"{callback}&n={number}").status_code for number in range(3)] == [202, 202, 503]
    house.settles()
    assert asks(callback).status_code == 202


def time_passes(house: House, **duration: float) -> None:
    """As `house.time_passes`, for subscriptions too."""
    from datetime import timedelta

    house.time_passes(**duration)
    with house.engine.begin() as connection:
        connection.execute(
            text("UPDATE subscriptions SET due_at = due_at - :b, held_until = held_until - :b"),
            {"b": timedelta(**duration)},
        )
