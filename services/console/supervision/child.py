"""One process of the embedded wire: how it is started, and started again, and by what it shows that it is alive."""

from __future__ import annotations

import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from shared.embedded.processes import Process
from shared.embedded.servers import Server
from shared.queue.in_hand import Deadlines
from shared.queue.liveness import Signs

#: a role that has given no sign of life yet may still be loading what it needs
_MAY_LOAD_FOR_S = 90.0

#: what ended is started again after this at most, however often it ended
_LONGEST_PAUSE_S = 10.0

#: who ran for so long had come up
_HAS_COME_UP_AFTER_S = 10.0


@dataclass
class Child:
    """One process and how to start it again. Times are monotonic seconds of the supervisor."""

    name: str
    start: Callable[[], Process]
    stop_signal: signal.Signals
    process: Process | None = None
    started_s: float = 0.0
    next_start_s: float = 0.0
    failures: int = 0  #: in a row
    server: Server | None = None
    read_sign: Callable[[], object | None] | None = None  #: of life; None: it is not watched
    signs: Signs | None = None
    in_hand: Path | None = None  #: of a worker: where it says what it has in hand
    deadlines: Deadlines | None = None

    def launch(self, now_s: float) -> Process:
        """Start it, and watch it from now on. Raises OSError, and StartError of a server."""
        self.process = self.start()
        self.started_s = now_s
        self.signs = self.read_sign and Signs(self.read_sign, now_s, grace_s=_MAY_LOAD_FOR_S)
        if self.in_hand:
            self.deadlines = Deadlines(self.in_hand, self.process.pid, now_s)
        return self.process

    def note_end(self, now_s: float) -> float:
        """It was found ended, and waits from now on to be started again. Returns for how many seconds."""
        if now_s - self.started_s >= _HAS_COME_UP_AFTER_S:
            self.failures = -1  # at once
        pause_s = self.pause()
        self.process, self.next_start_s = None, now_s + pause_s
        return pause_s

    def pause(self) -> float:
        """Count a failure; how many seconds to wait before it is started again."""
        self.failures += 1
        return min(0.1 * 2.0 ** min(self.failures, 10), _LONGEST_PAUSE_S)

    def watch_no_more(self) -> None:
        """It is being ended: whether it is alive, or late, is not asked again until it is started again."""
        self.signs = self.deadlines = None
