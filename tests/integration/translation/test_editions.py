"""The other edition: by people, by an engine, never looser than its source."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.pipeline import Stage
from shared.wire.config import DEFAULT_FILE, wire
from tests.support.engine_servers import EngineServer
from tests.support.house import House
from tests.support.loopback import serving, use_wire_file


def test_a_persons_translation_is_in_the_feeds_of_its_edition(house: House) -> None:
    story = house.pushes()["story"]
    house.works()
    assert house.translates(story).status_code == 202
    house.works()
    for form in ("rss", "atom", "json"):
        assert house.titles("arab", form, "ar") == ["اتفاق الوزراء على الإنتاج"]


def test_a_translation_that_comes_before_its_story_is_published_waits_for_it(house: House) -> None:
    story = house.pushes()["story"]
    assert house.translates(story, revision=1).status_code == 202
    house.works()
    assert len(house.titles(edition="ar")) == 1


def test_a_better_translation_replaces_the_first_and_is_newer(house: House) -> None:
    story = house.pushes()["story"]
    house.translates(story)
    house.works()
    (before,) = house.rows("SELECT updated_at, published_at FROM entries WHERE edition = 'ar' AND format = 'rss'")
    house.translates(story, headline="عنوان أفضل")
    house.works()
    (after,) = house.rows("SELECT updated_at, published_at FROM entries WHERE edition = 'ar' AND format = 'rss'")
    assert house.titles(edition="ar") == ["عنوان أفضل"]
    assert after.updated_at > before.updated_at
    assert after.published_at == before.published_at


def test_an_update_leaves_the_translation_and_a_correction_holds_it_until_it_is_new(house: House) -> None:
    story = house.pushes()["story"]
    house.translates(story)
    house.pushes(version=2, headline="More")
    house.works()
    assert house.titles(edition="ar") == ["اتفاق الوزراء على الإنتاج"]
    house.pushes(version=3, signal="correction", headline="Right")
    house.works()
    assert house.titles(edition="ar") == [f"موقوف: الخبر {story}"]
    house.translates(story, headline="الصحيح", revision=3)
    house.works()
    assert house.titles(edition="ar") == ["الصحيح"]


def test_a_text_that_came_before_its_story_was_public_is_read_though_an_update_came_with_it(house: House) -> None:
    story = house.pushes()["story"]
    house.translates(story)
    house.works(Stage.RENDER)  # there is nothing to be rendered yet
    house.pushes(version=2, headline="More")
    house.works()
    assert house.titles(edition="ar") == ["اتفاق الوزراء على الإنتاج"]


def test_a_text_that_came_before_its_story_was_public_is_not_read_beside_a_correction(house: House) -> None:
    story = house.pushes()["story"]
    house.translates(story)
    house.works(Stage.RENDER)
    house.pushes(version=2, headline="Right", signal="correction")
    house.works()
    assert house.titles(edition="ar") == []


@pytest.mark.parametrize(
    ("words", "shown"), [("Right", "موقوف: الخبر {}"), ("Ministers agree on output", "اتفاق الوزراء على الإنتاج")]
)
def test_a_release_with_other_words_holds_the_translation_until_it_is_new(house: House, words: str, shown: str) -> None:
    story = house.pushes()["story"]
    house.translates(story)
    house.works()
    house.pushes(version=2, headline="Ministers agree on output", pubstatus="withheld")
    house.works()
    house.pushes(version=3, headline=words)
    house.works()
    assert house.titles(edition="ar") == [shown.format(story)]
    house.translates(story, headline="الصحيح", revision=3)
    house.works()
    assert house.titles(edition="ar") == ["الصحيح"]


@pytest.mark.parametrize(
    ("edition", "fields", "status", "says"),
    [
        ("xx", {}, 404, "it has en, ar"),
        ("en", {}, 409, "push a new version"),
        ("ar", {"headline": ""}, 422, "missing or wrong"),
        ("ar", {"body_html": "<script>1</script>"}, 422, "missing or wrong"),
        ("ar", {"revision": 7}, 422, "at revision 1"),
        ("ar", {"translator": None}, 422, "missing or wrong"),
    ],
)
def test_a_translation_that_cannot_be_is_refused_with_advice(
    house: House, edition: str, fields: dict[str, object], status: int, says: str
) -> None:
    story = house.pushes()["story"]
    house.works()
    answer = house.translates(story, edition, **fields)
    assert (answer.status_code, says in answer.json()["detail"]) == (status, True)


def test_no_story_and_a_killed_story_take_no_translation(house: House) -> None:
    assert house.translates("BARQ01012026000000000001ID0000000009").status_code == 404
    story = house.pushes(pubstatus="canceled")["story"]
    house.works()
    assert house.translates(story).status_code == 410


@pytest.fixture
def engine(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[EngineServer]]:
    """The Arabic edition with an engine that answers on loopback."""
    EngineServer.fresh()
    with serving(EngineServer) as url:
        source = DEFAULT_FILE.read_text(encoding="utf-8").replace(
            "# policy = ", f'engine_url = "{url}"\nengine = "libretranslate"\n# policy = ', 1
        )
        use_wire_file(source, tmp_path, monkeypatch)
        assert wire().editions["ar"].engines == ("ar",)
        yield EngineServer


def test_an_engines_translation_is_published_and_says_that_it_is_a_machines(house: House, engine: type[EngineServer]) -> None:
    house.pushes()
    house.works()
    assert house.titles(edition="ar") == ["الوزراء يتفقون على الإنتاج"]
    assert "ترجمة آلية" in house.document(edition="ar").decode()
    assert {(a["source"], a["target"], a["format"]) for a in engine.asked} == {("en", "ar", "html")}


def test_a_persons_text_outranks_the_machines(house: House, engine: type[EngineServer]) -> None:
    story = house.pushes()["story"]
    house.works()
    house.translates(story)
    house.works()
    assert house.titles(edition="ar") == ["اتفاق الوزراء على الإنتاج"]


def test_an_engine_out_of_order_never_delays_its_source_and_is_asked_again(house: House, engine: type[EngineServer]) -> None:
    engine.mode = "429"
    house.pushes()
    house.works()
    assert len(house.titles(edition="en")) == 1
    assert house.titles(edition="ar") == []
    assert "answered 429: Slow down" in next(row.error for row in house.work() if row.stage == "translate")
    engine.mode = "well"
    house.time_passes(minutes=1)
    house.works()
    assert len(house.titles(edition="ar")) == 1
