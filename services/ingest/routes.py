"""Ingest's HTTP: `POST /v1/items` takes items in. What is beside that is put together here: tracking, sources, quarantine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from services.ingest.acceptance import Acceptance, Candidate, Rejection
from services.ingest.intake import reading_limits, take_in
from services.ingest.quarantine import routes as quarantine
from services.ingest.reading.readers import read
from services.ingest.sources import routes as sources
from services.ingest.tracking import routes as tracking
from shared.contracts.item import Doubt, PubStatus, WireItem
from shared.contracts.problem import MEDIA_TYPE, Problem
from shared.settings import settings
from shared.web.keys import Key, Right, Role
from shared.web.problems import answer_problems, needs, too_large

#: items: taking them in, and where they are
app = FastAPI(title="Barq ingest", docs_url=None, redoc_url=None)
#: for who looks after ingest: sources, what was refused, reading again
upkeep = FastAPI(title="Barq ingest, upkeep", docs_url=None, redoc_url=None)
answer_problems(app)
answer_problems(upkeep)


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
    body = await _read_body(request)
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
    body = await _read_body(request)
    return await run_in_threadpool(_check, body, request.headers.get("content-type", ""))


def _check(body: bytes, content_type: str) -> list[Checked]:
    return [
        Checked(index=result.index, item=result.item, problem=None)
        if isinstance(result, Candidate)
        else Checked(index=result.index, item=None, problem=result.problem)
        for result in read(body, content_type, most=settings().max_batch_items, limits=reading_limits(is_attended=True))
    ]


def _push(body: bytes, content_type: str, key: Key) -> Response:
    # a key's name is its owner's business: what names no provider is the wire's own
    intake = take_in(
        body,
        content_type,
        source=key.name,
        provider="",
        is_attended=True,
        is_from_desk=key.is_person,
        permits=lambda item: _permit(key, item),
    )
    return _build_answer(intake.accepted, intake.rejected)


def _permit(key: Key, item: WireItem) -> None:
    """May this key send this item? What a sender's own system takes back is taken back, whatever else it may do."""
    key.must(Right.PUSH, Right.KILL if item.pubstatus is PubStatus.CANCELED else Right.EDIT)


def _build_answer(accepted: Sequence[Acceptance], rejections: Sequence[Rejection]) -> Response:
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
        rejected=[Rejected(index=row.index, problem=row.problem) for row in sorted(rejections, key=lambda row: row.index)],
    ).model_dump(mode="json")
    if accepted:
        return JSONResponse(envelope, 202)
    first = min(rejections, key=lambda row: row.index).problem
    return JSONResponse({**first.model_dump(mode="json"), **envelope}, first.status, media_type=MEDIA_TYPE)


async def _read_body(request: Request) -> bytes:
    """The body, refused as soon as more has come than may, whatever was announced."""
    max_bytes, body = settings().max_body_bytes, bytearray()
    async for part in request.stream():
        body += part
        if len(body) > max_bytes:
            raise too_large(max_bytes)
    return bytes(body)


app.include_router(tracking.router)
upkeep.include_router(sources.router)
upkeep.include_router(quarantine.router)
