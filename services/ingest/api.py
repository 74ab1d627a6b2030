"""Ingest's HTTP: `POST /v1/items` takes items in, `GET /v1/items/{item}` says where one is."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from services.ingest import store
from services.ingest.acceptance import Candidate, Rejection, read_items
from services.ingest.causes import cause_of
from services.ingest.intake import take_in
from services.ingest.store import Acceptance
from shared.contracts.item import Doubt, PubStatus, WireItem
from shared.contracts.problem import MEDIA_TYPE, Problem, ProblemType, Refused
from shared.contracts.story import ItemState, StoryState
from shared.database import engine
from shared.http import answer_problems, needs, too_large
from shared.keys import Key, Right, Role
from shared.settings import settings

app = FastAPI(title="Barq ingest", docs_url=None, redoc_url=None)
answer_problems(app)


class Accepted(BaseModel):
    """One item that is safe."""

    index: int
    item: UUID
    story: str
    version: int
    status: str
    duplicate: bool
    ignored: tuple[str, ...] = ()  #: names of the sender's that mean nothing to this wire
    notes: tuple[str, ...] = ()  #: what was left out or changed
    held: Doubt | None = None  #: why a person must look first, where that is known already


class Rejected(BaseModel):
    """One item that was not taken."""

    index: int
    problem: Problem


class Envelope(BaseModel):
    """The answer to a push, for one item or many."""

    accepted: list[Accepted]
    rejected: list[Rejected]


class StageRow(BaseModel):
    """One piece of work on an item's way."""

    stage: str
    edition: str | None
    state: str
    attempts: int
    due_at: datetime
    done_at: datetime | None
    error: str | None  #: the cause in words; operators have the whole


class Timeline(BaseModel):
    """Where an item is."""

    item: UUID
    uri: str
    version: int
    story: str
    state: ItemState
    reason: str  #: why it is in this state, where a word of explanation is owed; else empty
    accepted_at: datetime
    stages: list[StageRow]
    feeds: list[str]
    content: dict[str, Any]  #: what was understood


_EXAMPLE = {
    "uri": "urn:newsroom:1",
    "version": 1,
    "headline": "Ministers agree on output",
    "body_text": "Ministers agreed in Vienna.",
    "language": "en",
    "urgency": 3,
    "provider": {"name": "Levant Press Agency"},
}
#: any format that is known is taken, by its media type or by what it looks like
_TAKES = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {}, "example": _EXAMPLE},
            "application/x-ndjson": {"schema": {}},
            "application/xml": {"schema": {}},
            "text/plain": {"schema": {}},
        },
    }
}


@app.post("/v1/items", status_code=202, response_model=Envelope, openapi_extra=_TAKES)
async def push(request: Request, key: Annotated[Key, Depends(needs(Role.NEWSROOM))]) -> Response:
    """Take one item or many, in any format that is known: JSON, XML or text."""
    body = await _read_body(request, settings().max_body_bytes)
    content_type = request.headers.get("content-type", "")
    return await run_in_threadpool(_push, body, content_type, key)


class Checked(BaseModel):
    """What a push would make of one item."""

    index: int
    item: WireItem | None
    problem: Problem | None


@app.post("/v1/items/check", openapi_extra=_TAKES)
async def check(request: Request, _: Annotated[Key, Depends(needs(Role.NEWSROOM))]) -> list[Checked]:
    """What would be understood of a body, or what is wrong with it. Nothing is kept."""
    body = await _read_body(request, settings().max_body_bytes)
    return await run_in_threadpool(_check, body, request.headers.get("content-type", ""))


def _check(body: bytes, content_type: str) -> list[Checked]:
    return [
        Checked(index=result.index, item=result.item, problem=None)
        if isinstance(result, Candidate)
        else Checked(index=result.index, item=None, problem=result.problem)
        for result in read_items(body, content_type, most=settings().max_batch_items)
    ]


def _push(body: bytes, content_type: str, key: Key) -> Response:
    # a key's name is its owner's business: what names no provider is the wire's own
    intake = take_in(
        body, content_type, source=key.name, provider="", is_attended=True, permits=lambda item: _permit(key, item)
    )
    return _answer(intake.accepted, intake.rejected)


def _permit(key: Key, item: WireItem) -> None:
    """May this key send this item? What a sender's own system takes back is taken back, whatever else it may do."""
    key.must(Right.PUSH, Right.KILL if item.pubstatus is PubStatus.CANCELED else Right.EDIT)


def _answer(accepted: Sequence[Acceptance], rejections: Sequence[Rejection]) -> Response:
    """202 and the envelope; if nothing was taken, a problem that carries the envelope's members too."""
    envelope = Envelope(
        accepted=[
            Accepted(
                index=row.index,
                item=row.item,
                story=row.story,
                version=row.version,
                status=f"/v1/items/{row.item}",
                duplicate=row.duplicate,
                ignored=row.ignored,
                notes=row.notes,
                held=row.held,
            )
            for row in sorted(accepted, key=lambda row: row.index)
        ],
        rejected=[
            Rejected(index=row.index, problem=row.problem) for row in sorted(rejections, key=lambda row: row.index)
        ],
    ).model_dump(mode="json")
    if accepted:
        return JSONResponse(envelope, 202)
    first = min(rejections, key=lambda row: row.index).problem
    return JSONResponse({**first.model_dump(mode="json"), **envelope}, first.status, media_type=MEDIA_TYPE)


@app.get("/v1/items/{item}")
def where(item: str, _: Annotated[Key, Depends(needs(Role.NEWSROOM))]) -> Timeline:
    """An item's whole timeline: every stage and edition, and the feeds that hold its story."""
    item_id = _item_id(item)
    with engine().connect() as connection:
        row = store.find_item(connection, item_id)
        if row is None:
            raise _no_such_item(item)
        stages = [
            StageRow(
                stage=stage.stage,
                edition=stage.edition or None,
                state=stage.state,
                attempts=stage.attempts,
                due_at=stage.due_at,
                done_at=stage.done_at,
                error=cause_of(stage.error),
            )
            for stage in store.find_stages(connection, item_id)
        ]
        feeds = [f"/{feed.edition}/feeds/{feed.feed}.{feed.format}" for feed in store.find_feeds(connection, row.story)]
    state = _state(row.version, row.story_state, row.story_version, [stage.state for stage in stages])
    return Timeline(
        item=row.id,
        uri=row.uri,
        version=row.version,
        story=row.story,
        state=state,
        reason=row.reason or "",
        accepted_at=row.accepted_at,
        stages=stages,
        feeds=feeds,
        content=row.content,
    )


@app.get("/v1/items/{item}/raw")
def raw(item: str, _: Annotated[Key, Depends(needs(Role.NEWSROOM))]) -> Response:
    """What was sent, byte for byte: the payload that the item was read from."""
    with engine().connect() as connection:
        row = store.find_payload(connection, _item_id(item))
    if row is None:
        raise _no_such_item(item)
    return Response(
        zlib.decompress(row.body),
        media_type=row.media_type or "application/octet-stream",
        # it is somebody else's: never shown as a page, whatever it calls itself
        headers={"content-disposition": "attachment", "x-content-type-options": "nosniff"},
    )


def _state(version: int, story_state: str | None, story_version: int | None, stages: list[str]) -> ItemState:
    """An item's state: its own work first, then its story's."""
    if "dead" in stages:
        return ItemState.DEAD
    if story_state is None or story_version is None or version > story_version:
        return ItemState.ACCEPTED
    if story_state == StoryState.KILLED:
        return ItemState.KILLED
    return ItemState.SUPERSEDED if version < story_version else ItemState(story_state)


def _item_id(item: str) -> UUID:
    try:
        return UUID(item)
    except ValueError:
        raise _no_such_item(item) from None


def _no_such_item(item: str) -> Refused:
    return Refused(
        ProblemType.NOT_FOUND,
        404,
        "No such item",
        f"There is no item {item[:80]!r}: use the `item` or `status` of the answer to your push.",
    )


async def _read_body(request: Request, most: int) -> bytes:
    """The body, refused as soon as more has come than may, whatever was announced."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > most:
            raise too_large(most)
    return bytes(body)
