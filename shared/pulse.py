"""The pulse: sees to it that every queue has as many bells as there is work for.

It makes good whatever the broker lost (a message, a restart, everything) and rings for what has become due: a retry, an
embargo's minute. Once a minute it audits the wire (`audit.py`). Any number of pulses may run; each rings only for what has no
bell yet, and a bell too many is harmless.
"""

from __future__ import annotations

import signal
import threading
import time
from math import ceil

from sqlalchemy import Engine

from shared import audit, broker, ledger, log, metrics
from shared.clock import utc_now
from shared.database import engine
from shared.ledger import Bells
from shared.pipeline import Stage, spec_of
from shared.settings import settings

#: bells that wait in one queue at most on the pulse's account; workers that are busy ring no sooner for more
_BELLS_AHEAD = 8

_log = log.get("pulse")


def beat(database: Engine) -> Bells:
    """Ring for what is due and has no bell. Returns what was rung for."""
    now = utc_now()
    most = max(spec_of(stage).chunk for stage in Stage) * _BELLS_AHEAD
    with database.connect() as connection:
        due = ledger.due_and_unheld(connection, now, most)
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
    away = False
    next_audit_s = time.monotonic() + settings().audit_interval_s
    while not stopped.wait(settings().pulse_interval_s):
        try:
            beat(engine())
            if time.monotonic() >= next_audit_s:
                next_audit_s = time.monotonic() + settings().audit_interval_s
                audit.look(engine())
            metrics.flush()
            if away:
                _log.info("pulse.back")
            away = False
        except Exception as error:
            if not away:
                _log.warning("pulse.missed", error=repr(error))
            away = True
