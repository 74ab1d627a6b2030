"""The page of comments, and the button of each that shows or hides it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from services.desk import wire_client
from services.desk.frame import SignedIn, note, page
from shared.web.paths import address_of
from shared.web.sessions import check_form

router = APIRouter(include_in_schema=False)

State = Literal["waiting", "shown", "hidden"]


class Comment(BaseModel):
    """A comment as the API of comments answers it."""

    comment: UUID
    story: str
    edition: str
    headline: str | None  #: of the story; None: there is no such story any more
    name: str
    text: str
    state: State
    made_at: datetime
    decided_by: str | None


class CommentList(BaseModel):
    """Comments in a state, the oldest first."""

    comments: tuple[Comment, ...]


@router.get("/desk/comments")
async def list_comments(editor: SignedIn, state: State = "waiting") -> Response:
    """Comments in a state, the oldest first."""
    answer = await wire_client.call("GET", address_of("v1", "comments", state=state), editor, returns=CommentList)
    return page("comments.html", editor, state=state, comments=answer.comments)


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
    await wire_client.send("POST", address_of("v1", "comments", str(comment)), editor, body={"state": state})
    await run_in_threadpool(note, editor, f"comment {state}", None, str(comment))
    return RedirectResponse(address_of("desk", "comments", state=back), 303)
