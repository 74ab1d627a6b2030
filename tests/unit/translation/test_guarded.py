"""An engine is asked within its contract, and left alone while it is known to be down."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence

import pytest

from services.translation.engines.circuit import Circuit
from services.translation.engines.guarded import GuardedEngine
from services.translation.engines.protocol import EngineError
from services.translation.glossary.terms import Term
from shared.clock import utc_now


class Months(Counter[str]):
    """A count of characters in no archive."""

    def of(self, month: str) -> int:
        return self[month]

    def add(self, month: str, characters: int) -> None:
        self[month] += characters


class Echo:
    """Answers what it is asked, or is silent."""

    def __init__(self, error: EngineError | None = None) -> None:
        self.error, self.built, self.asked = error, 0, 0

    def build(self) -> Echo:
        self.built += 1
        return self

    def translate(self, texts: Sequence[str], *, source: str, target: str, terms: Sequence[Term]) -> list[str]:
        self.asked += 1
        if self.error:
            raise self.error
        return list(texts)


def guarded(
    engine: Echo, *, circuit: Circuit | None = None, count: Months | None = None, most: int = 0, ends_in_s: float = 60
) -> GuardedEngine:
    return GuardedEngine(
        engine.build,
        key="own-server",
        name="opus",
        circuit=circuit or Circuit(),
        count=Months() if count is None else count,
        characters_per_month=most,
        ends_s=time.monotonic() + ends_in_s,
    )


def ask(engine: GuardedEngine, *texts: str) -> list[str]:
    return engine.translate(texts or ("One.",), source="en", target="ar", terms=())


def this_month() -> str:
    return f"{utc_now():%Y-%m}"


def test_what_was_sent_is_counted() -> None:
    count = Months()
    assert ask(guarded(Echo(), count=count), "One.", "Two more.") == ["One.", "Two more."]
    assert count == {this_month(): 13}


def test_a_question_that_was_not_answered_is_not_counted() -> None:
    count = Months()
    with pytest.raises(EngineError, match="busy"):
        ask(guarded(Echo(EngineError("busy")), count=count))
    assert not count


@pytest.mark.parametrize(("used", "most", "is_asked"), [(0, 0, True), (10**9, 0, True), (6, 10, True), (7, 10, False)])
def test_a_months_characters_are_not_overdrawn(used: int, most: int, is_asked: bool) -> None:
    engine, count = Echo(), Months({this_month(): used})
    if is_asked:
        ask(guarded(engine, count=count, most=most), "Four")
    else:
        with pytest.raises(EngineError, match="its 10 characters of this month are used up"):
            ask(guarded(engine, count=count, most=most), "Four")
    assert (engine.asked, engine.built) == (is_asked, is_asked)


def test_an_engine_that_failed_twice_is_left_alone_by_every_text() -> None:
    engine, circuit = Echo(EngineError("busy")), Circuit()
    for _ in range(2):
        with pytest.raises(EngineError, match="busy"):
            ask(guarded(engine, circuit=circuit))
    with pytest.raises(EngineError, match="left alone"):
        ask(guarded(engine, circuit=circuit))
    assert engine.asked == 2


def test_a_pause_that_it_asks_for_is_kept() -> None:
    engine, circuit = Echo(EngineError("slow down", retry_after_s=90)), Circuit()
    with pytest.raises(EngineError, match="slow down"):
        ask(guarded(engine, circuit=circuit))
    assert circuit.is_open(utc_now())


def test_an_answer_ends_a_row_of_failures() -> None:
    circuit = Circuit(failures=1)
    ask(guarded(Echo(), circuit=circuit))
    assert circuit.failures == 0


def test_a_long_text_is_left_for_next_time() -> None:
    engine = Echo()
    with pytest.raises(EngineError, match="asked for next"):
        ask(guarded(engine, ends_in_s=-1))
    assert engine.built == 0
