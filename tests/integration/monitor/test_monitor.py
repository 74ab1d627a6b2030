"""What ops see: the page, the metrics, health."""

from __future__ import annotations

from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from services.monitor.api import app
from shared import ledger, metrics
from shared.clock import utc_now
from shared.contracts.work import Follow
from shared.keys import Role
from shared.pipeline import Stage, rooms
from shared.settings import settings
from tests.support.house import House


@pytest.fixture
def ops(house: House) -> TestClient:
    return TestClient(
        app, headers={"authorization": f"Bearer {house.key(Role.OPS, 'ops')}"}, raise_server_exceptions=False
    )


def a_worker_hears(house: House) -> None:
    with house.engine.begin() as connection:
        connection.execute(
            text("INSERT INTO workers VALUES ('w1', :rooms, :now, :now)"), {"rooms": list(rooms()), "now": utc_now()}
        )


def test_the_page_asks_for_an_ops_key_and_keeps_it_out_of_reach(house: House) -> None:
    client = TestClient(app, base_url="https://wire.example")
    assert client.get("/ops").status_code == 401
    assert client.post("/ops/sign-in", data={"key": house.key()}).status_code == 401, "a newsroom key is not enough"
    answer = client.post("/ops/sign-in", data={"key": house.key(Role.OPS, "ops")}, follow_redirects=False)
    cookie = answer.headers["set-cookie"].lower()
    assert all(word in cookie for word in ("httponly", "samesite=strict", "secure"))
    assert "Barq operations" in client.get("/ops").text


def test_the_page_shows_every_queue_with_its_depth_and_age(house: House, ops: TestClient) -> None:
    house.pushes()
    house.time_passes(seconds=90)
    page = ops.get("/ops").text
    assert all(f"{stage}.{lane}" in page for stage in Stage for lane in ("express", "regular"))
    assert "90." in page
    assert "no worker" in page


def test_a_dead_letter_is_shown_with_its_error_and_can_be_replayed_and_discarded(house: House, ops: TestClient) -> None:
    house.pushes(embargoed="2099-01-01T00:00:00Z")
    house.works()
    house.pushes(uri="urn:2", headline="Another")
    house.works()
    house.pushes(uri="urn:2", version=2, embargoed="2099-01-01T00:00:00Z")
    house.works()
    (dead,) = house.rows("SELECT id FROM work WHERE state = 'dead'")
    assert "withhold it instead" in ops.get("/ops").text
    ops.post(f"/ops/dead/{dead.id}/replay")
    assert house.rows("SELECT 1 FROM work WHERE state = 'dead'") == []
    assert house.bells_waiting() >= 1
    house.works()
    ops.post(f"/ops/dead/{dead.id}/discard")
    assert house.rows("SELECT 1 FROM work WHERE id = :id", id=dead.id) == []


def test_metrics_are_prometheus_own_words_and_every_one_is_declared(house: House, ops: TestClient) -> None:
    house.pushes()
    house.works()
    metrics.flush()
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


def test_a_paused_stage_says_so(house: House, ops: TestClient) -> None:
    with house.engine.begin() as connection:
        ledger.pause(connection, Stage.TRANSLATE, utc_now())
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
