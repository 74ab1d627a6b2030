"""What was refused is kept where nobody was told; what was sent can be read again."""

from __future__ import annotations

import json
import zlib
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from services.ingest.formats import ninjs
from services.ingest.formats.parsed_item import ParsedItem
from services.ingest.intake import take_in
from services.ingest.quarantine import queries
from tests.support.factories import sent
from tests.support.house import House


def brings(*items: Any) -> None:
    """A source that is told nothing brings a payload."""
    body = "\n".join(item if isinstance(item, str) else json.dumps(item) for item in items).encode()
    take_in(body, "application/x-ndjson", source="wires", provider="Levant", is_attended=False)


def test_what_a_source_brings_wrong_is_kept_with_its_reason_and_the_rest_is_taken(house: House, upkeep: TestClient) -> None:
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
    def cannot(_: object) -> ParsedItem:
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


def polls(body: bytes, content_type: str = "application/xml", source: str = "wires") -> None:
    """A source's document, as a look brings it."""
    take_in(body, content_type, source=source, provider="Levant", is_attended=False)


def test_a_document_that_is_wrong_at_every_look_has_one_row_with_a_count_and_its_newest_state(
    house: House, upkeep: TestClient
) -> None:
    for look in range(5):
        polls(f"<recipes><soup at='{look}'/></recipes>".encode())
    polls(b"<recipes><soup/></recipes>", source="other")
    brings(*[{"uri": f"urn:{number}", "headline": f"Story {number}"} for number in range(3)], sent())
    rows = upkeep.get("/v1/quarantine", params={"source": "wires"}).json()
    assert {(row["problem"]["type"].rpartition(":")[2], row["count"]) for row in rows} == {
        ("unsupported-media-type", 5),
        ("invalid-item", 3),
    }
    (newest,) = house.rows("""
        SELECT payloads.body FROM quarantine JOIN payloads ON digest = payload WHERE source = 'wires' AND count = 5
    """)
    assert b"at='4'" in zlib.decompress(newest.body)
    assert all(row["first_refused_at"] <= row["refused_at"] for row in rows)


def test_quarantine_can_be_asked_for_one_source_and_one_problem(house: House, upkeep: TestClient) -> None:
    polls(b"<recipes><soup/></recipes>")
    polls(b"<recipes><soup/></recipes>", source="other")
    polls(b'{"uri": "urn:1"}', "application/json")
    elsewhere = {"problem": "urn:barq:problem:invalid-item", "source": "other"}
    asked = [{}, {"source": "other"}, {"problem": "invalid-item"}, elsewhere]
    assert [len(upkeep.get("/v1/quarantine", params=params).json()) for params in asked] == [3, 1, 1, 0]
    assert upkeep.get("/v1/quarantine", params={"most": 2000}).status_code == 422


def test_contradictions_of_different_stories_stand_apart(house: House, upkeep: TestClient) -> None:
    for uri in ("urn:newsroom:1", "urn:newsroom:2"):
        house.pushes(uri=uri)
        house.pushes_many([sent(uri=uri, headline="Another text under the same version")])
    assert len(upkeep.get("/v1/quarantine").json()) == 2


def test_rows_of_one_source_have_a_bound(house: House, upkeep: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "_MAX_ROWS", 3)
    house.pushes_many([sent(uri=f"urn:{number}") for number in range(6)])
    for number in range(6):
        house.pushes_many([sent(uri=f"urn:{number}", headline="Another")])
    rows = upkeep.get("/v1/quarantine").json()
    assert [row["problem"]["detail"].split()[0] for row in rows] == ["urn:5", "urn:4", "urn:3"]


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [(b"<recipes><soup/></recipes>", "text/xml", 415), (b"{broken", "application/json", 400), (b'{"uri": "a"}', "", 422)],
)
def test_replay_of_what_still_cannot_be_read_answers_as_the_first_push_did(
    house: House, upkeep: TestClient, body: bytes, content_type: str, status: int
) -> None:
    polls(body, content_type)
    (row,) = upkeep.get("/v1/quarantine").json()
    pushed = house.newsroom().post("/v1/items", content=body, headers={"content-type": content_type})
    replayed = upkeep.post(f"/v1/quarantine/{row['id']}/replay")
    for answer in (pushed, replayed):
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
    assert (replayed.json()["type"], replayed.json()["detail"]) == (pushed.json()["type"], pushed.json()["detail"])
    assert len(upkeep.get("/v1/quarantine").json()) == 1
    assert upkeep.post(f"/v1/quarantine/{uuid4()}/replay").status_code == 404


def test_items_read_again_are_published_as_they_are_understood_now(
    house: House, upkeep: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = ninjs.read

    def shouts(decoded: object) -> ParsedItem:
        draft = real(decoded)
        draft.fields["headline"] = str(draft.fields["headline"]).upper()
        return draft

    with monkeypatch.context() as ignorant:
        ignorant.setattr(ninjs, "read", shouts)
        house.pushes(headline="Quiet")
        house.works()
    assert house.titles() == ["QUIET"]
    rehearsed = upkeep.post("/v1/reprocess", json={"since": "2026-01-01T00:00:00Z", "dry_run": True}).json()["items"]
    assert [row["changed"] for row in rehearsed] == [["headline"]]
    house.works()
    assert house.titles() == ["QUIET"]
    upkeep.post("/v1/reprocess", json={"since": "2026-01-01T00:00:00Z"})
    house.works()
    assert house.titles() == ["Quiet"]
    assert upkeep.post("/v1/reprocess", json={"since": "2026-01-01T00:00:00Z"}).json()["items"] == []
