"""A role that nobody else watches has a parent that ends it when it is frozen, and ends with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from services.console.supervision.keeper import EXIT_FROZEN
from shared.queue.liveness import PULSE, heard_file
from tests.support.house import House

ROOT = Path(__file__).parents[3]


def kept(house: House, *role: str, frozen_after_s: int = 30) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", "from services.console.entry import main; main()", "kept", *role]
    with (house.home / "kept.log").open("ab") as log:
        return subprocess.Popen(
            command, cwd=ROOT, stdout=log, stderr=log, env={**os.environ, "BARQ_FROZEN_AFTER_S": str(frozen_after_s)}
        )


def beating(house: House, parent: subprocess.Popen[bytes]) -> psutil.Process:
    """Its child, once it has given a sign of life."""
    sign, ends_s = heard_file(house.home, PULSE), time.monotonic() + 60
    while not sign.exists():
        assert time.monotonic() < ends_s, (house.home / "kept.log").read_text()
        time.sleep(0.05)
    time.sleep(1.5)  # and its parent has seen it
    (child,) = psutil.Process(parent.pid).children()
    return child


def test_a_frozen_role_is_ended_and_its_parent_says_so(house: House) -> None:
    parent = kept(house, "pulse", frozen_after_s=2)
    child = beating(house, parent)
    child.send_signal(signal.SIGSTOP)
    assert parent.wait(60) == EXIT_FROZEN
    assert not child.is_running()
    assert "role.frozen" in (house.home / "kept.log").read_text()


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_who_asks_the_parent_to_end_asks_the_role(house: House, asked: signal.Signals) -> None:
    parent = kept(house, "pulse")
    child = beating(house, parent)
    parent.send_signal(asked)
    assert parent.wait(30) == 0
    assert not child.is_running()


def test_a_role_does_not_outlive_its_parent(house: House) -> None:
    parent = kept(house, "pulse")
    child = beating(house, parent)
    parent.kill()
    parent.wait()
    child.wait(30)


def test_what_is_done_once_is_done_as_it_is(house: House) -> None:
    parent = kept(house, "migrate")
    assert parent.wait(60) == 0
