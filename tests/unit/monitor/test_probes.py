"""A part that hangs is asked once, however many wait for it; what has not come in time is left out."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from services.monitor import probes
from services.monitor.probes import Probe, probe_everything, probe_readiness
from shared.archive import disk
from tests.support.census import census

AWAY = OperationalError("SELECT 1", {}, Exception("gone"))
HANGS = threading.Event()


@pytest.fixture(autouse=True)
def _let_go(monkeypatch: pytest.MonkeyPatch) -> Any:
    HANGS.clear()
    monkeypatch.setattr(disk, "trouble", lambda: "")
    yield
    HANGS.set()


def hangs() -> Any:
    HANGS.wait(30)


def fails(with_: Exception) -> Callable[[], Any]:
    def ask() -> Any:
        raise with_

    return ask


def test_who_asks_while_it_hangs_waits_with_the_first() -> None:
    asked: list[int] = []

    def ask() -> int:
        asked.append(1)
        HANGS.wait(30)
        return len(asked)

    probe = Probe(ask)
    first, second = probe.begin(), probe.begin()
    assert first is second
    HANGS.set()
    assert (first.result(5), len(asked)) == (1, 1)
    assert probe.begin().result(5) == 2, "what was answered is asked again"


def test_what_failed_is_asked_again() -> None:
    answers = iter([AWAY, AWAY])
    probe = Probe(lambda: fails(next(answers))())
    assert isinstance(probe.begin().exception(5), OperationalError)
    assert isinstance(probe.begin().exception(5), OperationalError)


@pytest.mark.parametrize(
    ("unheard", "broker", "expected"),
    [
        (lambda: ("a.express",), lambda: "", ("", "", ("a.express",))),
        (lambda: (), lambda: "broker full", ("", "broker full", ())),
        (fails(AWAY), lambda: "", ("the database does not answer: OperationalError", "", ())),
        (fails(KeyError("x")), lambda: "", ("the look for workers fails: KeyError", "", ())),
        (hangs, lambda: "", ("the database does not answer", "", ())),
        (lambda: (), hangs, ("", "the broker does not answer", ())),
        (lambda: (), fails(OSError()), ("", "the broker does not answer", ())),
    ],
)
def test_readiness(monkeypatch: pytest.MonkeyPatch, unheard: Any, broker: Any, expected: tuple[str, str, Any]) -> None:
    monkeypatch.setattr(probes, "_unheard", Probe(unheard))
    monkeypatch.setattr(probes, "_broker", Probe(broker))
    found = asyncio.run(probe_readiness(0.5))
    assert (found.troubles.database, found.troubles.broker, found.unheard) == expected


def test_everything_that_answers_is_shown_beside_what_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "_census", Probe(lambda: census(troubles=("a cache is full",))))
    monkeypatch.setattr(probes, "_sums", Probe(hangs))
    known = asyncio.run(probe_everything(0.5))
    assert known.census
    assert (known.census.broker, known.sums) == (False, {})
    assert known.census.troubles == ("the broker does not answer", "a cache is full")


def test_sums_are_shown_while_the_census_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "_census", Probe(fails(ValueError("x"))))
    monkeypatch.setattr(probes, "_sums", Probe(lambda: ("", {"a||": 1.0})))
    known = asyncio.run(probe_everything(0.5))
    assert (known.census, known.sums, known.troubles.words()) == (None, {"a||": 1.0}, ["the census fails: ValueError"])
