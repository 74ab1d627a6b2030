"""HTTP for who looks after sources: what there is, adding, removing, and polling one now."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from pydantic import AliasChoices, BaseModel, Field

from services.ingest.sources import queries
from services.ingest.sources.polling import SCHEMES
from services.ingest.sources.source import Source
from services.ingest.sources.validation import require_valid
from shared.archive.database import engine
from shared.clock import utc_now
from shared.contracts.problem import Conflict, NotFound
from shared.contracts.source import Health
from shared.contracts.work import Follow
from shared.pipeline import Stage
from shared.queue.unit_of_work import UnitOfWork, unit_of_work
from shared.web.keys import Key, Right, Role
from shared.web.problems import needs

router = APIRouter()

Admin = Annotated[Key, Depends(needs(Role.NEWSROOM, Right.ADMIN))]


class NewSource(BaseModel):
    """A source to be polled."""

    name: str
    url: str
    provider: str = ""
    interval_s: int | None = Field(None, validation_alias=AliasChoices("interval_s", "every_s"))  #: `every_s` was its name once
    quiet_after_s: int = Field(86_400, ge=1)
    encoding: str = ""  #: of its texts, where they do not say


class SourceStatus(BaseModel):
    """A source as it stands."""

    id: UUID
    name: str
    url: str
    provider: str
    failures: int  #: in a row
    error: str | None
    refusals: int  #: what it brought and was refused, in a row
    refusal: str | None  #: the newest of them
    encoding: str
    moved_from: str | None  #: its address before its server said that it moved for good
    gone_at: datetime | None
    unsteady_at: datetime | None  #: when it last changed the names of entries
    looking_since: datetime | None  #: when the poll that is under way began
    ended_count: int  #: polls that ended their process, less the good ones since
    alone_since: datetime | None  #: from then on it is polled in a process of its own
    items_count: int
    added_at: datetime
    looked_at: datetime | None  #: when it was last polled
    brought_at: datetime | None
    interval_s: float
    quiet_after_s: float
    quiet: bool
    health: Health


@router.get("/v1/sources")
def list_sources(_: Admin) -> list[SourceStatus]:
    """Every source: when it was polled, when it last brought something, what is wrong with it."""
    now = utc_now()
    with engine().connect() as connection:
        return [_status_of(source, now) for source in queries.list_sources(connection)]


@router.post("/v1/sources", status_code=201)
def add_source(new: NewSource, _: Admin) -> SourceStatus:
    """Poll a source from now on."""
    interval_s = require_valid(new.name, new.url, new.interval_s, encoding=new.encoding, schemes=SCHEMES)
    with unit_of_work() as work:
        source_id = queries.add_source(
            work.connection,
            name=new.name,
            url=new.url,
            provider=new.provider,
            interval_s=interval_s,
            quiet_after_s=new.quiet_after_s,
            encoding=new.encoding,
            now=work.now,
        )
        if source_id is None:
            raise Conflict(f"There is a source named {new.name!r} already.")
        _poll_now(work, source_id)
        source = queries.find_source(work.connection, id_=source_id)
    return _status_of(_require_source(source, new.name), work.now)


@router.delete("/v1/sources/{name}", status_code=204)
def remove_source(name: str, _: Admin) -> Response:
    """Poll a source no more. What it brought stays."""
    with engine().begin() as connection:
        if not queries.remove_source(connection, name):
            raise _no_source(name)
    return Response(status_code=204)


@router.post("/v1/sources/{name}/check", status_code=202)
def check_source(name: str, _: Admin) -> SourceStatus:
    """Poll a source now, also one that was gone; its row says soon after what came of it."""
    with unit_of_work() as work:
        source = _require_source(queries.find_source(work.connection, name=name), name)
        queries.reopen_source(work.connection, source.id)
        _poll_now(work, source.id)
    return _status_of(source, work.now)


def _poll_now(work: UnitOfWork, source: UUID) -> None:
    work.follows([Follow(stage=Stage.POLL, item=source, revision=0)])


def _status_of(source: Source, now: datetime) -> SourceStatus:
    return SourceStatus(
        id=source.id,
        name=source.name,
        url=source.url,
        provider=source.provider,
        failures=source.failures,
        error=source.error,
        refusals=source.refusals,
        refusal=source.refusal,
        encoding=source.encoding,
        moved_from=source.moved_from,
        gone_at=source.gone_at,
        unsteady_at=source.unsteady_at,
        looking_since=source.looking_since,
        ended_count=source.ended_count,
        alone_since=source.alone_since,
        items_count=source.items_count,
        added_at=source.added_at,
        looked_at=source.looked_at,
        brought_at=source.brought_at,
        interval_s=source.interval / timedelta(seconds=1),
        quiet_after_s=source.quiet_after / timedelta(seconds=1),
        quiet=source.is_quiet(now),
        health=source.health(now),
    )


def _require_source(source: Source | None, name: str) -> Source:
    if source is None:
        raise _no_source(name)
    return source


def _no_source(name: str) -> NotFound:
    return NotFound(f"There is no source named {name[:80]!r}.")
