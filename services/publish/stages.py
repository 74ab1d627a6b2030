"""Publish's stages: an item moves its story; an embargo's minute comes, or a first translation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from services.publish import lifecycle, queries
from services.publish.families.queries import read_ancestors, read_own, read_undecided, read_waiting
from services.publish.follows import follows_of
from services.publish.membership import feeds_of
from services.publish.outcomes import Decision, decide_outcome, story_fact
from services.publish.story import NEVER, Early, PendingItem, StoryRecord, Transition, Unchanged, latest
from shared import log
from shared.contracts.item import Doubt
from shared.contracts.story import Act, StoryState
from shared.contracts.work import Dead, Done, Follow, Later, Outcome, Work
from shared.pipeline import Lane, Stage
from shared.wire.config import wire

#: how often an add is asked again for the take before it, and for how long before a person must look
_EARLY_AGAIN = timedelta(seconds=2)
_MAX_EARLY = timedelta(minutes=10)

_WAITS_FOR_ANCESTOR = "waits for a version of a story that it evolved from"

_log = log.get("publish")


def publish(connection: Connection, chunk: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
    """Move each item's story, in the order of versions; each at a moment of its own, in the order in which they came."""
    applied = _Chunk(connection, chunk, queries.no_later_than_here(connection, now))
    for work in applied.decide_in_turn():
        applied.send_back(work)
    applied.write(connection)
    _ask_again(connection, applied)
    return applied.outcomes


class _Chunk:
    """Items on their way to their stories, under these stories' locks and those of all that they evolved from."""

    def __init__(self, connection: Connection, chunk: Sequence[Work], now: datetime) -> None:
        self.now = now
        self.items = queries.read_pending(connection, [work.item for work in chunk], wire())
        self.ancestors = read_ancestors(connection, [pending.story for pending in self.items.values()])
        stories = {*(pending.story for pending in self.items.values()), *self.ancestors.all}
        self.records = queries.lock_stories(connection, stories)
        self.undecided = read_undecided(connection, self.ancestors.all)
        own = read_own(connection, {*self.ancestors.of, *self.ancestors.all})
        self.own_embargoes = {story: said.embargo for story, said in own.items()}
        self.bound_before = {story: lifecycle.binds_until(record) for story, record in self.records.items()}
        self.changed: dict[str, StoryRecord] = {}
        self.outcomes: dict[int, Outcome] = {}
        self._chunk = chunk
        # before now, not after it: nothing may become public a microsecond early
        came = {work.id: number for number, work in enumerate(sorted(chunk, key=lambda work: work.id), start=1)}
        self._moments = {id_: now - timedelta(microseconds=len(chunk) - number) for id_, number in came.items()}
        self._transitions: list[tuple[str, UUID, Transition]] = []
        self._feeds: dict[str, tuple[str, ...]] = {}
        self._decisions: dict[UUID, Decision] = {}

    def decide_in_turn(self) -> list[Work]:
        """Decide each once what it waits for was decided. Returns those that wait for what is not in the chunk."""
        waiting = sorted(self._chunk, key=lambda work: _order(self.items[work.item]))
        while True:
            still = []
            for work in waiting:
                if self._is_too_early(work):
                    still.append(work)
                else:
                    self._decide(work)
            if len(still) == len(waiting):
                return still
            waiting = still

    def _is_too_early(self, work: Work) -> bool:
        """Is anything of those that it evolved from still to be applied?"""
        pending = self.items[work.item]
        item, record = pending.incoming.item, self.records.get(pending.story)
        if item.retracts or item.stands_alone or (record and record.published_at):
            return False
        return bool(self.undecided.among(self.ancestors.of.get(pending.story, frozenset())))

    def _decide(self, work: Work) -> None:
        pending = self.items[work.item]
        story, incoming, before = pending.story, pending.incoming, self.records.get(pending.story)
        if story in self.ancestors.of:
            incoming = replace(incoming, bound_until=self.ancestors.bind(story, self.records, self.own_embargoes))
            before = before and replace(before, embargoed_until=self.own_embargoes.get(story))
        answer = lifecycle.arrive(before, incoming, now=self._moments[work.id])
        if isinstance(answer, Early):
            self.outcomes[work.id] = _later_or_dead(answer.reason, pending, self.now, is_hopeless=True)
            return
        self.undecided.items.pop(work.item, None)
        decision = self._decisions[work.item] = decide_outcome(answer, pending, before)
        if isinstance(answer, Transition):
            self._apply(answer, work)
        else:
            self.outcomes[work.id] = Done()
            _log.info(decision.item_fact, item=str(work.item), story=story, reason=answer.reason)

    def _apply(self, transition: Transition, work: Work) -> None:
        pending = self.items[work.item]
        story, item = pending.story, pending.incoming.item
        self.own_embargoes[story] = lifecycle.embargo_after(self.own_embargoes.get(story), item)
        self.records[story] = self.changed[story] = transition.record
        self._transitions.append((story, work.item, transition))
        if not item.retracts:
            self._feeds[story] = (*self._feeds.get(story, ()), *feeds_of(pending.facts, wire()))
        self.outcomes[work.id] = Done(tuple(follows_of(transition, work, wire())))
        _log.info(story_fact(transition), story=story, revision=transition.record.revision)

    def send_back(self, work: Work) -> None:
        """An item that waits for a story that it evolved from is asked again later."""
        pending = self.items[work.item]
        open_items = self.undecided.among(self.ancestors.of[pending.story])
        is_hopeless = pending.story in self.ancestors.circles or bool(open_items & self.undecided.dead)
        self.outcomes[work.id] = _later_or_dead(_WAITS_FOR_ANCESTOR, pending, self.now, is_hopeless=is_hopeless)

    def write(self, connection: Connection) -> None:
        """Keep what became of stories and items."""
        queries.write_stories(connection, self.changed)
        queries.write_transitions(connection, self._transitions)
        queries.add_memberships(connection, self._feeds, sorted_stories=_sorted(self.items.values()))
        queries.write_decisions(connection, self._decisions, self.now)

    def causes(self) -> dict[str, Work]:
        """By story: the work that changed it, the last one of several."""
        done = {self.items[work.item].story: work for work in self._chunk if isinstance(self.outcomes[work.id], Done)}
        return {story: done[story] for story in self.changed}


def _order(pending: PendingItem) -> tuple[str, int, int]:
    return pending.story, pending.incoming.generation, pending.incoming.item.version


def _later_or_dead(reason: str, pending: PendingItem, now: datetime, *, is_hopeless: bool) -> Later | Dead:
    """What comes too early is asked again; what cannot help itself is a person's after a while."""
    waited_too_long = now - pending.accepted_at > _MAX_EARLY
    return Dead(reason) if is_hopeless and waited_too_long else Later(_EARLY_AGAIN, reason)


def _ask_again(connection: Connection, applied: _Chunk) -> None:
    """Ask the stories that wait again where one that they evolved from binds them otherwise than before.

    A kill lets nobody go: what waited without an end for a story that is killed is for the desk.
    """
    causes = applied.causes()
    changed = {
        story
        for story, record in applied.changed.items()
        if record.state is not StoryState.KILLED and applied.bound_before.get(story) != lifecycle.binds_until(record)
    }
    for waiting in read_waiting(connection, changed) if changed else ():
        cause = causes[waiting.ancestor]
        outcome = applied.outcomes[cause.id]
        if isinstance(outcome, Done) and waiting.story != waiting.ancestor:
            again = Follow(stage=Stage.LIFT, item=waiting.item, revision=waiting.revision, lane=Lane.EXPRESS)
            applied.outcomes[cause.id] = Done((*outcome.follows, again))


def lift(connection: Connection, chunk: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
    """Publish each story whose embargo is over, and that of each that it evolved from."""
    free, waiting = _free_of_ancestors(connection, chunk, now)
    is_translated = _translated(connection, chunk)

    def decide(story: str, record: StoryRecord | None, *, now: datetime) -> Transition | Unchanged:
        return lifecycle.lift(record, now=now, is_translated=story in is_translated)

    return {**waiting, **_by_the_clock(connection, free, decide, now)}


def open_up(connection: Connection, chunk: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
    """Publish each story that waited for its first translation; and show the others that came meanwhile."""
    free, waiting = _free_of_ancestors(connection, chunk, now)
    is_translated = _translated(connection, chunk)
    stories = queries.stories_of(connection, [work.item for work in free])

    def decide(story: str, record: StoryRecord | None, *, now: datetime) -> Transition | Unchanged:
        return lifecycle.open_up(record, now=now, is_translated=story in is_translated)

    outcomes = dict(_by_the_clock(connection, free, decide, now))
    records = queries.lock_stories(connection, stories.values())
    for work in free:
        record = records.get(stories[work.item])
        if record and record.state is StoryState.PUBLISHED:
            shown = [
                Follow(stage=Stage.RENDER, item=work.item, revision=work.revision, edition=edition) for edition in wire().editions
            ]
            outcomes[work.id] = Done(tuple(shown))
    return {**waiting, **outcomes}


def _free_of_ancestors(connection: Connection, chunk: Sequence[Work], now: datetime) -> tuple[list[Work], dict[int, Outcome]]:
    """Those that no ancestor holds back, and what becomes of the others: each is under the embargo that it has by now."""
    now = queries.no_later_than_here(connection, now)
    stories = queries.stories_of(connection, [work.item for work in chunk])
    ancestors = read_ancestors(connection, stories.values())
    records = queries.lock_stories(connection, {*stories.values(), *ancestors.all})
    undecided = read_undecided(connection, ancestors.all)
    own = read_own(connection, {*ancestors.of, *ancestors.all})
    embargoes = {story: said.embargo for story, said in own.items()}
    free: list[Work] = []
    outcomes: dict[int, Outcome] = {}
    for work in chunk:
        story = stories[work.item]
        record = records.get(story)
        if record is None or story not in ancestors.of or own[story].stands_alone or not _would_be_public(record):
            free.append(work)
        elif open_items := undecided.among(ancestors.of[story]):
            again = _MAX_EARLY if open_items & undecided.dead else _EARLY_AGAIN
            outcomes[work.id] = Later(again, _WAITS_FOR_ANCESTOR)
        else:
            until = latest(own[story].embargo, ancestors.bind(story, records, embargoes))
            waits = lifecycle.wait(record, until=until, now=now)
            if waits and work.stage is Stage.OPEN:  # stays held, and is asked again
                outcomes[work.id] = Later(_MAX_EARLY, _WAITS_FOR_ANCESTOR)
                continue
            records[story] = waits.record if waits else replace(record, embargoed_until=until)
            queries.write_stories(connection, {story: records[story]})
            if waits:
                outcomes[work.id] = _wait_on(waits, work, now)
                _log.info(story_fact(waits), story=story, until=str(until))
            else:
                free.append(work)
    return free, outcomes


def _wait_on(waits: Transition, work: Work, now: datetime) -> Outcome:
    """What becomes of the work of a story that is under embargo until later: the same again then, or what lifts it."""
    ends = waits.record.held_until or NEVER
    if work.stage is Stage.LIFT and ends < NEVER:
        return Later(ends - now, _WAITS_FOR_ANCESTOR)
    return Done(tuple(follow for follow in follows_of(waits, work, wire()) if follow.stage is not work.stage))


def _would_be_public(record: StoryRecord) -> bool:
    """Does it wait for nothing but a time, or a translation?"""
    return record.published_at is None and (
        record.state is StoryState.EMBARGOED or (record.state is StoryState.HELD and record.doubt is Doubt.NO_EDITION)
    )


def _translated(connection: Connection, chunk: Sequence[Work]) -> set[str]:
    """The stories of a chunk whose text readers could read in a translation; their text stays what it is until the commit."""
    stories = queries.stories_of(connection, [work.item for work in chunk]).values()
    queries.lock_stories(connection, stories)
    return queries.find_translated(connection, stories, wire().editions)


def expire(connection: Connection, chunk: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
    """Take away each story whose rights are over."""

    def decide(_: str, record: StoryRecord | None, *, now: datetime) -> Transition | Unchanged:
        return lifecycle.expire(record, now=now)

    return _by_the_clock(connection, chunk, decide, now)


def _by_the_clock(
    connection: Connection, chunk: Sequence[Work], decide: Callable[..., Transition | Unchanged], now: datetime
) -> Mapping[int, Outcome]:
    own_now, now = now, queries.no_later_than_here(connection, now)
    stories = queries.stories_of(connection, [work.item for work in chunk])
    records = queries.lock_stories(connection, stories.values())
    outcomes: dict[int, Outcome] = {}
    for work in chunk:
        story = stories[work.item]
        decision = decide(story, records.get(story), now=now)
        if isinstance(decision, Transition):
            records[story] = decision.record
            queries.write_stories(connection, {story: decision.record})
            if decision.act is not Act.LIFT:  # which changes not a word, and is no revision
                queries.write_transitions(connection, [(story, work.item, decision)])
            lag_s = (now - work.due_at).total_seconds()
            _log.info(story_fact(decision), story=story, revision=decision.record.revision, lag_s=lag_s)
            outcomes[work.id] = Done(tuple(follows_of(decision, work, wire())))
        elif work.due_at > now:  # woken by a clock that is ahead of the database's: due when it was due
            outcomes[work.id] = Later(work.due_at - own_now, "not yet by the database's clock")
        else:
            outcomes[work.id] = Done()
    return outcomes


def refile(connection: Connection, chunk: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
    """Put stories that were published before into feeds that were defined, or changed, since, or into those that an editor says.

    Nobody is notified of one again.
    """
    items = queries.read_pending(connection, [work.item for work in chunk], wire())
    feeds = {pending.story: feeds_of(pending.facts, wire()) for pending in items.values()}
    queries.add_memberships(connection, feeds, sorted_stories=_sorted(items.values()))
    return {work.id: Done(tuple(_shown_again(work, items[work.item]))) for work in chunk}


def _shown_again(work: Work, pending: PendingItem) -> Iterator[Follow]:
    """What an editor says stands in a story's entries too; where only feeds are new, their documents are."""
    for edition in wire().editions:
        if pending.is_sorted:
            yield Follow(stage=Stage.RENDER, item=work.item, revision=work.revision, edition=edition)
        else:
            yield Follow(stage=Stage.REFRESH, item=work.item, revision=0, edition=edition)


def _sorted(items: Iterable[PendingItem]) -> set[str]:
    return {pending.story for pending in items if pending.is_sorted}


HANDLERS = {Stage.PUBLISH: publish, Stage.LIFT: lift, Stage.OPEN: open_up, Stage.EXPIRE: expire, Stage.REFILE: refile}
