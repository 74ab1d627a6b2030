"""Polls of many sources at once, each in a thread of its own: six slow servers hold up nobody else.

Nobody waits for a poll for longer than a moment. One that has not ended by then is left to its thread, which writes down
what came of it. Local sources and remote ones have places of their own, so that a drop folder never waits for a server.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from services.ingest.connectors.connector import PollContext
from services.ingest.sources.outcome import PollResult
from shared.contracts.work import Work

#: so many polls of other machines at once, and so many of this one
MAX_REMOTE, MAX_LOCAL = 16, 8
#: beyond its own limit, a poll may take so long to be taken in and written down
TO_WRITE_DOWN = timedelta(seconds=30)


@dataclass(eq=False)
class RunningPoll:
    """One poll that was begun."""

    context: PollContext
    work: Work
    poll: Callable[[PollContext], PollResult]
    write_down: Callable[[RunningPoll], None]  #: what its own thread does at its end, if nobody waited so long
    result: PollResult = field(default_factory=PollResult)
    began_s: float = field(default_factory=time.monotonic)
    _ended: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _is_left: bool = False
    _is_endless: bool = False

    def run(self) -> None:
        """Poll, and write it down if that was left to this thread."""
        self.result = self.poll(self.context)
        with self._lock:
            self._ended.set()
            is_left = self._is_left
        if is_left:
            self.write_down(self)

    def mark_endless(self) -> bool:
        """Mark it if it has gone on for longer than a poll can. True the first time alone: it is reported once."""
        is_over = time.monotonic() - self.began_s > self.context.timeout_s + TO_WRITE_DOWN.total_seconds()
        is_first = is_over and not self._is_endless
        self._is_endless = is_over
        return is_first

    def wait(self, timeout_s: float) -> None:
        """Until it has ended, or the time is over."""
        self._ended.wait(timeout_s)

    def is_mine(self) -> bool:
        """Has it ended, so that who asks must write it down? Else it is left to its thread from now on."""
        with self._lock:
            if not self._ended.is_set():
                self._is_left = True
            return not self._is_left


class RunningPolls:
    """The polls of this process."""

    def __init__(self) -> None:
        self._running: dict[UUID, RunningPoll] = {}
        self._threads: dict[UUID, threading.Thread] = {}
        self._lock = threading.Lock()

    def find(self, source: UUID) -> RunningPoll | None:
        """The poll of a source that is under way."""
        with self._lock:
            return self._running.get(source)

    def underway(self) -> list[UUID]:
        """The sources that are being polled."""
        with self._lock:
            return list(self._running)

    def begin(
        self,
        context: PollContext,
        work: Work,
        poll: Callable[[PollContext], PollResult],
        write_down: Callable[[RunningPoll], None],
    ) -> RunningPoll | None:
        """Begin a poll; None: as many as may are under way."""
        source = context.source
        with self._lock:
            beside = sum(other.context.source.is_local == source.is_local for other in self._running.values())
            if source.id in self._running or beside >= (MAX_LOCAL if source.is_local else MAX_REMOTE):
                return None
            begun = self._running[source.id] = RunningPoll(context=context, work=work, poll=poll, write_down=write_down)
        # a daemon: a worker that is to end does not wait for a slow server; its source is polled again
        thread = threading.Thread(target=self._run, args=(begun,), name=f"poll-{source.name}", daemon=True)
        with self._lock:
            self._threads[source.id] = thread
        thread.start()
        return begun

    def _run(self, begun: RunningPoll) -> None:
        try:
            begun.run()
        finally:
            with self._lock:
                del self._running[begun.context.source.id]
                del self._threads[begun.context.source.id]

    def join(self, timeout_s: float) -> None:
        """Wait until what is under way has ended and is written down."""
        ends_s = time.monotonic() + timeout_s
        with self._lock:
            threads = list(self._threads.values())
        for thread in threads:
            thread.join(max(0.0, ends_s - time.monotonic()))


def wait_for(polls: Iterable[RunningPoll], timeout_s: float) -> None:
    """Until all of them have ended, or the time is over."""
    ends_s = time.monotonic() + timeout_s
    for begun in polls:
        begun.wait(max(0.0, ends_s - time.monotonic()))
