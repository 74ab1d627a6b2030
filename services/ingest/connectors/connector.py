"""What every connector is, and what it is given for one poll.

A connector is a module of this package: `SCHEMES` are the addresses that are its own, and `poll(context)` yields what is there
and was not taken yet. It brings payloads; what is in them is for `formats/` to know. What was taken is put away only afterwards,
so a poll that is cut off brings the same again, and the same again is a duplicate.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from services.ingest.acceptance import PUSHED, Arrival
from services.ingest.sources.source import Source
from shared.errors import BarqError
from shared.web.outbound import Unreachable

#: is given why what was refused was refused; nothing: all of it was taken. Raises NotPutAway
PutAway = Callable[[list[str]], None]
#: what a connector remembers of a source from one poll to the next: JSON, of each connector's own making
Memory = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class SourceDocument:
    """A payload, and how to put it away at its source once it was taken in."""

    name: str  #: as its source has it: `names.printable_name` before it is written anywhere
    body: bytes
    content_type: str = ""
    arrival: Arrival = PUSHED
    fault: str = ""  #: why it is not even read
    put_away: PutAway = lambda _refused: None


@dataclass(kw_only=True)
class PollContext:
    """One poll of a source: what the connector may use, what it remembers for the next, and what it leaves to say."""

    source: Source
    memory: Memory  #: kept with the source
    secret: str
    now: datetime
    timeout_s: float
    max_bytes: int  #: of one payload
    drop_folder: Path
    ends_s: float = field(init=False)  #: when the whole poll must be over, by the monotonic clock
    asked_to_wait: timedelta | None = None  #: how long the source wants to be left alone
    moved_to: str = ""  #: where its server says that it is from now on
    remark: str = ""  #: what somebody should know of it, though nothing failed

    def __post_init__(self) -> None:
        self.ends_s = time.monotonic() + self.timeout_s

    @property
    def is_over(self) -> bool:
        """Has it taken as long as it may? What is left is for the next poll."""
        return time.monotonic() > self.ends_s


class Gone(Unreachable):
    """The server says that there is nothing any more, and will not be."""


class NotPutAway(BarqError):
    """What was taken in is left where it is, and not taken again while it stays as it is: only that one, the others go on."""


class Connector(Protocol):
    """A module of this package."""

    SCHEMES: tuple[str, ...]

    def poll(self, context: PollContext) -> Iterator[SourceDocument]:
        """What is there and was not taken yet, one by one; each is put away before the next is asked for.

        Raises Unreachable (of which Gone is for good) or OSError: what came before stays taken.
        """
        ...
