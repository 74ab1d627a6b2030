"""Lists of stories as addresses ask for them: which ones, where they go on, and where each story is."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Query

from services.edge.queries import Cursor, Page, StoryQuery
from shared.contracts.problem import InvalidRequest, NotFound
from shared.settings import settings
from shared.web.problems import must_be_edition
from shared.wire.config import wire

_Words = Annotated[str, Query(max_length=500, description='words, as search engines take them: `"exact words"`, `-not`, `or`')]


@dataclass(frozen=True)
class SearchParameters:
    """What a person's search may ask for, as parameters of an address."""

    q: _Words = ""
    region: str = ""
    section: str = ""


@dataclass(frozen=True)
class FilterParameters(SearchParameters):
    """What a program's list, or a feed of a search, may ask for."""

    tag: str = ""
    label: str = ""
    provider: str = ""

    def words(self) -> list[str]:
        """All that was asked for, as a title has it."""
        return [word for word in (self.q, self.region, self.section, self.tag, self.label, self.provider) if word]

    def query(self, edition: str, *, since: datetime | None = None, until: datetime | None = None) -> StoryQuery:
        """The same as a query. Raises Refused (404) for an edition or a feed that is not there."""
        query = StoryQuery(
            edition=edition,
            region=self.region,
            section=self.section,
            tag=self.tag,
            label=self.label,
            provider=self.provider,
            words=self.q,
            since=since,
            until=until,
        )
        return check_query(query)


def check_query(query: StoryQuery) -> StoryQuery:
    """The same. Raises Refused (404) for an edition or a feed that is not there."""
    must_be_edition(query.edition)
    for feed in (query.region, query.section):
        if wire().is_private(feed):
            raise NotFound(f"There is no public feed {feed!r}.")
    return query


def cursor_after(page: Page) -> str:
    """Where a list goes on after this story, as an address says it."""
    return base64.urlsafe_b64encode(f"{page.published_at.isoformat()} {page.story}".encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> Cursor | None:
    """What `cursor_after` made; None for an empty one. Raises Refused (422)."""
    if not cursor:
        return None
    try:
        moment, _, story = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition(" ")
        return Cursor(published_at=datetime.fromisoformat(moment), story=story)
    except ValueError as wrong:
        raise InvalidRequest("`cursor` is taken from `next` of an answer, as it stands.") from wrong


def story_url(edition: str, story: str) -> str:
    """The address of a story's page in an edition."""
    return f"{settings().public_url}/{edition}/stories/{story}"
