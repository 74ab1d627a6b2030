"""The wire learns from what its senders and editors sort, uses what is better, says so, and can go back."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.enrichment import stages
from services.enrichment.training import queries as training
from services.enrichment.training.__main__ import main as learn
from services.enrichment.training.learner import FEWEST
from services.enrichment.training.night import Learner
from shared.contracts.work import EVERY_ITEM, Follow
from shared.pipeline import Stage
from tests.support.editor import EditorAtDesk
from tests.support.factories import sent
from tests.support.house import House

#: words that mean nothing to anybody who has not seen this wire's stories
PLAY = ["zorbing", "quidger", "flumpet", "snerk", "wobbleton", "grindlewick"]
MONEY = ["plinthage", "debitron", "cashmoot", "tallywag", "ledgerine", "coinsby"]


def told(rng: random.Random, words: list[str], n: int) -> dict[str, Any]:
    return {
        "headline": f"{rng.choice(words).title()} and {rng.choice(words)} again",
        "body_text": f"It was {rng.choice(words)} as {rng.choice(words)} were {rng.choice(words)}, said those of number {n}.",
    }


def teaches(house: House, stories: int) -> None:
    """Senders have sorted so many stories."""
    rng = random.Random(3)  # noqa: S311
    kinds = [("Sport", PLAY), ("Economy", MONEY)] * (stories // 2)
    house.pushes_many(
        [sent(uri=f"urn:{n}", subject=[{"name": kind}], **told(rng, words, n)) for n, (kind, words) in enumerate(kinds)]
    )
    house.works()


def section_of_a_new_one(house: House, n: int) -> tuple[list[str], str]:
    story = house.pushes(uri=f"urn:new:{n}", **told(random.Random(n), PLAY, 1_000 + n))["story"]  # noqa: S311
    house.works()
    (row,) = house.rows("SELECT sections, findings FROM enrichments JOIN items ON items.id = item WHERE story = :s", s=story)
    return row.sections, row.findings["sections"][0]["method"] if row.sections else ""


def test_what_is_learnt_is_used_where_it_is_better_and_can_be_taken_back(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    teaches(house, FEWEST)
    assert section_of_a_new_one(house, 1) == ([], "")
    learn()
    assert "used from now on" in capsys.readouterr().out
    assert section_of_a_new_one(house, 2) == (["sport"], "learnt")
    desk = EditorAtDesk(house)
    page = desk.opens("/desk/sorting").text
    assert "in use" in page
    assert f"{FEWEST} stories, 0 by editors" in page
    assert desk.client.post("/desk/sorting/model", data={"token": desk.token(), "version": ""}).status_code == 200
    assert section_of_a_new_one(house, 3) == ([], "")
    assert desk.client.post("/desk/sorting/model", data={"token": desk.token(), "version": "1"}).status_code == 200
    assert section_of_a_new_one(house, 4) == (["sport"], "learnt")
    learn()  # what is no better than what is in use is kept and not used
    assert "not used" in capsys.readouterr().out
    with house.engine.connect() as connection:
        models = training.list_models(connection)
    assert [(model.version, model.is_used, model.can_be_used) for model in models] == [(2, False, True), (1, True, True)]


def test_an_editors_word_is_learnt_from_and_what_was_taken_back_is_not(house: House) -> None:
    teaches(house, 6)
    desk = EditorAtDesk(house)
    (row,) = house.rows("SELECT id FROM stories WHERE uri = 'urn:0'")
    pressed = desk.client.post(f"/desk/stories/{row.id}/sort", data={"token": desk.token(), "only": "politics"})
    assert pressed.status_code == 200
    house.pushes(uri="urn:2", version=2, pubstatus="canceled")
    house.works()
    with house.engine.connect() as connection:
        read = training.read_sorted(connection, limit=1_000)
    assert (len(read), read[0].sections, read[0].is_editors) == (5, ("politics",), True)
    assert "urn:2" not in {story.item.uri for story in read}


def test_from_too_few_nothing_is_learnt_and_nobody_is_troubled(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    house.pushes(subject=[{"name": "Sport"}])
    house.works()
    learn()
    assert "too few: 1 stories" in capsys.readouterr().out
    assert house.rows("SELECT * FROM models") == []


def test_a_version_that_is_not_there_is_refused(house: House) -> None:
    from services.enrichment.routes import app

    client = house.client(app)
    for version, status in ((1, 404), (0, 422), (10**12, 422), ("x", 422)):
        assert client.put("/v1/models/used", json={"version": version}).status_code == status
    assert client.put("/v1/models/used", json={"version": None}).json() == {"models": []}


@pytest.mark.parametrize(
    ("hour", "waits_for_s", "begins", "due_in_h"), [(12, 0, 0, 14), (3, 0, 1, 23), (3, 60, 0, 1 / 6), (3, 5, 1, 23)]
)
def test_it_learns_at_night_and_steps_aside_when_the_wire_is_behind(
    house: House, monkeypatch: pytest.MonkeyPatch, hour: int, waits_for_s: int, begins: int, due_in_h: float
) -> None:
    begun: list[Learner] = []
    monkeypatch.setattr(Learner, "begin", lambda learner: begun.append(learner))
    now = datetime(2026, 11, 30, hour, tzinfo=UTC)
    house.asks(Follow(stage=Stage.LEARN, item=EVERY_ITEM, revision=0, due_at=now))
    if waits_for_s:
        house.asks(Follow(stage=Stage.ENRICH, item=EVERY_ITEM, revision=0, due_at=now - timedelta(seconds=waits_for_s)))
    (work,) = [row for row in house.work() if row.stage == "learn"]
    with house.engine.begin() as connection:
        outcomes = stages.learn(connection, [work], now)
    assert (len(begun), outcomes[work.id].delay) == (begins, timedelta(hours=due_in_h))
