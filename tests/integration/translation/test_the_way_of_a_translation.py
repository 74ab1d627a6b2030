"""From memory what is known, from engines the rest, through the gates; and what happens when engines are ill."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from services.translation import queries, sentences
from services.translation.engines import circuit
from services.translation.text.segments import StoryText
from shared.clock import utc_now
from shared.pipeline import Stage
from shared.status import take_census
from shared.wire.config import DEFAULT_FILE, wire
from tests.support.engine_servers import PHRASES, EngineServer
from tests.support.house import House
from tests.support.loopback import serving, use_wire_file

FIRST = "Ministers agreed on crude output in Riyadh."
PRICE = "The price rose by 5 percent to 82 dollars."
NEW_PRICE = "The price rose by 6 percent to 83 dollars."
LAST = "They will meet again in June."


@pytest.fixture
def url(house: House) -> Iterator[str]:
    """The address of an engine that knows a few phrases."""
    EngineServer.fresh()
    with serving(EngineServer) as address:
        yield address


def arabic_edition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, engines: str, lines: str = "") -> None:
    source = DEFAULT_FILE.read_text(encoding="utf-8").replace("# policy = ", f"{lines}\n# policy = ", 1) + engines
    use_wire_file(source, tmp_path, monkeypatch)


def one_engine(url: str, kind: str = "libretranslate", extra: str = "") -> str:
    return f'\n[engines.first]\nkind = "{kind}"\nurl = "{url}"\ntimeout_s = 0.5\n{extra}\n'


@pytest.fixture
def ill(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> type[EngineServer]:
    """An edition with this one engine."""
    arabic_edition(tmp_path, monkeypatch, engines=one_engine(url), lines='engines = ["first"]')
    return EngineServer


def pushes(house: House, *sentences: str, **fields: object) -> str:
    """A story of a paragraph for each sentence."""
    return str(house.pushes(body_text="\n\n".join(sentences or (FIRST, PRICE, LAST)), **fields)["story"])


def sentences_asked() -> list[str]:
    return [text for asked in EngineServer.asked for text in asked["q"]]


def arabic_text(house: House) -> str:
    return house.document("all", "json", "ar").decode()


@pytest.mark.parametrize("kind", ["libretranslate", "deepl", "chat"])
def test_a_story_is_published_by_each_engine_that_speaks_http(
    house: House, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setenv("BARQ_ENGINE_KEY_FIRST", "s3cret")
    arabic_edition(tmp_path, monkeypatch, engines=one_engine(url, kind, 'model = "m"'), lines='engines = ["first"]')
    pushes(house)
    house.works()
    assert house.titles(edition="ar") == ["الوزراء يتفقون على الإنتاج"]
    assert "بنسبة 5 في المئة إلى 82 دولاراً." in arabic_text(house)
    shown = {**EngineServer.headers_seen[0], **EngineServer.asked[0]}
    assert "s3cret" in str(shown.get("api_key")) + str(shown.get("authorization"))


def test_what_people_translated_before_is_a_text_without_any_engine(house: House) -> None:
    first = pushes(house)
    body = "<p>اتفق الوزراء في الرياض.</p><p>صعد السعر.</p><p>سيلتقون في يونيو.</p>"
    assert house.translates(first, body_html=body).status_code == 202
    house.works()
    pushes(house, LAST, FIRST, uri="urn:newsroom:2")
    house.works()
    assert len(house.titles(edition="ar")) == 2
    rows = house.rows("SELECT * FROM translations ORDER BY made_at DESC")
    assert (rows[0].method, rows[0].translator) == ("memory", "Layla")
    assert "سيلتقون في يونيو.</p>\\n<p>اتفق الوزراء في الرياض." in arabic_text(house)


def test_a_correction_of_one_paragraph_asks_for_one_paragraph(house: House, ill: type[EngineServer]) -> None:
    pushes(house)
    house.works()
    assert len(sentences_asked()) == 4
    ill.asked.clear()
    pushes(house, FIRST, NEW_PRICE, LAST, version=2, signal="correction")
    house.works()
    assert sentences_asked() == [NEW_PRICE]
    assert "بنسبة 6 في المئة إلى 83 دولاراً." in arabic_text(house)
    assert "تصحيح:" in arabic_text(house)


def test_a_persons_sentence_survives_a_correction(house: House, ill: type[EngineServer]) -> None:
    story = pushes(house)
    house.works()
    body = "<p>اتفق الوزراء أمس في الرياض على الخام.</p><p>ارتفع السعر 5 في المئة إلى 82 دولاراً.</p><p>الموعد يونيو.</p>"
    house.translates(story, body_html=body)
    house.works()
    pushes(house, FIRST, NEW_PRICE, LAST, version=2, signal="correction")
    house.works()
    text = arabic_text(house)
    assert "اتفق الوزراء أمس في الرياض على الخام." in text
    assert "الموعد يونيو." in text
    assert "بنسبة 6 في المئة إلى 83 دولاراً." in text
    newest = house.rows("SELECT * FROM translations ORDER BY revision DESC LIMIT 1")[0]
    assert (newest.method, newest.translator) == ("machine", "Layla, libretranslate")


def test_a_persons_text_that_cannot_be_laid_beside_its_source_is_not_replaced_by_a_machines(
    house: House, ill: type[EngineServer]
) -> None:
    story = pushes(house)
    house.translates(story, body_html="<p>كل شيء في فقرة واحدة.</p>")
    house.works()
    pushes(house, FIRST, NEW_PRICE, LAST, version=2)
    house.works()
    assert "كل شيء في فقرة واحدة." in arabic_text(house)
    waiting = house.rows("SELECT * FROM translations WHERE state = 'waiting'")
    assert [(row.method, row.revision) for row in waiting] == [("machine", 2)]


@pytest.mark.parametrize("mode", ["hangs", "429", "500", "half", "too few", "wrong language"])
def test_an_engine_that_is_ill_delays_nobody_and_its_edition_catches_up_by_itself(
    house: House, ill: type[EngineServer], mode: str
) -> None:
    ill.mode = mode
    stories = [pushes(house, uri=f"urn:newsroom:{n}", headline=f"Ministers agree on output {n}") for n in (1, 2, 3)]
    house.works()
    assert len(house.titles(edition="en")) == len(stories)
    assert house.titles(edition="ar") == []
    assert house.rows("SELECT 1 FROM work WHERE state = 'dead'") == []
    ill.mode = "well"
    for n in (1, 2, 3):
        PHRASES[f"Ministers agree on output {n}"] = f"الوزراء يتفقون على الإنتاج {n}"
    _pauses_are_over()
    house.time_passes(hours=2)
    house.works()
    assert len(house.titles(edition="ar")) == len(stories)


def _pauses_are_over() -> None:
    for one in circuit._circuits.values():
        one.open_until = None


def test_an_engine_that_is_down_is_not_asked_for_every_story(house: House, ill: type[EngineServer]) -> None:
    ill.mode = "500"
    for n in range(8):
        pushes(house, uri=f"urn:newsroom:{n}", headline=f"Ministers agree {n}")
    house.works()
    assert len(ill.asked) == 2
    assert {row.state for row in house.work() if row.stage == "translate"} == {"due"}


def test_ops_see_which_edition_waits_for_an_engine_and_what_it_answers(house: House, ill: type[EngineServer]) -> None:
    ill.mode = "500"
    pushes(house)
    house.works()
    with house.engine.connect() as connection:
        census = take_census(connection, wire=wire(), broker_answers=True, now=utc_now())
    (row,) = [row for row in census.editions if row.edition == "ar"]
    assert (row.engine, row.waiting) == ("libretranslate", 1)
    assert "answered 500" in row.silent


def test_the_next_engine_is_asked_for_what_the_first_got_wrong(
    house: House, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BARQ_ENGINE_KEY_SECOND", "k:fx")
    with serving(_OneWrongNumber) as wrong:
        engines = one_engine(wrong) + f'\n[engines.second]\nkind = "deepl"\nurl = "{url}"\n'
        arabic_edition(tmp_path, monkeypatch, engines=engines, lines='engines = ["first", "second"]')
        pushes(house)
        house.works()
    assert [asked["text"] for asked in EngineServer.asked if "text" in asked] == [[PRICE]]
    assert "بنسبة 5 في المئة إلى 82 دولاراً." in arabic_text(house)
    (row,) = house.rows("SELECT * FROM translations")
    assert row.translator == "libretranslate, deepl"


class _OneWrongNumber(EngineServer):
    def _told(self, text: str) -> str:
        return super()._told(text).replace("82", "28")


def test_what_no_engine_gets_right_waits_for_a_person_with_the_reason(
    house: House, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(_OneWrongNumber) as wrong:
        arabic_edition(tmp_path, monkeypatch, engines=one_engine(wrong), lines='engines = ["first"]')
        pushes(house)
        house.works()
        for _ in range(5):
            house.time_passes(hours=2)
            house.works()
    assert house.titles(edition="ar") == []
    (row,) = house.rows("SELECT * FROM translations")
    faults = [fault for segment in row.segments for fault in segment["faults"]]
    assert (row.state, row.tries) == ("waiting", 5)
    assert faults == [["numbers", "82 is missing"], ["numbers", "28 is not in the source"]]
    assert {work.state for work in house.work() if work.stage == "translate"} == {"done"}


def test_figures_are_asked_of_nobody(house: House, ill: type[EngineServer]) -> None:
    table = "<table><tbody><tr><td>82.5</td><td>1,200</td></tr></tbody></table>"
    house.pushes(body_text=None, body_html=f"<p>{FIRST}</p>{table}")
    house.works()
    assert sentences_asked() == ["Ministers agree on output", FIRST]
    assert "<td>82.5</td>\\n<td>1,200</td>" in arabic_text(house)


def test_a_persons_draft_outlives_the_machines_text(house: House, ill: type[EngineServer]) -> None:
    from services.translation.app import app

    ill.mode = "500"
    story = pushes(house)
    house.works()
    client = house.client(app)
    path = f"/v1/stories/{story}/editions/ar/segments"
    body = {"revision": 1, "targets": ["عنواني", "", "", ""], "translator": "Layla"}
    assert client.put(path, json=body).status_code == 202
    ill.mode = "well"
    _pauses_are_over()
    house.time_passes(hours=1)
    house.works()
    assert house.titles(edition="ar") == ["الوزراء يتفقون على الإنتاج"]
    assert client.get(path).json()["segments"][0]["target"] == "عنواني"


def test_an_edition_may_publish_nothing_that_nobody_has_seen(
    house: House, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = 'engines = ["first"]\npolicy = "reviewed-only"'
    arabic_edition(tmp_path, monkeypatch, engines=one_engine(url), lines=lines)
    pushes(house)
    house.works()
    assert house.titles(edition="ar") == []
    assert [row.state for row in house.rows("SELECT state FROM translations")] == ["waiting"]


def test_readers_are_told_of_a_machine_unless_the_edition_says_not_to(
    house: House, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = 'engines = ["first"]\npolicy = "machine"'
    arabic_edition(tmp_path, monkeypatch, engines=one_engine(url), lines=lines)
    pushes(house)
    house.works()
    assert len(house.titles(edition="ar")) == 1
    assert "ترجمة آلية" not in arabic_text(house)


def test_an_edition_may_want_some_feeds_only(house: House, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = 'engines = ["first"]\nfeeds = ["sport"]'
    arabic_edition(tmp_path, monkeypatch, engines=one_engine(url), lines=lines)
    pushes(house)
    house.works()
    assert (house.titles(edition="ar"), EngineServer.asked) == ([], [])


def test_a_months_characters_are_not_overdrawn(house: House, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engines = one_engine(url, extra="characters_per_month = 160")
    arabic_edition(tmp_path, monkeypatch, engines=engines, lines='engines = ["first"]')
    pushes(house)
    house.works()
    pushes(house, "The decision was welcomed in Cairo.", uri="urn:newsroom:2", headline=LAST)
    house.works()
    assert len(house.titles(edition="ar")) == 1
    assert len(EngineServer.asked) == 1
    (row,) = house.rows("SELECT * FROM engine_months")
    assert 0 < row.characters <= 160


def test_the_wires_own_terms_are_used_even_by_an_engine_that_does_not_know_them(house: House, ill: type[EngineServer]) -> None:
    from services.translation.app import app

    client = house.client(app)
    term = {"source": "Lavrov", "targets": ["لاوروف"], "kind": "person"}
    assert client.put("/v1/terms?edition=ar", json={"terms": [term]}).status_code == 200
    assert client.get("/v1/terms?edition=ar").json() == {"terms": [term]}
    PHRASES["Minister  welcomed the decision."] = "ورحب الوزير بالقرار."
    pushes(house, "Minister Lavrov welcomed the decision.")
    house.works()
    assert "لاوروف" in arabic_text(house)
    assert client.delete("/v1/terms?edition=ar&source=Lavrov").status_code == 204
    assert client.delete("/v1/terms?edition=ar&source=Lavrov").status_code == 404


def test_a_month_that_an_engine_took_for_a_word_is_put_right(
    house: House, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Forgets(EngineServer):
        def _told(self, text: str) -> str:
            return super()._told(text).replace("يونيو", "مارش")

    PHRASES["They will meet again in ."] = "وسيجتمعون مرة أخرى في"
    with serving(Forgets) as address:
        arabic_edition(tmp_path, monkeypatch, engines=one_engine(address), lines='engines = ["first"]')
        pushes(house)
        house.works()
    assert "يونيو" in arabic_text(house)


def test_a_kill_while_it_is_translated_takes_the_translation_too(house: House, ill: type[EngineServer]) -> None:
    pushes(house)
    house.works()
    house.pushes(version=2, pubstatus="canceled", headline=None, body_text=None)
    house.works()
    titles = house.titles(edition="ar")
    assert titles[0].startswith("حُذف")
    assert "الرياض" not in json.dumps(json.loads(arabic_text(house)), ensure_ascii=False)


class _Meanwhile(EngineServer):
    """Something happens while it is asked for the first time."""

    happens: Callable[[], object] = staticmethod(lambda: None)

    def _told(self, text: str) -> str:
        happens, _Meanwhile.happens = _Meanwhile.happens, staticmethod(lambda: None)
        happens()
        return super()._told(text)


@pytest.fixture
def meanwhile(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[_Meanwhile]]:
    """An edition with this engine."""
    EngineServer.fresh()
    with serving(_Meanwhile) as address:
        engines = one_engine(address).replace("timeout_s = 0.5", "timeout_s = 20")
        arabic_edition(tmp_path, monkeypatch, engines=engines, lines='engines = ["first"]')
        yield _Meanwhile


def test_an_answer_for_a_text_that_was_corrected_meanwhile_is_nobodys(house: House, meanwhile: type[_Meanwhile]) -> None:
    pushes(house)
    house.works(*(stage for stage in Stage if stage is not Stage.TRANSLATE))

    def is_corrected() -> None:
        pushes(house, FIRST, NEW_PRICE, LAST, version=2, signal="correction")
        house.works(Stage.ENRICH, Stage.PUBLISH, Stage.RENDER, Stage.REFRESH)

    meanwhile.happens = staticmethod(is_corrected)
    house.works(Stage.TRANSLATE)
    assert house.rows("SELECT 1 FROM translations") == [], "its answer is dropped"
    house.works()
    assert [row.revision for row in house.rows("SELECT revision FROM translations")] == [2]
    assert "بنسبة 6 في المئة إلى 83 دولاراً." in arabic_text(house)
    assert sentences_asked().count(FIRST) == 1, "what was answered is remembered all the same"
    assert house.rows("SELECT 1 FROM work WHERE state <> 'done'") == []


def test_a_story_that_is_killed_while_an_engine_is_asked_gets_no_text(house: House, meanwhile: type[_Meanwhile]) -> None:
    pushes(house)
    house.works(*(stage for stage in Stage if stage is not Stage.TRANSLATE))

    def is_killed() -> None:
        house.pushes(version=2, pubstatus="canceled", headline=None, body_text=None)
        house.works(Stage.PUBLISH, Stage.RENDER, Stage.REFRESH)

    meanwhile.happens = staticmethod(is_killed)
    house.works()
    assert house.rows("SELECT 1 FROM translations") == []
    assert "الرياض" not in arabic_text(house)


@pytest.mark.parametrize("signed", [True, False])
def test_what_a_person_wrote_while_an_engine_was_asked_stands(house: House, meanwhile: type[_Meanwhile], signed: bool) -> None:
    from services.translation.app import app

    story = pushes(house)
    house.works(*(stage for stage in Stage if stage is not Stage.TRANSLATE))
    path, mine = f"/v1/stories/{story}/editions/ar/segments", ["عنواني", "جملتي", "سعري", "موعدي"]
    body = {"revision": 1, "targets": mine, "translator": "Layla", "sign": signed}
    meanwhile.happens = staticmethod(lambda: house.client(app).put(path, json=body))
    house.works()
    assert house.titles(edition="ar") == ["عنواني" if signed else "الوزراء يتفقون على الإنتاج"]
    kept = house.client(app).get(path).json()
    assert [segment["target"] for segment in kept["segments"]] == mine


def test_of_a_long_text_nothing_is_asked_twice_when_the_engine_falls_silent_in_its_middle(
    house: House, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sentences, "_MAX_TEXTS", 2)

    class Tires(EngineServer):
        """Answers one question."""

        def _answer(self, status: int, answer: dict[str, Any], *, half: bool = False) -> None:
            super()._answer(status if len(self.asked) == 1 else 500, answer, half=half)

    with serving(Tires) as address:
        arabic_edition(tmp_path, monkeypatch, engines=one_engine(address), lines='engines = ["first"]')
        pushes(house)
        house.works()
        assert sentences_asked()[:4] == ["Ministers agree on output", FIRST, PRICE, LAST]
        assert house.titles(edition="ar") == []
        EngineServer.asked.clear()  # so that it answers one more
        house.time_passes(minutes=2)
        _pauses_are_over()
        house.works()
    assert set(sentences_asked()) == {PRICE, LAST}
    assert house.titles(edition="ar") == ["الوزراء يتفقون على الإنتاج"]


def test_a_machines_text_never_takes_the_place_of_one_that_a_person_signed(house: House) -> None:
    story = pushes(house)
    house.works()
    as_it_came = queries.NewTranslation(
        story=story, edition="ar", revision=1, method="machine", translator="libretranslate",
        text=StoryText(headline="كما جاء", summary="", body_html="<p>نص</p>"),
    )  # fmt: skip
    signed = replace(as_it_came, text=replace(as_it_came.text, headline="كما وقع"), reviewed_by="Layla")
    with house.engine.begin() as connection:
        for translation in (as_it_came, signed, as_it_came):
            queries.write_translation(connection, translation, utc_now())
    assert [(row.headline, row.reviewed_by) for row in house.rows("SELECT * FROM translations")] == [("كما وقع", "Layla")]
