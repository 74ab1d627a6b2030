"""The life of a story, decided with values: what it is now, what arrives, what it becomes. No session and no clock here.

| now                | arrives                          | becomes    | act                                               |
|--------------------|----------------------------------|------------|---------------------------------------------------|
| killed             | anything                         | killed     | none: terminal                                    |
| anything           | canceled, whatever its version   | killed     | kill (of nothing: a tombstone, blocks the late original) |
| anything           | a version that is not newer      | unchanged  | none: recorded, never shown                       |
| anything           | withheld                         | withheld   | withhold                                          |
| never public       | usable, for desks only or a test | internal   | new or update; no reader ever sees it             |
| was public         | usable, for desks only or a test | withheld   | withhold                                          |
| never public       | usable, another story's text     | internal   | new or update: not published twice by accident    |
| nothing, internal  | usable                           | published  | new                                               |
| never public       | usable, held (below)             | embargoed  | new or update                                     |
| was public         | usable, held                     | —          | refused: what is public cannot be embargoed       |
| published          | usable                           | published  | update, or correction when signalled              |
| embargoed          | usable, embargo silent           | embargoed  | update: an embargo covers all versions            |
| embargoed          | usable, embargo over or cleared  | published  | new                                               |
| embargoed          | its minute                       | published  | lift                                              |
| withheld           | usable                           | published  | release (correction when signalled; new if first) |
| expired            | usable, with rights again        | published  | release                                           |
| not killed         | usable, its rights over          | expired    | expire                                            |
| not killed         | the end of its rights            | expired    | expire                                            |
| nothing yet        | an add                           | unchanged  | waits: an add continues what must come before it  |

Held: an embargo or a schedule ahead, the later of the two, or an embargo that has no end yet. Newer: of a higher generation
(a resent story with a new `uri` that says which it replaces), else of the same with a higher version; and the very item that
is shown, read again by a reader that has learned something. Another story's text: its headline and text are those of a story
that is public, on its way, or killed; somebody at a desk can publish it all the same (`stands_alone`). An add is a take after
the first: the story keeps the item that it continues, and its text is joined from both; a version that is no add replaces the
whole.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from shared.contracts.item import KillReason, PubStatus, Signal, WireItem
from shared.contracts.story import Act, StoryState

#: when an embargo ends that has no end yet
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Standing:
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

    @property
    def held_until(self) -> datetime | None:
        """The later of its embargo and its schedule."""
        return max(filter(None, (self.embargoed_until, self.scheduled_for)), default=None)


@dataclass(frozen=True, kw_only=True)
class Arriving:
    """An item that comes to its story."""

    id: UUID
    item: WireItem
    content_hash: bytes
    generation: int = 0
    edition: str | None = None  #: the edition of the item's language
    inherited_embargo: datetime | None = None  #: of the story that this one evolved from
    same_as: str | None = None  #: another story, not taken back for now, with the same headline and text


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
class Early:
    """The item continues what has not come yet."""

    reason: str


@dataclass(frozen=True)
class Refusal:
    """The item asks for what cannot be; a person must look at it."""

    reason: str


def arrive(standing: Standing | None, arriving: Arriving, *, now: datetime) -> Move | Unchanged | Early | Refusal:
    """What an item does to its story."""
    item = arriving.item
    is_kill = item.pubstatus is PubStatus.CANCELED
    if standing is not None:
        if standing.state is StoryState.KILLED:
            return Unchanged("the story was killed, which is final for its uri")
        if not is_kill and not _is_newer(standing, arriving):
            return Unchanged(f"version {standing.version} was applied before")
    if item.is_add and (standing is None or item.add_number > len(standing.adds) + 1):
        return Early(f"take {item.take} waits for the one before it")
    keeps_text = standing is not None and (item.retracts or item.is_add)
    embargo = _embargo(standing, arriving)
    was_public = standing is not None and standing.published_at is not None
    after = Standing(
        state=StoryState.KILLED,
        uri=item.uri,
        generation=arriving.generation,
        version=item.version,
        revision=standing.revision + 1 if standing else 1,
        # a retraction brings no text, and an add only its part: the story keeps the item that it had
        item=standing.item if standing and keeps_text else arriving.id,
        adds=_adds(standing, arriving),
        content_hash=standing.content_hash if standing and keeps_text else arriving.content_hash,
        edition=standing.edition if standing and keeps_text else arriving.edition,
        published_at=standing.published_at if standing else None,
        updated_at=_after(standing, now),
        embargoed_until=embargo,
        scheduled_for=item.scheduled_for,
        expires_at=item.expires_at,
        kill_reason=item.kill_reason if is_kill else None,
        correction_notes=standing.correction_notes if standing else (),
    )
    state = _state(arriving, after, was_public=was_public, now=now)
    if state is StoryState.EMBARGOED and was_public:
        return Refusal("the story is public already and cannot be embargoed or scheduled: withhold it instead")
    act = _act(standing, item, state)
    if state is StoryState.PUBLISHED and was_public and item.signal is Signal.CORRECTION:
        after = replace(after, correction_notes=(*after.correction_notes, item.correction_note))
    published_at = after.published_at or (now if state is StoryState.PUBLISHED else None)
    return Move(act=act, standing=replace(after, state=state, published_at=published_at))


def lift(standing: Standing | None, *, now: datetime) -> Move | Unchanged:
    """What the end of its embargo does to a story. Inclusive: it is public from that instant on."""
    if standing is None or standing.state is not StoryState.EMBARGOED:
        return Unchanged("the story is not embargoed any more")
    if standing.held_until is None or standing.held_until > now:
        return Unchanged("the embargo was lengthened")
    if _rights_are_over(standing, now):
        return expire(standing, now=now)
    return Move(
        act=Act.LIFT,
        standing=replace(
            standing,
            state=StoryState.PUBLISHED,  # the same revision: no word of it changed
            published_at=now,
            updated_at=_after(standing, now),
        ),
    )


def expire(standing: Standing | None, *, now: datetime) -> Move | Unchanged:
    """What the end of its rights does to a story: it leaves, without alarm."""
    if standing is None or standing.state in (StoryState.KILLED, StoryState.EXPIRED):
        return Unchanged("the story is gone already")
    if not _rights_are_over(standing, now):
        return Unchanged("the rights were prolonged")
    after = replace(
        standing, state=StoryState.EXPIRED, revision=standing.revision + 1, updated_at=_after(standing, now)
    )
    return Move(act=Act.EXPIRE, standing=after)


def _is_newer(standing: Standing, arriving: Arriving) -> bool:
    if arriving.id == standing.item:
        return arriving.content_hash != standing.content_hash and arriving.item.version == standing.version
    return (arriving.generation, arriving.item.version) > (standing.generation, standing.version)


def _adds(standing: Standing | None, arriving: Arriving) -> tuple[UUID, ...]:
    """The takes after the first: an add in its place, and the same add again in place of itself."""
    adds = standing.adds if standing else ()
    if arriving.item.retracts:
        return adds
    if not arriving.item.is_add:
        return ()
    place = arriving.item.add_number - 1
    return (*adds[:place], arriving.id, *adds[place + 1 :])


def _embargo(standing: Standing | None, arriving: Arriving) -> datetime | None:
    """The embargo of all versions: what this one says, else what stood before, unless it was cleared in so many words."""
    item = arriving.item
    if item.embargo_open:
        return NEVER
    if item.embargoed_until is not None or item.embargo_cleared:
        return item.embargoed_until
    return standing.embargoed_until if standing else arriving.inherited_embargo


def _state(arriving: Arriving, after: Standing, *, was_public: bool, now: datetime) -> StoryState:
    item = arriving.item
    if item.pubstatus is PubStatus.CANCELED:
        return StoryState.KILLED
    if item.pubstatus is PubStatus.WITHHELD:
        return StoryState.WITHHELD
    if _rights_are_over(after, now):
        return StoryState.EXPIRED
    if item.is_test or not item.is_publishable:
        return StoryState.WITHHELD if was_public else StoryState.INTERNAL
    if item.doubt and not item.stands_alone and not was_public:
        return StoryState.HELD
    if arriving.same_as and not item.stands_alone and not was_public:
        return StoryState.INTERNAL
    is_held = after.held_until is not None and after.held_until > now
    return StoryState.EMBARGOED if is_held else StoryState.PUBLISHED


def _act(standing: Standing | None, item: WireItem, state: StoryState) -> Act:
    match state:
        case StoryState.KILLED:
            return Act.KILL
        case StoryState.WITHHELD:
            return Act.WITHHOLD
        case StoryState.EXPIRED:
            return Act.EXPIRE
        case StoryState.EMBARGOED | StoryState.INTERNAL | StoryState.HELD:
            return Act.UPDATE if standing else Act.NEW
        case StoryState.PUBLISHED:
            if standing is None or standing.published_at is None:
                return Act.NEW
            if item.signal is Signal.CORRECTION:
                return Act.CORRECTION
            return Act.UPDATE if standing.state is StoryState.PUBLISHED else Act.RELEASE


def _rights_are_over(standing: Standing, now: datetime) -> bool:
    return standing.expires_at is not None and standing.expires_at <= now


def _after(standing: Standing | None, now: datetime) -> datetime:
    return max(now, standing.updated_at + timedelta(microseconds=1)) if standing else now
