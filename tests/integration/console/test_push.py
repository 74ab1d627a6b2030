"""`barq push` of a translation alone, through the real API."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx
import pytest
from fastapi.testclient import TestClient

from services.console.parcels import split_parcels
from services.console.push import Outcome, send_parcels
from shared.web.keys import Role
from shared.web.origin import Origin
from tests.support.house import House


@pytest.fixture
def wire(house: House) -> Iterator[httpx.Client]:
    """The newsroom's API, as the command line calls it with another newsroom's key."""
    key = {"authorization": f"Bearer {house.key(Role.NEWSROOM, 'translators')}"}
    with TestClient(Origin(["newsroom"]), headers=key) as client:
        yield client  # type: ignore[misc]  # it is one of httpx's


def pushed(client: httpx.Client, uri: str) -> list[Outcome]:
    text = {
        "translationOf": {"uri": uri, "version": 1}, "language": "ar", "headline": "صورة", "translator": "Layla",
        "body_html": "<p>نص الصورة.</p>",
    }  # fmt: skip
    return list(send_parcels([*split_parcels("ar.json", json.dumps(text).encode())], client))


def test_a_translation_that_is_pushed_alone_finds_its_story_on_the_wire(house: House, wire: httpx.Client) -> None:
    story = house.pushes(uri="urn:t:pic")["story"]
    house.pushes(uri="urn:t:pic", version=2, headline="More")
    house.pushes(uri="urn:t:other", headline="Other")
    house.works()
    (outcome,) = pushed(wire, "urn:t:pic")
    assert (outcome.status, outcome.story) == ("translated", story)
    house.works()
    assert house.titles(edition="ar") == ["صورة"]
    (missing,) = pushed(wire, "urn:t:nowhere")
    assert (missing.status, missing.detail) == ("refused", "neither what was pushed with it nor the wire has 'urn:t:nowhere'")
    versions = wire.get("/v1/items", params={"uri": "urn:t:pic", "everyone": "true"}).json()["items"]
    assert [(item["uri"], item["version"]) for item in versions] == [("urn:t:pic", 2), ("urn:t:pic", 1)]
    assert wire.get("/v1/items", params={"uri": "urn:t:pic"}).json()["items"] == []  # another newsroom's
