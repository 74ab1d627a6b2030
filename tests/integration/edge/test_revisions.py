"""A story's revisions: readers see those that were public, a newsroom all of them, with who sent each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from fastapi.testclient import TestClient

from services.edge.app import pages
from shared.clock import utc_now
from tests.support.house import House

SECRET = "Abracadabra"


def revisions(story: str, query: str = "", key: str = "") -> Any:
    headers = {"authorization": f"Bearer {key}"} if key else {}
    return TestClient(pages, raise_server_exceptions=False).get(f"/v1/stories/{story}/revisions{query}", headers=headers)


def test_a_correction_can_be_compared_with_what_it_corrects(house: House) -> None:
    story = house.pushes(body_text="It was 100 barrels.")["story"]
    house.pushes(version=2, body_text="It was 10 barrels.", correction={"note": "It was 10, not 100."})
    house.works()
    answer = revisions(story, "?compare=1,2").json()
    assert [row["act"] for row in answer["revisions"]] == ["new", "correction"]
    (change,) = answer["changes"]
    assert change["field"] == "body"
    assert [p["text"] for p in change["passages"] if p["kind"] != "same"] == ["100", "10"]
    assert "sent_by" not in answer["revisions"][0]


def test_a_newsroom_sees_who_sent_each(house: House) -> None:
    story = house.pushes()["story"]
    house.works()
    (row,) = revisions(story, key=house.key()).json()["revisions"]
    assert (row["sent_by"], row["version"], row["uri"]) == ("desk", 1, "urn:newsroom:1")


def test_of_a_killed_story_readers_see_no_text_and_the_newsroom_does(house: House) -> None:
    story = house.pushes(headline=SECRET)["story"]
    house.pushes(version=2, pubstatus="canceled")
    house.works()
    answer = revisions(story, "")
    assert answer.status_code == 404, "it never was public"
    other = house.pushes(uri="urn:2", headline=f"{SECRET} again")["story"]
    house.works()
    house.pushes(uri="urn:2", version=2, pubstatus="canceled")
    house.works()
    answer = revisions(other)
    assert (answer.status_code, SECRET in answer.text) == (410, False)
    assert [row["act"] for row in answer.json()["revisions"]] == ["new", "kill"]
    assert revisions(other, "?compare=1,2").status_code == 422
    assert SECRET in revisions(other, key=house.key()).text


def test_of_an_embargoed_story_readers_see_nothing_and_later_only_what_was_public(house: House) -> None:
    in_an_hour = (utc_now() + timedelta(hours=1)).isoformat()
    story = house.pushes(headline=SECRET, embargoed=in_an_hour)["story"]
    house.pushes(version=2, headline="Mended before its minute", embargoed=in_an_hour)
    house.works()
    assert revisions(story).status_code == 404
    house.time_passes(hours=1)
    house.works()
    answer = revisions(story)
    assert SECRET not in answer.text
    assert [row["headline"] for row in answer.json()["revisions"]] == ["Mended before its minute"]


def test_a_comparison_of_what_is_not_there_says_what_is(house: House) -> None:
    story = house.pushes()["story"]
    house.works()
    answer = revisions(story, "?compare=1,7")
    assert (answer.status_code, "compare=1,2" in answer.json()["detail"]) == (422, True)


def test_what_a_correction_removed_for_a_reason_of_law_is_on_no_page_and_in_no_answer(house: House) -> None:
    story = house.pushes(body_text=f"The {SECRET} bank opened.")["story"]
    house.works()
    house.pushes(version=2, body_text="The Levant bank opened.", signal="correction", killreason="legal")
    house.works()
    answer = revisions(story)
    assert SECRET not in answer.text
    assert [("body" in row, row["act"]) for row in answer.json()["revisions"]] == [(False, "new"), (True, "correction")]
    assert revisions(story, "?compare=1,2").status_code == 422
    assert SECRET in revisions(story, "?compare=1,2", key=house.key()).text
    assert SECRET not in TestClient(pages).get(f"/en/stories/{story}").text


def test_what_was_held_back_and_released_with_other_words_is_on_no_page_and_in_no_answer(house: House) -> None:
    story = house.pushes(body_text=f"The {SECRET} bank opened.")["story"]
    house.works()
    house.pushes(version=2, pubstatus="withheld")
    house.works()
    house.pushes(version=3, body_text="The Levant bank opened.")
    house.works()
    assert SECRET not in revisions(story).text
    page = TestClient(pages).get(f"/en/stories/{story}").text
    assert "Levant" in page
    assert SECRET not in page
