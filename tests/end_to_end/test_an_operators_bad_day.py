"""A second start, a frozen process, a key where it should not be: what an operator would otherwise find out at night."""

from __future__ import annotations

import os
import signal
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.running_wire import RunningWire, free_port, running_wire


@pytest.fixture(scope="module")
def wire(server_folders: Callable[[], Path]) -> Iterator[RunningWire]:
    """One wire for all of them, which notices soon that somebody is frozen."""
    with running_wire(server_folders() / "home", BARQ_FROZEN_AFTER_S="8", BARQ_PROBE_INTERVAL_S="1") as running:
        yield running


def test_the_first_keys_are_in_their_own_files_and_in_no_log(wire: RunningWire) -> None:
    keys = [(wire.home / "keys" / role).read_text().strip() for role in ("newsroom", "ops")]
    told = "".join(path.read_text(errors="replace") for path in (wire.home / "log").iterdir())
    assert "Your first keys, for you alone to read" in told
    assert [key for key in keys if key in told] == []


def test_nobody_else_reads_what_the_wire_writes(wire: RunningWire) -> None:
    readable = [
        path for path in [wire.home, *wire.home.rglob("*")]
        if not path.is_symlink() and not path.is_socket() and path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH)
    ]  # fmt: skip
    assert readable == []


@pytest.mark.parametrize("how", [["up"], ["up", "--detach"]], ids=["here", "detached"])
def test_a_second_start_harms_nothing(wire: RunningWire, how: list[str]) -> None:
    before = [process.pid for process in wire.processes()]
    refused = wire.barq(*how, "--port", str(free_port()), check=False)
    assert (refused.returncode, "runs in" in refused.stdout + refused.stderr) == (1, True)
    assert wire.status()["broker"] is True
    assert [process.pid for process in wire.processes()] == before


def test_a_run_file_that_is_taken_away_comes_back(wire: RunningWire) -> None:
    run_file = wire.home / "run" / "wire.json"
    run_file.unlink()
    wire.eventually(run_file.exists)
    assert wire.status()["broker"] is True


def is_served(wire: RunningWire) -> bool:
    try:
        return httpx.get(f"{wire.url}/en/feeds/all.rss", trust_env=False, timeout=5).status_code == 200
    except httpx.TransportError:
        return False


@pytest.mark.parametrize("role", [("worker", "--name courier"), ("main pulse",), ("main web",)], ids=lambda role: role[0])
def test_who_is_frozen_is_ended_and_started_again(wire: RunningWire, role: tuple[str, ...]) -> None:
    (frozen,) = wire.processes(*role)
    frozen.send_signal(signal.SIGSTOP)
    wire.eventually(lambda: [p.pid for p in wire.processes(*role)] not in ([], [frozen.pid]), 90)
    wire.eventually(lambda: is_served(wire))
    assert not frozen.is_running()


def test_roles_come_back_though_the_process_that_forks_them_has_gone(wire: RunningWire) -> None:
    (forks,) = wire.processes("supervision.roles")
    before = [process.pid for process in wire.processes("--name courier")]
    assert (wire.kills("supervision.roles"), wire.kills("--name courier")) == (1, 1)
    wire.eventually(lambda: [p.pid for p in wire.processes("--name courier")] not in ([], before), 90)
    wire.eventually(lambda: all(worker["alive"] for worker in wire.status()["workers"]), 90)
    assert is_served(wire)
    wire.eventually(lambda: [p.pid for p in wire.processes("supervision.roles")] not in ([], [forks.pid]), 90)


def test_down_stops_a_wire_whose_run_file_is_gone(wire: RunningWire) -> None:
    """The last of them: it does not run afterwards."""
    mine = wire.processes()
    (wire.home / "run" / "wire.json").unlink()
    assert "Stopped" in wire.barq("down").stdout
    assert [process for process in mine if process.is_running()] == []
    assert os.listdir(wire.home / "keys")
