"""What every request goes through before an app of the wire sees it, and every answer after: in one place, for all roles.

A request that no app could make sense of (a NUL, an address or headers without end) is refused here. A body is counted while it
comes, by what its path takes and who shows a key; where a key is needed, it is looked at first. So no stranger makes this process
keep more than a form. Answers never repeat the `Host` that they were asked by, and are never taken for something else than they
say they are.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit, urlunsplit

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import DataError, OperationalError
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared import log
from shared.clients import client_of
from shared.contracts.problem import MEDIA_TYPE, ProblemType, Refused
from shared.database import engine
from shared.keys import Role, bearer, check_key
from shared.limits import Allowance, check
from shared.roles import Body, WebApp
from shared.settings import settings

#: what a stranger may send, and a form of settings
MOST_FORM_BYTES = 100_000
MOST_URL_BYTES = 8_000
MOST_HEADERS = 100
#: of the rest of a body that is too large, so much is let go by for so long, so that its sender reads why
_LINGER_S, _LINGER_BYTES = 1.0, 2_000_000

_NOSNIFF = (b"x-content-type-options", b"nosniff")
_TELL_OF_BODY = (b"content-length", b"transfer-encoding")

_log = log.get("http")

#: signing in is counted over all screens together
_SIGN_INS = Allowance(lambda: settings().sign_ins_per_minute)
_COUNTED: Mapping[str, Allowance] = {
    **dict.fromkeys(("/desk/sign-in", "/subscriber/sign-in", "/ops/sign-in"), _SIGN_INS),
    "/hub": Allowance(lambda: settings().hub_requests_per_minute),
}


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """What the headers of a request say, as far as it matters here."""

    host: bytes
    length: int | None  #: of the body, where it is announced
    has_body: bool
    authorization: str | None
    cookies: str
    is_form: bool
    waits: bool  #: its client sends the body only if it is asked to (`Expect`)


class _Gone(Exception):
    """The client went before its request was whole."""


class RequestGuard:
    """ASGI: one app behind the guard."""

    def __init__(self, app: ASGIApp, web: WebApp) -> None:
        self._app, self._web = app, web

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        asked = _asked(scope["headers"])
        tell = _telling(send, asked.host)
        try:
            _check_address(scope)
            _count(scope)
            if not asked.has_body or self._web.body is Body.STREAM:
                return await self._app(scope, receive, tell)
            body = await self._body(asked, receive)
        except Refused as refused:
            rest = receive if asked.has_body and not asked.waits else None
            return await answer(tell, refused, rest)
        except _Gone:
            return None
        return await self._app(scope, _replaying(body, receive), tell)

    async def _body(self, asked: _Asked, receive: Receive) -> bytes:
        """The whole body. Raises Refused (401, 403, 413, 422)."""
        most = MOST_FORM_BYTES
        if self._web.key:
            shows_key: bool = await run_in_threadpool(self._shows_key, asked)
            if shows_key and self._web.body is Body.DOCUMENT:
                most = settings().max_body_bytes
        if asked.length is not None and asked.length > most:
            raise _too_large(most)
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] != "http.request":
                raise _Gone
            body += message.get("body", b"")
            if len(body) > most:
                raise _too_large(most)
            if not message.get("more_body", False):
                break
        if asked.is_form and (b"%00" in body or b"\0" in body):
            raise _no_nul(422)
        return bytes(body)

    def _shows_key(self, asked: _Asked) -> bool:
        """Does whoever asks show a key of the role that this app is for? Programs are refused without one: raises Refused.

        People without one are not; they may be about to sign in.
        """
        cookie = _cookie(asked.cookies, self._web.cookie) if self._web.cookie else None
        secret = bearer(asked.authorization) or cookie
        try:
            with engine().connect() as connection:
                check_key(connection, secret, Role(self._web.key))
        except Refused:
            if not self._web.cookie:
                raise
            return False
        except OperationalError:  # which the app says in its own way
            return False
        return True


def _too_large(most: int) -> Refused:
    """A body that is larger than its path takes."""
    return Refused(
        ProblemType.TOO_LARGE, 413, "Too large", f"The body is larger than {most:,} bytes, which is the most that is taken here."
    )


async def answer(send: Send, refused: Refused, rest: Receive | None = None) -> None:
    """Answer with a problem and end the connection; what still comes of the body is let go by for a moment."""
    body = json.dumps(refused.problem.model_dump(mode="json", exclude_defaults=True)).encode()
    told = {"content-type": MEDIA_TYPE, "content-length": str(len(body)), "connection": "close", **refused.headers}
    headers = [(name.lower().encode(), value.encode()) for name, value in told.items()]
    await send({"type": "http.response.start", "status": refused.problem.status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": rest is not None})
    if rest is not None:
        left = _LINGER_BYTES
        with suppress(TimeoutError):
            async with asyncio.timeout(_LINGER_S):
                while left > 0 and (message := await rest()).get("more_body", False):
                    left -= len(message.get("body", b""))
        await send({"type": "http.response.body", "body": b""})


def answer_what_cannot_be_kept(app: FastAPI) -> None:
    """The last net of an app: values that the database cannot keep are the sender's fault, and a client that went is nobody's."""

    @app.exception_handler(DataError)
    @app.exception_handler(UnicodeEncodeError)
    async def cannot_be_kept(request: Request, error: Exception) -> Response:
        _log.warning("request.cannot_be_kept", path=request.url.path[:200], error=error.__class__.__name__)
        problem = Refused(
            ProblemType.INVALID_REQUEST,
            422,
            "Invalid request",
            "Something in it cannot be kept: a NUL character, half of a pair of surrogates, or a number that is too large.",
        ).problem
        return JSONResponse(problem.model_dump(mode="json", exclude_defaults=True), 422, media_type=MEDIA_TYPE)

    @app.exception_handler(ClientDisconnect)
    async def gone(_: Request, __: Exception) -> Response:
        return Response(status_code=400)  # which nobody reads


def _asked(headers: Iterable[tuple[bytes, bytes]]) -> _Asked:
    said = {name: value for name, value in headers if name in _OF_INTEREST}
    length = said.get(b"content-length", b"")
    announced = int(length) if length.isdigit() and len(length) < 20 else None
    return _Asked(
        host=said.get(b"host", b""),
        length=announced,
        has_body=b"transfer-encoding" in said or bool(announced) or (bool(length) and announced is None),
        authorization=said[b"authorization"].decode("latin-1") if b"authorization" in said else None,
        cookies=said.get(b"cookie", b"").decode("latin-1"),
        is_form=said.get(b"content-type", b"").lower().startswith(b"application/x-www-form-urlencoded"),
        waits=b"expect" in said,
    )


_OF_INTEREST = frozenset((*_TELL_OF_BODY, b"host", b"authorization", b"cookie", b"content-type", b"expect"))


def _cookie(said: str, name: str) -> str | None:
    try:
        found = SimpleCookie(said).get(name)
    except CookieError:
        return None
    return found.value if found else None


def _check_address(scope: Scope) -> None:
    """Raises Refused (404, 414, 422, 431) for what no app need see."""
    query: bytes = scope["query_string"]
    if "\0" in scope["path"]:
        raise _no_nul(404)
    if b"%00" in query or b"\0" in query:
        raise _no_nul(422)
    if len(scope.get("raw_path") or b"") + len(query) > MOST_URL_BYTES:
        raise Refused(
            ProblemType.TOO_LARGE, 414, "Address too long", f"The address is longer than {MOST_URL_BYTES:,} bytes; none here is."
        )
    if len(scope["headers"]) > MOST_HEADERS:
        raise Refused(
            ProblemType.TOO_LARGE, 431, "Too many headers", f"The request has more than {MOST_HEADERS} headers; send fewer."
        )


def _no_nul(status: int) -> Refused:
    kind, title = (
        (ProblemType.NOT_FOUND, "Not found") if status == 404 else (ProblemType.INVALID_REQUEST, "Invalid request")
    )
    return Refused(kind, status, title, "The request has a NUL character, which no name and no text here has.")


def _count(scope: Scope) -> None:
    """Raises Refused (429) for an address that comes too often to a door without a key."""
    allowance = _COUNTED.get(scope["path"]) if scope["method"] == "POST" else None
    if allowance and (client := client_of(scope)):
        check(allowance, client)


def _telling(send: Send, host: bytes) -> Send:
    """Sends answers on, with what each of them must say."""

    async def tell(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = message.get("headers", ())
            if _NOSNIFF not in headers:
                headers = [*headers, _NOSNIFF]
            if 300 <= message["status"] < 400 and host:
                headers = [
                    (name, _own(bytes(value), host)) if name.lower() == b"location" else (name, value)
                    for name, value in headers
                ]
            message = {**message, "headers": headers}
        await send(message)

    return tell


def _own(location: bytes, host: bytes) -> bytes:
    """An address of this origin without the name that it was asked by: whoever asks could have made that up."""
    try:
        at = urlsplit(location.decode("latin-1"))
    except ValueError:
        return location
    if at.netloc.encode("latin-1") != host:
        return location
    path = "/" + at.path.lstrip("/\\")  # two slashes would be another host
    return urlunsplit(("", "", path, at.query, at.fragment)).encode("latin-1")


def _replaying(body: bytes, receive: Receive) -> Receive:
    """A body that was read, once more; then whatever comes."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again
