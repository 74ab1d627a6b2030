"""What is known of the wire at one moment, be it that a part of it does not answer."""

from __future__ import annotations

from dataclasses import dataclass

from shared.status import Census


@dataclass(frozen=True, kw_only=True)
class Troubles:
    """What is wrong with each part that the wire stands on, in words; empty: nothing."""

    database: str = ""
    broker: str = ""
    disk: str = ""

    def words(self) -> list[str]:
        """All of them, what takes the others with it first."""
        return [trouble for trouble in (self.disk, self.database, self.broker) if trouble]


@dataclass(frozen=True, kw_only=True)
class Known:
    """All that `/metrics` shows."""

    census: Census | None  #: None while the database does not answer
    sums: dict[str, float]  #: what all processes counted, as `shared.metrics.read_sums` has it
    troubles: Troubles


def find_lacking(troubles: Troubles, unheard: tuple[str, ...]) -> list[str]:
    """What the wire lacks to be ready, in words; none: it is. `unheard`: queues that no worker hears."""
    if troubles.broker:  # through a broker that takes nothing, nobody is heard
        return troubles.words()
    return [*troubles.words(), *(f"no worker hears {queue}" for queue in unheard)]
