"""The pulse: sees to it that every queue has as many bells as there is work for.

It makes good whatever the broker lost (a message, a restart, everything) and rings for what has become due: a retry, an
embargo's minute. Once a minute it audits the wire (`audit.py`). Any number of pulses may run; each rings only for what has no
bell yet, and a bell too many is harmless.
"""

from __future__ import annotations

import signal
import threading
from math import ceil
from pathlib import Path

from sqlalchemy import Engine

from shared import log, metrics
from shared.archive import audit
from shared.archive.database import engine
from shared.clock import utc_now
from shared.pipeline import Stage, spec_of
from shared.queue import broker, operations
from shared.queue.bells import Bells
from shared.queue.liveness import PULSE, heard_file
from shared.settings import settings

#: bells that wait in one queue at most on the pulse's account; workers that are busy ring no sooner for more
_BELLS_AHEAD = 8

_log = log.get("pulse")


def beat(database: Engine) -> Bells:
    """Ring for what is due and has no bell. Returns what was rung for."""
    now = utc_now()
    most = max(spec_of(stage).chunk for stage in Stage) * _BELLS_AHEAD
    with database.begin() as connection:
        operations.adopt_renamed(connection, now)
        due = operations.due_and_unheld(connection, now, most)
    waiting = broker.waiting_messages() if due else {}
    bells = Bells()
    for row in due:
        chunk = spec_of(row.stage).chunk
        missing = min(ceil(row.count / chunk), _BELLS_AHEAD) - waiting.get((row.stage, row.lane), 0)
        if missing > 0:
            bells[row.stage, row.lane] = missing * chunk
    broker.send(broker.app(), bells)
    return bells


def run() -> None:
    """Beat until SIGTERM or SIGINT. A database or broker that is away or hangs is logged once and tried again."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    threading.Thread(target=_audit_every, args=[settings().audit_interval_s, stopped], name="audit", daemon=True).start()
    away = has_asked = False
    sign = heard_file(settings().home, PULSE)
    while not stopped.wait(settings().pulse_interval_s):
        try:
            _touch(sign)
            if not has_asked:
                with engine().begin() as connection:
                    operations.ask_standing(connection, utc_now())
                has_asked = True
            beat(engine())
            metrics.flush(broker.client)
            if away:
                _log.info("pulse.back")
            away = False
        except Exception as error:
            if not away:
                _log.warning("pulse.missed", error=repr(error))
            away = True


def _audit_every(interval_s: float, stopped: threading.Event) -> None:
    """Look the wire over now and then, in a thread of its own: what is due does not wait for that."""
    while not stopped.wait(interval_s):
        try:
            audit.look(engine())
        except Exception as error:
            _log.warning("audit.missed", error=repr(error))


def _touch(sign: Path) -> None:
    """Say that this pulse beats."""
    sign.parent.mkdir(parents=True, exist_ok=True)
    sign.touch()
