"""PostgreSQL: one engine for each process, and the schema's migrations."""

from __future__ import annotations

from functools import cache
from pathlib import Path

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


def make_engine(url: str, *, transaction_s: float | None = None, is_limited: bool = True) -> Engine:
    """An engine for a `postgresql://` address; a connection that broke while idle is replaced before it is used.

    Only what is done once and may take its time (a migration) is not limited. `transaction_s`: how long a whole transaction may
    take; left out: as in web and commands, which write more at once than a worker.
    """
    address = make_url(url).set(drivername="postgresql+psycopg")
    given = address.query.get("options", "")
    options = given if isinstance(given, str) else " ".join(given)
    if is_limited:
        options = f"{options} {_limits(transaction_s or settings().transaction_most_s)}".strip()
    return create_engine(
        address,
        hide_parameters=True,  # errors are kept and shown to operators; texts and secrets are not for them, nor for logs
        pool_pre_ping=True,
        pool_size=10,
        max_overflow=20,
        pool_timeout=10,
        connect_args={
            "connect_timeout": 5,
            "application_name": "barq",
            "options": options,
            **_keepalive(),
        },
    )


def _limits(transaction_s: float) -> str:
    """What the database ends by itself; of these, keepalives mean nothing on a socket of this machine.

    Nobody waits for another machine in a transaction: a process that says nothing in one is frozen or gone. PostgreSQL does not
    count as idle who fell silent within a message or a pipeline: for these there is the time of the whole transaction.
    """
    limits = settings()
    lost_ms = int(limits.connection_lost_after_s * 1000)
    named = {
        "idle_in_transaction_session_timeout": int(limits.idle_in_transaction_s * 1000),
        "transaction_timeout": int(transaction_s * 1000),
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
    return make_engine(database_url(), transaction_s=_own.get("transaction_s"))


_own: dict[str, float] = {}


def be_a_worker() -> None:
    """Hold nothing for longer than a worker may; to be said before this process's first use of the database."""
    _own["transaction_s"] = settings().transaction_s


def migrate(url: str) -> None:
    """Bring the schema of a database up to date. Several at once are safe: the migration takes a lock."""
    from alembic import command  # as large as all else here, and needed once
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["url"] = url
    command.upgrade(config, "head")
