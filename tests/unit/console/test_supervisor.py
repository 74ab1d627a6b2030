"""What the supervisor sees before it starts anything."""

from __future__ import annotations

import shutil
import signal
import subprocess
from pathlib import Path
from types import SimpleNamespace

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


def test_what_ends_again_and_again_is_started_again_for_ever_and_never_more_than_ten_seconds_later() -> None:
    child = Child(name="x", start=lambda: subprocess.Popen(["true"]), stop_signal=signal.SIGTERM)
    pauses = [child.pause() for _ in range(5000)]
    assert (pauses[0], max(pauses), pauses[-1]) == (0.2, 10.0, 10.0)


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
