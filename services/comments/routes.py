"""Comments' HTTP for readers: the form under a story, which works without a script."""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import FastAPI, Form, Request
from fastapi.responses import RedirectResponse, Response

from services.comments import queries, rules
from services.comments.rules import Outcome
from shared.archive.database import engine
from shared.clock import utc_now
from shared.web.clients import client_of
from shared.web.problems import answer_problems, must_be_edition
from shared.wire.config import wire

app = FastAPI(title="Barq comments", docs_url=None, redoc_url=None)
answer_problems(app)


@app.post("/{edition}/stories/{story}/comments", include_in_schema=False)
def send(
    request: Request,
    edition: str,
    story: str,
    name: Annotated[str, Form()] = "",
    text: Annotated[str, Form()] = "",
    website: Annotated[str, Form()] = "",
) -> Response:
    """Take a comment, and send the reader back to the page. `website` is seen by nobody but machines that fill in everything."""
    must_be_edition(edition)
    outcome = Outcome.TAKEN if website else _take(request, edition, story, name, text)
    return RedirectResponse(f"/{edition}/stories/{story}?comment={outcome}#comments", 303)


@app.get("/{edition}/stories/{story}/comments", include_in_schema=False)
def back(edition: str, story: str) -> Response:
    """Comments stand on the story's page."""
    return RedirectResponse(f"/{edition}/stories/{story}#comments", 307)


def _take(request: Request, edition: str, story: str, name: str, text: str) -> Outcome:
    comment = rules.read_comment(name, text)
    if isinstance(comment, Outcome):
        return comment
    now = utc_now()
    # whom nobody knows from another is not counted with them
    sender = rules.hash_sender(client_of(request.scope) or secrets.token_hex(), now.date())
    with engine().begin() as connection:
        if not wire().comments.open or not queries.is_open(connection, story, edition):
            return Outcome.CLOSED
        before = queries.read_sent_before(connection, story, comment, sender, since=now - rules.AT_ONCE)
        if objection := rules.find_objection(before):
            return objection
        queries.insert_comment(connection, story, edition, comment, sender, now)
    return Outcome.TAKEN
