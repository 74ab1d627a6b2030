"""Webhooks of subscribers, by the API: who is told, of what, what came of it, and telling it again."""

from __future__ import annotations

from datetime import datetime
from threading import BoundedSemaphore
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from uuid import uuid4

from fastapi import Depends, FastAPI, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection, Row

from services.delivery.webhooks import queries, receivers, signing
from services.delivery.webhooks.receivers import Asked
from services.delivery.webhooks.signing import EVENTS
from services.delivery.webhooks.stages import office
from shared.archive.database import engine
from shared.clock import utc_now
from shared.contracts.problem import Conflict, FieldError, InvalidRequest, NotFound, Unavailable
from shared.contracts.work import NO_EDITION, Follow
from shared.pipeline import Stage
from shared.queue.unit_of_work import UnitOfWork, unit_of_work
from shared.settings import settings
from shared.web.keys import Key, Role
from shared.web.limits import Allowance, check
from shared.web.outbound import Unreachable, checked_url
from shared.web.problems import answer_problems, needs
from shared.wire.config import Wire, wire

app = FastAPI(title="Barq webhooks", docs_url=None, redoc_url=None)
answer_problems(app)

Subscriber = Annotated[Key, Depends(needs(Role.SUBSCRIBER))]

#: tests that this process waits for at once: each holds a thread that others are served by
_MOST_TESTS = 4
_testing = BoundedSemaphore(_MOST_TESTS)
_tests = Allowance(lambda: settings().webhook_tests_per_minute)

Name = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]


class WebhookSettings(BaseModel):
    """Where to tell what. Lists that are empty ask for everything."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(max_length=2000, description="an http or https address that answers 2xx to a POST")
    editions: list[str] = Field([], description="`en`, `ar`, …", max_length=100)
    feeds: list[str] = Field([], description="only stories of one of these feeds", max_length=1000)
    events: list[str] = Field([], description=f"of {', '.join(EVENTS)}", max_length=20)


class NewWebhook(WebhookSettings):
    """A webhook to be."""

    name: Name = Field(description="what its subscriber calls it: small letters, digits, hyphens")


class Webhook(BaseModel):
    """A webhook as it stands."""

    name: str
    url: str
    editions: list[str]
    feeds: list[str]
    events: list[str]
    added_at: datetime
    sequence: int = Field(description="notifications acknowledged; the number of the newest")
    waiting: int = Field(description="notifications that are not told yet")
    parked: int = Field(description="notifications that were refused, and wait for a replay")
    failures: int = Field(description="in a row")
    error: str | None = Field(description="what went wrong last")
    disabled_at: datetime | None = Field(description="it failed for three days, and is told of kills alone")


class Secret(BaseModel):
    """The secret that signs what is told; it is shown this once."""

    name: str
    secret: str


class Delivery(BaseModel):
    """One notification, told or to be told."""

    sequence: int | None
    event: str
    story: str
    edition: str
    revision: int
    state: Literal["due", "acknowledged", "parked", "superseded"]
    attempts: int
    status: int | None
    error: str | None
    asked_at: datetime
    tried_at: datetime | None
    acknowledged_at: datetime | None


class Replay(BaseModel):
    """What to tell again."""

    model_config = ConfigDict(extra="forbid")

    after: int | None = Field(
        None, ge=0, le=2**63 - 1, description="everything after this place in the sequence; left out: what was refused"
    )


class Replayed(BaseModel):
    """How many notifications are told again."""

    count: int


class Tried(BaseModel):
    """What the receiver answered to a test."""

    status: int | None
    error: str | None


# ── What may be done: the page does the same ─────────────────────────────────────────────────────────────────────


def add(key: Key, new: NewWebhook) -> Secret:
    """Add a webhook. Raises Refused (409, 422)."""
    _check(new, key, wire())
    secret = signing.new_secret()
    asked = Asked(name=new.name, url=new.url, editions=new.editions, feeds=new.feeds, events=new.events)
    with engine().begin() as connection:
        if receivers.count_receivers(connection, key.name) >= settings().webhooks_per_subscriber:
            most = settings().webhooks_per_subscriber
            raise Conflict(f"You have {most} webhooks, which is the most: remove one.")
        if not receivers.add_receiver(connection, key.name, asked, secret, utc_now()):
            raise Conflict(f"You have a webhook named {new.name!r} already.")
    return Secret(name=new.name, secret=secret)


def change_secret(key: Key, name: str) -> Secret:
    """A new secret; the old one signs beside it for a day. Raises Refused (404)."""
    secret = signing.new_secret()
    with engine().begin() as connection:
        receiver = found(connection, key, name)
        receivers.change_secret(connection, receiver.id, secret, old_until=utc_now() + signing.SECRET_OVERLAP)
    return Secret(name=name, secret=secret)


def remove(key: Key, name: str) -> None:
    """End a webhook; it is still told of kills of what it was told. Raises Refused (404)."""
    with engine().begin() as connection:
        receivers.end_receiver(connection, found(connection, key, name).id, utc_now())


def enable(key: Key, name: str) -> None:
    """Tell a disabled webhook everything that it missed. Raises Refused (404)."""
    with unit_of_work() as work:
        receiver = found(work.connection, key, name)
        receivers.enable_receiver(work.connection, receiver.id, work.now)
        _wake(work, receiver)


def replay(key: Key, name: str, after: int | None) -> int:
    """Tell again what came after a place in the sequence, or what was refused. Returns how many. Raises Refused (404)."""
    with unit_of_work() as work:
        receiver = found(work.connection, key, name)
        count = queries.ask_again(work.connection, receiver.id, after=after, now=work.now)
        _wake(work, receiver)
    return count


def try_it(key: Key, name: str) -> Tried:
    """Send a test, signed like everything else, and wait for the answer. Raises Refused (404, 429, 503)."""
    check(_tests, key.name)
    now = utc_now()
    with engine().connect() as connection:
        row = found(connection, key, name)
    receiver = receivers.receiver_of(row, file_secret=lambda _: "", now=now)
    letter = signing.signed(receiver, f"test:{uuid4()}", {"type": "webhook.test", "data": {}}, slip=None, now=now)
    if not _testing.acquire(blocking=False):
        raise Unavailable(
            "Other tests are under way; try again in a few seconds.",
            headers={"Retry-After": "5"},
        )
    try:
        posted = office().try_one(letter)
    finally:
        _testing.release()
    return Tried(status=posted.status, error=posted.error)


def found(connection: Connection, key: Key, name: str) -> Row[tuple[Any, ...]]:
    """A subscriber's webhook. Raises Refused (404)."""
    row = receivers.find_receiver(connection, key.name, name)
    if row is None:
        raise NotFound(f"You have no webhook named {name[:60]!r}.")
    return row


def _wake(work: UnitOfWork, receiver: Row[tuple[Any, ...]]) -> None:
    work.follows([Follow(stage=Stage.WEBHOOK, item=receiver.id, revision=0, edition=NO_EDITION)])


def _check(asked: WebhookSettings, key: Key, the_wire: Wire) -> None:
    """Raises Refused (422) that names each field that asks for something that is not there."""
    readable = {*the_wire.public_feeds(), *the_wire.private_feeds(key.products)}
    known = {"editions": {*the_wire.editions}, "feeds": readable, "events": {*EVENTS}}
    errors = [
        FieldError.at(field, f"there is no {', '.join(unknown)}; there is {', '.join(sorted(there))}")
        for field, there in known.items()
        if (unknown := sorted({*getattr(asked, field)} - there))
    ]
    if complaint := _complaint_of(asked.url):
        errors.append(FieldError.at("url", complaint))
    if errors:
        raise InvalidRequest("`errors` names each field.", errors=tuple(errors))


def _complaint_of(url: str) -> str:
    """What is wrong with an address; names are checked again whenever they are resolved for a connection."""
    try:
        at = urlsplit(url)
        _ = at.port
        if at.scheme not in ("http", "https") or not at.hostname or at.username or at.password or at.fragment:
            return "must be an http or https address without user, password and fragment"
        checked_url(url)
    except (ValueError, Unreachable) as wrong:
        return str(wrong)
    return ""


# ── HTTP ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@app.get("/v1/webhooks")
def list_webhooks(key: Subscriber) -> list[Webhook]:
    """Your webhooks, and how each does."""
    with engine().connect() as connection:
        return [Webhook.model_validate(row._mapping) for row in receivers.list_receivers(connection, key.name)]


@app.post("/v1/webhooks", status_code=201)
def add_webhook(key: Subscriber, new: NewWebhook) -> Secret:
    """Be told of stories by signed POSTs (Standard Webhooks). The secret is in this answer and in no other."""
    return add(key, new)


@app.get("/v1/webhooks/{name}")
def one_webhook(key: Subscriber, name: str) -> Webhook:
    """One webhook."""
    with engine().connect() as connection:
        return Webhook.model_validate(found(connection, key, name)._mapping)


@app.put("/v1/webhooks/{name}")
def change_webhook(key: Subscriber, name: str, asked: WebhookSettings) -> Webhook:
    """Let a webhook ask for something else, or elsewhere."""
    _check(asked, key, wire())
    with engine().begin() as connection:
        receiver = found(connection, key, name)
        new = Asked(name=name, url=asked.url, editions=asked.editions, feeds=asked.feeds, events=asked.events)
        receivers.change_receiver(connection, receiver.id, new)
        return Webhook.model_validate(found(connection, key, name)._mapping)


@app.delete("/v1/webhooks/{name}", status_code=204)
def remove_webhook(key: Subscriber, name: str) -> Response:
    """End a webhook. It is still told of the kill of a story that it was told of."""
    remove(key, name)
    return Response(status_code=204)


@app.post("/v1/webhooks/{name}/secret")
def new_secret(key: Subscriber, name: str) -> Secret:
    """A new secret. For a day everything is signed with both, so that nothing is lost while you change it."""
    return change_secret(key, name)


@app.post("/v1/webhooks/{name}/test")
def test_webhook(key: Subscriber, name: str) -> Tried:
    """Send a `webhook.test` now, and see what the receiver answers."""
    return try_it(key, name)


@app.post("/v1/webhooks/{name}/enable", status_code=204)
def enable_webhook(key: Subscriber, name: str) -> Response:
    """Tell a webhook that was disabled everything that it has missed."""
    enable(key, name)
    return Response(status_code=204)


@app.get("/v1/webhooks/{name}/deliveries")
def deliveries(
    key: Subscriber,
    name: str,
    after: Annotated[int | None, Query(ge=0, le=2**63 - 1, description="a place in the sequence")] = None,
    state: Literal["due", "acknowledged", "parked", "superseded"] | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> list[Delivery]:
    """What a webhook was told, and what it is to be told: the newest first; or, with `after`, from there on in order."""
    with engine().connect() as connection:
        receiver = found(connection, key, name)
        rows = queries.list_deliveries(connection, receiver.id, after=after, state=state, most=limit)
        return [Delivery.model_validate(row._mapping) for row in rows]


@app.post("/v1/webhooks/{name}/replay", status_code=202)
def replay_webhook(key: Subscriber, name: str, asked: Replay) -> Replayed:
    """Be told again: of each story the newest revision. Ids stay the same, so that you can tell a repetition."""
    return Replayed(count=replay(key, name, asked.after))
