"""No wait for another machine inside a transaction: an instrument that sees both, in every test that has a house.

It knows which transactions each thread has open that the wire's own code began (tests may hold what they like), and looks at
whatever a thread can wait with: sockets that are not the database's, names that are looked up, processes, sleeps, answers from
other threads. PostgreSQL is spoken to by libpq, which is none of these.
"""

from __future__ import annotations

import concurrent.futures
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

_ROOT = Path(__file__).parents[2]
_WIRE = (str(_ROOT / "services"), str(_ROOT / "shared"))
_SUITE = str(_ROOT / "tests")


class Waits:
    """What was waited for with a transaction open."""

    def __init__(self, owners: tuple[str, ...]) -> None:
        self._owners = owners  #: folders or files whose transactions are looked at
        self._open: dict[int, set[int]] = {}  #: by thread
        self.seen: list[str] = []

    def begins(self, connection: Connection) -> None:
        """A transaction was begun by whoever called."""
        frame = sys._getframe(1)
        while frame and not frame.f_code.co_filename.startswith((*self._owners, _SUITE)):
            frame = frame.f_back  # type: ignore[assignment]
        if frame and frame.f_code.co_filename.startswith(self._owners):
            self._open.setdefault(threading.get_ident(), set()).add(id(connection))

    def ends(self, connection: Connection) -> None:
        """It was committed or rolled back, maybe by another thread."""
        for connections in self._open.values():
            connections.discard(id(connection))

    def looks(self, what: str) -> None:
        """A thread is about to wait."""
        if self._open.get(threading.get_ident()):
            self.seen.append(f"{what} with a transaction open:\n{''.join(traceback.format_stack(limit=14)[:-2])}")


def _is_within_this_process(of: socket.socket) -> bool:
    """A pair by which an event loop is woken has no address."""
    try:
        return of.family == socket.AF_UNIX and not of.getpeername()
    except OSError:
        return False


@contextmanager
def no_waits(monkeypatch: pytest.MonkeyPatch, owners: tuple[str, ...] = _WIRE) -> Iterator[Waits]:
    """Look, as long as the block lasts; what was seen is the caller's to judge."""
    waits = Waits(owners)

    def watched(place: Any, name: str, is_a_wait: Callable[[tuple[Any, ...]], bool] = lambda _: True) -> None:
        original = getattr(place, name)

        def look_first(*arguments: Any, **named: Any) -> Any:
            if is_a_wait(arguments):
                waits.looks(f"{getattr(place, '__name__', place)}.{name}")
            return original(*arguments, **named)

        monkeypatch.setattr(place, name, look_first)

    for name in ("connect", "connect_ex", "send", "sendall", "recv", "recv_into"):
        watched(socket.socket, name, lambda given: not _is_within_this_process(given[0]))
    watched(socket, "getaddrinfo")
    watched(subprocess.Popen, "__init__")
    watched(time, "sleep")
    watched(concurrent.futures.Future, "result", lambda given: not given[0].done())
    listeners = (("begin", waits.begins), ("commit", waits.ends), ("rollback", waits.ends))
    for moment, listener in listeners:
        event.listen(Engine, moment, listener)
    try:
        yield waits
    finally:
        for moment, listener in listeners:
            event.remove(Engine, moment, listener)
