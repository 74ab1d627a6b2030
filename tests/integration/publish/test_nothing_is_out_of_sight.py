"""What was accepted is readable or says why not: languages, doubts, holds, refusals, and texts that are sent twice."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.clock import utc_now
from shared.contracts.story import KILLED_FOR_GOOD
from shared.wire.config import DEFAULT_FILE
from tests.support.editor import EditorAtDesk
from tests.support.engine_servers import EngineServer
from tests.support.factories import sent
from tests.support.house import House
from tests.support.loopback import serving, use_wire_file

FRENCH = "Le ministre a dit lundi que les prix du pétrole ont reculé après la réunion, et que le gouvernement va réagir."

#: English flashes, as agencies send them without a language
FLASHES = (
    ("Brent up 1.2 pct", "Brent crude futures up 1.2 pct at $81.20/bbl; WTI up 1.1 pct."),
    ("Putin, Erdogan meet in Istanbul", "Vladimir Putin, Recep Tayyip Erdogan hold talks in Istanbul."),
    ("Aramco Q3 profit $27 bln", "Saudi Aramco posts Q3 net profit of $27 bln vs $26 bln."),
    ("Real Madrid beat Barcelona 3-0", "Vinicius, Bellingham, Mbappe score. Santiago Bernabeu, Madrid."),
    ("Merkel dies", "Merkel dies."),
)
BRIEFS = (
    "وفاة ميركل", "النفط 81.20 دولار", "ريال مدريد 3 برشلونة 0", "إضراب في تونس", "زلزال في المغرب", "أرامكو تربح 27 مليارا",
    "لقاء في إسطنبول", "الذهب يرتفع", "حريق في بيروت", "انتخابات في العراق", "إغلاق الميناء", "عودة الرحلات إلى دمشق",
)  # fmt: skip


def without_language(**fields: Any) -> dict[str, Any]:
    item = sent(**fields)
    del item["language"]
    return item


def told(house: House, accepted: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = house.newsroom().get(accepted["status"]).json()
    return answer


def push(house: House, item: dict[str, Any]) -> dict[str, Any]:
    answer = house.newsroom().post("/v1/items", json=item)
    assert answer.status_code == 202, answer.text
    accepted: dict[str, Any] = answer.json()["accepted"][0]
    return accepted


# ── Languages ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_english_flashes_and_arabic_briefs_without_a_language_are_in_their_editions(house: House) -> None:
    flashes = [without_language(uri=f"urn:en:{n}", headline=h, body_text=t) for n, (h, t) in enumerate(FLASHES)]
    briefs = [without_language(uri=f"urn:ar:{n}", headline=line, body_text=line) for n, line in enumerate(BRIEFS)]
    house.pushes_many([*flashes, *briefs])
    house.works()
    assert sorted(house.titles(edition="en")) == sorted(headline for headline, _ in FLASHES)
    assert sorted(house.titles(edition="ar")) == sorted(BRIEFS)


def test_a_correction_whose_language_looks_otherwise_goes_where_its_story_is(house: House) -> None:
    push(house, without_language(headline="Aramco Q3 profit $27 bln", body_text="Saudi Aramco posts Q3 net profit."))
    house.works()
    push(house, without_language(version=2, headline="Merkel, Macron: non", body_text=FRENCH, signal="correction"))
    house.works()
    assert house.titles(edition="en") == ["Merkel, Macron: non"]


def test_a_language_that_is_usual_for_a_sender_is_kept_and_decides_what_is_doubtful(house: House) -> None:
    house.pushes_many([sent(uri=f"urn:fr:{n}", language="fr") for n in range(3)])
    house.works()
    doubtful = push(house, without_language(uri="urn:fr:x", headline="Merkel, Macron", body_text="Merkel, Macron."))
    house.works()
    assert told(house, doubtful)["reason"].startswith("no-edition")
    assert [row.recent for row in house.rows("SELECT recent FROM usual_languages")] == [["fr", "fr", "fr"]]


@pytest.mark.parametrize("is_said", [True, False])
def test_a_language_of_no_edition_is_held_and_says_so(house: House, is_said: bool) -> None:
    item = sent(headline="Le ministre", body_text=FRENCH, language="fr")
    accepted = push(house, item if is_said else {name: item[name] for name in item if name != "language"})
    assert accepted["held"] == ("no-edition" if is_said else None)
    assert any("no edition" in note for note in accepted["notes"]) == is_said
    house.works()
    answer = told(house, accepted)
    assert (answer["state"], answer["reason"].partition(":")[0], answer["feeds"]) == ("held", "no-edition", [])
    assert house.titles(edition="en") == house.titles(edition="ar") == []


def test_a_person_translates_a_held_story_and_it_is_public_there_alone(house: House) -> None:
    accepted = house.pushes(headline="Le ministre", body_text=FRENCH, language="fr")
    house.works()
    from services.translation.app import app

    waiting = house.client(app).get("/v1/translations?edition=en").json()["waiting"]
    assert [row["story"] for row in waiting] == [accepted["story"]]
    house.translates(accepted["story"], "en", headline="The minister", body_html="<p>Prices fell.</p>")
    house.works()
    assert (house.titles(edition="en"), house.titles(edition="ar")) == (["The minister"], [])
    assert told(house, accepted)["state"] == "published"
    house.pushes(version=2, pubstatus="canceled")
    house.works()
    assert "KILLED" in house.titles(edition="en")[0]


def test_a_translation_that_came_before_the_story_was_held_publishes_it(house: House) -> None:
    accepted = house.pushes(headline="Le ministre", body_text=FRENCH, language="fr")
    house.translates(accepted["story"], "en", headline="The minister", body_html="<p>Prices fell.</p>")
    house.works()
    assert house.titles(edition="en") == ["The minister"]


def test_an_engine_translates_a_held_story_and_it_is_public_with_that(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    EngineServer.fresh()
    with serving(EngineServer) as url:
        engines = f'\n[engines.first]\nkind = "libretranslate"\nurl = "{url}"\ntimeout_s = 2\n'
        source = DEFAULT_FILE.read_text(encoding="utf-8").replace("# policy = ", 'engines = ["first"]\n# policy = ', 1)
        use_wire_file(source + engines, tmp_path, monkeypatch)
        accepted = house.pushes(
            headline="Ministers agreed on crude output in Riyadh.",
            body_text="They will meet again in June.",
            language="nl",  # what the engine knows of it is a phrase book
        )
        house.settles()
    assert told(house, accepted)["state"] == "published"
    assert (len(house.titles(edition="ar")), house.titles(edition="en")) == (1, [])


def test_a_version_in_another_language_leaves_the_public_story_as_it_is_and_is_held_itself(house: House) -> None:
    house.pushes()
    house.works()
    second = house.pushes(version=2, headline="Le ministre", body_text=FRENCH, language="fr")
    house.works()
    assert house.titles() == ["Ministers agree on output"]
    assert (told(house, second)["state"], "no edition" in told(house, second)["reason"]) == ("held", True)
    house.pushes(version=3, headline="Ministers agree again")
    house.works()
    assert (house.titles(), told(house, second)["state"]) == (["Ministers agree again"], "superseded")


def test_a_correction_that_moves_a_story_to_another_edition_leaves_no_wrong_text_behind(house: House) -> None:
    house.pushes(headline="It was 100", body_text="It was a hundred.")
    house.works()
    house.pushes(version=2, language="ar", headline="كانت عشرة", body_text="كانت عشرة.", signal="correction")
    house.works()
    assert house.titles(edition="ar") == ["كانت عشرة"]
    assert "100" not in house.document(edition="en").decode()


# ── Doubts ───────────────────────────────────────────────────────────────────────────────────────────────────────


def doubted(**fields: Any) -> dict[str, Any]:
    item = {
        "uri": "urn:newsroom:1", "version": 1, "language": "en", "headline": "Half of it is mojibake", "body_html": "<p>Ø£Ø¹</p>",
        "doubt": "encoding", "doubt_note": "its letters make no sense",
    }  # fmt: skip
    return {"wire_item": {**item, **fields}}


def test_what_is_doubted_is_held_with_its_reason_and_never_shown(house: House) -> None:
    accepted = push(house, doubted())
    house.works()
    assert accepted["held"] == "encoding"
    answer = told(house, accepted)
    assert (answer["state"], answer["reason"]) == ("held", "encoding: its letters make no sense")
    assert house.titles() == []


def test_a_doubted_version_of_a_public_story_is_held_and_the_story_stays(house: House) -> None:
    house.pushes()
    house.works()
    second = push(house, doubted(version=2))
    house.works()
    assert house.titles() == ["Ministers agree on output"]
    assert (told(house, second)["state"], "its letters make no sense" in told(house, second)["reason"]) == ("held", True)


# ── Holds ────────────────────────────────────────────────────────────────────────────────────────────────────────


def other_sender(house: House) -> Any:
    from fastapi.testclient import TestClient

    from services.ingest.routes import app

    return TestClient(app, headers={"authorization": f"Bearer {house.key(name='partner')}"})


def test_a_senders_hold_is_released_by_the_same_sender_and_not_by_another(house: House) -> None:
    house.pushes()
    house.works()
    house.pushes(version=2, pubstatus="withheld")
    house.works()
    third = sent(version=3, headline="Another sender's")
    answer = other_sender(house).post("/v1/items", json=third).json()["accepted"][0]
    assert any("another sender holds the story back" in note for note in answer["notes"])
    house.works()
    assert house.titles()[0].startswith("HELD")
    assert (told(house, answer)["state"], "another sender" in told(house, answer)["reason"]) == ("withheld", True)
    house.pushes(version=4, headline="Right again")
    house.works()
    assert house.titles() == ["Right again"]


def test_nobody_is_a_person_at_the_desk_by_saying_so(house: House) -> None:
    push(house, doubted(pubstatus="withheld", is_from_desk=True, doubt=None))
    house.works()
    assert [row.is_desk_hold for row in house.rows("SELECT is_desk_hold FROM stories")] == [False]


# ── What a sender sent, and what became of it ────────────────────────────────────────────────────────────────────


def test_a_sender_finds_what_was_held_and_what_was_refused(house: House) -> None:
    house.pushes()
    late = house.pushes(version=2, embargoed=(utc_now() + timedelta(hours=1)).isoformat())
    held = house.pushes(uri="urn:fr", language="fr")
    house.works()
    other_sender(house).post("/v1/items", json=sent(uri="urn:theirs", language="fr"))
    house.works()

    def listed(query: str) -> list[str]:
        return [row["item"] for row in house.newsroom().get(f"/v1/items?{query}").json()["items"]]

    assert listed("state=held") == [held["item"]]
    assert listed("refused=true") == [late["item"]]
    assert len(listed("")) == 3
    assert len(listed("everyone=true")) == 4
    assert listed(f"since={(utc_now() + timedelta(minutes=1)).isoformat().replace('+', '%2B')}") == []


def test_the_list_goes_on_where_the_page_before_it_ended(house: House) -> None:
    house.pushes_many([sent(uri=f"urn:{n}") for n in range(5)])
    found: list[str] = []
    address: str | None = "/v1/items?limit=2&state=accepted"
    while address:
        page = house.newsroom().get(address).json()
        found += [row["uri"] for row in page["items"]]
        address = page["next"]
    assert found == [f"urn:{n}" for n in (4, 3, 2, 1, 0)]


def test_a_version_that_comes_after_the_kill_is_said_to_be_killed(house: House) -> None:
    house.pushes()
    house.pushes(version=2, pubstatus="canceled")
    house.works()
    late = house.pushes(version=3)
    house.works()
    assert KILLED_FOR_GOOD in late["notes"]
    assert (told(house, late)["state"], told(house, late)["reason"]) == (
        "killed", KILLED_FOR_GOOD,
    )  # fmt: skip


def test_what_replaces_a_killed_story_without_saying_when_it_was_written_hears_that_nobody_sees_it(house: House) -> None:
    house.pushes()
    house.pushes(version=2, pubstatus="canceled")
    house.works()
    again = house.pushes(uri="urn:newsroom:again", replaces="urn:newsroom:1")
    house.works()
    assert KILLED_FOR_GOOD in again["notes"]
    assert told(house, again)["state"] == "killed"


# ── Texts that are sent twice ────────────────────────────────────────────────────────────────────────────────────

BULLETIN = (
    "Winds of {speed} km/h are expected on {day}. The national weather service issues this bulletin for the coastal "
    "districts and asks residents to follow the instructions of the civil defence at all times. Boats should stay in port. "
) * 3


def test_a_bulletin_with_one_headline_and_other_figures_is_a_story_each_day(house: House) -> None:
    for number, (speed, day) in enumerate([(60, "Monday"), (120, "Tuesday"), (120, "Wednesday")]):
        house.pushes(uri=f"urn:{number}", headline="Weather bulletin", body_text=BULLETIN.format(speed=speed, day=day))
        house.works()
    assert house.titles() == ["Weather bulletin"] * 3


def test_a_bulletin_of_another_provider_with_other_figures_is_published_too(house: House) -> None:
    for speed, provider in ((60, "Levant"), (120, "Gulf")):
        body = BULLETIN.format(speed=speed, day="Monday")
        house.pushes(uri=f"urn:{speed}", headline="Weather bulletin", body_text=body, provider={"name": provider})
    house.works()
    assert house.titles() == ["Weather bulletin"] * 2


def test_a_providers_own_text_under_another_uri_is_published_and_the_sender_is_told(house: House) -> None:
    body = BULLETIN.format(speed=60, day="Monday")
    first = house.pushes(uri="urn:1", headline="Weather bulletin", body_text=body)
    second = house.pushes(uri="urn:2", headline="Weather bulletin", body_text=body)
    house.works()
    assert house.titles() == ["Weather bulletin"] * 2
    assert told(house, second)["reason"] == f"another story has this text: {first['story']}"


@pytest.mark.parametrize(("headline", "body"), [("Minister resigns", "Resigned."), ("Minister resigns", "He said so himself.")])
@pytest.mark.parametrize("taken_back", ["killed", "held at the desk", "under embargo"])
def test_a_few_words_that_were_taken_back_do_not_come_out_by_another_provider(
    house: House, taken_back: str, headline: str, body: str
) -> None:
    embargo = {"embargoed": f"{utc_now() + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"} if taken_back == "under embargo" else {}
    first = house.pushes(uri="urn:1", headline=headline, body_text=body, **embargo)
    house.works()
    if taken_back == "killed":
        house.pushes(uri="urn:1", version=2, pubstatus="canceled")
    elif taken_back == "held at the desk":
        EditorAtDesk(house).acts(first["story"], "withhold")
    house.works()
    second = house.pushes(uri="urn:2", headline=headline, body_text=body, provider={"name": "Gulf"})
    other = house.pushes(uri="urn:3", headline=f"{headline} at 5", body_text=body, provider={"name": "Gulf"})
    house.works()
    assert (told(house, second)["state"], told(house, other)["state"]) == ("internal", "published")
    assert told(house, second)["reason"].startswith(f"another story has this text: {first['story']}")


def test_a_few_words_that_two_agencies_have_each_are_published_twice(house: House) -> None:
    for number, provider in enumerate(("Levant", "Gulf")):
        house.pushes(uri=f"urn:{number}", headline="Minister resigns today", body_text="Resigned.", provider={"name": provider})
        house.works()
    assert house.titles() == ["Minister resigns today"] * 2


def test_another_providers_text_is_put_aside_and_the_sender_is_told_whose_it_is(house: House) -> None:
    body = BULLETIN.format(speed=60, day="Monday")
    first = house.pushes(uri="urn:1", headline="Weather bulletin", body_text=body)
    second = house.pushes(uri="urn:2", headline="Weather bulletin", body_text=body, provider={"name": "Gulf"})
    house.works()
    assert (house.titles(), told(house, second)["state"]) == (["Weather bulletin"], "internal")
    assert told(house, second)["reason"].startswith(f"another story has this text: {first['story']}")


def test_a_version_without_a_language_in_another_script_moves_its_story_and_the_sender_is_told(house: House) -> None:
    house.pushes()
    house.works()
    arabic = "اتفق وزراء السعودية والعراق اليوم في بغداد على خفض إنتاج النفط الخام، كما قال المتحدث باسم الوزارة."
    item = without_language(version=2, headline="اتفاق الوزراء على الإنتاج", body_text=arabic)
    (second,) = house.pushes_many([item])["accepted"]
    house.works()
    assert house.titles(edition="ar") == ["اتفاق الوزراء على الإنتاج"]
    assert told(house, second)["reason"] == "its text is in another script: the story moves from edition en to ar"
