"""Feeds beside the fast path: of searches (`search.atom?q=…`), older pages (`all.atom?page=2`), archives (`all.atom?archive=7`),
and what a person sees who opens one in a browser."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from services.edge.etag import answer_with_etag
from services.edge.feeds import queries
from services.edge.feeds.documents import documents
from services.edge.feeds.older import assemble, find_older
from services.edge.feeds.private import private_feed
from services.edge.lists import FilterParameters
from services.edge.portal import pages
from services.edge.queries import StoryQuery, list_pages
from shared.archive.database import engine
from shared.contracts.feeds import CONTENT_TYPES, WINDOW, FeedFormat
from shared.settings import settings
from shared.web.keys import shown_secret
from shared.wire.config import SEARCH, wire

router = APIRouter()


@router.get("/{edition}/feeds/", include_in_schema=False)
def directory(edition: str) -> Response:
    """The directory of feeds, for people."""
    pages.check_edition(edition)
    return pages.page("directory.html", edition)


@router.get("/{edition}/feeds.opml", include_in_schema=False)
def opml(edition: str) -> Response:
    """The directory of feeds, for readers."""
    pages.check_edition(edition)
    body = pages.fill_template("feeds.opml", edition, prefix="")
    return Response(body, media_type="text/x-opml; charset=utf-8")


@router.api_route("/{edition}/feeds/search.{feed_format}", methods=["GET", "HEAD"], include_in_schema=False)
def search_feed(request: Request, edition: str, feed_format: str, parameters: Annotated[FilterParameters, Depends()]) -> Response:
    """The newest stories that a search finds, in any format."""
    skeleton = documents.get((edition, SEARCH, feed_format))
    if skeleton is None:
        raise HTTPException(404, "Not Found")
    query = parameters.query(edition)
    with engine().connect() as connection:
        entries = queries.find_entries(connection, query, feed_format=skeleton.feed_format, limit=WINDOW)
    words = ", ".join(parameters.words())
    links = {"self": f"{settings().public_url}{request.url.path}?{request.url.query}"}
    title = wire().feed_title(SEARCH, edition)
    titles = (title, f"{title}: {words}" if words else title)
    body = assemble(skeleton.body, skeleton.feed_format, entries, links, title=titles)
    return _answer(request, body, skeleton.feed_format, links["self"])


@router.api_route("/{edition}/feeds/{feed}.{feed_format}", methods=["GET", "HEAD"], include_in_schema=False)
def older(
    request: Request,
    edition: str,
    feed: str,
    feed_format: str,
    page: Annotated[int | None, Query(ge=1, le=10_000)] = None,
    archive: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
) -> Response:
    """A page of a feed, the newest first: page 2 begins where the feed's own document ends. Or one of its archives.

    Or, for a person's browser, what the feed says now and how to subscribe to it.
    """
    newest = documents.get((edition, feed, feed_format))
    if newest is None or not wire().has_feed(feed):  # one of a feed that is no more stays in the archive
        raise HTTPException(404, "Not Found")
    if wire().is_private(feed):
        secret = shown_secret(request.headers.get("authorization"))
        return private_feed(request, secret, edition, feed, feed_format, page=page, archive=archive)
    if page is None and archive is None:
        return _for_a_person(edition, feed, newest.feed_format)
    old = find_older(newest.body, edition, feed, newest.feed_format, page=page, archive=archive)
    if old is None:
        raise HTTPException(404, "Not Found")
    return _answer(request, old.body, newest.feed_format, old.own_url)


def _for_a_person(edition: str, feed: str, feed_format: FeedFormat) -> Response:
    """Browsers show a feed as the text that it is; whoever opens one gets a page. No cache may take it for the feed."""
    with engine().connect() as connection:
        newest = list_pages(connection, StoryQuery(edition=edition, feed=feed), after=None, limit=WINDOW)
    name = wire().feed_title(feed, edition)
    address = f"{settings().public_url}/{edition}/feeds/{feed}"
    stories = pages.listed(newest, edition)
    answer = pages.page("feed.html", edition, name=name, address=address, feed_format=feed_format, stories=stories)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _answer(request: Request, body: bytes, feed_format: FeedFormat, own_url: str) -> Response:
    """The document with its validator, or that the reader has it."""
    headers = {
        "Cache-Control": "public, max-age=10, stale-while-revalidate=60",
        "X-Content-Type-Options": "nosniff",
        "Link": f'<{own_url}>; rel="self"',
    }
    return answer_with_etag(request, body, media_type=CONTENT_TYPES[feed_format], headers=headers)
