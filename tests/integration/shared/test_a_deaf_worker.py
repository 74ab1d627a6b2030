"""A real worker on a real broker: it hears again after its connections break, and one that does not ends itself."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pytest
from redis import Redis, RedisError

from shared import broker
from shared.contracts.work import Follow
from shared.embedded.servers import Valkey
from shared.hearing import is_well
from shared.pipeline import Stage
from shared.settings import settings
from shared.worker import EXIT_DEAF
from tests.conftest import forget_caches
from tests.support.house import House

ROOT = Path(__file__).parents[3]


class Worker:
    """One worker process for delivery, which has nothing to tell here and so is done at once, restarted if it ends."""

    def __init__(self, home: Path, **environment: str) -> None:
        self.home = home
        self.environment = {**os.environ, "BARQ_PROBE_INTERVAL_S": "0.5", "BARQ_DEAF_AFTER_S": "6", **environment}
        self.exits: list[int] = []
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "services.console.main", "worker", "--name", "w", "--room", "delivery"]
        log = (self.home / "worker.log").open("ab")
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        log.close()

    def supervise(self) -> None:
        """What any supervisor does."""
        if (code := self.process.poll()) is not None:
            self.exits.append(code)
            self.start()

    def is_well(self) -> bool:
        return is_well(self.home, "w", now_s=time.time(), deaf_after_s=2)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)


@pytest.fixture
def own_broker(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Valkey]:
    """A Valkey of this test's own, which it may cut and stop."""
    server = Valkey(tmp_path / "own")
    server.prepare()
    process = server.start()
    server.wait_until_ready(process)
    monkeypatch.setenv("BARQ_BROKER_URL", server.url)
    settings.cache_clear()
    broker.app.cache_clear()
    broker.client.cache_clear()
    server.process = process  # type: ignore[attr-defined]
    yield server
    server.process.terminate()  # type: ignore[attr-defined]
    server.process.wait(20)  # type: ignore[attr-defined]
    house.engine.dispose()
    forget_caches()


@pytest.fixture
def worker(own_broker: Valkey, house: House) -> Iterator[Worker]:
    started = Worker(house.home)
    yield started
    started.stop()


def eventually(worker: Worker, holds: Callable[[], bool], timeout_s: float = 60) -> None:
    ends_s = time.monotonic() + timeout_s
    while not holds():
        worker.supervise()
        assert time.monotonic() < ends_s, (worker.home / "worker.log").read_text()[-2000:]
        time.sleep(0.05)


def hears(house: House, worker: Worker) -> None:
    """A bell that is rung now is heard and its work done."""
    item = house.pushes(uri=f"urn:{uuid4()}")
    house.works(Stage.ENRICH, Stage.PUBLISH)
    bells = house.asks(Follow(stage=Stage.DELIVER, item=item["item"], revision=1, edition="en"))

    def done() -> bool:
        broker.ring(bells)  # as the pulse does
        time.sleep(0.2)
        return (
            house.rows("SELECT state FROM work WHERE stage = 'deliver' AND item = :i", i=item["item"])[0].state
            == "done"
        )

    eventually(worker, done)


def test_a_worker_hears_after_its_connections_are_cut(own_broker: Valkey, house: House, worker: Worker) -> None:
    hears(house, worker)
    for _ in range(3):
        broker.client().client_kill_filter(_type="normal", skipme=True)
        broker.client().client_kill_filter(_type="pubsub")
        hears(house, worker)


def test_a_worker_hears_after_the_broker_was_restarted(own_broker: Valkey, house: House, worker: Worker) -> None:
    hears(house, worker)
    own_broker.process.kill()  # type: ignore[attr-defined]
    own_broker.process.wait()  # type: ignore[attr-defined]
    time.sleep(3)
    process = own_broker.start()
    own_broker.wait_until_ready(process)
    own_broker.process = process  # type: ignore[attr-defined]
    hears(house, worker)


def test_a_worker_is_well_through_a_minute_of_silence(own_broker: Valkey, house: House, worker: Worker) -> None:
    eventually(worker, worker.is_well)
    for _ in range(60):
        time.sleep(1)
        worker.supervise()
    eventually(worker, worker.is_well)
    assert worker.exits == []
    hears(house, worker)


def test_a_worker_that_does_not_hear_ends_itself_and_its_successor_hears(
    own_broker: Valkey, house: House, worker: Worker
) -> None:
    eventually(worker, worker.is_well)
    # its probes go astray: sent, and never heard, as when a consumer has silently stopped
    thief = Redis.from_url(own_broker.url)

    def stolen_until_it_ends() -> bool:
        with suppress(RedisError):
            thief.blpop(["probe.w"], timeout=1)
            thief.client_kill_filter(_type="normal", skipme=True)
        worker.supervise()
        return bool(worker.exits)

    ends_s = time.monotonic() + 60
    while not stolen_until_it_ends():
        assert time.monotonic() < ends_s
    assert worker.exits[0] == EXIT_DEAF
    assert "worker.deaf" in (house.home / "worker.log").read_text()
    hears(house, worker)
