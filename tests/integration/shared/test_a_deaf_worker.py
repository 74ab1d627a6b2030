"""A real worker on a real broker: it hears again after its connections break, and one that does not ends itself."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from redis import Redis, RedisError

from shared.embedded.servers import Valkey
from shared.pipeline import Lane, Stage, queue_name, spec_of
from shared.queue import broker
from shared.queue.bells import Bells
from shared.queue.liveness import is_well
from shared.queue.worker import EXIT_DEAF
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
        command = [sys.executable, "-m", "services.console.main", "worker", "--name", "w", "--service", "delivery"]
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
def worker(own_broker: Valkey, house: House) -> Iterator[Worker]:
    started = Worker(house.home)
    yield started
    started.stop()


def eventually(worker: Worker, holds: Callable[[], bool], timeout_s: float = 180) -> None:
    ends_s = time.monotonic() + timeout_s
    while not holds():
        worker.supervise()
        assert time.monotonic() < ends_s, (worker.home / "worker.log").read_text()[-2000:]
        time.sleep(0.05)


def hears(worker: Worker) -> None:
    """A bell that is rung now is heard: taken out of its queue, and only a worker takes it. Its work it would find anyway."""

    def heard() -> bool:
        broker.send(broker.app(), Bells({(Stage.FAN_OUT, Lane.REGULAR): 1}))  # as the pulse does
        time.sleep(0.2)
        with suppress(RedisError):
            return broker.client().llen(queue_name(Stage.FAN_OUT, Lane.REGULAR)) == 0
        return False

    eventually(worker, heard)


def test_a_worker_hears_after_its_connections_are_cut(own_broker: Valkey, house: House, worker: Worker) -> None:
    hears(worker)
    for _ in range(3):
        broker.client().client_kill_filter(_type="normal", skipme=True)
        broker.client().client_kill_filter(_type="pubsub")
        hears(worker)


def test_a_worker_hears_after_the_broker_was_restarted(own_broker: Valkey, house: House, worker: Worker) -> None:
    hears(worker)
    own_broker.process.kill()  # type: ignore[attr-defined]
    own_broker.process.wait()  # type: ignore[attr-defined]
    time.sleep(3)
    process = own_broker.start()
    own_broker.wait_until_ready(process)
    own_broker.process = process  # type: ignore[attr-defined]
    hears(worker)


@pytest.mark.parametrize("left_bytes", ["0", "1"], ids=["there is memory", "there is none left"])
def test_bells_are_heard_though_nothing_can_be_acknowledged(own_broker: Valkey, left_bytes: str) -> None:
    """A broker that freezes while a chunk is done, or is full, takes no word on what was heard: no worker counts as deaf."""
    broker.send(broker.app(), Bells({(Stage.FAN_OUT, Lane.REGULAR): 2 * spec_of(Stage.FAN_OUT).chunk}))
    broker.client().config_set("maxmemory", left_bytes)  # 0: any number
    heard: list[object] = []
    app = broker.app()
    with app.connection_for_read() as connection, app.amqp.TaskConsumer(connection.channel(), auto_declare=False) as consumer:
        consumer.qos(prefetch_count=1)
        consumer.callbacks.append(lambda body, _: heard.append(body))
        while len(heard) < 2:
            connection.drain_events(timeout=5)


def test_a_worker_is_well_through_half_a_minute_of_silence(own_broker: Valkey, house: House, worker: Worker) -> None:
    eventually(worker, worker.is_well)
    for _ in range(30):  # five times as long as makes one deaf
        time.sleep(1)
        worker.supervise()
    eventually(worker, worker.is_well)
    assert worker.exits == []
    hears(worker)


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
    hears(worker)
