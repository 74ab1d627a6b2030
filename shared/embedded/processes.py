"""Child processes that cannot outlive their parent: started in sessions of their own, with their output in a log."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

_PR_SET_PDEATHSIG = 1


class Process(Protocol):
    """A child of this process: the part of `subprocess.Popen` that whoever watches one needs."""

    @property
    def pid(self) -> int:
        """Its number, nobody else's until it was found ended."""

    @property
    def returncode(self) -> int | None:
        """How it was found ended: the code, or minus the signal; None: it was not."""

    def poll(self) -> int | None:
        """Look whether it has ended; its `returncode`."""

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended, seconds at most. Raises subprocess.TimeoutExpired."""

    def send_signal(self, sig: int) -> None:
        """Send it a signal, if it was not found ended."""

    def kill(self) -> None:
        """End it."""


def spawn(
    command: Sequence[str],
    *,
    log: Path,
    stop_with: signal.Signals = signal.SIGTERM,
    user: str | None = None,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    stdin: int = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:
    """Start a program. A Ctrl-C in the terminal is not sent to it; on Linux its parent's death is, as `stop_with`."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(
            list(command),
            stdin=stdin,
            stdout=output,
            stderr=output,
            start_new_session=True,
            cwd=folder,
            env=dict(environment) if environment is not None else None,
            user=user,
            group=user and _group_of(user),
            extra_groups=[] if user else None,
            preexec_fn=dies_with_parent(stop_with),
        )


def _group_of(user: str) -> int:
    import pwd

    return pwd.getpwnam(user).pw_gid


def dies_with_parent(number: signal.Signals, parent: int | None = None) -> Callable[[], None] | None:
    """What a child does before its program starts, so that nothing is left behind when its parent, here if None, is killed."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = parent or os.getpid()

    def ask() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(number))
        if os.getppid() != parent:  # it died in between
            os._exit(1)

    return ask


def stop(process: Process, number: signal.Signals, timeout_s: float) -> None:
    """Ask a child to end, wait, and end it if it does not."""
    if process.poll() is not None:
        return
    process.send_signal(number)
    try:
        process.wait(timeout_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def let_others_first(pid: int, steps: int) -> None:
    """Let a process have less of the processors where others want them too, by so many steps of `nice`, for all its threads.

    For good: only root may take it back.
    """
    try:
        threads = [int(task.name) for task in Path(f"/proc/{pid}/task").iterdir()]
    except OSError:  # no Linux, or it has ended
        threads = [pid]
    for thread in threads:
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + steps)
