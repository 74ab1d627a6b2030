"""The WebSub hub's endpoint. A request is kept and answered 202; whether it was meant is verified afterwards (5.1.2, 5.3)."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse, Response
from starlette.concurrency import run_in_threadpool

from services.delivery.hub import queries
from services.delivery.hub.websub import SubscriptionRequest, Unacceptable, parse_form, parse_request
from shared.contracts.problem import MissingRight, Refused, Unavailable
from shared.contracts.work import Follow
from shared.pipeline import Stage
from shared.queue.unit_of_work import unit_of_work
from shared.settings import settings
from shared.web.keys import Role, check_key, shown_secret
from shared.web.limits import Allowance, check
from shared.web.problems import answer_problems
from shared.wire.config import wire

_MAX_BYTES = 10_000
#: requests that wait to be verified; more are asked to come again
_MAX_WAITING = 10_000

#: whoever is named as a receiver is asked at another's word, so that is counted too, whoever names it
_receivers = Allowance(lambda: settings().hub_requests_per_minute)

app = FastAPI(title="Barq hub", docs_url=None, redoc_url=None)
answer_problems(app)


@app.post("/hub", include_in_schema=False)
async def hub(request: Request) -> Response:
    """Subscribe or unsubscribe."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > _MAX_BYTES:
            return _refuse("the form is too large", 413)
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != "application/x-www-form-urlencoded":
        return _refuse("send a form: application/x-www-form-urlencoded", 415)
    try:
        wanted = parse_request(parse_form(bytes(body)), wire=wire(), public_url=settings().public_url)
    except Unacceptable as refusal:
        return _refuse(str(refusal), 400)
    try:
        check(_receivers, urlsplit(wanted.callback).hostname or "")
    except Refused as refusal:
        return _refuse("this receiver was named too often; try again later", 429, refusal.headers)
    secret = wanted.topic.secret or shown_secret(request.headers.get("authorization"))
    try:
        await run_in_threadpool(_record, wanted, secret)
    except Refused as refusal:
        return _refuse(refusal.problem.detail, refusal.problem.status, refusal.headers)
    return Response(status_code=202)


def _record(request: SubscriptionRequest, secret: str | None) -> None:
    """Record a request, with whose it is where a subscriber's secret was shown. Raises Refused.

    A private feed wants a key that may read it; shown for another feed, it says whose subscription this is.
    """
    is_private = wire().is_private(request.topic.feed)
    with unit_of_work() as work:
        key = check_key(work.connection, secret, Role.SUBSCRIBER) if secret or is_private else None
        if is_private and key and request.topic.feed not in wire().private_feeds(key.products):
            raise MissingRight("Your products do not have this feed.")
        owner, topic_url = key.name if key else "", request.topic.url(settings().public_url)
        if queries.are_many_waiting(work.connection, _MAX_WAITING):
            raise Unavailable("Too many requests wait to be verified.", headers={"Retry-After": "60"})
        intent = queries.write_intent(work.connection, request, topic_url, owner, work.now)
        work.follows([Follow(stage=Stage.VERIFY, item=intent, revision=0, edition=request.topic.edition)])


def _refuse(reason: str, status: int, headers: Mapping[str, str] | None = None) -> Response:
    return PlainTextResponse(reason + "\n", status, headers=headers)
