"""What a worker has in its hands, written where its parent reads it, and the parent's look at it.

A worker that holds the interpreter's lock in C (a pattern, a parser) runs no other thread and cannot end itself. So it says
in a small file what it begins, and how long that may take, and its parent ends it from outside. Standard library only: there
is a parent in every container.
"""

from __future__ import annotations

import json
import os
import zlib
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

#: a parent looks so often
LOOK_EVERY_S = 0.5

#: who used less of its time than this to compute was waiting, for the database or another's server: no piece is to blame for
#: that; so little, since many others may want the same processors
_LEAST_WORKED = 0.04

#: this part of its deadline is enough for nearly every chunk
_LONG = 1 / 6

#: the file is written in place, always so long: it takes no room on a full disk
_SIZE = 512
_CRC_SIZE = 4


@dataclass(frozen=True, kw_only=True)
class InHand:
    """A chunk, or one piece of work alone, in the hands of a worker."""

    pid: int  #: the worker's
    serial: int  #: counts what this worker began
    stage: str
    pieces: int
    work: int  #: of the first piece, its id, and the item it is about
    attempts: int
    item: str
    deadline_s: float

    @property
    def is_alone(self) -> bool:
        """Is it one piece, which nobody else can be the cause for?"""
        return self.pieces == 1


def in_hand_file(home: Path, name: str) -> Path:
    """Where a worker writes."""
    return home / "run" / "in_hand" / name


class Slate:
    """The worker's side: what it has in hand, always overwritten. Costs microseconds, never waits for a disk, never raises."""

    def __init__(self, file: Path) -> None:
        self._descriptor: int | None = None
        with suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self.wipe()

    def write(self, in_hand: InHand) -> None:
        """Something begins."""
        self._put(json.dumps(asdict(in_hand), separators=(",", ":")).encode())

    def wipe(self) -> None:
        """It has ended."""
        self._put(b"")

    def _put(self, words: bytes) -> None:
        if self._descriptor is not None:
            words = words.ljust(_SIZE)
            with suppress(OSError):
                os.pwrite(self._descriptor, zlib.crc32(words).to_bytes(_CRC_SIZE, "big") + words, 0)


def read_in_hand(file: Path) -> InHand | None:
    """What a worker has in hand; None for nothing, or while it is being written."""
    try:
        said = file.read_bytes()
        words = said[_CRC_SIZE:]
        if zlib.crc32(words).to_bytes(_CRC_SIZE, "big") != said[:_CRC_SIZE] or not words.strip():
            return None
        return InHand(**json.loads(words))
    except (OSError, ValueError, TypeError):
        return None


@dataclass(frozen=True, kw_only=True)
class Held:
    """What a worker has held, for how long, and whether it was at work on it or waited."""

    in_hand: InHand
    held_s: float
    has_worked: bool

    @property
    def is_overdue(self) -> bool:
        """Is its deadline past?"""
        return self.held_s > self.in_hand.deadline_s

    @property
    def is_long(self) -> bool:
        """Has it been at work on it for so long that another worker should take its place?"""
        return self.has_worked and self.held_s > self.in_hand.deadline_s * _LONG

    @property
    def is_stuck_alone(self) -> bool:
        """Is the piece itself to blame, whatever ended its worker?"""
        return self.in_hand.is_alone and self.has_worked

    def words(self) -> str:
        """For a log."""
        return f"{self.in_hand.pieces} of {self.in_hand.stage}, item {self.in_hand.item}, for {self.held_s:.0f} s"


class Deadlines:
    """The parent's side, for one worker. Time is added up from look to look, by the looker's own clock and never more than
    twice the usual for each: a machine or a looker that was itself held up ends nobody.
    """

    def __init__(self, file: Path, pid: int, now_s: float) -> None:
        self._file, self._pid = file, pid
        self._serial: int | None = None
        self._held_s = 0.0
        self._looked_at_s = now_s
        self._cpu_s: float | None = None

    def move(self, file: Path) -> None:
        """Let the worker's file, which it has open, be this one: another worker begins one of the name that it had.

        Raises OSError.
        """
        self._file = self._file.rename(file)

    def look(self, now_s: float) -> Held | None:
        """What the worker has in hand, if it had it at the last look too."""
        passed_s = min(now_s - self._looked_at_s, 2 * LOOK_EVERY_S)
        self._looked_at_s = now_s
        found = read_in_hand(self._file)
        if found is None or found.pid != self._pid:
            self._serial = None
            return None
        if found.serial != self._serial:
            self._serial, self._held_s, self._cpu_s = found.serial, 0.0, _cpu_s(self._pid)
            return None
        self._held_s += passed_s
        before_s, now_cpu_s = self._cpu_s, _cpu_s(self._pid)
        # where the system does not say, whoever is late has worked
        has_worked = before_s is None or now_cpu_s is None or now_cpu_s - before_s >= _LEAST_WORKED * self._held_s
        return Held(in_hand=found, held_s=self._held_s, has_worked=has_worked)


def _cpu_s(pid: int) -> float | None:
    """How long a process has computed."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return None
