"""When to ask an engine, and when to leave it alone: after failures one after the other, or when it asks for it, it gets a pause.

A pause grows with every further failure; after it one question is let through, and its answer decides. Nobody waits for a machine
that is known to be down: the next engine is asked instead, or the story comes back when the pause is over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.wire.config import Engine as EngineConfig

#: so many failures in a row are a fault of the engine and not of what it was asked
_FAILURES_OF_ITS_OWN = 2
_FIRST_PAUSE = timedelta(seconds=5)
_LONGEST_PAUSE = timedelta(minutes=1)


@dataclass
class Circuit:
    """What this process knows of one engine."""

    failures: int = 0
    open_until: datetime | None = None  #: not to be asked before

    def is_open(self, now: datetime) -> bool:
        return self.open_until is not None and now < self.open_until

    def succeed(self) -> None:
        """It answered: whatever failed before is forgotten."""
        self.failures, self.open_until = 0, None

    def fail(self, now: datetime, retry_after_s: float | None = None) -> None:
        """It did not answer, or asked for a pause of its own."""
        self.failures += 1
        if retry_after_s is not None:
            self.open_until = now + timedelta(seconds=retry_after_s)
        elif self.failures >= _FAILURES_OF_ITS_OWN:
            doublings = min(self.failures - _FAILURES_OF_ITS_OWN, 10)
            self.open_until = now + min(_FIRST_PAUSE * 2**doublings, _LONGEST_PAUSE)


#: what this process knows of each engine; one whose row in the wire file changes is another engine
_circuits: dict[EngineConfig, Circuit] = {}


def circuit_of(config: EngineConfig) -> Circuit:
    """What this process knows of an engine; nothing yet of one that it never asked."""
    return _circuits.setdefault(config, Circuit())
