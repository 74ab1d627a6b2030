"""What was refused is kept where nobody was told; what was sent can be read again."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from services.ingest.formats import ninjs
from services.ingest.formats.draft import Draft
from services.ingest.intake import take_in
from tests.support.factories import sent
from tests.support.house import House


def brings(*items: Any) -> None:
    """A source that is told nothing brings a payload."""
    body = "\n".join(item if isinstance(item, str) else json.dumps(item) for item in items).encode()
    take_in(body, "application/x-ndjson", source="wires", provider="Levant", is_attended=False)


def test_what_a_source_brings_wrong_is_kept_with_its_reason_and_the_rest_is_taken(
    house: House, upkeep: TestClient
) -> None:
    brings(sent(), sent(uri="urn:2", headline="", body_text=""), '{"cut off')
    assert len(house.rows("SELECT * FROM items")) == 1
    kept = upkeep.get("/v1/quarantine").json()
    assert {row["position"] for row in kept} == {-1, 1} or len(kept) == 2
    assert all(row["source"] == "wires" and row["problem"]["detail"] for row in kept)


def test_what_a_newsroom_is_told_is_not_kept_but_a_contradiction_is(house: House, upkeep: TestClient) -> None:
    house.newsroom().post("/v1/items", content=b"{}", headers={"content-type": "application/json"})
    assert upkeep.get("/v1/quarantine").json() == []
    house.pushes()
    house.pushes_many([sent(headline="Another text under the same version")])
    (row,) = upkeep.get("/v1/quarantine").json()
    assert row["problem"]["status"] == 409


def test_what_was_refused_is_taken_once_its_reader_has_learned_it(
    house: House, upkeep: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot(_: object) -> Draft:
        raise RuntimeError("not yet")

    with monkeypatch.context() as ignorant:
        ignorant.setattr(ninjs, "read", cannot)
        brings(sent())
    (row,) = upkeep.get("/v1/quarantine").json()
    answer = upkeep.post(f"/v1/quarantine/{row['id']}/replay")
    assert answer.status_code == 200
    assert upkeep.get("/v1/quarantine").json() == []
    house.works()
    assert house.titles() == [sent()["headline"]]


def test_what_is_still_wrong_stays_until_it_is_discarded(house: House, upkeep: TestClient) -> None:
    brings(sent(headline="", body_text=""))
    (row,) = upkeep.get("/v1/quarantine").json()
    assert upkeep.post(f"/v1/quarantine/{row['id']}/replay").status_code == 422
    assert len(upkeep.get("/v1/quarantine").json()) == 1
    assert upkeep.delete(f"/v1/quarantine/{row['id']}").status_code == 204
    assert upkeep.get("/v1/quarantine").json() == []


def test_items_read_again_are_published_as_they_are_understood_now(
    house: House, upkeep: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = ninjs.read

    def shouts(decoded: object) -> Draft:
        draft = real(decoded)
        draft.fields["headline"] = str(draft.fields["headline"]).upper()
        return draft

    with monkeypatch.context() as ignorant:
        ignorant.setattr(ninjs, "read", shouts)
        house.pushes(headline="Quiet")
        house.works()
    assert house.titles() == ["QUIET"]
    rehearsed = upkeep.post("/v1/reprocess", json={"since": "2026-01-01T00:00:00Z", "rehearse": True}).json()["items"]
    assert [row["changed"] for row in rehearsed] == [["headline"]]
    house.works()
    assert house.titles() == ["QUIET"]
    upkeep.post("/v1/reprocess", json={"since": "2026-01-01T00:00:00Z"})
    house.works()
    assert house.titles() == ["Quiet"]
    assert upkeep.post("/v1/reprocess", json={"since": "2026-01-01T00:00:00Z"}).json()["items"] == []
