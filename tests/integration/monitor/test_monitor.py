"""What ops see: the page, the metrics, health."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import event, text

from services.monitor.routes import app
from shared import metrics
from shared.clock import utc_now
from shared.contracts.work import Follow, feed_id
from shared.pipeline import Stage, services
from shared.queue import broker, operations
from shared.settings import settings
from shared.web.keys import Role, revoke_key
from tests.support.house import House


@pytest.fixture
def ops(house: House) -> TestClient:
    return TestClient(app, headers={"authorization": f"Bearer {house.key(Role.OPS, 'ops')}"}, raise_server_exceptions=False)


def a_worker_hears(house: House) -> None:
    with house.engine.begin() as connection:
        connection.execute(
            text("INSERT INTO workers VALUES ('w1', :services, :now, :now)"), {"services": list(services()), "now": utc_now()}
        )


def test_what_a_worker_has_in_hand_is_seen_and_since_when(house: House, ops: TestClient) -> None:
    a_worker_hears(house)
    item = uuid4()
    house.asks(*(Follow(stage=Stage.ENRICH, item=item, revision=n) for n in (1, 2)))
    with house.engine.begin() as connection:
        connection.execute(text("UPDATE work SET held_by = 'w1', attempts = 1, held_until = now() + interval '2 seconds'"))
    (worker,) = ops.get("/ops/state").json()["workers"]
    assert (worker["doing"]["stage"], worker["doing"]["pieces"], worker["doing"]["item"]) == ("enrich", 2, str(item))
    assert f"enrich of {item} and 1 more for" in ops.get("/ops").text
    with house.engine.begin() as connection:  # it was started anew since it took that
        connection.execute(text("UPDATE workers SET started_at = now() + interval '1 minute'"))
    assert ops.get("/ops/state").json()["workers"][0]["doing"] is None


def test_a_worker_of_the_express_lane_alone_is_counted_there_alone(house: House, ops: TestClient) -> None:
    a_worker_hears(house)
    with house.engine.begin() as connection:
        connection.execute(text("UPDATE workers SET lanes = '{express}'"))
    counted = {row["queue"]: row["workers"] for row in ops.get("/ops/state").json()["queues"]}
    assert (counted["publish.express"], counted["publish.regular"]) == (1, 0)
    assert "no worker hears publish.regular" in ops.get("/readyz").json()["lacking"]


def test_the_page_asks_for_an_ops_key_and_keeps_it_out_of_reach(house: House) -> None:
    client = TestClient(app, base_url="https://wire.example")
    assert client.get("/ops").status_code == 401
    assert client.post("/ops/sign-in", data={"key": house.key()}).status_code == 401, "a newsroom key is not enough"
    answer = client.post("/ops/sign-in", data={"key": house.key(Role.OPS, "ops")}, follow_redirects=False)
    cookie = answer.headers["set-cookie"].lower()
    assert all(word in cookie for word in ("httponly", "samesite=strict", "secure"))
    assert "Barq operations" in client.get("/ops").text


@pytest.fixture
def visitor(house: House) -> TestClient:
    """Somebody who signed in with an ops key."""
    client = TestClient(app, base_url="https://wire.example", raise_server_exceptions=False, follow_redirects=False)
    client.post("/ops/sign-in", data={"key": house.key(Role.OPS, "ops")})
    return client


def token_of(client: TestClient) -> str:
    found = re.search('name="token" value="([0-9a-f]{40})"', client.get("/ops").text)
    assert found
    return found[1]


def a_dead_letter(house: House) -> int:
    house.asks(Follow(stage=Stage.TRANSLATE, item=uuid4(), revision=1, edition="ar"))
    with house.engine.begin() as connection:
        connection.execute(text("UPDATE work SET state = 'dead', done_at = now(), error = 'the engine answered nothing'"))
    (row,) = house.rows("SELECT id FROM work")
    return int(row.id)


def test_a_key_is_shown_once_and_its_session_ends_with_signing_out(house: House, visitor: TestClient) -> None:
    session = visitor.cookies["barq_ops"]
    assert house.key(Role.OPS, "ops") not in session
    assert visitor.get("/ops/state").status_code == 200
    assert visitor.post("/ops/sign-out", data={"token": "wrong"}).status_code == 403
    assert visitor.post("/ops/sign-out", data={"token": token_of(visitor)}).status_code == 303
    for kept in (session, house.key(Role.OPS, "ops")):
        visitor.cookies.set("barq_ops", kept, domain="wire.example", path="/ops")
        assert [visitor.get(path).status_code for path in ("/ops", "/ops/live", "/ops/state")] == [401] * 3


def test_a_session_ends_with_its_key_and_with_its_time(house: House, visitor: TestClient) -> None:
    with house.engine.begin() as connection:
        connection.execute(text("UPDATE sessions SET ends_at = now() - interval '1 second'"))
    assert visitor.get("/ops/state").status_code == 401
    visitor.post("/ops/sign-in", data={"key": house.key(Role.OPS, "ops")})
    assert visitor.get("/ops/state").status_code == 200
    with house.engine.begin() as connection:
        revoke_key(connection, "ops", utc_now())
    assert visitor.get("/ops/state").status_code == 401


@pytest.mark.parametrize("act", ["replay", "discard"])
def test_a_dead_letter_is_touched_by_our_own_page_alone(house: House, visitor: TestClient, act: str) -> None:
    address = f"/ops/dead/{a_dead_letter(house)}/{act}"
    token = token_of(visitor)
    refused = [
        visitor.post(address),
        visitor.post(address, data={"token": "é"}),
        visitor.post(address, data={"token": token}, headers={"origin": "http://evil.example"}),
        visitor.post(address, data={"token": token}, headers={"origin": "null"}),
        visitor.post(address, data={"token": token}, headers={"origin": "http://["}),
    ]
    assert [answer.status_code for answer in refused] == [403] * 5
    assert [row.state for row in house.rows("SELECT state FROM work")] == ["dead"]
    done = visitor.post(address, data={"token": token}, headers={"origin": "https://wire.example"})
    assert done.status_code == 303
    assert [row.state for row in house.rows("SELECT state FROM work")] == (["due"] if act == "replay" else [])


def test_nobody_is_signed_in_by_another_sites_form(house: House) -> None:
    client = TestClient(app, base_url="https://wire.example")
    key = {"key": house.key(Role.OPS, "ops")}
    answer = client.post("/ops/sign-in", data=key, headers={"origin": "https://evil.example"})
    assert (answer.status_code, "barq_ops" in client.cookies) == (401, False)


def test_a_dead_letter_of_any_number_is_no_fault_of_the_wire(ops: TestClient) -> None:
    for number in (2**70, -1, 0, "x"):
        assert ops.post(f"/ops/dead/{number}/replay").status_code == 422
    assert ops.post(f"/ops/dead/{2**63 - 1}/replay").status_code == 200, "there is none, which is no fault"


def test_the_page_shows_every_queue_with_its_depth_and_age(house: House, ops: TestClient) -> None:
    house.pushes()
    house.time_passes(seconds=90)
    page = ops.get("/ops").text
    assert all(f"{stage}.{lane}" in page for stage in Stage for lane in ("express", "regular"))
    assert "90." in page
    assert "no worker" in page


def test_a_dead_letter_is_shown_with_its_error_and_can_be_replayed_and_discarded(house: House, ops: TestClient) -> None:
    dead = a_dead_letter(house)
    assert "the engine answered nothing" in ops.get("/ops").text
    ops.post(f"/ops/dead/{dead}/replay")
    assert house.rows("SELECT 1 FROM work WHERE state = 'dead'") == []
    assert house.bells_waiting() >= 1
    with house.engine.begin() as connection:
        connection.execute(text("UPDATE work SET state = 'dead', done_at = now()"))
    ops.post(f"/ops/dead/{dead}/discard")
    assert house.work() == []


def test_metrics_are_prometheus_own_words_and_every_one_is_declared(house: House, ops: TestClient) -> None:
    house.pushes()
    house.works()
    metrics.flush(broker.client)
    families = {family.name: family for family in text_string_to_metric_families(ops.get("/metrics").text)}
    declared = {metric.name.removesuffix("_total") for metric in metrics.METRICS}
    assert declared <= set(families)
    accepted = families["barq_items_accepted"].samples
    assert [(sample.labels, sample.value) for sample in accepted] == [({"provider": "Levant Press Agency"}, 1.0)]
    counts = {s.labels["stage"]: s.value for s in families["barq_stage_seconds"].samples if s.name.endswith("_count")}
    assert counts["enrich"] == 1.0


def test_the_wire_is_ready_when_database_broker_and_every_stage_answer(house: House, ops: TestClient) -> None:
    answer = ops.get("/readyz")
    assert (answer.status_code, "no worker hears enrich.express" in answer.json()["lacking"]) == (503, True)
    a_worker_hears(house)
    assert ops.get("/readyz").json() == {"ready": True, "lacking": []}


def test_readiness_is_cheap_to_ask_many_times_a_second(house: House, ops: TestClient) -> None:
    statements: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        statements.append(statement)

    event.listen(house.engine, "before_cursor_execute", note)
    assert ops.get("/readyz").status_code == 503
    assert len(statements) == 1, statements
    assert "FROM workers" in statements[0]


@pytest.mark.parametrize("lanes", ["{express,regular}", "{regular}", "{express}", "{}"])
def test_readiness_and_the_page_count_the_same_workers(house: House, ops: TestClient, lanes: str) -> None:
    a_worker_hears(house)
    with house.engine.begin() as connection:
        connection.execute(text("UPDATE workers SET lanes = :lanes, services = '{publish,rendering}'"), {"lanes": lanes})
    unheard = [f"no worker hears {row['queue']}" for row in ops.get("/ops/state").json()["queues"] if not row["workers"]]
    assert ops.get("/readyz").json()["lacking"] == unheard
    with house.engine.begin() as connection:
        connection.execute(text("UPDATE workers SET heard_at = now() - interval '1 minute'"))
    assert len(ops.get("/readyz").json()["lacking"]) == 2 * len(Stage)


def test_a_paused_stage_says_so(house: House, ops: TestClient) -> None:
    with house.engine.begin() as connection:
        operations.pause(connection, Stage.TRANSLATE, utc_now())
    assert "paused" in ops.get("/ops").text
    house.asks(Follow(stage=Stage.TRANSLATE, item=uuid4(), revision=1, edition="ar"))
    state = ops.get("/ops/state").json()
    assert next(q for q in state["queues"] if q["queue"] == "translate.regular")["paused"] is True


@pytest.mark.parametrize(
    ("address", "answers"),
    [("203.0.113.9", False), ("192.0.2.7", True), ("127.0.0.1", True), ("nobody", False), ("::ffff:203.0.113.9", False)],
)
def test_ops_and_metrics_are_for_named_addresses_and_this_machine(
    house: House, monkeypatch: pytest.MonkeyPatch, address: str, answers: bool
) -> None:
    monkeypatch.setenv("BARQ_OPS_ADDRESSES", "192.0.2.0/24")
    settings.cache_clear()
    asker = TestClient(app, client=(address, 50000))
    for path, status in (("/ops", 401), ("/metrics", 200), ("/ops/live.js", 200)):
        assert asker.get(path).status_code == (status if answers else 404)
    assert asker.get("/readyz").status_code == 503, "no worker here; but it answers"


# ── An item, and who is told of it ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("fields", [{}, {"embargoed": "2999-01-01T00:00:00Z"}, {"pubstatus": "withheld"}])
def test_ops_see_where_an_item_is_and_no_word_of_its_text(house: House, ops: TestClient, fields: dict[str, str]) -> None:
    from services.ingest.routes import app as ingest

    item = house.pushes(headline="Ministers agree", body_text="Abracadabra.", summary="Abracadabra too.", **fields)["item"]
    house.works()
    newsroom = house.newsroom().get(f"/v1/items/{item}").json()
    operators = TestClient(ingest, headers=dict(ops.headers)).get(f"/v1/items/{item}").json()
    assert operators == {**newsroom, "content": {"headline": "Ministers agree"}}
    page = ops.get(f"/ops/items/{item}")
    assert page.status_code == 200
    assert all(stage["stage"] in page.text for stage in newsroom["stages"])
    assert "Ministers agree" in page.text
    assert "Abracadabra" not in page.text + str(operators)


def test_an_items_way_is_for_ops_and_the_newsroom_alone(house: House, ops: TestClient) -> None:
    from services.ingest.routes import app as ingest

    item = house.pushes()["item"]
    reader = {"authorization": f"Bearer {house.key(Role.SUBSCRIBER, 'reader')}"}
    assert TestClient(ingest).get(f"/v1/items/{item}").status_code == 401
    assert TestClient(ingest, headers=reader).get(f"/v1/items/{item}").status_code == 403
    assert TestClient(ingest, headers=dict(ops.headers)).get(f"/v1/items/{item}/raw").status_code == 403
    assert TestClient(app).get(f"/ops/items/{item}").status_code == 401
    assert ops.get(f"/ops/items/{uuid4()}").status_code == 404


def test_a_dead_letter_says_what_it_is_about(house: House, ops: TestClient) -> None:
    item = house.pushes(headline="Ministers agree")["item"]
    a_story = Follow(stage=Stage.TRANSLATE, item=UUID(item), revision=1, edition="ar")
    a_feed = Follow(stage=Stage.WEBSUB, item=feed_id("en", "all"), revision=0, edition="en")
    a_stranger = Follow(stage=Stage.PURGE, item=uuid4(), revision=0)
    with house.engine.begin() as connection:
        connection.execute(text("DELETE FROM work"))
    house.asks(a_story, a_feed, a_stranger)
    with house.engine.begin() as connection:
        connection.execute(text("UPDATE work SET state = 'dead', done_at = now()"))
    page = ops.get("/ops").text
    assert all(said in page for said in ("Ministers agree", "the feed en/all", "what is not there any more"))
    assert re.findall('href="/ops/items/([^"]+)"', page) == [item], "what is no item has no timeline"


def test_who_does_not_acknowledge_is_named_with_what_they_answered(house: House, ops: TestClient) -> None:
    with house.engine.begin() as connection:
        connection.execute(
            text("""
                INSERT INTO receivers (key, name, url, secret, editions, feeds, events, added_at, due_at, failures, error)
                VALUES ('agency', 'archive', 'https://u:p@hook.example/secret', 's', '{}', '{}', '{}', now(), now(), 3,
                        'answered 500')
            """)
        )
        connection.execute(
            text("""
                INSERT INTO subscriptions (feed_id, edition, feed, format, topic, callback, secret, verified_at, lease_ends_at,
                                           due_at, failures, error)
                VALUES (:id, 'en', 'all', 'rss', 't', 'https://sub.example/x', '', now(), now() + interval '1 day',
                        now() - interval '1 minute', 2, 'answered 302')
            """),
            {"id": uuid4()},
        )
    page = re.sub(r"<[^>]*>|\s+", " ", ops.get("/ops").text)
    page = re.sub(r"\s+", " ", page)
    assert "archive agency hook.example 3 answered 500 now" in page
    assert "en/all.rss – sub.example 2 answered 302 now" in page
    assert "u:p" not in page
    assert "hook.example/secret" not in page, "what stands behind the host may be a secret"
