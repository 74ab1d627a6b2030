"""A broker of a test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.embedded.servers import Valkey
from shared.queue import broker
from shared.settings import settings
from tests.conftest import forget_caches
from tests.support.house import House


@pytest.fixture
def own_broker(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Valkey]:
    """A Valkey of this test's own, which it may cut, stop and freeze."""
    server = Valkey(tmp_path / "own")
    server.prepare()
    process = server.start()
    server.wait_until_ready(process)
    monkeypatch.setenv("BARQ_BROKER_URL", server.url)
    settings.cache_clear()
    broker.app.cache_clear()
    broker.client.cache_clear()
    server.process = process  # type: ignore[attr-defined]
    yield server
    broker.all_rung()
    server.process.terminate()  # type: ignore[attr-defined]
    server.process.wait(20)  # type: ignore[attr-defined]
    house.engine.dispose()
    forget_caches()
