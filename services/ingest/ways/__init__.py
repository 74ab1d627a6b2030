"""The ways in that are looked at: one module each. A way brings payloads; what is in them is for `formats/` to know.

Each has `SCHEMES`, the addresses that are its own, and `look(visit)`, which yields what is there and was not taken yet.
What was taken is put away only afterwards, so a look that is cut off brings the same again, and the same again is a
duplicate.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from services.ingest.acceptance import PUSHED, Arrival
from services.ingest.sources import Source
from shared.errors import BarqError

#: told why what was refused was refused; nothing: all of it was taken. Raises NotPutAway
PutAway = Callable[[list[str]], None]


@dataclass(frozen=True, kw_only=True)
class Found:
    """A payload, and how to put it away at its source once it was taken in."""

    name: str  #: as its source has it: `names.sayable` before it is written anywhere
    body: bytes
    content_type: str = ""
    arrival: Arrival = PUSHED
    fault: str = ""  #: why it is not even read
    put_away: PutAway = lambda _refused: None


@dataclass(kw_only=True)
class Visit:
    """One look at a source: what the way may use, and what it remembers for the next."""

    source: Source
    memory: dict[str, Any]  #: kept with the source; JSON
    secret: str
    now: datetime
    timeout_s: float
    most_bytes: int
    drop_folder: Path
    ends_s: float = field(init=False)  #: when the whole look must be over, by the monotonic clock
    asked_to_wait: timedelta | None = None  #: how long the source wants to be left alone
    moved_to: str = ""  #: where its server says that it is from now on
    remark: str = ""  #: what somebody should know of it, though nothing failed

    def __post_init__(self) -> None:
        self.ends_s = time.monotonic() + self.timeout_s

    @property
    def is_over(self) -> bool:
        """Has it taken as long as it may? What is left is for the next look."""
        return time.monotonic() > self.ends_s


class NotPutAway(BarqError):
    """What was taken in is left where it is, and not taken again while it stays as it is: only that one, the others go on."""


class Way(Protocol):
    """A module of this package."""

    SCHEMES: tuple[str, ...]

    def look(self, visit: Visit) -> Iterator[Found]:
        """What is there. Raises shared.web.outbound.Unreachable or OSError."""
        ...
