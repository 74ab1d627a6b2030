"""Monitor's HTTP: `/ops` for people, `/metrics` for Prometheus, `/readyz` for whoever starts processes."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Depends, FastAPI, Form, Path, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as SQLAlchemyTimeout
from starlette.middleware.base import RequestResponseEndpoint

from services.monitor import probes, queries
from services.monitor.exposition import exposition
from services.monitor.known import find_lacking
from shared.archive.database import engine
from shared.contracts.problem import NotFound, Refused
from shared.pipeline import STAGES
from shared.queue import operations
from shared.queue.unit_of_work import unit_of_work
from shared.settings import settings
from shared.status import Census
from shared.web.clients import is_among
from shared.web.headers import page_headers
from shared.web.keys import Role, bearer, check_key
from shared.web.pages import templates_of
from shared.web.problems import answer_problems, problem_response, unavailable
from shared.web.sessions import Screens, SignInFirst, Visitor, check_form

#: whoever asks whether the wire is ready is answered within this and a moment, whatever hangs
_READY_WITHIN_S = 1.5
_METRICS_WITHIN_S = 5.0

app = FastAPI(title="Barq monitor", docs_url=None, redoc_url=None)
answer_problems(app)

_templates = templates_of("services.monitor")

screens = Screens(role=Role.OPS, path="/ops", cookie="barq_ops")
SignedIn = Annotated[Visitor, Depends(screens.signed_in)]
Token = Annotated[str, Form()]
DeadLetter = Annotated[int, Path(ge=1, le=2**63 - 1)]


@app.exception_handler(SignInFirst)
async def sign_in_first(_: Request, __: SignInFirst) -> Response:
    """The page to sign in, in place of the one that was asked for; the page's script knows it by its status."""
    return _sign_in()


@app.middleware("http")
async def only_for_some(request: Request, call_next: RequestResponseEndpoint) -> Response:
    """Who is at none of the addresses that are named finds nothing here but whether the wire is ready."""
    if request.url.path != "/readyz" and not is_among(request.scope, settings().ops_addresses):
        return problem_response(NotFound("There is nothing for you here.").problem)
    return await call_next(request)


def _who(request: Request) -> Visitor | None:
    """Whoever asks must hold an ops key: in the header, as a program does (then it is no visitor), or be signed in."""
    secret = bearer(request.headers.get("authorization"))
    if secret is None and screens.cookie in request.cookies:
        return screens.signed_in(request)
    with engine().connect() as connection:
        check_key(connection, secret, Role.OPS)
    return None


def _must_act(request: Request, token: str) -> None:
    """A program with an ops key may act, and somebody who is signed in, by a form of ours. Raises Refused, SignInFirst."""
    if visitor := _who(request):
        check_form(request, visitor, token)


@app.get("/ops", include_in_schema=False)
def ops(request: Request) -> Response:
    """The state of the wire, live; a form to sign in for who has not."""
    try:
        visitor = _who(request)
    except Refused:
        return _sign_in()
    return HTMLResponse(_filled("ops.html", visitor), headers=_HEADERS)


def _filled(template: str, visitor: Visitor | None) -> str:
    return _templates.get_template(template).render(
        census=probes.read_census(), stages=STAGES, token=visitor.token if visitor else ""
    )


_HEADERS = page_headers(scripts="'self'", connects="'self'")


@app.get("/ops/live.js", include_in_schema=False)
def live_script() -> Response:
    """The page's only script: asks for the live part again every second."""
    return Response(_templates.get_template("live.js").render(), media_type="text/javascript", headers=_HEADERS)


@app.get("/ops/live", include_in_schema=False)
def live(request: Request) -> Response:
    """The live part of the page."""
    return HTMLResponse(_filled("live.html", _who(request)), headers=_HEADERS)


@app.get("/ops/state")
def state(request: Request) -> Census:
    """The same for programs."""
    _who(request)
    return probes.read_census()


@app.get("/ops/items/{item}", include_in_schema=False)
def item(request: Request, item: UUID) -> Response:
    """An item's way, stage by stage, without its text; a form to sign in for who has not."""
    try:
        _who(request)
    except Refused:
        return _sign_in()
    with engine().connect() as connection:
        way = queries.find_way(connection, item)
    if way is None:
        raise NotFound(f"There is no item {item}.")
    return HTMLResponse(_templates.get_template("item.html").render(item=way), headers=_HEADERS)


@app.post("/ops/sign-in", include_in_schema=False)
def sign_in(request: Request, key: Annotated[str, Form()]) -> Response:
    """Show an ops key once and get a session for it."""
    try:
        with engine().begin() as connection:
            visitor = screens.begin(request, connection, key)
    except Refused as refused:
        return _sign_in(refused)
    return screens.send_in(request, visitor, "/ops")


@app.post("/ops/sign-out", include_in_schema=False)
def sign_out(request: Request, visitor: SignedIn, token: Token = "") -> Response:
    """End the session."""
    check_form(request, visitor, token)
    with engine().begin() as connection:
        return screens.send_out(connection, visitor)


@app.post("/ops/dead/{work}/replay", include_in_schema=False)
def replay(request: Request, work: DeadLetter, token: Token = "") -> Response:
    """Try a dead letter again."""
    _must_act(request, token)
    with unit_of_work() as unit:
        unit.replay([work])
    return RedirectResponse("/ops", 303)


@app.post("/ops/dead/{work}/discard", include_in_schema=False)
def discard(request: Request, work: DeadLetter, token: Token = "") -> Response:
    """Remove a dead letter."""
    _must_act(request, token)
    with engine().begin() as connection:
        operations.discard(connection, [work])
    return RedirectResponse("/ops", 303)


def _sign_in(refused: Refused | None = None) -> Response:
    complaint = refused.problem.detail if refused else ""
    html = _templates.get_template("sign_in.html").render(complaint=complaint)
    return HTMLResponse(html, 401, headers=_HEADERS)


@app.get("/metrics", include_in_schema=False)
async def prometheus() -> Response:
    """Every metric of the wire, of all processes; of a part that does not answer, that it does not."""
    known = await probes.probe_everything(_METRICS_WITHIN_S)
    return Response(exposition(known), media_type="text/plain; version=0.0.4; charset=utf-8")


@app.get("/readyz", include_in_schema=False)
async def readyz() -> Response:
    """Is the wire ready: disk, database, broker, and a worker for every stage? Says what is not, soon, whatever hangs."""
    found = await probes.probe_readiness(_READY_WITHIN_S)
    lacking = find_lacking(found.troubles, found.unheard)
    return JSONResponse({"ready": not lacking, "lacking": lacking}, 503 if lacking else 200)


@app.exception_handler(OperationalError)
@app.exception_handler(SQLAlchemyTimeout)
async def database_away(request: Request, error: SQLAlchemyError) -> Response:
    """Of the page: a page that says so. Of the rest: a problem, as everywhere."""
    if request.url.path != "/ops":
        return unavailable()
    found = await probes.probe_readiness(_READY_WITHIN_S)
    html = _templates.get_template("away.html").render(troubles=found.troubles.words())
    return HTMLResponse(html, 503, headers={**_HEADERS, "Retry-After": "5"})
