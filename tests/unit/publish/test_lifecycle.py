"""The life of a story: each row of the table in `lifecycle.py` is a test."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.publish import lifecycle
from services.publish.lifecycle import Move, Refusal, Standing, Unchanged
from shared.contracts.item import PubStatus, Signal, WireItem
from shared.contracts.story import Act, StoryState

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FIRST, SECOND = UUID(int=1), UUID(int=2)


def item(version: int = 1, **fields: object) -> WireItem:
    return WireItem(uri="urn:x", version=version, headline="H", body_html="<p>B</p>", **fields)  # type: ignore[arg-type]


def arrive(standing: Standing | None, arriving: WireItem, now: datetime = NOON) -> Move:
    decision = lifecycle.arrive(standing, arriving, SECOND if standing else FIRST, edition="en", now=now)
    assert isinstance(decision, Move), decision
    return decision


@pytest.fixture
def published() -> Standing:
    return arrive(None, item()).standing


@pytest.fixture
def embargoed() -> Standing:
    return arrive(None, item(embargoed_until=NOON + timedelta(hours=1))).standing


@pytest.fixture
def withheld(published: Standing) -> Standing:
    return arrive(published, item(2, pubstatus=PubStatus.WITHHELD)).standing


@pytest.fixture
def killed(published: Standing) -> Standing:
    return arrive(published, item(2, pubstatus=PubStatus.CANCELED)).standing


def test_a_new_story_is_published_at_once() -> None:
    move = arrive(None, item())
    assert (move.act, move.standing.state, move.standing.published_at) == (Act.NEW, StoryState.PUBLISHED, NOON)


def test_a_first_item_with_an_embargo_ahead_is_embargoed_and_not_published(embargoed: Standing) -> None:
    assert (embargoed.state, embargoed.published_at) == (StoryState.EMBARGOED, None)


def test_an_embargo_that_is_over_holds_nothing_back() -> None:
    assert arrive(None, item(embargoed_until=NOON)).standing.state is StoryState.PUBLISHED


def test_a_kill_of_an_unknown_story_is_a_tombstone_that_blocks_the_late_original() -> None:
    tombstone = arrive(None, item(5, pubstatus=PubStatus.CANCELED)).standing
    assert (tombstone.state, tombstone.published_at) == (StoryState.KILLED, None)
    assert isinstance(lifecycle.arrive(tombstone, item(1), FIRST, edition="en", now=NOON), Unchanged)


def test_an_update_keeps_the_day_of_publication_and_moves_updated(published: Standing) -> None:
    move = arrive(published, item(2), NOON + timedelta(minutes=5))
    assert (move.act, move.standing.revision, move.standing.item) == (Act.UPDATE, 2, SECOND)
    assert (move.standing.published_at, move.standing.updated_at) == (NOON, NOON + timedelta(minutes=5))


def test_updated_grows_even_if_the_clock_steps_back(published: Standing) -> None:
    move = arrive(published, item(2), NOON - timedelta(hours=1))
    assert move.standing.updated_at == NOON + timedelta(microseconds=1)


@pytest.mark.parametrize("version", [1, 2])
def test_a_version_that_is_not_newer_changes_nothing(published: Standing, version: int) -> None:
    second = arrive(published, item(2)).standing
    assert isinstance(lifecycle.arrive(second, item(version), FIRST, edition="en", now=NOON), Unchanged)


def test_a_correction_carries_its_note(published: Standing) -> None:
    move = arrive(published, item(2, signal=Signal.CORRECTION, correction_note="It was 10, not 100."))
    assert (move.act, move.standing.correction_notes) == (Act.CORRECTION, ("It was 10, not 100.",))


def test_a_later_update_never_buries_a_correction(published: Standing) -> None:
    corrected = arrive(published, item(2, signal=Signal.CORRECTION, correction_note="It was 10.")).standing
    assert arrive(corrected, item(3)).standing.correction_notes == ("It was 10.",)


def test_a_hold_hides_the_text_and_keeps_it(published: Standing) -> None:
    move = arrive(published, item(2, pubstatus=PubStatus.WITHHELD))
    assert (move.act, move.standing.state, move.standing.item) == (Act.WITHHOLD, StoryState.WITHHELD, FIRST)


def test_a_held_story_is_released_by_a_usable_version(withheld: Standing) -> None:
    move = arrive(withheld, item(3))
    assert (move.act, move.standing.state, move.standing.published_at) == (Act.RELEASE, StoryState.PUBLISHED, NOON)


def test_a_story_held_before_it_was_public_is_new_when_it_is_released() -> None:
    held = arrive(None, item(pubstatus=PubStatus.WITHHELD)).standing
    assert arrive(held, item(2)).act is Act.NEW


def test_a_kill_is_final_for_its_uri(killed: Standing) -> None:
    assert killed.state is StoryState.KILLED
    for later in (item(3), item(9, signal=Signal.CORRECTION), item(10, pubstatus=PubStatus.WITHHELD)):
        assert isinstance(lifecycle.arrive(killed, later, FIRST, edition="en", now=NOON), Unchanged)


def test_an_embargo_covers_all_versions(embargoed: Standing) -> None:
    move = arrive(embargoed, item(2))
    assert (move.standing.state, move.standing.embargoed_until) == (StoryState.EMBARGOED, embargoed.embargoed_until)


def test_an_embargo_can_be_lengthened_and_shortened(embargoed: Standing) -> None:
    for hours in (3, 0.5):
        until = NOON + timedelta(hours=hours)
        assert arrive(embargoed, item(2, embargoed_until=until)).standing.embargoed_until == until


def test_an_embargo_that_is_cleared_in_so_many_words_publishes(embargoed: Standing) -> None:
    move = arrive(embargoed, item(2, embargo_cleared=True))
    assert (move.act, move.standing.state) == (Act.NEW, StoryState.PUBLISHED)


def test_an_embargoed_story_can_be_killed_and_was_never_public(embargoed: Standing) -> None:
    move = arrive(embargoed, item(2, pubstatus=PubStatus.CANCELED))
    assert (move.act, move.standing.published_at) == (Act.KILL, None)


def test_an_embargo_holds_through_a_withholding(embargoed: Standing) -> None:
    held = arrive(embargoed, item(2, pubstatus=PubStatus.WITHHELD)).standing
    assert arrive(held, item(3)).standing.state is StoryState.EMBARGOED


@pytest.mark.parametrize("fixture", ["published", "withheld"])
def test_what_was_public_cannot_be_embargoed(fixture: str, request: pytest.FixtureRequest) -> None:
    standing = request.getfixturevalue(fixture)
    late = item(9, embargoed_until=NOON + timedelta(days=1))
    assert isinstance(lifecycle.arrive(standing, late, SECOND, edition="en", now=NOON), Refusal)


def test_an_embargo_is_lifted_at_its_very_minute_and_not_before(embargoed: Standing) -> None:
    until = NOON + timedelta(hours=1)
    assert isinstance(lifecycle.lift(embargoed, now=until - timedelta(microseconds=1)), Unchanged)
    move = lifecycle.lift(embargoed, now=until)
    assert isinstance(move, Move)
    assert (move.act, move.standing.state, move.standing.published_at) == (Act.LIFT, StoryState.PUBLISHED, until)
    assert move.standing.revision == embargoed.revision, "not a word of it changed"


def test_a_lift_after_a_kill_publishes_nothing(embargoed: Standing) -> None:
    dead = arrive(embargoed, item(2, pubstatus=PubStatus.CANCELED)).standing
    assert isinstance(lifecycle.lift(dead, now=NOON + timedelta(days=1)), Unchanged)


def test_a_lift_of_an_embargo_that_was_lengthened_waits(embargoed: Standing) -> None:
    longer = replace(embargoed, embargoed_until=NOON + timedelta(hours=9))
    assert isinstance(lifecycle.lift(longer, now=NOON + timedelta(hours=1)), Unchanged)


messages = st.builds(
    item,
    version=st.integers(1, 8),
    pubstatus=st.sampled_from([PubStatus.USABLE] * 4 + [PubStatus.WITHHELD, PubStatus.CANCELED]),
    signal=st.sampled_from([None, Signal.UPDATE, Signal.CORRECTION]),
    embargoed_until=st.one_of(st.none(), st.integers(-5, 30).map(lambda m: NOON + timedelta(minutes=m))),
)


@given(st.lists(messages, max_size=20))
def test_whatever_arrives_in_whatever_order_the_rules_hold(arriving: list[WireItem]) -> None:
    standing: Standing | None = None
    for minute, message in enumerate(arriving):
        now = NOON + timedelta(minutes=minute)
        decision = lifecycle.arrive(standing, message, FIRST, edition="en", now=now)
        if not isinstance(decision, Move):
            continue
        after = decision.standing
        if standing:
            assert standing.state is not StoryState.KILLED
            assert after.version > standing.version
            assert after.updated_at > standing.updated_at
            assert after.revision == standing.revision + 1
            assert standing.published_at in (None, after.published_at)
            assert after.correction_notes[: len(standing.correction_notes)] == standing.correction_notes
        if after.embargoed_until and after.embargoed_until > now and after.state is StoryState.PUBLISHED:
            raise AssertionError("embargoed text is public")
        standing = after
