"""A source: somewhere that is polled again and again for new copy. Values only.

An address's scheme says which connector polls it (`connectors/`). A secret is never in the address: it is
`BARQ_SOURCE_SECRET_<NAME>`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import SplitResult, urlsplit
from uuid import UUID

from shared.contracts.source import Health, health_of
from shared.wire.variables import variable_of

#: schemes of sources for which no other machine is asked
_LOCAL = ("drop", "heartbeat")


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
    gone_at: datetime | None = None  #: when its server said that it is gone; it is not polled any more
    unsteady_at: datetime | None = None  #: when it last changed the names of entries
    looking_since: datetime | None = None  #: a poll beside others is under way; if nobody is at it, it ended its process
    ended_count: int = 0  #: polls that ended their process, less the good ones since
    alone_since: datetime | None = None  #: from then on it is polled in a process of its own
    items_count: int = 0
    added_at: datetime
    looked_at: datetime | None = None  #: when it was last polled; the API's name for it
    brought_at: datetime | None = None
    memory: dict[str, Any] = field(default_factory=dict)  #: what its connector remembers from poll to poll

    @property
    def at(self) -> SplitResult:
        """Its address, taken apart."""
        return urlsplit(self.url)

    def is_quiet(self, now: datetime) -> bool:
        """Has it brought nothing for longer than it should?"""
        return now - (self.brought_at or self.added_at) > self.quiet_after

    @property
    def is_local(self) -> bool:
        """Is it polled without asking another machine?"""
        return self.at.scheme in _LOCAL

    def having_ended_its_process(self, now: datetime) -> Source:
        """The same after one more poll that ended the process which was at it."""
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
        """The same after a good poll: each makes good for one that was not, and then it is polled beside others again."""
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


def secret_variable(source: str) -> str:
    """The environment variable with a source's password, token or private key."""
    return variable_of("SOURCE_SECRET", source)
