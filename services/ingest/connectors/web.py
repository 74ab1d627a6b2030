"""Polled addresses: RSS, Atom, JSON Feed, ninjs, NewsML-G2 or anything else over HTTP, with conditional requests.

Validators are kept and sent back word by word. A server that has none is not made to pay for it here: the same body again
is not read again. `Retry-After` is honoured, permanent moves are followed, and an older copy out of a cache is known as one.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import unquote, urlsplit, urlunsplit

from httpx import Headers

from services.ingest.acceptance import Arrival
from services.ingest.connectors.connector import Gone, Memory, PollContext, SourceDocument
from shared.web.outbound import Fetched, Unreachable, asked_to_wait, fetch

SCHEMES = ("https", "http")

_VALIDATORS = {"etag": "if-none-match", "last-modified": "if-modified-since"}
_NOTHING_NEW = (204, 304)
_GONE = 410
#: machines behind one name have clocks that differ by so much at the most
_CLOCKS_OF_ONE_HOST = timedelta(minutes=1)
_EXACT = timedelta(seconds=2)
_MAX_OLD_COPIES = timedelta(hours=1)
_ACCEPT = "application/json, application/feed+json, application/atom+xml, application/rss+xml, application/xml, */*;q=0.5"


def poll(context: PollContext) -> Iterator[SourceDocument]:
    """The document, if it is another than the last time."""
    answer = _fetch(context)
    host = context.source.at.netloc.rpartition("@")[2]
    context.asked_to_wait = asked_to_wait(answer.headers.get("retry-after"), context.now)
    if answer.status == _GONE:
        raise Gone(f"{host} answered 410: it is gone for good")
    _note_move(context, answer)
    if answer.status in _NOTHING_NEW:
        return
    if answer.status != 200:
        raise Unreachable(f"{host} answered {answer.status}")
    digest = hashlib.sha256(answer.body).hexdigest()
    made = _Made.of(answer.headers, context.now)
    is_old_copy = _is_old_copy(made, context.memory, context.now)

    def put_away(_: list[str]) -> None:
        # only now: a poll that was cut off must see the document again
        if not is_old_copy:
            validators = {name: answer.headers[name] for name in _VALIDATORS if name in answer.headers}
            context.memory.update(validators=validators, digest=digest, **made.to_memory())
            context.memory.pop("old_copies_since", None)

    if digest == context.memory.get("digest"):
        put_away([])
        return
    yield SourceDocument(
        name=context.source.url,
        body=answer.body,
        content_type=answer.headers.get("content-type", ""),
        arrival=Arrival(address=answer.address, is_polled=True, is_old_copy=is_old_copy),
        put_away=put_away,
    )


def _fetch(context: PollContext) -> Fetched:
    at = context.source.at
    validators = context.memory.get("validators", {})
    headers = {
        "user-agent": "Barq",
        "accept": _ACCEPT,
        **_authorization(at.username, context.secret),
        **{_VALIDATORS[name]: value for name, value in validators.items()},
    }
    url = urlunsplit((at.scheme, at.netloc.rpartition("@")[2], at.path or "/", at.query, ""))
    return fetch(url, headers=headers, timeout_s=context.timeout_s, most_bytes=context.max_bytes)


def _note_move(context: PollContext, answer: Fetched) -> None:
    """Keep a move that is for good; but a secret goes nowhere that nobody named, and TLS is not given up."""
    if not answer.moved_to:
        return
    was, to = context.source.at, urlsplit(answer.moved_to)
    if (was.scheme, to.scheme) == ("https", "http"):
        context.remark = f"it says that it moved to {answer.moved_to}, without TLS: not followed for good"
    elif to.netloc == was.netloc.rpartition("@")[2]:
        context.moved_to = urlunsplit(to._replace(netloc=was.netloc))
    elif context.secret or was.username:
        context.remark = f"it moved to {answer.moved_to}, another host, which is not sent the secret: add the source anew"
    else:
        context.moved_to = answer.moved_to


@dataclass(frozen=True, kw_only=True)
class _Made:
    """When a document was made, by its server's own marks."""

    modified_at: datetime | None
    made_at: datetime | None
    is_cached: bool  #: a cache says how old its copy is: what it says of the time is exact

    @classmethod
    def of(cls, headers: Headers, now: datetime) -> _Made:
        """As an answer's headers say."""
        made_at = _date(headers.get("date"))
        age = headers.get("age", "").strip()
        is_cached = age.isdecimal() and len(age) < 9
        if is_cached:  # some caches write their own date, some the origin's
            since = now - timedelta(seconds=int(age))
            made_at = min(made_at, since) if made_at else since
        return cls(modified_at=_date(headers.get("last-modified")), made_at=made_at, is_cached=is_cached and age != "0")

    def to_memory(self) -> Memory:
        """As it is remembered for the next poll."""
        return {
            name: moment.isoformat() if moment else None
            for name, moment in (("modified_at", self.modified_at), ("made_at", self.made_at))
        }


def _is_old_copy(made: _Made, memory: Memory, now: datetime) -> bool:
    """Is this an older state of the document than the one that was taken before? Believed for an hour, no longer: a server
    whose clock was put back must not be silent for ever.
    """
    modified_at, made_at = (
        datetime.fromisoformat(value) if (value := memory.get(name)) else None for name in ("modified_at", "made_at")
    )
    is_older = bool(modified_at and made.modified_at and made.modified_at < modified_at) or bool(
        made_at and made.made_at and made.made_at < made_at - (_EXACT if made.is_cached else _CLOCKS_OF_ONE_HOST)
    )
    if not is_older:
        memory.pop("old_copies_since", None)
        return False
    since = datetime.fromisoformat(memory.setdefault("old_copies_since", now.isoformat()))
    return now - since < _MAX_OLD_COPIES


def _date(value: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value or "")
    except (ValueError, TypeError, OverflowError):
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC)


def _authorization(username: str | None, secret: str) -> dict[str, str]:
    """Basic where the address has a user, else the secret as a bearer's token, else nothing."""
    if username:
        pair = f"{unquote(username)}:{secret}".encode()
        return {"authorization": f"Basic {base64.b64encode(pair).decode()}"}
    return {"authorization": f"Bearer {secret}"} if secret else {}
