"""Monitor's HTTP: `/ops` for people, `/metrics` for Prometheus, `/readyz` for whoever starts processes."""

from __future__ import annotations

import contextlib
from typing import Annotated

from fastapi import Depends, FastAPI, Form, Path, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from redis import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from services.monitor.exposition import exposition
from shared import broker, ledger, metrics
from shared.census import Census, take_census
from shared.clock import utc_now
from shared.contracts.problem import Refused
from shared.database import engine
from shared.http import answer_problems
from shared.keys import Role, bearer, check_key
from shared.pages import templates_of
from shared.pipeline import STAGES
from shared.signing_in import Screens, SignInFirst, Visitor, check_form
from shared.wire import wire

app = FastAPI(title="Barq monitor", docs_url=None, redoc_url=None)
answer_problems(app)

_templates = templates_of("services.monitor")

screens = Screens(role=Role.OPS, path="/ops", cookie="barq_ops")
SignedIn = Annotated[Visitor, Depends(screens.signed_in)]
Token = Annotated[str, Form()]
DeadLetter = Annotated[int, Path(ge=1, le=2**63 - 1)]


@app.exception_handler(SignInFirst)
async def sign_in_first(_: Request, __: SignInFirst) -> Response:
    """The page to sign in, in place of the one that was asked for; the page's script is told by its status."""
    return _sign_in()


def _census(broker_answers: bool | None = None) -> Census:
    """The state of the wire; who has asked the broker already says what it answered."""
    answers = _broker_answers() if broker_answers is None else broker_answers
    with engine().connect() as connection:
        return take_census(connection, wire=wire(), broker_answers=answers, now=utc_now())


def _broker_answers() -> bool:
    try:
        return bool(broker.client().ping())
    except (RedisError, OSError):
        return False


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
        census=_census(), stages=STAGES, token=visitor.token if visitor else ""
    )


_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}


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
    return _census()


@app.post("/ops/sign-in", include_in_schema=False)
def sign_in(request: Request, key: Annotated[str, Form()]) -> Response:
    """Show an ops key once and get a session for it."""
    try:
        screens.welcome(request)
        with engine().begin() as connection:
            visitor = screens.begin(connection, key, utc_now())
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
    with engine().begin() as connection:
        bells = ledger.replay(connection, [work], utc_now())
    broker.ring(bells)
    return RedirectResponse("/ops", 303)


@app.post("/ops/dead/{work}/discard", include_in_schema=False)
def discard(request: Request, work: DeadLetter, token: Token = "") -> Response:
    """Remove a dead letter."""
    _must_act(request, token)
    with engine().begin() as connection:
        ledger.discard(connection, [work])
    return RedirectResponse("/ops", 303)


def _sign_in(refused: Refused | None = None) -> Response:
    complaint = refused.problem.detail if refused else ""
    html = _templates.get_template("sign_in.html").render(complaint=complaint)
    return HTMLResponse(html, 401, headers=_HEADERS)


@app.get("/metrics", include_in_schema=False)
def prometheus() -> Response:
    """Every metric of the wire, of all processes."""
    sums: dict[str, float] = {}
    answers = _broker_answers()
    with contextlib.suppress(RedisError, OSError):
        if answers:  # one that hangs is waited for once
            metrics.flush()
            sums = metrics.read_sums(broker.client())
    return Response(exposition(sums, _census(answers)), media_type="text/plain; version=0.0.4; charset=utf-8")


@app.get("/readyz", include_in_schema=False)
def readyz() -> Response:
    """Is the wire ready: database, broker, and a worker for every stage? Says what is not."""
    lacking: list[str] = []
    try:
        with engine().connect() as connection:
            connection.execute(text("SELECT 1 FROM work LIMIT 1"))
        census = _census()
        lacking += [f"no worker hears {row.queue}" for row in census.queues if not row.workers]
        if not census.broker:
            lacking.append("the broker does not answer")
    except SQLAlchemyError as away:
        lacking.append(f"the database does not answer: {away.__class__.__name__}")
    return JSONResponse({"ready": not lacking, "lacking": lacking}, 503 if lacking else 200)
