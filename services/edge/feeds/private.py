"""Private feeds: for subscribers whose products have them, by their key.

Readers of feeds know two ways to show a key: the password of HTTP's Basic authentication, at the feed's own address, or an
address that holds it (`/private/KEY/en/feeds/name.atom`). No shared cache keeps an answer; a key that is revoked opens nothing
from that moment.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from services.edge.etag import answer_with_etag
from services.edge.feeds.documents import documents
from services.edge.feeds.fast_path import answer_to
from services.edge.feeds.older import find_older
from services.edge.portal import pages
from shared.archive.database import engine
from shared.contracts.feeds import CONTENT_TYPES
from shared.contracts.problem import MissingRight, NotFound, Refused
from shared.settings import settings
from shared.web.keys import Key, Role, check_key
from shared.web.limits import Allowance, check
from shared.wire.config import wire

_REALM = {"WWW-Authenticate": 'Basic realm="Barq", charset="UTF-8"'}
_HEADERS = {
    "Cache-Control": "private, no-cache",
    "Vary": "Authorization, Accept-Encoding",
    "Referrer-Policy": "no-referrer",
}

_fetches = Allowance(lambda: settings().requests_per_minute)

router = APIRouter()


Page = Annotated[int | None, Query(ge=1, le=10_000)]
Archive = Annotated[int | None, Query(ge=1, le=2**31 - 1)]


@router.api_route("/private/{secret}/{edition}/feeds/{feed}.{feed_format}", methods=["GET", "HEAD"], include_in_schema=False)
def by_address(
    request: Request, secret: str, edition: str, feed: str, feed_format: str, page: Page = None, archive: Archive = None
) -> Response:
    """A private feed at the address that is its subscriber's own: that is where it says it is, to readers and to the hub."""
    answer = private_feed(request, secret, edition, feed, feed_format, page=page, archive=archive, codings=False)
    public = settings().public_url

    def own(text: str) -> str:
        for tag in wire().editions:
            text = text.replace(f"{public}/{tag}/feeds/{feed}.", f"{public}/private/{secret}/{tag}/feeds/{feed}.")
        return text

    body = own(bytes(answer.body).decode()).encode()
    headers = {name: own(value) for name, value in answer.headers.items() if name != "content-length"}
    return Response(body, answer.status_code, headers=headers)


@router.get("/private/{secret}/{edition}/feeds.opml", include_in_schema=False)
def directory(secret: str, edition: str) -> Response:
    """The feeds of a subscriber's products, for their reader."""
    pages.check_edition(edition)
    key = _subscriber(secret)
    feeds = [(name, wire().feed_title(name, edition)) for name in wire().private_feeds(key.products)]
    body = pages.fill_template("feeds.opml", edition, feeds=feeds, prefix=f"/private/{secret}")
    return Response(body, media_type="text/x-opml; charset=utf-8", headers=_HEADERS)


def private_feed(
    request: Request,
    secret: str | None,
    edition: str,
    feed: str,
    feed_format: str,
    *,
    page: int | None,
    archive: int | None,
    codings: bool = True,
) -> Response:
    """The feed, a page or an archive of it, for a key that may read it. Raises Refused (401, 403, 404, 429)."""
    key = _subscriber(secret)
    served = documents.get((edition, feed, feed_format))
    if served is None or not wire().is_private(feed):
        raise _no_such_feed()
    if feed not in wire().private_feeds(key.products):
        raise MissingRight(
            f"The products of the key {key.name!r} do not have the feed {feed!r}; ask ops for one that has.",
        )
    if page is not None or archive is not None:
        check(_fetches, key.name)
        old = find_older(served.body, edition, feed, served.feed_format, page=page, archive=archive)
        if old is None:
            raise _no_such_feed()
        return answer_with_etag(request, old.body, media_type=CONTENT_TYPES[served.feed_format], headers=_HEADERS)
    shown = [row for row in request.scope["headers"] if codings or row[0] != b"accept-encoding"]
    answer = answer_to(served, shown, client=key.name)
    if answer.is_unasked_for:
        check(_fetches, key.name)
    public = {"cache-control", "vary", "access-control-allow-origin", "access-control-expose-headers"}
    own = {name.decode(): value.decode("latin-1") for name, value in answer.headers if name.decode() not in public}
    return Response(answer.body if request.method == "GET" else b"", answer.status, headers={**own, **_HEADERS})


def _no_such_feed() -> Refused:
    return NotFound("There is no private feed at this address.")


def _subscriber(secret: str | None) -> Key:
    try:
        with engine().connect() as connection:
            return check_key(connection, secret, Role.SUBSCRIBER)
    except Refused as refused:
        if refused.problem.status == 401:
            refused.headers = _REALM  # so that readers and browsers ask their person for it
        raise
