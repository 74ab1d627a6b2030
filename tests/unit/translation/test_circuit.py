"""An engine that is down is left alone, longer each time, and believed again as soon as it answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from services.translation.engines.circuit import Circuit

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_one_failure_is_no_reason_and_two_are() -> None:
    circuit = Circuit()
    circuit.fail(NOW)
    assert not circuit.is_open(NOW)
    circuit.fail(NOW)
    assert circuit.is_open(NOW + timedelta(seconds=4))
    assert not circuit.is_open(NOW + timedelta(seconds=6))


def test_pauses_grow_and_have_an_end() -> None:
    circuit = Circuit()
    for _ in range(30):
        circuit.fail(NOW)
    assert circuit.open_until == NOW + timedelta(minutes=1)


def test_an_engine_that_asks_for_a_pause_gets_it() -> None:
    circuit = Circuit()
    circuit.fail(NOW, retry_after_s=90)
    assert circuit.open_until == NOW + timedelta(seconds=90)


def test_an_answer_closes_it() -> None:
    circuit = Circuit()
    circuit.fail(NOW, retry_after_s=90)
    circuit.succeed()
    assert not circuit.is_open(NOW)
    circuit.fail(NOW)
    assert not circuit.is_open(NOW)
