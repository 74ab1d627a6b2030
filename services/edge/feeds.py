"""The fast path: a feed request answered from memory, before any framework sees it."""

from __future__ import annotations

import re

from starlette.types import ASGIApp, Receive, Scope, Send

from services.edge.conditional import is_unchanged, wants_gzip
from services.edge.documents import Documents, Served
from shared import metrics
from shared.clock import utc_now
from shared.wire import SEARCH

_FEED_PATH = re.compile(r"^/([A-Za-z0-9-]+)/feeds/([a-z0-9-]+)\.(rss|atom|json)$")
_ONLY_IN_200 = {b"content-type", b"content-length", b"content-encoding", b"content-language"}


class FeedFastPath:
    """ASGI: feeds from memory; every other path goes on to `app`."""

    def __init__(self, app: ASGIApp, documents: Documents) -> None:
        self._app, self._documents = app, documents

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
            match = _FEED_PATH.match(scope["path"])
            if match and match[2] != SEARCH and (served := self._documents.get((match[1], match[2], match[3]))):
                await _answer(served, match[3], scope, send)
                return
        await self._app(scope, receive, send)


async def _answer(served: Served, form: str, scope: Scope, send: Send) -> None:
    asked = {
        name.decode("latin-1"): value.decode("latin-1")
        for name, value in scope["headers"]
        if name in (b"accept-encoding", b"if-none-match", b"if-modified-since")
    }
    is_gzip = wants_gzip(asked.get("accept-encoding", ""))
    headers = served.headers[is_gzip]
    if served.modified_at > utc_now():
        # several versions within a second move it ahead of the clock; HTTP knows no date to come, so the ETag speaks alone
        headers = [header for header in headers if header[0] != b"last-modified"]
        asked.pop("if-modified-since", None)
    if is_unchanged(asked, served.quoted_etag(is_gzip=is_gzip), served.modified_at):
        status, body = 304, b""
        headers = [header for header in headers if header[0] not in _ONLY_IN_200]
    else:
        status = 200
        body = b"" if scope["method"] == "HEAD" else (served.body_gzip if is_gzip else served.body)
    metrics.count("barq_feed_requests_total", format=form, status=str(status))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
