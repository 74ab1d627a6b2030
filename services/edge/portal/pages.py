"""Pages for people, in each edition's language: how one is put together, and the one for what is not there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from babel import Locale
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException

from services.edge.portal.dates import shown_clock, shown_moment
from services.edge.portal.words import words_of
from services.edge.queries import Page
from shared.clock import utc_now
from shared.contracts.feeds import MEDIA_TYPES
from shared.settings import settings
from shared.web.headers import PUBLIC, page_headers
from shared.web.pages import templates_of
from shared.wire.config import ALL, wire

# nothing runs on a page; `connect-src` lets auditing tools read robots.txt from it
_HEADERS = page_headers(
    cache=PUBLIC,
    images="'self' https: data:",
    connects="'self'",
    framed_by="'self'",
    referrer="strict-origin-when-cross-origin",
)

_templates = templates_of("services.edge")


def check_edition(edition: str) -> None:
    """Raises HTTPException (404) for an edition that the wire does not have."""
    if edition not in wire().editions:
        raise HTTPException(404, "Not Found")


def page(template: str, edition: str, status: int = 200, **values: object) -> Response:
    """An edition's page as an answer, with the headers that every page has."""
    return HTMLResponse(fill_template(template, edition, **values), status, headers=_HEADERS)


@dataclass(frozen=True, kw_only=True)
class ListedStory:
    """A story in a list, and all that a list says of it."""

    url: str
    title: str
    summary: str
    published_at: datetime
    time: str  #: the same as the edition's readers read it


def listed(pages: Iterable[Page], edition: str) -> list[ListedStory]:
    """What a page's list says of stories."""
    return [
        ListedStory(
            url=page.entry.url,
            title=page.entry.title,
            summary=page.entry.summary,
            published_at=page.published_at,
            time=shown_moment(page.published_at, edition),
        )
        for page in pages
    ]


def not_found(edition: str) -> Response:
    """The page for an address that leads nowhere."""
    return page("not_found.html", edition, status=404)


def fill_template(template: str, edition: str, **values: object) -> str:
    """A template with what every page of an edition shows, and with these values."""
    return _templates.get_template(template).render(_context(edition) | values)


def _context(edition: str) -> dict[str, object]:
    the_wire = wire()

    def titled(names: Iterable[str]) -> list[tuple[str, str]]:
        return [(name, the_wire.feed_title(name, edition)) for name in names]

    return {
        "edition": edition,
        "row": the_wire.editions[edition],
        "editions": the_wire.editions,
        "language_names": {tag: Locale.parse(tag, sep="-").get_language_name(tag) for tag in the_wire.editions},
        "words": words_of(edition),
        "public_url": settings().public_url,
        "clock": shown_clock(utc_now(), edition),
        "regions": titled(the_wire.regions),
        "sections": titled(the_wire.sections),
        "feeds": titled(the_wire.public_feeds()),
        "all_feed": ALL,
        "media_types": MEDIA_TYPES,
        "comma": "، " if the_wire.editions[edition].direction == "rtl" else ", ",
        "here": "",  # the feed whose page this is
        "searched_for": "",
    }
