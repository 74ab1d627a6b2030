"""What tests of ingest have in common."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from shared.settings import settings
from tests.support.house import House


@pytest.fixture
def upkeep(house: House, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """Ingest's upkeep; a newsroom whose sources are on its own network."""
    from services.ingest.routes import upkeep as app

    monkeypatch.setenv("BARQ_PRIVATE_ADDRESSES", "true")
    settings.cache_clear()
    return TestClient(app, headers={"authorization": f"Bearer {house.key()}"}, raise_server_exceptions=False)
