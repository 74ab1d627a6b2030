"""Publish's stages: an item moves its story; an embargo's minute comes, or a first translation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from services.publish import lifecycle, queries
from services.publish.families.queries import read_ancestors, read_own, read_undecided, read_waiting
from services.publish.lifecycle import Early, Kept, Move, Refusal, Standing, Unchanged
from services.publish.membership import feeds_of
from services.publish.queries import Arrival, Decision
from shared import log
from shared.contracts.item import Doubt
from shared.contracts.story import Act, StoryState
from shared.contracts.work import Dead, Done, Follow, Later, Outcome, Work
from shared.pipeline import Lane, Stage
from shared.wire.config import Wire, wire

#: how often an add looks for the take before it, and how long before a person must
_EARLY_AGAIN = timedelta(seconds=2)
_EARLY_MOST = timedelta(minutes=10)

_WAITS_FOR_ANCESTOR = "waits for a version of a story that it evolved from"

_log = log.get("publish")


def publish(connection: Connection, chunk: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
    """Move each item's story, in the order of versions; each at a moment of its own, in the order in which they came."""
    now = queries.no_later_than_here(connection, now)
    # before now, not after it: nothing may become public a microsecond early
    came = {work.id: number for number, work in enumerate(sorted(chunk, key=lambda work: work.id), start=1)}
    moments = {id_: now - timedelta(microseconds=len(chunk) - number) for id_, number in came.items()}
    arrivals = queries.read_arrivals(connection, [work.item for work in chunk], wire())
    ancestors = read_ancestors(connection, [arrival.story for arrival in arrivals.values()])
    standings = queries.lock_standings(connection, {*(arrival.story for arrival in arrivals.values()), *ancestors.all})
    undecided = read_undecided(connection, ancestors.all)
    own = {story: said.embargo for story, said in read_own(connection, {*ancestors.of, *ancestors.all}).items()}
    bound_before = {story: lifecycle.binds(standing) for story, standing in standings.items()}
    outcomes: dict[int, Outcome] = {}
    moved: dict[str, Standing] = {}
    moves: list[tuple[str, UUID, Move]] = []
    feeds: dict[str, tuple[str, ...]] = {}
    decisions: dict[UUID, Decision] = {}

    def is_too_early(work: Work) -> bool:
        """Is anything of those that it evolved from still to be applied?"""
        arrival, item = arrivals[work.item], arrivals[work.item].arriving.item
        standing = standings.get(arrival.story)
        if item.retracts or item.stands_alone or (standing and standing.published_at):
            return False
        return bool(undecided.among(ancestors.of.get(arrival.story, frozenset())))

    def decide(work: Work) -> None:
        arrival = arrivals[work.item]
        arriving, before = arrival.arriving, standings.get(arrival.story)
        if arrival.story in ancestors.of:
            arriving = replace(arriving, bound_until=ancestors.bind(arrival.story, standings, own))
            before = before and replace(before, embargoed_until=own.get(arrival.story))
        decision = lifecycle.arrive(before, arriving, now=moments[work.id])
        if isinstance(decision, Early):
            outcomes[work.id] = _waits(decision.reason, arrival, now, is_hopeless=True)
            return
        undecided.items.pop(work.item, None)
        decisions[work.item] = _told(decision, arrival, before)
        if isinstance(decision, Move):
            own[arrival.story] = lifecycle.said_embargo(own.get(arrival.story), arriving.item)
            standings[arrival.story] = moved[arrival.story] = decision.standing
            moves.append((arrival.story, work.item, decision))
            if not arriving.item.retracts:
                feeds[arrival.story] = (*feeds.get(arrival.story, ()), *feeds_of(arrival.facts, wire()))
            outcomes[work.id] = Done(tuple(follows_of(decision, work, wire())))
            _log.info(f"story.{decision.act}", story=arrival.story, revision=decision.standing.revision)
        else:
            outcomes[work.id] = Done()
            outcome = decisions[work.item].outcome
            _log.info(f"item.{outcome}", item=str(work.item), story=arrival.story, reason=decision.reason)

    for work in _in_turn(sorted(chunk, key=lambda work: _order(arrivals[work.item])), is_too_early, decide):
        arrival = arrivals[work.item]
        is_hopeless = arrival.story in ancestors.circles or bool(undecided.among(ancestors.of[arrival.story]) & undecided.dead)
        outcomes[work.id] = _waits(_WAITS_FOR_ANCESTOR, arrival, now, is_hopeless=is_hopeless)
    queries.write_standings(connection, moved)
    queries.write_moves(connection, moves)
    queries.add_memberships(connection, feeds)
    queries.write_decisions(connection, decisions, now)
    causes = {arrivals[work.item].story: work for work in chunk if isinstance(outcomes[work.id], Done)}
    _ask_again(connection, {story: causes[story] for story in moved}, bound_before, standings, outcomes)
    return outcomes


def _in_turn(chunk: Sequence[Work], is_too_early: Callable[[Work], bool], decide: Callable[[Work], None]) -> list[Work]:
    """Decide each once what it waits for was decided; returns those that wait for what is not in the chunk."""
    waiting = list(chunk)
    while True:
        still = []
        for work in waiting:
            if is_too_early(work):
                still.append(work)
            else:
                decide(work)
        if len(still) == len(waiting):
            return still
        waiting = still


def _waits(reason: str, arrival: Arrival, now: datetime, *, is_hopeless: bool) -> Later | Dead:
    """What comes too early looks again; what cannot help itself is a person's after a while."""
    waited_too_long = now - arrival.accepted_at > _EARLY_MOST
    return Dead(reason) if is_hopeless and waited_too_long else Later(_EARLY_AGAIN, reason)


def _ask_again(
    connection: Connection,
    causes: Mapping[str, Work],
    before: Mapping[str, datetime | None],
    after: Mapping[str, Standing],
    outcomes: dict[int, Outcome],
) -> None:
    """Let the stories that wait look again where one that they evolved from binds them otherwise than before.

    A kill lets nobody go: what waited without an end for a story that is killed is for the desk.
    """
    changed = {
        story
        for story in causes
        if after[story].state is not StoryState.KILLED and before.get(story) != lifecycle.binds(after[story])
    }
    for waiting in read_waiting(connection, changed) if changed else ():
        cause = causes[waiting.ancestor]
        outcome = outcomes[cause.id]
        if isinstance(outcome, Done) and waiting.story != waiting.ancestor:
            look = Follow(stage=Stage.LIFT, item=waiting.item, revision=waiting.revision, lane=Lane.EXPRESS)
            outcomes[cause.id] = Done((*outcome.follows, look))


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
    """Publish each story whose embargo is over, and that of each that it evolved from."""
    free, waiting = _asked_again(connection, chunk, now)
    is_translated = _translated(connection, chunk)

    def decide(story: str, standing: Standing | None, *, now: datetime) -> Move | Unchanged:
        return lifecycle.lift(standing, now=now, is_translated=story in is_translated)

    return {**waiting, **_by_the_clock(connection, free, decide, now)}


def open_up(connection: Connection, chunk: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
    """Publish each story that waited for its first translation; and show the others that came meanwhile."""
    free, waiting = _asked_again(connection, chunk, now)
    is_translated = _translated(connection, chunk)
    stories = queries.stories_of(connection, [work.item for work in free])

    def decide(story: str, standing: Standing | None, *, now: datetime) -> Move | Unchanged:
        return lifecycle.open_up(standing, now=now, is_translated=story in is_translated)

    outcomes = dict(_by_the_clock(connection, free, decide, now))
    standings = queries.lock_standings(connection, stories.values())
    for work in free:
        standing = standings.get(stories[work.item])
        if standing and standing.state is StoryState.PUBLISHED:
            shown = [
                Follow(stage=Stage.RENDER, item=work.item, revision=work.revision, edition=edition) for edition in wire().editions
            ]
            outcomes[work.id] = Done(tuple(shown))
    return {**waiting, **outcomes}


def _asked_again(connection: Connection, chunk: Sequence[Work], now: datetime) -> tuple[list[Work], dict[int, Outcome]]:
    """Those that no ancestor holds back, and what becomes of the others: each is under the embargo that it has by now."""
    now = queries.no_later_than_here(connection, now)
    stories = queries.stories_of(connection, [work.item for work in chunk])
    ancestors = read_ancestors(connection, stories.values())
    standings = queries.lock_standings(connection, {*stories.values(), *ancestors.all})
    undecided = read_undecided(connection, ancestors.all)
    own = read_own(connection, {*ancestors.of, *ancestors.all})
    embargoes = {story: said.embargo for story, said in own.items()}
    free: list[Work] = []
    outcomes: dict[int, Outcome] = {}
    for work in chunk:
        story = stories[work.item]
        standing = standings.get(story)
        if standing is None or story not in ancestors.of or own[story].stands_alone or not _would_be_public(standing):
            free.append(work)
        elif open_items := undecided.among(ancestors.of[story]):
            again = _EARLY_MOST if open_items & undecided.dead else _EARLY_AGAIN
            outcomes[work.id] = Later(again, _WAITS_FOR_ANCESTOR)
        else:
            until = lifecycle.latest(own[story].embargo, ancestors.bind(story, standings, embargoes))
            waits = lifecycle.wait(standing, until=until, now=now)
            if waits and work.stage is Stage.OPEN:  # stays held, and is asked again
                outcomes[work.id] = Later(_EARLY_MOST, _WAITS_FOR_ANCESTOR)
                continue
            standings[story] = waits.standing if waits else replace(standing, embargoed_until=until)
            queries.write_standings(connection, {story: standings[story]})
            if waits:
                ends = waits.standing.held_until or lifecycle.NEVER
                is_same_look = work.stage is Stage.LIFT and ends < lifecycle.NEVER
                looks = tuple(follow for follow in follows_of(waits, work, wire()) if follow.stage is not work.stage)
                outcomes[work.id] = Later(ends - now, _WAITS_FOR_ANCESTOR) if is_same_look else Done(looks)
                _log.info("story.waits", story=story, until=str(until))
            else:
                free.append(work)
    return free, outcomes


def _would_be_public(standing: Standing) -> bool:
    """Does it wait for nothing but a time, or a translation?"""
    return standing.published_at is None and (
        standing.state is StoryState.EMBARGOED or (standing.state is StoryState.HELD and standing.doubt is Doubt.NO_EDITION)
    )


def _translated(connection: Connection, chunk: Sequence[Work]) -> set[str]:
    """The stories of a chunk whose text readers could read in a translation; their text stays what it is until the commit."""
    stories = queries.stories_of(connection, [work.item for work in chunk]).values()
    queries.lock_standings(connection, stories)
    return queries.translated(connection, stories, wire().editions)


def expire(connection: Connection, chunk: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
    """Take away each story whose rights are over."""

    def decide(_: str, standing: Standing | None, *, now: datetime) -> Move | Unchanged:
        return lifecycle.expire(standing, now=now)

    return _by_the_clock(connection, chunk, decide, now)


def _by_the_clock(
    connection: Connection, chunk: Sequence[Work], decide: Callable[..., Move | Unchanged], now: datetime
) -> Mapping[int, Outcome]:
    own_now, now = now, queries.no_later_than_here(connection, now)
    stories = queries.stories_of(connection, [work.item for work in chunk])
    standings = queries.lock_standings(connection, stories.values())
    outcomes: dict[int, Outcome] = {}
    for work in chunk:
        story = stories[work.item]
        decision = decide(story, standings.get(story), now=now)
        if isinstance(decision, Move):
            standings[story] = decision.standing
            queries.write_standings(connection, {story: decision.standing})
            if decision.act is not Act.LIFT:  # which changes not a word, and is no revision
                queries.write_moves(connection, [(story, work.item, decision)])
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
    arrivals = queries.read_arrivals(connection, [work.item for work in chunk], wire())
    queries.add_memberships(connection, {arrival.story: feeds_of(arrival.facts, wire()) for arrival in arrivals.values()})
    return {
        work.id: Done(
            tuple(
                Follow(stage=Stage.REFRESH, item=work.item, revision=work.revision, edition=edition)
                for edition in wire().editions
            )
        )
        for work in chunk
    }


HANDLERS = {Stage.PUBLISH: publish, Stage.LIFT: lift, Stage.OPEN: open_up, Stage.EXPIRE: expire, Stage.REFILE: sort}
