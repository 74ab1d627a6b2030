"""Sorting at the desk: why a story is where it is, one click that says otherwise, and the list of those that wait for one."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tests.support.editor import EditorAtDesk
from tests.support.house import House

MATCH = {"headline": "Late goal wins cup final", "body_text": "The striker's goal won the match; the league's coach was glad."}


@pytest.fixture
def editor(house: House) -> EditorAtDesk:
    return EditorAtDesk(house)


def feeds_of(house: House, story: str) -> set[str]:
    return {row.feed for row in house.rows("SELECT feed FROM memberships WHERE story = :s AND NOT moved_out", s=story)}


def clicks(editor: EditorAtDesk, story: str, **fields: str) -> int:
    """Press one of a story's buttons; the status of the page that follows."""
    status: int = editor.client.post(f"/desk/stories/{story}/sort", data={"token": editor.token(), **fields}).status_code
    return status


def sorts(house: House, editor: EditorAtDesk, story: str, **fields: str) -> None:
    assert clicks(editor, story, **fields) == 200
    house.works()


def test_a_storys_page_says_where_it_is_and_by_which_words(house: House, editor: EditorAtDesk) -> None:
    story = house.pushes(**MATCH | {"subject": [{"name": "Sport"}], "located": "BEIRUT"})["story"]
    house.works()
    page = editor.opens(f"/desk/stories/{story}").text
    assert "Sport: 100 % by its sender's subjects: <bdi>Sport</bdi>".replace("'", "&#39;") in page
    assert "by the dateline: <bdi>BEIRUT</bdi>" in page


def test_one_click_puts_a_name_on_and_another_takes_it_off(house: House, editor: EditorAtDesk) -> None:
    story = house.pushes(**MATCH)["story"]
    house.works()
    sorts(house, editor, story, kind="sections", toggle="economy")
    assert feeds_of(house, story) == {"all", "sport", "economy"}
    sorts(house, editor, story, kind="sections", toggle="sport")
    assert feeds_of(house, story) == {"all", "economy"}
    sorts(house, editor, story, kind="regions", toggle="arab")
    assert feeds_of(house, story) == {"all", "economy", "arab"}
    sorts(house, editor, story, kind="tags", toggle="cup")
    page = editor.opens(f"/desk/stories/{story}").text
    assert "Sorted by <bdi>" in page
    assert '<button name="toggle" value="cup" class="choice" aria-pressed="true"' in page
    assert "sorted tags" in page  # on record


def test_what_nobody_is_sure_of_waits_in_a_list_until_somebody_has_said_it(house: House, editor: EditorAtDesk) -> None:
    waiting, killed, sure = (house.pushes(uri=f"urn:{n}", **MATCH)["story"] for n in range(3))
    house.works()
    with house.engine.begin() as connection:  # as enrichment leaves what it is not sure of
        connection.execute(
            text("""
                UPDATE enrichments SET sections = '{}', is_unsure = true, findings = '{"likely_sections":
                    [{"value": "politics", "method": "vectors", "confidence": 0.4, "evidence": ["vote"]}]}'
                WHERE item IN (SELECT item FROM stories WHERE id <> :sure)
            """),
            {"sure": sure},
        )
    house.pushes(uri="urn:1", version=2, pubstatus="canceled")
    house.works()
    page = editor.opens("/desk/sorting").text
    assert [story in page for story in (waiting, killed, sure)] == [True, False, False]
    assert 'value="politics" data-choice="1" title="40 %: vote"' in page
    sorts(house, editor, waiting, **{"only": "politics", "from": "list"})
    assert "politics" in feeds_of(house, waiting)
    assert "Nothing waits." in editor.opens("/desk/sorting").text


@pytest.mark.parametrize(
    ("fields", "status"), [({"kind": "genres", "toggle": "x"}, 422), ({"kind": "sections", "toggle": "no"}, 422)]
)
def test_what_cannot_be_said_is_refused(house: House, editor: EditorAtDesk, fields: dict[str, str], status: int) -> None:
    story = house.pushes(**MATCH)["story"]
    house.works()
    assert clicks(editor, story, **fields) == status


def test_a_form_from_elsewhere_sorts_nothing(house: House, editor: EditorAtDesk) -> None:
    story = house.pushes(**MATCH)["story"]
    house.works()
    answer = editor.client.post(f"/desk/stories/{story}/sort", data={"token": "no", "toggle": "economy"})
    assert (answer.status_code, house.rows("SELECT * FROM sortings")) == (403, [])


def test_one_click_says_which_language_a_story_is_in_and_it_moves_to_that_edition(house: House, editor: EditorAtDesk) -> None:
    story = house.pushes(headline="اتفاق الوزراء على الإنتاج", body_text="اتفق الوزراء.", language="en")["story"]
    house.works()
    assert (len(house.titles(edition="en")), len(house.titles(edition="ar"))) == (1, 0)
    assert editor.acts(story, "language", language="ar").status_code == 200
    house.works()
    assert house.titles(edition="ar") == ["اتفاق الوزراء على الإنتاج"]
    assert editor.acts(story, "language", language="").status_code == 422
