"""HTTP for what was refused and kept, and for reading stored payloads again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse, Response
from pydantic import AliasChoices, BaseModel, Field

from services.ingest.quarantine import queries, reprocess
from shared.archive.database import engine
from shared.contracts.problem import MEDIA_TYPE, InvalidRequest, NotFound, Problem
from shared.web.keys import Key, Right, Role
from shared.web.problems import needs

router = APIRouter()

Admin = Annotated[Key, Depends(needs(Role.NEWSROOM, Right.ADMIN))]


class QuarantinedItem(BaseModel):
    """What was refused of one source for one reason, with its newest payload."""

    id: UUID
    position: int  #: its place in its payload, from 0; -1: it could not be parted from it
    source: str
    problem: Problem
    count: int  #: how often it was refused
    first_refused_at: datetime
    refused_at: datetime
    media_type: str


@router.get("/v1/quarantine")
def list_quarantine(
    _: Admin,
    source: Annotated[str, Query(max_length=200)] = "",
    problem: Annotated[str, Query(max_length=200)] = "",
    most: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> list[QuarantinedItem]:
    """What was refused and kept, newest first: of sources, and versions that contradict those that are known.

    One row for each source and reason, with a count and the newest payload; `source` and `problem` (`not-xml`, or the whole
    type) choose among them.
    """
    with engine().connect() as connection:
        rows = queries.list_quarantine(connection, source=source, problem=problem, limit=most)
    return [
        QuarantinedItem(
            id=row.id,
            position=row.position,
            source=row.source,
            problem=row.problem,
            count=row.count,
            first_refused_at=row.first_refused_at,
            refused_at=row.refused_at,
            media_type=row.media_type,
        )
        for row in rows
    ]


class ReplayedItem(BaseModel):
    """An item that could be taken at last."""

    item: UUID
    story: str
    version: int


class ReplayResult(BaseModel):
    """What became of a payload that was read again."""

    accepted: list[ReplayedItem]
    rejected: list[Problem]


@router.post("/v1/quarantine/{entry}/replay", response_model=ReplayResult)
def replay_quarantined(entry: UUID, _: Admin) -> Response:
    """Read what was refused again: after the reader has learned something, or the sender has been asked.

    What still cannot be taken is answered as a push is: with the problem.
    """
    intake = reprocess.replay(entry)
    answer = ReplayResult(
        accepted=[ReplayedItem(item=row.item, story=row.story, version=row.version) for row in intake.accepted],
        rejected=[row.problem for row in intake.rejected],
    ).model_dump(mode="json")
    if intake.accepted or not intake.rejected:
        return JSONResponse(answer)
    first = intake.rejected[0].problem
    return JSONResponse({**first.model_dump(mode="json"), **answer}, first.status, media_type=MEDIA_TYPE)


@router.delete("/v1/quarantine/{entry}", status_code=204)
def discard_quarantined(entry: UUID, _: Admin) -> Response:
    """Forget that an item was refused. Its payload stays."""
    with engine().begin() as connection:
        if not queries.discard_quarantined(connection, entry):
            raise NotFound(f"There is nothing in quarantine under {entry}.")
    return Response(status_code=204)


class ReprocessRequest(BaseModel):
    """Which items to read again: those named, or all since a moment."""

    items: list[UUID] = []
    since: datetime | None = None
    #: only say what would change; `rehearse` was its name once
    dry_run: bool = Field(False, validation_alias=AliasChoices("dry_run", "rehearse"))


class ReprocessedItem(BaseModel):
    """An item that is understood otherwise now, or that cannot be changed."""

    item: UUID
    uri: str
    changed: list[str]  #: the fields that are understood otherwise
    fault: str  #: why it was left as it is; empty: it was not


class ReprocessResult(BaseModel):
    """What became of the items; those that are understood as before are left out."""

    items: list[ReprocessedItem]


@router.post("/v1/reprocess")
def reprocess_items(request: ReprocessRequest, _: Admin) -> ReprocessResult:
    """Read stored payloads again, and say which items are understood otherwise now."""
    if not request.items and request.since is None:
        raise InvalidRequest("Name `items`, or a moment `since` which to read again.")
    rows = reprocess.reread(request.items, since=request.since, is_dry_run=request.dry_run)
    return ReprocessResult(
        items=[ReprocessedItem(item=row.item, uri=row.uri, changed=list(row.changed), fault=row.fault) for row in rows]
    )
