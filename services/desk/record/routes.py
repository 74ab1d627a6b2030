"""The record's page."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from services.desk.frame import SignedIn, page
from services.desk.record import queries
from shared.archive.database import engine
from shared.web.keys import Right

router = APIRouter(include_in_schema=False)

_MAX_ACTIONS = 500


@router.get("/desk/actions")
def show_record(editor: SignedIn) -> Response:
    """Who did what at the desk, for who may see it."""
    editor.key.must(Right.ADMIN)
    with engine().connect() as connection:
        actions = queries.list_actions(connection, limit=_MAX_ACTIONS)
    return page("actions.html", editor, actions=actions)
