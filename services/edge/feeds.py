"""The fast path: a feed request answered from memory, before any framework sees it.

What is asked tens of thousands of times a second is looked up and sent; everything that could be made beforehand was
(`documents.py`). Validators that are not exactly ours are understood by `conditional.py`.
"""

from __future__ import annotations

import time
from functools import lru_cache

from starlette.types import ASGIApp, Receive, Scope, Send

from services.edge.conditional import coding_for, is_unchanged
from services.edge.documents import MEDIA_TYPES, Documents, Served
from shared import metrics


@lru_cache(maxsize=1024)  # readers say it in few ways
def _coding_for(accepts: bytes) -> str:
    return coding_for(accepts.decode("latin-1"))


_COUNT_200, _COUNT_304 = (
    {form: metrics.counter("barq_feed_requests_total", format=form, status=status) for form in MEDIA_TYPES}
    for status in ("200", "304")
)


class FeedFastPath:
    """ASGI: feeds from memory; every other path goes on to `app`."""

    def __init__(self, app: ASGIApp, documents: Documents) -> None:
        self._app, self._documents = app, documents

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "http" and (served := self._documents.at(scope["path"])) and not _names_a_page(scope):
            if scope["method"] == "GET":
                return await _answer(served, scope, send, has_body=True)
            if scope["method"] == "HEAD":
                return await _answer(served, scope, send, has_body=False)
        return await self._app(scope, receive, send)


def _names_a_page(scope: Scope) -> bool:
    """Older pages and archives are put together when they are asked for (`api_feeds.py`); any other query changes nothing."""
    query: bytes = scope["query_string"]
    return query != b"" and (b"page=" in query or b"archive=" in query)


async def _answer(served: Served, scope: Scope, send: Send, *, has_body: bool) -> None:
    accepts, known, since = b"", None, None
    for name, value in scope["headers"]:
        if name == b"if-none-match":
            known = value
        elif name == b"accept-encoding":
            accepts = value
        elif name == b"if-modified-since":
            since = value
    chosen = served.by_coding.get(_coding_for(accepts), served.plain) if accepts else served.plain
    headers, headers_304 = chosen.headers, chosen.headers_304
    if served.modified_s > time.time():
        # several versions within a second move it ahead of the clock; HTTP knows no date to come, so the ETag speaks alone
        headers = [header for header in headers if header[0] != b"last-modified"]
        headers_304 = [header for header in headers_304 if header[0] != b"last-modified"]
        since = None
    if known == chosen.etag or ((known or since) and _is_unchanged(known, since, chosen.etag, served)):
        _COUNT_304[served.form]()
        await send({"type": "http.response.start", "status": 304, "headers": headers_304})
        await send({"type": "http.response.body", "body": b""})
        return
    _COUNT_200[served.form]()
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": chosen.body if has_body else b""})


def _is_unchanged(known: bytes | None, since: bytes | None, etag: bytes, served: Served) -> bool:
    asked = {"if-none-match": known, "if-modified-since": since}
    said = {name: value.decode("latin-1") for name, value in asked.items() if value is not None}
    return is_unchanged(said, etag.decode(), served.modified_at)
