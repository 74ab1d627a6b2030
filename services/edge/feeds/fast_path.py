"""The fast path: a feed request answered from memory, before any framework sees it.

What is asked tens of thousands of times a second is looked up and sent; everything that could be made beforehand was
(`documents.py`). Validators that are not exactly ours are understood by `../conditional.py`.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.edge.conditional import coding_for, is_unchanged
from services.edge.cross_origin import opened
from services.edge.feeds.deltas import readers
from services.edge.feeds.documents import Documents, Headers, Served
from shared import metrics
from shared.contracts.feeds import FeedFormat
from shared.settings import settings
from shared.web.clients import client_of
from shared.web.limits import Allowance, is_over


@lru_cache(maxsize=1024)  # readers say it in few ways
def _coding_for(accepts: bytes) -> str:
    return coding_for(accepts.decode("latin-1"))


_COUNTS = {
    (feed_format, status): metrics.counter("barq_feed_requests_total", format=feed_format, status=str(status))
    for feed_format in FeedFormat
    for status in (200, 226, 304, 429)
}


class FeedFastPath:
    """ASGI: feeds from memory; every other path goes on to `app`, as does a person's browser."""

    def __init__(self, app: ASGIApp, documents: Documents) -> None:
        self._app, self._documents = app, documents
        self._fetches = Allowance(lambda: settings().feed_fetches_per_minute)
        self._requests = Allowance(lambda: settings().requests_per_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a feed from memory, or hand on what is none."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        if (
            (served := self._documents.at(scope["path"]))
            and scope["method"] in ("GET", "HEAD")
            and not _is_for_a_person_or_older(scope)
        ):
            return await self._answer(served, scope, send)
        return await self._pass_on(scope, receive, send)

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        """To pages and the API, whatever answers; what turns out to be unchanged is not counted."""
        client, send = client_of(scope), opened(scope, send)
        if await is_over(self._requests, client, send):
            return

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 304:
                self._requests.give_back(client)
            await send(message)

        await self._app(scope, receive, send_on)

    async def _answer(self, served: Served, scope: Scope, send: Send) -> None:
        answer = answer_to(served, scope["headers"], client=client_of(scope))
        if answer.is_unasked_for and await is_over(self._fetches, client_of(scope), opened(scope, send)):
            _COUNTS[served.feed_format, 429]()
            return
        _COUNTS[served.feed_format, answer.status]()
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        await send({"type": "http.response.body", "body": answer.body if scope["method"] == "GET" else b""})


class Answer(NamedTuple):
    """What a reader gets."""

    status: int  #: 200; 304: it has it; 226: what is new since its version (RFC 3229)
    headers: Headers
    body: bytes
    is_unasked_for: bool = False  #: a whole document for somebody who did not say which one they have


def answer_to(served: Served, request_headers: Iterable[tuple[bytes, bytes]], *, client: str) -> Answer:
    """The answer to a request for a document, by the request's headers. `client`: its address, or the name of its key."""
    accepts, known, since, manipulates, agent = b"", None, None, None, b""
    for name, value in request_headers:
        if name == b"if-none-match":
            known = value
        elif name == b"accept-encoding":
            accepts = value
        elif name == b"if-modified-since":
            since = value
        elif name == b"a-im":
            manipulates = value
        elif name == b"user-agent":
            agent = value
    chosen = served.by_coding.get(_coding_for(accepts), served.plain) if accepts else served.plain
    headers, headers_304 = chosen.headers, chosen.headers_304
    if served.modified_s > time.time():
        # several versions within a second move it ahead of the clock; HTTP knows no date to come, so the ETag speaks alone
        headers = [header for header in headers if header[0] != b"last-modified"]
        headers_304 = [header for header in headers_304 if header[0] != b"last-modified"]
        since = None
    if known == chosen.etag or ((known or since) and _is_unchanged(known, since, chosen.etag, served)):
        return Answer(304, headers_304, b"")
    if manipulates and known and b"feed" in manipulates:
        version, not_for = known.decode("latin-1"), settings().no_deltas_for
        delta = served.since(version)
        is_less = delta is not None and len(delta) < len(chosen.body)  # than the whole in the coding that the reader takes
        if delta is not None and is_less and readers.may_have(client, agent, served.path, version, not_for=not_for):
            return Answer(226, _headers_of_delta(headers, len(delta)), delta)
    return Answer(200, headers, chosen.body, is_unasked_for=not (known or since))


def _headers_of_delta(headers: Headers, length: int) -> Headers:
    """Of the whole document, whose validator it becomes; caches that do not know deltas must not keep it (RFC 3229, 10.9)."""
    not_its_own = (b"content-length", b"content-encoding", b"cache-control")
    return [
        *(header for header in headers if header[0] not in not_its_own),
        (b"content-length", str(length).encode()),
        (b"cache-control", b"no-store, im"),
        (b"im", b"feed"),
    ]


def _is_for_a_person_or_older(scope: Scope) -> bool:
    """Is this for `routes.py`? Older pages and archives are put together when they are asked for; a person who opens a feed
    in a browser sees a page, unless the address says `as=feed`. Any other query changes nothing."""
    query: bytes = scope["query_string"]
    if query and (b"page=" in query or b"archive=" in query):
        return True
    return (b"sec-fetch-dest", b"document") in scope["headers"] and b"as=feed" not in query


def _is_unchanged(known: bytes | None, since: bytes | None, etag: bytes, served: Served) -> bool:
    both = {"if-none-match": known, "if-modified-since": since}
    headers = {name: value.decode("latin-1") for name, value in both.items() if value is not None}
    return is_unchanged(headers, etag.decode(), served.modified_at)
