"""Celery's own tools see the workers if `BARQ_CELERY_CONTROL` says so, and nothing else."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from shared.embedded.servers import Valkey
from tests.integration.shared.test_a_deaf_worker import Worker, eventually
from tests.support.house import House


@contextmanager
def working(house: House, **environment: str) -> Iterator[Worker]:
    worker = Worker(house.home, **environment)
    try:
        eventually(worker, worker.is_well)
        yield worker
    finally:
        worker.stop()


def inspect(worker: Worker, *words: str) -> str:
    """What the command `celery` says, of an app that knows the wire's broker."""
    command = [sys.executable, "-m", "celery", "-A", "shared.queue.celery_app", "inspect", "--timeout", "5", *words]
    done = subprocess.run(command, env=worker.environment, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def test_celery_inspect_finds_the_workers_where_they_are_told_to_answer(own_broker: Valkey, house: House) -> None:
    with working(house, BARQ_CELERY_CONTROL="true") as worker:
        ends_s = time.monotonic() + 60
        while "pong" not in (told := inspect(worker, "ping")):
            assert time.monotonic() < ends_s, told
        assert "w@barq" in told
        assert "fan_out.regular" in inspect(worker, "active_queues")


def test_no_worker_answers_unless_it_is_told_to(own_broker: Valkey, house: House) -> None:
    with working(house) as worker:
        assert "No nodes replied" in inspect(worker, "ping")
