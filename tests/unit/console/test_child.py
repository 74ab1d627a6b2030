"""When a process of the embedded wire is started again, and by what it is watched."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from services.console.supervision.child import Child
from shared.queue.in_hand import Held, InHand, Slate, read_in_hand


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


@pytest.fixture
def running() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(["sleep", "60"]) as process:
        yield process
        process.kill()


def test_one_that_takes_long_ends_behind_the_others_and_another_takes_its_name(
    tmp_path: Path, running: subprocess.Popen[bytes]
) -> None:
    at_work = child(read_sign=lambda: None, in_hand=tmp_path / "w1")
    at_work.start = lambda: running
    at_work.launch(100.0)
    in_hand = InHand(pid=running.pid, serial=1, stage="render", pieces=1, work=7, attempts=1, item="f" * 36, deadline_s=12.0)
    slate = Slate(tmp_path / "w1")
    slate.write(in_hand)
    aside = at_work.step_aside("aside-1", Held(in_hand=in_hand, held_s=3.0, has_worked=True), 200.0)
    assert (at_work.process, at_work.next_start_s, at_work.deadlines, at_work.ends_by_s) == (None, 200.0, None, None)
    assert (aside.process, aside.signs, aside.ends_by_s) == (running, None, 227.0)
    slate.write(in_hand := replace(in_hand, serial=2))
    assert read_in_hand(tmp_path / "aside-1") == in_hand, "it goes on writing where it is looked for"
    assert not (tmp_path / "w1").exists()
    assert aside.deadlines
    looks = [aside.deadlines.look(200.0 + n / 2) for n in range(30)]
    assert looks[-1]
    assert looks[-1].is_overdue
    with pytest.raises(ValueError, match="a worker that runs"):
        at_work.step_aside("aside-2", Held(in_hand=in_hand, held_s=3.0, has_worked=True), 200.0)
    assert running.wait(10) == -signal.SIGTERM, "it was asked to end with what it has"


def test_a_server_gives_no_signs() -> None:
    server = child()
    server.launch(1.0)
    assert (server.signs, server.deadlines) == (None, None)
