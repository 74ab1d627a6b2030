"""Delivery's HTTP: a story's receipt, which says who was told what of it, when, and who acknowledged."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Depends, FastAPI
from pydantic import BaseModel

from services.delivery.receipts import queries
from shared.archive.database import engine
from shared.contracts.problem import NotFound
from shared.web.keys import Key, Role
from shared.web.problems import answer_problems, needs

app = FastAPI(title="Barq delivery", docs_url=None, redoc_url=None)
answer_problems(app)


class Told(BaseModel):
    """One revision in one edition, told to one destination."""

    destination: str
    url: str
    edition: str
    revision: int
    event: str
    state: str
    attempts: int
    status: int | None
    error: str | None
    tried_at: datetime | None
    acknowledged_at: datetime | None


class Subscriber(BaseModel):
    """One WebSub subscriber of a feed that has or had the story."""

    topic: str
    callback: str
    acknowledged_at: datetime | None  #: a document in which the story is as it is now; None: none yet
    ended_at: datetime | None  #: it has left since it could have had the story, and is told nothing any more
    end_reason: str | None
    failures: int
    error: str | None


class Receipt(BaseModel):
    """Everything that was ever pushed of a story."""

    story: str
    told: list[Told]
    subscribers: list[Subscriber]
    unacknowledged: list[str]  #: who has not acknowledged the newest: receivers by name, subscribers by callback


@app.get("/v1/stories/{story}/receipt")
def receipt(story: str, _: Annotated[Key, Depends(needs(Role.NEWSROOM))]) -> Receipt:
    """Who was told of a story, which revision, when, and who acknowledged; of a kill above all."""
    with engine().connect() as connection:
        if not queries.knows_story(connection, story):
            raise NotFound(f"There is no story {story[:80]!r}.")
        told = [Told.model_validate(row._mapping) for row in queries.read_receipt(connection, story)]
        subscribers = [Subscriber.model_validate(row._mapping) for row in queries.read_subscribers(connection, story)]
    newest = {(row.destination, row.edition): row for row in told}
    silent = {row.destination for row in newest.values() if row.acknowledged_at is None}
    silent |= {row.callback for row in subscribers if row.acknowledged_at is None}
    return Receipt(story=story, told=told, subscribers=subscribers, unacknowledged=sorted(silent))
