"""What of a request's body is read, whatever the app that answers reads of it.

An answer that comes before the body was read is one that plain clients never see: they send all of it first, and find the
connection closed under their hands. So a body that an app leaves unread is drained before its answer goes out: never more
than a bound, and not for long. And no app is given more of a body than a wire takes, however it was announced.
"""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: how much is read of a body that nobody wants, so that its sender reads why; beyond it the connection is closed at once
DRAINED_BYTES = 128_000_000
#: how long that may take in all, and how long its sender may be silent meanwhile
DRAINED_S = 30.0
SILENT_S = 5.0

_WITHOUT_BODY = ("GET", "HEAD")


class _Body:
    """One request's body on its way to an app."""

    def __init__(self, scope: Scope, receive: Receive, most_bytes: int) -> None:
        headers = dict(scope["headers"])
        self._receive = receive
        self._most_bytes = most_bytes
        self._came_bytes = 0
        self._is_awaited = headers.get(b"expect", b"").lower() == b"100-continue"
        announced = headers.get(b"content-length", b"0")
        self.is_read = b"transfer-encoding" not in headers and announced.strip(b"0 ") == b""
        self.is_too_large = False  #: the app asked for more than a wire takes

    async def receive(self) -> Message:
        """ASGI. An app sees that more has come than a wire takes; one that asks on hears that the client is gone."""
        if self._came_bytes > self._most_bytes:
            self.is_too_large = True
            return {"type": "http.disconnect"}
        message = await self._next()
        return {**message, "more_body": True} if self._came_bytes > self._most_bytes else message

    async def drain(self) -> None:
        """Read what is left, up to the bounds. Who waits to be asked for the body has sent nothing, and is not asked."""
        if self._is_awaited:
            return
        try:
            async with asyncio.timeout(DRAINED_S):
                ends_at_bytes = self._came_bytes + DRAINED_BYTES
                while not self.is_read and self._came_bytes < ends_at_bytes:
                    async with asyncio.timeout(SILENT_S):
                        await self._next()
        except TimeoutError:
            return

    async def _next(self) -> Message:
        self._is_awaited = False  # asking is what the client waited for
        message = await self._receive()
        if message["type"] == "http.request":
            self._came_bytes += len(message.get("body", b""))
            self.is_read = not message.get("more_body", False)
        else:
            self.is_read = True  # there is nobody to send more
        return message


class AnsweredAfterTheBody:
    """An app whose answers are sent when the body was read, and that never gets more than `most_bytes` of one."""

    def __init__(self, app: ASGIApp, *, most_bytes: int, too_large: ASGIApp) -> None:
        self._app, self._most_bytes, self._too_large = app, most_bytes, too_large

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or scope["method"] in _WITHOUT_BODY:
            await self._app(scope, receive, send)
            return
        body = _Body(scope, receive, self._most_bytes)
        has_begun = False

        async def send_after(message: Message) -> None:
            nonlocal has_begun
            if body.is_too_large and not has_begun:
                return  # what an app says that knows its client to be gone
            if message["type"] == "http.response.start":
                has_begun = True
                message = await _after(body, message)
            await send(message)

        try:
            await self._app(scope, body.receive, send_after)
        except Exception:
            if not body.is_too_large or has_begun:
                raise
        if body.is_too_large and not has_begun:

            async def send_too_large(message: Message) -> None:
                await send(await _after(body, message) if message["type"] == "http.response.start" else message)

            await self._too_large(scope, receive, send_too_large)


async def _after(body: _Body, start: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An answer's beginning, once the body is drained; where something is left of it, the connection ends with the answer."""
    if not body.is_read:
        await body.drain()
    if body.is_read:
        return start
    others = [(name, value) for name, value in start.get("headers", ()) if name.lower() != b"connection"]
    return {**start, "headers": [*others, (b"connection", b"close")]}
