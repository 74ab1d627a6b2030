"""Ingest's upkeep as a test uses it: sources are added, looked at, and told of."""

from __future__ import annotations

from typing import Any

from fastapi.testclient import TestClient

from shared.pipeline import Stage
from tests.support.house import House


def adds(upkeep: TestClient, name: str, url: str, **fields: Any) -> dict[str, Any]:
    """Add a source; what is told of it."""
    answer = upkeep.post("/v1/sources", json={"name": name, "url": url, **fields})
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


def checks(house: House, upkeep: TestClient, name: str, times: int = 1) -> dict[str, Any]:
    """Look at a source now, so often; its row afterwards."""
    for _ in range(times):
        assert upkeep.post(f"/v1/sources/{name}/check").status_code == 202
        house.works(Stage.POLL)
    return row_of(upkeep, name)


def row_of(upkeep: TestClient, name: str) -> dict[str, Any]:
    """A source as it is told."""
    rows: list[dict[str, Any]] = upkeep.get("/v1/sources").json()
    return next(row for row in rows if row["name"] == name)
