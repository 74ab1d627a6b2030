"""Errors on the wire's API: RFC 9457 problem details, with every problem type declared here and explained in the docs."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from shared.errors import BarqError

MEDIA_TYPE = "application/problem+json"


class ProblemType(StrEnum):
    """Every kind of problem that the API answers with. `docs/problems.md` has a paragraph for each."""

    INVALID_ITEM = "invalid-item"
    INVALID_REQUEST = "invalid-request"
    NOT_JSON = "not-json"
    NOT_XML = "not-xml"
    NOT_TEXT = "not-text"
    NOT_UTF8 = "not-utf-8"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too-large"
    TOO_MANY_ITEMS = "too-many-items"
    EMPTY = "empty"
    UNSUPPORTED_MEDIA_TYPE = "unsupported-media-type"
    VERSION_CONFLICT = "version-conflict"
    OLDER_COPY = "older-copy"
    UNSTEADY_SOURCE = "unsteady-source"
    ALREADY_PUBLIC = "already-public"
    NO_KEY = "no-key"
    UNKNOWN_KEY = "unknown-key"
    REVOKED_KEY = "revoked-key"
    EXPIRED_KEY = "expired-key"
    WRONG_ADDRESS = "wrong-address"
    WRONG_ROLE = "wrong-role"
    MISSING_RIGHT = "missing-right"
    NOT_FOUND = "not-found"
    NO_SUCH_EDITION = "no-such-edition"
    GONE = "gone"
    METHOD_NOT_ALLOWED = "method-not-allowed"
    TOO_MANY_REQUESTS = "too-many-requests"
    UNAVAILABLE = "unavailable"
    DISK_FULL = "disk-full"
    BROKEN = "broken"


class FieldError(BaseModel):
    """One thing that is wrong with one field."""

    model_config = ConfigDict(frozen=True)

    at: str  #: the field, as a path: `subject.2.code`
    say: str


class Problem(BaseModel):
    """RFC 9457, with `errors` for what is wrong field by field."""

    model_config = ConfigDict(frozen=True)

    type: str
    title: str
    status: int
    detail: str
    errors: tuple[FieldError, ...] = ()


class Refused(BarqError):
    """A request or one of its items cannot be taken; the problem says why and what to do."""

    def __init__(
        self,
        kind: ProblemType,
        status: int,
        title: str,
        detail: str,
        *,
        errors: tuple[FieldError, ...] = (),
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.headers = headers or {}
        self.problem = Problem(
            type=f"urn:barq:problem:{kind}", title=title, status=status, detail=detail, errors=errors
        )

    @classmethod
    def again(cls, problem: Problem) -> Refused:
        """The refusal behind a problem that another part of the wire answered."""
        kind = ProblemType(problem.type.rpartition(":")[2])
        return cls(kind, problem.status, problem.title, problem.detail, errors=problem.errors)
