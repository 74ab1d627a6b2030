"""Edge's HTTP: feeds by the fast path, pages for people; beside it stories for programs and feeds of searches."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from services.edge import api_content, api_feeds, api_private, portal, store
from services.edge.api_content import story_url
from services.edge.documents import documents
from services.edge.feeds import FeedFastPath
from shared.database import engine
from shared.http import answer_problems, http_problem
from shared.wire import wire

_FRONT_COUNT = 50
_LOGO = files("services.edge").joinpath("static/barq.png").read_bytes()


@asynccontextmanager
async def _lifespan(_: FastAPI) -> AsyncIterator[None]:
    await documents.start()
    yield
    await documents.stop()


pages = FastAPI(title="Barq edge", docs_url=None, redoc_url=None, lifespan=_lifespan)
answer_problems(pages)
pages.include_router(api_content.router)
pages.include_router(api_private.router)
pages.include_router(api_feeds.router)


class _Edge(FeedFastPath):
    """The fast path in front of the pages; starts and stops with them."""

    router = pages.router
    described_by = pages


app = _Edge(pages, documents)


@pages.get("/", include_in_schema=False)
def root() -> Response:
    """The wire's own edition."""
    return RedirectResponse(f"/{wire().own_edition}/", 307)


@pages.get("/barq.png", include_in_schema=False)
def logo() -> Response:
    """The picture that readers show beside feeds, unless the agency has its own."""
    return Response(_LOGO, media_type="image/png", headers={"Cache-Control": "public, max-age=86400"})


@pages.get("/{edition}/", include_in_schema=False)
def front(edition: str) -> Response:
    """The newest stories of an edition."""
    portal.check_edition(edition)
    with engine().connect() as connection:
        newest = store.newest_pages(connection, edition, _FRONT_COUNT)
    entries = [{**page.told(), "time": portal.shown_date(page.published_at, edition)} for page in newest]
    return portal.page("front.html", edition, entries=entries)


@pages.get("/{edition}/feeds/", include_in_schema=False)
def directory(edition: str) -> Response:
    """The directory of feeds, for people."""
    portal.check_edition(edition)
    return portal.page("directory.html", edition)


@pages.get("/{edition}/feeds.opml", include_in_schema=False)
def opml(edition: str) -> Response:
    """The directory of feeds, for readers."""
    portal.check_edition(edition)
    body = portal.filled("feeds.opml", edition, prefix="")
    return Response(body, media_type="text/x-opml; charset=utf-8", headers={"Access-Control-Allow-Origin": "*"})


@pages.get("/{edition}/stories/{story}", include_in_schema=False)
def story_page(edition: str, story: str) -> Response:
    """A story; a killed one answers 410 with its notice."""
    portal.check_edition(edition)
    with engine().connect() as connection:
        page = store.find_page(connection, story, edition)
    if page is None:
        return portal.not_found(edition)
    entry = page.told()
    status = 410 if page.is_gone else 200
    response = portal.page(
        "story.html",
        edition,
        status=status,
        entry=entry,
        others={tag: story_url(tag, story) for tag in page.editions},
        time=portal.shown_date(page.published_at, edition),
        updated=portal.shown_date(page.updated_at, edition) if page.updated_at > page.published_at else "",
        is_notice=page.is_notice,
    )
    if page.is_notice:
        response.headers["Cache-Control"] = "no-store"
    return response


@pages.exception_handler(HTTPException)
async def for_people(request: Request, error: HTTPException) -> Response:
    """People get a page, programs a problem."""
    edition = request.url.path.split("/")[1]
    if error.status_code == 404 and edition in wire().editions and not request.url.path.startswith("/v1/"):
        return portal.not_found(edition)
    return http_problem(request, error)
