"""Webhooks: signed, told once, told again until acknowledged, kept for good."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from standardwebhooks.webhooks import Webhook

from shared.wire import DEFAULT_FILE
from tests.support.house import House
from tests.support.loopback import serving, use_wire_file

SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"


class Receiver(BaseHTTPRequestHandler):
    """A subscriber's server on loopback."""

    status = 204
    told: list[dict[str, object]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        Webhook(SECRET).verify(body, dict(self.headers))
        type(self).told.append({"id": self.headers["webhook-id"], **json.loads(body)})
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def receiver(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Receiver]]:
    """A wire whose file names one receiver."""
    Receiver.status, Receiver.told = 204, []
    monkeypatch.setenv("BARQ_WEBHOOK_SECRET_ARCHIVE", SECRET)
    with serving(Receiver) as url:
        source = DEFAULT_FILE.read_text(encoding="utf-8") + f'\n[webhooks.archive]\nurl = "{url}/"\n'
        use_wire_file(source, tmp_path, monkeypatch)
        yield Receiver


def events(receiver: type[Receiver]) -> list[object]:
    return [(told["type"], told["data"]["edition"]) for told in receiver.told]  # type: ignore[index]


def test_every_act_of_a_story_is_told_under_its_name(house: House, receiver: type[Receiver]) -> None:
    story = house.pushes()["story"]
    house.works()
    house.translates(story)
    house.works()
    for version, fields in enumerate(
        [{"headline": "More"}, {"signal": "correction"}, {"pubstatus": "canceled"}], start=2
    ):
        house.pushes(version=version, **fields)
        house.works()
    assert [event for event in events(receiver) if event[1] == "en"] == [  # type: ignore[index]
        ("story.published", "en"), ("story.updated", "en"), ("story.corrected", "en"), ("story.killed", "en"),
    ]  # fmt: skip
    assert ("edition.published", "ar") in events(receiver)
    assert ("story.killed", "ar") in events(receiver)


def test_who_does_not_acknowledge_is_told_again_under_the_same_id(house: House, receiver: type[Receiver]) -> None:
    receiver.status = 503
    house.pushes()
    house.works()
    receiver.status = 204
    house.time_passes(minutes=1)
    house.works()
    assert len({told["id"] for told in receiver.told}) == 1
    (row,) = house.rows("SELECT attempts, status, acknowledged_at FROM deliveries")
    assert (row.attempts, row.status) == (2, 204)
    assert row.acknowledged_at is not None


def test_who_acknowledged_is_not_told_twice(house: House, receiver: type[Receiver]) -> None:
    house.pushes()
    house.works()
    house.pushes()
    house.works()
    assert len(receiver.told) == 1


def test_a_kill_reaches_who_had_a_version_and_has_left_the_wires_file_since(
    house: House, receiver: type[Receiver], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.pushes()
    house.works()
    use_wire_file(
        DEFAULT_FILE.read_text(encoding="utf-8") + '\n[webhooks.other]\nurl = "http://127.0.0.1:9/"\n',
        tmp_path, monkeypatch,
    )  # fmt: skip
    house.pushes(version=2, pubstatus="canceled")
    house.works()
    assert events(receiver) == [("story.published", "en"), ("story.killed", "en")]


def test_an_update_is_not_told_to_who_does_not_ask_for_it_any_more(
    house: House, receiver: type[Receiver], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.pushes()
    house.works()
    use_wire_file(DEFAULT_FILE.read_text(encoding="utf-8"), tmp_path, monkeypatch)
    house.pushes(version=2, headline="More")
    house.works()
    assert len(receiver.told) == 1


def test_a_receipt_says_who_was_told_of_a_kill_and_who_acknowledged(house: House, receiver: type[Receiver]) -> None:
    story = house.pushes()["story"]
    house.works()
    receiver.status = 500
    house.pushes(version=2, pubstatus="canceled")
    house.works()
    told = receipt(house, story)
    assert [(row["event"], row["status"], row["acknowledged_at"] is not None) for row in told["told"]] == [
        ("story.published", 204, True), ("story.killed", 500, False),
    ]  # fmt: skip
    assert told["unacknowledged"] == ["archive"]
    receiver.status = 204
    house.time_passes(minutes=1)
    house.works()
    assert receipt(house, story)["unacknowledged"] == []


def test_a_kill_is_told_for_as_long_as_it_takes(house: House, receiver: type[Receiver]) -> None:
    house.pushes()
    house.works()
    receiver.status = 400
    house.pushes(version=2, pubstatus="canceled")
    for _ in range(20):
        house.works()
        house.time_passes(minutes=15)
    receiver.status = 204
    house.works()
    assert receiver.told[-1]["type"] == "story.killed"
    assert house.rows("SELECT 1 FROM work WHERE state = 'dead'") == []


def receipt(house: House, story: str) -> Any:
    from services.delivery.api import app

    return TestClient(app, headers={"authorization": f"Bearer {house.key()}"}).get(f"/v1/stories/{story}/receipt").json()
