"""What the supervisor sees before it starts anything."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from services.console.supervisor import Supervisor
from shared.errors import StartError
from tests.support.running_wire import free_port


def test_a_full_disk_is_told_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=104_000_000))
    supervisor = Supervisor(home=tmp_path / "home", host="127.0.0.1", port=free_port(), say=lambda _: None)
    with pytest.raises(StartError, match="only 104 MB are free"):
        supervisor.start_servers()
    assert not (tmp_path / "home" / "postgres").exists()
    supervisor.shut_down()
