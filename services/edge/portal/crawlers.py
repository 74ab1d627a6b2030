"""What crawlers ask for: robots.txt, sitemaps (https://www.sitemaps.org/protocol.html), and Google's news sitemap."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse, Response
from starlette.exceptions import HTTPException

from services.edge.portal import pages, queries
from services.edge.queries import StoryQuery, list_pages
from shared.archive.database import engine
from shared.clock import utc_now
from shared.settings import settings
from shared.wire.config import wire

#: addresses in one sitemap, at most; the protocol's own limit
_MAX_ADDRESSES = 50_000
#: Google's for news: stories of two days, a thousand of them
_NEWS_AGE, _MAX_NEWS = timedelta(days=2), 1000

_NOT_FOR_CRAWLERS = ("/desk", "/ops", "/subscriber", "/private/", "/metrics", "/v1/")

router = APIRouter(include_in_schema=False)


@router.get("/robots.txt")
def robots() -> Response:
    """Where crawlers need not look, and where the sitemaps are."""
    url = settings().public_url
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _NOT_FOR_CRAWLERS), ""]
    lines += [f"Sitemap: {url}/sitemap.xml", f"Sitemap: {url}/news-sitemap.xml", ""]
    return PlainTextResponse("\n".join(lines), headers={"Cache-Control": "public, max-age=3600"})


@router.get("/sitemap.xml")
def sitemap_index() -> Response:
    """A sitemap for each edition's months."""
    with engine().connect() as connection:
        months = queries.months_with_stories(connection)
    parts = [
        (f"{settings().public_url}/sitemaps/{month.edition}/{month.first:%Y-%m}-{part}.xml", month.updated_at)
        for month in months
        if month.edition in wire().editions
        for part in range(1, -(-month.stories // _MAX_ADDRESSES) + 1)
    ]
    return _xml("sitemap_index.xml", parts=parts, max_age_s=300)


@router.get("/sitemaps/{edition}/{month}-{part}.xml")
def sitemap(edition: str, month: str, part: int) -> Response:
    """The stories of one month, each with its other editions."""
    pages.check_edition(edition)
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError as no_month:
        raise HTTPException(404, "Not Found") from no_month
    since = datetime(first.year, first.month, 1, tzinfo=UTC)
    until = (since.replace(day=28) + timedelta(days=4)).replace(day=1)
    with engine().connect() as connection:
        stories = queries.addresses_of_month(
            connection, edition, since=since, until=until, skipped=(part - 1) * _MAX_ADDRESSES, limit=_MAX_ADDRESSES
        )
    if part < 1 or not stories:
        raise HTTPException(404, "Not Found")
    return _xml("sitemap.xml", stories=stories, own=edition, max_age_s=300)


@router.get("/news-sitemap.xml")
def news_sitemap() -> Response:
    """The newest stories of every edition."""
    since = utc_now() - _NEWS_AGE
    with engine().connect() as connection:
        pages = [
            page
            for edition in wire().editions
            for page in list_pages(connection, StoryQuery(edition=edition, since=since), after=None, limit=_MAX_NEWS)
            if not page.is_notice
        ]
    newest = sorted(pages, key=lambda page: page.published_at, reverse=True)[:_MAX_NEWS]
    return _xml("news_sitemap.xml", entries=[page.entry for page in newest], max_age_s=60)


def _xml(template: str, *, max_age_s: int, **values: object) -> Response:
    body = pages.fill_template(template, wire().own_edition, **values)
    return Response(body, media_type="application/xml; charset=utf-8", headers={"Cache-Control": f"public, max-age={max_age_s}"})
