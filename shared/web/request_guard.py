"""What every request goes through before an app of the wire sees it, and every answer after: in one place, for all roles.

A request that no app could make sense of (a NUL, an address or headers without end) is refused here. A body is counted while it
comes, by what its path takes and who shows a key; where a key is needed, it is looked at first. So no stranger makes this process
keep more than a form. Answers never repeat the `Host` that they were asked by, and are never taken for something else than they
say they are; what a program is answered as a problem, a person reads as a page.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Iterable, Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit, urlunsplit

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as SQLAlchemyTimeout
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared import log
from shared.archive.database import engine
from shared.contracts.problem import (
    MEDIA_TYPE,
    AddressTooLong,
    HeadersTooLarge,
    InvalidRequest,
    MalformedRequest,
    NotFound,
    Refused,
    TooLarge,
    Unavailable,
)
from shared.roles import Body, WebApp
from shared.settings import settings
from shared.web.clients import ASKING, client_of
from shared.web.keys import Role, bearer, check_key
from shared.web.limits import Allowance, check
from shared.web.pages import ProblemPage

#: what a stranger may send, and a form of settings
MOST_FORM_BYTES = 100_000
MOST_URL_BYTES = 8_000
MOST_HEADERS = 100

_NOSNIFF = (b"x-content-type-options", b"nosniff")

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

    length: int  #: of the body, as far as it is announced
    authorization: str | None
    cookies: str
    is_form: bool


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
        if ASKING.get(None) is not None:  # the desk asks the wire's own API, for who asks the desk
            return await self._guarded(scope, receive, send)
        asking = ASKING.set(scope)
        try:
            await self._guarded(scope, receive, send)
        finally:
            ASKING.reset(asking)

    async def _guarded(self, scope: Scope, receive: Receive, send: Send) -> None:
        tell = _telling(send, scope)
        announced = _announced(scope["headers"])
        try:
            _check_address(scope)
            if scope["path"] in _COUNTED:
                _count(scope)
            if announced is None or self._web.body is Body.STREAM:
                return await self._app(scope, receive, tell)
            asked = _asked(scope["headers"], announced)
            body = await self._body(asked, receive)
        except Refused as refused:
            return await answer(tell, refused)
        except _Gone:
            return None
        return await self._app(scope, _replaying(body, receive), tell)

    async def _body(self, asked: _Asked, receive: Receive) -> bytes:
        """The whole body. Raises Refused (401, 403, 413, 422, 503)."""
        most = MOST_FORM_BYTES
        if self._web.key:
            shows_key: bool = await run_in_threadpool(self._shows_key, asked)
            if shows_key and self._web.body is Body.DOCUMENT:
                most = settings().max_body_bytes
        if asked.length > most:
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
            raise InvalidRequest(_NUL)
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
        except (OperationalError, SQLAlchemyTimeout) as away:  # how much may be sent is not known, and nothing could be kept
            raise not_now() from away
        return True


def not_now() -> Refused:
    """The problem of every request that needs the database while it does not answer."""
    return Unavailable(
        "The wire's database did not answer. Nothing was stored; send the same again in a few seconds.",
        headers={"Retry-After": "5"},
    )


def _too_large(most: int) -> Refused:
    """A body that is larger than its path takes."""
    return TooLarge(f"The body is larger than {most:,} bytes, which is the most that is taken here.")


async def answer(send: Send, refused: Refused) -> None:
    """Answer with a problem and end the connection; what still comes of the body is let go by where apps meet (`bodies.py`)."""
    body = json.dumps(refused.problem.model_dump(mode="json", exclude_defaults=True)).encode()
    answered = {"content-type": MEDIA_TYPE, "content-length": str(len(body)), "connection": "close", **refused.headers}
    headers = [(name.lower().encode(), value.encode()) for name, value in answered.items()]
    await send({"type": "http.response.start", "status": refused.problem.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def answer_what_cannot_be_kept(app: FastAPI) -> None:
    """The last net of an app: values that the database cannot keep are the sender's fault, and a client that went is nobody's."""

    @app.exception_handler(DataError)
    @app.exception_handler(UnicodeEncodeError)
    async def cannot_be_kept(request: Request, error: Exception) -> Response:
        _log.warning("request.cannot_be_kept", path=request.url.path[:200], error=error.__class__.__name__)
        problem = InvalidRequest(
            "Something in it cannot be kept: a NUL character, half of a pair of surrogates, or a number that is too large.",
        ).problem
        return JSONResponse(problem.model_dump(mode="json", exclude_defaults=True), 422, media_type=MEDIA_TYPE)

    @app.exception_handler(ClientDisconnect)
    async def gone(_: Request, __: Exception) -> Response:
        return Response(status_code=400)  # which nobody reads


def _announced(headers: Iterable[tuple[bytes, bytes]]) -> int | None:
    """How long the body is, 0 if that is not said; None if there is no body."""
    length = None
    for name, value in headers:
        if name == b"content-length" and value != b"0":
            length = int(value) if value.isdigit() and len(value) < 20 else 0
        elif name == b"transfer-encoding":
            return 0
    return length


def _asked(headers: Iterable[tuple[bytes, bytes]], length: int) -> _Asked:
    said = dict(headers)
    return _Asked(
        length=length,
        authorization=said[b"authorization"].decode("latin-1") if b"authorization" in said else None,
        cookies=said.get(b"cookie", b"").decode("latin-1"),
        is_form=said.get(b"content-type", b"").lower().startswith(b"application/x-www-form-urlencoded"),
    )


def _cookie(said: str, name: str) -> str | None:
    try:
        found = SimpleCookie(said).get(name)
    except CookieError:
        return None
    return found.value if found else None


def _check_address(scope: Scope) -> None:
    """Raises Refused (400, 404, 414, 422, 431) for what no app need see."""
    query: bytes = scope["query_string"]
    if "\0" in scope["path"]:
        raise NotFound(_NUL)
    if b"%00" in query or b"\0" in query:
        raise InvalidRequest(_NUL)
    if len(scope.get("raw_path") or b"") + len(query) > MOST_URL_BYTES:
        raise AddressTooLong(f"The address is longer than {MOST_URL_BYTES:,} bytes; none here is.")
    if len(scope["headers"]) > MOST_HEADERS:
        raise HeadersTooLarge(f"The request has more than {MOST_HEADERS} headers; send fewer.")
    hosts = sum(name == b"host" for name, _ in scope["headers"])
    if hosts > 1 or (not hosts and scope["http_version"] == "1.1"):  # RFC 9112, 3.2: two readers could see two of them
        raise MalformedRequest("The request must name its host once, in one `Host` header.")


_NUL = "The request has a NUL character, which no name and no text here has."


def _count(scope: Scope) -> None:
    """Raises Refused (429) for an address that comes too often to a door without a key."""
    if scope["method"] == "POST" and (client := client_of(scope)):
        check(_COUNTED[scope["path"]], client)


def _telling(send: Send, scope: Scope) -> Send:
    """Sends answers on, with what each of them must say."""

    page: ProblemPage | None = None

    def tell(message: Message) -> Awaitable[None]:
        nonlocal page
        if message["type"] == "http.response.start":
            message = _as_answered(message, scope)
            if message["status"] >= 400 and _is_for_a_person(scope, message):
                page = ProblemPage(message, send)
                return _nothing()
        return page.add(message) if page else send(message)

    return tell


async def _nothing() -> None:
    """Nothing is sent yet."""


def _is_for_a_person(scope: Scope, answer: Message) -> bool:
    """Is this a problem for programs, in answer to a browser that opened a page? What is asked of the API is a program's."""
    if scope["path"].startswith("/v1/"):
        return False
    is_problem = any(name.lower() == b"content-type" and value == MEDIA_TYPE.encode() for name, value in answer["headers"])
    return is_problem and any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])


def _as_answered(message: Message, scope: Scope) -> Message:
    headers = message.get("headers", ())
    if 300 <= message["status"] < 400 and message["status"] != 304:
        headers = _without_host(headers, scope)
    elif _NOSNIFF in headers:  # as feeds have it: nothing is made anew for them
        return message
    return {**message, "headers": headers if _NOSNIFF in headers else [*headers, _NOSNIFF]}


def _without_host(headers: Iterable[tuple[bytes, bytes]], scope: Scope) -> list[tuple[bytes, bytes]]:
    host = next((value for name, value in scope["headers"] if name == b"host"), b"")
    return [(name, _own(bytes(value), host) if name.lower() == b"location" else value) for name, value in headers]


def _own(location: bytes, host: bytes) -> bytes:
    """An address of this origin without the name that it was asked by: whoever asks could have made that up."""
    try:
        at = urlsplit(location.decode("latin-1"))
    except ValueError:
        return location
    if not at.netloc or at.netloc.encode("latin-1") != host:
        return location
    path = "/" + at.path.lstrip("/\\")  # two slashes would be another host
    return urlunsplit(("", "", path, at.query, at.fragment)).encode("latin-1")


def _replaying(body: bytes, receive: Receive) -> Receive:
    """A body that was read, once more; then whatever comes."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again
