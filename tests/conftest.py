"""Real servers for the tests that need them: PostgreSQL and Valkey started once for a run, a database for each test."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import psycopg
import pytest
from sqlalchemy import Engine

from shared import metrics, settings
from shared.archive import database
from shared.archive.accounts import make_accounts
from shared.embedded.servers import Postgres, Server, Valkey
from shared.queue import broker
from shared.web import key_use
from shared.wire import config
from tests.support.accounts import come_by_accounts
from tests.support.house import House
from tests.support.waiting import no_waits

# how long an example takes is the machine's affair, and which are tried is the same at every run: a change is judged by itself
hypothesis.settings.register_profile(
    "wire",
    derandomize=True,
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.data_too_large],
)
hypothesis.settings.load_profile("wire")

#: the servers of this run; a test that finds one ended says so with its log, not with what failed because of it
_STARTED: list[tuple[Server, subprocess.Popen[bytes]]] = []


def forget_caches() -> None:
    """Let this process look at the environment afresh."""
    for cached in (settings.settings, config.wire, config.file_wire, database.engine, broker.app, broker.client):
        cached.cache_clear()
    metrics.forget()
    key_use.forget()
    config.define_feeds({})


@pytest.fixture(scope="session")
def server_folders() -> Iterator[Callable[[], Path]]:
    """Folders for servers of other users, as PostgreSQL is when root runs the tests.

    Not pytest's own: each further run of pytest on the machine closes the folder above those to everyone else.
    """
    made: list[Path] = []

    def make() -> Path:
        made.append(Path(tempfile.mkdtemp(prefix="barq-tests-")))
        return made[-1]

    yield make
    for folder in made:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def servers(server_folders: Callable[[], Path]) -> Iterator[tuple[str, str]]:
    """The addresses of a PostgreSQL with a migrated template database, and of a Valkey."""
    home = server_folders()
    started = _STARTED
    for kind in (Postgres, Valkey):
        server = kind(home)
        server.prepare()
        started.append((server, server.start()))
    try:
        for server, process in started:
            server.wait_until_ready(process)
        database_url, broker_url = (server.url for server, _ in started)
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):  # no test here pulls the machine's plug
            _sql(database_url, f"ALTER SYSTEM SET {setting} = off")
        _sql(database_url, "SELECT pg_reload_conf()")
        _sql(database_url, "CREATE DATABASE template_barq")
        database.migrate(_named(database_url, "template_barq"))
        make_accounts(_named(database_url, "template_barq"), {})
        yield database_url, broker_url
    finally:
        for server, process in reversed(started):
            process.send_signal(server.stop_signal)
            process.wait(30)


@pytest.fixture
def house(servers: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A database, an empty broker and a home of this test's own, and this process pointed at them."""
    database_url, broker_url = servers
    for server, process in _STARTED:
        assert process.poll() is None, f"{server.name} ended with {process.poll()}: {server.log.read_text()[-1500:]}"
    name = f"t_{os.getpid()}_{abs(hash(tmp_path))}"
    _sql(database_url, f"CREATE DATABASE {name} TEMPLATE template_barq")
    for variable in [key for key in os.environ if key.startswith("BARQ_")]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("BARQ_DATABASE_URL", _named(database_url, name))
    monkeypatch.setenv("BARQ_BROKER_URL", broker_url)
    monkeypatch.setenv("BARQ_HOME", str(tmp_path))
    monkeypatch.setenv("BARQ_PUBLIC_URL", "https://wire.example")
    # what a worker loads before its first work is loaded here in the first transaction that needs it
    monkeypatch.setenv("BARQ_IDLE_IN_TRANSACTION_S", "100")
    # all tests come from one address; those of the limits set their own
    for limit in ("FEED_FETCHES", "REQUESTS", "HUB_REQUESTS", "SIGN_INS", "WEBHOOK_TESTS"):
        monkeypatch.setenv(f"BARQ_{limit}_PER_MINUTE", "0")
    broker.all_rung()  # by the test before, on the broker that is this one's too
    forget_caches()
    broker.client().flushall()
    engine: Engine = database.engine()
    come_by_accounts(engine)
    with no_waits(monkeypatch) as waits:
        yield House(engine=engine, home=tmp_path)
    engine.dispose()
    forget_caches()
    _sql(database_url, f"DROP DATABASE {name} WITH (FORCE)")
    assert waits.seen == [], "\n\n".join(waits.seen)


def _named(url: str, name: str) -> str:
    return url.replace("/postgres?", f"/{name}?")


def _sql(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)
