"""When to ask an engine, and when to leave it alone: after failures one after the other, or when it asks for it, it gets a pause.

A pause grows with every further failure; after it one question is let through, and its answer decides. Nobody waits for a machine
that is known to be down: the next engine is asked instead, or the story comes back when the pause is over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

#: so many failures in a row are a fault of the engine and not of what it was asked
_MOST_FAILURES = 2
_FIRST_PAUSE = timedelta(seconds=5)
_LONGEST_PAUSE = timedelta(minutes=1)


@dataclass
class Circuit:
    """What this process knows of one engine."""

    failures: int = 0
    open_until: datetime | None = None  #: not to be asked before

    def is_open(self, now: datetime) -> bool:
        """Is it to be left alone?"""
        return self.open_until is not None and now < self.open_until

    def succeeded(self) -> None:
        """It answered."""
        self.failures, self.open_until = 0, None

    def failed(self, now: datetime, retry_after_s: float | None = None) -> None:
        """It did not, or asked for a pause of its own."""
        self.failures += 1
        if retry_after_s is not None:
            self.open_until = now + timedelta(seconds=retry_after_s)
        elif self.failures >= _MOST_FAILURES:
            doublings = min(self.failures - _MOST_FAILURES, 10)
            self.open_until = now + min(_FIRST_PAUSE * 2**doublings, _LONGEST_PAUSE)
