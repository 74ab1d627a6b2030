"""Comments' HTTP for the newsroom: what waits to be read, showing it, hiding it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, FastAPI, Query
from pydantic import BaseModel, ConfigDict

from services.comments import queries
from services.comments.rules import State
from shared.archive.database import engine
from shared.contracts.problem import NotFound
from shared.contracts.work import Follow
from shared.pipeline import Stage
from shared.queue.unit_of_work import unit_of_work
from shared.web.keys import Key, Right, Role
from shared.web.problems import answer_problems, needs

app = FastAPI(title="Barq moderation", docs_url=None, redoc_url=None)
answer_problems(app)


class CommentForEditors(BaseModel):
    """A comment as editors see it."""

    comment: UUID
    story: str
    edition: str
    headline: str | None
    name: str
    text: str
    state: State
    made_at: datetime
    decided_by: str | None


class Comments(BaseModel):
    """A list of them."""

    comments: list[CommentForEditors]


class Decision(BaseModel):
    """What becomes of a comment."""

    model_config = ConfigDict(extra="forbid")

    state: Literal["shown", "hidden"]


@app.get("/v1/comments")
def list_comments(
    _: Annotated[Key, Depends(needs(Role.NEWSROOM))],
    state: State = "waiting",
    count: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Comments:
    """Comments, the oldest first."""
    with engine().connect() as connection:
        rows = queries.list_comments(connection, state, limit=count)
    return Comments(
        comments=[
            CommentForEditors(
                comment=row.id,
                story=row.story,
                edition=row.edition,
                headline=row.headline,
                name=row.name,
                text=row.text,
                state=row.state,
                made_at=row.made_at,
                decided_by=row.decided_by,
            )
            for row in rows
        ]
    )


@app.post("/v1/comments/{comment}")
def decide(comment: UUID, decision: Decision, key: Annotated[Key, Depends(needs(Role.NEWSROOM, Right.EDIT))]) -> Decision:
    """Show a comment to readers, or hide it; the feeds' counts follow."""
    with unit_of_work() as work:
        row = queries.set_state(work.connection, comment, decision.state, key.name, work.now)
        if row is None:
            raise NotFound(f"There is no comment {comment}.")
        if row.item and row.revision:
            work.follows([Follow(stage=Stage.RENDER, item=row.item, revision=row.revision, edition=row.edition)])
    return decision
