"""The life of a story, decided with values: what it is now, what arrives, what it becomes. No session and no clock here.

| now        | arrives                         | becomes    | act                                               |
|------------|---------------------------------|------------|---------------------------------------------------|
| nothing    | usable                          | published  | new                                               |
| nothing    | usable, embargo ahead           | embargoed  | new                                               |
| nothing    | withheld                        | withheld   | withhold                                          |
| nothing    | canceled                        | killed     | kill (a tombstone; blocks the late original)      |
| any        | a version that is not newer     | unchanged  | none: recorded, never shown                       |
| killed     | anything                        | killed     | none: terminal                                    |
| any        | canceled                        | killed     | kill                                              |
| any        | withheld                        | withheld   | withhold                                          |
| published  | usable                          | published  | update, or correction when signalled              |
| published  | usable, embargo ahead           | —          | refused: what is public cannot be embargoed       |
| embargoed  | usable, embargo ahead or silent | embargoed  | update (lengthened, shortened or corrected)       |
| embargoed  | usable, embargo over or cleared | published  | new                                               |
| embargoed  | its minute                      | published  | lift                                              |
| withheld   | usable                          | published  | release (correction when signalled; new if first) |
| withheld   | usable, embargo ahead           | embargoed  | update, if it was never public; else refused      |
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from shared.contracts.item import PubStatus, Signal, WireItem
from shared.contracts.story import Act, StoryState


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What a story is now."""

    state: StoryState
    version: int  #: of the newest item that was applied
    revision: int
    item: UUID  #: the item whose text the story has
    edition: str | None  #: the edition of its own language
    published_at: datetime | None  #: first time public; never changes. None: never was
    updated_at: datetime  #: strictly grows, also if clocks step back
    embargoed_until: datetime | None
    correction_notes: tuple[str, ...] = ()  #: kept through later updates: a mistake is never buried


@dataclass(frozen=True, kw_only=True)
class Move:
    """One step in a story's life."""

    act: Act
    standing: Standing


@dataclass(frozen=True)
class Unchanged:
    """The item changes nothing, rightly."""

    reason: str


@dataclass(frozen=True)
class Refusal:
    """The item asks for what cannot be; a person must look at it."""

    reason: str


def arrive(
    standing: Standing | None, item: WireItem, item_id: UUID, *, edition: str | None, now: datetime
) -> Move | Unchanged | Refusal:
    """What an item does to its story."""
    if standing is not None:
        if standing.state is StoryState.KILLED:
            return Unchanged("the story was killed, which is final for its uri")
        if item.version <= standing.version:
            return Unchanged(f"version {standing.version} was applied before")
    embargo = _embargo(standing, item)
    embargoed = embargo is not None and embargo > now
    was_public = standing is not None and standing.published_at is not None
    if item.pubstatus is PubStatus.USABLE and embargoed and was_public:
        return Refusal("the story is public already and cannot be embargoed: withhold it instead")
    state = _state(item.pubstatus, embargoed)
    return Move(
        act=_act(standing, item, state),
        standing=Standing(
            state=state,
            version=item.version,
            revision=standing.revision + 1 if standing else 1,
            # a retraction brings no text: the story keeps the item that it had, hidden
            item=standing.item if standing and item.retracts else item_id,
            edition=standing.edition if standing and item.retracts else edition,
            published_at=_published_at(standing, state, now),
            updated_at=_after(standing, now),
            embargoed_until=embargo,
            correction_notes=_notes(standing, item, state),
        ),
    )


def lift(standing: Standing | None, *, now: datetime) -> Move | Unchanged:
    """What its embargo's minute does to a story. Inclusive: it is public from that instant on."""
    if standing is None or standing.state is not StoryState.EMBARGOED:
        return Unchanged("the story is not embargoed any more")
    if standing.embargoed_until is None or standing.embargoed_until > now:
        return Unchanged("the embargo was lengthened")
    return Move(
        act=Act.LIFT,
        standing=replace(
            standing,
            state=StoryState.PUBLISHED,  # the same revision: no word of it changed
            published_at=now,
            updated_at=_after(standing, now),
        ),
    )


def _embargo(standing: Standing | None, item: WireItem) -> datetime | None:
    """The embargo of all versions: what this one says, else what stood before, unless it was cleared in so many words."""
    if item.embargoed_until is not None or item.embargo_cleared or standing is None:
        return item.embargoed_until
    return standing.embargoed_until


def _state(pubstatus: PubStatus, embargoed: bool) -> StoryState:
    match pubstatus:
        case PubStatus.CANCELED:
            return StoryState.KILLED
        case PubStatus.WITHHELD:
            return StoryState.WITHHELD
        case PubStatus.USABLE:
            return StoryState.EMBARGOED if embargoed else StoryState.PUBLISHED


def _act(standing: Standing | None, item: WireItem, state: StoryState) -> Act:
    if state is StoryState.KILLED:
        return Act.KILL
    if state is StoryState.WITHHELD:
        return Act.WITHHOLD
    if state is StoryState.EMBARGOED:
        return Act.UPDATE if standing else Act.NEW
    if standing is None or standing.published_at is None:
        return Act.NEW
    if item.signal is Signal.CORRECTION:
        return Act.CORRECTION
    return Act.RELEASE if standing.state is StoryState.WITHHELD else Act.UPDATE


def _published_at(standing: Standing | None, state: StoryState, now: datetime) -> datetime | None:
    if standing and standing.published_at:
        return standing.published_at
    return now if state is StoryState.PUBLISHED else None


def _after(standing: Standing | None, now: datetime) -> datetime:
    return max(now, standing.updated_at + timedelta(microseconds=1)) if standing else now


def _notes(standing: Standing | None, item: WireItem, state: StoryState) -> tuple[str, ...]:
    notes = standing.correction_notes if standing else ()
    if state is StoryState.PUBLISHED and standing and standing.published_at and item.signal is Signal.CORRECTION:
        return (*notes, item.correction_note)
    return notes
