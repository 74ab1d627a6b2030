"""What became of an item at its story: in words for who sent it, and as a fact for the log."""

from __future__ import annotations

from dataclasses import dataclass

from services.publish.story import Kept, PendingItem, Refusal, StoryRecord, Transition, Unchanged
from shared.contracts.story import Act, StoryState

#: facts in the log; where delivery's webhooks have the same fact it has the same name
_FACTS = {
    Act.UPDATE: "story.updated",
    Act.CORRECTION: "story.corrected",
    Act.WITHHOLD: "story.withheld",
    Act.RELEASE: "story.released",
    Act.KILL: "story.killed",
    Act.EXPIRE: "story.expired",
}
#: the fact of a story that is new, or whose embargo is over: the state that it has from then on
_FACTS_OF_STATES = {
    StoryState.PUBLISHED: "story.published",
    StoryState.EMBARGOED: "story.embargoed",
    StoryState.HELD: "story.held",
    StoryState.INTERNAL: "story.kept_internal",
}
_FACTS_OF_ITEMS = {"kept": "item.kept", "unchanged": "item.unchanged", "refused": "item.refused"}


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What became of an item at its story."""

    outcome: str  #: `applied`, `kept`, `unchanged`, `refused`
    reason: str = ""  #: in words for who sent it

    @property
    def item_fact(self) -> str:
        """What the log calls it that an item was not applied."""
        return _FACTS_OF_ITEMS[self.outcome]


def story_fact(transition: Transition) -> str:
    """What the log calls a step in a story's life: in the past tense, as webhooks do."""
    return _FACTS.get(transition.act) or _FACTS_OF_STATES[transition.record.state]


def decide_outcome(answer: Transition | Kept | Unchanged | Refusal, pending: PendingItem, before: StoryRecord | None) -> Decision:
    """What became of an item. `answer` is the story's, `before` what that was until then."""
    match answer:
        case Transition(kept=""):
            reasons = (_why_moved(before, answer.record, pending), _why_applied(answer.record, pending))
            return Decision(outcome="applied", reason="; ".join(filter(None, reasons)))
        case Transition(kept=reason) | Kept(reason):
            return Decision(outcome="kept", reason=reason)
        case Unchanged(reason):
            return Decision(outcome="unchanged", reason=reason)
        case Refusal(reason):
            return Decision(outcome="refused", reason=reason)


def _why_moved(before: StoryRecord | None, after: StoryRecord, pending: PendingItem) -> str:
    """A word on a version that moves its story to another edition without saying its language."""
    if before is None or before.edition in (None, after.edition) or pending.incoming.item.language or after.edition is None:
        return ""
    return f"its text is in another script: the story moves from edition {before.edition} to {after.edition}"


def _why_applied(record: StoryRecord, pending: PendingItem) -> str:
    """A word on a state that the sender did not ask for; what is held says itself why."""
    item = pending.incoming.item
    if record.state is not StoryState.INTERNAL:
        has_twin = pending.twin and not item.retracts and record.state is not StoryState.HELD
        return f"another story has this text: {pending.twin}" if has_twin else ""
    if item.is_test:
        return "it is a test, which no reader sees"
    if not item.is_publishable:
        return "it is for desks only: an advisory, or nothing that readers could read"
    return f"another story has this text: {pending.twin}; the desk can publish it all the same"
