"""A kill as an entry of its own, for readers that never look again at an entry whose id they know."""

from __future__ import annotations

from typing import Any

import pytest

from services.edge.app import app
from services.rendering import stages
from services.rendering.documents import NOTICE_STAYS
from shared.contracts.work import EVERY_ITEM, Follow
from shared.pipeline import Stage
from shared.wire.config import wire
from tests.support.house import House

FORMS = ("rss", "atom", "json")
SECRET = {
    "headline": "Zyxwvut",
    "body_text": "Zyxwvut of Saudi Arabia and Iraq agreed on crude output. Saudi Arabia and Iraq will share it.",
    "byline": "Zyxwvut",
    "keywords": ["Zyxwvut"],
}


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A wire file with other words about advisories."""

    def say(**words: bool) -> None:
        changed = wire().model_copy(update=words)
        monkeypatch.setattr(stages, "wire", lambda: changed)

    return say


def kinds(house: House) -> list[str]:
    """What stands in the feed of everything, by the first words of its titles."""
    return [title.partition(":")[0] for _, title in house.entries()]


def refreshes(house: House) -> None:
    """Every document is put together again."""
    house.asks(Follow(stage=Stage.REFRESH, item=EVERY_ITEM, revision=0, edition="en"))
    house.works()


def test_a_kill_is_a_new_entry_in_every_feed_edition_and_format_that_had_the_story_and_says_no_word_of_it(house: House) -> None:
    story = house.pushes(**SECRET)["story"]
    house.works()
    house.translates(story, headline="Zyxwvut", body_html="<p>Zyxwvut</p>")
    house.works()
    had = {(feed, form, edition) for feed in wire().feed_names() for form in FORMS for edition in ("en", "ar")
           if house.entries(feed, form, edition)}  # fmt: skip
    assert {feed for feed, _, _ in had} == {"all", "arab"}
    house.pushes(version=2, pubstatus="canceled", killreason="legal", **SECRET)
    house.works()
    for feed, form, edition in had:
        first, notice = house.entries(feed, form, edition)
        assert first[0].startswith(f"tag:barq.example,2024:advisory:{story}:{edition}:")
        assert notice[0] == f"tag:barq.example,2024:{story}:{edition}"
        assert story in first[1]
        assert b"Zyxwvut" not in house.document(feed, form, edition)
    assert house.entries()[0][1] == f"KILL ADVISORY: story {story} is withdrawn"


def test_it_goes_with_the_notice_after_its_time_and_stands_on_no_page_and_in_no_list(house: House) -> None:
    house.pushes(**SECRET)
    house.works()
    house.pushes(version=2, pubstatus="canceled", **SECRET)
    house.works()
    reader = house.client(app)
    for path in ("/en/feeds/all.atom?page=1", "/en/", "/v1/stories", "/en/feeds/search.atom", "/sitemap.xml"):
        assert "advisory" not in reader.get(path).text.lower()
    again = house.document(form="atom")
    refreshes(house)
    assert house.document(form="atom") == again
    with house.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE entries SET updated_at = updated_at - %s", (NOTICE_STAYS,))
    refreshes(house)
    assert kinds(house) == ["KILLED"]


def test_a_wire_that_wants_none_has_none(house: House, says: Any) -> None:
    says(advisories=False)
    house.pushes(**SECRET)
    house.works()
    house.pushes(version=2, pubstatus="canceled", **SECRET)
    house.works()
    assert kinds(house) == ["KILLED"]


def test_a_correction_has_one_by_choice_and_loses_it_when_the_story_is_killed(house: House, says: Any) -> None:
    says(correction_advisories=True)
    house.pushes(headline="Zyxwvut")
    house.works()
    house.pushes(version=2, headline="Zyxwvut mended", correction={"note": "Zyxwvut was wrong"})
    house.works()
    assert [title for _, title in house.entries()] == ["Correction: Zyxwvut mended", "Zyxwvut mended"]
    assert b"Zyxwvut was wrong" in house.document(form="atom").partition(b"</entry>")[0]
    house.pushes(version=3, pubstatus="canceled")
    house.works()
    assert kinds(house) == ["KILL ADVISORY", "KILLED"]
    assert b"Zyxwvut" not in house.document(form="json")


def test_a_held_story_has_none(house: House) -> None:
    house.pushes(**SECRET)
    house.works()
    house.pushes(version=2, pubstatus="withheld", **SECRET)
    house.works()
    assert kinds(house) == ["HELD"]
