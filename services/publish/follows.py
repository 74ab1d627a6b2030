"""The work that follows from a step in a story's life."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from services.publish.story import NEVER, Transition
from shared.contracts.item import Doubt
from shared.contracts.story import Act, StoryState
from shared.contracts.work import Follow, Work
from shared.pipeline import Lane, Stage
from shared.wire.config import Wire

_MAY_EXPIRE = (StoryState.PUBLISHED, StoryState.EMBARGOED, StoryState.WITHHELD, StoryState.HELD)


def follows_of(transition: Transition, work: Work, wire: Wire) -> Iterator[Follow]:
    """What a transition asks for. Text that is taken back is taken back in every edition at once, on the express lane."""
    record = transition.record

    def at(stage: Stage, moment: datetime) -> Follow:
        return Follow(stage=stage, item=work.item, revision=record.revision, due_at=moment, lane=Lane.EXPRESS)

    if record.expires_at and record.state in _MAY_EXPIRE:
        yield at(Stage.EXPIRE, record.expires_at)
    if record.state is StoryState.EMBARGOED:
        if record.held_until and record.held_until < NEVER:
            yield at(Stage.LIFT, record.held_until)
    else:
        yield from _for_editions(transition, work, wire)


def _for_editions(transition: Transition, work: Work, wire: Wire) -> Iterator[Follow]:
    """What there is to translate and to render now."""
    record = transition.record
    others = [edition for edition in wire.editions if edition != record.edition]
    own = [record.edition] if record.edition else []

    def follow(stage: Stage, edition: str, lane: Lane | None = None) -> Follow:
        return Follow(stage=stage, item=work.item, revision=record.revision, edition=edition, lane=lane)

    if record.state is StoryState.HELD:
        if record.doubt is Doubt.NO_EDITION:  # public with the first translation
            yield from (follow(Stage.TRANSLATE, edition) for edition in others)
    elif transition.kept:
        return  # readers see what they saw
    elif record.state is StoryState.PUBLISHED:
        yield from (follow(Stage.RENDER, edition) for edition in own)
        if transition.act in (Act.CORRECTION, Act.RELEASE):
            # until the other edition is translated again it must not show what was wrong
            yield from (follow(Stage.RENDER, edition) for edition in others)
        yield from (follow(Stage.TRANSLATE, edition) for edition in others)
    elif record.published_at is not None:
        yield from (follow(Stage.RENDER, edition, Lane.EXPRESS) for edition in wire.editions)
