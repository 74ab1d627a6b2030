"""One origin for several ASGI apps: a request goes to the app whose path in `roles.WEB_APPS` fits first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from importlib import import_module
from typing import Any, AsyncIterator, cast  # noqa: UP035

from starlette.types import ASGIApp, Receive, Scope, Send

from shared.roles import WEB_APPS, WebApp


def pattern_of(path: str) -> re.Pattern[str]:
    """A path of the table as a regular expression: `*` is one part, and everything after it at the end."""
    head, star, tail = path.rpartition("*")
    if star and not tail:
        return re.compile("^" + re.escape(head).replace(r"\*", "[^/]+") + ".*$")
    return re.compile("^" + re.escape(path).replace(r"\*", "[^/]+") + "$")


class Origin:
    """The apps of some web roles, behind one address. Runs their start-up and shut-down too."""

    def __init__(self, roles: Sequence[str]) -> None:
        webs = [web for web in WEB_APPS if web.role in roles]
        loaded: dict[str, ASGIApp] = {web.app: _load(web) for web in webs}
        self._routes = [(pattern_of(path), loaded[web.app]) for web in webs for path in web.paths]
        self._apps = list(loaded.values())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "lifespan":
            await self._run_lifespan(receive, send)
            return
        path = scope["path"]
        if path == "/healthz":  # whatever its roles, this process answers
            await _say(send, 200, b"alive\n")
            return
        for pattern, app in self._routes:
            if pattern.match(path):
                await app(scope, receive, send)
                return
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


async def _say(send: Send, status: int, words: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": words})


def _load(web: WebApp) -> ASGIApp:
    module, _, name = web.app.partition(":")
    return cast(ASGIApp, getattr(import_module(module), name))
