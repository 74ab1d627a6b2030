"""Whole wires: one that tests of a kind share, or one of a test's own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.running_wire import RunningWire, running_wire

pytestmark = pytest.mark.end_to_end


@pytest.fixture(autouse=True)
def _only_this_wire(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in [key for key in os.environ if key.startswith("BARQ_")]:
        monkeypatch.delenv(variable)


@pytest.fixture
def wire(server_folders: Callable[[], Path]) -> Iterator[RunningWire]:
    """A wire that runs, alone in its home."""
    with running_wire(server_folders() / "home") as running:
        yield running
