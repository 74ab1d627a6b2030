"""Whatever a story becomes, every query for readers knows it from that commit on, whether its notice is rendered or not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text

from services.comments.queries import is_open
from services.edge.content.queries import read_details
from services.edge.feeds.queries import find_entries, find_feed_page
from services.edge.portal.queries import (
    addresses_of_month,
    days_with_stories,
    earlier_pages,
    months_with_stories,
    neighbours,
    related_pages,
)
from services.edge.queries import Page, StoryQuery, find_page, list_pages
from services.rendering.queries import read_stories, read_windows
from shared.contracts.feeds import FeedFormat
from shared.contracts.story import StoryState
from tests.support.house import House

BEGUN, TOMORROW = datetime(2000, 1, 1, tzinfo=UTC), datetime.now(UTC) + timedelta(days=1)
PERIOD: dict[str, Any] = {"since": BEGUN, "until": TOMORROW}

#: what each query finds of a story, as something that is false where it finds nothing
QUERIES: dict[str, Callable[[Connection, str, str], object]] = {
    "its page's text": lambda c, story, _: (page := find_page(c, story, "en")) and page.body,
    "lists": lambda c, story, _: list_pages(c, StoryQuery(edition="en"), after=None, limit=9),
    "lists by a tag": lambda c, story, _: list_pages(c, StoryQuery(edition="en", tag="OPEC"), after=None, limit=9),
    "lists by a word": lambda c, story, _: list_pages(c, StoryQuery(edition="en", words="ministers"), after=None, limit=9),
    "feeds of searches": lambda c, story, _: find_entries(c, StoryQuery(edition="en"), feed_format=FeedFormat.RSS, limit=9),
    "pages of a feed": lambda c, story, _: find_feed_page(c, "en", "all", FeedFormat.ATOM, page=1, size=9),
    "documents": lambda c, story, _: read_windows(c, "all", "en", size=9, notices_since=TOMORROW, most_notices=9),
    "days": lambda c, story, _: days_with_stories(c, "en", zone="UTC", **PERIOD),
    "months before": lambda c, story, _: neighbours(c, "en", since=TOMORROW, until=TOMORROW)[0],
    "months after": lambda c, story, _: neighbours(c, "en", since=BEGUN, until=BEGUN)[1],
    "months of sitemaps": lambda c, story, _: [month for month in months_with_stories(c) if month.edition == "en"],
    "addresses of sitemaps": lambda c, story, _: addresses_of_month(c, "en", skipped=0, limit=9, **PERIOD),
    "relatives": lambda c, story, other: related_pages(c, must(find_page(c, other, "ar")), ["OPEC"], limit=9),
    "what a story came from": lambda c, story, other: earlier_pages(c, must(find_page(c, other, "ar")), limit=9),
    "a place for comments": lambda c, story, _: is_open(c, story, "en"),
    "formats of the trade": lambda c, story, _: read_details(c, [story], "en")[story].item,
    "links from other editions": lambda c, story, _: read_languages(c, story),
}


def must(page: Page | None) -> Page:
    """The page of the other story, as if it were of this edition."""
    assert page is not None
    return replace(page, edition="en")


def read_languages(connection: Connection, story: str) -> tuple[str, ...]:
    (item,) = connection.execute(text("SELECT item FROM stories WHERE id = :story"), {"story": story}).scalars()
    return read_stories(connection, [item], "ar")[item].languages


@pytest.fixture
def stories(house: House) -> tuple[str, str]:
    """One that is public in English; and one in Arabic that came from it, and is public throughout."""
    story = house.pushes(uri="urn:1", keywords=["OPEC"])["story"]
    other = house.pushes(uri="urn:2", headline="اتفاق", language="ar", keywords=["OPEC"], evolvedfrom="urn:1")["story"]
    house.works()
    return story, other


def test_what_is_not_public_is_found_by_no_query(house: House, stories: tuple[str, str]) -> None:
    story, other = stories

    def found() -> list[str]:
        with house.engine.connect() as connection:
            return [name for name, query in QUERIES.items() if query(connection, story, other)]

    assert found() == list(QUERIES)  # or the rest of this proves nothing
    for state in StoryState:
        with house.engine.begin() as connection:
            connection.execute(text("UPDATE stories SET state = :state WHERE id = :story"), {"state": state, "story": story})
        assert found() == (list(QUERIES) if state is StoryState.PUBLISHED else []), state
