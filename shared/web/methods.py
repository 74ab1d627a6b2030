"""HTTP's methods, the same at every address of every app: HEAD wherever GET is, OPTIONS everywhere, and `Allow` that is true.

RFC 9110: 9.3.2, 9.3.7 and 15.5.6. Apps declare what they do and nothing of this.
"""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: what a route may be declared for; HEAD and OPTIONS follow from these
_DECLARED = ("GET", "POST", "PUT", "PATCH", "DELETE")


def as_get(scope: Scope, send: Send) -> tuple[Scope, Send]:
    """A HEAD request as the GET that it asks about, and where its answer goes: the same without the body.

    The answer is complete with its head. So a server says that nobody reads on, and an answer of any length ends there.
    """
    is_complete = False

    async def without_body(message: Message) -> None:
        nonlocal is_complete
        if message["type"] != "http.response.body":
            await send(message)
        elif not is_complete:
            is_complete = True
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    return {**scope, "method": "GET"}, without_body


def methods_at(app: Starlette, path: str) -> tuple[str, ...]:
    """What an address of an app takes, as its own router sees it; empty if there is nothing at it."""
    declared = [method for method in _DECLARED if _is_taken(app, method, path)]
    return _with_what_follows(declared) if declared else ()


def _is_taken(app: Starlette, method: str, path: str) -> bool:
    scope = {"type": "http", "method": method, "path": path, "root_path": "", "headers": []}
    return any(route.matches(scope)[0] is Match.FULL for route in app.routes)


def _with_what_follows(declared: list[str]) -> tuple[str, ...]:
    return (*declared, *(["HEAD"] if "GET" in declared else []), "OPTIONS")


def read_only(app: ASGIApp) -> ASGIApp:
    """What has no router of its own and is only read."""
    allow = (b"allow", ", ".join(_with_what_follows(["GET"])).encode())

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "GET":
            await app(scope, receive, send)
            return
        if scope["method"] == "OPTIONS":
            await send({"type": "http.response.start", "status": 204, "headers": [allow]})
        else:
            await send({"type": "http.response.start", "status": 405, "headers": [allow, (b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    return answer
