"""The content API, and feeds of searches: what is found, in which order, and nothing that was taken back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

import feedparser
import pytest
from fastapi.testclient import TestClient

from services.edge.app import app, pages
from services.edge.feeds.documents import documents
from shared.contracts.work import EVERY_ITEM, Follow
from shared.pipeline import Stage
from tests.support.factories import sent
from tests.support.house import House
from tests.support.reading import entries_of, eventually, link_of

SECRET = "Abracadabra"
FORMS = ("rss", "atom", "json")


@pytest.fixture
def wire(house: House) -> House:
    """Four stories, one of them translated."""
    stories: list[dict[str, Any]] = [
        {"headline": "Ministers raise output", "place": [{"code": "SA"}], "keywords": ["OPEC"],
         "subject": [{"code": "medtop:04000000"}], "body_text": "Saudi Arabia raises crude output in June."},
        {"headline": "Tokyo builds a bridge", "place": [{"code": "JP"}], "keywords": ["bridges"],
         "subject": [{"code": "medtop:11000000"}], "body_text": "The bridge opens in spring.",
         "provider": {"name": "Tokyo Desk"}},
        {"headline": "Derby ends level", "place": [{"code": "SA"}], "subject": [{"code": "medtop:15000000"}],
         "body_text": "The Riyadh derby ended level."},
        {"headline": "Museum opens", "place": [{"code": "LB"}], "body_text": "It opens its doors."},
    ]  # fmt: skip
    for number, fields in enumerate(stories, start=1):
        story = house.pushes(uri=f"urn:{number}", **fields)
        house.works()
    house.translates(story["story"], headline="افتتاح المتحف", body_html="<p>افتُتِحَت المدرسةُ والمتحف في بيروت أمس.</p>")
    house.works()
    return house


def lists(query: str = "", **headers: str) -> Any:
    return TestClient(pages, raise_server_exceptions=False).get(f"/v1/stories{query}", headers=headers)


def headlines(query: str = "") -> list[str]:
    return [story["headline"] for story in lists(query).json()["stories"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Museum opens", "Derby ends level", "Tokyo builds a bridge", "Ministers raise output"]),
        ("?region=arab", ["Museum opens", "Derby ends level", "Ministers raise output"]),
        ("?region=arab&section=sport", ["Derby ends level"]),
        ("?tag=opec", ["Ministers raise output"]),
        ("?provider=tokyo%20desk", ["Tokyo builds a bridge"]),
        ("?q=ministers", ["Ministers raise output"]),
        ("?q=raising", ["Ministers raise output"]),
        ("?q=%22bridge%20opens%22", ["Tokyo builds a bridge"]),
        ("?q=opens%20-bridge", ["Museum opens"]),
        ("?q=nothing%20of%20the%20kind", []),
        ("?edition=ar", ["افتتاح المتحف"]),
        ("?edition=ar&q=المدرسه", ["افتتاح المتحف"]),  # the story writes it with a closed ta and all its vowels
        ("?edition=ar&q=إفتتاح", ["افتتاح المتحف"]),
        ("?since=2099-01-01T00:00:00Z", []),
        ("?until=2020-01-01T00:00:00Z", []),
    ],
)
def test_stories_are_found_by_what_they_are_and_say(wire: House, query: str, found: list[str]) -> None:
    assert headlines(query) == found


def test_a_program_is_told_who_wrote_a_story_and_what_it_is_about(house: House) -> None:
    story = house.pushes(
        byline="Mona Haddad", located="Riyadh", urgency=2, keywords=["OPEC"], label=["ANALYSIS"], provider=None,
        place=[{"code": "SA", "name": "Saudi Arabia"}], subject=[{"code": "medtop:20000256", "name": "oil"}],
        body_text="Four words of text.", creditline="Barq/Haddad",
    )["story"]  # fmt: skip
    house.translates(story)
    house.works()
    own, other = (TestClient(pages).get(f"/v1/stories/{story}?edition={tag}").json() for tag in ("en", "ar"))
    told = {"byline": "Mona Haddad", "credit": "Barq/Haddad", "urgency": 2, "tags": ["OPEC"], "labels": ["ANALYSIS"]}
    for answer, provider, dateline in ((own, "Barq", "Riyadh"), (other, "برق", "الرياض")):
        assert {name: answer[name] for name in told} == told
        assert (answer["provider"], answer["dateline"]) == (provider, dateline)
        assert [(place["name"], place["code"]) for place in answer["places"]] == [("Saudi Arabia", "SA")]
        assert [subject["code"] for subject in answer["subjects"]] == ["medtop:20000256"]
    assert (own["word_count"], own["reading_minutes"]) == (4, 1)
    assert own in lists().json()["stories"]


def test_a_story_is_found_by_whatever_its_answer_says_that_lists_take(wire: House) -> None:
    """Whatever stands under a filter's name in an answer is a value of that filter, in each edition."""
    for edition in ("en", "ar"):
        for story in lists(f"?edition={edition}").json()["stories"]:
            asked = [("provider", story["provider"]), *(("tag", tag) for tag in story["tags"])]
            for name, value in asked:
                found = lists(f"?{urlencode({'edition': edition, name: value})}").json()["stories"]
                assert story["story"] in [one["story"] for one in found], (name, value)


def test_no_answer_names_a_key(house: House) -> None:
    """Who pushed what names no provider is its owner's business: nothing that readers are answered says it."""
    key = house.key(name="zyxwv-key")
    pushed = house.newsroom().post("/v1/items", json=sent(provider=None), headers={"authorization": f"Bearer {key}"})
    story = pushed.json()["accepted"][0]["story"]
    house.translates(story)
    house.works()
    for edition, agency in (("en", "Barq"), ("ar", "برق")):
        answers = [f"/v1/stories/{story}{form}?edition={edition}" for form in ("", ".ninjs", ".newsml", ".nitf", "/revisions")]
        for path in (*answers, f"/{edition}/stories/{story}", f"/{edition}/", f"/v1/stories?provider={agency}&edition={edition}"):
            text = TestClient(pages).get(path).text
            assert "zyxwv" not in text, path
        assert story in text, "the agency is the provider of what names none"
        for form in FORMS:
            assert b"zyxwv" not in house.document("all", form, edition)
    assert lists("?provider=zyxwv-key").json()["stories"] == []


def test_a_cursor_stays_valid_while_the_wire_moves(wire: House) -> None:
    first = lists("?limit=2").json()
    wire.pushes(uri="urn:5", headline="Newer than all")
    wire.works()
    at = urlsplit(first["next"])
    assert at.netloc == "wire.example"
    second = lists(f"?{at.query}").json()
    assert [story["headline"] for page in (first, second) for story in page["stories"]] == [
        "Museum opens", "Derby ends level", "Tokyo builds a bridge", "Ministers raise output",
    ]  # fmt: skip
    assert second["next"] is None


def test_only_the_fields_that_are_asked_for_come(wire: House) -> None:
    assert [set(story) for story in lists("?fields=headline,%20url").json()["stories"]] == [{"headline", "url"}] * 4


def test_a_list_that_is_the_same_is_not_sent_again(wire: House) -> None:
    answer = lists()
    assert lists("", **{"if-none-match": answer.headers["etag"]}).status_code == 304
    wire.pushes(uri="urn:5", headline="Newer")
    wire.works()
    assert lists("", **{"if-none-match": answer.headers["etag"]}).status_code == 200


def test_everything_can_be_taken_away_a_line_each(wire: House) -> None:
    answer = lists("?region=arab", accept="application/x-ndjson")
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    assert [json.loads(line)["headline"] for line in answer.text.splitlines()] == [
        "Museum opens", "Derby ends level", "Ministers raise output",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?edition=fr", 404),
        ("?cursor=nonsense", 422),
        ("?limit=0", 422),
        ("?since=yesterday", 422),
        ("?since=2026-01-01T00:00:00", 422),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(wire: House, query: str, status: int) -> None:
    answer = lists(query)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json()["detail"]


def test_a_kill_stays_in_its_lists_as_a_notice_and_is_found_by_no_word(wire: House) -> None:
    wire.pushes(uri="urn:5", headline=SECRET, body_text=f"{SECRET} text of it.", keywords=[SECRET], place=[{"code": "SA"}])
    wire.works()
    assert SECRET in headlines("?region=arab")
    wire.pushes(uri="urn:5", version=2, pubstatus="canceled")
    wire.works()
    answer = lists("?region=arab")
    assert SECRET not in answer.text
    killed = answer.json()["stories"][0]
    assert killed["pubstatus"] == "canceled"
    said = {name for name, value in killed.items() if value not in ("", None, [], {})}
    assert said == {"story", "edition", "revision", "published", "updated", "url", "state", "pubstatus", "notice", "rights"}
    for query in (f"?q={SECRET}", f"?tag={SECRET}"):
        assert lists(query).json()["stories"] == []


# ── Feeds of searches ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def reader(wire: House) -> Iterator[TestClient]:
    """The edge, with the documents that searches are put into."""
    wire.asks(*(Follow(stage=Stage.REFRESH, item=EVERY_ITEM, revision=0, edition=tag) for tag in ("en", "ar")))
    wire.works()
    documents.forget()
    with TestClient(pages) as started:
        started._transport.app = app  # type: ignore[attr-defined]
        eventually(lambda: all(documents.get((tag, "search", "json")) for tag in ("ar", "en")))
        yield started


@pytest.mark.parametrize("form", ["rss", "atom", "json"])
def test_a_search_is_a_feed_of_what_it_finds(reader: TestClient, form: str) -> None:
    answer = reader.get(f"/en/feeds/search.{form}?q=opens%20%26%20-bridge&region=arab")
    assert answer.status_code == 200
    own = "https://wire.example/en/feeds/search." + form + "?q=opens%20%26%20-bridge&region=arab"
    assert answer.headers["link"] == f'<{own}>; rel="self"'
    if form == "json":
        feed = answer.json()
        assert ([item["title"] for item in feed["items"]], feed["feed_url"]) == (["Museum opens"], own)
        assert "hubs" not in feed
        return
    feed = feedparser.parse(answer.content)
    assert entries_of(answer.content, form) == ["Museum opens"]
    assert feed.feed.title == "Barq Newswire: opens & -bridge, arab"
    assert own in [link.href for link in feed.feed.links if link.rel == "self"]
    if form == "atom":
        assert feed.feed.updated == max(entry.updated for entry in feed.entries)


def test_a_search_that_finds_nothing_is_an_empty_feed_and_knows_its_validator(reader: TestClient) -> None:
    answer = reader.get("/ar/feeds/search.atom?q=zzz")
    assert feedparser.parse(answer.content).entries == []
    again = reader.get("/ar/feeds/search.atom?q=zzz", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_search_feed_in_a_format_or_edition_that_is_not_there_is_not_found(reader: TestClient) -> None:
    assert reader.get("/en/feeds/search.pdf?q=x").status_code == 404
    assert reader.get("/fr/feeds/search.rss?q=x").status_code == 404


# ── Older pages ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_reader_that_follows_the_pages_of_a_feed_finds_every_story_once(house: House, reader: TestClient) -> None:
    house.pushes_many([sent(uri=f"urn:more:{number}", headline=f"Number {number}") for number in range(230)])
    house.works()
    for form in FORMS:
        address, titles, pages_seen = f"/en/feeds/all.{form}", [], 0
        eventually(lambda: len(entries_of(reader.get(address).content, form)) == 100)  # noqa: B023  called at once
        while address:
            answer = reader.get(address.removeprefix("https://wire.example"))
            assert answer.status_code == 200
            titles += entries_of(answer.content, form)
            address = link_of(answer.content, form, "next")
            pages_seen += 1
        assert pages_seen == 3
        assert len(titles) == len(set(titles)) == 234


def test_a_page_that_is_not_there_is_not_found(reader: TestClient) -> None:
    assert reader.get("/en/feeds/all.rss?page=2").status_code == 404
    assert reader.get("/en/feeds/all.rss?page=0").status_code == 422
    assert reader.get("/en/feeds/all.rss?from=a-newsletter").status_code == 200


def test_head_answers_pages_and_searches_like_get_without_the_body(reader: TestClient) -> None:
    for path in ("/en/feeds/all.rss?page=1", "/en/feeds/search.json?q=bridge"):
        whole, head = reader.get(path), reader.head(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["etag"] == whole.headers["etag"]


# ── Archives ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_reader_that_follows_the_archives_finds_every_story_and_a_full_archive_never_changes(
    house: House, reader: TestClient
) -> None:
    def pushes(first: int, last: int) -> None:
        house.pushes_many([sent(uri=f"urn:more:{n}", headline=f"Number {n}") for n in range(first, last)])
        house.works()

    pushes(0, 250)
    archives = {form: reader.get(f"/en/feeds/all.{form}?archive=1").content for form in FORMS}
    pushes(250, 300)
    for form in FORMS:
        address = f"/en/feeds/all.{form}"
        eventually(lambda: "Number 299" in entries_of(reader.get(address).content, form))  # noqa: B023  called at once
        assert reader.get(f"{address}?archive=4").status_code == 404
        newest = reader.get(address).content
        if form != "json":
            assert link_of(newest, form, "prev-archive") == f"https://wire.example{address}?archive=3"
        found, at = set(entries_of(newest, form)), f"{address}?archive=3"
        while at:
            body = reader.get(at.removeprefix("https://wire.example")).content
            entries = entries_of(body, form)
            assert len(entries) == 100
            found |= set(entries)
            number = int(at.rpartition("=")[2])
            if form != "json":
                assert b"<fh:archive" in body
                assert link_of(body, form, "current") == f"https://wire.example{address}"
                following = f"https://wire.example{address}?archive={number + 1}" if number < 3 else ""
                assert link_of(body, form, "next-archive") == following
            if number == 1:
                assert body == archives[form]
            at = link_of(body, form, "prev-archive")
        assert len(found) == 304


def test_a_kill_leaves_its_notice_in_an_archive_and_not_a_word(house: House, reader: TestClient) -> None:
    house.pushes_many([sent(uri=f"urn:more:{n}", headline=f"Number {n}") for n in range(120)])
    house.works()
    assert "Number 7<" in reader.get("/en/feeds/all.rss?archive=1").text
    house.pushes(uri="urn:more:7", version=2, pubstatus="canceled")
    house.works()
    for form in ("rss", "atom"):
        archive = reader.get(f"/en/feeds/all.{form}?archive=1")
        assert "Number 7<" not in archive.text
        assert len(entries_of(archive.content, form)) == 100
    # the namespace of tombstones stands where there is one, on whatever page
    pages_read = [reader.get(f"/en/feeds/all.atom{page}").text for page in ("?archive=1", "?page=1", "?page=2")]
    assert ["xmlns:at=" in page for page in pages_read] == ["<at:deleted-entry" in page for page in pages_read]
    assert any("xmlns:at=" in page for page in pages_read)
    assert not all("xmlns:at=" in page for page in pages_read)
