"""What a worker has in hand is read by its parent, and only who had its time is late, whatever clocks and looks do."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from shared.queue.in_hand import LOOK_EVERY_S, Deadlines, Held, InHand, Slate, in_hand_file, read_in_hand

MINE = InHand(
    pid=os.getpid(), serial=1, stage="render", pieces=1, work=7, attempts=2, item="f" * 36, deadline_s=3.0
)  # fmt: skip


def looks(deadlines: Deadlines, *, times: int, start_s: float = 0.0) -> Held | None:
    held = None
    for n in range(times):
        held = deadlines.look(start_s + n * LOOK_EVERY_S)
    return held


def test_what_is_written_is_read_until_it_is_wiped(tmp_path: Path) -> None:
    file = in_hand_file(tmp_path, "w")
    assert read_in_hand(file) is None
    slate = Slate(file)
    assert read_in_hand(file) is None
    slate.write(MINE)
    assert read_in_hand(file) == MINE
    slate.write(replace(MINE, serial=2, pieces=500, deadline_s=240))
    assert read_in_hand(file) == replace(MINE, serial=2, pieces=500, deadline_s=240)
    slate.wipe()
    assert read_in_hand(file) is None


def test_the_file_never_grows_and_half_of_what_is_written_is_nothing(tmp_path: Path) -> None:
    file = in_hand_file(tmp_path, "w")
    slate, size = Slate(file), file.stat().st_size
    slate.write(MINE)
    assert file.stat().st_size == size
    file.write_bytes(file.read_bytes()[:40] + b"?" + file.read_bytes()[41:])
    assert read_in_hand(file) is None


def test_a_folder_that_takes_nothing_stops_no_worker(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("a file where the folder should be")
    Slate(in_hand_file(tmp_path, "w")).write(MINE)


def test_who_holds_the_same_longer_than_its_deadline_is_overdue_and_who_began_another_is_not(tmp_path: Path) -> None:
    file = in_hand_file(tmp_path, "w")
    slate, deadlines = Slate(file), Deadlines(file, os.getpid(), 0.0)
    slate.write(MINE)
    assert (held := looks(deadlines, times=7)) is not None
    assert not held.is_overdue
    assert (held := deadlines.look(7 * LOOK_EVERY_S)) is not None
    assert held.is_overdue
    slate.write(replace(MINE, serial=2))
    assert deadlines.look(8 * LOOK_EVERY_S) is None


def test_a_looker_or_a_machine_that_was_held_up_ends_nobody(tmp_path: Path) -> None:
    file = in_hand_file(tmp_path, "w")
    Slate(file).write(MINE)
    deadlines = Deadlines(file, os.getpid(), 0.0)
    deadlines.look(0.5)
    assert (held := deadlines.look(1000.0)) is not None
    assert not held.is_overdue


def test_what_an_earlier_process_had_in_hand_is_not_its_successors(tmp_path: Path) -> None:
    file = in_hand_file(tmp_path, "w")
    Slate(file).write(replace(MINE, pid=os.getpid() + 1))
    assert looks(Deadlines(file, os.getpid(), 0.0), times=50) is None


def test_a_piece_is_to_blame_only_if_it_was_alone_and_its_worker_at_work(tmp_path: Path) -> None:
    file = in_hand_file(tmp_path, "w")
    Slate(file).write(MINE)
    assert (waited := looks(Deadlines(file, os.getpid(), 0.0), times=50)) is not None
    assert (waited.is_overdue, waited.is_stuck_alone) == (True, False), "this process has computed next to nothing"
    alone = Held(in_hand=MINE, held_s=4, has_worked=True)
    assert alone.is_stuck_alone
    assert not replace(alone, in_hand=replace(MINE, pieces=2)).is_stuck_alone


def test_a_worker_that_is_at_one_thing_for_a_sixth_of_its_deadline_takes_long_and_one_that_waits_does_not() -> None:
    held = Held(in_hand=replace(MINE, deadline_s=12.0), held_s=2.1, has_worked=True)
    assert held.is_long
    assert not replace(held, held_s=1.9).is_long
    assert not replace(held, has_worked=False).is_long
