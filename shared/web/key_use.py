"""When and from where each key was last used: noted while a request is answered, written down afterwards, to the minute."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from shared import log
from shared.archive.database import engine
from shared.clock import utc_now

#: how fine the times are that are kept
_EVERY = timedelta(minutes=1)
_MOST_NOTED = 10_000

_log = log.get("keys")
_lock = threading.Lock()
_noted: dict[str, tuple[datetime, str]] = {}


def note(key: str, address: str, written_at: datetime | None) -> None:
    """A key was used now; `written_at` is what was known of it."""
    now = utc_now()
    if written_at is not None and now - written_at < _EVERY:
        return
    with _lock:
        if key in _noted or len(_noted) < _MOST_NOTED:
            _noted[key] = (now, address)


def write_down() -> None:
    """Keep what was noted; kept for the next time if the database is away."""
    with _lock:
        noted = dict(_noted)
        _noted.clear()
    if not noted:
        return
    try:
        with engine().begin() as connection:
            for key, (used_at, address) in sorted(noted.items()):  # in order, so that two never wait for each other in a circle
                connection.execute(
                    text("SELECT key_was_used(:key, :at, :address)"), {"key": key, "at": used_at, "address": address[:60]}
                )
    except SQLAlchemyError as away:
        _log.warning("keys.use_unwritten", error=repr(away))
        with _lock:
            for key, use in noted.items():
                _noted.setdefault(key, use)


def write_every(interval_s: float) -> None:
    """Write in the background for as long as this process runs: for processes that answer requests."""

    def go_on() -> None:
        while True:
            time.sleep(interval_s)
            write_down()

    threading.Thread(target=go_on, name="keys", daemon=True).start()


def forget() -> None:
    """Drop what was noted and not written."""
    with _lock:
        _noted.clear()
