"""The life of a story, decided with values: what it is now, what arrives, what it becomes. No session and no clock here.

| now                | arrives                          | becomes    | act                                               |
|--------------------|----------------------------------|------------|---------------------------------------------------|
| killed             | anything                         | killed     | none: terminal                                    |
| anything           | canceled, whatever its version   | killed     | kill (of nothing: a tombstone, blocks the late original) |
| anything           | a version that is not newer      | unchanged  | none: recorded, never shown                       |
| nothing yet        | an add                           | unchanged  | waits: an add continues what must come before it  |
| was public         | usable, with an embargo ahead    | unchanged  | refused: what is public cannot be embargoed       |
| was public         | usable, doubted                  | unchanged  | kept: the story stays as it is, the desk looks    |
| anything           | withheld                         | withheld   | withhold                                          |
| not killed         | usable, its rights over          | expired    | expire                                            |
| held back          | usable, and it stays held back   | withheld   | kept: withhold or correction; shown by the release |
| never public       | usable, for desks only or a test | internal   | new or update; no reader ever sees it             |
| was public         | usable, for desks only or a test | withheld   | withhold                                          |
| never public       | usable, doubted                  | held       | new or update                                     |
| never public       | usable, another's text           | internal   | new or update: not published twice by accident    |
| never public       | usable, an embargo ahead         | embargoed  | new or update                                     |
| embargoed          | usable, embargo silent           | embargoed  | update: an embargo covers all versions            |
| never public       | usable, in no edition's language | held       | new or update: waits for a translation            |
| never public       | usable                           | published  | new                                               |
| published          | usable                           | published  | update, or correction when signalled              |
| held back, expired | usable, and nothing holds it     | published  | release (correction when signalled; new if first) |
| embargoed          | its minute                       | published  | lift (held, if no reader of an edition could read it) |
| held, no edition   | its first translation is ready   | published  | lift                                              |
| not killed         | the end of its rights            | expired    | expire                                            |

The rows stand in the order in which they are asked. An embargo is an embargo or a schedule ahead, the later of the two, or an
embargo that has no end yet. Newer: of a higher generation (a resent story with a new `uri` that says which it replaces), else
of the same with a higher version; and the very item that is shown, read again by a reader that has learned something.

Doubted: the item has a `doubt`, and nobody has looked (`stands_alone`). Each version is judged anew, but for a doubted embargo:
while the story was never public, versions that are silent about the embargo are held too, until one sets an embargo in a field,
clears it in so many words, or somebody looks. In no edition's language: unless the story is public by its translations already;
and of a story that is public in its own language such a version is doubted. A version that does not say its language never moves
its story to another edition, unless it is surely in another script.

Evolved from others: until it was public for the first time a story's embargo is no earlier than theirs, whatever it says itself;
that of one held for an embargo, or held back, has no end yet. It is asked when the story comes and again when it would be lifted.
Only somebody at a desk lets it go before.

Held back: by a person at the desk, by a sender (`withheld`), or by both, each for itself, and through expiry too. A person's hold
ends with the desk's release alone; a sender's with that, or with a newer usable version of the same sender. A desk's update is no
release. While a hold stands usable versions are kept: the story has their text, and shows it when it is released.

Another's text: its headline and text are, word by word and figure by figure, those of another provider's story that is public, on
its way, killed, held back by a person or held for an embargo; somebody at a desk can publish it all the same (`stands_alone`). An
add is a take after the first: the story keeps the item that it continues, and its text is joined from both; a version that is no
add replaces the whole.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from shared.contracts.item import Doubt, KillReason, PubStatus, Signal, WireItem
from shared.contracts.story import (
    KEPT_BY_DESK,
    KEPT_BY_SENDER,
    NO_EDITION_OF_LANGUAGE,
    NO_EMBARGO_AFTER,
    Act,
    StoryState,
)
from shared.language.scripts import script_of

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
    doubt: Doubt | None = None  #: why the wire holds it, or would if nothing else did
    doubt_note: str = ""
    is_desk_hold: bool = False  #: a person holds it back
    held_by: str = ""  #: the sender that holds it back

    @property
    def held_until(self) -> datetime | None:
        """The later of its embargo and its schedule."""
        return latest(self.embargoed_until, self.scheduled_for)


@dataclass(frozen=True, kw_only=True)
class Arriving:
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
class Move:
    """One step in a story's life."""

    act: Act
    standing: Standing
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


def arrive(standing: Standing | None, arriving: Arriving, *, now: datetime) -> Move | Kept | Unchanged | Early | Refusal:
    """What an item does to its story."""
    item = arriving.item
    is_kill = item.pubstatus is PubStatus.CANCELED
    if standing is not None:
        if standing.state is StoryState.KILLED:
            return Unchanged("the story was killed, which is final for its uri")
        if not is_kill and not _is_newer(standing, arriving):
            return Unchanged(_not_newer(standing, arriving))
    if item.is_add and (standing is None or item.add_number > len(standing.adds) + 1):
        return Early(f"take {item.take} waits for the one before it")
    after = _after_item(standing, arriving, now)
    if not item.retracts and (objection := _objection(standing, arriving, after, now)):
        return objection
    state = _state(standing, arriving, after, now=now)
    is_kept = state is StoryState.WITHHELD and not item.retracts and _is_held_back(after) and not _is_for_desks(item)
    if _is_correction(standing, item) and (state is StoryState.PUBLISHED or is_kept):
        after = replace(after, correction_notes=(*after.correction_notes, item.correction_note))
    return Move(
        act=_act(standing, item, state, is_kept=is_kept),
        standing=_in_state(after, state, now),
        kept=_why_held_back(after) if is_kept else "",
    )


def _after_item(standing: Standing | None, arriving: Arriving, now: datetime) -> Standing:
    """What the story is once it has the item, but for its state."""
    item = arriving.item
    is_kill = item.pubstatus is PubStatus.CANCELED
    keeps_text = standing is not None and (item.retracts or item.is_add)
    doubt, doubt_note = _doubt(standing, arriving)
    is_desk_hold, held_by = _holds(standing, arriving)
    return Standing(
        state=StoryState.KILLED,
        uri=item.uri,
        generation=arriving.generation,
        version=item.version,
        revision=standing.revision + 1 if standing else 1,
        # a retraction brings no text, and an add only its part: the story keeps the item that it had
        item=standing.item if standing and keeps_text else arriving.id,
        adds=_adds(standing, arriving),
        content_hash=standing.content_hash if standing and keeps_text else arriving.content_hash,
        edition=standing.edition if standing and keeps_text else _edition(standing, arriving),
        published_at=standing.published_at if standing else None,
        updated_at=_after(standing, now),
        embargoed_until=_embargo(standing, arriving),
        scheduled_for=item.scheduled_for,
        expires_at=item.expires_at,
        kill_reason=item.kill_reason if is_kill else None,
        correction_notes=standing.correction_notes if standing else (),
        doubt=doubt,
        doubt_note=doubt_note,
        is_desk_hold=is_desk_hold,
        held_by=held_by,
    )


def _objection(standing: Standing | None, arriving: Arriving, after: Standing, now: datetime) -> Kept | Refusal | None:
    """Why a usable item must not touch a story that was public. What takes text away is never objected to."""
    if standing is None or standing.published_at is None or _rights_are_over(after, now) or _is_for_desks(arriving.item):
        return None
    if _is_ahead(after.held_until, now):
        return Refusal(NO_EMBARGO_AFTER)
    if after.doubt:
        return Kept(f"kept for the desk to look at ({after.doubt}): {after.doubt_note}; the story stays as it was")
    if after.edition is None and standing.edition is not None:
        return Kept(
            f"kept for the desk to look at ({Doubt.NO_EDITION}): no edition is in this version's language; "
            "the story stays as it was"
        )
    return None


def lift(standing: Standing | None, *, now: datetime, is_translated: bool = False) -> Move | Unchanged:
    """What the end of its embargo does to a story. Inclusive: it is public from that instant on."""
    if standing is None or standing.state is not StoryState.EMBARGOED:
        return Unchanged("the story is not embargoed any more")
    if _is_ahead(standing.held_until, now):
        return Unchanged("the embargo was lengthened")
    if _rights_are_over(standing, now):
        return expire(standing, now=now)
    is_readable = standing.edition is not None or is_translated
    return _let_out(standing, StoryState.PUBLISHED if is_readable else StoryState.HELD, now)


def open_up(standing: Standing | None, *, now: datetime, is_translated: bool) -> Move | Unchanged:
    """What its first translation does to a story that no edition had the language of."""
    if standing is None or standing.state is not StoryState.HELD or standing.doubt is not Doubt.NO_EDITION:
        return Unchanged("the story does not wait for a translation")
    if not is_translated:
        return Unchanged("the story's newest text is not translated")
    if _rights_are_over(standing, now):
        return expire(standing, now=now)
    return _let_out(standing, StoryState.PUBLISHED, now)


def _let_out(standing: Standing, state: StoryState, now: datetime) -> Move:
    """The same revision in another state: no word of it changed."""
    return Move(act=Act.LIFT, standing=_in_state(replace(standing, updated_at=_after(standing, now)), state, now))


def expire(standing: Standing | None, *, now: datetime) -> Move | Unchanged:
    """What the end of its rights does to a story: it leaves, without alarm."""
    if standing is None or standing.state in (StoryState.KILLED, StoryState.EXPIRED):
        return Unchanged("the story is gone already")
    if not _rights_are_over(standing, now):
        return Unchanged("the rights were prolonged")
    after = replace(standing, state=StoryState.EXPIRED, revision=standing.revision + 1, updated_at=_after(standing, now))
    return Move(act=Act.EXPIRE, standing=after)


def _is_for_desks(item: WireItem) -> bool:
    """Is it a test, or nothing that readers could read? What is doubted for its text may have one."""
    return item.is_test or not (item.is_publishable or (item.doubt and not item.stands_alone))


def _is_ahead(moment: datetime | None, now: datetime) -> bool:
    """Does an embargo or a schedule still hold?"""
    return moment is not None and moment > now


def _is_correction(standing: Standing | None, item: WireItem) -> bool:
    """Does it say what was wrong in what readers have seen?"""
    return standing is not None and standing.published_at is not None and item.signal is Signal.CORRECTION


def _not_newer(standing: Standing, arriving: Arriving) -> str:
    if arriving.id == standing.item:
        return f"version {arriving.item.version} was applied before, and is understood as it was"
    if arriving.generation < standing.generation:
        return "the story was resent under another uri, and goes on under that"
    if arriving.item.version == standing.version:
        return f"version {arriving.item.version} was applied before"
    return f"version {standing.version} was applied before, which is newer"


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
    """The embargo of all versions, and no earlier than that of the stories before it, unless somebody has looked."""
    own = said_embargo(standing.embargoed_until if standing else None, arriving.item)
    was_public = standing is not None and standing.published_at is not None
    if was_public or arriving.item.retracts or arriving.item.stands_alone:
        return own
    return latest(own, arriving.bound_until)


def said_embargo(before: datetime | None, item: WireItem) -> datetime | None:
    """What this version says, else what stood before, unless it was cleared in so many words."""
    if item.embargo_open:
        return NEVER
    return item.embargoed_until if item.embargoed_until is not None or item.embargo_cleared else before


def latest(*moments: datetime | None) -> datetime | None:
    """The latest of those that are."""
    return max(filter(None, moments), default=None)


def binds(standing: Standing) -> datetime | None:
    """Until when the stories that evolved from this one wait for it; an end of its rights or a kill does not end its embargo."""
    if standing.state is StoryState.PUBLISHED:
        return None
    if standing.state is StoryState.WITHHELD or (standing.state is StoryState.HELD and standing.doubt is Doubt.EMBARGO):
        return NEVER
    return standing.held_until if standing.published_at is None else None


def wait(standing: Standing, *, until: datetime | None, now: datetime) -> Move | None:
    """A story that could become public is under embargo until then, whatever it was told before; None: it need not wait."""
    waits = replace(standing, state=StoryState.EMBARGOED, embargoed_until=until)
    return Move(act=Act.LIFT, standing=waits) if _is_ahead(waits.held_until, now) else None


def _edition(standing: Standing | None, arriving: Arriving) -> str | None:
    """The edition of the story's own language, which a guess never changes: but another script is no guess."""
    if standing is None or standing.edition is None or arriving.item.language or arriving.edition is None:
        return arriving.edition
    moves = arriving.is_sure_of_language and script_of(arriving.edition) != script_of(standing.edition)
    return arriving.edition if moves else standing.edition


def _doubt(standing: Standing | None, arriving: Arriving) -> tuple[Doubt | None, str]:
    """What is doubted of the story with this item, and in which words."""
    item = arriving.item
    if item.pubstatus is PubStatus.CANCELED:
        return None, ""
    if item.retracts:  # says nothing of what is doubted
        return (standing.doubt, standing.doubt_note) if standing else (None, "")
    if item.stands_alone:
        return None, ""
    if item.doubt and item.doubt is not Doubt.NO_EDITION:  # which is for the wire's editions to say, not for an item
        return item.doubt, item.doubt_note
    was_public = standing is not None and standing.published_at is not None
    if was_public or item.embargo_open or item.embargo_cleared or item.embargoed_until is not None:
        return None, ""
    if standing and standing.doubt is Doubt.EMBARGO:
        return standing.doubt, standing.doubt_note
    return None, ""


def _holds(standing: Standing | None, arriving: Arriving) -> tuple[bool, str]:
    """Does a person hold the story back with this item, and which sender?"""
    item = arriving.item
    is_desk_hold, held_by = (standing.is_desk_hold, standing.held_by) if standing else (False, "")
    takes_back_public = standing is not None and standing.published_at is not None and _is_for_desks(item)
    if item.pubstatus is PubStatus.WITHHELD or takes_back_public:
        return (True, held_by) if item.is_from_desk else (is_desk_hold, arriving.sender)
    if item.is_from_desk:
        return (False, "") if item.stands_alone else (is_desk_hold, held_by)
    return is_desk_hold, "" if held_by == arriving.sender else held_by


def _is_held_back(standing: Standing) -> bool:
    return standing.is_desk_hold or bool(standing.held_by)


def _why_held_back(standing: Standing) -> str:
    return KEPT_BY_DESK if standing.is_desk_hold else KEPT_BY_SENDER


def _state(standing: Standing | None, arriving: Arriving, after: Standing, *, now: datetime) -> StoryState:
    item = arriving.item
    was_public = standing is not None and standing.published_at is not None
    if item.pubstatus is PubStatus.CANCELED:
        return StoryState.KILLED
    if item.pubstatus is PubStatus.WITHHELD:
        return StoryState.WITHHELD
    if _rights_are_over(after, now):
        return StoryState.EXPIRED
    if _is_held_back(after):
        return StoryState.WITHHELD
    if _is_for_desks(item):
        return StoryState.WITHHELD if was_public else StoryState.INTERNAL
    if after.doubt:
        return StoryState.HELD
    if arriving.same_as and not item.stands_alone and not was_public:
        return StoryState.INTERNAL
    if _is_ahead(after.held_until, now):
        return StoryState.EMBARGOED
    if after.edition is None and not was_public:
        return StoryState.HELD
    return StoryState.PUBLISHED


def _in_state(standing: Standing, state: StoryState, now: datetime) -> Standing:
    """The story in a state, with what follows from it."""
    after = replace(standing, state=state)
    if state is StoryState.PUBLISHED:
        return replace(after, published_at=after.published_at or now, doubt=None, doubt_note="")
    if state is StoryState.HELD and after.doubt is None:
        return replace(after, doubt=Doubt.NO_EDITION, doubt_note=NO_EDITION_OF_LANGUAGE)
    return after


def _act(standing: Standing | None, item: WireItem, state: StoryState, *, is_kept: bool) -> Act:
    if is_kept:
        return Act.CORRECTION if _is_correction(standing, item) else Act.WITHHOLD
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
