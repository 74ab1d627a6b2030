"""The life of a story: each row of the table in `lifecycle.py` is a test."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.publish import lifecycle
from services.publish.story import NEVER, IncomingItem, Kept, Refusal, StoryRecord, Transition, Unchanged
from shared.clock import SMALLEST_STEP
from shared.contracts.item import Doubt, KillReason, PubStatus, Signal, WireItem
from shared.contracts.story import Act, StoryState

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FIRST, SECOND = UUID(int=1), UUID(int=2)


def item(version: int = 1, **fields: object) -> WireItem:
    return WireItem(uri="urn:x", version=version, headline="H", body_html="<p>B</p>", **fields)  # type: ignore[arg-type]


def coming(message: WireItem, id_: UUID | None = None, **fields: Any) -> IncomingItem:
    said = message.model_dump_json().encode()
    own_id = UUID(int=message.version + 100 * fields.get("generation", 0))
    return IncomingItem(id=id_ or own_id, item=message, **{"content_hash": said, "edition": "en", **fields})


def arrive(record: StoryRecord | None, message: WireItem, now: datetime = NOON, **fields: Any) -> Transition:
    decision = lifecycle.arrive(record, coming(message, **fields), now=now)
    assert isinstance(decision, Transition), decision
    return decision


@pytest.fixture
def published() -> StoryRecord:
    return arrive(None, item()).record


@pytest.fixture
def embargoed() -> StoryRecord:
    return arrive(None, item(embargoed_until=NOON + timedelta(hours=1))).record


@pytest.fixture
def withheld(published: StoryRecord) -> StoryRecord:
    return arrive(published, item(2, pubstatus=PubStatus.WITHHELD)).record


@pytest.fixture
def killed(published: StoryRecord) -> StoryRecord:
    return arrive(published, item(2, pubstatus=PubStatus.CANCELED)).record


def test_a_new_story_is_published_at_once() -> None:
    transition = arrive(None, item())
    assert (transition.act, transition.record.state, transition.record.published_at) == (Act.NEW, StoryState.PUBLISHED, NOON)


def test_a_first_item_with_an_embargo_ahead_is_embargoed_and_not_published(embargoed: StoryRecord) -> None:
    assert (embargoed.state, embargoed.published_at) == (StoryState.EMBARGOED, None)


def test_an_embargo_that_is_over_holds_nothing_back() -> None:
    assert arrive(None, item(embargoed_until=NOON)).record.state is StoryState.PUBLISHED


def test_a_kill_of_an_unknown_story_is_a_tombstone_that_blocks_the_late_original() -> None:
    tombstone = arrive(None, item(5, pubstatus=PubStatus.CANCELED)).record
    assert (tombstone.state, tombstone.published_at) == (StoryState.KILLED, None)
    assert isinstance(lifecycle.arrive(tombstone, coming(item(1), FIRST), now=NOON), Unchanged)


def test_an_update_keeps_the_day_of_publication_and_moves_updated(published: StoryRecord) -> None:
    transition = arrive(published, item(2), NOON + timedelta(minutes=5))
    assert (transition.act, transition.record.revision, transition.record.item) == (Act.UPDATE, 2, SECOND)
    assert (transition.record.published_at, transition.record.updated_at) == (NOON, NOON + timedelta(minutes=5))


def test_updated_grows_even_if_the_clock_steps_back(published: StoryRecord) -> None:
    transition = arrive(published, item(2), NOON - timedelta(hours=1))
    assert transition.record.updated_at == NOON + SMALLEST_STEP


@pytest.mark.parametrize("version", [1, 2])
def test_a_version_that_is_not_newer_changes_nothing(published: StoryRecord, version: int) -> None:
    second = arrive(published, item(2)).record
    assert isinstance(lifecycle.arrive(second, coming(item(version), FIRST), now=NOON), Unchanged)


def test_a_correction_carries_its_note(published: StoryRecord) -> None:
    transition = arrive(published, item(2, signal=Signal.CORRECTION, correction_note="It was 10, not 100."))
    assert (transition.act, transition.record.correction_notes) == (Act.CORRECTION, ("It was 10, not 100.",))


def test_a_later_update_never_buries_a_correction(published: StoryRecord) -> None:
    corrected = arrive(published, item(2, signal=Signal.CORRECTION, correction_note="It was 10.")).record
    assert arrive(corrected, item(3)).record.correction_notes == ("It was 10.",)


def test_a_hold_hides_the_text_and_keeps_it(published: StoryRecord) -> None:
    transition = arrive(published, item(2, pubstatus=PubStatus.WITHHELD))
    assert (transition.act, transition.record.state, transition.record.item) == (Act.WITHHOLD, StoryState.WITHHELD, FIRST)


def test_a_held_story_is_released_by_a_usable_version(withheld: StoryRecord) -> None:
    transition = arrive(withheld, item(3))
    assert (transition.act, transition.record.state, transition.record.published_at) == (Act.RELEASE, StoryState.PUBLISHED, NOON)


def test_a_story_held_before_it_was_public_is_new_when_it_is_released() -> None:
    held = arrive(None, item(pubstatus=PubStatus.WITHHELD)).record
    assert arrive(held, item(2)).act is Act.NEW


def test_a_kill_is_final_for_its_uri(killed: StoryRecord) -> None:
    assert killed.state is StoryState.KILLED
    for later in (item(3), item(9, signal=Signal.CORRECTION), item(10, pubstatus=PubStatus.WITHHELD)):
        assert isinstance(lifecycle.arrive(killed, coming(later, FIRST), now=NOON), Unchanged)


def test_an_embargo_covers_all_versions(embargoed: StoryRecord) -> None:
    transition = arrive(embargoed, item(2))
    assert (transition.record.state, transition.record.embargoed_until) == (StoryState.EMBARGOED, embargoed.embargoed_until)


def test_an_embargo_can_be_lengthened_and_shortened(embargoed: StoryRecord) -> None:
    for hours in (3, 0.5):
        until = NOON + timedelta(hours=hours)
        assert arrive(embargoed, item(2, embargoed_until=until)).record.embargoed_until == until


def test_an_embargo_that_is_cleared_in_so_many_words_publishes(embargoed: StoryRecord) -> None:
    transition = arrive(embargoed, item(2, embargo_cleared=True))
    assert (transition.act, transition.record.state) == (Act.NEW, StoryState.PUBLISHED)


def test_an_embargoed_story_can_be_killed_and_was_never_public(embargoed: StoryRecord) -> None:
    transition = arrive(embargoed, item(2, pubstatus=PubStatus.CANCELED))
    assert (transition.act, transition.record.published_at) == (Act.KILL, None)


def test_an_embargo_holds_through_a_withholding(embargoed: StoryRecord) -> None:
    held = arrive(embargoed, item(2, pubstatus=PubStatus.WITHHELD)).record
    assert arrive(held, item(3)).record.state is StoryState.EMBARGOED


@pytest.mark.parametrize("fixture", ["published", "withheld"])
def test_what_was_public_cannot_be_embargoed(fixture: str, request: pytest.FixtureRequest) -> None:
    record = request.getfixturevalue(fixture)
    late = item(9, embargoed_until=NOON + timedelta(days=1))
    assert isinstance(lifecycle.arrive(record, coming(late, SECOND), now=NOON), Refusal)


def test_an_embargo_is_lifted_at_its_very_minute_and_not_before(embargoed: StoryRecord) -> None:
    until = NOON + timedelta(hours=1)
    assert isinstance(lifecycle.lift(embargoed, now=until - timedelta(microseconds=1)), Unchanged)
    transition = lifecycle.lift(embargoed, now=until)
    assert isinstance(transition, Transition)
    assert (transition.act, transition.record.state, transition.record.published_at) == (Act.LIFT, StoryState.PUBLISHED, until)
    assert transition.record.revision == embargoed.revision, "not a word of it changed"


def test_a_lift_after_a_kill_publishes_nothing(embargoed: StoryRecord) -> None:
    dead = arrive(embargoed, item(2, pubstatus=PubStatus.CANCELED)).record
    assert isinstance(lifecycle.lift(dead, now=NOON + timedelta(days=1)), Unchanged)


def test_a_lift_of_an_embargo_that_was_lengthened_waits(embargoed: StoryRecord) -> None:
    longer = replace(embargoed, embargoed_until=NOON + timedelta(hours=9))
    assert isinstance(lifecycle.lift(longer, now=NOON + timedelta(hours=1)), Unchanged)


# ── Kills ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_kill_dominates_whatever_its_version(published: StoryRecord) -> None:
    newest = arrive(published, item(5)).record
    assert arrive(newest, item(3, pubstatus=PubStatus.CANCELED)).record.state is StoryState.KILLED


def test_a_kill_under_an_earlier_name_of_the_story_kills_it(published: StoryRecord) -> None:
    resent = arrive(published, item(1), generation=1).record
    assert arrive(resent, item(2, pubstatus=PubStatus.CANCELED), generation=0).record.state is StoryState.KILLED


def test_a_kill_says_why_in_a_code(published: StoryRecord) -> None:
    transition = arrive(published, item(2, pubstatus=PubStatus.CANCELED, kill_reason=KillReason.LEGAL))
    assert transition.record.kill_reason is KillReason.LEGAL


# ── A story that was resent under another name ───────────────────────────────────────────────────────────────────


def test_a_resent_story_is_newer_than_every_version_under_its_old_name(published: StoryRecord) -> None:
    many = arrive(published, item(9)).record
    resent = arrive(many, item(1), generation=1)
    assert (resent.act, resent.record.generation, resent.record.version) == (Act.UPDATE, 1, 1)
    assert isinstance(lifecycle.arrive(resent.record, coming(item(10)), now=NOON), Unchanged)


# ── What is read again ───────────────────────────────────────────────────────────────────────────────────────────


def test_the_item_that_is_shown_is_an_update_when_it_is_understood_better(published: StoryRecord) -> None:
    again = coming(item(), FIRST, content_hash=b"understood better")
    transition = lifecycle.arrive(published, again, now=NOON)
    assert isinstance(transition, Transition)
    assert (transition.act, transition.record.version, transition.record.revision) == (Act.UPDATE, 1, 2)
    assert isinstance(lifecycle.arrive(transition.record, again, now=NOON), Unchanged)


# ── Schedules, embargoes without an end, embargoes of an ancestor ────────────────────────────────────────────────


def test_a_schedule_and_an_embargo_hold_until_the_later_of_both() -> None:
    early, late = NOON + timedelta(hours=1), NOON + timedelta(hours=2)
    for fields in ({"embargoed_until": early, "scheduled_for": late}, {"embargoed_until": late, "scheduled_for": early}):
        record = arrive(None, item(**fields)).record
        assert (record.state, record.held_until) == (StoryState.EMBARGOED, late)
        assert isinstance(lifecycle.lift(record, now=early), Unchanged)


def test_an_embargo_that_has_no_end_holds_until_a_version_says_one() -> None:
    held = arrive(None, item(embargo_open=True)).record
    assert (held.state, held.held_until) == (StoryState.EMBARGOED, NEVER)
    assert isinstance(lifecycle.lift(held, now=NOON + timedelta(days=9999)), Unchanged)
    assert arrive(held, item(2)).record.state is StoryState.EMBARGOED
    assert arrive(held, item(2, embargoed_until=NOON + timedelta(hours=1))).record.held_until == NOON + timedelta(hours=1)
    assert arrive(held, item(2, embargo_cleared=True)).act is Act.NEW


def test_a_stories_embargo_is_no_earlier_than_that_of_those_it_evolved_from() -> None:
    until = NOON + timedelta(hours=1)
    for said in ({}, {"embargoed_until": NOON - timedelta(hours=1)}, {"embargo_cleared": True}):
        assert arrive(None, item(**said), bound_until=until).record.held_until == until
    later = until + timedelta(hours=1)
    assert arrive(None, item(embargoed_until=later), bound_until=until).record.held_until == later
    assert arrive(None, item(stands_alone=True), bound_until=until).record.state is StoryState.PUBLISHED
    public = arrive(None, item()).record
    assert arrive(public, item(2), bound_until=until).record.state is StoryState.PUBLISHED


def test_a_story_binds_those_that_evolve_from_it_until_it_is_public() -> None:
    until = NOON + timedelta(hours=1)
    embargoed = arrive(None, item(embargoed_until=until)).record
    assert lifecycle.binds_until(embargoed) == until
    assert lifecycle.binds_until(arrive(None, item(doubt=Doubt.EMBARGO, doubt_note="x")).record) == NEVER
    assert lifecycle.binds_until(arrive(embargoed, item(2, pubstatus=PubStatus.WITHHELD)).record) == NEVER
    assert lifecycle.binds_until(arrive(embargoed, item(2, pubstatus=PubStatus.CANCELED)).record) == until
    assert lifecycle.binds_until(arrive(None, item()).record) is None


# ── The end of rights ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_story_leaves_at_the_end_of_its_rights_and_not_before() -> None:
    end = NOON + timedelta(hours=1)
    record = arrive(None, item(expires_at=end)).record
    assert isinstance(lifecycle.expire(record, now=end - timedelta(microseconds=1)), Unchanged)
    transition = lifecycle.expire(record, now=end)
    assert isinstance(transition, Transition)
    assert (transition.act, transition.record.state, transition.record.version) == (Act.EXPIRE, StoryState.EXPIRED, 1)
    assert isinstance(lifecycle.expire(transition.record, now=end), Unchanged)


def test_rights_that_were_prolonged_keep_or_bring_back_a_story() -> None:
    end = NOON + timedelta(hours=1)
    record = arrive(None, item(expires_at=end)).record
    longer = arrive(record, item(2, expires_at=end + timedelta(hours=1))).record
    assert isinstance(lifecycle.expire(longer, now=end), Unchanged)
    gone = lifecycle.expire(record, now=end)
    assert isinstance(gone, Transition)
    assert arrive(gone.record, item(2), now=end).act is Act.RELEASE


def test_an_item_whose_rights_are_over_is_never_public() -> None:
    record = arrive(None, item(expires_at=NOON)).record
    assert (record.state, record.published_at) == (StoryState.EXPIRED, None)


def test_an_embargo_that_outlasts_the_rights_ends_in_nothing() -> None:
    record = arrive(None, item(embargoed_until=NOON + timedelta(hours=2), expires_at=NOON + timedelta(hours=1))).record
    transition = lifecycle.lift(record, now=NOON + timedelta(hours=2))
    assert isinstance(transition, Transition)
    assert transition.record.state is StoryState.EXPIRED


# ── What is for desks only ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("fields", [{"is_test": True}, {"is_publishable": False}])
def test_what_is_for_desks_only_is_never_public_and_takes_back_what_was(fields: dict[str, Any], published: StoryRecord) -> None:
    fresh = arrive(None, item(**fields)).record
    assert (fresh.state, fresh.published_at) == (StoryState.INTERNAL, None)
    assert arrive(fresh, item(2)).act is Act.NEW
    assert arrive(published, item(2, **fields)).record.state is StoryState.WITHHELD


# ── What the wire doubts ─────────────────────────────────────────────────────────────────────────────────────────

DOUBTED: dict[str, Any] = {"doubt": Doubt.ENCODING, "doubt_note": "half of it is mojibake"}
SPEAKS_OF_EMBARGO: dict[str, Any] = {"doubt": Doubt.EMBARGO, "doubt_note": "EMBARGOED UNTIL whenever"}


def test_a_doubted_story_is_held_with_its_doubt_and_never_was_public() -> None:
    held = arrive(None, item(**DOUBTED)).record
    assert (held.state, held.doubt, held.doubt_note) == (StoryState.HELD, Doubt.ENCODING, "half of it is mojibake")
    assert held.published_at is None


def test_a_doubted_item_without_words_is_held_too_and_not_put_aside_as_internal() -> None:
    assert arrive(None, item(is_publishable=False, **DOUBTED)).record.state is StoryState.HELD


def test_a_doubted_version_of_a_public_story_is_kept_and_the_story_stays_as_it_is(published: StoryRecord) -> None:
    decision = lifecycle.arrive(published, coming(item(2, **DOUBTED)), now=NOON)
    assert isinstance(decision, Kept)
    assert "half of it is mojibake" in decision.reason
    assert arrive(published, item(3)).act is Act.UPDATE, "the next one is judged anew"


def test_a_doubt_stops_nothing_that_takes_text_back(published: StoryRecord) -> None:
    takes_back: tuple[dict[str, Any], ...] = (HOLD, {"pubstatus": PubStatus.CANCELED}, {"expires_at": NOON}, {"is_test": True})
    for fields in takes_back:
        after = arrive(published, item(2, **DOUBTED, **fields)).record
        assert after.state in (StoryState.WITHHELD, StoryState.KILLED, StoryState.EXPIRED)


def test_somebody_who_has_looked_publishes_what_was_held() -> None:
    for fields in (DOUBTED, SPEAKS_OF_EMBARGO):
        held = arrive(None, item(**fields)).record
        released = arrive(held, item(2, stands_alone=True, **fields))
        assert (released.act, released.record.state, released.record.doubt) == (Act.NEW, StoryState.PUBLISHED, None)


def test_each_version_is_judged_anew_but_a_doubted_embargo_stays() -> None:
    assert arrive(arrive(None, item(**DOUBTED)).record, item(2)).record.state is StoryState.PUBLISHED
    held = arrive(arrive(None, item(**SPEAKS_OF_EMBARGO)).record, item(2)).record
    assert (held.state, held.doubt, held.item) == (StoryState.HELD, Doubt.EMBARGO, SECOND)


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"embargo_cleared": True}, StoryState.PUBLISHED),
        ({"embargoed_until": NOON}, StoryState.PUBLISHED),
        ({"embargoed_until": NOON + timedelta(hours=1)}, StoryState.EMBARGOED),
        ({"embargo_open": True}, StoryState.EMBARGOED),
        ({"scheduled_for": NOON - timedelta(hours=1)}, StoryState.HELD),
    ],
)
def test_a_doubted_embargo_ends_with_one_that_is_set_or_cleared(fields: dict[str, Any], state: StoryState) -> None:
    held = arrive(None, item(**SPEAKS_OF_EMBARGO)).record
    assert arrive(held, item(2, **fields)).record.state is state


def test_a_doubted_embargo_outlasts_a_withholding_and_an_expiry() -> None:
    held = arrive(None, item(expires_at=NOON + timedelta(hours=1), **SPEAKS_OF_EMBARGO)).record
    withheld = arrive(held, item(2, pubstatus=PubStatus.WITHHELD)).record
    assert arrive(withheld, item(3)).record.state is StoryState.HELD
    expired = lifecycle.expire(held, now=NOON + timedelta(hours=1))
    assert isinstance(expired, Transition)
    assert arrive(expired.record, item(3), NOON + timedelta(hours=1)).record.state is StoryState.HELD


def test_a_held_story_is_killed_withheld_and_expired_like_any() -> None:
    held = arrive(None, item(expires_at=NOON + timedelta(hours=1), **DOUBTED)).record
    assert arrive(held, item(2, pubstatus=PubStatus.CANCELED)).act is Act.KILL
    assert arrive(held, item(2, pubstatus=PubStatus.WITHHELD)).act is Act.WITHHOLD
    assert isinstance(lifecycle.expire(held, now=NOON + timedelta(hours=1)), Transition)


# ── Languages ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_story_in_no_editions_language_is_held_until_it_is_translated() -> None:
    held = arrive(None, item(language="fr"), edition=None).record
    assert (held.state, held.doubt) == (StoryState.HELD, Doubt.NO_EDITION)
    assert isinstance(lifecycle.open_up(held, now=NOON, is_translated=False), Unchanged)
    opened = lifecycle.open_up(held, now=NOON, is_translated=True)
    assert isinstance(opened, Transition)
    after = opened.record
    assert (opened.act, after.state, after.published_at, after.doubt, after.revision) == (
        Act.LIFT, StoryState.PUBLISHED, NOON, None, 1,
    )  # fmt: skip
    assert arrive(after, item(2, language="fr"), edition=None).record.state is StoryState.PUBLISHED


def test_a_translation_opens_no_story_that_is_held_for_something_else() -> None:
    for fields in (DOUBTED, SPEAKS_OF_EMBARGO):
        held = arrive(None, item(**fields), edition=None).record
        assert isinstance(lifecycle.open_up(held, now=NOON, is_translated=True), Unchanged)


def test_an_embargo_comes_before_the_language() -> None:
    until = NOON + timedelta(hours=1)
    embargoed = arrive(None, item(language="fr", embargoed_until=until), edition=None).record
    assert embargoed.state is StoryState.EMBARGOED
    for is_translated, state in ((False, StoryState.HELD), (True, StoryState.PUBLISHED)):
        lifted = lifecycle.lift(embargoed, now=until, is_translated=is_translated)
        assert isinstance(lifted, Transition)
        assert lifted.record.state is state


def test_a_version_in_no_editions_language_takes_nothing_from_the_readers_of_its_story(published: StoryRecord) -> None:
    assert isinstance(lifecycle.arrive(published, coming(item(2, language="fr"), edition=None), now=NOON), Kept)


def test_a_release_cannot_publish_where_nobody_could_read() -> None:
    held = arrive(None, item(language="fr"), edition=None).record
    assert arrive(held, item(2, language="fr", stands_alone=True), edition=None).record.state is StoryState.HELD


def test_a_guess_never_moves_a_story_to_another_edition_and_another_script_does(published: StoryRecord) -> None:
    guessed = arrive(published, item(2), edition="ar", is_sure_of_language=False)
    assert guessed.record.edition == "en"
    assert arrive(published, item(2), edition="ar").record.edition == "ar"
    assert arrive(published, item(2, language="ar"), edition="ar").record.edition == "ar"
    assert arrive(published, item(2), edition="es").record.edition == "en", "in the same script nothing is sure enough"


# ── Who holds a story back ───────────────────────────────────────────────────────────────────────────────────────

PRESSED: dict[str, Any] = {"is_from_desk": True}
RELEASED: dict[str, Any] = {"is_from_desk": True, "stands_alone": True}
HOLD: dict[str, Any] = {"pubstatus": PubStatus.WITHHELD}


@pytest.mark.parametrize(
    ("holds", "then", "sender", "state"),
    [
        # a sender's hold
        ([("a", HOLD)], {}, "a", StoryState.PUBLISHED),
        ([("a", HOLD)], {}, "b", StoryState.WITHHELD),
        ([("a", HOLD)], PRESSED, "desk", StoryState.WITHHELD),
        ([("a", HOLD)], RELEASED, "desk", StoryState.PUBLISHED),
        # the desk's
        ([("desk", HOLD | PRESSED)], {}, "a", StoryState.WITHHELD),
        ([("desk", HOLD | PRESSED)], {}, "desk", StoryState.WITHHELD),
        ([("desk", HOLD | PRESSED)], PRESSED, "desk", StoryState.WITHHELD),
        ([("desk", HOLD | PRESSED)], {"stands_alone": True}, "a", StoryState.WITHHELD),
        ([("desk", HOLD | PRESSED)], RELEASED, "desk", StoryState.PUBLISHED),
        # both, whichever came first
        ([("a", HOLD), ("desk", HOLD | PRESSED)], {}, "a", StoryState.WITHHELD),
        ([("a", HOLD), ("desk", HOLD | PRESSED)], RELEASED, "desk", StoryState.PUBLISHED),
        ([("desk", HOLD | PRESSED), ("a", HOLD)], {}, "a", StoryState.WITHHELD),
        ([("desk", HOLD | PRESSED), ("a", HOLD)], RELEASED, "desk", StoryState.PUBLISHED),
        # two senders: the later one's
        ([("a", HOLD), ("b", HOLD)], {}, "a", StoryState.WITHHELD),
        ([("a", HOLD), ("b", HOLD)], {}, "b", StoryState.PUBLISHED),
    ],
)
def test_who_holds_a_story_back_and_who_releases_it(
    holds: list[tuple[str, dict[str, Any]]], then: dict[str, Any], sender: str, state: StoryState, published: StoryRecord
) -> None:
    record = published
    for version, (who, fields) in enumerate(holds, start=2):
        record = arrive(record, item(version, **fields), sender=who).record
        assert record.state is StoryState.WITHHELD
    transition = arrive(record, item(9, **then), sender=sender)
    assert (transition.record.state, transition.record.item, bool(transition.kept)) == (
        state,
        UUID(int=9),
        state is StoryState.WITHHELD,
    )


def test_a_kept_correction_is_there_with_the_release(published: StoryRecord) -> None:
    held = arrive(published, item(2, **HOLD, **PRESSED)).record
    kept = arrive(held, item(3, signal=Signal.CORRECTION, correction_note="It was 10."), sender="a")
    assert (kept.act, kept.record.state) == (Act.CORRECTION, StoryState.WITHHELD)
    released = arrive(kept.record, item(4, **RELEASED))
    assert (released.act, released.record.correction_notes) == (Act.RELEASE, ("It was 10.",))


def test_a_persons_hold_outlasts_the_end_of_rights(published: StoryRecord) -> None:
    held = arrive(published, item(2, expires_at=NOON + timedelta(hours=1), **HOLD, **PRESSED)).record
    expired = lifecycle.expire(held, now=NOON + timedelta(hours=1))
    assert isinstance(expired, Transition)
    assert arrive(expired.record, item(3), NOON + timedelta(hours=1), sender="a").record.state is StoryState.WITHHELD


# ── Anything, in any order ───────────────────────────────────────────────────────────────────────────────────────

messages = st.builds(
    item,
    version=st.integers(1, 8),
    pubstatus=st.sampled_from([PubStatus.USABLE] * 6 + [PubStatus.WITHHELD, PubStatus.CANCELED]),
    signal=st.sampled_from([None, Signal.UPDATE, Signal.CORRECTION]),
    embargoed_until=st.one_of(st.none(), st.integers(-5, 30).map(lambda m: NOON + timedelta(minutes=m))),
    embargo_open=st.sampled_from([False, False, False, True]),
    embargo_cleared=st.sampled_from([False, False, False, True]),
    scheduled_for=st.one_of(st.none(), st.none(), st.integers(-5, 30).map(lambda m: NOON + timedelta(minutes=m))),
    expires_at=st.one_of(st.none(), st.none(), st.integers(-5, 60).map(lambda m: NOON + timedelta(minutes=m))),
    doubt=st.sampled_from([None, None, None, None, *Doubt]),
    stands_alone=st.sampled_from([False, False, False, True]),
    is_from_desk=st.sampled_from([False, False, True]),
    is_test=st.sampled_from([False, False, False, True]),
    is_publishable=st.sampled_from([True, True, True, False]),
    language=st.sampled_from(["", "en", "ar"]),
)
editions = st.sampled_from(["en", "en", "ar", None])


@given(st.lists(st.tuples(messages, st.integers(0, 2), editions, st.sampled_from("ab"), st.booleans()), max_size=20))
def test_whatever_arrives_in_whatever_order_the_rules_hold(
    sequence: list[tuple[WireItem, int, str | None, str, bool]],
) -> None:
    record: StoryRecord | None = None
    for minute, (message, generation, edition, sender, is_translated) in enumerate(sequence):
        now = NOON + timedelta(minutes=minute)
        steps = (
            lifecycle.lift(record, now=now, is_translated=is_translated),
            lifecycle.open_up(record, now=now, is_translated=is_translated),
            lifecycle.expire(record, now=now),
        )
        if moved := next((step for step in steps if isinstance(step, Transition)), None):
            before, record = record, moved.record
            assert before is not None
            if record.state is StoryState.PUBLISHED:
                _may_be_public(record, now)
                assert (before.is_desk_hold, before.held_by) == (False, ""), "time and translations release nothing"
                assert before.doubt in (None, Doubt.NO_EDITION), "time and translations settle no doubt"
        incoming = coming(message, UUID(int=minute + 1), generation=generation, edition=edition, sender=sender)
        decision = lifecycle.arrive(record, incoming, now=now)
        if not isinstance(decision, Transition):
            continue
        after = decision.record
        if record:
            assert record.state is not StoryState.KILLED
            if after.state is not StoryState.KILLED:
                assert (after.generation, after.version) > (record.generation, record.version)
            assert after.updated_at > record.updated_at
            assert after.revision == record.revision + 1
            assert record.published_at in (None, after.published_at)
            assert after.correction_notes[: len(record.correction_notes)] == record.correction_notes
            if record.is_desk_hold and not (message.is_from_desk and message.stands_alone):
                assert after.is_desk_hold
                assert after.state in (StoryState.WITHHELD, StoryState.EXPIRED, StoryState.KILLED)
            if record.state is StoryState.PUBLISHED and not message.retracts:
                assert after.state is not StoryState.HELD, "a doubt took public text away"
        if after.state is StoryState.PUBLISHED:
            _may_be_public(after, now)
            assert not message.is_test
            assert message.doubt in (None, Doubt.NO_EDITION) or message.stands_alone
            assert message.is_publishable
            is_silent = not (message.embargo_cleared or message.embargoed_until)
            was_never_public = record is not None and record.published_at is None
            if was_never_public and record and record.doubt is Doubt.EMBARGO and is_silent:
                assert message.stands_alone, "a doubted embargo was forgotten"
        assert (after.state is StoryState.HELD) <= (after.doubt is not None), "held, and nobody knows why"
        record = after


def _may_be_public(record: StoryRecord, now: datetime) -> None:
    assert record.held_until is None or record.held_until <= now, "embargoed text is public"
    assert record.expires_at is None or record.expires_at > now, "text without rights is public"
    assert not record.is_desk_hold
    assert not record.held_by
    assert record.doubt is None


@given(st.lists(st.tuples(messages.filter(lambda m: not (m.is_from_desk and m.stands_alone)), editions), max_size=12))
def test_no_pushes_make_a_story_public_that_a_person_holds_back(sequence: list[tuple[WireItem, str | None]]) -> None:
    record = arrive(None, item(1, pubstatus=PubStatus.WITHHELD, is_from_desk=True)).record
    for minute, (message, edition) in enumerate(sequence):
        now = NOON + timedelta(minutes=minute)
        later = message.model_copy(update={"version": minute + 2})
        for decision in (
            lifecycle.arrive(record, coming(later, UUID(int=minute + 2), edition=edition, sender="a"), now=now),
            lifecycle.lift(record, now=now, is_translated=True),
            lifecycle.open_up(record, now=now, is_translated=True),
        ):
            if isinstance(decision, Transition):
                record = decision.record
        assert record.published_at is None


@dataclass
class Sent:
    """A message of a newsroom that says in each version all that holds of the story."""

    version: int
    state: StoryState

    def item(self) -> WireItem:
        said: dict[StoryState, dict[str, Any]] = {
            StoryState.PUBLISHED: {"embargo_cleared": True},
            StoryState.WITHHELD: {"pubstatus": PubStatus.WITHHELD},
            StoryState.KILLED: {"pubstatus": PubStatus.CANCELED},
            StoryState.EXPIRED: {"expires_at": NOON, "embargo_cleared": True},
            StoryState.INTERNAL: {"is_publishable": False, "embargo_cleared": True},
            StoryState.HELD: {"doubt": Doubt.ENCODING, "embargo_cleared": True},
        }
        return item(self.version, **said[self.state])


@given(
    states=st.lists(
        st.sampled_from([StoryState.PUBLISHED] * 4 + [s for s in StoryState if s is not StoryState.EMBARGOED]),
        min_size=1,
        max_size=8,
    ),
    order=st.randoms(use_true_random=False),
    repeats=st.integers(1, 3),
)
def test_what_is_visible_is_what_the_newest_version_says_however_it_travelled(
    states: list[StoryState], order: Any, repeats: int
) -> None:
    sent = [Sent(version, state) for version, state in enumerate(states, start=1)]
    travelling = sent * repeats
    order.shuffle(travelling)
    record: StoryRecord | None = None
    for message in travelling:
        decision = lifecycle.arrive(record, coming(message.item(), UUID(int=message.version)), now=NOON)
        record = decision.record if isinstance(decision, Transition) else record
    assert record is not None
    killed = any(message.state is StoryState.KILLED for message in sent)
    newest = StoryState.KILLED if killed else sent[-1].state
    if newest is StoryState.HELD and record.published_at:
        return  # kept aside: what readers see is an earlier version, and which one hangs on the order in which they came
    if newest is StoryState.INTERNAL and record.published_at:
        newest = StoryState.WITHHELD  # for desks only, of what readers have seen
    assert record.state is newest
    if record.state is StoryState.PUBLISHED:
        assert record.item == UUID(int=sent[-1].version)
