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

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.publish.story import NEVER, Answer, Early, IncomingItem, Kept, Refusal, StoryRecord, Transition, Unchanged, latest
from shared.clock import SMALLEST_STEP
from shared.contracts.item import Doubt, PubStatus, Signal, WireItem
from shared.contracts.story import (
    KEPT_BY_DESK,
    KEPT_BY_SENDER,
    KILLED_FOR_GOOD,
    NO_EDITION_OF_LANGUAGE,
    NO_EMBARGO_AFTER,
    Act,
    StoryState,
)
from shared.language.scripts import script_of


def arrive(record: StoryRecord | None, incoming: IncomingItem, *, now: datetime) -> Answer:
    """What an item does to its story. `record` is None for one of which nothing has come yet."""
    item = incoming.item
    is_kill = item.pubstatus is PubStatus.CANCELED
    if record is not None:
        if record.state is StoryState.KILLED:
            return Unchanged(KILLED_FOR_GOOD)
        if not is_kill and not _is_newer(record, incoming):
            return Unchanged(_why_not_newer(record, incoming))
    if item.is_add and (record is None or item.add_number > len(record.adds) + 1):
        return Early(f"take {item.take} waits for the one before it")
    after = _after_item(record, incoming, now)
    if not item.retracts and (objection := _objection(record, incoming, after, now)):
        return objection
    state = _state(record, incoming, after, now=now)
    is_kept = state is StoryState.WITHHELD and not item.retracts and _is_held_back(after) and not _is_for_desks(item)
    if _is_correction(record, item) and (state is StoryState.PUBLISHED or is_kept):
        after = replace(after, correction_notes=(*after.correction_notes, item.correction_note))
    return Transition(
        act=_act(record, item, state, is_kept=is_kept),
        record=_in_state(after, state, now),
        kept=_why_held_back(after) if is_kept else "",
    )


def _after_item(record: StoryRecord | None, incoming: IncomingItem, now: datetime) -> StoryRecord:
    """What the story is once it has the item, but for its state."""
    item = incoming.item
    is_kill = item.pubstatus is PubStatus.CANCELED
    keeps_text = record is not None and (item.retracts or item.is_add)
    doubt, doubt_note = _doubt(record, incoming)
    is_desk_hold, held_by = _holds(record, incoming)
    return StoryRecord(
        state=StoryState.KILLED,
        uri=item.uri,
        generation=incoming.generation,
        version=item.version,
        revision=record.revision + 1 if record else 1,
        # a retraction brings no text, and an add only its part: the story keeps the item that it had
        item=record.item if record and keeps_text else incoming.id,
        adds=_adds(record, incoming),
        content_hash=record.content_hash if record and keeps_text else incoming.content_hash,
        edition=record.edition if record and keeps_text else _edition(record, incoming),
        published_at=record.published_at if record else None,
        updated_at=_after(record, now),
        embargoed_until=_embargo(record, incoming),
        scheduled_for=item.scheduled_for,
        expires_at=item.expires_at,
        kill_reason=item.kill_reason if is_kill else None,
        correction_notes=record.correction_notes if record else (),
        doubt=doubt,
        doubt_note=doubt_note,
        is_desk_hold=is_desk_hold,
        held_by=held_by,
    )


def _objection(record: StoryRecord | None, incoming: IncomingItem, after: StoryRecord, now: datetime) -> Kept | Refusal | None:
    """Why a usable item must not touch a story that was public. What takes text away is never objected to."""
    if record is None or record.published_at is None or _rights_are_over(after, now) or _is_for_desks(incoming.item):
        return None
    if _is_ahead(after.held_until, now):
        return Refusal(NO_EMBARGO_AFTER)
    if after.doubt:
        return Kept(f"kept for the desk to look at ({after.doubt}): {after.doubt_note}; the story stays as it was")
    if after.edition is None and record.edition is not None:
        return Kept(
            f"kept for the desk to look at ({Doubt.NO_EDITION}): no edition is in this version's language; "
            "the story stays as it was"
        )
    return None


def lift(record: StoryRecord | None, *, now: datetime, is_translated: bool = False) -> Transition | Unchanged:
    """What the end of its embargo does to a story. Inclusive: it is public from that instant on."""
    if record is None or record.state is not StoryState.EMBARGOED:
        return Unchanged("the story is not embargoed any more")
    if _is_ahead(record.held_until, now):
        return Unchanged("the embargo was lengthened")
    if _rights_are_over(record, now):
        return expire(record, now=now)
    is_readable = record.edition is not None or is_translated
    return _let_out(record, StoryState.PUBLISHED if is_readable else StoryState.HELD, now)


def open_up(record: StoryRecord | None, *, now: datetime, is_translated: bool) -> Transition | Unchanged:
    """What its first translation does to a story that no edition had the language of."""
    if record is None or record.state is not StoryState.HELD or record.doubt is not Doubt.NO_EDITION:
        return Unchanged("the story does not wait for a translation")
    if not is_translated:
        return Unchanged("the story's newest text is not translated")
    if _rights_are_over(record, now):
        return expire(record, now=now)
    return _let_out(record, StoryState.PUBLISHED, now)


def _let_out(record: StoryRecord, state: StoryState, now: datetime) -> Transition:
    """The same revision in another state: no word of it changed."""
    return Transition(act=Act.LIFT, record=_in_state(replace(record, updated_at=_after(record, now)), state, now))


def expire(record: StoryRecord | None, *, now: datetime) -> Transition | Unchanged:
    """What the end of its rights does to a story: it leaves, without alarm."""
    if record is None or record.state in (StoryState.KILLED, StoryState.EXPIRED):
        return Unchanged("the story is gone already")
    if not _rights_are_over(record, now):
        return Unchanged("the rights were prolonged")
    after = replace(record, state=StoryState.EXPIRED, revision=record.revision + 1, updated_at=_after(record, now))
    return Transition(act=Act.EXPIRE, record=after)


def _is_for_desks(item: WireItem) -> bool:
    """Is it a test, or nothing that readers could read? What is doubted for its text may have one."""
    return item.is_test or not (item.is_publishable or (item.doubt and not item.stands_alone))


def _is_ahead(moment: datetime | None, now: datetime) -> bool:
    """Does an embargo or a schedule still hold?"""
    return moment is not None and moment > now


def _is_correction(record: StoryRecord | None, item: WireItem) -> bool:
    """Does it say what was wrong in what readers have seen?"""
    return record is not None and record.published_at is not None and item.signal is Signal.CORRECTION


def _why_not_newer(record: StoryRecord, incoming: IncomingItem) -> str:
    if incoming.id == record.item:
        return f"version {incoming.item.version} was applied before, and is understood as it was"
    if incoming.generation < record.generation:
        return "the story was resent under another uri, and goes on under that"
    if incoming.item.version == record.version:
        return f"version {incoming.item.version} was applied before"
    return f"version {record.version} was applied before, which is newer"


def _is_newer(record: StoryRecord, incoming: IncomingItem) -> bool:
    if incoming.id == record.item:
        return incoming.content_hash != record.content_hash and incoming.item.version == record.version
    return (incoming.generation, incoming.item.version) > (record.generation, record.version)


def _adds(record: StoryRecord | None, incoming: IncomingItem) -> tuple[UUID, ...]:
    """The takes after the first: an add in its place, and the same add again in place of itself."""
    adds = record.adds if record else ()
    if incoming.item.retracts:
        return adds
    if not incoming.item.is_add:
        return ()
    place = incoming.item.add_number - 1
    return (*adds[:place], incoming.id, *adds[place + 1 :])


def _embargo(record: StoryRecord | None, incoming: IncomingItem) -> datetime | None:
    """The embargo of all versions, and no earlier than that of the stories before it, unless somebody has looked."""
    own = embargo_after(record.embargoed_until if record else None, incoming.item)
    was_public = record is not None and record.published_at is not None
    if was_public or incoming.item.retracts or incoming.item.stands_alone:
        return own
    return latest(own, incoming.bound_until)


def embargo_after(before: datetime | None, item: WireItem) -> datetime | None:
    """What this version says, else what stood before, unless it was cleared in so many words."""
    if item.embargo_open:
        return NEVER
    return item.embargoed_until if item.embargoed_until is not None or item.embargo_cleared else before


def binds_until(record: StoryRecord) -> datetime | None:
    """Until when the stories that evolved from this one wait for it; an end of its rights or a kill does not end its embargo."""
    if record.state is StoryState.PUBLISHED:
        return None
    if record.state is StoryState.WITHHELD or (record.state is StoryState.HELD and record.doubt is Doubt.EMBARGO):
        return NEVER
    return record.held_until if record.published_at is None else None


def wait(record: StoryRecord, *, until: datetime | None, now: datetime) -> Transition | None:
    """A story that could become public is under embargo until then, whatever it said before; None: it need not wait."""
    waits = replace(record, state=StoryState.EMBARGOED, embargoed_until=until)
    return Transition(act=Act.LIFT, record=waits) if _is_ahead(waits.held_until, now) else None


def _edition(record: StoryRecord | None, incoming: IncomingItem) -> str | None:
    """The edition of the story's own language, which a guess never changes: but another script is no guess."""
    if record is None or record.edition is None or incoming.item.language or incoming.edition is None:
        return incoming.edition
    transitions = incoming.is_sure_of_language and script_of(incoming.edition) != script_of(record.edition)
    return incoming.edition if transitions else record.edition


def _doubt(record: StoryRecord | None, incoming: IncomingItem) -> tuple[Doubt | None, str]:
    """What is doubted of the story with this item, and in which words."""
    item = incoming.item
    if item.pubstatus is PubStatus.CANCELED:
        return None, ""
    if item.retracts:  # says nothing of what is doubted
        return (record.doubt, record.doubt_note) if record else (None, "")
    if item.stands_alone:
        return None, ""
    if item.doubt and item.doubt is not Doubt.NO_EDITION:  # which is for the wire's editions to say, not for an item
        return item.doubt, item.doubt_note
    was_public = record is not None and record.published_at is not None
    if was_public or item.embargo_open or item.embargo_cleared or item.embargoed_until is not None:
        return None, ""
    if record and record.doubt is Doubt.EMBARGO:
        return record.doubt, record.doubt_note
    return None, ""


def _holds(record: StoryRecord | None, incoming: IncomingItem) -> tuple[bool, str]:
    """Does a person hold the story back with this item, and which sender?"""
    item = incoming.item
    is_desk_hold, held_by = (record.is_desk_hold, record.held_by) if record else (False, "")
    takes_back_public = record is not None and record.published_at is not None and _is_for_desks(item)
    if item.pubstatus is PubStatus.WITHHELD or takes_back_public:
        return (True, held_by) if item.is_from_desk else (is_desk_hold, incoming.sender)
    if item.is_from_desk:
        return (False, "") if item.stands_alone else (is_desk_hold, held_by)
    return is_desk_hold, "" if held_by == incoming.sender else held_by


def _is_held_back(record: StoryRecord) -> bool:
    return record.is_desk_hold or bool(record.held_by)


def _why_held_back(record: StoryRecord) -> str:
    return KEPT_BY_DESK if record.is_desk_hold else KEPT_BY_SENDER


def _state(record: StoryRecord | None, incoming: IncomingItem, after: StoryRecord, *, now: datetime) -> StoryState:
    item = incoming.item
    was_public = record is not None and record.published_at is not None
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
    if incoming.same_as and not item.stands_alone and not was_public:
        return StoryState.INTERNAL
    if _is_ahead(after.held_until, now):
        return StoryState.EMBARGOED
    if after.edition is None and not was_public:
        return StoryState.HELD
    return StoryState.PUBLISHED


def _in_state(record: StoryRecord, state: StoryState, now: datetime) -> StoryRecord:
    """The story in a state, with what follows from it."""
    after = replace(record, state=state)
    if state is StoryState.PUBLISHED:
        return replace(after, published_at=after.published_at or now, doubt=None, doubt_note="")
    if state is StoryState.HELD and after.doubt is None:
        return replace(after, doubt=Doubt.NO_EDITION, doubt_note=NO_EDITION_OF_LANGUAGE)
    return after


def _act(record: StoryRecord | None, item: WireItem, state: StoryState, *, is_kept: bool) -> Act:
    if is_kept:
        return Act.CORRECTION if _is_correction(record, item) else Act.WITHHOLD
    match state:
        case StoryState.KILLED:
            return Act.KILL
        case StoryState.WITHHELD:
            return Act.WITHHOLD
        case StoryState.EXPIRED:
            return Act.EXPIRE
        case StoryState.EMBARGOED | StoryState.INTERNAL | StoryState.HELD:
            return Act.UPDATE if record else Act.NEW
        case StoryState.PUBLISHED:
            if record is None or record.published_at is None:
                return Act.NEW
            if item.signal is Signal.CORRECTION:
                return Act.CORRECTION
            return Act.UPDATE if record.state is StoryState.PUBLISHED else Act.RELEASE


def _rights_are_over(record: StoryRecord, now: datetime) -> bool:
    return record.expires_at is not None and record.expires_at <= now


def _after(record: StoryRecord | None, now: datetime) -> datetime:
    return max(now, record.updated_at + SMALLEST_STEP) if record else now
