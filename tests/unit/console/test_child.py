"""When a process of the embedded wire is started again, and by what it is watched."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from services.console.supervision.child import Child


def child(**fields: Any) -> Child:
    process = cast("subprocess.Popen[bytes]", SimpleNamespace(pid=7))
    return Child(name="x", start=lambda: process, stop_signal=signal.SIGTERM, **fields)


def test_what_ends_again_and_again_is_started_again_for_ever_and_never_more_than_ten_seconds_later() -> None:
    ends = child()
    pauses = [ends.pause() for _ in range(5000)]
    assert (pauses[0], max(pauses), pauses[-1]) == (0.2, 10.0, 10.0)


@pytest.mark.parametrize(
    ("ran_s", "failures", "pause_s", "failures_then"),
    [
        (0.5, 0, 0.2, 1),
        (0.5, 3, 1.6, 4),
        (9.9, 20, 10.0, 21),
        (10.0, 20, 0.1, 0),  # it had come up: at once
        (3600.0, 0, 0.1, 0),
    ],
)
def test_who_had_come_up_is_started_again_at_once(ran_s: float, failures: int, pause_s: float, failures_then: int) -> None:
    ended = child(failures=failures)
    ended.launch(100.0)
    assert ended.note_end(100.0 + ran_s) == pytest.approx(pause_s)
    assert (ended.process, ended.failures) == (None, failures_then)
    assert ended.next_start_s == pytest.approx(100.0 + ran_s + pause_s)


def test_who_gives_signs_of_life_may_load_for_a_while_and_is_watched_afresh_when_it_is_started_again(tmp_path: Path) -> None:
    watched = child(read_sign=lambda: None, in_hand=tmp_path / "w1")
    watched.launch(100.0)
    assert watched.signs
    assert watched.deadlines
    assert [watched.signs.silent_s(now_s) for now_s in (100.0, 190.0, 220.0)] == [-90.0, 0.0, 30.0]
    watched.watch_no_more()
    assert (watched.signs, watched.deadlines) == (None, None)
    watched.launch(300.0)
    assert watched.signs
    assert watched.signs.silent_s(300.0) == -90.0


def test_a_server_gives_no_signs() -> None:
    server = child()
    server.launch(1.0)
    assert (server.signs, server.deadlines) == (None, None)
