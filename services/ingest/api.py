"""Ingest's HTTP: `POST /v1/items` takes items in, `GET /v1/items/{item}` says where one is."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, FastAPI, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import AwareDatetime, BaseModel
from sqlalchemy import Row
from starlette.concurrency import run_in_threadpool

from services.ingest import store, store_fates
from services.ingest.acceptance import Candidate, Rejection
from services.ingest.causes import cause_of
from services.ingest.intake import reading_limits, take_in
from services.ingest.readers import read
from services.ingest.store import Acceptance
from services.ingest.whereabouts import Whereabouts
from shared.archive.database import engine
from shared.contracts.item import Doubt, PubStatus, WireItem
from shared.contracts.problem import MEDIA_TYPE, NotFound, Problem, Refused
from shared.contracts.story import ItemState
from shared.settings import settings
from shared.web.keys import Key, Right, Role
from shared.web.problems import Shown, answer_problems, needs, too_large

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
    refused: bool  #: its story did not take it: `state` is the story's, and not this version's
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
        rejected=[Rejected(index=row.index, problem=row.problem) for row in sorted(rejections, key=lambda row: row.index)],
    ).model_dump(mode="json")
    if accepted:
        return JSONResponse(envelope, 202)
    first = min(rejections, key=lambda row: row.index).problem
    return JSONResponse({**first.model_dump(mode="json"), **envelope}, first.status, media_type=MEDIA_TYPE)


_newsrooms, _operators = needs(Role.NEWSROOM), needs(Role.OPS)


def _looks_on(shown: Shown) -> Key:
    """Who may ask where an item is: the newsroom, and ops."""
    try:
        return _operators(shown)
    except Refused as refused:
        if refused.problem.status != 403:  # no key that is known
            raise
    return _newsrooms(shown)


@app.get("/v1/items/{item}")
def where(item: str, key: Annotated[Key, Depends(_looks_on)]) -> Timeline:
    """An item's whole timeline: every stage and edition, and the feeds that hold its story. Ops see its headline alone."""
    item_id = _item_id(item)
    with engine().connect() as connection:
        row = store_fates.find_item(connection, item_id)
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
    found = _whereabouts(row)
    return Timeline(
        item=row.id,
        uri=row.uri,
        version=row.version,
        story=row.story,
        state=found.state,
        reason=found.reason,
        refused=row.outcome == "refused",
        accepted_at=row.accepted_at,
        stages=stages,
        feeds=feeds,
        content=row.content if key.role is Role.NEWSROOM else {"headline": row.content.get("headline")},
    )


class Listed(BaseModel):
    """One of a sender's items."""

    item: UUID
    uri: str
    version: int
    story: str
    accepted_at: datetime
    state: ItemState
    reason: str  #: why it is in this state, where a word of explanation is owed
    refused: bool  #: its story did not take it


class ListedItems(BaseModel):
    """A page of items, the newest first."""

    items: list[Listed]
    next: str | None  #: the address of those that follow; null: there are none


#: how many items one page looks at for those in a state; it may be empty and have a next one
_MOST_LOOKED_AT = 2_000


@app.get("/v1/items")
def list_items(
    key: Annotated[Key, Depends(needs(Role.NEWSROOM))],
    state: ItemState | None = None,
    refused: bool | None = None,
    since: AwareDatetime | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    cursor: UUID | None = None,
    everyone: bool = False,
) -> ListedItems:
    """What you sent and what became of it, the newest first: `state=held` is what waits for the desk, `refused=true` what was
    not done. With `everyone=true`, what others sent too."""
    most = _MOST_LOOKED_AT if state or refused is not None else limit
    with engine().connect() as connection:
        rows = store_fates.list_items(
            connection, sender=None if everyone else key.name, since=since, before=cursor, most=most + 1
        )
    # what its story did not take is in no state of its own: its story's is no answer unless those are asked for
    among = (False, True) if refused is None and state is None else (bool(refused),)
    listed: list[Listed] = []
    last: UUID | None = None
    for row in rows[:most]:
        found = _whereabouts(row)
        is_refused = row.outcome == "refused"
        last = row.id
        if state in (None, found.state) and is_refused in among:
            listed.append(
                Listed(
                    item=row.id,
                    uri=row.uri,
                    version=row.version,
                    story=row.story,
                    accepted_at=row.accepted_at,
                    state=found.state,
                    reason=found.reason,
                    refused=is_refused,
                )
            )
        if len(listed) == limit:
            break
    has_more = bool(rows) and last != rows[-1].id
    asked = {"state": state, "refused": refused, "since": since and since.isoformat(), "limit": limit, "cursor": last}
    said = {name: str(value).lower() if isinstance(value, bool) else value for name, value in asked.items() if value is not None}
    if everyone:
        said["everyone"] = "true"
    return ListedItems(items=listed, next=f"/v1/items?{urlencode(said)}" if has_more else None)


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


def _whereabouts(row: Row[Any]) -> Whereabouts:
    return Whereabouts(**{field.name: getattr(row, field.name) for field in fields(Whereabouts)})


def _item_id(item: str) -> UUID:
    try:
        return UUID(item)
    except ValueError:
        raise _no_such_item(item) from None


def _no_such_item(item: str) -> Refused:
    return NotFound(
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
