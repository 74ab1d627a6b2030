"""Lists of stories as addresses ask for them: which ones, where they go on, and where each story is."""

from __future__ import annotations

import base64
from datetime import datetime

from services.edge.queries import Page, Place, Wanted
from shared.contracts.problem import InvalidRequest, NotFound
from shared.settings import settings
from shared.web.problems import must_be_edition
from shared.wire.config import wire


def checked(wanted: Wanted) -> Wanted:
    """The same. Raises Refused (404) for an edition or a feed that is not there."""
    must_be_edition(wanted.edition)
    for feed in (wanted.region, wanted.section):
        if wire().is_private(feed):
            raise NotFound(f"There is no public feed {feed!r}.")
    return wanted


def cursor_of(page: Page) -> str:
    """Where a list goes on after this story."""
    return base64.urlsafe_b64encode(f"{page.published_at.isoformat()} {page.story}".encode()).decode().rstrip("=")


def place_of(cursor: str) -> Place | None:
    """The place that a cursor stands for. Raises Refused (422)."""
    if not cursor:
        return None
    try:
        moment, _, story = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition(" ")
        return Place(published_at=datetime.fromisoformat(moment), story=story)
    except ValueError as wrong:
        raise InvalidRequest("`cursor` is taken from `next` of an answer, as it stands.") from wrong


def story_url(edition: str, story: str) -> str:
    """A story's page."""
    return f"{settings().public_url}/{edition}/stories/{story}"
