"""Ingest's HTTP for who looks after it: sources, what was refused, and reading stored payloads again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, FastAPI, Query
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from services.ingest import rereading, store_kept, store_sources
from services.ingest.looking import SCHEMES
from services.ingest.sources import Source, checked
from shared.archive.database import engine
from shared.clock import utc_now
from shared.contracts.problem import MEDIA_TYPE, Conflict, InvalidRequest, NotFound, Refused
from shared.contracts.work import Follow
from shared.errors import BarqError
from shared.pipeline import Stage
from shared.queue.unit_of_work import UnitOfWork, unit_of_work
from shared.web.keys import Key, Right, Role
from shared.web.problems import answer_problems, needs

app = FastAPI(title="Barq ingest, upkeep", docs_url=None, redoc_url=None)
answer_problems(app)

Admin = Annotated[Key, Depends(needs(Role.NEWSROOM, Right.ADMIN))]


# ── Sources ──────────────────────────────────────────────────────────────────────────────────────────────────────


class NewSource(BaseModel):
    """A source to be looked at."""

    name: str
    url: str
    provider: str = ""
    every_s: int | None = None
    quiet_after_s: int = Field(86_400, ge=1)
    encoding: str = ""  #: of its texts, where they do not say


@app.get("/v1/sources")
def list_sources(_: Admin) -> list[dict[str, Any]]:
    """Every source: when it was looked at, when it last brought something, what is wrong with it."""
    now = utc_now()
    with engine().connect() as connection:
        return [_told(source, now) for source in store_sources.list_sources(connection)]


@app.post("/v1/sources", status_code=201)
def add_source(new: NewSource, _: Admin) -> dict[str, Any]:
    """Look at a source from now on."""
    interval_s = checked(new.name, new.url, new.every_s, encoding=new.encoding, schemes=SCHEMES)
    with unit_of_work() as work:
        source_id = store_sources.add_source(
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
        _look_now(work, source_id)
        source = store_sources.find_source(work.connection, id_=source_id)
    return _told(_there(source, new.name), work.now)


@app.delete("/v1/sources/{name}", status_code=204)
def remove_source(name: str, _: Admin) -> Response:
    """Look at a source no more. What it brought stays."""
    with engine().begin() as connection:
        if not store_sources.remove_source(connection, name):
            raise _no_source(name)
    return Response(status_code=204)


@app.post("/v1/sources/{name}/check", status_code=202)
def check_source(name: str, _: Admin) -> dict[str, Any]:
    """Look at a source now, also one that was gone; its row says soon after what came of it."""
    with unit_of_work() as work:
        source = _there(store_sources.find_source(work.connection, name=name), name)
        store_sources.ask_again(work.connection, source.id)
        _look_now(work, source.id)
    return _told(source, work.now)


def _look_now(work: UnitOfWork, source: UUID) -> None:
    work.follows([Follow(stage=Stage.POLL, item=source, revision=0)])


def _told(source: Source, now: datetime) -> dict[str, Any]:
    told = {key: value for key, value in asdict(source).items() if key not in ("memory", "interval", "quiet_after")}
    return {
        **told,
        "interval_s": source.interval / timedelta(seconds=1),
        "quiet_after_s": source.quiet_after / timedelta(seconds=1),
        "quiet": source.is_quiet(now),
        "health": source.health(now),
    }


def _there(source: Source | None, name: str) -> Source:
    if source is None:
        raise _no_source(name)
    return source


def _no_source(name: str) -> Refused:
    return NotFound(f"There is no source named {name[:80]!r}.")


# ── What was refused ─────────────────────────────────────────────────────────────────────────────────────────────


@app.get("/v1/quarantine")
def list_quarantine(
    _: Admin,
    source: Annotated[str, Query(max_length=200)] = "",
    problem: Annotated[str, Query(max_length=200)] = "",
    most: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> list[dict[str, Any]]:
    """What was refused and kept, newest first: of sources, and versions that contradict those that are known.

    One row for each source and reason, with a count and the newest payload; `source` and `problem` (`not-xml`, or the whole
    type) choose among them.
    """
    with engine().connect() as connection:
        rows = store_kept.list_quarantine(connection, source=source, problem=problem, most=most)
    return [dict(row._mapping) for row in rows]


@app.post("/v1/quarantine/{entry}/replay")
def replay_quarantined(entry: UUID, _: Admin) -> Response:
    """Read what was refused again: after the reader has learned something, or the sender has been asked.

    What still cannot be taken is answered as a push is: with the problem.
    """
    try:
        intake = rereading.replay(entry)
    except Refused:
        raise
    except BarqError as unknown:
        raise NotFound(str(unknown)) from unknown
    answer = {
        "accepted": [{"item": str(row.item), "story": row.story, "version": row.version} for row in intake.accepted],
        "rejected": [row.problem.model_dump(mode="json") for row in intake.rejected],
    }
    if intake.accepted or not intake.rejected:
        return JSONResponse(answer)
    first = intake.rejected[0].problem
    return JSONResponse({**first.model_dump(mode="json"), **answer}, first.status, media_type=MEDIA_TYPE)


@app.delete("/v1/quarantine/{entry}", status_code=204)
def discard_quarantined(entry: UUID, _: Admin) -> Response:
    """Forget that an item was refused. Its payload stays."""
    with engine().begin() as connection:
        if not store_kept.discard_quarantined(connection, entry):
            raise NotFound(f"There is nothing in quarantine under {entry}.")
    return Response(status_code=204)


# ── Reading again ────────────────────────────────────────────────────────────────────────────────────────────────


class Again(BaseModel):
    """Which items to read again: those named, or all since a moment."""

    items: list[UUID] = []
    since: datetime | None = None
    rehearse: bool = False  #: only say what would change


@app.post("/v1/reprocess")
def reprocess(again: Again, _: Admin) -> dict[str, Sequence[dict[str, Any]]]:
    """Read stored payloads again, and say which items are understood otherwise now."""
    if not again.items and again.since is None:
        raise InvalidRequest("Name `items`, or a moment `since` which to read again.")
    rows = rereading.reread(again.items, since=again.since, is_rehearsal=again.rehearse)
    return {"items": [{**asdict(row), "item": str(row.item)} for row in rows]}
