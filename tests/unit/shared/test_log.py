"""Saying something never fails, and the same fault is not told a thousand times."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from shared import log
from shared.log import Lines, Repeats


@pytest.fixture
def full() -> Iterator[int]:
    """A device without room: every write is ENOSPC."""
    descriptor = os.open("/dev/full", os.O_WRONLY)
    yield descriptor
    os.close(descriptor)


def test_a_full_disk_loses_lines_and_says_how_many_once_there_is_room(full: int, tmp_path: Path) -> None:
    taken_away = os.dup(full)
    lines = Lines(taken_away)
    for number in range(3):
        lines.write(f"line {number}\n")
    with (tmp_path / "log").open("wb") as room:
        os.dup2(room.fileno(), taken_away)
    lines.write("line 3\n")
    told = (tmp_path / "log").read_text().splitlines()
    assert [json.loads(told[0])["lines"], told[1]] == [3, "line 3"]
    os.close(taken_away)


def test_nobody_hears_and_nothing_is_raised() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    Lines(writer).write("line\n")
    os.close(writer)


def raised(event: str = "request.broken", *, value: int = 0) -> structlog.typing.EventDict:
    """What a line of a caught exception is, once it is text; `value` differs from time to time."""
    return {"event": event, "exception": f'Traceback\n  File "a.py", line 7, in f\nValueError: {value}'}


def test_a_repeated_traceback_is_one_line_with_a_count(monkeypatch: pytest.MonkeyPatch) -> None:
    now_s = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now_s[0])
    repeats = Repeats()
    assert "repeated" not in repeats(None, "error", raised())
    for value in range(999):
        with pytest.raises(structlog.DropEvent):
            repeats(None, "error", raised(value=value))
    now_s[0] += log.LOG_AGAIN_AFTER_S
    assert repeats(None, "error", raised())["repeated"] == 999


def test_what_has_stopped_is_told_with_its_count_by_the_next_line_of_any_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    now_s = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now_s[0])
    repeats = Repeats()
    repeats(None, "error", raised())
    with pytest.raises(structlog.DropEvent):
        repeats(None, "error", raised())
    assert repeats.rest() == {}
    now_s[0] += log.LOG_AGAIN_AFTER_S
    assert repeats.rest() == {'File "a.py", line 7, in f': 1}
    assert repeats.rest() == {}


def test_a_thousand_different_tracebacks_are_each_logged_and_not_all_remembered() -> None:
    repeats = Repeats()
    for number in range(1000):
        repeats(None, "error", {"event": "x", "exception": f'  File "a.py", line {number}, in f\nValueError'})
    assert len(repeats._logged) < 1000


def test_a_traceback_without_end_is_told_by_its_beginning_and_end() -> None:
    told = Repeats()(None, "error", {"event": "x", "exception": "a" + "x" * 1_000_000 + "z"})["exception"]
    assert (len(told) < 10_000, told[0], told[-1]) == (True, "a", "z")


def test_lines_without_a_traceback_are_never_dropped() -> None:
    repeats = Repeats()
    assert [repeats(None, "info", {"event": "chunk.done"}) for _ in range(5)] == [{"event": "chunk.done"}] * 5


@pytest.mark.parametrize("speaker", ["ours", "a library's"])
def test_a_process_says_json_and_each_traceback_once(speaker: str, tmp_path: Path) -> None:
    code = "log.get('x').error('broken', exc_info=True)" if speaker == "ours" else "logging.getLogger('lib').exception('broken')"
    script = f"""
import logging
from shared import log
log.configure("INFO")
for _ in range(50):
    try:
        raise ValueError("a fault")
    except ValueError:
        {code}
log.get("x").info("last")
"""
    import subprocess
    import sys

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    told = [json.loads(line) for line in done.stderr.splitlines()]
    assert [line["event"] for line in told] == ["broken", "last"]
    assert "ValueError: a fault" in told[0]["exception"]
