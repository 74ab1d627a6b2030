"""A source: somewhere that is looked at again and again for new copy. When to look next is decided here, with values.

An address's scheme says which way in it is (`ways/`). A secret is never in the address: it is `BARQ_SOURCE_SECRET_<NAME>`.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import SplitResult, urlsplit
from uuid import UUID

from shared.contracts.problem import FieldError, InvalidRequest, Refused
from shared.contracts.source import Health, health_of
from shared.wire.variables import variable_of

#: how often each way is looked at if nobody says, and the least that may be said
_USUAL_S = {"drop": 1, "heartbeat": 60}
_USUAL_OTHERS_S = 60
_LEAST_S = {"drop": 1, "heartbeat": 1}
_LEAST_OTHERS_S = 5

#: no source is left alone for longer, however often it failed
_LONGEST = timedelta(hours=1)

#: ways that ask no other machine
_LOCAL = ("drop", "heartbeat")

_NAME = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")


@dataclass(frozen=True, kw_only=True)
class Source:
    """One source as it stands."""

    id: UUID
    name: str
    url: str
    provider: str
    interval: timedelta
    quiet_after: timedelta
    failures: int = 0  #: in a row
    error: str | None = None
    refusals: int = 0  #: what it brought and was refused, in a row, since something of it was last accepted
    refusal: str | None = None  #: the newest of them
    encoding: str = ""  #: of its texts, where they do not say
    moved_from: str | None = None  #: its address before its server said that it moved for good
    gone_at: datetime | None = None  #: when its server said that it is gone; it is not asked any more
    unsteady_at: datetime | None = None  #: when it last changed the names of entries
    looking_since: datetime | None = None  #: a look beside others is under way; if nobody is at it, it ended its process
    ended_count: int = 0  #: looks that ended their process, less the good ones since
    alone_since: datetime | None = None  #: from then on it is looked at in a process of its own
    items_count: int = 0
    added_at: datetime
    looked_at: datetime | None = None
    brought_at: datetime | None = None
    memory: dict[str, Any] = field(default_factory=dict)  #: what its way in keeps from look to look

    @property
    def at(self) -> SplitResult:
        """Its address, taken apart."""
        return urlsplit(self.url)

    def is_quiet(self, now: datetime) -> bool:
        """Has it brought nothing for longer than it should?"""
        return now - (self.brought_at or self.added_at) > self.quiet_after

    @property
    def is_local(self) -> bool:
        """Is it looked at without asking another machine?"""
        return self.at.scheme in _LOCAL

    def having_ended_its_process(self, now: datetime) -> Source:
        """The same after one more look that ended the process which was at it."""
        count, since = self.ended_count + 1, self.alone_since or now
        times = "once" if count == 1 else f"{count} times"
        return replace(
            self,
            failures=self.failures + 1,
            error=f"ended the process that looked at it, {times}; asked alone since {since:%Y-%m-%d %H:%M} UTC",
            ended_count=count,
            alone_since=since,
            looking_since=None,
        )

    def having_ended_nothing(self) -> Source:
        """The same after a good look: each makes good for one that was not, and then it is asked beside others again."""
        count = max(0, self.ended_count - 1)
        return replace(self, ended_count=count, alone_since=self.alone_since if count else None, looking_since=None)

    def health(self, now: datetime) -> Health:
        """How it is."""
        return health_of(
            gone_at=self.gone_at,
            failures=self.failures,
            refusals=self.refusals,
            unsteady_at=self.unsteady_at,
            is_quiet=self.is_quiet(now),
            now=now,
        )


def checked(name: str, url: str, interval_s: int | None, *, encoding: str = "", schemes: tuple[str, ...]) -> int:
    """The interval of a source that somebody wants to add, in seconds. Raises Refused (422) that names what is wrong."""
    errors = []
    if not _NAME.match(name) or len(name) > 60:
        errors.append(FieldError.at("name", "lower-case letters and digits in words parted by hyphens, at most 60"))
    try:
        at = urlsplit(url)
        _ = at.port
    except ValueError as wrong:
        raise _refused([*errors, FieldError.at("url", str(wrong))]) from wrong
    if at.scheme not in schemes:
        errors.append(FieldError.at("url", f"an address that starts with one of {', '.join(schemes)}"))
    elif at.scheme not in _USUAL_S and not at.hostname:
        errors.append(FieldError.at("url", "the host is missing"))
    if at.password:
        errors.append(FieldError.at("url", f"no password here: set {secret_name(name)} for the ingest worker"))
    least_s = _LEAST_S.get(at.scheme, _LEAST_OTHERS_S)
    interval_s = interval_s or _USUAL_S.get(at.scheme, _USUAL_OTHERS_S)
    if not least_s <= interval_s <= _LONGEST.total_seconds() * 24:
        errors.append(FieldError.at("every_s", f"from {least_s} seconds to a day"))
    if encoding and not _is_encoding(encoding):
        errors.append(FieldError.at("encoding", "the name of a text encoding: utf-8, windows-1256, iso-8859-6"))
    if errors:
        raise _refused(errors)
    return interval_s


def _is_encoding(name: str) -> bool:
    try:
        return bool(re.fullmatch(r"[A-Za-z0-9._:-]{1,40}", name)) and bool(b"ab".decode(name))
    except (LookupError, ValueError):
        return False


def _refused(errors: list[FieldError]) -> Refused:
    detail = "; ".join(f"{error.field}: {error.detail}" for error in errors)
    return InvalidRequest(f"{detail}.", errors=tuple(errors))


def secret_name(source: str) -> str:
    """The environment variable with a source's password, token or private key."""
    return variable_of("SOURCE_SECRET", source)


def next_look_in(source: Source, *, failures: int, asked_to_wait: timedelta | None, chance: random.Random) -> timedelta:
    """When to look again: at its interval, less and less often while it fails, never sooner than it asked for.

    A tenth more or less, so that sources which were added together do not stay together.
    """
    wait = source.interval * 2.0 ** min(failures, 20) if failures else source.interval
    wait = min(wait, max(_LONGEST, source.interval)) * chance.uniform(0.9, 1.1)
    return max(wait, asked_to_wait or timedelta())
