"""A worker that is stuck in a piece of work, in C code that lets no thread of its own run: its parent ends it at the deadline."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest
from sqlalchemy import text

from shared import metrics
from shared.archive.database import engine
from shared.pipeline import Stage
from shared.queue import broker, pulse
from shared.queue.in_hand import in_hand_file, read_in_hand
from tests.support.factories import sent
from tests.support.house import House
from tests.support.poison import poisoned

ROOT = Path(__file__).parents[3]


@dataclass
class Kept:
    """A worker with its parent, started again when it ends, as a container is."""

    house: House
    name: str
    arguments: tuple[str, ...]
    deadline_factor: float = 0.25
    exits: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.start()

    @property
    def log(self) -> Path:
        return self.house.home / f"{self.name}.log"

    def start(self) -> None:
        command = [sys.executable, "-c", "from services.console.entry import main; main()", "kept", "worker"]
        command += ["--name", self.name, *self.arguments]
        with self.log.open("ab") as log:
            environment = {**os.environ, **poisoned(), "BARQ_DEADLINE_FACTOR": str(self.deadline_factor)}
            self.parent = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)

    def tend(self) -> None:
        if (code := self.parent.poll()) is not None:
            self.exits.append(code)
            self.start()

    def end(self) -> None:
        """And its worker, which would finish what it has, and take of the next test's work meanwhile."""
        workers = psutil.Process(self.parent.pid).children(recursive=True) if self.parent.poll() is None else []
        self.parent.kill()
        for worker in workers:
            with suppress(psutil.NoSuchProcess):
                worker.kill()
        psutil.wait_procs(workers, timeout=30)
        self.parent.wait()

    def worker(self) -> psutil.Process:
        """The process that works."""
        in_hand = read_in_hand(in_hand_file(self.house.home, self.name))
        assert in_hand is not None, "it has something in hand"
        return psutil.Process(in_hand.pid)


@pytest.fixture
def keep(house: House) -> Iterator[Callable[..., Kept]]:
    """Start a worker of enrichment; all are ended with the test, each with its parent."""
    started: list[Kept] = []

    def go(name: str, *arguments: str, deadline_factor: float = 0.25) -> Kept:
        started.append(Kept(house, name, arguments or ("--service", "enrichment"), deadline_factor))
        return started[-1]

    yield go
    for kept in started:
        kept.end()


def eventually(house: House, workers: list[Kept], holds: Callable[[], bool], patience_s: float = 400) -> None:
    ends_s = time.monotonic() + patience_s
    while not holds():
        assert time.monotonic() < ends_s, [worker.log.read_text()[-3000:] for worker in workers]
        for worker in workers:
            worker.tend()
        pulse.beat(house.engine)
        time.sleep(0.1)


def fates(house: House, stage: Stage = Stage.ENRICH) -> dict[str, str]:
    rows = house.rows("SELECT uri, work.state FROM work JOIN items ON items.id = item WHERE stage = :stage", stage=stage.value)
    return {row.uri: row.state for row in rows}


def test_a_poisonous_piece_is_dead_after_its_third_time_alone_and_the_others_of_its_chunk_are_done(
    house: House, keep: Callable[..., Kept]
) -> None:
    house.pushes_many([sent(uri=f"urn:{name}", headline=f"About {name}") for name in ("1", "2", "poison", "3", "4")])
    kept = keep("w")
    eventually(house, [kept], lambda: fates(house)["urn:poison"] == "dead")
    assert fates(house) == {"urn:1": "done", "urn:2": "done", "urn:poison": "dead", "urn:3": "done", "urn:4": "done"}
    (dead,) = (row for row in house.work() if row.state == "dead")
    assert (dead.error, dead.stuck) == ("took longer than 3 s three times", 3)
    assert {row.stuck for row in house.work() if row.state != "dead"} == {0}
    eventually(house, [kept], lambda: len(kept.exits) >= 4)  # once in company and three times alone
    counted = metrics.read_sums(broker.client())
    assert [amount for name, amount in counted.items() if name.startswith("barq_stuck_total|stage=enrich")] == [4.0]
    assert '"event": "role.stuck"' in kept.log.read_text()


def test_a_worker_that_is_killed_by_hand_or_frozen_is_no_fault_of_its_work(house: House, keep: Callable[..., Kept]) -> None:
    house.pushes(uri="urn:poison")
    kept = keep("w")
    for number in (signal.SIGKILL, signal.SIGSTOP):
        eventually(house, [kept], lambda: read_in_hand(in_hand_file(house.home, "w")) is not None)
        ended = len(kept.exits)
        kept.worker().send_signal(number)
        eventually(house, [kept], lambda: len(kept.exits) > ended)  # noqa: B023  called at once
        in_hand_file(house.home, "w").unlink(missing_ok=True)
    (work,) = house.work()
    assert (work.state, work.stuck) == ("due", 0)


def test_a_worker_that_only_waits_for_the_database_is_no_fault_of_its_work(house: House, keep: Callable[..., Kept]) -> None:
    house.pushes(uri="urn:innocent")
    with engine().connect() as held:
        held.execute(text("SET idle_in_transaction_session_timeout = 0"))
        held.execute(text("LOCK TABLE items IN ACCESS EXCLUSIVE MODE"))
        # of a longer deadline, what a process computes while it waits is a smaller part, also on a busy machine
        kept = keep("w", deadline_factor=0.75)
        eventually(house, [kept], lambda: bool(kept.exits))
    eventually(house, [kept], lambda: fates(house)["urn:innocent"] == "done")
    (work,) = (row for row in house.work() if row.stage == "enrich")
    assert work.stuck == 0


def test_the_express_worker_does_what_is_urgent_while_all_the_others_are_held(house: House, keep: Callable[..., Kept]) -> None:
    own = ("--service", "enrichment", "--service", "publish", "--service", "rendering")
    house.pushes(uri="urn:killed", headline="Abracadabra")
    house.works()
    assert house.titles() == ["Abracadabra"]
    house.pushes_many([sent(uri=f"urn:slow:{n}", headline=f"Slow {n}") for n in range(200)])
    regular, express = keep("regular", *own), keep("express", "--lane", "express", *own)
    both = [regular, express]
    eventually(house, both, lambda: read_in_hand(in_hand_file(house.home, "regular")) is not None)
    house.pushes(uri="urn:killed", version=2, pubstatus="canceled")
    eventually(house, both, lambda: "Abracadabra" not in str(house.titles()))
    kill = house.rows("SELECT held_by FROM work JOIN items ON items.id = item WHERE uri = 'urn:killed' AND version = 2")
    assert {row.held_by for row in kill} == {"express"}
    assert "due" in fates(house).values(), "the others still wait"
