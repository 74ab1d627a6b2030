"""Feeds beside the fast path: of searches (`search.atom?q=…`), older pages (`all.atom?page=2`), archives (`all.atom?archive=7`),
and what a person sees who opens one in a browser."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from services.edge.etag import validated
from services.edge.feeds import queries
from services.edge.feeds.documents import documents
from services.edge.feeds.older import find_older, put_together
from services.edge.feeds.private import private_feed
from services.edge.lists import checked
from services.edge.portal import pages
from services.edge.queries import Wanted, list_pages
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
    body = pages.filled("feeds.opml", edition, prefix="")
    return Response(body, media_type="text/x-opml; charset=utf-8", headers={"Access-Control-Allow-Origin": "*"})


@router.api_route("/{edition}/feeds/search.{form}", methods=["GET", "HEAD"], include_in_schema=False)
def search_feed(
    request: Request,
    edition: str,
    form: str,
    q: Annotated[str, Query(max_length=500)] = "",
    region: str = "",
    section: str = "",
    tag: str = "",
    label: str = "",
    provider: str = "",
) -> Response:
    """The newest stories that are found, in any format."""
    skeleton = documents.get((edition, SEARCH, form))
    if skeleton is None:
        raise HTTPException(404, "Not Found")
    wanted = checked(Wanted(edition=edition, region=region, section=section, tag=tag, label=label, provider=provider, words=q))
    with engine().connect() as connection:
        found = queries.find_entries(connection, wanted, form=skeleton.form, count=WINDOW)
    said = ", ".join(word for word in (q, region, section, tag, label, provider) if word)
    links = {"self": f"{settings().public_url}{request.url.path}?{request.url.query}"}
    title = wire().feed_title(SEARCH, edition)
    body = put_together(skeleton.body, skeleton.form, found, links, title=(title, f"{title}: {said}" if said else title))
    return _answer(request, body, skeleton.form, links["self"])


@router.api_route("/{edition}/feeds/{feed}.{form}", methods=["GET", "HEAD"], include_in_schema=False)
def older(
    request: Request,
    edition: str,
    feed: str,
    form: str,
    page: Annotated[int | None, Query(ge=1, le=10_000)] = None,
    archive: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
) -> Response:
    """A page of a feed, the newest first: page 2 begins where the feed's own document ends. Or one of its archives.

    Or, for a person's browser, what the feed says now and how to subscribe to it.
    """
    newest = documents.get((edition, feed, form))
    if newest is None or not wire().has_feed(feed):  # one of a feed that is no more stays in the archive
        raise HTTPException(404, "Not Found")
    if wire().is_private(feed):
        secret = shown_secret(request.headers.get("authorization"))
        return private_feed(request, secret, edition, feed, form, page=page, archive=archive)
    if page is None and archive is None:
        return _for_a_person(edition, feed, newest.form)
    found = find_older(newest.body, edition, feed, newest.form, page=page, archive=archive)
    if found is None:
        raise HTTPException(404, "Not Found")
    return _answer(request, found.body, newest.form, found.own_url)


def _for_a_person(edition: str, feed: str, form: FeedFormat) -> Response:
    """Browsers show a feed as the text that it is; whoever opens one gets a page. No cache may take it for the feed."""
    with engine().connect() as connection:
        found = list_pages(connection, Wanted(edition=edition, feed=feed), after=None, count=WINDOW)
    name = wire().feed_title(feed, edition)
    address = f"{settings().public_url}/{edition}/feeds/{feed}"
    answer = pages.page("feed.html", edition, name=name, address=address, form=form, stories=pages.listed(found, edition))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _answer(request: Request, body: bytes, form: FeedFormat, own_url: str) -> Response:
    """The document with its validator, or that the reader has it."""
    headers = {
        "Cache-Control": "public, max-age=10, stale-while-revalidate=60",
        "Access-Control-Allow-Origin": "*",
        "X-Content-Type-Options": "nosniff",
        "Link": f'<{own_url}>; rel="self"',
    }
    return validated(request, body, media_type=CONTENT_TYPES[form], headers=headers)
