"""Webhooks of subscribers, by the API: who is notified, of what, what came of it, and sending it again."""

from __future__ import annotations

from datetime import datetime
from threading import BoundedSemaphore
from typing import Annotated
from uuid import uuid4

from fastapi import Depends, FastAPI, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from services.delivery.webhooks import queries
from services.delivery.webhooks.notifications import EVENTS, DeliveryState
from services.delivery.webhooks.queries import Delivery
from services.delivery.webhooks.receivers import ListedReceiver, WebhookConfig, faults_of, receiver_of
from services.delivery.webhooks.signing import SECRET_OVERLAP, new_secret, signed_request
from services.delivery.webhooks.stages import sender
from shared.archive.database import engine
from shared.clock import utc_now
from shared.contracts.problem import Conflict, InvalidRequest, NotFound, Unavailable
from shared.contracts.work import NO_EDITION, Follow
from shared.pipeline import Stage
from shared.queue.unit_of_work import UnitOfWork, unit_of_work
from shared.settings import settings
from shared.web.keys import Key, Role
from shared.web.limits import Allowance, check
from shared.web.problems import answer_problems, needs
from shared.wire.config import wire

app = FastAPI(title="Barq webhooks", docs_url=None, redoc_url=None)
answer_problems(app)

Subscriber = Annotated[Key, Depends(needs(Role.SUBSCRIBER))]

#: tests that this process waits for at once: each holds a thread that others are served by
_MAX_TESTS = 4
_testing = BoundedSemaphore(_MAX_TESTS)
_tests = Allowance(lambda: settings().webhook_tests_per_minute)

Name = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]


class WebhookSettings(BaseModel):
    """Where to send what. Lists that are empty ask for everything."""

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

    model_config = ConfigDict(from_attributes=True)

    name: str
    url: str
    editions: list[str]
    feeds: list[str]
    events: list[str]
    added_at: datetime
    sequence: int = Field(description="notifications acknowledged; the number of the newest")
    waiting: int = Field(description="notifications that are not sent yet")
    parked: int = Field(description="notifications that were refused, and wait for a replay")
    failures: int = Field(description="in a row")
    error: str | None = Field(description="what went wrong last")
    disabled_at: datetime | None = Field(description="it failed for three days, and is sent kills alone")


class Secret(BaseModel):
    """The secret that signs what is sent; it is shown this once."""

    name: str
    secret: str


class Replay(BaseModel):
    """What to send again."""

    model_config = ConfigDict(extra="forbid")

    after: int | None = Field(
        None, ge=0, le=2**63 - 1, description="everything after this place in the sequence; left out: what was refused"
    )


class Replayed(BaseModel):
    """How many notifications are sent again."""

    count: int


class TestAnswer(BaseModel):
    """What the receiver answered to a test."""

    status: int | None
    error: str | None


# ── What may be done: the page does the same ─────────────────────────────────────────────────────────────────────


def add(key: Key, new: NewWebhook) -> Secret:
    """Add a webhook. Returns its secret, which is shown in no other answer. Raises Refused (409, 422)."""
    config = _check(key, new.name, new)
    secret = new_secret()
    with engine().begin() as connection:
        limit = settings().webhooks_per_subscriber
        if queries.count_receivers(connection, key.name) >= limit:
            raise Conflict(f"You have {limit} webhooks, which is the most: remove one.")
        if not queries.add_receiver(connection, key.name, config, secret, utc_now()):
            raise Conflict(f"You have a webhook named {new.name!r} already.")
    return Secret(name=new.name, secret=secret)


def change_secret(key: Key, name: str) -> Secret:
    """Give a webhook a new secret; the old one signs beside it for a day. Raises Refused (404)."""
    secret = new_secret()
    with engine().begin() as connection:
        receiver = _require_receiver(connection, key, name)
        queries.change_secret(connection, receiver.id, secret, old_until=utc_now() + SECRET_OVERLAP)
    return Secret(name=name, secret=secret)


def remove(key: Key, name: str) -> None:
    """End a webhook; it is still notified of kills of what it was sent. Raises Refused (404)."""
    with engine().begin() as connection:
        queries.end_receiver(connection, _require_receiver(connection, key, name).id, utc_now())


def enable(key: Key, name: str) -> None:
    """Send a disabled webhook everything that it missed. Raises Refused (404)."""
    with unit_of_work() as work:
        receiver = _require_receiver(work.connection, key, name)
        queries.enable_receiver(work.connection, receiver.id, work.now)
        _send_soon(work, receiver)


def replay(key: Key, name: str, after: int | None) -> int:
    """Send again what came after a place in the sequence, or what was refused. Returns how many. Raises Refused (404)."""
    with unit_of_work() as work:
        receiver = _require_receiver(work.connection, key, name)
        count = queries.replay(work.connection, receiver.id, after=after, now=work.now)
        _send_soon(work, receiver)
    return count


def send_test(key: Key, name: str) -> TestAnswer:
    """Send a test, signed like everything else, and wait for the answer. Raises Refused (404, 429, 503)."""
    check(_tests, key.name)
    now = utc_now()
    with engine().connect() as connection:
        stored = _require_receiver(connection, key, name)
    # whoever has a key has their secret in the archive
    receiver = receiver_of(stored, file_secret=lambda _: "", now=now)
    request = signed_request(receiver, f"test:{uuid4()}", event="webhook.test", data={}, context=None, now=now)
    if not _testing.acquire(blocking=False):
        raise Unavailable("Other tests are under way; try again in a few seconds.", headers={"Retry-After": "5"})
    try:
        result = sender().send_and_wait(request)
    finally:
        _testing.release()
    return TestAnswer(status=result.status, error=result.error)


def _require_receiver(connection: Connection, key: Key, name: str) -> ListedReceiver:
    """A subscriber's webhook. Raises Refused (404)."""
    receiver = queries.find_receiver(connection, key.name, name)
    if receiver is None:
        raise NotFound(f"You have no webhook named {name[:60]!r}.")
    return receiver


def _send_soon(work: UnitOfWork, receiver: ListedReceiver) -> None:
    work.follows([Follow(stage=Stage.WEBHOOK, item=receiver.id, revision=0, edition=NO_EDITION)])


def _check(key: Key, name: str, wanted: WebhookSettings) -> WebhookConfig:
    """What a subscriber asks for. Raises Refused (422) that names each field that asks for something that is not there."""
    config = WebhookConfig(name=name, url=wanted.url, editions=wanted.editions, feeds=wanted.feeds, events=wanted.events)
    the_wire = wire()
    readable = {*the_wire.public_feeds(), *the_wire.private_feeds(key.products)}
    if faults := faults_of(config, editions=the_wire.editions, feeds=readable, events=EVENTS):
        raise InvalidRequest("`errors` names each field.", errors=tuple(faults))
    return config


# ── HTTP ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@app.get("/v1/webhooks")
def list_webhooks(key: Subscriber) -> list[Webhook]:
    """Your webhooks, and how each does."""
    with engine().connect() as connection:
        return [Webhook.model_validate(receiver) for receiver in queries.list_receivers(connection, key.name)]


@app.post("/v1/webhooks", status_code=201)
def add_webhook(key: Subscriber, new: NewWebhook) -> Secret:
    """Be notified of stories by signed POSTs (Standard Webhooks). The secret is in this answer and in no other."""
    return add(key, new)


@app.get("/v1/webhooks/{name}")
def one_webhook(key: Subscriber, name: str) -> Webhook:
    """One webhook."""
    with engine().connect() as connection:
        return Webhook.model_validate(_require_receiver(connection, key, name))


@app.put("/v1/webhooks/{name}")
def change_webhook(key: Subscriber, name: str, wanted: WebhookSettings) -> Webhook:
    """Let a webhook ask for something else, or elsewhere."""
    config = _check(key, name, wanted)
    with engine().begin() as connection:
        queries.change_receiver(connection, _require_receiver(connection, key, name).id, config)
        return Webhook.model_validate(_require_receiver(connection, key, name))


@app.delete("/v1/webhooks/{name}", status_code=204)
def remove_webhook(key: Subscriber, name: str) -> Response:
    """End a webhook. It is still notified of the kill of a story that it was sent."""
    remove(key, name)
    return Response(status_code=204)


@app.post("/v1/webhooks/{name}/secret")
def change_webhook_secret(key: Subscriber, name: str) -> Secret:
    """A new secret. For a day everything is signed with both, so that nothing is lost while you change it."""
    return change_secret(key, name)


@app.post("/v1/webhooks/{name}/test")
def test_webhook(key: Subscriber, name: str) -> TestAnswer:
    """Send a `webhook.test` now, and see what the receiver answers."""
    return send_test(key, name)


@app.post("/v1/webhooks/{name}/enable", status_code=204)
def enable_webhook(key: Subscriber, name: str) -> Response:
    """Send a webhook that was disabled everything that it has missed."""
    enable(key, name)
    return Response(status_code=204)


@app.get("/v1/webhooks/{name}/deliveries")
def list_deliveries(
    key: Subscriber,
    name: str,
    after: Annotated[int | None, Query(ge=0, le=2**63 - 1, description="a place in the sequence")] = None,
    state: DeliveryState | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> list[Delivery]:
    """What a webhook was sent, and what it is to be sent: the newest first; or, with `after`, from there on in order."""
    with engine().connect() as connection:
        receiver = _require_receiver(connection, key, name)
        return queries.list_deliveries(connection, receiver.id, after=after, state=state, limit=limit)


@app.post("/v1/webhooks/{name}/replay", status_code=202)
def replay_webhook(key: Subscriber, name: str, wanted: Replay) -> Replayed:
    """Be sent again, of each story the newest revision. Ids stay the same, so that you can tell a repetition."""
    return Replayed(count=replay(key, name, wanted.after))
