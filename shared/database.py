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


def make_engine(url: str, *, idle_s: float | None = None, is_limited: bool = True) -> Engine:
    """An engine for a `postgresql://` address; a connection that broke while idle is replaced before it is used.

    Whatever becomes of the process that holds a connection (frozen, or on a machine without a network), the database frees
    what it holds after `idle_s`. Only what is done once and may take its time (a migration) is not limited.
    """
    address = make_url(url).set(drivername="postgresql+psycopg")
    given = address.query.get("options", "")
    return create_engine(
        address,
        pool_pre_ping=True,
        pool_size=10,
        max_overflow=20,
        pool_timeout=10,
        connect_args={
            "connect_timeout": 5,
            "application_name": "barq",
            "options": f"{given if isinstance(given, str) else ' '.join(given)} {_limits(idle_s) if is_limited else ''}".strip(),
            **_keepalive(),
        },
    )


def _limits(idle_s: float | None) -> str:
    """What the database ends by itself; of these, keepalives mean nothing on a socket of this machine."""
    limits = settings()
    lost_ms = int(limits.connection_lost_after_s * 1000)
    named = {
        "idle_in_transaction_session_timeout": int((idle_s or limits.idle_in_transaction_s) * 1000),
        "statement_timeout": int(limits.statement_timeout_s * 1000),
        "lock_timeout": int(limits.lock_timeout_s * 1000),
        "client_connection_check_interval": lost_ms,
        "tcp_user_timeout": lost_ms,
        "tcp_keepalives_idle": lost_ms // 3000,
        "tcp_keepalives_interval": lost_ms // 3000,
        "tcp_keepalives_count": 2,
    }
    return " ".join(f"-c {name}={value}" for name, value in named.items())


def _keepalive() -> dict[str, int]:
    """The same from this side: a database that has gone is noticed, and its answer not waited for."""
    lost_s = int(settings().connection_lost_after_s)
    return {
        "keepalives_idle": lost_s // 3,
        "keepalives_interval": lost_s // 3,
        "keepalives_count": 2,
        "tcp_user_timeout": lost_s * 1000,
    }


@cache
def engine() -> Engine:
    """This process's engine."""
    return make_engine(database_url(), idle_s=_own_limits.get("idle_s"))


#: what this process may do for longer than others
_own_limits: dict[str, float] = {}


def may_be_idle(seconds: float) -> None:
    """Let transactions of this process be idle for longer than others': before its first use of the database."""
    _own_limits["idle_s"] = seconds


def migrate(url: str) -> None:
    """Bring the schema of a database up to date. Several at once are safe: the migration takes a lock."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "archive" / "migrations"))
    config.attributes["url"] = url
    command.upgrade(config, "head")
