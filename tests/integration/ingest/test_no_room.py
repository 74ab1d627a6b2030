"""With little room left on the disk nothing is taken in, and the sender is told; what takes text back still is."""

from __future__ import annotations

import pytest

from services.ingest.intake import take_in
from shared.archive import disk
from shared.contracts.problem import Refused
from tests.support.factories import sent
from tests.support.house import House


@pytest.fixture
def full(house: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """A house with a story, whose disk is full since."""
    house.pushes()
    house.works()
    monkeypatch.setattr(disk, "trouble", lambda: "disk full")
    return house


def test_an_item_is_refused_with_words_and_nothing_is_kept(full: House) -> None:
    answer = full.newsroom().post("/v1/items", json=sent(uri="urn:2"))
    assert (answer.status_code, answer.json()["type"]) == (507, "urn:barq:problem:disk-full")
    assert "once ops have made room" in answer.json()["detail"]
    assert full.rows("SELECT count(*) FROM items")[0][0] == 1
    assert full.rows("SELECT count(*) FROM quarantine")[0][0] == 0


@pytest.mark.parametrize("pubstatus", ["canceled", "withheld"])
def test_what_takes_text_back_is_taken_in(full: House, pubstatus: str) -> None:
    full.pushes(version=2, pubstatus=pubstatus)
    full.works()
    assert full.titles() == [] or "Ministers agree on output" not in full.titles()


def test_of_a_batch_the_kill_is_taken_and_the_news_is_not(full: House) -> None:
    answer = full.newsroom().post("/v1/items", json=[sent(uri="urn:2"), sent(version=2, pubstatus="canceled")])
    told = answer.json()
    assert (answer.status_code, [row["index"] for row in told["accepted"]]) == (202, [1])
    assert [row["problem"]["status"] for row in told["rejected"]] == [507]


def test_what_a_source_has_is_left_there_to_be_found_again(full: House) -> None:
    import json

    with pytest.raises(Refused, match="disk is full"):
        take_in(json.dumps(sent(uri="urn:2")).encode(), "application/json", source="s", provider="s", is_attended=False)
    assert full.rows("SELECT count(*) FROM quarantine")[0][0] == 0


def test_other_writing_waits_too(full: House) -> None:
    from services.translation.app import app

    story = full.rows("SELECT id FROM stories")[0].id
    answer = full.client(app).put(f"/v1/stories/{story}/editions/ar", json={"headline": "x"})
    assert (answer.status_code, answer.headers["retry-after"]) == (507, "30")
