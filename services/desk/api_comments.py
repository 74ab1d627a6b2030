"""Desk's page of comments: an editor reads what readers wrote, and shows it or not."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from services.desk import calling
from services.desk.api_pages import SignedIn, note, page
from shared.web.sessions import check_form

router = APIRouter(include_in_schema=False)

State = Literal["waiting", "shown", "hidden"]


@router.get("/desk/comments")
async def comments(editor: SignedIn, state: State = "waiting") -> Response:
    """Comments in a state, the oldest first."""
    told = await calling.call("GET", f"/v1/comments?state={state}", editor)
    return page("comments.html", editor, state=state, comments=told["comments"])


@router.post("/desk/comments/{comment}")
async def decide(
    request: Request,
    editor: SignedIn,
    comment: UUID,
    token: Annotated[str, Form()],
    state: Annotated[State, Form()],
    back: Annotated[State, Form()] = "waiting",
) -> Response:
    """Show a comment, or hide it."""
    check_form(request, editor, token)
    await calling.call("POST", f"/v1/comments/{comment}", editor, {"state": state})
    await run_in_threadpool(note, editor, f"comment {state}", None, str(comment))
    return RedirectResponse(f"/desk/comments?state={back}", 303)
