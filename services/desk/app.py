"""Desk's ASGI app: its parts put together, signing in and out, refusals as pages, the style and the one script.

Each page is whole without the script; its live parts are fetched again by it.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated

from fastapi import FastAPI, Form, Request
from fastapi.responses import HTMLResponse, Response
from starlette.concurrency import run_in_threadpool

import services.desk.comments.routes as comments
import services.desk.feeds.routes as feeds
import services.desk.record.routes as record
import services.desk.sorting.routes as sorting
import services.desk.story.routes as story
import services.desk.translating.routes as translating
import services.desk.wire.routes as live_list
import services.desk.writing.routes as writing
from services.desk.frame import HEADERS, SignedIn, page, screens, templates
from services.desk.record.queries import note_action
from shared.archive.database import engine
from shared.clock import utc_now
from shared.contracts.problem import Refused
from shared.web.problems import answer_problems
from shared.web.sessions import SignInFirst, check_form

app = FastAPI(title="Barq desk", docs_url=None, redoc_url=None)
answer_problems(app)
for part in (live_list, story, sorting, writing, feeds, translating, comments, record):
    app.include_router(part.router)


@app.exception_handler(SignInFirst)
async def ask_to_sign_in(request: Request, _: SignInFirst) -> Response:
    """The page to sign in, in place of the one that was asked for; the script knows by its status to reload a live part."""
    return _sign_in_page(request.url.path)


@app.exception_handler(Refused)
async def show_refusal(request: Request, error: Refused) -> Response:
    """What was refused, as a page."""
    with suppress(SignInFirst):
        editor = await run_in_threadpool(screens.signed_in, request)
        return page("refused.html", editor, status=error.problem.status, problem=error.problem)
    return _sign_in_page("/desk", error.problem.detail)


@app.post("/desk/sign-in", include_in_schema=False)
def sign_in(request: Request, key: Annotated[str, Form()], to: Annotated[str, Form()] = "/desk") -> Response:
    """Show a newsroom key once and get a session for it."""
    try:
        with engine().begin() as connection:
            editor = screens.begin(request, connection, key)
            note_action(connection, key=editor.key.name, action="signed in", now=utc_now())
    except Refused as refused:
        return _sign_in_page(to, refused.problem.detail)
    return screens.send_in(request, editor, to)


@app.post("/desk/sign-out", include_in_schema=False)
def sign_out(request: Request, editor: SignedIn, token: Annotated[str, Form()]) -> Response:
    """End the session."""
    check_form(request, editor, token)
    with engine().begin() as connection:
        note_action(connection, key=editor.key.name, action="signed out", now=utc_now())
        return screens.send_out(connection, editor)


def _sign_in_page(to: str, complaint: str = "") -> Response:
    html = templates.get_template("sign_in.html").render(complaint=complaint, to=to)
    return HTMLResponse(html, 401, headers=HEADERS)


@app.get("/desk/desk.css", include_in_schema=False)
def style() -> Response:
    """How the desk looks."""
    return Response(templates.get_template("desk.css").render(), media_type="text/css", headers=HEADERS)


@app.get("/desk/desk.js", include_in_schema=False)
def script() -> Response:
    """The only script: live parts, previews while writing, and keys."""
    return Response(templates.get_template("desk.js").render(), media_type="text/javascript", headers=HEADERS)
