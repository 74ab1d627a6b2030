"""What waits for somebody at the desk is seen there, and can be got out of every state in which a person may decide."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from shared.clock import utc_now
from tests.support.editor import EditorAtDesk
from tests.support.factories import sent
from tests.support.house import House


@pytest.fixture
def editor(house: House) -> EditorAtDesk:
    return EditorAtDesk(house)


def doubted(house: House, why: str = "encoding", **fields: Any) -> dict[str, Any]:
    item = {"uri": "urn:newsroom:1", "version": 1, "headline": "In doubt", "body_html": "<p>Words.</p>", "language": "en"}
    sent_item = {**item, "doubt": why, "doubt_note": "look at this", **fields}
    answer = house.newsroom().post("/v1/items", json={"wire_item": sent_item})
    assert answer.status_code == 202, answer.text
    house.works()
    accepted: dict[str, Any] = answer.json()["accepted"][0]
    return accepted


def state(house: House) -> list[str]:
    return [row.state for row in house.rows("SELECT state FROM stories ORDER BY id")]


# ── Held by the wire ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("why", ["embargo", "kill-in-words", "unreadable-text", "encoding", "unsteady-source"])
def test_what_is_held_is_counted_found_explained_and_released(house: House, editor: EditorAtDesk, why: str) -> None:
    story = doubted(house, why)["story"]
    house.pushes(uri="urn:2", headline="In order")
    house.works()
    assert "1 held" in editor.opens("/desk").text
    listed = editor.opens("/desk?state=held").text
    assert ("In doubt" in listed, "In order" in listed) == (True, False)
    page = editor.opens(f"/desk/stories/{story}").text
    assert "look at this" in page
    assert 'value="release"' in page
    assert editor.acts(story, "release").status_code == 200
    house.works()
    assert sorted(house.titles()) == ["In doubt", "In order"]
    assert " held</a>" not in editor.opens("/desk").text


def test_what_is_held_can_be_killed(house: House, editor: EditorAtDesk) -> None:
    story = doubted(house)["story"]
    editor.acts(story, "kill", reason="factual", confirm="kill")
    house.works()
    assert (state(house), house.titles()) == (["killed"], [])


def test_a_held_embargo_is_set_by_a_person(house: House, editor: EditorAtDesk) -> None:
    story = doubted(house, "embargo")["story"]
    editor.acts(story, "embargo", embargoed_until=f"{utc_now() + timedelta(hours=1):%Y-%m-%dT%H:%M}")
    house.works()
    assert state(house) == ["embargoed"]


def test_a_doubted_version_of_a_public_story_is_an_event_on_its_page_and_can_be_sent(house: House, editor: EditorAtDesk) -> None:
    story = house.pushes()["story"]
    house.works()
    doubted(house, version=2, headline="In doubt")
    assert "1 held" in editor.opens("/desk").text
    page = editor.opens(f"/desk/stories/{story}/live").text
    assert "Version 2 is kept" in page
    address = page.partition('href="/desk/write?')[2].partition('"')[0].replace("&amp;", "&")
    answer = editor.fills(f"/desk/write?{address}", "send")
    assert answer.status_code == 200, answer.text
    house.works()
    assert house.titles() == ["In doubt"]
    assert " held</a>" not in editor.opens("/desk").text


def test_a_story_in_no_editions_language_says_so_and_a_person_who_knows_better_says_which_it_is(
    house: House, editor: EditorAtDesk
) -> None:
    story = house.pushes(language="fr", headline="English in truth")["story"]
    house.works()
    page = editor.opens(f"/desk/stories/{story}").text
    assert "No edition is in its language" in page
    assert f"/desk/translate/en/{story}" in page
    assert "English in truth" in editor.opens("/desk/translate?edition=en").text
    editor.acts(story, "release", language="en")
    house.works()
    assert house.titles() == ["English in truth"]


def test_a_guessed_language_is_marked(house: House, editor: EditorAtDesk) -> None:
    item = sent(headline="Merkel dies", body_text="Merkel dies.")
    del item["language"]
    story = house.newsroom().post("/v1/items", json=item).json()["accepted"][0]["story"]
    house.works()
    assert "language guessed: en" in editor.opens("/desk").text
    assert "is guessed: en" in editor.opens(f"/desk/stories/{story}").text


# ── Held back by a person ────────────────────────────────────────────────────────────────────────────────────────


def test_a_hold_set_at_the_desk_is_released_at_the_desk_alone(house: House, editor: EditorAtDesk) -> None:
    story = house.pushes()["story"]
    house.works()
    editor.acts(story, "withhold")
    house.works()
    update = house.pushes(version=3, headline="The newest text")
    assert any("held back by a person at the desk" in note for note in update["notes"])
    house.works()
    assert house.titles()[0].startswith("HELD")
    told = house.newsroom().get(update["status"]).json()
    assert (told["state"], "published with the release" in told["reason"]) == ("withheld", True)
    page = editor.opens(f"/desk/stories/{story}").text
    assert "Held back by a person at the desk" in page
    assert "The newest text" in page
    assert "Version 3 is kept" in page
    editor.fills(f"/desk/write?story={story}&act=update", "send", headline="A colleague's update")
    house.works()
    assert house.titles()[0].startswith("HELD")
    editor.acts(story, "release")
    house.works()
    assert house.titles() == ["A colleague's update"]


def test_what_was_released_once_is_not_released_by_the_next_update(house: House, editor: EditorAtDesk) -> None:
    story = house.pushes()["story"]
    house.works()
    for act in ("withhold", "release", "withhold"):
        editor.acts(story, act)
        house.works()
    editor.fills(f"/desk/write?story={story}&act=update", "send", headline="An update")
    house.works()
    assert state(house) == ["withheld"]


def test_a_person_can_hold_back_what_a_sender_holds_back_already(house: House, editor: EditorAtDesk) -> None:
    story = house.pushes()["story"]
    house.works()
    house.pushes(version=2, pubstatus="withheld")
    house.works()
    assert "Hold back for the desk" in editor.opens(f"/desk/stories/{story}").text
    editor.acts(story, "withhold")
    house.works()
    house.pushes(version=4)
    house.works()
    assert state(house) == ["withheld"]


# ── Acts that are refused ────────────────────────────────────────────────────────────────────────────────────────


def test_an_embargo_that_comes_too_late_is_told_to_who_set_it(house: House, editor: EditorAtDesk) -> None:
    story = house.pushes()["story"]
    house.works()
    until = f"{utc_now() + timedelta(hours=1):%Y-%m-%dT%H:%M}"
    answer = editor.acts(story, "embargo", embargoed_until=until)
    assert answer.status_code == 409
    assert 'role="alert">Not done.' in answer.text
    assert "cannot be embargoed" in answer.text
    written = editor.fills(f"/desk/write?story={story}&act=update", "send", embargoed_until=until)
    assert (written.status_code, "cannot be embargoed" in written.text) == (409, True)


def test_what_was_refused_afterwards_is_on_the_storys_page_and_counted(house: House, editor: EditorAtDesk) -> None:
    story = house.pushes()["story"]
    editor.acts(story, "embargo", embargoed_until=f"{utc_now() + timedelta(hours=1):%Y-%m-%dT%H:%M}")
    house.works()
    live = editor.opens(f"/desk/stories/{story}/live").text
    assert "Version 2 was refused" in live.partition("<details>")[0]
    assert "1 refused" in editor.opens("/desk").text
    assert "Ministers agree" in editor.opens("/desk?state=refused").text


# ── No state is a dead end ───────────────────────────────────────────────────────────────────────────────────────


def test_an_advisory_that_somebody_releases_is_published(house: House, editor: EditorAtDesk) -> None:
    story = house.pushes(headline="Advisory", genre=[{"name": "Advisory"}])["story"]
    house.works()
    assert state(house) == ["internal"]
    assert "For desks only" in editor.opens(f"/desk/stories/{story}").text
    editor.acts(story, "release")
    house.works()
    assert house.titles() == ["Advisory"]


def test_a_test_says_that_it_is_one_and_offers_no_release(house: House, editor: EditorAtDesk) -> None:
    story = house.pushes(test=True)["story"]
    house.works()
    page = editor.opens(f"/desk/stories/{story}").text
    assert ("A test: no reader ever sees it" in page, 'value="release"' in page) == (True, False)


def test_an_expired_story_is_released_with_rights_that_a_person_says(house: House, editor: EditorAtDesk) -> None:
    story = house.pushes(expires=(utc_now() - timedelta(minutes=1)).isoformat())["story"]
    house.works()
    assert state(house) == ["expired"]
    assert "Rights end" in editor.opens(f"/desk/stories/{story}").text
    editor.acts(story, "release", expires_at="")
    house.works()
    assert state(house) == ["published"]
