"""What became of an item, in words for who sent it and as a fact for the log."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from services.publish.outcomes import Decision, decide_outcome, story_fact
from services.publish.story import IncomingItem, Kept, PendingItem, Refusal, StoryRecord, Transition, Unchanged
from shared.contracts.item import WireItem
from shared.contracts.story import Act, StoryState
from shared.wire.config import DEFAULT_FILE, read_wire
from shared.wire.matching import facts_of

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
WIRE = read_wire(DEFAULT_FILE)


def record(state: StoryState = StoryState.PUBLISHED, edition: str | None = "en") -> StoryRecord:
    return StoryRecord(
        state=state, uri="urn:x", generation=0, version=1, revision=1, item=UUID(int=1), content_hash=b"", edition=edition,
        published_at=None, updated_at=NOON,
    )  # fmt: skip


def pending(twin: str = "", **fields: Any) -> PendingItem:
    item = WireItem.model_validate({"uri": "urn:x", "headline": "H", "body_html": "<p>B</p>", **fields})
    return PendingItem(
        story="S",
        accepted_at=NOON,
        incoming=IncomingItem(id=UUID(int=1), item=item, content_hash=b""),
        facts=facts_of(item, language="en", regions=(), sections=(), tags=(), labels=(), topics=WIRE.topics),
        twin=twin,
    )


@pytest.mark.parametrize(
    ("act", "state", "fact"),
    [
        (Act.NEW, StoryState.PUBLISHED, "story.published"),
        (Act.NEW, StoryState.EMBARGOED, "story.embargoed"),
        (Act.NEW, StoryState.HELD, "story.held"),
        (Act.NEW, StoryState.INTERNAL, "story.kept_internal"),
        (Act.LIFT, StoryState.PUBLISHED, "story.published"),
        (Act.LIFT, StoryState.HELD, "story.held"),
        (Act.LIFT, StoryState.EMBARGOED, "story.embargoed"),
        (Act.UPDATE, StoryState.PUBLISHED, "story.updated"),
        (Act.UPDATE, StoryState.EMBARGOED, "story.updated"),
        (Act.CORRECTION, StoryState.PUBLISHED, "story.corrected"),
        (Act.WITHHOLD, StoryState.WITHHELD, "story.withheld"),
        (Act.RELEASE, StoryState.PUBLISHED, "story.released"),
        (Act.KILL, StoryState.KILLED, "story.killed"),
        (Act.EXPIRE, StoryState.EXPIRED, "story.expired"),
    ],
)
def test_the_log_says_what_happened_in_the_past_tense(act: Act, state: StoryState, fact: str) -> None:
    assert story_fact(Transition(act=act, record=record(state))) == fact


@pytest.mark.parametrize(
    ("answer", "outcome", "reason", "fact"),
    [
        (Kept("for the desk"), "kept", "for the desk", "item.kept"),
        (Unchanged("it was applied before"), "unchanged", "it was applied before", "item.unchanged"),
        (Refusal("it cannot be"), "refused", "it cannot be", "item.refused"),
    ],
)
def test_an_item_that_is_not_applied_has_a_reason(answer: Any, outcome: str, reason: str, fact: str) -> None:
    decision = decide_outcome(answer, pending(), record())
    assert (decision, decision.item_fact) == (Decision(outcome=outcome, reason=reason), fact)


_FOR_DESKS = "it is for desks only: an advisory, or nothing that readers could read"


@pytest.mark.parametrize(
    ("state", "item", "reason"),
    [
        (StoryState.PUBLISHED, pending(), ""),
        (StoryState.PUBLISHED, pending("T"), "another story has this text: T"),
        (StoryState.HELD, pending("T"), ""),
        (StoryState.KILLED, pending("T", pubstatus="canceled"), ""),
        (StoryState.INTERNAL, pending(is_test=True), "it is a test, which no reader sees"),
        (StoryState.INTERNAL, pending(is_publishable=False), _FOR_DESKS),
        (StoryState.INTERNAL, pending("T"), "another story has this text: T; the desk can publish it all the same"),
    ],
)  # fmt: skip
def test_a_sender_hears_of_a_state_that_was_not_asked_for(state: StoryState, item: PendingItem, reason: str) -> None:
    transition = Transition(act=Act.NEW, record=record(state))
    assert decide_outcome(transition, item, None) == Decision(outcome="applied", reason=reason)


@pytest.mark.parametrize(
    ("before", "after", "language", "is_said"),
    [
        ("en", "ar", "", True),
        ("en", "ar", "ar", False),
        ("en", "en", "", False),
        (None, "ar", "", False),
        ("en", None, "", False),
    ],
)
def test_a_sender_hears_that_a_story_moves_to_another_edition(
    before: str | None, after: str | None, language: str, is_said: bool
) -> None:
    transition = Transition(act=Act.UPDATE, record=record(edition=after))
    decision = decide_outcome(transition, pending(language=language), record(edition=before))
    said = f"its text is in another script: the story moves from edition {before} to {after}"
    assert decision.reason == (said if is_said else "")


def test_what_is_kept_though_the_story_has_it_is_kept_and_not_applied() -> None:
    transition = Transition(act=Act.WITHHOLD, record=record(StoryState.WITHHELD), kept="the desk holds it back")
    assert decide_outcome(transition, pending(), record()) == Decision(outcome="kept", reason="the desk holds it back")
