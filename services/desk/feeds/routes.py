"""Desk's page of feeds: those of the wire file, and those that are defined here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from services.desk.feeds import queries
from services.desk.feeds.feed_form import PROPERTIES, FeedForm, build_feed, write_filter
from services.desk.frame import SignedIn, note, page
from shared.archive.database import engine
from shared.queue.rebuilding import every_feed, every_filing
from shared.queue.unit_of_work import unit_of_work
from shared.web.keys import Right
from shared.web.sessions import Visitor, check_form
from shared.wire import defined_feeds
from shared.wire.config import FeedRow, file_wire, wire

router = APIRouter(include_in_schema=False)


@router.get("/desk/feeds")
def list_feeds(editor: SignedIn) -> Response:
    """Feeds by filters: those of the wire file, and those that are defined here."""
    return _feeds_page(editor)


@router.post("/desk/feeds")
async def define_feed(request: Request, editor: SignedIn) -> Response:
    """Define a feed, or define it anew; stories of the archive that it wants come into it in the background."""
    data = await request.form()
    check_form(request, editor, str(data.get("token", "")))
    editor.key.must(Right.ADMIN)
    form = FeedForm.from_fields({name: str(value).strip() for name, value in data.items()}, wire().editions)
    try:
        row = build_feed(form, file_wire())
    except ValueError as wrong:
        return await run_in_threadpool(_feeds_page, editor, form, str(wrong))
    await run_in_threadpool(_keep_feed, editor, form.name, row)
    return RedirectResponse("/desk/feeds", 303)


@router.post("/desk/feeds/{name}/remove")
def remove_feed(request: Request, editor: SignedIn, name: str, token: Annotated[str, Form()]) -> Response:
    """Remove a feed that was defined here. Its readers find nothing at its address any more."""
    check_form(request, editor, token)
    editor.key.must(Right.ADMIN)
    with engine().begin() as connection:
        queries.remove_feed(connection, name)
        defined_feeds.load(connection)
    note(editor, "removed a feed", None, name)
    return RedirectResponse("/desk/feeds", 303)


def _keep_feed(editor: Visitor, name: str, row: FeedRow) -> None:
    with unit_of_work() as work:
        known_at = work.now + timedelta(seconds=defined_feeds.KNOWN_AFTER_S)
        queries.keep_feed(work.connection, name, row, by=editor.key.name, now=work.now)
        defined_feeds.load(work.connection)
        work.follows(every_filing(work.connection, due_at=known_at))
        work.follows(every_feed(list(wire().editions), due_at=known_at))
    note(editor, "defined a feed", None, name)


@dataclass(frozen=True, kw_only=True)
class ListedFeed:
    """A feed that was defined at the desk, as its page lists it."""

    name: str
    titles: Sequence[str]
    filter: str
    changed_by: str
    changed_at: datetime


def _feeds_page(editor: Visitor, form: FeedForm | None = None, fault: str = "") -> Response:
    with engine().connect() as connection:
        defined = queries.list_feeds(connection)
        waiting = queries.count_to_refile(connection)
    own_names = {feed.name for feed in defined}
    return page(
        "feeds.html",
        editor,
        status=422 if fault else 200,
        defined=[
            ListedFeed(
                name=feed.name,
                titles=[*feed.titles.values()],
                filter=write_filter(feed.filter),
                changed_by=feed.changed_by,
                changed_at=feed.changed_at,
            )
            for feed in defined
        ],
        of_file={name: row for name, row in file_wire().feeds.items() if name not in own_names},
        properties=PROPERTIES,
        waiting=waiting,
        form=form or FeedForm.from_fields({}, wire().editions),
        fault=fault,
    )
