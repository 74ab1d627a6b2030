"""What the embedded wire needs in its archive before its roles start: work to begin with, and at first two keys."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from services.console.queries import has_keys
from services.console.supervision.welcome import FirstKey
from services.console.wire_client import first_key_file
from shared.archive.database import make_engine
from shared.clock import utc_now
from shared.pipeline import Lane
from shared.queue import ledger
from shared.queue.rebuilding import every_entry, every_feed
from shared.web.keys import Role, create_key
from shared.wire.config import wire


def prepare_archive(home: Path, database_url: str, public_url: str) -> list[FirstKey]:
    """Feed documents for a wire without stories, new links if the public address changed, and keys if there are none.

    Returns the newsroom's and the ops' key if they were made. No worker runs yet, so nobody is woken.
    """
    database = make_engine(database_url)
    with database.begin() as connection:
        editions, now = list(wire().editions), utc_now()
        ledger.record(connection, every_feed(editions), lane=Lane.REGULAR, now=now)
        if read_address(home) not in (None, public_url):
            ledger.record(connection, every_entry(connection, editions), lane=Lane.REGULAR, now=now)
        first_keys = [] if has_keys(connection) else _make_keys(connection, home, now)
    database.dispose()
    _address_file(home).write_text(public_url, encoding="utf-8")
    for key in first_keys:
        key.file.parent.mkdir(mode=0o700, exist_ok=True)
        key.file.touch(mode=0o600)
        key.file.write_text(key.secret + "\n", encoding="utf-8")
    return first_keys


def _make_keys(connection: Connection, home: Path, now: datetime) -> list[FirstKey]:
    return [
        FirstKey(
            role=role.value,
            secret=create_key(connection, role=role, name=f"first-{role}", now=now),
            file=first_key_file(home, role.value),
        )
        for role in (Role.NEWSROOM, Role.OPS)
    ]


def read_address(home: Path) -> str | None:
    """The wire's public address when it was last started; None at its first start."""
    kept = _address_file(home)
    return kept.read_text(encoding="utf-8") if kept.exists() else None


def _address_file(home: Path) -> Path:
    """Where the public address is kept that entries and documents have in their links."""
    return home / "public_url"
