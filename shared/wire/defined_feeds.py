"""Feeds that are defined at the desk, known to every process within a second; no restart is needed for them."""

from __future__ import annotations

import threading
import time

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from shared import log
from shared.archive.database import engine
from shared.wire.config import define_feeds

#: every process knows a new definition by then
KNOWN_AFTER_S = 3.0

_log = log.get("wire")


def load(connection: Connection) -> None:
    """What the archive has now is what this process goes by."""
    rows = connection.execute(text("SELECT name, definition FROM feeds ORDER BY name"))
    define_feeds({row.name: row.definition for row in rows})


def look() -> None:
    """The same, for whoever goes on with what it knows while the database is away."""
    try:
        with engine().connect() as connection:
            load(connection)
    except (SQLAlchemyError, ValueError) as away:
        _log.warning("feeds.unread", error=repr(away))


def follow_every(interval_s: float) -> None:
    """Look in the background for as long as this process runs: for processes that answer requests."""

    def go_on() -> None:
        while True:
            look()
            time.sleep(interval_s)

    threading.Thread(target=go_on, name="feeds", daemon=True).start()
