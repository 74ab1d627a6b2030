"""Monitor's HTTP: `/ops` for people, `/metrics` for Prometheus, `/readyz` for whoever starts processes."""

from __future__ import annotations

import contextlib
from typing import Annotated

from fastapi import FastAPI, Form, Request
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
from shared.wire import wire

_COOKIE = "barq_ops"

app = FastAPI(title="Barq monitor", docs_url=None, redoc_url=None)
answer_problems(app)

_templates = templates_of("services.monitor")


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


def _check(request: Request) -> None:
    """The caller must hold an ops key: in the header, or in the cookie that signing in left."""
    secret = bearer(request.headers.get("authorization")) or request.cookies.get(_COOKIE)
    with engine().connect() as connection:
        check_key(connection, secret, Role.OPS)


@app.get("/ops", include_in_schema=False)
def ops(request: Request) -> Response:
    """The state of the wire, live; a form to sign in for who has not."""
    try:
        _check(request)
    except Refused as refused:
        return _sign_in(refused if _COOKIE in request.cookies else None)
    html = _templates.get_template("ops.html").render(census=_census(), stages=STAGES)
    return HTMLResponse(html, headers=_HEADERS)


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
    _check(request)
    return HTMLResponse(_templates.get_template("live.html").render(census=_census(), stages=STAGES), headers=_HEADERS)


@app.get("/ops/state")
def state(request: Request) -> Census:
    """The same for programs."""
    _check(request)
    return _census()


@app.post("/ops/sign-in", include_in_schema=False)
def sign_in(request: Request, key: Annotated[str, Form()]) -> Response:
    """Keep an ops key in a cookie that scripts cannot read and other sites cannot use."""
    try:
        with engine().connect() as connection:
            check_key(connection, key.strip(), Role.OPS)
    except Refused as refused:
        return _sign_in(refused)
    response = RedirectResponse("/ops", 303)
    response.set_cookie(
        _COOKIE, key.strip(), httponly=True, samesite="strict", secure=request.url.scheme == "https", path="/ops"
    )
    return response


@app.post("/ops/sign-out", include_in_schema=False)
def sign_out() -> Response:
    """Forget the key."""
    response = RedirectResponse("/ops", 303)
    response.delete_cookie(_COOKIE, path="/ops")
    return response


@app.post("/ops/dead/{work}/replay", include_in_schema=False)
def replay(request: Request, work: int) -> Response:
    """Try a dead letter again."""
    _check(request)
    with engine().begin() as connection:
        bells = ledger.replay(connection, [work], utc_now())
    broker.ring(bells)
    return RedirectResponse("/ops", 303)


@app.post("/ops/dead/{work}/discard", include_in_schema=False)
def discard(request: Request, work: int) -> Response:
    """Remove a dead letter."""
    _check(request)
    with engine().begin() as connection:
        ledger.discard(connection, [work])
    return RedirectResponse("/ops", 303)


def _sign_in(refused: Refused | None) -> Response:
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
