"""Who left out the slash at the end of an address, or wrote one too many, is shown the way: only if it leads somewhere."""

from __future__ import annotations

from fastapi import FastAPI, Request
from starlette.types import Message

from shared.web.methods import methods_at


async def with_the_other_slash(request: Request) -> str | None:
    """The address with a slash more or less, if there is something to read at it and no route knows this one."""
    path = request.url.path
    other = path.rstrip("/") if path.endswith("/") else f"{path}/"
    app: FastAPI = request.app
    if "endpoint" in request.scope or "GET" not in methods_at(app, other) or not await _is_there(request, other):
        return None
    return str(request.url.replace(path=other))


async def _is_there(request: Request, path: str) -> bool:
    """Is a reader answered at this address? The app itself says so: it knows editions, feeds and tags."""
    statuses: list[int] = []
    kept = ("type", "asgi", "http_version", "scheme", "server", "client", "root_path", "query_string", "headers")
    scope = {name: request.scope[name] for name in kept if name in request.scope}

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    await request.app({**scope, "method": "GET", "path": path, "raw_path": path.encode()}, receive, send)
    return bool(statuses) and statuses[0] < 400
