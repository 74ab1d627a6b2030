"""Webhooks: signed, told once, told again until acknowledged, kept for good."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from standardwebhooks.webhooks import Webhook

from shared.pipeline import Stage
from shared.queue.rebuilding import every_entry, every_filing
from shared.wire.config import DEFAULT_FILE
from tests.support.factories import sent
from tests.support.house import House
from tests.support.loopback import serving, use_wire_file

SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"


class Receiver(BaseHTTPRequestHandler):
    """A subscriber's server on loopback."""

    status = 204
    retry_after = ""
    told: list[dict[str, object]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        Webhook(SECRET).verify(body, dict(self.headers))
        type(self).told.append({"id": self.headers["webhook-id"], **json.loads(body)})
        self.send_response(self.status)
        if self.retry_after:
            self.send_header("retry-after", self.retry_after)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def receiver(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Receiver]]:
    """A wire whose file names one receiver."""
    Receiver.status, Receiver.retry_after, Receiver.told = 204, "", []
    monkeypatch.setenv("BARQ_WEBHOOK_SECRET_ARCHIVE", SECRET)
    with serving(Receiver) as url:
        source = DEFAULT_FILE.read_text(encoding="utf-8") + f'\n[webhooks.archive]\nurl = "{url}/"\n'
        use_wire_file(source, tmp_path, monkeypatch)
        yield Receiver


def events(receiver: type[Receiver]) -> list[object]:
    return [(told["type"], told["data"]["edition"]) for told in receiver.told]  # type: ignore[index]


def test_every_act_of_a_story_is_told_under_its_name(house: House, receiver: type[Receiver]) -> None:
    story = house.pushes()["story"]
    house.settles()
    house.translates(story)
    house.settles()
    for version, fields in enumerate([{"headline": "More"}, {"signal": "correction"}, {"pubstatus": "canceled"}], start=2):
        house.pushes(version=version, **fields)
        house.settles()
    assert [event for event in events(receiver) if event[1] == "en"] == [  # type: ignore[index]
        ("story.published", "en"), ("story.updated", "en"), ("story.corrected", "en"), ("story.killed", "en"),
    ]  # fmt: skip
    assert ("edition.published", "ar") in events(receiver)
    assert ("story.killed", "ar") in events(receiver)


def test_who_does_not_acknowledge_is_told_again_under_the_same_id(house: House, receiver: type[Receiver]) -> None:
    receiver.status = 503
    house.pushes()
    house.settles()
    receiver.status = 204
    house.time_passes(minutes=1)
    house.settles()
    assert len({told["id"] for told in receiver.told}) == 1
    (row,) = house.rows("SELECT attempts, status, acknowledged_at FROM deliveries")
    assert (row.attempts, row.status) == (2, 204)
    assert row.acknowledged_at is not None


def test_who_acknowledged_is_not_told_twice(house: House, receiver: type[Receiver]) -> None:
    house.pushes()
    house.settles()
    house.pushes()
    house.settles()
    assert len(receiver.told) == 1


def test_a_kill_reaches_who_had_a_version_and_has_left_the_wires_file_since(
    house: House, receiver: type[Receiver], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.pushes()
    house.settles()
    use_wire_file(
        DEFAULT_FILE.read_text(encoding="utf-8") + '\n[webhooks.other]\nurl = "http://127.0.0.1:9/"\n',
        tmp_path, monkeypatch,
    )  # fmt: skip
    house.pushes(version=2, pubstatus="canceled")
    house.settles()
    assert events(receiver) == [("story.published", "en"), ("story.killed", "en")]


def test_a_correction_reaches_who_had_a_version_and_has_left_the_wires_file_since(
    house: House, receiver: type[Receiver], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.pushes()
    house.settles()
    use_wire_file(DEFAULT_FILE.read_text(encoding="utf-8"), tmp_path, monkeypatch)
    house.pushes(version=2, signal="correction", headline="Right")
    house.settles()
    assert events(receiver) == [("story.published", "en"), ("story.corrected", "en")]


def test_an_update_is_not_told_to_who_does_not_ask_for_it_any_more(
    house: House, receiver: type[Receiver], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.pushes()
    house.settles()
    use_wire_file(DEFAULT_FILE.read_text(encoding="utf-8"), tmp_path, monkeypatch)
    house.pushes(version=2, headline="More")
    house.settles()
    assert len(receiver.told) == 1


def test_a_receipt_says_who_was_told_of_a_kill_and_who_acknowledged(house: House, receiver: type[Receiver]) -> None:
    story = house.pushes()["story"]
    house.settles()
    receiver.status = 500
    house.pushes(version=2, pubstatus="canceled")
    house.settles()
    told = receipt(house, story)
    assert [(row["event"], row["status"], row["acknowledged_at"] is not None) for row in told["told"]] == [
        ("story.published", 204, True), ("story.killed", 500, False),
    ]  # fmt: skip
    assert told["unacknowledged"] == ["archive"]
    receiver.status = 204
    house.time_passes(minutes=1)
    house.settles()
    assert receipt(house, story)["unacknowledged"] == []


def test_a_kill_is_told_for_as_long_as_it_takes(house: House, receiver: type[Receiver]) -> None:
    house.pushes()
    house.settles()
    receiver.status = 400
    house.pushes(version=2, pubstatus="canceled")
    for _ in range(20):
        house.settles()
        house.time_passes(minutes=15)
    receiver.status = 204
    house.settles()
    assert receiver.told[-1]["type"] == "story.killed"
    assert house.rows("SELECT 1 FROM work WHERE state = 'dead'") == []


def receipt(house: House, story: str) -> Any:
    from services.delivery.receipts.routes import app

    return TestClient(app, headers={"authorization": f"Bearer {house.key()}"}).get(f"/v1/stories/{story}/receipt").json()


# ── What is news, and what is not ────────────────────────────────────────────────────────────────────────────────


def told_of(receiver: type[Receiver]) -> list[object]:
    """What has come since the last time, and no more than that: event, edition, revision."""
    told = [(one["type"], one["data"]["edition"], one["data"]["revision"]) for one in receiver.told]  # type: ignore[index]
    receiver.told.clear()
    return sorted(told)


def later_subscriber(house: House) -> None:
    """Nobody has been told of anything: as if everyone had subscribed just now."""
    with house.engine.begin() as connection:
        connection.execute(text("DELETE FROM deliveries"))


def test_who_subscribed_after_a_story_was_published_hears_of_its_translation_and_not_of_it(
    house: House, receiver: type[Receiver]
) -> None:
    story = house.pushes()["story"]
    house.settles()
    assert told_of(receiver) == [("story.published", "en", 1)]
    later_subscriber(house)
    house.translates(story)
    house.settles()
    assert told_of(receiver) == [("edition.published", "ar", 1)]
    house.pushes(version=2, headline="More")
    house.settles()
    assert told_of(receiver) == [("story.updated", "en", 2)]
    house.translates(story, headline="المزيد")
    house.settles()
    assert told_of(receiver) == [("story.updated", "ar", 2)]


def test_the_first_text_of_an_edition_is_published_at_whatever_revision(house: House, receiver: type[Receiver]) -> None:
    story = house.pushes()["story"]
    house.pushes(version=2, headline="More")
    house.pushes(version=3, headline="Right", signal="correction")
    house.settles()
    told_of(receiver)
    house.translates(story)
    house.settles()
    assert told_of(receiver) == [("edition.published", "ar", 3)]


def test_rendering_again_is_news_to_nobody(house: House, receiver: type[Receiver]) -> None:
    story = house.pushes()["story"]
    house.translates(story)
    house.pushes(uri="urn:killed", headline="Killed")
    house.settles()
    house.pushes(uri="urn:killed", version=2, pubstatus="canceled")
    house.settles()
    told_of(receiver)
    later_subscriber(house)
    with house.engine.begin() as connection:
        everything = [*every_entry(connection, ["en", "ar"]), *every_filing(connection)]
        connection.execute(text("UPDATE entries SET content_hash = '\\x00'"))  # as an earlier version of the wire rendered them
    house.asks(*everything)
    house.settles()
    house.translates(story, headline="أفضل")  # a better text of the same revision
    house.settles()
    assert told_of(receiver) == []


def test_a_story_that_moved_on_while_a_receiver_was_away_is_published_to_it_once_as_it_is_now(
    house: House, receiver: type[Receiver]
) -> None:
    receiver.status = 503
    story = house.pushes()["story"]
    house.translates(story)
    house.pushes(uri="urn:2", headline="Two")
    house.settles()
    house.pushes(version=2, headline="More")
    house.pushes(uri="urn:2", version=2, headline="Second", signal="correction")
    house.settles()
    receiver.status = 204
    receiver.told.clear()
    house.time_passes(hours=1)
    house.settles()
    told = {(one["data"]["uri"], one["data"]["edition"]): (one["type"], one["data"]["revision"]) for one in receiver.told}  # type: ignore[index]
    assert told[sent()["uri"], "en"] == ("story.published", 2)
    assert told[sent()["uri"], "ar"] == ("edition.published", 1)
    assert told["urn:2", "en"][1] == 2
    assert len(receiver.told) == 3
    told_of(receiver)
    house.pushes(version=3, headline="Still more")
    house.settles()
    assert told_of(receiver) == [("story.updated", "en", 3)]


def test_a_story_that_moved_on_before_anybody_was_told_is_published_as_it_is_now(house: House, receiver: type[Receiver]) -> None:
    rendered = (Stage.ENRICH, Stage.PUBLISH, Stage.RENDER, Stage.REFRESH)
    house.pushes()
    house.works(*rendered)
    house.pushes(version=2, headline="Right", signal="correction")
    house.works(*rendered)
    house.settles()
    assert told_of(receiver) == [("story.published", "en", 2)]


def test_what_is_held_and_released_is_told_in_every_edition_to_who_had_it(house: House, receiver: type[Receiver]) -> None:
    story = house.pushes()["story"]
    house.translates(story)
    house.settles()
    told_of(receiver)
    house.pushes(version=2, pubstatus="withheld")
    house.settles()
    assert told_of(receiver) == [("story.withheld", "ar", 2), ("story.withheld", "en", 2)]
    house.pushes(version=3)
    house.settles()
    assert told_of(receiver) == [("story.updated", "ar", 3), ("story.updated", "en", 3)]
    house.pushes(version=4, pubstatus="canceled")
    house.settles()
    assert told_of(receiver) == [("story.killed", "ar", 4), ("story.killed", "en", 4)]


# ── Order, trouble, refusal ──────────────────────────────────────────────────────────────────────────────────────


def test_a_burst_is_told_in_order_with_a_sequence_without_a_gap(house: House, receiver: type[Receiver]) -> None:
    house.pushes_many([sent(uri=f"urn:{number}", headline=f"Number {number}") for number in range(120)])
    house.settles()
    told = [told["data"] for told in receiver.told]
    assert [each["sequence"] for each in told] == list(range(1, 121))  # type: ignore[index]
    assert [each["uri"] for each in told] == [f"urn:{number}" for number in range(120)]  # type: ignore[index]


def test_a_kill_overtakes_what_waits_for_a_receiver_and_nothing_of_its_story_comes_after_it(
    house: House, receiver: type[Receiver]
) -> None:
    house.pushes(uri="urn:victim")
    house.settles()
    receiver.status = 503
    for number in range(30):
        house.pushes(uri=f"urn:{number}", headline=f"Number {number}")
    house.pushes(uri="urn:victim", version=2, headline="More")
    house.settles()
    house.pushes(uri="urn:victim", version=3, pubstatus="canceled")
    house.settles()
    receiver.told.clear()
    receiver.status = 204
    house.time_passes(hours=1)
    house.settles()
    told = [(told["type"], told["data"]["uri"]) for told in receiver.told]  # type: ignore[index]
    assert told[0] == ("story.killed", "urn:victim")
    assert [uri for _, uri in told].count("urn:victim") == 1
    assert len(told) == 31


def test_a_refused_notification_is_parked_and_those_after_it_are_told(house: House, receiver: type[Receiver]) -> None:
    receiver.status = 422
    house.pushes(uri="urn:1", headline="Number 1")
    house.settles()
    receiver.status = 204
    house.pushes(uri="urn:2", headline="Number 2")
    house.settles()
    house.time_passes(days=1)
    house.settles()
    assert [told["data"]["uri"] for told in receiver.told] == ["urn:1", "urn:2"]  # type: ignore[index]
    states = house.rows("SELECT state, status, sequence FROM deliveries ORDER BY asked_at")
    assert [tuple(row) for row in states] == [("parked", 422, None), ("acknowledged", 204, 1)]


@pytest.mark.parametrize("status", [408, 425, 429, 500, 503])
def test_trouble_that_passes_is_waited_out_never_sooner_than_was_asked(
    house: House, receiver: type[Receiver], status: int
) -> None:
    receiver.status, receiver.retry_after = status, "600"
    house.pushes()
    house.settles()
    house.time_passes(minutes=9)
    house.settles()
    assert len(receiver.told) == 1
    receiver.status = 204
    house.time_passes(minutes=2)
    house.settles()
    assert len(receiver.told) == 2


def test_a_receiver_that_fails_for_three_days_is_told_of_kills_alone(house: House, receiver: type[Receiver]) -> None:
    house.pushes(uri="urn:1", headline="Number 1")
    house.settles()
    receiver.status = 500
    house.pushes(uri="urn:2", headline="Number 2")
    for _ in range(5):
        house.settles()
        house.time_passes(days=1)
    (row,) = house.rows("SELECT disabled_at, failures, error FROM receivers")
    assert row.disabled_at is not None
    assert row.error == "answered 500"
    receiver.status = 204
    receiver.told.clear()
    house.pushes(uri="urn:3", headline="Number 3")
    house.settles()
    assert receiver.told == []
    house.pushes(uri="urn:1", version=2, pubstatus="canceled")
    house.time_passes(hours=2)
    house.settles()
    assert [told["type"] for told in receiver.told] == ["story.killed"]


def test_a_receiver_asks_for_the_stories_of_a_feed_alone(
    house: House, receiver: type[Receiver], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_wire_file((tmp_path / "wire.toml").read_text() + 'feeds = ["asia"]\n', tmp_path, monkeypatch)
    house.pushes(uri="urn:1", headline="Number 1", place=[{"code": "SA"}])
    house.pushes(uri="urn:2", headline="Number 2", place=[{"code": "JP"}])
    house.settles()
    assert [told["data"]["uri"] for told in receiver.told] == ["urn:2"]  # type: ignore[index]
