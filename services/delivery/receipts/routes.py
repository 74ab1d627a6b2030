"""A story's receipt by HTTP: who was sent what of it, when, and who acknowledged."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Depends, FastAPI
from pydantic import BaseModel, ConfigDict

from services.delivery.receipts import queries
from shared.archive.database import engine
from shared.contracts.problem import NotFound
from shared.web.keys import Key, Role
from shared.web.problems import answer_problems, needs

app = FastAPI(title="Barq delivery", docs_url=None, redoc_url=None)
answer_problems(app)


class Notification(BaseModel):
    """One revision in one edition, sent to one destination."""

    model_config = ConfigDict(from_attributes=True)

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

    model_config = ConfigDict(from_attributes=True)

    topic: str
    callback: str
    acknowledged_at: datetime | None  #: a document in which the story is as it is now; None: none yet
    ended_at: datetime | None  #: it has left since it could have had the story, and is sent nothing any more
    end_reason: str | None
    failures: int
    error: str | None


class Receipt(BaseModel):
    """Everything that was ever pushed of a story."""

    story: str
    told: list[Notification]
    subscribers: list[Subscriber]
    unacknowledged: list[str]  #: who has not acknowledged the newest: receivers by name, subscribers by callback


@app.get("/v1/stories/{story}/receipt")
def receipt(story: str, _: Annotated[Key, Depends(needs(Role.NEWSROOM))]) -> Receipt:
    """Who was sent which revision of a story, when, and who acknowledged; of a kill above all."""
    with engine().connect() as connection:
        if not queries.knows_story(connection, story):
            raise NotFound(f"There is no story {story[:80]!r}.")
        notifications = [Notification.model_validate(row) for row in queries.read_receipt(connection, story)]
        subscribers = [Subscriber.model_validate(row) for row in queries.read_subscribers(connection, story)]
    newest = {(row.destination, row.edition): row for row in notifications}
    silent = {row.destination for row in newest.values() if row.acknowledged_at is None}
    silent |= {row.callback for row in subscribers if row.acknowledged_at is None}
    # the name in the API's answer
    return Receipt(story=story, told=notifications, subscribers=subscribers, unacknowledged=sorted(silent))
