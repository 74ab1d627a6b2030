"""Child processes that cannot outlive their parent: started in sessions of their own, with their output in a log."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

_PR_SET_PDEATHSIG = 1


def spawn(
    command: Sequence[str],
    *,
    log: Path,
    stop_with: signal.Signals = signal.SIGTERM,
    user: str | None = None,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a program. A Ctrl-C in the terminal is not sent to it; on Linux its parent's death is, as `stop_with`."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
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


def dies_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """What a child does before its program starts, so that nothing is left behind when the supervisor is killed."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def ask() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(number))
        if os.getppid() != parent:  # it died in between
            os._exit(1)

    return ask


def stop(process: subprocess.Popen[bytes], number: signal.Signals, timeout_s: float) -> None:
    """Ask a child to end, wait, and end it if it does not."""
    if process.poll() is not None:
        return
    process.send_signal(number)
    try:
        process.wait(timeout_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
