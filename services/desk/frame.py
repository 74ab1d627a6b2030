"""What every page of the desk has: who is at it, how it is put together, what its forms hold, and that what was done is noted."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Depends
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from services.desk.record.queries import note_action
from shared.archive.database import engine
from shared.clock import utc_now
from shared.contracts.finding import Method
from shared.contracts.item import Doubt
from shared.web.headers import page_headers
from shared.web.keys import Right, Role
from shared.web.pages import templates_of
from shared.web.sessions import Screens, Visitor
from shared.wire.config import wire

HEADERS = page_headers(styles="'self'", scripts="'self'", connects="'self'", images="https: data:")

templates = templates_of("services.desk")


def _typed(sentence: str) -> str:
    """As a person types it; `<` stays what it means."""
    return sentence.replace("&amp;", "&")


def _clock(moment: datetime | None) -> str:
    return f"{moment:%d %b %H:%M:%S}" if moment else ""


templates.filters["typed"] = _typed
templates.filters["clock"] = _clock

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

#: how something was found of a story, for who must judge whether it is right
METHODS: dict[Method, str] = {
    "said": "what its sender says",
    "subject": "its sender's subjects",
    "dateline": "the dateline",
    "headline": "the headline",
    "text": "the text",
    "words": "the wire's words",
    "vectors": "the sense of its words",
    "learnt": "what the wire has learnt",
    "story": "its story's earlier versions",
    "usual": "what its sender usually writes",
    "guess": "nothing sure",
}
templates.globals["methods"] = METHODS

screens = Screens(role=Role.NEWSROOM, path="/desk", cookie="barq_desk")
SignedIn = Annotated[Visitor, Depends(screens.signed_in)]


def page(template: str, editor: Visitor, status: int = 200, **values: object) -> Response:
    """A page for who is signed in. Every page has the wire's configuration, the time and who reads it; `values` is its own."""
    shown = {"editor": editor, "wire": wire(), "editions": wire().editions, "Right": Right, "now": utc_now(), **values}
    return HTMLResponse(templates.get_template(template).render(shown), status, headers=HEADERS)


def fields_of(data: FormData) -> dict[str, str | list[str]]:
    """What a form of ours holds, without the token and the button that was pressed; sections may be several."""
    fields: dict[str, str | list[str]] = {name: str(value) for name, value in data.items() if name not in ("token", "do")}
    return {**fields, "sections": [str(value) for value in data.getlist("sections")]}


def note(editor: Visitor, action: str, story: str | None, detail: str = "") -> None:
    """Keep who did what, in a transaction of its own: for what was done by the wire's API. `detail` is cut to 500 characters."""
    with engine().begin() as connection:
        note_action(connection, key=editor.key.name, action=action, story=story, detail=detail[:500], now=utc_now())
