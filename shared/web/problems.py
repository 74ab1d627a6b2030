"""What every HTTP app of the wire answers in the same way: problems, and who is asking."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from psycopg.errors import DiskFull
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.middleware.base import RequestResponseEndpoint

from shared import log
from shared.archive import disk
from shared.archive.database import engine
from shared.contracts.problem import (
    MEDIA_TYPE,
    Broken,
    FieldError,
    InvalidRequest,
    MethodNotAllowed,
    NoSuchEdition,
    NotFound,
    Problem,
    Refused,
    TooLarge,
)
from shared.settings import settings
from shared.web.keys import Key, Right, Role, check_key
from shared.web.methods import methods_at
from shared.web.request_guard import answer_what_cannot_be_kept, not_now
from shared.wire.config import wire

_log = log.get("http")


def problem_response(problem: Problem, headers: dict[str, str] | None = None) -> Response:
    """A problem as RFC 9457 has it."""
    return JSONResponse(
        problem.model_dump(mode="json", exclude_defaults=True), problem.status, headers=headers, media_type=MEDIA_TYPE
    )


def too_large(most_bytes: int) -> Refused:
    """The problem of a body that is larger than this wire takes."""
    return TooLarge(
        f"The body is larger than {most_bytes:,} bytes; send less at a time.",
    )


def unavailable() -> Response:
    """The answer while the database does not answer."""
    refused = not_now()
    return problem_response(refused.problem, refused.headers)


def must_be_edition(edition: str) -> None:
    """Raises Refused (404) for an edition that the wire does not have."""
    if edition not in wire().editions:
        raise NoSuchEdition(
            f"This wire has no edition {edition[:40]!r}; it has {', '.join(wire().editions)}.",
        )


def http_problem(request: Request, error: HTTPException) -> Response:
    """An error of the framework's own as a problem: an address or a method that is not there. OPTIONS gets what is there."""
    kinds: dict[int, type[Refused]] = {404: NotFound, 405: MethodNotAllowed}
    detail = f"{request.method} {request.url.path}: {error.detail}"
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = ", ".join(methods_at(request.app, request.url.path))
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=headers)
    return problem_response(kinds.get(error.status_code, InvalidRequest)(detail).problem, headers)


_WRITES = {"POST", "PUT", "PATCH", "DELETE"}

#: digits of a body's length that are a number; Python reads no more than 4,300
_LONGEST_LENGTH = 20

#: what is written here may take text back, or mend the wire: it goes on with a disk that is nearly full
_TAKE_BACK = ("/v1/items", "/desk", "/ops")


def answer_problems(app: FastAPI) -> None:
    """Let an app answer every error as a problem with a sentence that helps, and refuse bodies that are too large."""

    answer_what_cannot_be_kept(app)

    @app.middleware("http")
    async def limit(request: Request, call_next: RequestResponseEndpoint) -> Response:
        announced = request.headers.get("content-length", "")
        if announced.isdecimal() and (len(announced) > _LONGEST_LENGTH or int(announced) > settings().max_body_bytes):
            return problem_response(too_large(settings().max_body_bytes).problem, {"Connection": "close"})
        if request.method in _WRITES and not request.url.path.startswith(_TAKE_BACK) and disk.trouble():
            refused = disk.no_room()
            return problem_response(refused.problem, refused.headers)
        return await call_next(request)

    @app.exception_handler(Refused)
    async def refused(_: Request, error: Refused) -> Response:
        return problem_response(error.problem, error.headers)

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> Response:
        errors = tuple(
            FieldError.at(".".join(str(part) for part in e["loc"] if part != "body"), e["msg"]) for e in error.errors()
        )
        return problem_response(
            InvalidRequest(
                "Some fields are missing or wrong; `errors` names each.",
                errors=errors,
            ).problem
        )

    @app.exception_handler(HTTPException)
    async def http_error(request: Request, error: HTTPException) -> Response:
        return http_problem(request, error)

    @app.exception_handler(OperationalError)
    async def database_away(_: Request, error: OperationalError) -> Response:
        _log.error("request.failed", error=repr(error.orig))
        if isinstance(error.orig, DiskFull):
            full = disk.no_room()
            return problem_response(full.problem, full.headers)
        return unavailable()

    @app.exception_handler(Exception)
    async def unforeseen(request: Request, error: Exception) -> Response:
        _log.error("request.broken", path=request.url.path, exc_info=error)
        return problem_response(
            Broken(
                "The wire failed at your request. Nothing was stored; ops can find the reason in the log.",
            ).problem
        )


_BEARER = HTTPBearer(auto_error=False, scheme_name="key", description="a key, as `barq key create` shows it once")

Shown = Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]


def needs(role: Role, *rights: Right) -> Callable[[Shown], Key]:
    """A FastAPI dependency: the caller's key, which must have the role and, if any is named, one of the rights."""

    def dependency(shown: Shown) -> Key:
        with engine().connect() as connection:
            key = check_key(connection, shown.credentials if shown else None, role)
        if rights:
            key.must(*rights)
        return key

    return dependency
