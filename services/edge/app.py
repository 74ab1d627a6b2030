"""Edge's HTTP: feeds by the fast path, pages for people; beside it stories for programs and feeds of searches."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from services.edge.content import routes as content
from services.edge.feeds import private
from services.edge.feeds import routes as feeds
from services.edge.feeds.documents import documents
from services.edge.feeds.fast_path import FeedFastPath
from services.edge.portal import crawlers
from services.edge.portal import pages as pages_for_people
from services.edge.portal import routes as portal
from services.edge.slashes import with_the_other_slash
from shared.web.problems import answer_problems, http_problem
from shared.wire.config import wire

_LOGO = files("services.edge").joinpath("static/barq.png").read_bytes()


@asynccontextmanager
async def _lifespan(_: FastAPI) -> AsyncIterator[None]:
    await documents.start()
    yield
    await documents.stop()


pages = FastAPI(title="Barq edge", docs_url=None, redoc_url=None, lifespan=_lifespan, redirect_slashes=False)
answer_problems(pages)


@pages.get("/", include_in_schema=False)
def root() -> Response:
    """To the front page of the wire's own edition."""
    return RedirectResponse(f"/{wire().own_edition}/", 307)


@pages.get("/barq.png", include_in_schema=False)
def logo() -> Response:
    """The picture that readers show beside feeds, unless the agency has its own."""
    return Response(_LOGO, media_type="image/png", headers={"Cache-Control": "public, max-age=86400"})


@pages.get("/favicon.ico", include_in_schema=False)
@pages.get("/apple-touch-icon.png", include_in_schema=False)
@pages.get("/apple-touch-icon-precomposed.png", include_in_schema=False)
def icon() -> Response:
    """The picture that readers and phones ask for though no page names one: the agency's own, or Barq's."""
    return RedirectResponse(wire().agency.logo, 307) if wire().agency.logo else logo()


# the portal last: what it does not know by name it takes for an edition's feed
for part in (content, private, feeds, crawlers, portal):
    pages.include_router(part.router)


class _Edge(FeedFastPath):
    """The fast path in front of the pages; starts and stops with them."""

    router = pages.router
    described_by = pages


app = _Edge(pages, documents)


@pages.exception_handler(HTTPException)
async def for_people(request: Request, error: HTTPException) -> Response:
    """People get a page, programs a problem; who left a slash out, or has one too many, is shown the way."""
    if error.status_code == 404 and (other := await with_the_other_slash(request)):
        return RedirectResponse(other, 307)
    edition = request.url.path.split("/")[1]
    if error.status_code == 404 and edition in wire().editions and not request.url.path.startswith("/v1/"):
        return pages_for_people.not_found(edition)
    return http_problem(request, error)


_invalid = pages.exception_handlers[RequestValidationError]


@pages.exception_handler(RequestValidationError)
async def no_such_page(request: Request, error: RequestValidationError) -> Response:
    """What no page is asked by leads nowhere, in the reader's language; feeds are a program's."""
    edition, _, rest = request.url.path[1:].partition("/")
    if edition in wire().editions and not rest.startswith("feeds/"):
        return pages_for_people.not_found(edition)
    answer: Response = await _invalid(request, error)  # type: ignore[misc]  # as every app of the wire says it
    return answer
