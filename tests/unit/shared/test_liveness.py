"""When a worker is deaf, and when it only seems so."""

from __future__ import annotations

import os
import time
from pathlib import Path

from shared.queue.liveness import Liveness, heard_file, is_well


def complaint(liveness: Liveness, now_s: float) -> str | None:
    return liveness.complaint(now_s, deaf_after_s=20, stuck_after_s=300)


def test_a_worker_that_hears_its_probes_is_well() -> None:
    liveness = Liveness(0)
    for now_s in range(0, 200, 5):
        liveness.probe_sent(now_s)
        liveness.hears(now_s)
        assert complaint(liveness, now_s) is None


def test_a_worker_whose_probes_are_sent_and_never_come_is_deaf() -> None:
    liveness = Liveness(0)
    liveness.probe_sent(15)
    assert (complaint(liveness, 20), complaint(liveness, 21)) == (None, "worker.deaf")


def test_nobody_is_deaf_while_the_broker_is_away_nor_just_after() -> None:
    liveness = Liveness(0)
    liveness.probe_not_sent()
    assert complaint(liveness, 1000) is None
    liveness.probe_sent(1000)
    assert (complaint(liveness, 1019), complaint(liveness, 1021)) == (None, "worker.deaf")


def test_a_worker_at_work_is_not_deaf_but_after_too_long_it_is_stuck() -> None:
    liveness = Liveness(0)
    liveness.hears(10)
    liveness.begins(10)
    assert (complaint(liveness, 300), complaint(liveness, 311)) == (None, "worker.stuck")
    liveness.ends(311)
    assert complaint(liveness, 330) is None


def test_work_that_a_worker_found_itself_does_not_hide_that_it_is_deaf() -> None:
    liveness = Liveness(0)
    liveness.probe_sent(0)
    for now_s in range(0, 40, 2):  # half of the time at work, never heard
        liveness.begins(now_s)
        liveness.ends(now_s + 1)
    assert liveness.heard_at_s == 20
    assert (complaint(liveness, 40), complaint(liveness, 41)) == (None, "worker.deaf")


def test_a_worker_that_looks_for_work_itself_is_well_while_the_broker_is_away_and_only_then() -> None:
    liveness = Liveness(0)
    liveness.looks(10)
    assert liveness.heard_at_s == 0
    liveness.probe_not_sent()
    liveness.looks(11)
    assert liveness.heard_at_s == 11


def test_health_is_the_age_of_the_heard_file(tmp_path: Path) -> None:
    def well() -> bool:
        return is_well(tmp_path, "w", now_s=time.time(), deaf_after_s=20)

    assert not well()
    file = heard_file(tmp_path, "w")
    file.parent.mkdir(parents=True)
    file.touch()
    assert well()
    os.utime(file, (time.time() - 21,) * 2)
    assert not well()
