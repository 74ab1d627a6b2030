"""`barq dead` and `barq queue` on a real ledger: the one that is named, or all, and no other."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from rich.console import Console
from sqlalchemy import text
from typer.testing import CliRunner

from services.console.commands import wire as wire_commands
from services.console.commands import work
from services.console.main import app
from shared.contracts.work import Follow, feed_id
from shared.errors import BarqError
from shared.pipeline import Stage
from shared.status import dead_letter, dead_letters
from shared.wire.config import wire
from tests.support.house import House


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (work, wire_commands):
        monkeypatch.setattr(module, "console", Console(width=300))


def barq(*words: str) -> Any:
    done = CliRunner().invoke(app, words)
    return done.exception if isinstance(done.exception, BarqError) else done.output


def dead(house: House, count: int) -> list[int]:
    """So many dead letters, and one piece of work that is due."""
    house.asks(*(Follow(stage=Stage.TRANSLATE, item=uuid4(), revision=1, edition="ar") for _ in range(count)))
    with house.engine.begin() as connection:
        connection.execute(text("UPDATE work SET state = 'dead', done_at = now(), attempts = 5, error = 'error of ' || id"))
    house.asks(Follow(stage=Stage.RENDER, item=uuid4(), revision=1, edition="ar"))
    return [row.id for row in house.rows("SELECT id FROM work WHERE state = 'dead' ORDER BY id")]


def test_one_dead_letter_is_shown_with_its_full_error(house: House) -> None:
    one, other = dead(house, 2)
    shown = barq("dead", "show", str(one))
    assert (f"error of {one}" in shown, f"error of {other}" in shown, "what is not there any more" in shown) == (
        True,
        False,
        True,
    )


def test_the_one_is_as_it_is_in_the_list(house: House) -> None:
    item = house.pushes(headline="Ministers agree")["item"]
    house.asks(Follow(stage=Stage.WEBSUB, item=feed_id("en", "all"), revision=0, edition="en"))
    with house.engine.begin() as connection:
        connection.execute(text("UPDATE work SET state = 'dead', done_at = now()"))
    with house.engine.connect() as connection:
        listed = dead_letters(connection, wire(), 100)
        assert {row.about for row in listed} == {"Ministers agree", "the feed en/all"}
        assert [dead_letter(connection, wire(), row.id) for row in listed] == listed
        assert {row.item for row in listed if row.is_item} == {item}


@pytest.mark.parametrize("number", ["0", "-1", str(2**63 - 1), str(2**63), str(10**30)])
def test_a_number_that_no_dead_letter_has_is_a_sentence(house: House, number: str) -> None:
    dead(house, 1)
    assert str(barq("dead", "show", "--", number)) == f"there is no dead letter {number}"


def test_work_that_is_due_is_no_dead_letter(house: House) -> None:
    dead(house, 1)
    (due,) = house.rows("SELECT id FROM work WHERE state = 'due'")
    assert str(barq("dead", "show", str(due.id))) == f"there is no dead letter {due.id}"


@pytest.mark.parametrize(("act", "says", "left"), [("replay", "due again", ["due"] * 2), ("discard", "removed", ["due"])])
def test_named_letters_are_acted_on_and_no_others(house: House, act: str, says: str, left: list[str]) -> None:
    one, other = dead(house, 2)
    assert barq("dead", act, str(one)) == f"1 {says}.\n"
    states = {row.id: row.state for row in house.rows("SELECT id, state FROM work")}
    assert states[other] == "dead"
    assert [state for id_, state in states.items() if id_ != other] == left
    assert barq("dead", act, "--all") == f"1 {says}.\n"
    assert "dead" not in [row.state for row in house.rows("SELECT state FROM work")]
    assert barq("dead", act, "--all") == f"0 {says}.\n"


def test_who_names_nothing_is_asked_what_is_meant(house: House) -> None:
    dead(house, 1)
    for act in ("replay", "discard"):
        assert str(barq("dead", act)) == "name dead letters by their ids, or say --all"


def test_what_is_replayed_wakes_a_worker(house: House) -> None:
    dead(house, 1)
    before = house.bells_waiting()
    barq("dead", "replay", "--all")
    assert house.bells_waiting() == before + 1


def test_a_stage_is_paused_and_goes_on(house: House) -> None:
    assert barq("queue", "pause", "translate") == "translate is paused.\n"
    queues = {row["queue"]: row["paused"] for row in json.loads(barq("queue", "list", "--json"))["queues"]}
    assert {queue for queue, is_paused in queues.items() if is_paused} == {"translate.express", "translate.regular"}
    assert barq("queue", "resume", "translate") == "translate goes on.\n"
    assert "paused" not in barq("queue", "list")


@pytest.mark.parametrize(("stage", "waits"), [("publish", True), ("render", True), ("refresh", True), ("enrich", False)])
def test_who_pauses_what_a_kill_needs_is_told_that_kills_wait(house: House, stage: str, waits: bool) -> None:
    assert ("Kills wait too" in barq("queue", "pause", stage)) is waits


def test_dead_letters_are_listed_by_stage(house: House) -> None:
    dead(house, 1)
    assert "translate" in barq("dead", "list")
    assert "translate" not in barq("dead", "list", "--stage", "render")
