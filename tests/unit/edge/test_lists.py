"""Where a list goes on, as an address says it; and what a list may ask for."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.edge.lists import FilterParameters, cursor_after, read_cursor
from services.edge.queries import Cursor, Page, StoryQuery
from shared.contracts.problem import InvalidRequest, NotFound
from shared.contracts.story import StoryState

NOON = datetime(2026, 3, 1, 12, 0, 0, 104, tzinfo=UTC)


@pytest.mark.parametrize("story", ["S", "BARQ25112026000000000017ID0000000042", "قصة"])
def test_a_cursor_is_read_as_it_was_made(story: str) -> None:
    page = Page(
        story=story, edition="en", state=StoryState.PUBLISHED, is_notice=False, revision=1, published_at=NOON, updated_at=NOON,
        body=None, editions=(),
    )  # fmt: skip
    cursor = cursor_after(page)
    assert read_cursor(cursor) == Cursor(published_at=NOON, story=story)
    assert cursor.replace("-", "").replace("_", "").isalnum()


def test_no_cursor_is_the_beginning() -> None:
    assert read_cursor("") is None


@pytest.mark.parametrize("cursor", ["x", "!", "////", "bm8gdGltZQ", "é", "2026-03-01"])
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidRequest):
        read_cursor(cursor)


def test_what_is_asked_for_becomes_a_query() -> None:
    given = FilterParameters(q="opec", region="arab", section="sport", tag="t", label="l", provider="p")
    assert given.words() == ["opec", "arab", "sport", "t", "l", "p"]
    assert given.query("en", since=NOON) == StoryQuery(
        edition="en", words="opec", region="arab", section="sport", tag="t", label="l", provider="p", since=NOON
    )
    assert FilterParameters().words() == []


def test_an_edition_that_is_not_there_is_refused() -> None:
    with pytest.raises(NotFound):
        FilterParameters().query("xx")
