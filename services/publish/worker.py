"""Publish's stages: an item moves its story; an embargo's minute comes, or a first translation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from services.publish import lifecycle, store
from services.publish.lifecycle import Early, Kept, Move, Refusal, Standing, Unchanged
from services.publish.membership import feeds_of
from services.publish.store import Arrival, Decision
from shared import log
from shared.contracts.item import Doubt
from shared.contracts.story import Act, StoryState
from shared.contracts.work import Dead, Done, Follow, Later, Outcome, Work
from shared.pipeline import Lane, Stage
from shared.wire.config import Wire, wire

#: how often an add looks for the take before it, and how long before a person must
_EARLY_AGAIN = timedelta(seconds=2)
_EARLY_MOST = timedelta(minutes=10)

_log = log.get("publish")


def publish(connection: Connection, chunk: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
    """Move each item's story, in the order of versions; each at a moment of its own, in the order in which they came."""
    now = store.no_later_than_here(connection, now)
    # before now, not after it: nothing may become public a microsecond early
    came = {work.id: number for number, work in enumerate(sorted(chunk, key=lambda work: work.id), start=1)}
    moments = {id_: now - timedelta(microseconds=len(chunk) - number) for id_, number in came.items()}
    arrivals = store.read_arrivals(connection, [work.item for work in chunk], wire())
    standings = store.lock_standings(connection, [arrival.story for arrival in arrivals.values()])
    outcomes: dict[int, Outcome] = {}
    moved: dict[str, Standing] = {}
    moves: list[tuple[str, UUID, Move]] = []
    feeds: dict[str, tuple[str, ...]] = {}
    decisions: dict[UUID, Decision] = {}
    for work in sorted(chunk, key=lambda work: _order(arrivals[work.item])):
        arrival = arrivals[work.item]
        before = standings.get(arrival.story)
        decision = lifecycle.arrive(before, arrival.arriving, now=moments[work.id])
        if isinstance(decision, Early):
            waited_too_long = now - arrival.accepted_at > _EARLY_MOST
            outcomes[work.id] = Dead(decision.reason) if waited_too_long else Later(_EARLY_AGAIN, decision.reason)
            continue
        decisions[work.item] = _told(decision, arrival, before)
        if isinstance(decision, Move):
            standings[arrival.story] = moved[arrival.story] = decision.standing
            moves.append((arrival.story, work.item, decision))
            if not arrival.arriving.item.retracts:
                feeds[arrival.story] = (*feeds.get(arrival.story, ()), *feeds_of(arrival.facts, wire()))
            outcomes[work.id] = Done(tuple(follows_of(decision, work, wire())))
            _log.info(f"story.{decision.act}", story=arrival.story, revision=decision.standing.revision)
        else:
            outcomes[work.id] = Done()
            outcome = decisions[work.item].outcome
            _log.info(f"item.{outcome}", item=str(work.item), story=arrival.story, reason=decision.reason)
    store.write_standings(connection, moved)
    store.write_moves(connection, moves)
    store.add_memberships(connection, feeds)
    store.write_decisions(connection, decisions, now)
    return outcomes


def _told(decision: Move | Kept | Unchanged | Refusal, arrival: Arrival, before: Standing | None) -> Decision:
    """What became of an item, in words for who sent it."""
    match decision:
        case Move(kept=""):
            said = (_where_to(before, decision.standing, arrival), _why_applied(decision.standing, arrival))
            return Decision(outcome="applied", reason="; ".join(filter(None, said)))
        case Move(kept=reason) | Kept(reason):
            return Decision(outcome="kept", reason=reason)
        case Unchanged(reason):
            return Decision(outcome="unchanged", reason=reason)
        case Refusal(reason):
            return Decision(outcome="refused", reason=reason)


def _where_to(before: Standing | None, after: Standing, arrival: Arrival) -> str:
    """A word on a version that moves its story to another edition without saying its language."""
    if before is None or before.edition in (None, after.edition) or arrival.arriving.item.language or after.edition is None:
        return ""
    return f"its text is in another script: the story moves from edition {before.edition} to {after.edition}"


def _why_applied(standing: Standing, arrival: Arrival) -> str:
    """A word on a state that the sender did not ask for; what is held says itself why."""
    item = arrival.arriving.item
    if standing.state is not StoryState.INTERNAL:
        is_told = arrival.twin and not item.retracts and standing.state is not StoryState.HELD
        return f"another story has this text: {arrival.twin}" if is_told else ""
    if item.is_test:
        return "it is a test, which no reader sees"
    if not item.is_publishable:
        return "it is for desks only: an advisory, or nothing that readers could read"
    return f"another story has this text: {arrival.twin}; the desk can publish it all the same"


def _order(arrival: Arrival) -> tuple[str, int, int]:
    return arrival.story, arrival.arriving.generation, arrival.arriving.item.version


def lift(connection: Connection, chunk: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
    """Publish each story whose embargo is over."""
    is_translated = _translated(connection, chunk)

    def decide(story: str, standing: Standing | None, *, now: datetime) -> Move | Unchanged:
        return lifecycle.lift(standing, now=now, is_translated=story in is_translated)

    return _by_the_clock(connection, chunk, decide, now)


def open_up(connection: Connection, chunk: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
    """Publish each story that waited for its first translation; and show the others that came meanwhile."""
    is_translated = _translated(connection, chunk)
    stories = store.stories_of(connection, [work.item for work in chunk])

    def decide(story: str, standing: Standing | None, *, now: datetime) -> Move | Unchanged:
        return lifecycle.open_up(standing, now=now, is_translated=story in is_translated)

    outcomes = dict(_by_the_clock(connection, chunk, decide, now))
    standings = store.lock_standings(connection, stories.values())
    for work in chunk:
        standing = standings.get(stories[work.item])
        if standing and standing.state is StoryState.PUBLISHED:
            shown = [
                Follow(stage=Stage.RENDER, item=work.item, revision=work.revision, edition=edition) for edition in wire().editions
            ]
            outcomes[work.id] = Done(tuple(shown))
    return outcomes


def _translated(connection: Connection, chunk: Sequence[Work]) -> set[str]:
    """The stories of a chunk whose text readers could read in a translation; their text stays what it is until the commit."""
    stories = store.stories_of(connection, [work.item for work in chunk]).values()
    store.lock_standings(connection, stories)
    return store.translated(connection, stories, wire().editions)


def expire(connection: Connection, chunk: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
    """Take away each story whose rights are over."""

    def decide(_: str, standing: Standing | None, *, now: datetime) -> Move | Unchanged:
        return lifecycle.expire(standing, now=now)

    return _by_the_clock(connection, chunk, decide, now)


def _by_the_clock(
    connection: Connection, chunk: Sequence[Work], decide: Callable[..., Move | Unchanged], now: datetime
) -> Mapping[int, Outcome]:
    own_now, now = now, store.no_later_than_here(connection, now)
    stories = store.stories_of(connection, [work.item for work in chunk])
    standings = store.lock_standings(connection, stories.values())
    outcomes: dict[int, Outcome] = {}
    for work in chunk:
        story = stories[work.item]
        decision = decide(story, standings.get(story), now=now)
        if isinstance(decision, Move):
            standings[story] = decision.standing
            store.write_standings(connection, {story: decision.standing})
            if decision.act is not Act.LIFT:  # which changes not a word, and is no revision
                store.write_moves(connection, [(story, work.item, decision)])
            lag_s = (now - work.due_at).total_seconds()
            _log.info(f"story.{decision.act}", story=story, revision=decision.standing.revision, lag_s=lag_s)
            outcomes[work.id] = Done(tuple(follows_of(decision, work, wire())))
        elif work.due_at > now:  # woken by a clock that is ahead of the database's: due when it was due
            outcomes[work.id] = Later(work.due_at - own_now, "not yet by the database's clock")
        else:
            outcomes[work.id] = Done()
    return outcomes


_MAY_EXPIRE = (StoryState.PUBLISHED, StoryState.EMBARGOED, StoryState.WITHHELD, StoryState.HELD)


def follows_of(move: Move, work: Work, wire: Wire) -> Iterator[Follow]:
    """What a move asks for. Text that is taken back is taken back in every edition at once, on the express lane."""
    standing = move.standing
    others = [edition for edition in wire.editions if edition != standing.edition]
    own = [standing.edition] if standing.edition else []

    def follow(stage: Stage, edition: str, lane: Lane | None = None) -> Follow:
        return Follow(stage=stage, item=work.item, revision=standing.revision, edition=edition, lane=lane)

    def at(stage: Stage, moment: datetime) -> Follow:
        return Follow(stage=stage, item=work.item, revision=standing.revision, due_at=moment, lane=Lane.EXPRESS)

    if standing.expires_at and standing.state in _MAY_EXPIRE:
        yield at(Stage.EXPIRE, standing.expires_at)
    if standing.state is StoryState.EMBARGOED:
        if standing.held_until and standing.held_until < lifecycle.NEVER:
            yield at(Stage.LIFT, standing.held_until)
    elif standing.state is StoryState.HELD:
        if standing.doubt is Doubt.NO_EDITION:  # public with the first translation
            yield from (follow(Stage.TRANSLATE, edition) for edition in others)
    elif move.kept:
        return  # readers see what they saw
    elif standing.state is StoryState.PUBLISHED:
        yield from (follow(Stage.RENDER, edition) for edition in own)
        if move.act in (Act.CORRECTION, Act.RELEASE):
            # until the other edition is translated again it must not show what was wrong
            yield from (follow(Stage.RENDER, edition) for edition in others)
        yield from (follow(Stage.TRANSLATE, edition) for edition in others)
    elif standing.published_at is not None:
        yield from (follow(Stage.RENDER, edition, Lane.EXPRESS) for edition in wire.editions)


def sort(connection: Connection, chunk: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
    """Put stories that were published before into feeds that were defined, or changed, since."""
    arrivals = store.read_arrivals(connection, [work.item for work in chunk], wire())
    store.add_memberships(connection, {arrival.story: feeds_of(arrival.facts, wire()) for arrival in arrivals.values()})
    return {
        work.id: Done(
            tuple(
                Follow(stage=Stage.REFRESH, item=work.item, revision=work.revision, edition=edition)
                for edition in wire().editions
            )
        )
        for work in chunk
    }


HANDLERS = {Stage.PUBLISH: publish, Stage.LIFT: lift, Stage.OPEN: open_up, Stage.EXPIRE: expire, Stage.SORT: sort}
