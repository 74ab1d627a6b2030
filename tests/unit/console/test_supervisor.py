"""What the supervisor sees before it starts anything."""

from __future__ import annotations

import shutil
import signal
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from services.console.supervision.child import Child
from services.console.supervision.supervisor import Supervisor
from shared.errors import StartError
from tests.support.running_wire import free_port


def test_a_full_disk_is_told_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=104_000_000))
    supervisor = Supervisor(home=tmp_path / "home", host="127.0.0.1", port=free_port(), say=lambda _: None)
    with pytest.raises(StartError, match="only 104 MB are free"):
        supervisor.start_servers()
    assert not (tmp_path / "home" / "postgres").exists()
    supervisor.shut_down()


def test_a_wire_that_was_refused_a_home_leaves_it_as_it_is(tmp_path: Path) -> None:
    first = Supervisor(home=tmp_path, host="127.0.0.1", port=free_port(), say=lambda _: None)
    first._check_place()
    (tmp_path / "run" / "wire.json").write_text("{}")
    second = Supervisor(home=tmp_path, host="127.0.0.1", port=free_port(), say=lambda _: None)
    with pytest.raises(StartError, match="runs in"):
        second.start_servers()
    second.shut_down()
    assert (tmp_path / "run" / "wire.json").exists()
    first.shut_down()


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),  # noqa: S104
        ("::", "http://[::1]:8000"),
        ("::1", "http://[::1]:8000"),
        ("wire.example", "http://wire.example:8000"),
    ],
)
def test_where_this_machine_finds_the_wire(monkeypatch: pytest.MonkeyPatch, host: str, url: str) -> None:
    monkeypatch.delenv("BARQ_PUBLIC_URL", raising=False)
    supervisor = Supervisor(home=Path("home"), host=host, port=8000, say=lambda _: None)
    assert (supervisor.url, supervisor.public_url) == (url, url)
    monkeypatch.setenv("BARQ_PUBLIC_URL", "https://wire.example")
    assert (supervisor.url, supervisor.public_url) == (url, "https://wire.example")


def ended(code: int) -> subprocess.Popen[bytes]:
    return cast("subprocess.Popen[bytes]", SimpleNamespace(poll=lambda: code, returncode=code, pid=7))


def test_one_that_cannot_be_started_holds_up_nobody_else(tmp_path: Path) -> None:
    supervisor = Supervisor(home=tmp_path, host="127.0.0.1", port=8000, say=lambda _: None)
    runs = cast("subprocess.Popen[bytes]", SimpleNamespace(poll=lambda: None, pid=8))

    def no_memory() -> subprocess.Popen[bytes]:
        raise OSError(12, "Cannot allocate memory")

    fails = Child(name="fails", start=no_memory, stop_signal=signal.SIGTERM, process=ended(1))
    other = Child(name="other", start=lambda: runs, stop_signal=signal.SIGTERM, process=ended(-9))
    supervisor.children += [fails, other]
    supervisor._tend()
    assert [(child.process, child.failures) for child in supervisor.children] == [(None, 0), (None, 0)], "it had run for long"
    fails.next_start_s = other.next_start_s = 0.0
    supervisor._tend()
    assert (fails.process, fails.failures, other.process) == (None, 1, runs)
    supervisor._tend()
    assert fails.failures == 1, "its pause is not over"
