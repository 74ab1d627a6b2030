"""Which stories an edition has, who may see a text, and when engines are asked again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.translation.gates import Fault
from services.translation.policy import (
    RETRIES,
    SourceStory,
    is_machines,
    is_wanted,
    judge,
    show,
    wait_for_engines,
    waits_for_text,
)
from services.translation.targets import Target
from services.translation.text.segments import StoryText
from shared.contracts.item import Doubt
from shared.contracts.story import StoryState
from shared.contracts.work import Done, Follow, Later, Work
from shared.pipeline import Lane, Stage
from shared.wire.config import Edition, Policy

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ITEM, OTHER_ITEM = UUID(int=1), UUID(int=2)

STORY = SourceStory(
    story="BARQ01012026000000000001ID0000000001",
    state=StoryState.PUBLISHED,
    doubt=None,
    revision=3,
    item=ITEM,
    language="en",
    text=StoryText(headline="Oil rises", summary="", body_html="<p>It did.</p>"),
    feeds=frozenset({"economy", "top"}),
)
WORK = Work(
    id=1,
    stage=Stage.TRANSLATE,
    lane=Lane.REGULAR,
    item=OTHER_ITEM,
    revision=2,
    edition="ar",
    attempts=1,
    asked_at=NOW,
    due_at=NOW,
)


@pytest.mark.parametrize(
    ("state", "doubt", "waits"),
    [
        (StoryState.HELD, Doubt.NO_EDITION, True),
        (StoryState.HELD, Doubt.EMBARGO, False),
        (StoryState.HELD, None, False),
        (StoryState.PUBLISHED, Doubt.NO_EDITION, False),
        (None, None, False),
    ],
)
def test_a_story_of_no_editions_language_waits_for_its_first_text(
    state: StoryState | None, doubt: Doubt | None, waits: bool
) -> None:
    assert waits_for_text(state, doubt) == waits


@pytest.mark.parametrize("state", StoryState)
def test_only_what_is_public_or_waits_for_a_text_is_translated(state: StoryState) -> None:
    edition = Edition(title="x")
    assert is_wanted(replace(STORY, state=state), edition) == (state is StoryState.PUBLISHED)
    assert is_wanted(replace(STORY, state=state, doubt=Doubt.NO_EDITION), edition) == (state in ("published", "held"))


@pytest.mark.parametrize(("feeds", "wanted"), [((), True), (("economy",), True), (("sport", "top"), True), (("sport",), False)])
def test_an_edition_may_want_some_feeds_only(feeds: tuple[str, ...], wanted: bool) -> None:
    assert is_wanted(STORY, Edition(title="x", feeds=feeds)) == wanted


def test_a_text_whose_language_nobody_knows_is_not_translated() -> None:
    assert not is_wanted(replace(STORY, language=""), Edition(title="x"))


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ({}, True),
        ({"feeds": frozenset(), "state": StoryState.WITHHELD}, True),
        ({"revision": 4}, False),
        ({"item": OTHER_ITEM}, False),
        ({"language": "fr"}, False),
        ({"text": StoryText(headline="Oil falls", summary="", body_html="<p>It did.</p>")}, False),
    ],
)
def test_an_answer_is_for_the_text_that_was_asked_for(other: dict[str, object], same: bool) -> None:
    assert STORY.has_same_text(replace(STORY, **other)) == same  # type: ignore[arg-type]


def target(origin: str = "machine", *gates: str) -> Target:
    return Target(text="x", origin=origin, by="x", faults=tuple(Fault(gate, "why") for gate in gates))  # type: ignore[arg-type]


def test_one_sentence_of_a_machine_makes_a_text_a_machines() -> None:
    assert is_machines([target("human"), target("machine")])
    assert not is_machines([target("human"), target("human")])
    assert not is_machines([])


@pytest.mark.parametrize(
    ("policy", "gates", "replaces", "tries", "is_ready", "again"),
    [
        pytest.param("machine", (), False, 1, True, None, id="it passed"),
        pytest.param("machine-labelled", (), False, 1, True, None, id="it passed, and readers are told"),
        pytest.param("reviewed-only", (), False, 1, False, None, id="nothing is published unseen"),
        pytest.param("reviewed-only", ("numbers",), False, 1, False, None, id="a person looks at it anyhow"),
        pytest.param("machine", (), True, 1, False, None, id="it would replace a person's"),
        pytest.param("machine", ("numbers",), True, 1, False, None, id="and no other answer would change that"),
        *(
            pytest.param("machine", ("numbers",), False, tries, False, pause, id=f"held for the {tries}. time")
            for tries, pause in enumerate(RETRIES, start=1)
        ),
        pytest.param("machine", ("numbers",), False, len(RETRIES) + 1, False, None, id="a person must"),
    ],
)
def test_what_becomes_of_a_text(
    policy: str, gates: tuple[str, ...], replaces: bool, tries: int, is_ready: bool, again: timedelta | None
) -> None:
    targets = [target("machine"), target("machine", *gates)]
    verdict = judge(targets, policy=Policy(policy), replaces_a_persons=replaces, tries=tries)
    assert (verdict.is_ready, verdict.again, verdict.gates) == (is_ready, again, gates)


def test_gates_are_named_once_and_in_order() -> None:
    targets = [target("machine", "numbers", "dates"), target("machine", "dates", "length")]
    verdict = judge(targets, policy=Policy.MACHINE, replaces_a_persons=False, tries=1)
    assert verdict.gates == ("dates", "length", "numbers")


def after(**time: float) -> datetime:
    return NOW + timedelta(**time)


@pytest.mark.parametrize(
    ("pauses", "delay"),
    [
        pytest.param([None], timedelta(seconds=1), id="it is asked again soon"),
        pytest.param([after(seconds=40)], timedelta(seconds=40), id="when its pause is over"),
        pytest.param([after(seconds=40), after(seconds=20)], timedelta(seconds=20), id="when the first pause is over"),
        pytest.param([after(seconds=40), None], timedelta(seconds=1), id="one is not left alone"),
        pytest.param([after(seconds=-5)], timedelta(seconds=1), id="a pause that is over"),
    ],
)
def test_a_story_comes_back_when_engines_answer(pauses: list[datetime | None], delay: timedelta) -> None:
    assert wait_for_engines(pauses, ["a: away", "b: busy"], NOW) == Later(delay, "a: away; b: busy")
    assert wait_for_engines(pauses, [], NOW) == Later(delay, "no engine answered")


def test_an_edition_without_engines_waits_for_people_and_not_for_the_clock() -> None:
    assert wait_for_engines([], [], NOW) == Done()


def test_a_text_is_shown_where_its_story_is_and_opens_a_story_that_waited_for_it() -> None:
    assert show(WORK, STORY) == Done((Follow(stage=Stage.RENDER, item=OTHER_ITEM, revision=2, edition="ar"),))
    waited = replace(STORY, state=StoryState.HELD, doubt=Doubt.NO_EDITION)
    assert show(WORK, waited) == Done((Follow(stage=Stage.OPEN, item=OTHER_ITEM, revision=3),))
