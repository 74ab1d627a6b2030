"""One line of JSON for each event, with a stable name: `chunk.done`, `item.accepted`, `worker.deaf`.

Saying something never fails and never stops anybody: what a full disk or a broken pipe does not take is counted, and said
when it takes lines again. A traceback that comes again and again is logged once in a while, with how often it came.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass

import structlog

#: the same traceback is logged again after this long at the soonest
LOG_AGAIN_AFTER_S = 60.0
#: so many different tracebacks are remembered; the one that is longest ago goes first
_MOST_REMEMBERED = 200
#: of a traceback, its first and its last so many characters are logged
_TRACEBACK_HEAD, _TRACEBACK_TAIL = 2_000, 6_000


class Lines:
    """Standard error, line by line. What it does not take is lost and counted; nobody waits, nothing is raised."""

    def __init__(self, descriptor: int = 2) -> None:
        self._descriptor = descriptor
        self._lock = threading.Lock()
        self._lost = 0
        self._is_cut = False  #: did the last line end in its middle?

    def write(self, text: str) -> int:
        """Write whole lines."""
        with self._lock:
            if self._lost and not self._put(f'{{"event": "log.lost", "lines": {self._lost}, "level": "warning"}}\n'):
                self._lost += 1
                return len(text)
            self._lost = 0
            if not self._put(text if text.endswith("\n") else f"{text}\n"):
                self._lost = 1
        return len(text)

    def flush(self) -> None:
        """Nothing is kept back."""

    def _put(self, text: str) -> bool:
        left = text.encode("utf-8", "backslashreplace")
        if self._is_cut:
            left = b"\n" + left
        try:
            while left:
                left = left[os.write(self._descriptor, left) :]
                self._is_cut = bool(left)
        except OSError:
            return False
        return True


@dataclass
class _Repeated:
    at_s: float
    since: int = 0  #: how often it came since it was logged


class Repeats:
    """A structlog processor: a traceback that was logged lately is counted in place of being logged again.

    The next one that is logged says how often it came in between, and so does the next line of any kind once it has stopped.
    """

    def __init__(self) -> None:
        self._logged: OrderedDict[str, _Repeated] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, _logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
        """Let it through, with a count, or drop it."""
        traceback = event.get("exception")
        if not isinstance(traceback, str):
            return event
        event["exception"] = _shortened(traceback)
        now_s = time.monotonic()
        with self._lock:
            place = _place_of(traceback)
            logged = self._logged.get(place)
            if logged and now_s - logged.at_s < LOG_AGAIN_AFTER_S:
                logged.since += 1
                raise structlog.DropEvent
            if logged and logged.since:
                event["repeated"] = logged.since
            self._logged[place] = _Repeated(now_s)
            self._logged.move_to_end(place)
            if len(self._logged) > _MOST_REMEMBERED:
                self._logged.popitem(last=False)
        return event

    def rest(self) -> dict[str, int]:
        """What came again and was not logged, and is over: the last line of each place, and how often."""
        now_s = time.monotonic()
        with self._lock:
            over = [place for place, logged in self._logged.items() if logged.since and now_s - logged.at_s >= LOG_AGAIN_AFTER_S]
            return {place: self._logged.pop(place).since for place in over}


def _place_of(traceback: str) -> str:
    """Where it happened, without the values that differ from time to time: its frames."""
    frames = [line.strip() for line in traceback.splitlines() if line.lstrip().startswith("File ")]
    return "\n".join(frames[-30:]) or traceback[-500:]


def _shortened(traceback: str) -> str:
    if len(traceback) <= _TRACEBACK_HEAD + _TRACEBACK_TAIL:
        return traceback
    left_out = len(traceback) - _TRACEBACK_HEAD - _TRACEBACK_TAIL
    return f"{traceback[:_TRACEBACK_HEAD]}\n… {left_out} characters …\n{traceback[-_TRACEBACK_TAIL:]}"


class _Handler(logging.StreamHandler):  # type: ignore[type-arg]  # a stream of ours
    """The libraries' lines; one that `Repeats` drops is no line, and one that cannot be said is no error."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write it, unless it was dropped."""
        try:
            self.stream.write(self.format(record))
        except structlog.DropEvent:
            return
        except Exception:
            self.stream.write(f'{{"event": "log.unreadable", "logger": "{record.name}", "level": "warning"}}')


def configure(level: str) -> None:
    """Set up logging for a process: JSON to standard error, the libraries' lines too, from `level` on."""
    numeric_level = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    lines, repeats = Lines(sys.__stderr__.fileno() if sys.__stderr__ else 2), Repeats()

    def tell_rest(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
        for place, times in repeats.rest().items():
            lines.write(rendered(None, "", {"event": "traceback.repeated", "at": place[-200:], "repeated": times}))
        return event

    def rendered(logger: object, method: str, event: structlog.typing.EventDict) -> str:
        return str(_RENDER(logger, method, event))

    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        tell_rest,
        repeats,
    ]
    structlog.configure(
        processors=[*shared, _RENDER],
        wrapper_class=structlog.make_filtering_bound_logger(numeric_level),
        logger_factory=structlog.WriteLoggerFactory(lines),  # type: ignore[arg-type]  # it writes and flushes
        cache_logger_on_first_use=True,
    )
    handler = _Handler(lines)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _RENDER],
        )
    )
    logging.raiseExceptions = False
    logging.basicConfig(level=max(numeric_level, logging.WARNING), handlers=[handler], force=True)


_RENDER = structlog.processors.JSONRenderer(ensure_ascii=False, default=repr)


def get(name: str) -> structlog.typing.FilteringBoundLogger:
    """A logger that says which part of the house speaks."""
    logger: structlog.typing.FilteringBoundLogger = structlog.get_logger(part=name)
    return logger
