"""What ops are told while something is away, full or frozen: what it is, soon, wherever they look."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from services.monitor.routes import app
from shared.archive import database, disk
from shared.queue import broker
from shared.web.keys import Role
from tests.conftest import forget_caches
from tests.integration.monitor.test_monitor import a_worker_hears
from tests.support.house import House

ROOT = Path(__file__).parents[3]

#: a database that is frozen is given up by a connection after five seconds; this is what tells the two apart
SOON_S = 4.0


@pytest.fixture
def ops(house: House) -> TestClient:
    return TestClient(app, headers={"authorization": f"Bearer {house.key(Role.OPS, 'ops')}"}, raise_server_exceptions=False)


@pytest.fixture(autouse=True)
def _let_go(house: House) -> Iterator[None]:
    yield
    database.engine().dispose()  # of the addresses that a test gave it


@contextmanager
def frozen() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken: list[socket.socket] = []

        def take() -> None:
            with suppress(OSError):
                while True:
                    taken.append(server.accept()[0])

        threading.Thread(target=take, daemon=True).start()
        yield int(server.getsockname()[1])
        server.shutdown(socket.SHUT_RDWR)
        for connection in taken:
            connection.close()


def database_at(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BARQ_DATABASE_URL", url)
    forget_caches()


@pytest.fixture
def broker_is_full(house: House) -> Iterator[None]:
    broker.client().config_set("maxmemory", "1mb")
    yield
    broker.client().config_set("maxmemory", "0")


def test_a_broker_that_is_full_is_called_full_and_no_worker_is_blamed(
    house: House, ops: TestClient, broker_is_full: None
) -> None:
    lacking = ops.get("/readyz").json()["lacking"]
    assert (len(lacking), lacking[0].startswith("broker full: its memory is used up")) == (1, True)
    page = ops.get("/ops").text
    assert ("broker full" in page, "no worker" in page) == (True, False)
    assert 'barq_up{part="broker"} 0.0' in ops.get("/metrics").text


def test_a_full_disk_is_called_full(house: House, ops: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    a_worker_hears(house)
    monkeypatch.setattr(disk, "trouble", lambda: "disk full: 12 MB are free")
    assert ops.get("/readyz").json() == {"ready": False, "lacking": ["disk full: 12 MB are free"]}
    assert "disk full: 12 MB are free" in ops.get("/ops").text
    assert 'barq_up{part="disk"} 0.0' in ops.get("/metrics").text


def test_a_database_that_is_away_leaves_a_page_and_metrics(
    house: House, ops: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    database_at("postgresql://nobody@/nothing?host=/nowhere", monkeypatch)
    page = ops.get("/ops")
    assert (page.status_code, page.headers["content-type"]) == (503, "text/html; charset=utf-8")
    assert "starts its database again by itself" in page.text
    told = ops.get("/metrics")
    assert (told.status_code, 'barq_up{part="database"} 0.0' in told.text) == (200, True)
    assert 'barq_up{part="broker"} 1.0' in told.text
    assert ops.get("/ops/state").headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("what", ["database", "broker", "both"])
def test_readiness_is_told_soon_whatever_hangs(house: House, ops: TestClient, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    with frozen() as port:
        if what != "broker":
            monkeypatch.setenv("BARQ_DATABASE_URL", f"postgresql://nobody@127.0.0.1:{port}/nothing")
        if what != "database":
            monkeypatch.setenv("BARQ_BROKER_URL", f"redis://127.0.0.1:{port}/0")
        forget_caches()
        started_s = time.monotonic()
        for _ in range(3):
            answer = ops.get("/readyz")
            assert answer.status_code == 503
            told = " ".join(answer.json()["lacking"])
            assert ("database does not answer" in told) is (what != "broker")
            assert ("broker does not answer" in told) is (what != "database")
        assert time.monotonic() - started_s < 3 * SOON_S


def test_the_command_says_a_sentence_about_a_database_that_is_away(house: House) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "services.console.main", "status"], cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "BARQ_DATABASE_URL": "postgresql://nobody@/nothing?host=/nowhere", "COLUMNS": "200"},
    )  # fmt: skip
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "barq: the database does not answer" in done.stderr
