"""What comes again: an edit that is taken back is news, an old copy is none, and a changed name is no new story."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient

from shared.pipeline import Stage
from tests.support.house import House
from tests.support.site import Site, site
from tests.support.upkeep import adds, checks


@pytest.fixture
def agency(house: House, upkeep: TestClient) -> Iterator[Site]:
    """A polled feed."""
    with site() as here:
        adds(upkeep, "agency", f"{here.url}/feed.rss")
        yield here


def entry(text: str, guid: str = "tag:a.example,2026:1", day: str = "Wed, 25 Nov 2026 10:00:00 GMT", **more: str) -> str:
    extra = "".join(f"<{name}>{value}</{name}>" for name, value in more.items())
    dated = f"<pubDate>{day}</pubDate>" if day else ""
    return (
        f'<item><title>{text} hurt in quarry fire</title><guid isPermaLink="false">{guid}</guid>'
        f"<description>{text} people were hurt in a fire at the quarry, the brigade said.</description>{dated}{extra}</item>"
    )


def feed(*entries: str) -> bytes:
    return (
        '<rss version="2.0"><channel><title>Levant</title><link>http://levant.example/</link><language>en</language>'
        f"<description>d</description>{''.join(entries)}</channel></rss>"
    ).encode()


def versions(house: House) -> list[tuple[int, str]]:
    rows = house.rows("SELECT version, content ->> 'headline' AS headline FROM items ORDER BY id")
    return [(row.version, row.headline.split()[0]) for row in rows]


def test_an_edit_that_is_taken_back_reaches_readers_whichever_way_it_comes(
    house: House, upkeep: TestClient, agency: Site
) -> None:
    for text in ("Five", "Fifty", "Five"):
        agency.document = feed(entry(text))
        checks(house, upkeep, "agency")
        house.works()
    assert versions(house) == [(1, "Five"), (2, "Fifty"), (3, "Five")]
    assert house.titles() == ["Five hurt in quarry fire"]
    for text in ("Five", "Fifty", "Five"):
        house.newsroom().post("/v1/items", content=feed(entry(text, guid="tag:a.example,2026:2")))
    house.works()
    assert [version for version, _ in versions(house)] == [1, 2, 3, 1, 2, 3]
    assert house.titles()[0] == "Five hurt in quarry fire"


@pytest.mark.parametrize("mark", ["last-modified", "age", "date"])
def test_a_cache_that_serves_yesterdays_document_undoes_nothing(
    house: House, upkeep: TestClient, agency: Site, mark: str
) -> None:
    def serves(text: str, made: timedelta) -> None:
        at = format_datetime((datetime.now(UTC) - made).replace(microsecond=0), usegmt=True)
        agency.headers = {"age": str(int(made.total_seconds()))} if mark == "age" else {mark: at}
        agency.document = feed(entry(text))
        checks(house, upkeep, "agency")

    serves("Five", timedelta(days=1))
    serves("Fifty", timedelta())
    serves("Five", timedelta(days=1))
    assert versions(house) == [(1, "Five"), (2, "Fifty")]
    serves("Seven", timedelta(hours=12))
    assert versions(house) == [(1, "Five"), (2, "Fifty")]
    (row,) = upkeep.get("/v1/quarantine", params={"problem": "older-copy"}).json()
    assert "older copy" in row["problem"]["detail"]
    serves("Sixty", -timedelta(seconds=2) if mark != "age" else timedelta())
    assert versions(house)[-1] == (3, "Sixty")


def test_two_entries_with_one_guid_are_two_versions_and_the_later_stands(house: House, upkeep: TestClient, agency: Site) -> None:
    for more in ("", entry("Other", guid="tag:a.example,2026:9")):
        agency.document = feed(entry("Five", day=""), entry("Fifty", day=""), more)
        checks(house, upkeep, "agency")
    assert [row for row in versions(house) if row[1] != "Other"] == [(1, "Five"), (2, "Fifty")]
    house.works()
    assert sorted(house.titles()) == ["Fifty hurt in quarry fire", "Other hurt in quarry fire"]


def test_a_first_date_ahead_freezes_no_story(house: House) -> None:
    def pushes(text: str, day: str) -> dict[str, Any]:
        answer = house.newsroom().post("/v1/items", content=feed(entry(text, day=day)))
        assert answer.status_code == 202, answer.text
        row: dict[str, Any] = answer.json()["accepted"][0]
        return row

    first = pushes("Five", "Thu, 01 Jan 2099 00:00:00 GMT")
    assert any("lies ahead" in note for note in first["notes"])
    assert pushes("Five", "Thu, 01 Jan 2099 00:00:00 GMT")["duplicate"]
    assert pushes("Fifty", "Wed, 25 Nov 2026 10:00:00 GMT")["version"] == 2
    house.works()
    assert house.titles() == ["Fifty hurt in quarry fire"]
    (row,) = house.rows("""
        SELECT CAST(content ->> 'version_created_at' AS timestamptz) = accepted_at AS is_now,
               CAST(content ->> 'first_created_at' AS timestamptz) = accepted_at AS is_first_now FROM items WHERE version = 1
    """)
    assert (row.is_now, row.is_first_now) == (True, True)


def test_a_source_that_changes_its_entries_names_is_told_and_held_and_publishes_once(
    house: House, upkeep: TestClient, agency: Site
) -> None:
    for look in range(5):
        agency.document = feed(entry("Five", guid=f"http://levant.example/?session={look}"))
        row = checks(house, upkeep, "agency")
        house.works()
    assert house.titles() == ["Five hurt in quarry fire"]
    assert (row["health"], "another name" in row["error"]) == ("unsteady", True)
    states = [story.state for story in house.rows("SELECT state FROM stories ORDER BY id")]
    assert states == ["published", "held"]
    (refused,) = upkeep.get("/v1/quarantine", params={"source": "agency"}).json()
    assert (refused["count"], refused["problem"]["type"]) == (3, "urn:barq:problem:unsteady-source")
    agency.document = feed(entry("Fifty", guid="http://levant.example/?session=1"))
    checks(house, upkeep, "agency")
    house.works()
    assert house.titles() == ["Five hurt in quarry fire"], "the held one stays held until somebody has looked"


def test_a_steady_source_may_say_the_same_twice(house: House, upkeep: TestClient, agency: Site) -> None:
    agency.document = feed(entry("Five", guid="tag:a:1"), entry("Five", guid="tag:a:2"))
    checks(house, upkeep, "agency")
    agency.document = feed(entry("Five", guid="tag:a:1"), entry("Five", guid="tag:a:2"), entry("Five", guid="tag:a:3"))
    row = checks(house, upkeep, "agency")
    assert (row["items_count"], row["health"]) == (3, "well")
    with house.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE items SET accepted_at = accepted_at - interval '1 day'")
    agency.document = feed(entry("Five", guid="tag:a:4", day="Thu, 26 Nov 2026 10:00:00 GMT"))
    row = checks(house, upkeep, "agency")
    assert (row["items_count"], row["health"]) == (4, "well"), "tomorrow's bulletin has today's words and its own date"


def test_newsrooms_that_push_the_same_text_under_two_names_are_not_held_for_it(house: House) -> None:
    for guid in ("tag:a:1", "tag:a:2"):
        (row,) = house.newsroom().post("/v1/items", content=feed(entry("Five", guid=guid))).json()["accepted"]
        assert row["held"] is None


def test_jsonfeed_is_numbered_alike(house: House, upkeep: TestClient, agency: Site) -> None:
    agency.content_type = "application/feed+json"
    for text in ("five", "fifty", "five"):
        agency.document = json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "title": "Levant",
                "language": "en",
                "items": [{"id": "tag:a:1", "title": text, "content_text": f"{text} people were hurt."}],
            }
        ).encode()
        checks(house, upkeep, "agency")
    assert versions(house) == [(1, "five"), (2, "fifty"), (3, "five")]


def test_the_stage_is_due_again_after_all_that(house: House, upkeep: TestClient, agency: Site) -> None:
    agency.document = feed(entry("Five"))
    checks(house, upkeep, "agency")
    assert [row.state for row in house.rows("SELECT state FROM work WHERE stage = :s", s=Stage.POLL.value)] == ["due"]
