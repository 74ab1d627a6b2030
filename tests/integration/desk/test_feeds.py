"""Feeds that are defined at the desk: what they want, the archive, mistakes, and their end."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from services.edge.feeds.documents import Documents
from shared.web.keys import Right
from shared.wire import defined_feeds
from shared.wire.config import FeedRow, file_wire, wire
from tests.support.editor import EditorAtDesk
from tests.support.house import House

OIL = {
    "name": "arab-oil", "title.en": "Arab oil", "title.ar": "نفط العرب",
    "filter": 'region = ["arab"]\nnot = { label = ["OPINION"] }',
}  # fmt: skip


def defines(desk: EditorAtDesk, **fields: str) -> Any:
    return desk.client.post("/desk/feeds", data={"token": desk.token(), **OIL, **fields})


def test_a_feed_that_is_defined_has_what_comes_and_what_the_archive_has(house: House) -> None:
    desk = EditorAtDesk(house)
    house.pushes(uri="urn:1", headline="Before", place=[{"code": "SA"}])
    house.pushes(uri="urn:2", headline="Opinion", place=[{"code": "SA"}], label=["OPINION"])
    house.works()
    page = defines(desk)
    assert page.status_code == 200
    assert "نفط العرب" in page.text
    assert "2 stories of the archive are still to be looked at" in page.text
    house.pushes(uri="urn:3", headline="After", place=[{"code": "IQ"}])
    house.works()
    assert house.titles("arab-oil") == ["After"]
    house.time_passes(seconds=4)
    house.works()
    assert house.titles("arab-oil") == ["After", "Before"]
    assert wire().feed_title("arab-oil", "ar") == "نفط العرب"
    assert "still to be looked at" not in desk.opens("/desk/feeds").text
    assert "defined a feed" in desk.opens("/desk/actions").text


def test_another_process_knows_a_feed_as_soon_as_it_looks(house: House) -> None:
    defines(EditorAtDesk(house))
    wire.cache_clear()
    from shared.wire.config import define_feeds

    define_feeds({})
    assert "arab-oil" not in wire().feed_names()
    defined_feeds.look()
    assert "arab-oil" in wire().feed_names()
    assert "arab-oil" not in file_wire().feed_names()


def test_a_feed_is_defined_anew_and_removed(house: House) -> None:
    desk = EditorAtDesk(house)
    defines(desk)
    house.works()
    assert defines(desk, filter='region = ["asia"]').status_code == 200
    assert wire().feeds["arab-oil"].filter.region == ("asia",)
    assert desk.client.post("/desk/feeds/arab-oil/remove", data={"token": desk.token()}).status_code == 200
    assert "arab-oil" not in wire().feed_names()


def test_a_story_of_a_feed_that_is_no_more_is_told_on_in_the_others(house: House) -> None:
    desk = EditorAtDesk(house)
    defines(desk)
    house.pushes(headline="Before", place=[{"code": "SA"}])
    house.works()
    desk.client.post("/desk/feeds/arab-oil/remove", data={"token": desk.token()})
    house.pushes(version=2, headline="After", place=[{"code": "SA"}])
    house.time_passes(minutes=1)
    house.works()
    assert house.titles("arab") == ["After"]
    assert house.rows("SELECT error FROM work WHERE error IS NOT NULL") == []


@pytest.mark.parametrize(
    ("fields", "say"),
    [
        ({"filter": "region = "}, "The filter cannot be read"),
        ({"filter": 'region = ["atlantis"]'}, "atlantis, which is no region or section"),
        ({"filter": 'mood = "sunny"'}, "filter.mood: Extra inputs are not permitted"),
        ({"name": "asia"}, "is taken"),
        ({"name": "search"}, "is taken"),
        ({"name": "Not So"}, "String should match pattern"),
        ({"title.en": "", "title.ar": ""}, "A feed needs a title"),
    ],
)
def test_a_mistake_is_said_and_what_was_written_stays(house: House, fields: dict[str, str], say: str) -> None:
    page = defines(EditorAtDesk(house), **fields)
    assert page.status_code == 422
    assert say in page.text
    assert house.rows("SELECT 1 FROM feeds") == []


def test_defining_feeds_needs_the_right_to(house: House) -> None:
    desk = EditorAtDesk(house, name="sub", rights=(Right.EDIT,))
    assert defines(desk).status_code == 403
    assert "Define a feed" not in desk.opens("/desk/feeds").text


def test_a_feed_that_the_file_has_no_region_for_any_more_is_left_out_and_nothing_stops(house: House) -> None:
    row = FeedRow.model_validate({"name": {"en": "X"}, "filter": {"region": ["atlantis"]}})
    assert "lost" not in wire().with_feeds({"lost": row}).feed_names()


def test_the_edge_serves_a_feed_from_its_definition_to_its_end(house: House) -> None:
    desk, edge = EditorAtDesk(house), Documents()
    served: Any = SimpleNamespace(path="/en/feeds/arab-oil.rss")
    edge.keep("en", "arab-oil", "rss", served)
    assert edge.at("/en/feeds/arab-oil.rss") is None
    defines(desk)
    edge.open_and_close()
    assert edge.at("/en/feeds/arab-oil.rss") is served
    desk.client.post("/desk/feeds/arab-oil/remove", data={"token": desk.token()})
    edge.open_and_close()
    assert edge.at("/en/feeds/arab-oil.rss") is None
