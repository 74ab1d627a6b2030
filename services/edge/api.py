"""Edge's HTTP: feeds by the fast path; pages for people; a story for programs."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import Any

from babel.dates import format_datetime
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.exceptions import HTTPException

from services.edge import revisions, store
from services.edge.documents import Documents
from services.edge.feeds import FeedFastPath
from services.edge.revisions import Revision
from services.edge.store import Page
from services.edge.words import words_of
from shared.contracts.problem import ProblemType, Refused
from shared.contracts.story import StoryState
from shared.database import engine
from shared.http import answer_problems
from shared.keys import Role, bearer, check_key
from shared.settings import settings
from shared.wire import ALL, wire

_FRONT_COUNT = 50
_LOGO = files("services.edge").joinpath("static/barq.png").read_bytes()
_GONE = (StoryState.KILLED, StoryState.EXPIRED)
_PAGE_HEADERS = {
    "Cache-Control": "public, max-age=1, stale-while-revalidate=30",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' https: data:; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}

documents = Documents()
_templates = Environment(
    loader=PackageLoader("services.edge"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@asynccontextmanager
async def _lifespan(_: FastAPI) -> AsyncIterator[None]:
    await documents.start()
    yield
    await documents.stop()


pages = FastAPI(title="Barq edge", docs_url=None, redoc_url=None, lifespan=_lifespan)
answer_problems(pages)


class _Edge(FeedFastPath):
    """The fast path in front of the pages; starts and stops with them."""

    router = pages.router


app = _Edge(pages, documents)


@pages.get("/", include_in_schema=False)
def root() -> Response:
    """The wire's own edition."""
    return RedirectResponse(f"/{wire().own_edition}/", 307)


@pages.get("/barq.png", include_in_schema=False)
def logo() -> Response:
    """The picture that readers show beside feeds, unless the agency has its own."""
    return Response(_LOGO, media_type="image/png", headers={"Cache-Control": "public, max-age=86400"})


@pages.get("/v1/stories/{story}")
def story_for_programs(story: str, edition: str | None = None) -> Response:
    """A story in one edition (its own if none is named). A killed or expired one answers 410 and nothing of its text."""
    with engine().connect() as connection:
        tags = [edition] if edition else list(wire().editions)
        page = next((found for tag in tags if (found := store.find_page(connection, story, tag))), None)
    if page is None:
        raise Refused(ProblemType.NOT_FOUND, 404, "No such story", f"There is no published story {story[:80]!r}.")
    entry = json.loads(page.entry)
    answer: dict[str, Any] = {
        "story": page.story,
        "edition": page.edition,
        "revision": entry["_barq"]["revision"],
        "published": entry["date_published"],
        "updated": entry["date_modified"],
        "url": entry["url"],
        "state": page.state,
        "pubstatus": "canceled" if page.state == StoryState.KILLED else "withheld" if page.is_notice else "usable",
        "headline": "" if page.is_notice else entry["title"],
        "summary": "" if page.is_notice else entry["summary"],
        "body_html": "" if page.is_notice else entry["content_html"],
        "notice": entry["summary"] if page.is_notice else None,
        "categories": entry["_barq"]["categories"],
        "editions": {tag: _story_url(tag, story) for tag in page.editions},
        "rights": entry["_barq"]["rights"],
    }
    cached = "no-store" if page.is_notice else "public, max-age=1"
    return JSONResponse(answer, 410 if page.state in _GONE else 200, headers={"Cache-Control": cached})


@pages.get("/v1/stories/{story}/revisions")
def revisions_of_a_story(request: Request, story: str, compare: str = "") -> Response:
    """A story's revisions; `compare=1,3` says what the third changed of the first.

    Readers see those that were public, with their text for as long as the story is. A newsroom key sees them all, with who
    sent each.
    """
    secret = bearer(request.headers.get("authorization"))
    with engine().connect() as connection:
        is_newsroom = secret is not None and bool(check_key(connection, secret, Role.NEWSROOM))
        row = store.find_story(connection, story)
        found = store.read_revisions(connection, story) if row else []
    if row is None or not (is_newsroom or row.published_at):
        raise Refused(ProblemType.NOT_FOUND, 404, "No such story", f"There is no published story {story[:80]!r}.")
    shown = found if is_newsroom else revisions.public(found, row.published_at)
    with_text = is_newsroom or row.state == StoryState.PUBLISHED
    listed = shown if with_text else found
    answer: dict[str, Any] = {
        "story": story,
        "state": row.state,
        "revisions": [revisions.as_json(r, with_text=with_text, for_newsroom=is_newsroom) for r in listed],
    }
    if compare:
        answer["changes"] = _compared(compare, shown if with_text else [])
    is_gone = row.state in _GONE and not is_newsroom
    return JSONResponse(answer, 410 if is_gone else 200, headers={"Cache-Control": "no-store"})


def _compared(which: str, shown: Sequence[Revision]) -> list[dict[str, Any]]:
    by_number = {str(revision.revision): revision for revision in shown}
    before, _, after = (part.strip() for part in which.partition(","))
    if before not in by_number or after not in by_number:
        raise Refused(
            ProblemType.INVALID_REQUEST,
            422,
            "Nothing to compare",
            f"`compare` takes two of the revisions {', '.join(by_number) or '(none is shown)'}, as in compare=1,2.",
        )
    return revisions.changes(by_number[before], by_number[after])


@pages.get("/{edition}/", include_in_schema=False)
def front(edition: str) -> Response:
    """The newest stories of an edition."""
    _known(edition)
    with engine().connect() as connection:
        newest = store.newest_pages(connection, edition, _FRONT_COUNT)
    entries = [{**json.loads(page.entry), "time": _time(page, edition)} for page in newest]
    return _page("front.html", edition, entries=entries)


@pages.get("/{edition}/feeds/", include_in_schema=False)
def directory(edition: str) -> Response:
    """The directory of feeds, for people."""
    _known(edition)
    return _page("directory.html", edition)


@pages.get("/{edition}/feeds.opml", include_in_schema=False)
def opml(edition: str) -> Response:
    """The directory of feeds, for readers."""
    _known(edition)
    body = _templates.get_template("feeds.opml").render(_context(edition))
    return Response(body, media_type="text/x-opml; charset=utf-8", headers={"Access-Control-Allow-Origin": "*"})


@pages.get("/{edition}/stories/{story}", include_in_schema=False)
def story_page(edition: str, story: str) -> Response:
    """A story; a killed one answers 410 with its notice."""
    _known(edition)
    with engine().connect() as connection:
        page = store.find_page(connection, story, edition)
    if page is None:
        return _not_found(edition)
    entry = json.loads(page.entry)
    status = 410 if page.state in _GONE else 200
    response = _page(
        "story.html",
        edition,
        status=status,
        entry=entry,
        others={tag: _story_url(tag, story) for tag in page.editions},
        time=_time(page, edition),
        updated=_date(page.updated_at, edition) if page.updated_at > page.published_at else "",
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
        return _not_found(edition)
    refused = Refused(
        ProblemType.NOT_FOUND if error.status_code == 404 else ProblemType.METHOD_NOT_ALLOWED,
        error.status_code,
        str(error.detail),
        f"{request.method} {request.url.path}: {error.detail}",
    )
    return JSONResponse(
        refused.problem.model_dump(mode="json"),
        error.status_code,
        headers=dict(error.headers or {}),
        media_type="application/problem+json",
    )


def _story_url(edition: str, story: str) -> str:
    return f"{settings().public_url}/{edition}/stories/{story}"


def _known(edition: str) -> None:
    if edition not in wire().editions:
        raise HTTPException(404, "Not Found")


def _not_found(edition: str) -> Response:
    return _page("not_found.html", edition, status=404)


def _page(template: str, edition: str, status: int = 200, **values: object) -> Response:
    html = _templates.get_template(template).render(_context(edition) | values)
    return HTMLResponse(html, status, headers=_PAGE_HEADERS)


def _context(edition: str) -> dict[str, Any]:
    the_wire = wire()
    return {
        "edition": edition,
        "row": the_wire.editions[edition],
        "editions": the_wire.editions,
        "words": words_of(edition),
        "public_url": settings().public_url,
        "feeds": [(name, the_wire.feed_title(name, edition)) for name in the_wire.feed_names()],
        "all_feed": ALL,
    }


def _time(page: Page, edition: str) -> str:
    return _date(page.published_at, edition)


def _date(moment: object, edition: str) -> str:
    comma = "،" if wire().editions[edition].direction == "rtl" else ","
    return str(format_datetime(moment, f"d MMMM y{comma} HH:mm 'GMT'", locale=edition.replace("-", "_")))  # type: ignore[arg-type]
