"""Files whose writer is not done: half a text is never published, and its rest is waited for."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from services.ingest.connectors import directory
from tests.support.factories import sent
from tests.support.house import House
from tests.support.upkeep import adds, checks

WIRE = Path(__file__).parents[2] / "wire"
WHOLE = {
    "json": json.dumps(sent()).encode(),
    "ndjson": json.dumps(sent()).encode() + b"\n" + json.dumps(sent(uri="urn:2", headline="Another")).encode() + b"\n",
    "rss": (WIRE / "rss" / "agency-full.xml").read_bytes(),
    "nitf": (WIRE / "nitf" / "american.xml").read_bytes(),
    "7901": (WIRE / "iptc7901" / "german-service.txt").read_bytes(),
    "anpa": (WIRE / "anpa1312" / "american-writethru.txt").read_bytes(),
}


@pytest.fixture
def folder(house: House, upkeep: TestClient) -> Path:
    """A drop folder."""
    adds(upkeep, "wires", "drop:")
    checks(house, upkeep, "wires")
    return house.home / "drop" / "wires"


def texts(house: House) -> list[str]:
    return [row.body for row in house.rows("SELECT content ->> 'body_html' AS body FROM items ORDER BY uri, version")]


@pytest.mark.parametrize("form", WHOLE)
@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_writer_that_pauses_ends_with_the_whole_published(
    house: House, upkeep: TestClient, folder: Path, form: str, share: float
) -> None:
    whole = WHOLE[form].rstrip()
    (folder / "item").write_bytes(whole[: int(len(whole) * share)])
    checks(house, upkeep, "wires", times=6)
    assert texts(house) == []
    (folder / "item").write_bytes(whole)
    row = checks(house, upkeep, "wires", times=3)
    expected = texts(house)
    assert (len(expected) > 0, row["health"]) == (True, "well")
    assert [path.name for path in (folder / "done").iterdir()] == ["item"]
    assert list((folder / "failed").iterdir()) == []


def test_what_stays_cut_off_goes_to_failed_and_half_of_it_is_never_published(
    house: House, upkeep: TestClient, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory, "WAITS_FOR_THE_REST", timedelta(0))
    (folder / "half.xml").write_bytes(WHOLE["rss"][:900])
    (folder / "half.txt").write_bytes(WHOLE["7901"][:120])
    row = checks(house, upkeep, "wires", times=4)
    assert texts(house) == []
    assert "cut off" in (folder / "failed" / "half.txt.reason.txt").read_text()
    assert "not closed" in (folder / "failed" / "half.xml.reason.txt").read_text()
    assert row["health"] == "refused"


@pytest.mark.parametrize("place", ["done", "failed"])
def test_what_grows_after_it_was_put_away_is_taken_again(
    house: House, upkeep: TestClient, folder: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory, "WAITS_FOR_THE_REST", timedelta(0))
    first, second = WHOLE["ndjson"].splitlines(keepends=True)
    with (folder / "items.ndjson").open("wb", buffering=0) as writer:
        writer.write(first if place == "done" else first[:40])
        checks(house, upkeep, "wires", times=4)
        assert (folder / place / "items.ndjson").exists()
        writer.write(second if place == "done" else first[40:] + second)
    checks(house, upkeep, "wires", times=3)
    assert len(texts(house)) == 2
    assert sorted(path.name for path in (folder / "done").iterdir()) == ["items.ndjson"]
    assert list((folder / "failed").iterdir()) == []


def test_a_new_file_of_the_same_name_is_another_file(house: House, upkeep: TestClient, folder: Path) -> None:
    for version in (1, 2):
        (folder / "story.json").write_text(json.dumps(sent(version=version)))
        checks(house, upkeep, "wires", times=2)
    assert len(texts(house)) == 2
    assert sorted(path.name for path in (folder / "done").iterdir()) == ["story.2.json", "story.json"]
