"""Looks at many sources at once, each in a thread of its own: six slow servers hold up nobody else.

Nobody waits for a look for longer than a moment. One that has not ended by then is left to its thread, which writes down
what came of it. Local ways and far ones have places of their own, so that a drop folder never waits for a server.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from services.ingest.looking import Seen
from services.ingest.ways import Visit
from shared.contracts.work import Work

#: so many looks at other machines at once, and so many at this one
MOST_FAR, MOST_LOCAL = 16, 8


@dataclass(eq=False)
class Look:
    """One look that was begun."""

    visit: Visit
    work: Work
    look: Callable[[Visit], Seen]
    write_down: Callable[[Look], None]  #: what its own thread does at its end, if nobody waited so long
    seen: Seen = field(default_factory=Seen)
    began_s: float = field(default_factory=time.monotonic)
    _ended: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _is_left: bool = False

    def run(self) -> None:
        """Look, and write it down if that was left to this thread."""
        self.seen = self.look(self.visit)
        with self._lock:
            self._ended.set()
            is_left = self._is_left
        if is_left:
            self.write_down(self)

    def wait(self, timeout_s: float) -> None:
        """Until it has ended, or the time is over."""
        self._ended.wait(timeout_s)

    def is_mine(self) -> bool:
        """Has it ended, so that who asks must write it down? Else it is left to its thread from now on."""
        with self._lock:
            if not self._ended.is_set():
                self._is_left = True
            return not self._is_left


class Looks:
    """The looks of this process."""

    def __init__(self) -> None:
        self._running: dict[UUID, Look] = {}
        self._threads: dict[UUID, threading.Thread] = {}
        self._lock = threading.Lock()

    def running(self, source: UUID) -> Look | None:
        """The look at a source that is under way."""
        with self._lock:
            return self._running.get(source)

    def underway(self) -> list[UUID]:
        """The sources that are being looked at."""
        with self._lock:
            return list(self._running)

    def begin(self, visit: Visit, work: Work, look: Callable[[Visit], Seen], write_down: Callable[[Look], None]) -> Look | None:
        """Begin a look; None: as many as may are under way."""
        source = visit.source
        with self._lock:
            beside = sum(other.visit.source.is_local == source.is_local for other in self._running.values())
            if source.id in self._running or beside >= (MOST_LOCAL if source.is_local else MOST_FAR):
                return None
            begun = self._running[source.id] = Look(visit=visit, work=work, look=look, write_down=write_down)
        # a daemon: a worker that is told to end does not wait for a slow server; its source is looked at again
        thread = threading.Thread(target=self._run, args=(begun,), name=f"look-{source.name}", daemon=True)
        with self._lock:
            self._threads[source.id] = thread
        thread.start()
        return begun

    def _run(self, begun: Look) -> None:
        try:
            begun.run()
        finally:
            with self._lock:
                del self._running[begun.visit.source.id]
                del self._threads[begun.visit.source.id]

    def join(self, timeout_s: float) -> None:
        """Wait until what is under way has ended and is written down."""
        ends_s = time.monotonic() + timeout_s
        with self._lock:
            threads = list(self._threads.values())
        for thread in threads:
            thread.join(max(0.0, ends_s - time.monotonic()))


def wait_for(looks: Iterable[Look], timeout_s: float) -> None:
    """Until all of them have ended, or the time is over."""
    ends_s = time.monotonic() + timeout_s
    for begun in looks:
        begun.wait(max(0.0, ends_s - time.monotonic()))
