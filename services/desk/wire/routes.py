"""The live list's pages: all of it, and its rows alone, which the script fetches again and again."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from services.desk.frame import SignedIn, page
from services.desk.wire import queries
from services.desk.wire.queries import ItemQuery
from shared.archive.database import engine
from shared.contracts.story import StoryState

router = APIRouter(include_in_schema=False)

_MAX_ITEMS = 60


def read_query(
    provider: str = "",
    region: str = "",
    section: str = "",
    urgency: int = 9,
    state: str = "",
    words: str = "",
    before: UUID | None = None,
) -> ItemQuery:
    """A FastAPI dependency: which items an address asks for."""
    return ItemQuery(
        provider=provider, region=region, section=section, urgency=urgency, state=state, words=words.strip(), before=before
    )


Query = Annotated[ItemQuery, Depends(read_query)]


@router.get("/desk")
def show_wire(editor: SignedIn, query: Query) -> Response:
    """The wire as it comes."""
    with engine().connect() as connection:
        items = queries.list_items(connection, query, limit=_MAX_ITEMS)
        providers = queries.list_providers(connection)
        waiting = queries.count_waiting(connection)
    return page(
        "wire.html",
        editor,
        items=items,
        query=query,
        providers=providers,
        states=["accepted", *StoryState, "refused", "dead"],
        waiting=waiting,
        older=_address_of(query, before=items[-1].id) if len(items) == _MAX_ITEMS else "",
        live=_address_of(query, path="/desk/live"),
    )


@router.get("/desk/live")
def show_rows(editor: SignedIn, query: Query) -> Response:
    """The wire's rows alone."""
    with engine().connect() as connection:
        items = queries.list_items(connection, query, limit=_MAX_ITEMS)
    return page("wire_rows.html", editor, items=items)


def _address_of(query: ItemQuery, *, path: str = "/desk", before: UUID | None = None) -> str:
    values = {name: value for name, value in vars(query).items() if value and (name, value) != ("urgency", 9)}
    return f"{path}?{urlencode({**values, **({'before': before} if before else {})})}"
