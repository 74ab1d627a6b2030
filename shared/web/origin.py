"""One origin for several ASGI apps: a request goes to the app whose path in `roles.WEB_APPS` fits first."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import lru_cache
from importlib import import_module
from typing import Any, AsyncIterator, cast  # noqa: UP035

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from shared.roles import WEB_APPS, WebApp
from shared.settings import settings
from shared.web.bodies import AnsweredAfterTheBody
from shared.web.methods import as_get, read_only
from shared.web.openapi import description
from shared.web.problems import problem_response, too_large
from shared.web.request_guard import RequestGuard


def pattern_of(path: str) -> re.Pattern[str]:
    """A path of the table as a regular expression: `*` is one part, and everything after it at the end, whatever signs it has."""
    head, star, tail = path.rpartition("*")
    if star and not tail:
        return re.compile("^" + re.escape(head).replace(r"\*", "[^/]+") + r".*\Z", re.DOTALL)
    return re.compile("^" + re.escape(path).replace(r"\*", "[^/]+") + r"\Z")


class Origin:
    """The apps of some web roles, behind one address. Runs their start-up and shut-down too."""

    def __init__(self, roles: Sequence[str]) -> None:
        webs = [web for web in WEB_APPS if web.role in roles]
        loaded: dict[str, ASGIApp] = {web.app: _load(web) for web in webs}
        self._apps = list(loaded.values())
        routes: list[tuple[re.Pattern[str], ASGIApp]] = [
            (pattern_of(path), RequestGuard(_behind_a_proxy(loaded[web.app]) if web.asks_who else loaded[web.app], web))
            for web in webs
            for path in web.paths
        ]

        # whatever its roles, this process answers
        routes[:0] = [(pattern_of("/healthz"), read_only(_alive)), (pattern_of("/v1/openapi.json"), read_only(_described))]

        @lru_cache(maxsize=4096)  # a few paths are asked for most of the time
        def app_at(path: str) -> ASGIApp | None:
            return next((app for pattern, app in routes if pattern.match(path)), None)

        self._app_at = app_at
        most_bytes = settings().max_body_bytes
        refusal = problem_response(too_large(most_bytes).problem, {"Connection": "close"})
        self._answer = AnsweredAfterTheBody(self._dispatch, most_bytes=most_bytes, too_large=refusal)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "lifespan":
            await self._run_lifespan(receive, send)
        else:
            await self._answer(scope, receive, send)

    async def _dispatch(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if scope.get("method") == "HEAD":
            scope, send = as_get(scope, send)
        if app := self._app_at(path):
            await app(scope, receive, send)
        else:
            await _say(send, 404, b"no role of this process answers this path\n")

    async def _run_lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            async with self._all_started():
                await send({"type": "lifespan.startup.complete"})
                await receive()
        except Exception as failed:
            await send({"type": "lifespan.startup.failed", "message": repr(failed)})
            raise
        await send({"type": "lifespan.shutdown.complete"})

    @asynccontextmanager
    async def _all_started(self) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for app in self._apps:
                await stack.enter_async_context(cast(Any, app).router.lifespan_context(app))
            yield


def _behind_a_proxy(app: ASGIApp) -> ASGIApp:
    """Believe what a trusted proxy says of who asks, and how."""
    return cast(ASGIApp, ProxyHeadersMiddleware(cast(Any, app), trusted_hosts=settings().trusted_proxies))


async def _alive(_: Scope, __: Receive, send: Send) -> None:
    await _say(send, 200, b"alive\n")


#: the first to ask waits until every app is loaded and described, which takes seconds of a thread; others wait for that
_describes = asyncio.Lock()


async def _described(_: Scope, __: Receive, send: Send) -> None:
    async with _describes:
        words = await run_in_threadpool(lambda: json.dumps(description(), ensure_ascii=False).encode())
    await _say(send, 200, words, b"application/json", _TO_EVERYONE)


#: a page of any origin may read it
_TO_EVERYONE = (b"access-control-allow-origin", b"*")


async def _say(send: Send, status: int, words: bytes, media_type: bytes = b"text/plain", *more: tuple[bytes, bytes]) -> None:
    headers = [(b"content-type", media_type), (b"x-content-type-options", b"nosniff"), *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": words})


def _load(web: WebApp) -> ASGIApp:
    module, _, name = web.app.partition(":")
    return cast(ASGIApp, getattr(import_module(module), name))
