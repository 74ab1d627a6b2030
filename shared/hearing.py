"""What a worker knows of its own hearing, and how others are told. Standard library only: health checks start often."""

from __future__ import annotations

from pathlib import Path


class Hearing:
    """What a worker knows of its own hearing. Times are monotonic seconds."""

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
        """Why this worker should end now, if it should."""
        if self.busy_since_s is not None:
            return "stuck" if now_s - self.busy_since_s > stuck_after_s else None
        if not self.broker_away and now_s - self.heard_at_s > deaf_after_s:
            return "deaf"
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
