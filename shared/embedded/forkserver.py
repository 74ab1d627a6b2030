"""A process that has loaded what the roles of an embedded wire need, and forks them: they start at once and share its memory.

Each role of its own would read the same modules and tables of words: on a small machine most of the time until the wire is
ready, and most of its memory. So one process loads them, once, and does nothing else: it has one thread, no connection and
nothing of any item. Who is forked belongs to the supervisor, as if it had started it: the supervisor adopts orphans (Linux's
`PR_SET_CHILD_SUBREAPER`), and the process in between ends at once. Where there is none (macOS), or when it has gone, roles are
started from nothing, as in a container.
"""

from __future__ import annotations

import ctypes
import errno
import gc
import json
import os
import select
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from shared.embedded.processes import Process, dies_with_parent, spawn
from shared.errors import StartError

_PR_SET_CHILD_SUBREAPER = 36

#: how long it may take to load; as long as any role
_MAY_LOAD_FOR_S = 90.0

#: how long one look waits for it to have loaded
_LOADS_OR_ENDS_S = 1.0

#: how long a fork may take before it is taken for frozen
_FORKS_WITHIN_S = 5.0

#: of a request; there are a few words in it
_MOST_BYTES = 64 * 1024

#: how long one that was forked waits until it belongs to the supervisor; the kernel needs microseconds
_ADOPTED_WITHIN_S = 10.0

_READY = b"ready"
_NO_FORK = b"no fork"


@dataclass
class Forked:
    """A process that was forked for this one and belongs to it: what `subprocess.Popen` is for one that was started."""

    pid: int
    returncode: int | None = None

    def poll(self) -> int | None:
        """How it ended, as `subprocess.Popen` says it; None while it runs."""
        if self.returncode is None:
            try:
                ended, status = os.waitpid(self.pid, os.WNOHANG)
            except ChildProcessError:  # somebody else has let go of it: how it ended is lost
                ended, status = self.pid, 0
            if ended:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended, seconds at most. Raises subprocess.TimeoutExpired."""
        if self.poll() is None:
            descriptor = os.pidfd_open(self.pid)
            try:
                select.select([descriptor], [], [], timeout)
            finally:
                os.close(descriptor)
        code = self.poll()
        if code is None:
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0.0)
        return code

    def send_signal(self, sig: int) -> None:
        """Send it a signal, if it has not ended."""
        if self.poll() is None:
            os.kill(self.pid, sig)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


# ── The supervisor's side ────────────────────────────────────────────────────────────────────────────────────────


class ForkServer:
    """The process that forks, from the supervisor's side. One that has ended, or was given up, stays so."""

    def __init__(self, command: Sequence[str], *, log: Path, environment: Mapping[str, str]) -> None:
        """Start it; `command` runs `serve` on its standard input. Does not wait until it has loaded."""
        adopt_orphans()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._socket = ours
        self._log = log
        with theirs:
            self.process = spawn(command, log=log, environment=environment, stdin=theirs.fileno())
        self._gives_up_at_s = time.monotonic() + _MAY_LOAD_FOR_S
        self._has_loaded = False

    @property
    def has_ended(self) -> bool:
        """Does it fork no more? Then `stop` has been called, or there is no such process."""
        return self._socket.fileno() < 0 or self.process.poll() is not None

    def wait_until_loaded(self) -> None:
        """Raises StartError if it ends, or takes too long."""
        while self.is_loading(wait_s=_LOADS_OR_ENDS_S):
            pass

    def is_loading(self, *, wait_s: float = 0.0) -> bool:
        """False once it forks, seconds to wait for that. Raises StartError if it has ended, or takes too long."""
        if self._has_loaded and not self.has_ended:
            return False
        try:
            self._socket.settimeout(wait_s)
            heard = self._socket.recv(_MOST_BYTES)
        except (TimeoutError, BlockingIOError):
            if time.monotonic() < self._gives_up_at_s:
                return True
            heard = b""
        except OSError:
            heard = b""
        if heard != _READY:
            self.stop()
            raise StartError(f"the roles cannot be loaded; see {self._log}")
        self._has_loaded = True
        self._socket.settimeout(_FORKS_WITHIN_S)
        return False

    def fork(self, arguments: Sequence[str], *, log: Path, environment: Mapping[str, str]) -> Forked:
        """A process that does as `barq` with these arguments, its output in a log; `environment`: beside the fork server's.

        Raises StartError if the system has no room for it now; or if the fork server has ended or is frozen, and ever after.
        """
        try:
            self._socket.send(json.dumps([list(arguments), str(log), dict(environment)]).encode())
            answer = self._socket.recv(_MOST_BYTES)
            if answer != _NO_FORK:
                return Forked(int(answer))
            reason: object = "the system has no room for a process"
        except (OSError, ValueError) as failed:
            self.stop()
            reason = failed
        raise StartError(f"no process could be forked for {' '.join(arguments)}: {reason}; see {self._log}")

    def stop(self) -> None:
        """End it; who was forked stays."""
        self._socket.close()
        self.process.kill()
        self.process.wait()


def adopt_orphans() -> None:
    """Let what descends from this process, and loses its parent, belong to it. Raises OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "cannot adopt orphans")


def reap_orphans(known: Sequence[Process]) -> None:
    """Let go of what was adopted and has ended: a reader whose worker was killed, a killed database's processes.

    Of those that are `known`, somebody asks how they ended: they are left.
    """
    mine = {process.pid for process in known}
    with suppress(ChildProcessError):
        while ended := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            if ended.si_pid in mine:
                break  # asked for at once; what ended besides is seen at the next look
            os.waitpid(ended.si_pid, 0)


# ── Its own side ─────────────────────────────────────────────────────────────────────────────────────────────────


def serve(load: Callable[[], None], control: socket.socket) -> Sequence[str]:
    """Load, then fork for whoever asks, until nobody can. Returns in each process that was forked: the arguments to run with."""
    supervisor = os.getppid()
    load()
    gc.collect()
    gc.freeze()  # the collector would write into pages that are shared
    control.send(_READY)
    while request := control.recv(_MOST_BYTES):
        arguments, log, environment = json.loads(request)
        try:
            pid = _fork_an_orphan()
        except OSError:
            control.send(_NO_FORK)
            continue
        if pid == 0:
            control.detach()  # its place is taken by another standard input
            _become(supervisor, log, environment)
            return [str(argument) for argument in arguments]
        control.send(str(pid).encode())
    raise SystemExit(0)


def _fork_an_orphan() -> int:
    """0 in a process whose parent has ended, and its number here. What stands between them does nothing but fork.

    Raises OSError if the system has no room for them.
    """
    reading, writing = os.pipe()
    with os.fdopen(reading) as said, os.fdopen(writing, "w") as saying:
        between = os.fork()
        if between == 0:
            try:
                pid = os.fork()
            except OSError:
                os._exit(1)
            if pid == 0:
                return 0
            os.write(writing, str(pid).encode())
            os._exit(0)
        saying.close()
        number = said.read()
    os.waitpid(between, 0)
    if not number:
        raise OSError(errno.EAGAIN, "the process in between could not fork")
    return int(number)


def _become(supervisor: int, log: str, environment: Mapping[str, str]) -> None:
    """A process like one that was started: in a session of its own, with its own output, and gone when the supervisor is."""
    ends_s = time.monotonic() + _ADOPTED_WITHIN_S
    while os.getppid() != supervisor:
        if time.monotonic() > ends_s:
            os._exit(1)
        time.sleep(0.001)
    if end_with_supervisor := dies_with_parent(signal.SIGTERM, supervisor):
        end_with_supervisor()
    os.setsid()
    os.environ.update(environment)
    output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)
    for mine, standard in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(mine, standard)
