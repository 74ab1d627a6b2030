"""What is decided about a story's text in an edition: whether it is wanted, who may see it, and when engines are asked again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.translation.targets import Target
from services.translation.text.segments import StoryText
from shared.contracts.item import Doubt
from shared.contracts.story import StoryState
from shared.contracts.work import Done, Follow, Later, Outcome, Work
from shared.pipeline import Stage
from shared.wire.config import Edition, Policy

#: when engines are asked again for a text that did not pass; after the last a person must
RETRIES = (timedelta(seconds=20), timedelta(minutes=2), timedelta(minutes=15), timedelta(hours=1))
#: how soon a story comes back at the earliest that no engine answered for
SOON = timedelta(seconds=1)


@dataclass(frozen=True, kw_only=True)
class SourceStory:
    """A story as it is now, to be translated."""

    story: str
    state: StoryState
    doubt: Doubt | None  #: why it is held
    revision: int
    item: UUID
    language: str  #: empty: nobody knows it
    text: StoryText
    feeds: frozenset[str]  #: that it belongs to

    def has_same_text(self, other: SourceStory) -> bool:
        """Is an answer for this one an answer for the other, which was read at another time?"""
        ours, theirs = ((one.item, one.revision, one.language, one.text) for one in (self, other))
        return ours == theirs


def waits_for_text(state: StoryState | None, doubt: Doubt | None) -> bool:
    """Does a story wait for its first translation to be public?"""
    return state is StoryState.HELD and doubt is Doubt.NO_EDITION


def is_wanted(story: SourceStory, edition: Edition) -> bool:
    """Is the story to be in the edition: public, or made so by its first translation, and of one of the edition's feeds?"""
    may_be_translated = story.state is StoryState.PUBLISHED or waits_for_text(story.state, story.doubt)
    return may_be_translated and bool(story.language) and (not edition.feeds or not story.feeds.isdisjoint(edition.feeds))


def is_machines(targets: Sequence[Target]) -> bool:
    """Is a sentence of a text a machine's? Then the text is, and is labelled so where the edition says it."""
    return any(target.origin == "machine" for target in targets)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What becomes of a text that every sentence has a target for."""

    is_ready: bool  #: for readers; else it waits for a person
    again: timedelta | None  #: when engines are asked again; None: not by itself
    gates: tuple[str, ...]  #: which hold it, in the order of the alphabet


def judge(targets: Sequence[Target], *, policy: Policy, replaces_a_persons: bool, tries: int) -> Verdict:
    """May readers have a text unseen, and if not: are engines asked again?

    `replaces_a_persons`: a machine's text would take the place of a person's that cannot be laid beside its source.
    `tries` counts how often engines were asked for this revision and did not pass, this time included.
    """
    gates = tuple(sorted({fault.gate for target in targets for fault in target.faults}))
    may_be_seen = policy is not Policy.REVIEWED_ONLY and not replaces_a_persons
    # no other answer would show a text that a person must see in any case
    is_tried_again = bool(gates) and may_be_seen and tries <= len(RETRIES)
    return Verdict(is_ready=may_be_seen and not gates, again=RETRIES[tries - 1] if is_tried_again else None, gates=gates)


def wait_for_engines(pauses: Sequence[datetime | None], silences: Sequence[str], now: datetime) -> Outcome:
    """What becomes of a story that lacks sentences: it comes back by itself, however long the engines are away.

    `pauses` has, for each of the edition's engines, until when it is left alone (None: it is not). Without any engine the edition
    waits for a person, and there is nothing to come back for.
    """
    if not pauses:
        return Done()
    ends = [until for until in pauses if until]
    delay = max(min(ends) - now, SOON) if len(ends) == len(pauses) else SOON
    return Later(delay, "; ".join(silences) or "no engine answered")


def show(work: Work, story: SourceStory) -> Done:
    """What brings a text to its readers: a story that waited for its first one becomes public with it."""
    if story.state is StoryState.HELD:
        return Done((Follow(stage=Stage.OPEN, item=work.item, revision=story.revision),))
    return Done((Follow(stage=Stage.RENDER, item=work.item, revision=work.revision, edition=work.edition),))
