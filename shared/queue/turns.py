"""In which order a worker takes from its queues: express lanes before all others, and within a lane each queue in its turn.

In a fixed order whatever keeps coming into one stage would keep a worker from the stages behind it for as long as it comes.
"""

from __future__ import annotations

from collections.abc import Iterable

from shared.pipeline import Lane


class Turns:
    """An order of the names of queues, for kombu (its `queue_order_strategy`) and for whoever looks at the ledger.

    A name that ends in no lane, as a worker's probe, comes before all lanes.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.update(names)

    def update(self, names: Iterable[str]) -> None:
        """Begin again, with these queues."""
        self._names = sorted(names, key=_place)

    def all(self) -> list[str]:
        """All of them, in the order in which they are to be looked at."""
        return [*self._names]

    def consume(self, count: int) -> list[str]:
        """The first so many of them; kombu asks so."""
        return self._names[:count]

    def rotate(self, taken: str) -> str:
        """Something was taken from this queue: it is looked at after the others of its lane. Returns its name."""
        if taken in self._names:
            self._names.remove(taken)
            self._names = sorted([*self._names, taken], key=_place)
        return taken


def _place(name: str) -> int:
    """Where the names of a lane stand among those of others; sorting keeps their order among themselves."""
    return _PLACES.get(name.rpartition(".")[2], -1)


_PLACES = {lane.value: place for place, lane in enumerate(Lane)}
