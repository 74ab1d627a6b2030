"""The process that an embedded wire's roles are forked from, and the next one when it has gone.

While one loads, roles wait for it: together they are up sooner than if each loaded for itself beside it.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from shared import log
from shared.embedded.forkserver import Forked, ForkServer
from shared.errors import StartError

_COMMAND = (sys.executable, "-m", "services.console.supervision.roles")

#: one that does not stay is not started again sooner; roles are started from nothing meanwhile
_AT_LEAST_BETWEEN_S = 30.0

_log = log.get("supervisor")


class Forks:
    """The newest fork server of one home. `tend` it, before roles are started."""

    def __init__(self, home: Path) -> None:
        """Start it; it loads while its starter does other things."""
        self._log = home / "log" / "roles.log"
        self._started_s = 0.0
        self._server = self._start()

    @property
    def server(self) -> ForkServer:
        """The newest one, whatever its state."""
        return self._server

    def wait_until_loaded(self) -> None:
        """Raises StartError if it cannot be loaded."""
        self._server.wait_until_loaded()

    def tend(self, now_s: float) -> None:
        """Start another one if it has gone; not at once if it had just been started. `now_s` is monotonic seconds."""
        if self._server.has_ended and now_s >= self._started_s + _AT_LEAST_BETWEEN_S:
            _log.warning("forks.restarted", code=self._server.process.returncode)
            self._server.stop()
            try:
                self._server = self._start()
            except OSError as failed:  # no room for a process now
                self._started_s = now_s
                _log.error("forks.restart_failed", error=str(failed))

    def is_loading(self) -> bool:
        """Will it fork soon?"""
        try:
            return not self._server.has_ended and self._server.is_loading()
        except StartError as failed:
            _log.error("forks.not_loaded", error=str(failed))
            return False

    def fork(self, arguments: Sequence[str], *, log: Path, environment: Mapping[str, str]) -> Forked:
        """A process that does as `barq` with these arguments. Raises StartError if there is none to be had now."""
        return self._server.fork(arguments, log=log, environment=environment)

    def stop(self) -> None:
        """End it; who was forked stays."""
        self._server.stop()

    def _start(self) -> ForkServer:
        self._started_s = time.monotonic()
        named = os.environ | {"NOSETPS": "1"}  # Celery would name processes its own way
        return ForkServer(_COMMAND, log=self._log, environment=named)
