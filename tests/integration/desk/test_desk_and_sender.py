"""A sender's next version is taken whatever the desk has done to its story meanwhile."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tests.support.editor import EditorAtDesk
from tests.support.factories import sent
from tests.support.house import House


@pytest.fixture
def editor(house: House) -> EditorAtDesk:
    return EditorAtDesk(house)


def pushed(house: House, version: int, headline: str = "", **fields: Any) -> tuple[int, bool]:
    """What the sender's version is here, and whether it was known."""
    answer = house.pushes(version=version, headline=headline or f"The sender's {version}", **fields)
    house.works()
    return answer["version"], answer["duplicate"]


def acts(house: House, editor: EditorAtDesk, story: str, act: str) -> None:
    assert editor.acts(story, act).status_code == 200
    house.works()


def begun(house: House) -> str:
    story: str = house.pushes(headline="The sender's 1")["story"]
    house.works()
    return story


def test_under_a_hold_of_the_desks_the_next_version_is_kept_and_shown_by_the_release(house: House, editor: EditorAtDesk) -> None:
    story = begun(house)
    acts(house, editor, story, "withhold")
    answer = house.pushes(version=2, headline="The sender's 2")
    house.works()
    assert (answer["version"], answer["duplicate"]) == (3, False)
    assert any("your version 2 is version 3 here" in note for note in answer["notes"])
    assert "The sender's 2" not in house.titles()
    acts(house, editor, story, "release")
    assert house.titles() == ["The sender's 2"]


def test_after_a_release_the_next_versions_are_published(house: House, editor: EditorAtDesk) -> None:
    story = begun(house)
    for act in ("withhold", "release"):
        acts(house, editor, story, act)
    for version, here in ((2, 4), (3, 5), (4, 6)):
        assert pushed(house, version) == (here, False)
        assert house.titles() == [f"The sender's {version}"]
    assert pushed(house, 2) == (4, True)
    assert house.titles() == ["The sender's 4"]


def test_a_correction_of_the_desks_is_followed_by_the_senders_update_and_its_note_stays(
    house: House, editor: EditorAtDesk
) -> None:
    story = begun(house)
    address = f"/desk/write?story={story}&act=correction"
    answer = editor.fills(address, "send", headline="The desk's", correction_note="It was five.")
    assert answer.status_code == 200, answer.text
    house.works()
    assert house.titles() == ["The desk's"]
    assert pushed(house, 2) == (3, False)
    assert house.titles() == ["The sender's 2"]
    assert house.rows("SELECT correction_notes FROM stories")[0].correction_notes == ["It was five."]


def test_a_version_with_other_content_is_still_refused_and_kept_in_quarantine(house: House, editor: EditorAtDesk) -> None:
    story = begun(house)
    acts(house, editor, story, "withhold")
    pushed(house, 2)
    answer = house.newsroom().post("/v1/items", json=sent(version=2, headline="Changed"))
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:barq:problem:version-conflict")
    assert len(house.rows("SELECT FROM quarantine")) == 1


def test_a_number_that_the_desk_takes_in_the_same_moment_costs_nobody_a_version(
    house: House, editor: EditorAtDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from services.ingest.numbering import queries

    story = begun(house)
    look, looks = queries.find_overtaken, []

    def looks_too_early(*arguments: Any) -> set[str]:
        found = look(*arguments)
        looks.append(found)
        if len(looks) == 1:
            monkeypatch.setattr(queries, "find_overtaken", look)
            somebody = threading.Thread(target=acts, args=(house, editor, story, "withhold"))
            somebody.start()
            somebody.join(20)
            monkeypatch.setattr(queries, "find_overtaken", looks_too_early)
        return found

    monkeypatch.setattr(queries, "find_overtaken", looks_too_early)
    assert pushed(house, 2) == (3, False)
    assert looks == [set(), {"urn:newsroom:1"}]


def test_what_was_numbered_here_is_read_again_under_its_number(house: House, editor: EditorAtDesk) -> None:
    from services.ingest.quarantine.reprocess import reread

    story = begun(house)
    acts(house, editor, story, "withhold")
    pushed(house, 2)
    (row,) = house.rows("SELECT id FROM items WHERE version = 3")
    with house.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE items SET content_hash = 'before' WHERE version = 3")
    (again,) = reread([row.id], since=None, is_dry_run=False)
    assert (again.fault, again.changed) == ("", ())
    assert pushed(house, 2) == (3, True)
