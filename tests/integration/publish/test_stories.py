"""What becomes of a story in every feed: pushed, updated, corrected, held, embargoed, killed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from shared.clock import utc_now
from shared.pipeline import Lane, Stage
from shared.queue import ledger
from shared.queue.rebuilding import every_filing
from shared.wire.config import DEFAULT_FILE
from tests.support.factories import sent
from tests.support.house import House
from tests.support.loopback import use_wire_file

FORMATS = ("rss", "atom", "json")
SECRET = "Abracadabra"


def in_an_hour() -> str:
    return (utc_now() + timedelta(hours=1)).isoformat()


@pytest.mark.parametrize("form", FORMATS)
def test_a_story_is_in_all_and_in_the_feeds_of_its_region_and_section(house: House, form: str) -> None:
    house.pushes(subject=[{"code": "medtop:11000000"}])
    house.works()
    in_feeds = [feed for feed in ("all", "arab", "politics", "asia", "sport") if house.titles(feed, form)]
    assert in_feeds == ["all", "arab", "politics"]


def test_an_update_replaces_the_text_under_the_same_entry(house: House) -> None:
    house.pushes()
    house.works()
    house.pushes(version=2, headline="Ministers agree at last")
    house.works()
    assert house.titles() == ["Ministers agree at last"]


def test_a_late_older_version_is_recorded_and_never_shown(house: House) -> None:
    house.pushes(version=2, headline="Second")
    house.works()
    house.pushes(version=1, headline="First")
    house.works()
    assert house.titles() == ["Second"]


def test_versions_that_travel_in_one_chunk_are_applied_in_their_order(house: House) -> None:
    house.pushes_many([sent(version=version, headline=f"Take {version}") for version in (3, 1, 2)])
    house.works()
    assert house.titles() == ["Take 3"]
    assert [row.act for row in house.rows("SELECT act FROM revisions ORDER BY revision")] == ["new", "update", "update"]


def test_stories_that_are_published_together_stand_in_the_order_in_which_they_came(house: House) -> None:
    providers = ["Tokyo Desk", "Levant Press Agency", "Gulf Business Desk", "Nobody Known", "Levant Press Agency"]
    for number, provider in enumerate(providers):
        house.pushes(uri=f"urn:{number}", headline=f"Number {number}", provider={"name": provider})
    house.works()
    assert house.titles() == [f"Number {number}" for number in (4, 3, 2, 1, 0)]


def test_a_correction_says_what_was_wrong_and_stays_through_later_updates(house: House) -> None:
    house.pushes()
    house.works()
    house.pushes(version=2, correction={"note": "It was 10, not 100."})
    house.pushes(version=3, headline="More")
    house.works()
    assert b"It was 10, not 100." in house.document()


def test_a_corrected_story_stays_in_every_feed_that_had_it(house: House) -> None:
    house.pushes(place=[{"code": "JP"}])
    house.works()
    house.pushes(version=2, place=[{"code": "FR"}], signal="correction", headline="In France", body_text="So it was.")
    house.works()
    assert house.titles("asia") == house.titles("europe") == ["In France"]


@pytest.mark.parametrize("form", FORMATS)
def test_a_kill_leaves_a_notice_and_no_word_of_the_text(house: House, form: str) -> None:
    story = house.pushes(headline=f"{SECRET} headline", body_text=f"{SECRET} body.", keywords=[SECRET])["story"]
    house.works()
    house.translates(story, headline=f"{SECRET} عنوان")
    house.works()
    house.pushes(version=2, pubstatus="canceled", headline=f"{SECRET} kill", body_text=SECRET)
    house.works()
    for edition, title in (("en", f"KILLED: story {story}"), ("ar", f"حُذف: الخبر {story}")):
        assert house.titles("all", form, edition) == [title]
        for feed in ("all", "arab"):
            assert SECRET.encode() not in house.document(feed, form, edition)


def test_a_kill_in_atom_has_a_tombstone_under_the_same_id(house: House) -> None:
    house.pushes()
    house.works()
    first = house.document(form="atom")
    house.pushes(version=2, pubstatus="canceled")
    house.works()
    killed = house.document(form="atom").decode()
    entry_id = first.decode().partition("<entry")[2].partition("<id>")[2].partition("</id>")[0]
    assert f'<at:deleted-entry ref="{entry_id}"' in killed
    assert f"<id>{entry_id}</id>" in killed


def test_a_kill_that_comes_before_its_story_blocks_it(house: House) -> None:
    house.pushes(version=2, pubstatus="canceled")
    house.works()
    house.pushes(version=1)
    house.works()
    assert house.titles() == []


def test_a_kill_overtakes_whatever_of_its_story_is_still_on_the_way(house: House) -> None:
    house.pushes(headline=SECRET)
    house.works(Stage.ENRICH, Stage.PUBLISH)
    house.pushes(version=2, pubstatus="canceled")
    house.works(Stage.PUBLISH)  # the first version waits to be rendered
    house.works()
    assert SECRET.encode() not in house.document()
    assert house.titles() == [house.titles()[0]]
    assert house.titles()[0].startswith("KILLED")


def test_a_hold_hides_the_text_and_a_release_brings_it_back(house: House) -> None:
    house.pushes(headline=SECRET)
    house.works()
    house.pushes(version=2, pubstatus="withheld")
    house.works()
    assert house.titles()[0].startswith("HELD")
    assert SECRET.encode() not in house.document()
    house.pushes(version=3, headline=SECRET)
    house.works()
    assert house.titles() == [SECRET]


def test_an_embargoed_story_is_nowhere_until_its_minute(house: House) -> None:
    accepted = house.pushes(headline=SECRET, embargoed=in_an_hour())
    house.works()
    assert house.rows("SELECT * FROM entries") == []
    assert all(row.entry_count == 0 for row in house.rows("SELECT entry_count FROM documents"))
    assert house.newsroom().get(accepted["status"]).json()["state"] == "embargoed"
    house.time_passes(hours=1)
    house.works()
    assert house.titles() == [SECRET]
    assert house.newsroom().get(accepted["status"]).json()["state"] == "published"


def test_a_clock_that_is_ahead_publishes_nothing_early_and_loses_no_lift(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.pushes(headline=SECRET, embargoed=(utc_now() + timedelta(seconds=40)).isoformat())
    with monkeypatch.context() as drifting:
        drifting.setattr(ledger, "utc_now", lambda: utc_now() + timedelta(seconds=59))
        house.works()
        assert house.rows("SELECT * FROM entries") == []
    house.time_passes(seconds=40)
    house.works()
    assert house.titles() == [SECRET]


def test_an_embargo_that_was_lengthened_is_not_lifted_at_the_first_minute(house: House) -> None:
    house.pushes(embargoed=in_an_hour())
    house.pushes(version=2, embargoed=(utc_now() + timedelta(hours=2)).isoformat())
    house.works()
    house.time_passes(hours=1)
    house.works()
    assert house.titles() == []
    house.time_passes(hours=1)
    house.works()
    assert len(house.titles()) == 1


def test_a_killed_embargo_is_never_lifted_and_leaves_no_trace(house: House) -> None:
    house.pushes(embargoed=in_an_hour())
    house.pushes(version=2, pubstatus="canceled")
    house.works()
    house.time_passes(hours=1)
    house.works()
    assert house.rows("SELECT * FROM entries") == []


def test_an_embargo_of_what_is_public_is_refused_in_the_answer(house: House) -> None:
    house.pushes()
    house.works()
    answer = house.newsroom().post("/v1/items", json=sent(version=2, embargoed=in_an_hour()))
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:barq:problem:already-public")
    assert "withhold it instead" in answer.json()["detail"]


def test_an_embargo_that_came_in_too_late_to_be_answered_is_refused_with_words_and_is_no_dead_letter(house: House) -> None:
    house.pushes()
    accepted = house.pushes(version=2, headline="Too late", embargoed=in_an_hour())
    house.works()
    told = house.newsroom().get(accepted["status"]).json()
    assert (told["state"], told["refused"], "withhold it instead" in told["reason"]) == ("published", True, True)
    assert [stage["state"] for stage in told["stages"]] == ["done", "done"]
    assert house.titles() == ["Ministers agree on output"]


def test_a_story_in_a_language_without_an_edition_waits_for_people(house: House) -> None:
    story = house.pushes(language="fr")["story"]
    house.works()
    assert house.titles(edition="en") == []
    house.translates(story, "en", headline="In English", body_html="<p>Text</p>")
    house.works()
    assert house.titles(edition="en") == ["In English"]


def test_an_arabic_story_is_in_the_arabic_edition_by_itself(house: House) -> None:
    house.pushes(language="ar", headline="قمة في بيروت", body_text="اجتمع القادة في بيروت.")
    house.works()
    assert house.titles(edition="ar") == ["قمة في بيروت"]
    assert 'dir="rtl"' in house.document(edition="ar", form="json").decode().replace("\\", "")


@pytest.mark.parametrize(
    ("reason", "english", "arabic"),
    [("legal", "for legal reasons", "لأسباب قانونية"), ("rights", "rights to it have ended", "انتهت حقوق نشره")],
)
def test_the_reason_of_a_kill_is_told_in_a_templates_words(house: House, reason: str, english: str, arabic: str) -> None:
    story = house.pushes()["story"]
    house.works()
    house.translates(story)
    house.works()
    house.pushes(version=2, pubstatus="canceled", killreason=reason, ednote=f"{SECRET} said so")
    house.works()
    assert english in house.document().decode()
    assert arabic in house.document(edition="ar").decode()
    assert SECRET not in house.document().decode()


def test_a_scheduled_story_is_nowhere_until_the_later_of_embargo_and_schedule(house: House) -> None:
    later = (utc_now() + timedelta(hours=2)).isoformat()
    house.pushes(headline=SECRET, embargoed=in_an_hour(), scheduled=later)
    house.works()
    house.time_passes(hours=1)
    house.works()
    assert house.rows("SELECT * FROM entries") == []
    house.time_passes(hours=1)
    house.works()
    assert house.titles() == [SECRET]


@pytest.mark.parametrize("form", FORMATS)
def test_a_story_whose_rights_end_leaves_the_feeds_without_an_alarm(house: House, form: str) -> None:
    story = house.pushes(headline=SECRET, expires=in_an_hour())["story"]
    house.pushes(uri="urn:newsroom:2", headline="Stays")
    house.works()
    house.translates(story, headline=SECRET)
    house.works()
    house.time_passes(hours=1)
    house.works()
    assert house.titles("all", form) == ["Stays"]
    assert house.titles("all", form, "ar") == []
    assert SECRET.encode() not in house.document("all", form) + house.document("all", form, "ar")
    assert b"KILLED" not in house.document("all", form)


@pytest.mark.parametrize("fields", [{"test": True}, {"genre": [{"name": "Advisory"}]}])
def test_what_is_for_desks_only_or_a_test_is_in_no_feed(house: House, fields: dict[str, object]) -> None:
    accepted = house.pushes(headline=SECRET, **fields)
    house.works()
    assert house.rows("SELECT * FROM entries") == []
    assert house.newsroom().get(accepted["status"]).json()["state"] == "internal"


def test_a_resent_story_under_a_new_uri_is_the_same_story(house: House) -> None:
    first = house.pushes(headline="First")
    house.works()
    again = house.pushes(uri="urn:newsroom:again", replaces="urn:newsroom:1", headline="Again")
    house.works()
    assert again["story"] == first["story"]
    assert house.titles() == ["Again"]
    house.pushes(version=9, headline="A late version under the old name")
    house.works()
    assert house.titles() == ["Again"]


def test_a_kill_under_either_name_kills_the_story(house: House) -> None:
    house.pushes(headline=SECRET)
    house.pushes(uri="urn:newsroom:again", replaces="urn:newsroom:1", headline=SECRET)
    house.works()
    house.pushes(version=2, pubstatus="canceled")  # under the old one
    house.works()
    assert SECRET.encode() not in house.document()


def test_a_substitute_for_a_killed_story_is_a_story_of_its_own(house: House) -> None:
    killed = house.pushes(versioncreated="2026-03-01T10:00:00Z")
    house.pushes(version=2, pubstatus="canceled", versioncreated="2026-03-01T11:00:00Z")
    house.works()
    substitute = house.pushes(
        uri="urn:newsroom:2", replaces="urn:newsroom:1", versioncreated="2026-03-01T12:00:00Z", headline="Substitute"
    )
    house.works()
    assert substitute["story"] != killed["story"]
    assert "Substitute" in house.titles()


def test_a_story_that_evolved_from_an_embargoed_one_is_embargoed_too(house: House) -> None:
    house.pushes(embargoed=in_an_hour())
    house.works()
    house.pushes(uri="urn:newsroom:lead", evolvedfrom="urn:newsroom:1", headline=SECRET)
    house.works()
    assert house.rows("SELECT * FROM entries") == []


def test_an_add_continues_its_story_and_a_writethru_replaces_the_whole(house: House) -> None:
    house.pushes(headline="Storm", body_text="First part.")
    house.pushes(version=2, take=2, headline="Storm, add 1", body_text="Second part.")
    house.pushes(version=3, take=3, headline="Storm, add 2", body_text="Third part.")
    house.works()
    assert house.titles() == ["Storm"]
    body = house.document(form="json").decode()
    assert body.index("First part") < body.index("Second part") < body.index("Third part")
    house.pushes(version=4, take=2, body_text="Second part, mended.")
    house.works()
    body = house.document(form="json").decode()
    assert body.index("First part") < body.index("Second part, mended") < body.index("Third part")
    house.pushes(version=5, headline="Storm, whole", body_text="All of it.")
    house.works()
    assert house.titles() == ["Storm, whole"]
    assert b"First part" not in house.document()


def test_an_add_that_comes_first_waits_for_what_it_continues(house: House) -> None:
    house.pushes(version=2, take=2, body_text="Second part.")
    house.works()
    assert house.titles() == []
    house.pushes(headline="Storm", body_text="First part.")
    house.works()
    house.time_passes(seconds=5)
    house.works()
    body = house.document(form="json").decode()
    assert body.index("First part") < body.index("Second part")


def test_an_add_under_a_number_of_its_own_finds_its_story_by_its_slugline(house: House) -> None:
    first = house.pushes(slugline="STORM-COAST", body_text="First part.")
    add = house.pushes(uri="urn:newsroom:77", slugline="STORM-COAST 1st add", take=2, body_text="Second part.")
    other = house.pushes(uri="urn:newsroom:78", slugline="STORM-INLAND", body_text="Elsewhere.")
    house.works()
    assert add["story"] == first["story"] != other["story"]
    assert b"Second part" in house.document(form="json")


TEXT = "Ministers from eight countries agreed on Sunday to raise output from June, and said that they would meet again. " * 3


@pytest.mark.parametrize("together", [True, False])
def test_the_same_story_from_two_sources_is_not_published_twice_by_accident(house: House, together: bool) -> None:
    first = sent(uri="urn:a", headline="Output rises", body_text=TEXT, provider={"name": "Levant"})
    second = sent(uri="urn:b", headline="Output rises", body_text=f"(Gulf) {TEXT}", provider={"name": "Gulf"})
    if together:
        house.pushes_many([first, second])
    else:
        house.pushes(**first)
        house.works()
        house.pushes(**second)
    house.works()
    assert house.titles() == ["Output rises"]
    assert sorted(row.state for row in house.rows("SELECT state FROM stories")) == ["internal", "published"]


def test_the_text_of_a_killed_story_does_not_come_back_from_another_source(house: House) -> None:
    house.pushes(uri="urn:a", headline=SECRET, body_text=TEXT)
    house.works()
    house.pushes(uri="urn:a", version=2, pubstatus="canceled")
    house.works()
    house.pushes(uri="urn:b", headline=SECRET, body_text=TEXT, provider={"name": "Gulf"})
    house.works()
    assert SECRET not in house.document().decode()


def test_the_same_text_under_another_headline_is_a_story_of_its_own(house: House) -> None:
    house.pushes(uri="urn:a", headline="Output rises", body_text=TEXT)
    house.pushes(uri="urn:b", headline="Prices fall as output rises", body_text=TEXT)
    house.works()
    assert len(house.titles()) == 2


GULF_OIL = """
[feeds.gulf-oil]
name = { en = "Gulf oil", ar = "نفط الخليج" }
filter = { region = ["arab"], words = ["crude"] }
"""


def test_a_story_is_in_the_newsrooms_own_feeds_that_want_it(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_wire_file(DEFAULT_FILE.read_text(encoding="utf-8") + GULF_OIL, tmp_path, monkeypatch)
    house.pushes(headline="Crude rises", place=[{"code": "SA"}])
    house.pushes(uri="urn:2", headline="Elsewhere", body_text="Nothing of it.", place=[{"code": "SA"}])
    house.works()
    assert house.titles("gulf-oil") == ["Crude rises"]


def test_a_feed_that_is_defined_later_is_applied_to_the_archive(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.pushes(headline="Crude rises", place=[{"code": "SA"}])
    house.pushes(uri="urn:2", headline="Under embargo", embargoed=in_an_hour(), place=[{"code": "SA"}])
    house.works()
    use_wire_file(DEFAULT_FILE.read_text(encoding="utf-8") + GULF_OIL, tmp_path, monkeypatch)
    with house.engine.begin() as connection:
        stories = every_filing(connection)
        assert len(stories) == 1
        ledger.record(connection, stories, lane=Lane.REGULAR, now=utc_now())
    house.works()
    assert house.titles("gulf-oil") == ["Crude rises"]


def test_a_kill_reaches_its_story_by_a_uri_that_only_looks_the_same(house: House) -> None:
    house.pushes(uri="urn:x:zw", headline="Abracadabra")
    house.works()
    house.pushes(uri="urn:x:z\u200bw\u00ad", version=2, pubstatus="canceled")
    house.works()
    assert "Abracadabra" not in str(house.titles())
    assert house.rows("SELECT DISTINCT uri FROM items") == [("urn:x:zw",)]
