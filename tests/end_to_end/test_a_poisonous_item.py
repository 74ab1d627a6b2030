"""An item that holds its worker for ever, in code that lets it do nothing else, stops neither a kill nor other stories."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.factories import sent
from tests.support.poison import poisoned
from tests.support.running_wire import RunningWire, free_port

pytestmark = pytest.mark.end_to_end


def test_a_kill_is_complete_and_others_are_published_while_it_is_tried(
    server_folders: Callable[[], Path],
) -> None:
    wire = RunningWire(server_folders() / "home", free_port())
    wire.starts(**poisoned() | {"BARQ_DEADLINE_FACTOR": "0.5"})  # the kill must come while it is still being tried
    try:
        with wire.client() as newsroom:
            newsroom.post("/v1/items", json=sent(uri="urn:killed", headline="Abracadabra")).raise_for_status()
            wire.eventually(lambda: wire.titles("/en/feeds/all.rss") == ["Abracadabra"])
            newsroom.post("/v1/items", json=sent(uri="urn:poison", headline="Poison")).raise_for_status()
            wire.eventually(lambda: any(row["doing"] and row["doing"]["stage"] == "enrich" for row in wire.status()["workers"]))
            newsroom.post("/v1/items", json={"uri": "urn:killed", "version": 2, "pubstatus": "canceled"}).raise_for_status()
            wire.eventually(lambda: "Abracadabra" not in str(wire.titles("/en/feeds/all.rss")))
            assert wire.status()["dead_count"] == {}, "it is still being tried"
            assert '"role.relieved"' in (wire.home / "log" / "up.log").read_text(encoding="utf-8"), "another is in its place"
            newsroom.post("/v1/items", json=sent(uri="urn:other", headline="Another story")).raise_for_status()
            wire.eventually(lambda: "Another story" in wire.titles("/en/feeds/all.rss"))
        # what then becomes of it: tests/integration/shared/test_a_stuck_worker.py
        wire.eventually(lambda: wire.rows("SELECT error FROM work WHERE stuck = 1") == [("took longer than 6 s once",)])
        assert "role.stuck" in (wire.home / "log" / "up.log").read_text(encoding="utf-8")
    finally:
        wire.stops()
