"""What is taken back is gone from the moment of its commit: between every two stages nothing public has a word of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from services.edge.app import app, pages
from services.edge.feeds.documents import documents
from services.edge.queries import find_page
from shared.contracts.entry import StoredEntry
from shared.pipeline import STAGES, Stage
from tests.support.contract import fields_of, values_of
from tests.support.crawling import crawl, is_document
from tests.support.house import House
from tests.support.reading import eventually

#: in every field of the story, and in nothing else
MARK = "zyxwv"
NUMBER = 76543
#: what the public may read while the story is public: each shows where a crawl looks, or the crawl proves nothing
FIELDS = ("headline", "byline", "dateline", "summary", "body", "keyword", "label", "subject", "caption1", "credit1", "caption2",
          "credit2", "picture2", "notice", "holder", "terms", "line", "provider", "disclaimer", "person", "slug", "headline-ar",
          "body-ar", "translator", "reviewer", "name", "note", "writer", "comment", "earlier", "subject-code", "subject-scheme",
          "place", "place-code", "place-scheme")  # fmt: skip

#: what the wire gives a story itself, or is one of nine; in every other field of the contract stands something that was sent
THE_WIRES_OWN = {
    "id", "url", "date_published", "date_modified", "language", "attachments.mime_type", "barq.story", "barq.revision",
    "barq.status", "barq.editions", "barq.translation.of_revision", "barq.translation.method", "authors.barq.kind",
    "authors.barq.language", "barq.urgency", "barq.word_count",
}  # fmt: skip


def mark(field: str) -> str:
    """A word that stands for a field."""
    return f"{MARK}-{field}"


def item(version: int, **fields: Any) -> dict[str, Any]:
    """The story, with a word of its own in every field."""
    return {
        "uri": "urn:secret", "version": version, "language": "en", "headline": mark("headline"), "byline": mark("byline"),
        "dateline": mark("dateline"), "summary": mark("summary"), "body_html": f"<p>{mark('body')}</p>", "slugline": mark("slug"),
        "keywords": [mark("keyword")], "labels": [mark("label")],
        "places": [{"code": "SA"}, {"name": mark("place"), "code": mark("place-code"), "scheme": mark("place-scheme")}],
        "subjects": [{"name": mark("subject"), "code": mark("subject-code"), "scheme": mark("subject-scheme")}],
        "people": [{"name": mark("person")}],
        "provider": {"name": mark("provider")}, "credit_line": mark("line"), "copyright_notice": mark("notice"),
        "copyright_holder": mark("holder"), "usage_terms": mark("terms"), "disclaimer": mark("disclaimer"),
        "associations": [
            {"item_class": "picture", "href": f"https://pictures.example/{mark(f'picture{n}')}.jpg", "media_type": "image/jpeg",
             "caption": mark(f"caption{n}"), "credit": mark(f"credit{n}"), "width_px": NUMBER, "height_px": NUMBER,
             "size_bytes": NUMBER} for n in (1, 2, 3)
        ],
        **fields,
    }  # fmt: skip


def push(house: House, one: dict[str, Any]) -> str:
    answer = house.newsroom().post(
        "/v1/items", content=json.dumps({"wire_item": one}), headers={"content-type": "application/json"}
    )
    assert answer.status_code == 202, answer.text
    return str(answer.json()["accepted"][0]["story"])


@pytest.fixture
def reader(house: House) -> Iterator[TestClient]:
    documents.forget()
    with TestClient(pages) as started:
        started._transport.app = app  # type: ignore[attr-defined]
        yield started


@pytest.fixture
def story(house: House) -> str:
    """Public in two editions, corrected, with pictures and a comment."""
    push(house, item(1, body_html=f"<p>{mark('earlier')}</p>"))
    house.works()
    story = push(house, item(2, signal="correction", correction_note=mark("note")))
    house.works()
    house.translates(story, headline=f"عنوان {mark('headline-ar')}", body_html=f"<p>نص {mark('body-ar')}</p>",
                     translator=mark("translator"))  # fmt: skip
    with house.engine.begin() as connection:  # somebody has signed it, and the glossary knows how the edition says a tag
        connection.execute(text("UPDATE translations SET reviewed_by = :name"), {"name": mark("reviewer")})
        connection.execute(
            text("INSERT INTO terms VALUES ('en', 'ar', :tag, ARRAY[:name], 'term', 'Layla', now())"),
            {"tag": mark("keyword"), "name": mark("name")},
        )
    house.works()
    with house.engine.begin() as connection:
        connection.execute(
            text("""
                INSERT INTO comments (story, edition, name, text, state, sender_hash, made_at)
                VALUES (:story, 'en', :name, :text, 'shown', '', now())
            """),
            {"story": story, "name": mark("writer"), "text": mark("comment")},
        )
    # another story under the same tag, whose page names its relatives
    push(house, {"uri": "urn:other", "version": 1, "language": "en", "headline": "Another", "body_html": "<p>Another.</p>",
                 "keywords": ["Relatives"], "places": [{"code": "SA"}], "provider": {"name": "Levant"}})  # fmt: skip
    house.works()
    return story


def killed(house: House) -> None:
    push(house, {"uri": "urn:secret", "version": 3, "pubstatus": "canceled"})


def withheld(house: House) -> None:
    push(house, {"uri": "urn:secret", "version": 3, "pubstatus": "withheld"})


def expired(house: House) -> None:
    push(house, item(3, expires_at="2099-01-01T00:00:00Z"))
    house.works()
    with house.engine.begin() as connection:
        connection.execute(text("UPDATE stories SET expires_at = now() WHERE expires_at IS NOT NULL"))
        connection.execute(text("UPDATE work SET due_at = now() WHERE stage = 'expire'"))


def words_found(pages_read: dict[str, str]) -> dict[str, str]:
    """By address: the first word of the story that stands there, or its number."""
    found = {path: max(body.casefold().find(MARK), body.find(str(NUMBER))) for path, body in pages_read.items()}
    return {path: pages_read[path][max(at - 60, 0) : at + 30] for path, at in found.items() if at >= 0}


def test_the_crawl_sees_every_field_of_a_story_that_is_public(house: House, reader: TestClient, story: str) -> None:
    eventually(lambda: MARK in reader.get("/ar/feeds/all.json").text)
    read = "".join(body for path, body in crawl(reader, story, [mark("headline"), mark("keyword")]).items())
    assert [field for field in FIELDS if mark(field) not in read] == []


def test_something_that_was_sent_stands_in_every_field_of_the_contract(house: House, story: str) -> None:
    """A field that is added to the contract and to no story here would be looked for by nobody."""
    sent: set[str] = set()
    with house.engine.connect() as connection:
        for edition in ("en", "ar"):
            page = find_page(connection, story, edition)
            assert page
            sent |= {path for path, value in values_of(page.entry) if MARK in str(value) or value == NUMBER}
    assert set(fields_of(StoredEntry)) - sent == THE_WIRES_OWN


@pytest.mark.parametrize(("takes_back", "commits"), [(killed, Stage.PUBLISH), (withheld, Stage.PUBLISH), (expired, Stage.EXPIRE)])
def test_not_a_word_is_public_between_any_two_stages(
    house: House, reader: TestClient, story: str, takes_back: Callable[[House], None], commits: Stage
) -> None:
    takes_back(house)
    house.works(commits)
    assert (
        words_found(
            {
                path: body
                for path, body in crawl(reader, story, [mark("headline"), mark("keyword")]).items()
                if not is_document(path)
            }
        )
        == {}
    ), commits
    for spec in STAGES:
        if not house.works(spec.stage):
            continue
        read = crawl(reader, story, [mark("headline"), mark("keyword")])
        assert words_found({path: body for path, body in read.items() if not is_document(path)}) == {}, spec.stage
    house.works()
    for edition in ("en", "ar"):
        eventually(lambda edition=edition: MARK not in reader.get(f"/{edition}/feeds/all.json").text)  # type: ignore[misc]
    assert words_found(crawl(reader, story, [mark("headline"), mark("keyword")])) == {}


def test_a_document_that_is_put_together_before_the_notice_has_not_a_word(house: House, story: str) -> None:
    killed(house)
    house.works(Stage.PUBLISH)
    push(house, {"uri": "urn:third", "version": 1, "language": "en", "headline": "A third", "body_html": "<p>Third.</p>",
                 "places": [{"code": "SA"}], "provider": {"name": "Levant"}})  # fmt: skip
    house.works(Stage.ENRICH)
    house.works(Stage.PUBLISH)
    with house.engine.begin() as connection:  # the killed story's rendering waits
        connection.execute(
            text("UPDATE work SET due_at = now() + interval '1 hour' FROM items WHERE items.id = work.item AND items.story = :s"),
            {"s": story},
        )
    house.works(Stage.RENDER, Stage.REFRESH)
    for form in ("rss", "atom", "json"):
        assert b"A third" in house.document("all", form)
        assert MARK.encode() not in house.document("all", form)
