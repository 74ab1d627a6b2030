"""Work is one worker's for as long as that worker lives and prepares it, and what is written down is one worker's alone."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Connection

from shared.contracts.work import Done, Follow, Outcome, Work
from shared.pipeline import Lane, Stage, StageSpec, spec_of
from shared.queue import holding, ledger
from shared.queue.holding import while_held
from shared.queue.ledger import Handler, InTwoSteps
from tests.support.house import House

SHORT = replace(spec_of(Stage.TRANSLATE), hold=timedelta(seconds=0.4))


class Asker:
    """Prepares its work in two steps, and does meanwhile what the test says."""

    def __init__(self, meanwhile: Callable[[], object] = lambda: None) -> None:
        self.meanwhile = meanwhile
        self.asked = 0
        self.wrote: list[int] = []

    def prepare(self, chunk: Sequence[Work]) -> Handler:
        self.asked += 1
        self.meanwhile()
        return self._write

    def _write(self, _: Connection, mine: Sequence[Work], __: datetime) -> Mapping[int, Outcome]:
        self.wrote += [work.id for work in mine]
        return {work.id: Done() for work in mine}


def do(house: House, spec: StageSpec, handler: Handler) -> int:
    return ledger.do_chunk(house.engine, spec, Lane.REGULAR, handler, lambda _: None)


@pytest.fixture
def work(house: House) -> Follow:
    asked = Follow(stage=Stage.TRANSLATE, item=uuid4(), revision=1, edition="ar")
    house.asks(asked)
    return asked


@pytest.mark.usefixtures("work")
@pytest.mark.parametrize("is_prolonged", [True, False])
def test_who_asks_for_longer_than_the_hold_keeps_its_work_only_if_it_prolongs_it(
    house: House, monkeypatch: pytest.MonkeyPatch, is_prolonged: bool
) -> None:
    monkeypatch.setattr(holding, "spec_of", lambda _: SHORT)
    other = Asker()

    def others_look() -> None:
        for _ in range(8):
            threading.Event().wait(0.2)
            do(house, SHORT, InTwoSteps(other.prepare))

    slow = Asker(others_look)
    do(house, SHORT, InTwoSteps(while_held(slow.prepare) if is_prolonged else slow.prepare))
    assert (slow.asked, len(slow.wrote)) == (1, 1 if is_prolonged else 0)
    assert (other.asked, len(other.wrote)) == ((0, 0) if is_prolonged else (1, 1))
    assert [row.state for row in house.work()] == ["done"]


@pytest.mark.usefixtures("work")
def test_a_hold_that_was_lost_costs_a_second_question_and_never_a_second_result(house: House) -> None:
    spec = spec_of(Stage.TRANSLATE)
    other = Asker()

    def another_takes_it() -> None:
        house.time_passes(minutes=1)
        do(house, spec, InTwoSteps(other.prepare))

    slow = Asker(another_takes_it)
    do(house, spec, InTwoSteps(while_held(slow.prepare)))
    assert (slow.asked, other.asked) == (1, 1)
    assert (len(slow.wrote), len(other.wrote)) == (0, 1)


def test_who_was_asking_when_it_was_asked_for_again_writes_nothing_even_if_another_is_at_it(house: House, work: Follow) -> None:
    """The other has begun it as often: only when it was asked for tells them apart."""
    spec = spec_of(Stage.TRANSLATE)
    first = Asker()

    def first_comes_back() -> None:
        first_may_write.set()
        ended.wait(20)

    first_may_write, ended = threading.Event(), threading.Event()
    second = Asker(first_comes_back)
    another = threading.Thread(target=do, args=(house, spec, InTwoSteps(second.prepare)))

    def it_is_asked_for_again() -> None:
        house.asks(work)
        another.start()
        first_may_write.wait(20)

    first.meanwhile = it_is_asked_for_again
    do(house, spec, InTwoSteps(first.prepare))
    assert first.wrote == []
    assert [row.state for row in house.work()] == ["due"]
    ended.set()
    another.join(20)
