"""The process that an embedded wire's roles are forked from, and the next one when it has gone.

While one loads, roles wait for it: together they are up sooner than if each loaded for itself beside it.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from shared import log
from shared.embedded.forkserver import ForkServer
from shared.errors import StartError

_COMMAND = (sys.executable, "-m", "services.console.supervision.roles")

#: one that does not stay is not started again sooner: it takes half of that to load; roles are started from nothing meanwhile
_AT_LEAST_BETWEEN_S = 10.0

_log = log.get("supervisor")


class Forks:
    """The newest fork server of one home is its `server`. `tend` it, before roles are started."""

    def __init__(self, home: Path) -> None:
        """Start it; it loads while its starter does other things."""
        self._log = home / "log" / "roles.log"
        self._started_s = time.monotonic()
        self.server = self._start()

    def tend(self, now_s: float) -> None:
        """Start another one if it has gone; not at once if it had just been started. `now_s` is monotonic seconds."""
        if self.server.has_ended and now_s >= self._started_s + _AT_LEAST_BETWEEN_S:
            _log.warning("forks.restarted", code=self.server.process.returncode)
            self.server.stop()
            self._started_s = now_s
            try:
                self.server = self._start()
            except OSError as failed:  # no room for a process now
                _log.error("forks.restart_failed", error=str(failed))

    def is_loading(self) -> bool:
        """Will it fork soon?"""
        try:
            return not self.server.has_ended and self.server.is_loading()
        except StartError as failed:
            _log.error("forks.not_loaded", error=str(failed))
            return False

    def _start(self) -> ForkServer:
        named = os.environ | {"NOSETPS": "1"}  # Celery would name processes its own way
        return ForkServer(_COMMAND, log=self._log, environment=named)
