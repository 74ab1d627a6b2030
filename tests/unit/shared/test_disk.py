"""A disk that is nearly full is known, cheaply, and told once."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from shared.archive.disk import Disk


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "postgres").mkdir()
    return tmp_path


def test_trouble_comes_and_goes_with_the_room(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now_s, free = [0.0], [1_000_000]
    monkeypatch.setattr(time, "monotonic", lambda: now_s[0])
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free[0]))
    disk = Disk()
    assert disk.trouble(home, 5_000_000) == f"disk full: 1 MB are free under {home}, 5 MB are wanted"
    free[0] = 5_000_000
    now_s[0] += 1
    assert disk.trouble(home, 5_000_000) == ""


def test_the_disk_is_looked_at_once_a_second_however_often_it_is_asked_for(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[object] = []
    monkeypatch.setattr(time, "monotonic", lambda: 0.5)
    monkeypatch.setattr(shutil, "disk_usage", lambda place: looks.append(place) or SimpleNamespace(free=0))
    disk = Disk()
    assert {bool(disk.trouble(home, 1)) for _ in range(1000)} == {True}
    assert len(looks) == 1


def test_a_disk_that_holds_no_database_is_nobodys_trouble(tmp_path: Path) -> None:
    assert Disk().trouble(tmp_path, 10**18) == ""
