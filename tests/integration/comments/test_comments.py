"""What readers write under stories: read by an editor first, counted in feeds, and never too much of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import feedparser
import pytest
from fastapi.testclient import TestClient

from services.comments.routes import app
from services.edge.app import pages
from shared.wire.config import DEFAULT_FILE
from tests.support.editor import EditorAtDesk
from tests.support.house import House
from tests.support.loopback import use_wire_file


def says(story: str, text: str = "I was there.", *, name: str = "Huda", edition: str = "en", **fields: str) -> str:
    """A reader sends the form; what the page they are sent to is told."""
    client = TestClient(app, follow_redirects=False)
    answer = client.post(f"/{edition}/stories/{story}/comments", data={"name": name, "text": text, **fields})
    assert answer.status_code == 303
    return str(answer.headers["location"]).partition("comment=")[2].removesuffix("#comments")


def page_of(story: str, query: str = "", edition: str = "en") -> str:
    return TestClient(pages).get(f"/{edition}/stories/{story}{query}").text


@pytest.fixture
def story(house: House) -> str:
    published = house.pushes()["story"]
    house.works()
    return str(published)


def decides(house: House, state: str) -> Any:
    desk = EditorAtDesk(house, name=state)
    page = desk.opens("/desk/comments" if state == "shown" else "/desk/comments?state=shown").text
    comment = page.partition('action="/desk/comments/')[2].partition('"')[0]
    answer = desk.client.post(f"/desk/comments/{comment}", data={"token": desk.token(), "state": state})
    house.works()
    return answer


def test_a_comment_is_shown_when_an_editor_has_read_it_and_counted_in_feeds(house: House, story: str) -> None:
    assert "No comment" in page_of(story)
    assert says(story, "First line.\nSecond <b>line</b>.") == "taken"
    assert "when an editor has read it" in page_of(story, "?comment=taken")
    assert "First line." not in page_of(story)
    before = feedparser.parse(house.document(form="atom")).entries[0]
    assert decides(house, "shown").status_code == 200
    page = page_of(story)
    assert "<p>First line.</p><p>Second &lt;b&gt;line&lt;/b&gt;.</p>" in page
    assert "No comment" not in page
    rss = feedparser.parse(house.document(form="rss")).entries[0]
    atom = feedparser.parse(house.document(form="atom")).entries[0]
    assert (rss.slash_comments, rss.comments) == ("1", f"https://wire.example/en/stories/{story}#comments")
    assert (before.thr_total, atom.thr_total, atom.updated) == ("0", "1", before.updated)
    decides(house, "hidden")
    assert "First line." not in page_of(story)


@pytest.mark.parametrize(
    ("fields", "outcome", "sentence"),
    [
        ({"text": " "}, "empty", "a name and a text"),
        ({"name": ""}, "empty", "a name and a text"),
        ({"text": "x" * 2001}, "long", "too long"),
        ({"text": "http://a.example http://b.example"}, "links", "too many links"),
        ({"name": "www.spam.example"}, "links", "too many links"),
    ],
)
def test_what_cannot_be_taken_is_said(story: str, fields: dict[str, str], outcome: str, sentence: str) -> None:
    assert says(story, **fields) == outcome  # type: ignore[arg-type]
    assert sentence in page_of(story, f"?comment={outcome}")


def test_one_address_cannot_flood_a_story_nor_say_the_same_twice(house: House, story: str) -> None:
    assert says(story, "Again.") == "taken"
    assert says(story, "Again.") == "again"
    assert [says(story, f"Number {n}.") for n in range(6)] == ["taken"] * 4 + ["often"] * 2
    assert house.rows("SELECT count(*) AS kept FROM comments")[0].kept == 5


def test_a_machine_that_fills_in_everything_is_told_what_it_wants_to_hear(house: House, story: str) -> None:
    assert says(story, website="https://spam.example") == "taken"
    assert house.rows("SELECT * FROM comments") == []


def test_nothing_is_taken_where_there_is_no_story_or_comments_are_closed(
    house: House, story: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert says("BARQ01012026000000000001ID0000000009") == "closed"
    assert says(story, edition="ar") == "closed"
    house.pushes(version=2, pubstatus="canceled")
    house.works()
    assert says(story) == "closed"
    use_wire_file(DEFAULT_FILE.read_text(encoding="utf-8").replace("open = true", "open = false"), tmp_path, monkeypatch)
    other = house.pushes(uri="urn:newsroom:2", headline="Another")["story"]
    house.works()
    assert says(other) == "closed"
    assert "<textarea" not in page_of(other)
    assert "No comment" in page_of(other)
    assert "thr:total" not in house.document(form="atom").decode().partition("Another")[2].partition("</entry>")[0]


def test_a_killed_story_shows_no_comments(house: House, story: str) -> None:
    says(story, "Secret remark.")
    decides(house, "shown")
    house.pushes(version=2, pubstatus="canceled")
    house.works()
    assert "Secret remark." not in page_of(story)
