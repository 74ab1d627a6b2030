"""Who gives no sign of life is known as such, and nobody else is, whatever clocks do."""

from __future__ import annotations

import os
from pathlib import Path

from shared.queue.liveness import Signs, answers, heard_file, touched
from tests.support.running_wire import free_port


def test_somebody_is_silent_since_the_last_sign() -> None:
    sign: list[object | None] = [None]
    signs = Signs(lambda: sign[0], 0.0, grace_s=60)
    assert signs.silent_s(60.0) == 0.0, "it may take so long to start"
    sign[0] = 1
    assert [signs.silent_s(61.0), signs.silent_s(91.0)] == [0.0, 30.0]
    sign[0] = 2
    assert signs.silent_s(92.0) == 0.0


def test_a_sign_of_an_earlier_life_is_none_of_this() -> None:
    signs = Signs(lambda: "left by the one before", 0.0, grace_s=10)
    assert signs.silent_s(100.0) == 90.0


def test_a_looker_that_was_held_up_itself_takes_nobody_for_silent() -> None:
    sign = [0]
    signs = Signs(lambda: sign[0], 0.0, grace_s=0)
    sign[0] = 1
    signs.silent_s(1.0)
    sign[0] = 2
    assert signs.silent_s(1000.0) == 0.0


def test_a_clock_that_jumps_silences_nobody(tmp_path: Path) -> None:
    file = heard_file(tmp_path, "wire-1")
    file.parent.mkdir(parents=True)
    signs = Signs(touched(tmp_path, "wire-1"), 0.0, grace_s=0)
    for now_s, clock in ((1.0, 1_000_000), (2.0, 5_000_000), (3.0, 10)):
        file.touch()
        os.utime(file, (clock, clock))
        assert signs.silent_s(now_s) == 0.0


def test_a_port_that_nobody_listens_on_does_not_answer() -> None:
    assert not answers("127.0.0.1", free_port())
