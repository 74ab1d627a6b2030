"""A kill while a thousand items are queued is complete while they still wait."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.kill_under_load import kill_under_load, receiver_in_wire_file
from tests.support.running_wire import RunningWire, free_port

pytestmark = pytest.mark.end_to_end


def test_a_kill_is_complete_everywhere_and_pushed_while_the_backlog_waits(
    tmp_path: Path, server_folders: Callable[[], Path]
) -> None:
    wire = RunningWire(home=server_folders() / "home", port=free_port())
    with receiver_in_wire_file(tmp_path) as wire_file:
        wire.starts(BARQ_CONFIG=str(wire_file))
        try:
            measured = kill_under_load(wire, backlog=1500)
        finally:
            wire.stops()
    assert measured.waiting > 500, measured
