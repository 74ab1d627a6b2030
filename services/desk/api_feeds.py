"""Desk's page of feeds: those of the wire's file, and those that are defined here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from services.desk import defining, store
from services.desk.api_pages import SignedIn, note, page
from shared.archive.database import engine
from shared.queue.rebuilding import every_feed, every_filing
from shared.queue.unit_of_work import unit_of_work
from shared.web.keys import Right
from shared.web.sessions import Visitor, check_form
from shared.wire import defined_feeds
from shared.wire.config import FeedRow, file_wire, wire

router = APIRouter()


@router.get("/desk/feeds", include_in_schema=False)
def list_feeds(editor: SignedIn) -> Response:
    """Feeds by filters: those of the wire's file, and those that are defined here."""
    return _feeds_page(editor)


@router.post("/desk/feeds", include_in_schema=False)
async def define_feed(request: Request, editor: SignedIn) -> Response:
    """Define a feed, or define it anew; stories of the archive that it wants come into it in the background."""
    form = await request.form()
    check_form(request, editor, str(form.get("token", "")))
    editor.key.must(Right.ADMIN)
    values = {name: str(value).strip() for name, value in form.items()}
    try:
        name, row = defining.feed_of(values, file_wire())
    except ValueError as wrong:
        return await run_in_threadpool(_feeds_page, editor, values, str(wrong))
    await run_in_threadpool(_keep_feed, editor, name, row)
    return RedirectResponse("/desk/feeds", 303)


@router.post("/desk/feeds/{name}/remove", include_in_schema=False)
def remove_feed(request: Request, editor: SignedIn, name: str, token: Annotated[str, Form()]) -> Response:
    """Remove a feed that was defined here. Its readers find nothing at its address any more."""
    check_form(request, editor, token)
    editor.key.must(Right.ADMIN)
    with engine().begin() as connection:
        store.remove_feed(connection, name)
        defined_feeds.load(connection)
    note(editor, "removed a feed", None, name)
    return RedirectResponse("/desk/feeds", 303)


def _keep_feed(editor: Visitor, name: str, row: FeedRow) -> None:
    with unit_of_work() as work:
        known_at = work.now + timedelta(seconds=defined_feeds.KNOWN_AFTER_S)
        store.keep_feed(work.connection, name, row, by=editor.key.name, now=work.now)
        defined_feeds.load(work.connection)
        work.follows(every_filing(work.connection, due_at=known_at))
        work.follows(every_feed(list(wire().editions), due_at=known_at))
    note(editor, "defined a feed", None, name)


def _feeds_page(editor: Visitor, form: Mapping[str, str] | None = None, fault: str = "") -> Response:
    with engine().connect() as connection:
        defined = store.read_feeds(connection)
        waiting = store.count_to_sort(connection)
    chosen = {row.name: row for row in defined}
    return page(
        "feeds.html",
        editor,
        status=422 if fault else 200,
        defined=[(row, defining.filter_text(row.definition["filter"])) for row in defined],
        of_file={name: row for name, row in file_wire().feeds.items() if name not in chosen},
        properties=defining.PROPERTIES,
        waiting=waiting,
        form={**dict.fromkeys(("name", "filter", *(f"title.{tag}" for tag in wire().editions)), ""), **(form or {})},
        fault=fault,
    )
