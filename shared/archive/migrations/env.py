"""Alembic's entry: migrates the database whose address it is given, under a lock, so that several may try at once."""

from __future__ import annotations

from alembic import context
from sqlalchemy import text

from shared.archive.database import database_url, make_engine
from shared.archive.locks import MIGRATION_KEY
from shared.archive.tables import metadata


def _run() -> None:
    engine = make_engine(context.config.attributes.get("url") or database_url(), is_limited=False)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=metadata)
        with context.begin_transaction():
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_KEY})
            context.run_migrations()
    engine.dispose()


_run()
