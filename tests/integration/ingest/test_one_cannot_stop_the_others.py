"""A document or a source that takes whoever is at it down, or holds him up, costs itself and nobody else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from services.ingest import intake
from services.ingest.reading.readers import Limits, readers
from services.ingest.routes import app
from services.ingest.sources import own_process, queries
from shared.clock import utc_now
from shared.settings import settings
from tests.support.factories import sent
from tests.support.hostile import KINDS
from tests.support.house import House
from tests.support.site import site
from tests.support.upkeep import adds, checks, row_of

ITEM = json.dumps(sent()).encode()
SLOW, OF_RSS = KINDS["empty elements of many names"](4_000_000)


@pytest.fixture
def little_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A document may take much less than usual."""
    limits = Limits(seconds=0.05, memory_bytes=1_000_000_000, wait_s=60)
    monkeypatch.setattr(intake, "reading_limits", lambda **_: limits)
    monkeypatch.setattr("services.ingest.routes.reading_limits", lambda **_: limits)


@pytest.mark.parametrize("path", ["/v1/items", "/v1/items/check"])
def test_a_push_that_is_too_slow_to_read_is_refused_in_words(house: House, little_time: None, path: str) -> None:
    client = TestClient(app, headers={"authorization": f"Bearer {house.key()}"})
    answer = client.post(path, content=SLOW, headers={"content-type": OF_RSS})
    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:barq:problem:unreadable"
    assert "could not be read within 0.05 seconds" in answer.json()["detail"]
    assert client.post("/v1/items", content=ITEM, headers={"content-type": "application/json"}).status_code == 202


def test_a_push_for_which_nobody_is_free_is_to_be_sent_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "_WAIT_ATTENDED_S", 0.01)
    client = TestClient(app, headers={"authorization": f"Bearer {house.key()}"})
    feed = b"<rss><channel><item><guid>urn:x:1</guid><title>Port</title></item></channel></rss>"
    with_all = [readers._free.acquire(timeout=10) for _ in range(2)]
    try:
        answer = client.post("/v1/items", content=feed)
        plain = client.post("/v1/items", content=ITEM, headers={"content-type": "application/json"})
    finally:
        for _ in with_all:
            readers._free.release()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert plain.status_code == 202, "what is small and plain needs nobody"
    assert client.post("/v1/items", content=feed).status_code == 202


def test_a_feed_that_is_too_slow_to_read_is_told_on_its_row_kept_and_asked_less(
    house: House, upkeep: TestClient, little_time: None
) -> None:
    with site(document=SLOW) as hostile, site(document=ITEM) as good:
        adds(upkeep, "hostile", f"{hostile.url}/")
        adds(upkeep, "good", f"{good.url}/")
        row = checks(house, upkeep, "hostile")
        hostile.document = SLOW + b"<!-- -->"
        again = checks(house, upkeep, "hostile")
    assert "could not be read within 0.05 seconds" in row["error"]
    assert (row["failures"], row["health"], again["failures"]) == (1, "failing", 2)
    assert row_of(upkeep, "good")["items_count"] == 1
    kept = upkeep.get("/v1/quarantine", params={"source": "hostile", "problem": "unreadable"}).json()
    assert [entry["source"] for entry in kept] == ["hostile"]


def test_a_file_that_is_too_slow_to_read_is_put_aside_and_its_folder_goes_on(
    house: House, upkeep: TestClient, little_time: None
) -> None:
    adds(upkeep, "wires", "drop:")
    folder: Path = house.home / "drop" / "wires"
    checks(house, upkeep, "wires")
    (folder / "hostile.xml").write_bytes(SLOW)
    (folder / "good.json").write_bytes(ITEM)
    row = checks(house, upkeep, "wires", times=2)
    assert (row["items_count"], row["failures"]) == (1, 0)
    assert "could not be read" in (folder / "failed" / "hostile.xml.reason.txt").read_text(encoding="utf-8")


def falls(house: House, name: str) -> None:
    """The process that looked at a source has ended amid its look."""
    (row,) = house.rows(f"SELECT id FROM sources WHERE name = '{name}'")
    with house.engine.begin() as connection:
        queries.record_begun(connection, [row.id], utc_now())


def test_a_source_that_ended_the_process_at_it_is_asked_alone_until_it_is_good(house: House, upkeep: TestClient) -> None:
    with site(document=ITEM) as there:
        adds(upkeep, "ill", f"{there.url}/")
        checks(house, upkeep, "ill")
        assert row_of(upkeep, "ill")["looking_since"] is None
        falls(house, "ill")
        house.time_passes(seconds=120)
        there.document = json.dumps(sent(uri="urn:another")).encode()
        row = checks(house, upkeep, "ill")
    assert row["items_count"] == 2, "it was looked at in a process of its own, which took in what is there"
    assert (row["ended_count"], row["alone_since"], row["failures"], row["error"]) == (0, None, 0, None)


def test_a_source_that_ends_every_process_is_named_and_asked_less_and_less(
    house: House, upkeep: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with site(document=ITEM) as there, site(document=ITEM) as good:
        adds(upkeep, "ill", f"{there.url}/")
        adds(upkeep, "good", f"{good.url}/")
        falls(house, "ill")
        monkeypatch.setattr(own_process, "_GRACE_S", 0.05)
        monkeypatch.setenv("BARQ_SOURCE_TIMEOUT_S", "0.05")  # a process takes longer to start
        settings.cache_clear()
        row = checks(house, upkeep, "ill")
        monkeypatch.setenv("BARQ_SOURCE_TIMEOUT_S", "30")
        settings.cache_clear()
        checks(house, upkeep, "good")
    assert row["error"].startswith("ended the process that looked at it, 2 times; asked alone since ")
    assert (row["health"], row["failures"]) == ("failing", 2)
    assert row_of(upkeep, "good")["items_count"] == 1
    (due,) = house.rows("SELECT due_at > now() + interval '3 minutes' AS late FROM work JOIN sources ON item = sources.id "
                        "WHERE sources.name = 'ill'")  # fmt: skip
    assert due.late
