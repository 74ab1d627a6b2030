"""An editor says what a story is about: it wins over every machine, for good, and moves the story's feeds."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from httpx import Response

from shared.clock import utc_now
from shared.web.keys import Right, Role, create_key
from tests.support.house import House

MATCH = {
    "headline": "Late goal wins cup final",
    "body_text": "The striker's goal won the match; the league's coach was glad.",
}
BANK = {"headline": "Bank raises interest rates", "body_text": "Inflation and trade worry investors and their banks."}


def sorts(house: House, story: str, **said: Any) -> Response:
    from services.enrichment.routes import app

    answer = house.client(app).put(f"/v1/stories/{story}/about", json=said)
    house.works()
    return answer


def test_a_story_moves_to_the_feeds_of_the_section_that_an_editor_says(house: House) -> None:
    story = house.pushes(**MATCH)["story"]
    house.works()
    assert (house.titles("sport"), house.titles("economy")) == ([MATCH["headline"]], [])
    assert sorts(house, story, sections=["economy"], regions=["us"]).status_code == 202
    for form in ("rss", "atom", "json"):
        assert [house.titles(feed, form) for feed in ("sport", "economy", "us", "all")] == [[], *[[MATCH["headline"]]] * 3]
    (item,) = json.loads(house.document("economy", "json"))["items"]
    assert {"Economy", "US"} <= set(item["tags"])
    assert "Sport" not in item["tags"]


def test_what_an_editor_says_wins_over_what_is_found_in_later_versions(house: House) -> None:
    story = house.pushes(**MATCH)["story"]
    house.works()
    sorts(house, story, sections=["economy"])
    house.pushes(**MATCH | {"body_text": MATCH["body_text"] + " The players and the referee left the stadium."}, version=2)
    house.works()
    assert [len(house.titles(feed)) for feed in ("sport", "economy")] == [0, 1]
    sorts(house, story, sections=[])  # none of them
    house.pushes(**MATCH, version=3)
    house.works()
    assert [len(house.titles(feed)) for feed in ("sport", "economy", "all")] == [0, 0, 1]


def test_of_a_kind_that_an_editor_says_nothing_of_the_earlier_word_stands(house: House) -> None:
    story = house.pushes(**MATCH)["story"]
    house.works()
    sorts(house, story, regions=["asia"])
    answer = sorts(house, story, tags=["cup", "final"]).json()
    assert [answer[kind] for kind in ("sections", "regions", "tags", "sorted_by")] == [
        ["sport"], ["asia"], ["cup", "final"], "desk",
    ]  # fmt: skip
    assert answer["found"]["sections"][0]["method"]


def test_an_editor_may_be_first(house: House) -> None:
    """Sorted while it was accepted and nothing had come to it."""
    story = house.pushes(**MATCH)["story"]
    sorts(house, story, sections=["politics"])
    assert [len(house.titles(feed)) for feed in ("sport", "politics", "all")] == [0, 1, 1]


def test_a_feed_that_a_story_left_is_told_when_it_is_killed(house: House) -> None:
    story = house.pushes(**MATCH)["story"]
    house.works()
    sorts(house, story, sections=["economy"])
    house.pushes(**MATCH, version=2, signal="correction", ednote="The name was wrong")
    house.works()
    assert house.titles("sport") == []
    house.pushes(version=3, pubstatus="canceled")
    house.works()
    for feed in ("sport", "economy", "all"):
        assert ["KILL" in title.upper() or "withdrawn" in title.lower() for title in house.titles(feed)] == [True], feed


def test_any_order_of_versions_and_words_leaves_a_story_where_its_editor_says(house: House) -> None:
    """Invariant: a public story that was sorted is in its editor's feeds and in no others, whoever came first."""
    rng = random.Random(7)  # noqa: S311
    for number in range(8):
        fields, said, version = rng.choice([MATCH, BANK]), None, 1
        story = house.pushes(uri=f"urn:{number}", **fields)["story"]
        for _ in range(rng.randint(2, 5)):
            if rng.random() < 0.5:
                said = rng.sample(["economy", "sport", "politics", "entertainment"], rng.randint(0, 2))
                sorts(house, story, sections=said)
            else:
                version += 1
                fields = rng.choice([MATCH, BANK])
                house.pushes(uri=f"urn:{number}", version=version, **fields)
            if rng.random() < 0.5:
                house.works()
        house.works()
        shown = {row.feed for row in house.rows("SELECT feed FROM memberships WHERE story = :s AND NOT moved_out", s=story)} & {
            "economy",
            "sport",
            "politics",
            "entertainment",
        }
        in_entry = house.rows("SELECT body FROM entries WHERE story = :s AND format = 'json' AND edition = 'en'", s=story)
        tags = {tag.lower() for tag in json.loads(in_entry[0].body)["tags"]}
        if said is not None:
            assert shown == set(said)
            assert tags & {"economy", "sport", "politics", "entertainment"} == set(said)


@pytest.mark.parametrize(
    ("said", "status", "words"),
    [
        ({}, 422, "Say something"),
        ({"sections": ["sports"]}, 422, "is none of the wire's: politics, economy"),
        ({"regions": ["mars"]}, 422, "is none of the wire's: us, europe"),
        ({"section": ["sport"]}, 422, "section"),
        ({"tags": ["x" * 100_000]}, 422, "tags"),
    ],
)
def test_what_cannot_be_said_is_refused_with_what_can(house: House, said: dict[str, Any], status: int, words: str) -> None:
    story = house.pushes(**MATCH)["story"]
    answer = sorts(house, story, **said)
    assert answer.status_code == status
    assert words in answer.text
    assert house.rows("SELECT * FROM sortings") == []


def test_a_killed_story_and_one_that_is_not_there_are_not_sorted(house: House) -> None:
    story = house.pushes(**MATCH)["story"]
    house.pushes(**MATCH, version=2, pubstatus="canceled")
    house.works()
    assert sorts(house, story, sections=["economy"]).status_code == 409
    assert sorts(house, "BARQ1", sections=["economy"]).status_code == 404


def test_a_key_that_may_not_edit_may_look_and_not_sort(house: House) -> None:
    from services.enrichment.routes import app

    story = house.pushes(**MATCH)["story"]
    with house.engine.begin() as connection:
        pushes = create_key(connection, role=Role.NEWSROOM, name="machine", now=utc_now(), rights=frozenset({Right.PUSH}))
    client, headers = house.client(app), {"authorization": f"Bearer {pushes}"}
    assert client.put(f"/v1/stories/{story}/about", json={"sections": []}, headers=headers).status_code == 403
    assert client.get(f"/v1/stories/{story}/about", headers=headers).status_code == 200
