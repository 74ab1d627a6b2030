"""Real servers for the tests that need them: PostgreSQL and Valkey started once for a run, a database for each test."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path

import hypothesis
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
from tests.support.own_database import OwnDatabase, named, run_sql
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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Spread the files with whole wires among the others: each wire is some processes, and three that start at once are slow.

    What needs nothing comes last, so that all processes of the run end together.
    """
    files = {path: list(of_file) for path, of_file in groupby(items, key=lambda item: item.path)}
    wires = [path for path in files if {"end_to_end", "chaos"} & {*path.parts}]
    others = sorted((path for path in files if path not in wires), key=lambda path: "integration" not in path.parts)
    step = max(1, len([path for path in others if "integration" in path.parts]) // max(1, len(wires)))
    for place, path in enumerate(wires):
        others.insert(place * (step + 1), path)
    items[:] = [item for path in others for item in files[path]]


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
            run_sql(database_url, f"ALTER SYSTEM SET {setting} = off")
        run_sql(database_url, "SELECT pg_reload_conf()")
        run_sql(database_url, "CREATE DATABASE template_barq")
        database.migrate(named(database_url, "template_barq"))
        make_accounts(named(database_url, "template_barq"), {})
        yield database_url, broker_url
    finally:
        for server, process in reversed(started):
            process.send_signal(server.stop_signal)
            process.wait(30)


@pytest.fixture(scope="session")
def own_database(servers: tuple[str, str]) -> OwnDatabase:
    """The database that this process's tests have one after another."""
    return OwnDatabase(servers[0], f"t_{os.getpid()}", "template_barq")


@pytest.fixture
def house(
    servers: tuple[str, str], own_database: OwnDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[House]:
    """A database, an empty broker and a home of this test's own, and this process pointed at them."""
    for server, process in _STARTED:
        assert process.poll() is None, f"{server.name} ended with {process.poll()}: {server.log.read_text()[-1500:]}"
    own_database.make_as_new()
    for variable in [key for key in os.environ if key.startswith("BARQ_")]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("BARQ_DATABASE_URL", own_database.url)
    monkeypatch.setenv("BARQ_BROKER_URL", servers[1])
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
    assert waits.seen == [], "\n\n".join(waits.seen)
