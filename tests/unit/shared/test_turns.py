"""Whatever keeps coming into one queue, none of its lane is passed over for ever, and an urgent one never."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from kombu.utils.scheduling import cycle_by_name

from shared.pipeline import Lane, Stage, queue_name, queues
from shared.queue import broker
from shared.queue.turns import Turns

ALL = [queue_name(*queue) for queue in queues()]
LANES = [[name for name in ALL if name.endswith(f".{lane}")] for lane in Lane]


def taken_from(turns: Turns, waiting: set[str]) -> str:
    """The queue of which a worker would take next."""
    return turns.rotate(next(name for name in turns.consume(len(ALL) + 1) if name in waiting))


@given(always=st.sets(st.sampled_from(LANES[1]), min_size=1), late=st.sampled_from(LANES[1]), before=st.integers(0, 40))
def test_a_queue_waits_for_one_chunk_of_each_other_at_most(always: set[str], late: str, before: int) -> None:
    turns = Turns(ALL)
    for _ in range(before):
        taken_from(turns, always - {late} or {late})
    taken = [taken_from(turns, {*always, late}) for _ in {*always, late}]
    assert late in taken


@given(waiting=st.sets(st.sampled_from(ALL), min_size=1), times=st.integers(1, 40))
def test_nothing_is_taken_of_a_lane_while_a_more_urgent_one_has_work(waiting: set[str], times: int) -> None:
    turns, most_urgent = Turns(ALL), next(lane for lane in LANES if waiting & {*lane})
    assert {taken_from(turns, waiting) for _ in range(times)} <= {*most_urgent}


def test_a_probe_is_heard_before_all_work_and_a_queue_that_is_unknown_changes_nothing() -> None:
    turns = Turns([*ALL, "probe.wire-1"])
    assert turns.all() == ["probe.wire-1", *ALL]
    turns.rotate("elsewhere")
    turns.rotate("probe.wire-1")
    assert turns.all() == ["probe.wire-1", *ALL]
    turns.update(reversed(ALL))
    assert turns.all() == [*reversed(LANES[0]), *reversed(LANES[1])]


def test_celery_takes_from_queues_in_their_turns() -> None:
    assert cycle_by_name(broker.make_app("redis://nowhere").conf.broker_transport_options["queue_order_strategy"]) is Turns


def test_who_was_served_is_served_last() -> None:
    turns = Turns(ALL)
    enrich, refresh = queue_name(Stage.ENRICH, Lane.REGULAR), queue_name(Stage.REFRESH, Lane.REGULAR)
    assert [taken_from(turns, {enrich, refresh}) for _ in range(4)] == [enrich, refresh, enrich, refresh]
