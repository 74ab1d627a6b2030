"""PostgreSQL: one engine for each process, and the schema's migrations."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url

from shared.embedded.runfile import read_runfile
from shared.errors import ConfigurationError
from shared.settings import settings


def database_url() -> str:
    """The database that this process belongs to: `BARQ_DATABASE_URL`, else the embedded wire's under `BARQ_HOME`."""
    if url := settings().database_url:
        return url
    if run := read_runfile(settings().home):
        return run.database_url
    raise ConfigurationError(
        f"no wire runs in {settings().home}: start one with `barq up`, or set BARQ_HOME or BARQ_DATABASE_URL"
    )


def make_engine(url: str) -> Engine:
    """An engine for a `postgresql://` address; a connection that broke while idle is replaced before it is used."""
    return create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        pool_size=10,
        max_overflow=20,
        connect_args={"connect_timeout": 5, "application_name": "barq"},
    )


@cache
def engine() -> Engine:
    """This process's engine."""
    return make_engine(database_url())


def migrate(url: str) -> None:
    """Bring the schema of a database up to date. Several at once are safe: the migration takes a lock."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "archive" / "migrations"))
    config.attributes["url"] = url
    command.upgrade(config, "head")
