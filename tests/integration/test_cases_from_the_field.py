"""Inputs of the kinds that real newsrooms send and real systems fail on: each by the public surface, with what readers get."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from services.edge.app import pages
from shared.clock import utc_now
from shared.settings import settings
from tests.support.factories import sent
from tests.support.house import House
from tests.support.loopback import serving

FIELD = Path(__file__).parents[1] / "field"


def posts(house: House, name: str, media_type: str = "") -> dict[str, Any]:
    """A file pushed as it is; the answer."""
    types = {".ndjson": "application/x-ndjson", ".json": "application/json", ".xml": "application/xml", ".txt": "text/plain"}
    answer = house.newsroom().post(
        "/v1/items",
        content=(FIELD / name).read_bytes(),
        headers={"content-type": media_type or types[Path(name).suffix]},
    )
    house.works()
    told: dict[str, Any] = answer.json()
    assert answer.status_code == 202, answer.text
    return told


def timelines(house: House, told: dict[str, Any]) -> list[dict[str, Any]]:
    """Where each accepted item is."""
    return [house.newsroom().get(row["status"]).json() for row in told["accepted"]]


def body(house: House, headline: str) -> str:
    """The text of a story as readers of the API get it."""
    reader = TestClient(pages)
    (found,) = [row for row in reader.get("/v1/stories").json()["stories"] if row["headline"] == headline]
    text: str = found["body_html"]
    return text


def search(query: str, edition: str = "ar") -> list[str]:
    rows = TestClient(pages).get("/v1/stories", params={"q": query, "edition": edition}).json()["stories"]
    return [row["headline"] for row in rows]


# ── What must be read ────────────────────────────────────────────────────────────────────────────────────────────


def test_english_briefs_without_a_language_are_in_the_english_edition(house: House) -> None:
    told = posts(house, "english-without-language.ndjson")
    assert len(told["accepted"]) == 5
    assert [(row["state"], bool(row["feeds"])) for row in timelines(house, told)] == [("published", True)] * 5
    assert len(house.titles()) == 5


def test_a_language_is_understood_however_it_is_spelt_and_a_kill_whatever_its_language(house: House) -> None:
    house.pushes(uri="urn:f:lang:kill", headline="To be killed")
    house.works()
    told = posts(house, "language-with-underscore.ndjson")
    assert (len(told["accepted"]), told["rejected"]) == (3, [])
    assert "Storm closes port" in house.titles()
    assert "To be killed" not in house.titles()
    assert house.titles(edition="ar") == ["العاصفة تغلق الميناء"]


def test_bulletins_with_one_headline_and_other_figures_are_all_published(house: House) -> None:
    told = posts(house, "daily-bulletin-with-one-headline.ndjson")
    assert [row["state"] for row in timelines(house, told)] == ["published"] * len(told["accepted"])
    assert house.titles() == ["Weather bulletin"] * 3


def test_a_keyword_that_no_index_holds_costs_itself_and_not_the_story(house: House) -> None:
    told = posts(house, "keyword-longer-than-an-index-row.json")
    assert any("keyword" in note for note in told["accepted"][0]["notes"])
    assert [row["state"] for row in timelines(house, told)] == ["published"]


def test_times_without_a_zone_are_utc(house: House) -> None:
    told = posts(house, "times-without-a-zone.ndjson")
    assert told["rejected"] == []
    rows = timelines(house, told)
    assert [row["state"] for row in rows] == ["published"] * 3 + ["embargoed"] * 2
    assert rows[0]["content"]["version_created_at"] == "2026-11-25T10:00:00Z"
    assert rows[1]["content"]["first_created_at"] == "2026-11-25T00:00:00Z"
    assert rows[2]["content"]["expires_at"] == "2026-12-25T10:00:00Z"
    assert rows[3]["content"]["embargoed_until"] == "2099-11-26T10:00:00Z"
    assert rows[4]["content"]["embargoed_until"] == "2099-11-26T00:00:00Z"


# ── What takes back ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_kill_is_a_kill_whatever_else_is_wrong_with_it(house: House) -> None:
    kills = [json.loads(line) for line in (FIELD / "kill-with-bad-optional-fields.ndjson").read_text().splitlines()]
    house.pushes_many([sent(uri=kill["uri"], headline=kill["uri"]) for kill in kills])
    house.works()
    assert len(house.titles()) == len(kills)
    told = posts(house, "kill-with-bad-optional-fields.ndjson")
    assert (len(told["accepted"]), told["rejected"]) == (len(kills), [])
    assert [row["state"] for row in timelines(house, told)] == ["killed"] * len(kills)
    assert not {kill["uri"] for kill in kills} & set(house.titles())


def test_a_kill_in_words_is_held_with_an_alarm_and_never_published(house: House) -> None:
    told = posts(house, "iptc7901-kill-in-words.txt")
    assert told["accepted"][0]["held"] == "kill-in-words"
    (row,) = timelines(house, told)
    assert (row["state"], row["feeds"]) == ("held", [])
    assert "kill-in-words" in row["reason"]
    assert house.titles() == []


# ── Bytes, XML, G2 ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["iptc7901-bell-in-text.txt", "iptc7901-syn-before-soh.txt"])
def test_what_stands_on_the_line_around_and_in_a_message_costs_nothing(house: House, name: str) -> None:
    told = posts(house, name)
    assert [row["state"] for row in timelines(house, told)] == ["published"]
    assert "The port closed on Monday, officials said." in body(house, "Storm closes port")


def test_one_broken_letter_costs_one_letter(house: House) -> None:
    told = posts(house, "iptc7901-one-broken-utf8-letter.txt")
    (row,) = timelines(house, told)
    assert (row["state"], row["content"]["headline"]) == ("published", "إغلاق الميناء")
    assert "أغلق ميناء اللاذقية يوم" in row["content"]["body_html"]


@pytest.mark.parametrize(
    ("name", "second"),
    [
        ("bare-ampersand", "Wheat rose at J&amp;J and R &amp; R to 240 dollars."),
        ("bom-then-newline", "Wheat rose x to 240 dollars."),
        ("control-character-raw", "Wheat rose by five to 240 dollars."),
        ("cp1252-declared-utf8", "Wheat rose café ’ s to 240 dollars."),
        ("one-stray-byte", "byte to 240 dollars."),
        ("server-warning-before-declaration", "Wheat rose x to 240 dollars."),
        ("undeclared-prefix", "Wheat rose x to 240 dollars."),
    ],
)
def test_a_feed_with_one_fault_in_it_is_read_whole(house: House, name: str, second: str) -> None:
    told = posts(house, f"xml-{name}.rss.xml")
    assert (len(told["accepted"]), told["rejected"]) == (2, [])
    was_mended = name != "bom-then-newline"  # what stands before a document costs it nothing
    assert all(bool(row["notes"]) is was_mended for row in told["accepted"]), "the sender is told that it was mended"
    rows = {row["content"]["headline"]: row for row in timelines(house, told)}
    assert [row["state"] for row in rows.values()] == ["published"] * 2
    assert "The port of Latakia reopened on Monday." in rows.pop("Port reopens after storm")["content"]["body_html"]
    ((headline, grain),) = rows.items()
    assert headline == ("Grain price D&D up" if name == "bare-ampersand" else "Grain price up")
    assert second in grain["content"]["body_html"]


def test_newsml_g2_is_read_in_the_language_that_it_says_it_is_in(house: House) -> None:
    posts(house, "g2-headlines-in-two-languages.xml")
    assert house.titles() == ["Port closes"]


def test_newsml_g2_text_in_base64_is_read(house: House) -> None:
    posts(house, "g2-text-in-base64.xml")
    assert "The port closed on Monday." in body(house, "Port closes")


# ── Feeds in ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_edit_that_is_taken_back_is_taken_back_for_readers(house: House) -> None:
    posts(house, "edit-taken-back-1-and-3.rss.xml")
    posts(house, "edit-taken-back-2.rss.xml")
    assert house.titles() == ["Fifty hurt in quarry fire"]
    again = posts(house, "edit-taken-back-1-and-3.rss.xml")
    assert again["accepted"][0]["duplicate"] is False
    assert house.titles() == ["Five hurt in quarry fire"]


#: when each entry was written; None: what stands there is no time to believe, and the entry is read without one
DATES = {
    "rev-md": datetime(2020, 5, 25, 4, 45, 26, tzinfo=UTC),
    "yy": datetime(2015, 6, 30, 22, 0, tzinfo=UTC),
    "edt": datetime(2025, 4, 21, 10, 0, tzinfo=UTC),
    "ut": datetime(2020, 4, 14, 6, 0, tzinfo=UTC),
    "z": datetime(2014, 6, 19, 17, 0, tzinfo=UTC),
    "cest": datetime(2026, 11, 24, 8, 0, tzinfo=UTC),
    "jst": datetime(2026, 11, 24, 1, 0, tzinfo=UTC),
    "ast": datetime(2026, 11, 24, 7, 0, tzinfo=UTC),
    "nosec": datetime(2026, 11, 24, 7, 0, tzinfo=UTC),
    "iso": datetime(2026, 11, 24, 10, 0, tzinfo=UTC),
    "isoz": datetime(2026, 11, 24, 7, 0, tzinfo=UTC),
    "noyear": None,
    "year1": None,
    "yearm1": None,
    "zero": None,
    "ar": datetime(2026, 11, 24, 10, 0, tzinfo=UTC),
    "ardig": datetime(2026, 11, 24, 10, 0, tzinfo=UTC),
    "empty": None,
    "de": datetime(2026, 11, 24, 9, 0, tzinfo=UTC),
    "fr": datetime(2026, 11, 24, 9, 0, tzinfo=UTC),
    "sept": datetime(2026, 9, 24, 10, 0, tzinfo=UTC),
    "tz24": datetime(2026, 11, 25, 0, 0, tzinfo=UTC),
    "unix": datetime.fromtimestamp(1795514400, UTC),
}


def test_times_in_feeds_are_read_as_they_were_meant_or_not_at_all(house: House) -> None:
    before = utc_now()
    told = posts(house, "dates-in-feeds.rss.xml")
    assert told["rejected"] == []
    rows = {row["content"]["headline"].removeprefix("Date case "): row for row in timelines(house, told)}
    assert {row["state"] for row in rows.values()} == {"published"}
    found = {name: row["content"].get("first_created_at") for name, row in rows.items()}
    read = {name: datetime.fromisoformat(value) if value else None for name, value in found.items()}
    future = read.pop("future")
    assert future is None or before <= future <= utc_now(), "2098 counts as now"
    read.pop("epoch")  # may be believed or not
    assert read == DATES


def test_each_link_is_against_its_own_base(house: House) -> None:
    told = posts(house, "xml-base-leaks-into-next-entry.atom.xml")
    texts = {row["uri"]: row["content"] for row in timelines(house, told)}
    first = texts["https://base.example/p/1"]
    assert 'href="https://base.example/posts/two.html"' in first["body_html"]
    assert 'href="https://base.example/root"' in first["body_html"]
    assert 'href="https://cdn.example/x"' in first["body_html"]
    assert 'href="https://base.example/blog/sub/three.html"' in texts["https://base.example/p/2"]["body_html"]
    assert texts["https://base.example/p/3"]["headline"] == "A bold title & more"


class Site(BaseHTTPRequestHandler):
    """A provider's site."""

    document = b""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "application/rss+xml")
        self.end_headers()
        self.wfile.write(self.document)

    def log_message(self, *_: object) -> None:
        """Quiet."""


def polls(house: House, name: str, monkeypatch: pytest.MonkeyPatch) -> tuple[dict[str, Any], str]:
    """A file served at `/feeds/x.rss` of a site that is polled; the source's row, and the site's address."""
    from services.ingest.routes import upkeep as app

    monkeypatch.setenv("BARQ_PRIVATE_ADDRESSES", "true")
    settings.cache_clear()
    upkeep = house.client(app)
    Site.document = (FIELD / name).read_bytes()
    with serving(Site) as url:
        answer = upkeep.post("/v1/sources", json={"name": "site", "url": f"{url}/feeds/x.rss"})
        assert answer.status_code == 201, answer.text
        house.works()
    (row,) = upkeep.get("/v1/sources").json()
    return row, url


def test_relative_addresses_are_against_the_address_that_the_document_came_from(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, url = polls(house, "relative-everywhere.rss.xml", monkeypatch)
    assert (row["failures"], row["error"]) == (0, None)
    (item,) = house.rows("SELECT content FROM items")
    body_html = item.content["body_html"]
    assert f'href="{url}/abs"' in body_html
    assert f'href="{url}/' in body_html.split("more words")[0]
    (picture,) = item.content["associations"]
    assert picture["href"] in (f"{url}/pics/a.jpg", f"{url}/feeds/pics/a.jpg", f"{url}/blog/pics/a.jpg")


def test_an_empty_feed_has_nothing_new_and_is_no_failure(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    row, _ = polls(house, "valid-feed-without-items.rss.xml", monkeypatch)
    assert (row["failures"], row["error"]) == (0, None)
    assert house.rows("SELECT 1 FROM quarantine") == []


# ── Arabic ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("query", "headline"),
    [
        ("الدولار", "سعر الصرف"),  # written with an invisible mark inside
        ("الموازية", "سعر الصرف"),
        ("1500", "سعر الصرف"),
        ("مسئولون", "مسؤولون في شؤون"),
        ("مسؤول", "مسؤولون في شؤون"),
        ("شئون", "مسؤولون في شؤون"),
        ("2026", "ارتفاع أسعار"),
        ("۲۰۲۶", "ارتفاع أسعار"),
        ("12", "ارتفاع أسعار"),
        ("علی", "علي الكيلاني"),  # with a Persian ya
        ("الکیلانی", "علي الكيلاني"),
    ],
)
def test_an_arabic_word_is_found_however_it_is_spelt(house: House, query: str, headline: str) -> None:
    posts(house, "arabic-search.ndjson")
    assert any(headline in found for found in search(query)), search(query)


def test_a_headline_never_turns_the_rest_of_a_page_around(house: House) -> None:
    posts(house, "arabic-search.ndjson")
    assert all("\u202e" not in title for title in house.titles(edition="ar"))
