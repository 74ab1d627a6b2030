"""Errors on the wire's API: RFC 9457 problem details, one class for each kind of problem, explained in `docs/problems.md`.

Refused                     a request or an item cannot be taken; carries the problem
├── Invalid                 422: fields are missing or wrong
│   ├── InvalidItem
│   └── InvalidRequest
├── Malformed               400: the bytes are not what they say
│   ├── Empty
│   ├── MalformedRequest
│   ├── NotJson
│   ├── NotText
│   ├── NotUtf8
│   └── NotXml
├── Unreadable              422: reading it takes more than a document may take
├── UnsupportedMediaType    415
├── TooMuch                 more than is taken
│   ├── AddressTooLong      414
│   ├── HeadersTooLarge     431
│   ├── TooLarge            413
│   ├── TooManyItems        413
│   └── TooManyRequests     429
├── Conflict                409: what is there says otherwise
│   ├── AlreadyPublic
│   ├── OlderCopy
│   ├── UnsteadySource
│   └── VersionConflict
├── NotKnown                401: who is asking?
│   ├── ExpiredKey
│   ├── NoKey
│   ├── RevokedKey
│   └── UnknownKey
├── Forbidden               403: known, and may not
│   ├── ForeignForm
│   ├── MissingRight
│   ├── WrongAddress
│   └── WrongRole
├── NotFound                404
│   └── NoSuchEdition
├── Gone                    410
├── MethodNotAllowed        405
└── NotNow                  5xx: nothing was stored
    ├── Broken              500
    ├── DiskFull            507
    └── Unavailable         503
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from shared.errors import BarqError

MEDIA_TYPE = "application/problem+json"
_URN = "urn:barq:problem:"


class ProblemType(StrEnum):
    """Every kind of problem that the API answers with. `docs/problems.md` has a paragraph for each."""

    INVALID_ITEM = "invalid-item"
    INVALID_REQUEST = "invalid-request"
    MALFORMED_REQUEST = "malformed-request"
    NOT_JSON = "not-json"
    NOT_XML = "not-xml"
    NOT_TEXT = "not-text"
    NOT_UTF8 = "not-utf-8"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too-large"
    ADDRESS_TOO_LONG = "address-too-long"
    HEADERS_TOO_LARGE = "headers-too-large"
    TOO_MANY_ITEMS = "too-many-items"
    EMPTY = "empty"
    UNSUPPORTED_MEDIA_TYPE = "unsupported-media-type"
    CONFLICT = "conflict"
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
    FOREIGN_FORM = "foreign-form"
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

    pointer: str  #: the field in what was sent, as RFC 6901 has it: `/subject/2/code`; empty for the whole
    detail: str

    @classmethod
    def at(cls, field: str, detail: str) -> FieldError:
        """What is wrong at a field, named by the path to it with dots: `subject.2.code`; "" for the whole."""
        steps = field.split(".") if field else []
        return cls(pointer="".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps), detail=detail)

    @property
    def field(self) -> str:
        """The path to the field with dots, as people read it."""
        return ".".join(step.replace("~1", "/").replace("~0", "~") for step in self.pointer.split("/")[1:])


class Problem(BaseModel):
    """RFC 9457, with `errors` for what is wrong field by field."""

    model_config = ConfigDict(frozen=True)

    type: str
    title: str
    status: int
    detail: str
    errors: tuple[FieldError, ...] = ()


class Refused(BarqError):
    """A request or one of its items cannot be taken; the problem says why and what to do.

    `detail` is a sentence for people that says what to do; `headers` go with an answer over HTTP.
    """

    kind: ClassVar[ProblemType]
    status: ClassVar[int]
    title: ClassVar[str]

    def __init__(self, detail: str, *, errors: tuple[FieldError, ...] = (), headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.headers = dict(headers or {})
        self.problem = Problem(type=_URN + self.kind, title=self.title, status=self.status, detail=detail, errors=errors)

    @staticmethod
    def again(problem: Problem) -> Refused:
        """The refusal behind a problem that another part of the wire answered."""
        return BY_TYPE[ProblemType(problem.type.removeprefix(_URN))](problem.detail, errors=problem.errors)


class Invalid(Refused):
    """Fields are missing or wrong; `errors` names each."""

    status = 422


class InvalidItem(Invalid):
    """An item's own fields."""

    kind, title = ProblemType.INVALID_ITEM, "Invalid item"


class InvalidRequest(Invalid):
    """A request's fields."""

    kind, title = ProblemType.INVALID_REQUEST, "Invalid request"


class Malformed(Refused):
    """The bytes are not what they say that they are."""

    status = 400


class MalformedRequest(Malformed):
    """A request that is none by HTTP's own rules."""

    kind, title = ProblemType.MALFORMED_REQUEST, "Malformed request"


class Empty(Malformed):
    """There is no body, or no item in it."""

    kind, title = ProblemType.EMPTY, "Empty"


class NotJson(Malformed):
    """The body, or a line of it, is not JSON."""

    kind, title = ProblemType.NOT_JSON, "Not JSON"


class NotXml(Malformed):
    """XML that is broken, cut off, or declares entities of its own."""

    kind, title = ProblemType.NOT_XML, "Not XML"


class NotText(Malformed):
    """A binary file, or a message that cannot be taken apart."""

    kind, title = ProblemType.NOT_TEXT, "Not text"


class NotUtf8(Malformed):
    """JSON in letters that nobody can read."""

    kind, title = ProblemType.NOT_UTF8, "Not UTF-8"


class Unreadable(Refused):
    """Reading it takes more time or memory than a document may take."""

    kind, status, title = ProblemType.UNREADABLE, 422, "Unreadable"


class UnsupportedMediaType(Refused):
    """It is in no format that is known."""

    kind, status, title = ProblemType.UNSUPPORTED_MEDIA_TYPE, 415, "Unsupported media type"


class TooMuch(Refused):
    """More than is taken at once."""


class TooLarge(TooMuch):
    """A body that is larger than its path takes."""

    kind, status, title = ProblemType.TOO_LARGE, 413, "Too large"


class AddressTooLong(TooMuch):
    """A path and query that are longer than any of the wire's."""

    kind, status, title = ProblemType.ADDRESS_TOO_LONG, 414, "Address too long"


class HeadersTooLarge(TooMuch):
    """More headers, or more in them, than are taken."""

    kind, status, title = ProblemType.HEADERS_TOO_LARGE, 431, "Headers too large"


class TooManyItems(TooMuch):
    """More items than one request may bring."""

    kind, status, title = ProblemType.TOO_MANY_ITEMS, 413, "Too many items"


class TooManyRequests(TooMuch):
    """More was asked for in a minute than one address may."""

    kind, status, title = ProblemType.TOO_MANY_REQUESTS, 429, "Too many requests"


class Conflict(Refused):
    """What is there already says otherwise."""

    kind, status, title = ProblemType.CONFLICT, 409, "Conflict"


class VersionConflict(Conflict):
    """This version was accepted before with other content."""

    kind, title = ProblemType.VERSION_CONFLICT, "Version conflict"


class OlderCopy(Conflict):
    """An older copy of what was taken before."""

    kind, title = ProblemType.OLDER_COPY, "Older copy"


class UnsteadySource(Conflict):
    """The same text from the same source under another name."""

    kind, title = ProblemType.UNSTEADY_SOURCE, "Unsteady source"


class AlreadyPublic(Conflict):
    """An embargo or a schedule for a story that readers have."""

    kind, title = ProblemType.ALREADY_PUBLIC, "Already public"


class NotKnown(Refused):
    """Nobody knows who is asking."""

    status = 401


class NoKey(NotKnown):
    """No key was shown."""

    kind, title = ProblemType.NO_KEY, "No key"


class UnknownKey(NotKnown):
    """A key that is not this wire's."""

    kind, title = ProblemType.UNKNOWN_KEY, "Unknown key"


class RevokedKey(NotKnown):
    """A key that was ended."""

    kind, title = ProblemType.REVOKED_KEY, "Revoked key"


class ExpiredKey(NotKnown):
    """A key whose time is over."""

    kind, title = ProblemType.EXPIRED_KEY, "Expired key"


class Forbidden(Refused):
    """Who is asking is known, and may not."""

    status = 403


class WrongRole(Forbidden):
    """A key for something else."""

    kind, title = ProblemType.WRONG_ROLE, "Wrong role"


class WrongAddress(Forbidden):
    """A key that is for other networks."""

    kind, title = ProblemType.WRONG_ADDRESS, "Wrong address"


class MissingRight(Forbidden):
    """A key of the right role that may not do this."""

    kind, title = ProblemType.MISSING_RIGHT, "Missing right"


class ForeignForm(Forbidden):
    """A form that did not come from a page of this wire's."""

    kind, title = ProblemType.FOREIGN_FORM, "Not from this page"


class NotFound(Refused):
    """There is nothing at this address."""

    kind, status, title = ProblemType.NOT_FOUND, 404, "Not found"


class NoSuchEdition(NotFound):
    """The wire has no such edition."""

    kind, title = ProblemType.NO_SUCH_EDITION, "No such edition"


class Gone(Refused):
    """The story was killed."""

    kind, status, title = ProblemType.GONE, 410, "Killed"


class MethodNotAllowed(Refused):
    """The address does not take this method."""

    kind, status, title = ProblemType.METHOD_NOT_ALLOWED, 405, "Method not allowed"


class NotNow(Refused):
    """The wire itself cannot; nothing was stored."""


class Unavailable(NotNow):
    """The database, or whoever else is needed, does not answer."""

    kind, status, title = ProblemType.UNAVAILABLE, 503, "Not now"


class DiskFull(NotNow):
    """There is no room to keep anything."""

    kind, status, title = ProblemType.DISK_FULL, 507, "Disk full"


class Broken(NotNow):
    """A fault of the wire."""

    kind, status, title = ProblemType.BROKEN, 500, "A fault of this wire"


def kinds(above: type[Refused] = Refused) -> Iterator[type[Refused]]:
    """Every class with a problem type of its own."""
    for below in above.__subclasses__():
        if "kind" in vars(below):
            yield below
        yield from kinds(below)


BY_TYPE: Mapping[ProblemType, type[Refused]] = {each.kind: each for each in kinds()}
