"""Publish's stages: an item moves its story; an embargo's minute comes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from services.publish import lifecycle, store
from services.publish.lifecycle import Move, Refusal, Standing
from services.publish.membership import feeds_of
from shared import log
from shared.contracts.story import Act, StoryState
from shared.contracts.work import Dead, Done, Follow, Outcome, Work
from shared.pipeline import Lane, Stage
from shared.wire import Wire, wire

_log = log.get("publish")


def publish(connection: Connection, chunk: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
    """Move each item's story, in the order of versions."""
    arrivals = store.read_arrivals(connection, [work.item for work in chunk])
    standings = store.lock_standings(connection, [arrival.story for arrival in arrivals.values()])
    outcomes: dict[int, Outcome] = {}
    moved: dict[str, Standing] = {}
    moves: list[tuple[str, UUID, Move]] = []
    feeds: dict[str, tuple[str, ...]] = {}
    for work in sorted(chunk, key=lambda work: (arrivals[work.item].story, work.revision)):
        arrival = arrivals[work.item]
        edition = wire().edition_of(arrival.language)
        decision = lifecycle.arrive(standings.get(arrival.story), arrival.item, arrival.id, edition=edition, now=now)
        if isinstance(decision, Refusal):
            outcomes[work.id] = Dead(decision.reason)
        elif isinstance(decision, Move):
            standings[arrival.story] = moved[arrival.story] = decision.standing
            moves.append((arrival.story, arrival.id, decision))
            if not arrival.item.retracts:
                feeds[arrival.story] = (
                    *feeds.get(arrival.story, ()),
                    *feeds_of(arrival.regions, arrival.sections, wire()),
                )
            outcomes[work.id] = Done(tuple(follows_of(decision, work, wire())))
            _log.info(f"story.{decision.act}", story=arrival.story, revision=decision.standing.revision)
        else:
            outcomes[work.id] = Done()
            _log.info("item.unchanged", item=str(work.item), story=arrival.story, reason=decision.reason)
    store.write_standings(connection, moved, {a.story: a.item.uri for a in arrivals.values()})
    store.write_moves(connection, moves)
    store.add_memberships(connection, feeds)
    return outcomes


def lift(connection: Connection, chunk: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
    """Publish each story whose embargo is over."""
    stories = store.stories_of(connection, [work.item for work in chunk])
    standings = store.lock_standings(connection, stories.values())
    outcomes: dict[int, Outcome] = {}
    for work in chunk:
        story = stories[work.item]
        decision = lifecycle.lift(standings.get(story), now=now)
        if isinstance(decision, Move):
            standings[story] = decision.standing
            store.write_standings(connection, {story: decision.standing}, {})
            outcomes[work.id] = Done(tuple(follows_of(decision, work, wire())))
            lag_s = (now - work.due_at).total_seconds()
            _log.info("embargo.lifted", story=story, revision=decision.standing.revision, lag_s=lag_s)
        else:
            outcomes[work.id] = Done()
    return outcomes


def follows_of(move: Move, work: Work, wire: Wire) -> Iterator[Follow]:
    """What a move asks for. Text that is taken back is taken back in every edition at once, on the express lane."""
    standing = move.standing
    others = [edition for edition in wire.editions if edition != standing.edition]
    own = [standing.edition] if standing.edition else []

    def follow(stage: Stage, edition: str, lane: Lane | None = None) -> Follow:
        return Follow(stage=stage, item=work.item, revision=standing.revision, edition=edition, lane=lane)

    if standing.state is StoryState.EMBARGOED:
        yield Follow(
            stage=Stage.LIFT,
            item=work.item,
            revision=standing.revision,
            due_at=standing.embargoed_until,
            lane=Lane.EXPRESS,
        )
    elif standing.state is StoryState.PUBLISHED:
        yield from (follow(Stage.RENDER, edition) for edition in own)
        if move.act in (Act.CORRECTION, Act.RELEASE):
            # until the other edition is translated again it must not show what was wrong
            yield from (follow(Stage.RENDER, edition) for edition in others)
        yield from (follow(Stage.TRANSLATE, edition) for edition in others)
    elif standing.published_at is not None:
        yield from (follow(Stage.RENDER, edition, Lane.EXPRESS) for edition in wire.editions)


HANDLERS = {Stage.PUBLISH: publish, Stage.LIFT: lift}
