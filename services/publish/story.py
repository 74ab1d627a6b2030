"""What a story is, what comes to it, and how it can answer. Values only: `lifecycle.py` decides with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from shared.contracts.item import Doubt, KillReason, WireItem
from shared.contracts.story import Act, StoryState
from shared.wire.matching import Facts

#: when an embargo ends that has no end yet
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def latest(*moments: datetime | None) -> datetime | None:
    """The latest of those that are not None; None if there is none."""
    return max(filter(None, moments), default=None)


@dataclass(frozen=True, kw_only=True)
class StoryRecord:
    """What a story is now."""

    state: StoryState
    uri: str  #: under which its newest item came
    generation: int  #: of that `uri` among the story's own; a resent story's is one higher
    version: int  #: of the newest item that was applied
    revision: int
    item: UUID  #: the item whose text the story has
    adds: tuple[UUID, ...] = ()  #: the takes that continue it, in their order
    content_hash: bytes  #: of that item, as it was understood when it was applied
    edition: str | None  #: the edition of its own language
    published_at: datetime | None  #: first time public; never changes. None: never was
    updated_at: datetime  #: strictly grows, also if clocks step back
    embargoed_until: datetime | None = None  #: NEVER: no end yet
    scheduled_for: datetime | None = None
    expires_at: datetime | None = None
    kill_reason: KillReason | None = None
    correction_notes: tuple[str, ...] = ()  #: kept through later updates: a mistake is never buried
    doubt: Doubt | None = None  #: why the wire holds it, or would if nothing else did
    doubt_note: str = ""
    is_desk_hold: bool = False  #: a person holds it back
    held_by: str = ""  #: the sender that holds it back

    @property
    def held_until(self) -> datetime | None:
        """The later of its embargo and its schedule."""
        return latest(self.embargoed_until, self.scheduled_for)


@dataclass(frozen=True, kw_only=True)
class IncomingItem:
    """An item that comes to its story."""

    id: UUID
    item: WireItem
    content_hash: bytes
    generation: int = 0
    sender: str = ""  #: the key or the source by which it came
    edition: str | None = None  #: the edition of the item's language
    is_sure_of_language: bool = True  #: from the item's text, if it does not say it
    bound_until: datetime | None = None  #: by the stories that this one evolved from; NEVER: no end yet
    same_as: str | None = None  #: another provider's story with the same headline and text


@dataclass(frozen=True, kw_only=True)
class PendingItem:
    """An item on its way to its story, with what enrichment found in it; a retraction comes without."""

    story: str
    accepted_at: datetime
    incoming: IncomingItem
    facts: Facts  #: what feeds ask for
    twin: str = ""  #: another story with the same headline and text, whoever's it is
    is_sorted: bool = False  #: an editor has said what its story is about


@dataclass(frozen=True, kw_only=True)
class Transition:
    """One step in a story's life."""

    act: Act
    record: StoryRecord  #: what the story is from then on
    kept: str = ""  #: why readers do not see what came, though it is the story's text now


@dataclass(frozen=True)
class Kept:
    """The item is kept for a person to look at; its story stays as it is."""

    reason: str


@dataclass(frozen=True)
class Unchanged:
    """The item changes nothing, rightly."""

    reason: str


@dataclass(frozen=True)
class Early:
    """The item continues what has not come yet."""

    reason: str


@dataclass(frozen=True)
class Refusal:
    """The item asks for what cannot be; a person must look at it."""

    reason: str


#: what a story answers to what comes to it
Answer = Transition | Kept | Unchanged | Early | Refusal
