"""A worker that is frozen with work in its hands, and nobody who would end it: the database frees the work for others."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from shared.archive.database import make_engine
from shared.pipeline import Stage
from shared.queue import pulse
from shared.settings import settings
from tests.support.factories import sent
from tests.support.house import House

ROOT = Path(__file__).parents[3]
ITEMS = 50


@pytest.fixture
def start(house: House) -> Iterator[Callable[[str], subprocess.Popen[bytes]]]:
    """Start a worker of publish; all are ended with the test."""
    started: list[subprocess.Popen[bytes]] = []

    def go(name: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "services.console.main", "worker", "--name", name, "--service", "publish"]
        environment = {**os.environ, "BARQ_IDLE_IN_TRANSACTION_S": "3", "BARQ_TRANSACTION_S": "6"}
        with (house.home / f"{name}.log").open("ab") as log:
            started.append(subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log))
        return started[-1]

    yield go
    for process in started:
        process.kill()
        process.wait()


def eventually(holds: Callable[[], bool]) -> None:
    ends_s = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < ends_s, "it never came"
        time.sleep(0.1)


def test_all_fifty_items_of_a_frozen_worker_are_done_by_another(
    house: House, start: Callable[[str], subprocess.Popen[bytes]]
) -> None:
    for number in range(ITEMS):
        house.pushes(**sent(uri=f"urn:{number}", headline=f"Story {number}", body_text=f"It happened {number} times."))
    house.works(Stage.ENRICH)
    patient = make_engine(house.engine.url.render_as_string(hide_password=False), is_limited=False)
    with patient.connect() as held:
        held.execute(text("LOCK TABLE revisions IN ACCESS EXCLUSIVE MODE"))
        frozen = start("frozen")

        def waits() -> bool:
            pulse.beat(house.engine)
            return bool(house.rows("SELECT 1 FROM pg_locks WHERE relation = 'revisions'::regclass AND NOT granted"))

        eventually(waits)
        frozen.send_signal(signal.SIGSTOP)
    patient.dispose()
    start("other")

    def done() -> bool:
        pulse.beat(house.engine)
        return house.rows("SELECT count(*) FROM work WHERE stage = 'publish' AND state = 'done'")[0][0] == ITEMS

    eventually(done)
    assert frozen.poll() is None, "frozen to the end: nobody ended it"
    assert [row.count for row in house.rows("SELECT count(*) FROM stories")] == [ITEMS]
    assert house.rows("SELECT 1 FROM revisions GROUP BY story HAVING count(*) > 1") == []


def test_every_connection_has_an_end_to_its_idleness_its_statements_and_its_waits(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BARQ_IDLE_IN_TRANSACTION_S")
    settings.cache_clear()
    usual = make_engine(house.engine.url.render_as_string(hide_password=False))
    with usual.connect() as connection:
        rows = connection.execute(text("SELECT name, setting FROM pg_settings WHERE source = 'client'"))
        asked = {row.name: row.setting for row in rows}
    usual.dispose()
    ends = {
        "idle_in_transaction_session_timeout": "15000", "transaction_timeout": "120000", "statement_timeout": "60000",
        "lock_timeout": "10000", "client_connection_check_interval": "15000",
    }  # fmt: skip
    assert {name: asked[name] for name in ends} == ends
    assert {"tcp_user_timeout", "tcp_keepalives_idle", "tcp_keepalives_interval", "tcp_keepalives_count"} <= set(asked)


def test_a_migration_may_take_its_time(house: House) -> None:
    unlimited = make_engine(house.engine.url.render_as_string(hide_password=False), is_limited=False)
    with unlimited.connect() as connection:
        assert connection.execute(text("SHOW statement_timeout")).scalar_one() == "0"
    unlimited.dispose()
