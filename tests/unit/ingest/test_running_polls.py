"""Polls side by side: as many as may, one of each source, and one that never ends is reported once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from services.ingest.connectors.connector import PollContext
from services.ingest.sources.outcome import PollResult
from services.ingest.sources.running import MAX_LOCAL, MAX_REMOTE, TO_WRITE_DOWN, RunningPoll, RunningPolls, wait_for
from shared.contracts.work import Work
from shared.pipeline import Lane, Stage
from tests.unit.ingest.made_sources import NOW, context, source


class Slow:
    """A poll that ends when it is let."""

    def __init__(self) -> None:
        self.may_end = threading.Event()

    def __call__(self, _: PollContext) -> PollResult:
        self.may_end.wait(10)
        return PollResult(new_items=1)


@pytest.fixture
def slow() -> Iterator[Slow]:
    made = Slow()
    yield made
    made.may_end.set()


def work(number: int) -> Work:
    return Work(
        id=number, stage=Stage.POLL, lane=Lane.REGULAR, item=UUID(int=number), revision=0, edition="", attempts=1,
        asked_at=NOW, due_at=NOW,
    )  # fmt: skip


def nobody(_: RunningPoll) -> None:
    """Writes nothing down."""


def test_as_many_as_may_run_beside_each_other_and_local_ones_never_wait_for_others(slow: Slow) -> None:
    polls = RunningPolls()
    for url, limit in (("https://a.example/", MAX_REMOTE), ("drop:", MAX_LOCAL)):
        sources = [source(id=UUID(int=len(url) * 100 + number), url=url) for number in range(limit + 1)]
        begun = [polls.begin(context(one), work(1), slow, nobody) for one in sources]
        assert [one is not None for one in begun] == [True] * limit + [False]
        assert polls.begin(context(sources[0]), work(1), slow, nobody) is None, "one of each source"
    assert len(polls.underway()) == MAX_REMOTE + MAX_LOCAL
    slow.may_end.set()
    polls.join(10)
    assert polls.underway() == []


def test_whoever_waited_writes_it_down_and_else_its_own_thread_does(slow: Slow) -> None:
    polls, written = RunningPolls(), list[UUID]()

    def write_down(poll: RunningPoll) -> None:
        written.append(poll.context.source.id)

    first = polls.begin(context(source(id=UUID(int=1))), work(1), lambda _: PollResult(), write_down)
    second = polls.begin(context(source(id=UUID(int=2))), work(2), slow, write_down)
    assert first
    assert second
    wait_for([first], 10)
    assert (first.is_mine(), second.is_mine()) == (True, False)
    slow.may_end.set()
    polls.join(10)
    assert written == [UUID(int=2)]
    assert second.result.new_items == 1


def test_a_poll_that_never_ends_is_reported_once() -> None:
    begun = RunningPoll(context=context(timeout_s=1), work=work(1), poll=lambda _: PollResult(), write_down=nobody)
    assert not begun.mark_endless()
    begun.began_s -= 1 + TO_WRITE_DOWN / timedelta(seconds=1) + 1
    assert [begun.mark_endless() for _ in range(3)] == [True, False, False]
