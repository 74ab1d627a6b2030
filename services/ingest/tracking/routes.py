"""HTTP of tracking: `GET /v1/items` lists what was sent, `GET /v1/items/{item}` says where one is."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from pydantic import AwareDatetime, BaseModel, JsonValue

from services.ingest.tracking import queries
from services.ingest.tracking.causes import cause_of
from services.ingest.tracking.queries import StageOfItem, TrackedItem
from shared.archive.database import engine
from shared.contracts.item import LONGEST_URI
from shared.contracts.problem import NotFound, Refused
from shared.contracts.story import ItemState
from shared.language.characters import clean_identity
from shared.web.keys import Key, Role
from shared.web.problems import Shown, needs

router = APIRouter()

_BYTES = {"schema": {"type": "string", "format": "binary"}}
#: of the media type that it came with; one that generators know stands first
_AS_IT_CAME: dict[int | str, dict[str, Any]] = {200: {"content": {"application/octet-stream": _BYTES, "*/*": _BYTES}}}


class StageRow(BaseModel):
    """One piece of work on an item's way."""

    stage: str
    edition: str | None
    state: str
    attempts: int
    due_at: datetime
    done_at: datetime | None
    error: str | None  #: the cause in words; operators have the whole


class AlikeRow(BaseModel):
    """Another story, here before, whose text is much like this one's: a hint, which hides nothing."""

    story: str
    provider: str
    likeness: float  #: how much of the shorter text is in the other, 0 to 1
    same: bool  #: word by word and figure by figure


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
    alike: list[AlikeRow]  #: the likest first
    content: dict[str, JsonValue]  #: what was understood


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


_newsrooms, _operators = needs(Role.NEWSROOM), needs(Role.OPS)


def _newsroom_or_ops(shown: Shown) -> Key:
    """Who may ask where an item is: the newsroom, and ops."""
    try:
        return _operators(shown)
    except Refused as refused:
        if refused.problem.status != 403:  # no key that is known
            raise
    return _newsrooms(shown)


@router.get("/v1/items/{item}")
def where(item: str, key: Annotated[Key, Depends(_newsroom_or_ops)]) -> Timeline:
    """An item's whole timeline: every stage and edition, and the feeds that hold its story. Ops see its headline alone."""
    item_id = _item_id(item)
    with engine().connect() as connection:
        row = queries.find_item(connection, item_id)
        if row is None:
            raise _no_such_item(item)
        stages = [_stage_row(stage) for stage in queries.list_stages(connection, item_id)]
        feeds = [f"/{feed.edition}/feeds/{feed.feed}.{feed.format}" for feed in queries.list_feeds(connection, row.story)]
        alike = queries.list_alike(connection, item_id)
    content = row.content if key.role is Role.NEWSROOM else {"headline": row.content.get("headline")}
    return Timeline(
        item=row.id,
        uri=row.uri,
        version=row.version,
        story=row.story,
        state=row.whereabouts.state,
        reason=row.whereabouts.reason,
        refused=row.whereabouts.is_refused,
        accepted_at=row.accepted_at,
        stages=stages,
        feeds=feeds,
        alike=[AlikeRow(story=a.story, provider=a.provider, likeness=round(a.likeness, 2), same=a.is_same) for a in alike],
        content=dict(content),
    )


def _stage_row(stage: StageOfItem) -> StageRow:
    return StageRow(
        stage=stage.stage,
        edition=stage.edition or None,
        state=stage.state,
        attempts=stage.attempts,
        due_at=stage.due_at,
        done_at=stage.done_at,
        error=cause_of(stage.error),
    )


#: how many items one page looks through for those in a state; it may be empty and have a next one
_MAX_LOOKED_THROUGH = 2_000


@router.get("/v1/items")
def list_items(
    key: Annotated[Key, Depends(needs(Role.NEWSROOM))],
    state: ItemState | None = None,
    refused: bool | None = None,
    since: AwareDatetime | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    cursor: UUID | None = None,
    everyone: bool = False,
    uri: Annotated[str | None, Query(max_length=LONGEST_URI, description="the versions of this one alone")] = None,
) -> ListedItems:
    """What you sent and what became of it, the newest first: `state=held` is what waits for the desk, `refused=true` what was
    not done. With `everyone=true`, what others sent too."""
    uri = clean_identity(uri) if uri else uri
    max_rows = _MAX_LOOKED_THROUGH if state or refused is not None else limit
    sender = None if everyone else key.name
    with engine().connect() as connection:
        rows = queries.list_items(connection, sender=sender, since=since, before=cursor, limit=max_rows + 1, uri=uri)
    listed, last = _page_of(rows[:max_rows], state=state, refused=refused, limit=limit)
    has_more = bool(rows) and last != rows[-1].id
    parameters = {
        "state": state,
        "refused": refused,
        "since": since.isoformat() if since else None,
        "limit": limit,
        "cursor": last,
        "everyone": everyone or None,
        "uri": uri,
    }
    return ListedItems(items=listed, next=_address_of(parameters) if has_more else None)


def _page_of(
    rows: Sequence[TrackedItem], *, state: ItemState | None, refused: bool | None, limit: int
) -> tuple[list[Listed], UUID | None]:
    """As many as may be of those that are asked for, and the last item that was looked at for them."""
    # what its story did not take is in no state of its own: its story's is no answer unless those are asked for
    among = (False, True) if refused is None and state is None else (bool(refused),)
    listed: list[Listed] = []
    last: UUID | None = None
    for row in rows:
        last = row.id
        if state in (None, row.whereabouts.state) and row.whereabouts.is_refused in among:
            listed.append(_listed(row))
        if len(listed) == limit:
            break
    return listed, last


def _listed(row: TrackedItem) -> Listed:
    return Listed(
        item=row.id,
        uri=row.uri,
        version=row.version,
        story=row.story,
        accepted_at=row.accepted_at,
        state=row.whereabouts.state,
        reason=row.whereabouts.reason,
        refused=row.whereabouts.is_refused,
    )


def _address_of(parameters: Mapping[str, str | int | UUID | None]) -> str:
    """The address of a page; what is None is left out."""
    given = {name: value for name, value in parameters.items() if value is not None}
    words = {name: str(value).lower() if isinstance(value, bool) else value for name, value in given.items()}
    return f"/v1/items?{urlencode(words)}"


@router.get("/v1/items/{item}/raw", response_class=Response, responses=_AS_IT_CAME)
def raw(item: str, _: Annotated[Key, Depends(needs(Role.NEWSROOM))]) -> Response:
    """What was sent, byte for byte: the payload that the item was read from."""
    with engine().connect() as connection:
        payload = queries.find_payload(connection, _item_id(item))
    if payload is None:
        raise _no_such_item(item)
    return Response(
        zlib.decompress(payload.body),
        media_type=payload.media_type or "application/octet-stream",
        # it is somebody else's: never shown as a page, whatever it calls itself
        headers={"content-disposition": "attachment", "x-content-type-options": "nosniff"},
    )


def _item_id(item: str) -> UUID:
    try:
        return UUID(item)
    except ValueError:
        raise _no_such_item(item) from None


def _no_such_item(item: str) -> NotFound:
    return NotFound(f"There is no item {item[:80]!r}: use the `item` or `status` of the answer to your push.")
