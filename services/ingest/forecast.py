"""What is known of an item's fate in the answer to its push already, by what its story is at that moment. Values only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.ingest.acceptance import Acceptance, Candidate, Rejection
from shared.contracts.item import Doubt, WireItem
from shared.contracts.problem import AlreadyPublic
from shared.contracts.story import (
    KEPT_BY_DESK,
    KEPT_BY_SENDER,
    KILLED_FOR_GOOD,
    NO_EDITION_OF_LANGUAGE,
    NO_EMBARGO_AFTER,
    UNKNOWN_TO_TAKE_BACK,
    StoryState,
)
from shared.language.detection import names_a_language
from shared.wire.config import Wire


@dataclass(frozen=True, kw_only=True)
class StoryNow:
    """What publish has made of a story."""

    state: StoryState
    was_public: bool
    is_desk_hold: bool
    held_by: str
    versions: frozenset[int]  #: those of the versions that come which are known already under this `uri`


def without_late_embargoes(
    candidates: Sequence[Candidate], stories: Mapping[str, StoryNow], now: datetime
) -> tuple[list[Candidate], list[Rejection]]:
    """The items that may be taken, and those that would embargo what is public already."""
    taken: list[Candidate] = []
    refused: list[Rejection] = []
    for candidate in candidates:
        if _is_late_embargo(candidate, stories.get(candidate.item.uri), now):
            problem = AlreadyPublic(f"{_sentence(NO_EMBARGO_AFTER)}.").problem
            refused.append(
                Rejection(index=candidate.index, problem=problem, payload=candidate.payload, position=candidate.position)
            )
        else:
            taken.append(candidate)
    return taken, refused


def _is_late_embargo(candidate: Candidate, story: StoryNow | None, now: datetime) -> bool:
    item = candidate.item
    if story is None or not story.was_public or story.state is StoryState.KILLED or item.retracts:
        return False
    if candidate.needs_number or item.version in story.versions or item.is_test or not item.is_publishable:
        return False
    rights_are_over = item.expires_at is not None and item.expires_at <= now
    is_ahead = any(moment is not None and moment > now for moment in (item.embargoed_until, item.scheduled_for))
    return (item.embargo_open or is_ahead) and not rights_are_over


def forecast(
    accepted: Acceptance, item: WireItem, story: StoryNow | None, *, is_new_uri: bool, sender: str, wire: Wire
) -> Acceptance:
    """The answer for an item, with what is known already of what becomes of it. `is_new_uri`: nothing came under it before."""
    if accepted.duplicate:
        return accepted
    if item.retracts:
        return replace(accepted, notes=(*accepted.notes, UNKNOWN_TO_TAKE_BACK)) if is_new_uri else accepted
    notes = list(accepted.notes)
    held = accepted.held
    if held is None and names_a_language(item.language) and wire.edition_of(item.language) is None:
        held = Doubt.NO_EDITION
        notes.append(f"{NO_EDITION_OF_LANGUAGE} ({item.language})")
    if story and not (item.is_from_desk and item.stands_alone):
        if story.state is StoryState.KILLED:
            notes.append(KILLED_FOR_GOOD)
        elif story.is_desk_hold:
            notes.append(KEPT_BY_DESK)
        elif story.held_by and (item.is_from_desk or story.held_by != sender):
            notes.append(KEPT_BY_SENDER)
    return replace(accepted, notes=tuple(notes), held=held)


def _sentence(words: str) -> str:
    return words[0].upper() + words[1:]
