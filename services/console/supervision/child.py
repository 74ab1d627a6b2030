"""One process of the embedded wire: how it is started, and started again, and by what it shows that it is alive."""

from __future__ import annotations

import signal
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from shared.embedded.processes import Process, let_others_first
from shared.embedded.servers import Server
from shared.queue.in_hand import Deadlines, Held
from shared.queue.liveness import Signs

#: a role that has given no sign of life yet may still be loading what it needs
_MAY_LOAD_FOR_S = 90.0

#: what ended is started again after this at most, however often it ended
_LONGEST_PAUSE_S = 10.0

#: who ran for so long had come up
_HAS_COME_UP_AFTER_S = 10.0

#: who stands aside has a quarter of a processor that others want too: a piece that would end still ends within its deadline
_ASIDE_NICE = 5

#: who stands aside and does not end, with nothing in hand that is late, is ended so long after the deadline of what it had
_ENDS_WITHIN_S = 15.0


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
    is_relieved: bool = False  #: when it takes long at something, another takes its place
    ends_by_s: float | None = None  #: it stands aside: when it has ended, nobody starts it again

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

    def step_aside(self, name: str, held: Held, now_s: float) -> Child:
        """Let the worker come to the end of what it has in hand, and end; this one is to be started again, at once.

        Returns who is to be watched until it has ended: what it holds has its deadline. Raises OSError, and ValueError if it
        does not run.
        """
        if self.process is None or self.deadlines is None or self.in_hand is None:
            raise ValueError("only a worker that runs has anything in hand")
        file = self.in_hand.with_name(name)
        self.deadlines.move(file)
        ends_by_s = now_s + held.in_hand.deadline_s + _ENDS_WITHIN_S
        aside = replace(self, name=name, in_hand=file, signs=None, read_sign=None, ends_by_s=ends_by_s)
        let_others_first(self.process.pid, _ASIDE_NICE)
        self.process.send_signal(self.stop_signal)
        self.process, self.next_start_s = None, now_s
        self.watch_no_more()
        return aside

    def watch_no_more(self) -> None:
        """It is being ended: whether it is alive, or late, is not asked again until it is started again."""
        self.signs = self.deadlines = None
