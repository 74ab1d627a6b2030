"""Accepted = readable + said why not, and what was taken back is gone: the wire checks itself and mends what it finds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from shared.archive import audit
from shared.clock import utc_now
from shared.pipeline import Stage
from shared.status import take_census
from shared.wire.config import wire
from tests.support.house import House


@pytest.fixture(autouse=True)
def no_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was accepted just now is examined too."""
    monkeypatch.setattr(audit, "GRACE", timedelta(0))


def looks(house: House) -> int:
    """One look of the audit."""
    return audit.look(house.engine)


def faults(house: House) -> list[str]:
    return [row.fault for row in house.rows("SELECT fault FROM out_of_sight ORDER BY item")]


def breaks(house: House, statement: str) -> None:
    with house.engine.begin() as connection:
        connection.execute(text(statement))


def test_a_wire_on_which_all_is_well_has_no_faults(house: House) -> None:
    house.pushes()
    assert looks(house) == 0, "what is due is on its way"
    house.works()
    house.pushes(uri="urn:test:killed", headline="Another")
    house.pushes(uri="urn:test:embargoed", headline="Later", embargoed="2099-01-01T00:00:00Z")
    house.pushes(uri="urn:test:test", headline="A test", signal="test")
    house.works()
    house.pushes(uri="urn:test:killed", version=2, pubstatus="canceled")
    house.works()
    assert looks(house) == 0


@pytest.mark.parametrize(
    ("fault", "statement"),
    [
        ("undecided", "DELETE FROM work"),
        ("unread", "DELETE FROM entries"),
        ("unread", "DELETE FROM memberships"),
        ("stale", "UPDATE entries SET revision = 0"),
    ],
)
def test_an_item_that_no_reader_could_see_is_found_and_comes_back_by_itself(house: House, fault: str, statement: str) -> None:
    house.pushes()
    if fault != "undecided":
        house.works()
    breaks(house, statement)
    assert (looks(house), faults(house)) == (1, [fault])
    house.works()
    assert house.titles() == ["Ministers agree on output"]
    assert (looks(house), faults(house)) == (0, [])


def test_a_killed_story_that_an_edition_still_shows_is_found_and_taken_away(house: House) -> None:
    house.pushes()
    house.works()
    house.pushes(version=2, pubstatus="canceled")
    house.works(Stage.PUBLISH)
    breaks(house, "DELETE FROM work")  # the notice is never rendered
    assert house.titles() == ["Ministers agree on output"]
    assert (looks(house), faults(house)) == (2, ["still-shown"] * 2), "both versions of it"
    house.works()
    assert "Ministers agree on output" not in house.titles()
    assert looks(house) == 0


def test_an_embargo_whose_minute_was_missed_is_found_and_lifted(house: House) -> None:
    house.pushes(embargoed=(utc_now() + timedelta(hours=1)).isoformat())
    house.works()
    breaks(house, "DELETE FROM work WHERE stage = 'lift'")
    assert looks(house) == 0
    house.time_passes(hours=2)
    assert (looks(house), faults(house)) == (1, ["overdue"])
    house.works()
    assert house.titles() == ["Ministers agree on output"]


def test_ops_are_told_how_many_are_out_of_sight_and_a_person_must_look_after_three_mends(house: House) -> None:
    house.pushes()
    house.works()
    for _ in range(audit.MOST_MENDS + 2):
        breaks(house, "DELETE FROM entries")
        breaks(house, "DELETE FROM work")
        looks(house)
    assert house.work() == [], "asked for again three times, then no more"
    with house.engine.connect() as connection:
        census = take_census(connection, wire=wire(), broker_answers=True, now=utc_now())
    assert census.out_of_sight == {"unread": 1}


def test_a_look_examines_a_slice_of_the_archive_in_turn_however_much_there_is(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "SLICE", 2)
    for number in range(5):
        house.pushes(uri=f"urn:test:{number}", headline=f"Story {number}")
    house.works()
    for _ in range(4):
        looks(house)
    breaks(house, "DELETE FROM entries WHERE story = (SELECT story FROM items ORDER BY id LIMIT 1)")
    found = [looks(house) for _ in range(4)]
    assert 1 in found, "the oldest comes round again"
