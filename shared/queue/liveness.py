"""What a worker knows of its own liveness, and how others see it: signs of life, of workers and of all other roles.

Standard library only: health checks start often.
"""

from __future__ import annotations

import http.client
from collections.abc import Callable
from pathlib import Path


class Liveness:
    """What a worker knows of its own liveness. Times are monotonic seconds."""

    def __init__(self, now_s: float) -> None:
        self.heard_at_s = now_s  #: a message came through, or the broker came back
        self.busy_since_s: float | None = None
        self.broker_away = False

    def hears(self, now_s: float) -> None:
        """A message came through a queue of this worker."""
        self.heard_at_s = now_s

    def looks(self, now_s: float) -> None:
        """The worker looked for work itself: while the broker is away, that is how it is well."""
        if self.broker_away:
            self.heard_at_s = now_s

    def begins(self, now_s: float) -> None:
        """A chunk begins; until it ends nothing can be heard."""
        self.busy_since_s = now_s

    def ends(self, now_s: float) -> None:
        """The chunk ended. Silence while it was in hand meant nothing."""
        if self.busy_since_s is not None:
            self.heard_at_s = min(self.heard_at_s + now_s - self.busy_since_s, now_s)
        self.busy_since_s = None

    def probe_sent(self, now_s: float) -> None:
        """A probe is on its way: the broker is there."""
        if self.broker_away:
            self.broker_away, self.heard_at_s = False, now_s

    def probe_not_sent(self) -> None:
        """The broker is away: silence means nothing now."""
        self.broker_away = True

    def complaint(self, now_s: float, *, deaf_after_s: float, stuck_after_s: float) -> str | None:
        """Why this worker should end now, if it should: the event that its log has."""
        if self.busy_since_s is not None:
            return "worker.stuck" if now_s - self.busy_since_s > stuck_after_s else None
        if not self.broker_away and now_s - self.heard_at_s > deaf_after_s:
            return "worker.deaf"
        return None


def heard_file(home: Path, name: str) -> Path:
    """The file whose age tells others how long ago the worker was well."""
    return home / "run" / "heard" / name


def is_well(home: Path, name: str, *, now_s: float, deaf_after_s: float) -> bool:
    """Was the worker well within `deaf_after_s`, by the clock of the file system? Used by health checks."""
    try:
        return now_s - heard_file(home, name).stat().st_mtime <= deaf_after_s
    except FileNotFoundError:
        return False


#: a pulse's name among those that give signs of life
PULSE = "pulse"

#: how long a web role may take to answer that it is alive
_ANSWERS_WITHIN_S = 2.0


class Signs:
    """Whether somebody still gives signs of life. Times are the looker's own monotonic seconds: a clock that jumps, or a
    looker that was itself held up, ends nobody.

    `read` returns something that changes with each sign, or None. Before the first one there are `grace_s` to start in.
    """

    def __init__(self, read: Callable[[], object | None], now_s: float, *, grace_s: float) -> None:
        self._read = read
        self._last = read()
        self._seen_at_s = now_s + grace_s

    def silent_s(self, now_s: float) -> float:
        """Look; how long there has been no sign, less than nothing while it may still be starting."""
        sign = self._read()
        if sign is not None and sign != self._last:
            self._last, self._seen_at_s = sign, now_s
        return now_s - self._seen_at_s


def touched(home: Path, name: str) -> Callable[[], float | None]:
    """The sign of a worker or a pulse: the age of its file."""
    file = heard_file(home, name)

    def read() -> float | None:
        try:
            return file.stat().st_mtime
        except OSError:
            return None

    return read


def local_host(host: str) -> str:
    """The address by which this machine reaches who listens on `host`. Who listens on every IPv6 address listens on no other."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104


def answers(host: str, port: int) -> bool:
    """The sign of a web role: it answers, soon, that it is alive."""
    connection = http.client.HTTPConnection(host, port, timeout=_ANSWERS_WITHIN_S)
    try:
        connection.request("GET", "/healthz", headers={"Connection": "close"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
