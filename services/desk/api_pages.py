"""What every page of the desk has: who is at it, how it is put together, and that what was done is noted."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from fastapi.responses import HTMLResponse, Response

from services.desk import store
from shared.archive.database import engine
from shared.clock import utc_now
from shared.contracts.item import Doubt
from shared.web.headers import page_headers
from shared.web.keys import Right, Role
from shared.web.pages import templates_of
from shared.web.sessions import Screens, Visitor
from shared.wire.config import wire

HEADERS = page_headers(styles="'self'", scripts="'self'", connects="'self'", images="https: data:")

templates = templates_of("services.desk")
templates.filters["typed"] = lambda sentence: sentence.replace("&amp;", "&")  # as a person types it; `<` stays what it means
templates.filters["clock"] = lambda moment: f"{moment:%d %b %H:%M:%S}" if moment else ""

#: why the wire holds a story, for who must decide
DOUBTS = {
    Doubt.NO_EDITION: "No edition is in its language. It is public as soon as it is translated.",
    Doubt.EMBARGO: "It speaks of an embargo in a way that the wire does not understand. Set one, or release it.",
    Doubt.KILL_IN_WORDS: "It asks in words for a story to be taken back. Look for that story, and kill it.",
    Doubt.UNREADABLE_TEXT: "Its text cannot be read.",
    Doubt.ENCODING: "Its letters make no sense in any encoding.",
    Doubt.UNSTEADY_SOURCE: "Its source sends stories again under new names.",
}
templates.globals["doubts"] = DOUBTS

screens = Screens(role=Role.NEWSROOM, path="/desk", cookie="barq_desk")
SignedIn = Annotated[Visitor, Depends(screens.signed_in)]


def page(template: str, editor: Visitor, status: int = 200, **values: object) -> Response:
    """A page for who is signed in."""
    shown = {"editor": editor, "wire": wire(), "editions": wire().editions, "Right": Right, "now": utc_now(), **values}
    return HTMLResponse(templates.get_template(template).render(shown), status, headers=HEADERS)


def note(editor: Visitor, action: str, story: str | None, detail: str = "") -> None:
    """Keep who did what."""
    with engine().begin() as connection:
        store.note_action(connection, key=editor.key.name, action=action, story=story, detail=detail[:500], now=utc_now())
