"""The embedded wire: its servers and roles as child processes, watched, restarted when they end or do not hear, and
stopped in the reverse order.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import httpx

from shared import log
from shared.embedded.processes import spawn, stop
from shared.embedded.runfile import RunFile, remove_runfile, write_runfile
from shared.embedded.servers import Postgres, Server, Valkey
from shared.errors import StartError
from shared.hearing import is_well
from shared.roles import EMBEDDED_ROLES
from shared.roles import Role as WireRole
from shared.settings import settings

#: below this the wire does not start: PostgreSQL stops in the middle of its work on a full disk
_LEAST_FREE_BYTES = 300_000_000

#: how long a role may take to finish what it has in hand
_STOP_TIMEOUT_S = 15.0

_log = log.get("supervisor")

Say = Callable[[str], None]


@dataclass
class _Child:
    """One process and how to start it again."""

    name: str
    start: Callable[[], subprocess.Popen[bytes]]
    stop_signal: signal.Signals
    process: subprocess.Popen[bytes] | None = None
    started_s: float = 0.0
    next_start_s: float = 0.0
    failures: int = 0
    is_worker: bool = False
    server: Server | None = None


@dataclass
class Supervisor:
    """Runs the whole wire under one home."""

    home: Path
    host: str
    port: int
    say: Say
    children: list[_Child] = field(default_factory=list)
    _stopped: threading.Event = field(default_factory=threading.Event)
    _lock: IO[str] | None = None

    @property
    def url(self) -> str:
        """Where the wire answers on this machine."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104
        return f"http://{host}:{self.port}"

    @property
    def public_url(self) -> str:
        """The address that readers see: the environment's, else this machine's."""
        return os.environ.get("BARQ_PUBLIC_URL", self.url)

    # ── Starting ─────────────────────────────────────────────────────────────────────────────────────────────────

    def start_servers(self) -> tuple[str, str]:
        """Check the place, start database and broker unless the environment names others. Returns their addresses."""
        self._check_place()
        servers: dict[str, str] = {}
        wanted: list[tuple[type[Server], str | None]] = [
            (Postgres, settings().database_url),
            (Valkey, settings().broker_url),
        ]
        started: list[tuple[Server, subprocess.Popen[bytes]]] = []
        for kind, given in wanted:
            if given:
                servers[kind.name] = given
                continue
            server = kind(self.home)
            self.say(f"Starting {server.name}")
            server.prepare()
            child = self._add(server.name, server.start, server.stop_signal)
            child.server = server
            assert child.process is not None  # noqa: S101  _add started it
            started.append((server, child.process))
            servers[kind.name] = server.url
        for server, process in started:
            server.wait_until_ready(process)
        self._write_runfile(servers["postgres"], servers["valkey"], ready=False)
        return servers["postgres"], servers["valkey"]

    def start_roles(self, database_url: str, broker_url: str) -> None:
        """Start every role and wait until the wire is ready for items and readers."""
        environment = {
            **os.environ,
            "BARQ_HOME": str(self.home),
            "BARQ_DATABASE_URL": database_url,
            "BARQ_BROKER_URL": broker_url,
            "BARQ_HOST": self.host,
            "BARQ_PORT": str(self.port),
            "BARQ_PUBLIC_URL": self.public_url,
        }
        for role in EMBEDDED_ROLES:
            self.say(f"Starting {role.name}")
            child = self._add(role.name, self._role_starter(role, environment), signal.SIGTERM)
            child.is_worker = role.command[0] == "worker"
        self.say("Waiting until every stage is heard")
        self._wait_until_ready()
        self._write_runfile(database_url, broker_url, ready=True)

    def _role_starter(self, role: WireRole, environment: dict[str, str]) -> Callable[[], subprocess.Popen[bytes]]:
        barq = [sys.executable, "-m", "services.console.main"]

        def start() -> subprocess.Popen[bytes]:
            return spawn([*barq, *role.command], log=self.home / "log" / f"{role.name}.log", environment=environment)

        return start

    def _check_place(self) -> None:
        """Everything that would go wrong later, said now in one sentence each."""
        try:
            (self.home / "run").mkdir(parents=True, exist_ok=True)
            self.home.chmod(0o711 if os.geteuid() == 0 else 0o700)
            self._lock = (self.home / "run" / "lock").open("w", encoding="utf-8")
        except OSError as refused:
            raise StartError(
                f"cannot write to {self.home}: {refused.strerror}. Give this user the folder, or set BARQ_HOME to another."
            ) from refused
        try:
            # held by the kernel for as long as this process lives, so that it can never be stale
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            raise StartError(
                f"a wire runs in {self.home} already: see `barq status`, stop it with `barq down`."
            ) from taken
        free_bytes = shutil.disk_usage(self.home).free
        if free_bytes < _LEAST_FREE_BYTES:
            raise StartError(
                f"only {free_bytes // 1_000_000} MB are free under {self.home}; "
                f"the wire needs {_LEAST_FREE_BYTES // 1_000_000} MB to start."
            )
        with socket.socket(socket.AF_INET6 if ":" in self.host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, self.port))
            except OSError as refused:
                raise StartError(
                    f"port {self.port} on {self.host} cannot be used: {refused.strerror}. "
                    "Choose another: `barq up --port N` (with make: `make up PORT=N`)."
                ) from refused

    def _wait_until_ready(self, timeout_s: float = 90.0) -> None:
        ends_s = time.monotonic() + timeout_s
        said = "nothing answered"
        while time.monotonic() < ends_s:
            self._tend()
            try:
                answer = httpx.get(f"{self.url}/readyz", timeout=5, trust_env=False)
                if answer.status_code == 200:
                    return
                said = ", ".join(answer.json()["lacking"])
            except (httpx.HTTPError, ValueError, KeyError):
                pass
            for child in self.children:
                if child.failures >= 3:
                    raise StartError(f"{child.name} does not start; see {self.home}/log/{child.name}.log")
            time.sleep(0.1)
        raise StartError(f"the wire is not ready after {timeout_s:.0f} s: {said}; see the logs in {self.home}/log")

    def _add(self, name: str, start: Callable[[], subprocess.Popen[bytes]], stop_signal: signal.Signals) -> _Child:
        child = _Child(name=name, start=start, stop_signal=stop_signal)
        self.children.append(child)
        self._start(child)
        return child

    def _start(self, child: _Child) -> None:
        child.process = child.start()
        child.started_s = time.monotonic()

    def _write_runfile(self, database_url: str, broker_url: str, *, ready: bool) -> None:
        write_runfile(
            self.home,
            RunFile(pid=os.getpid(), url=self.url, database_url=database_url, broker_url=broker_url, ready=ready),
        )

    # ── Watching ─────────────────────────────────────────────────────────────────────────────────────────────────

    def watch(self) -> None:
        """Restart what ends, until asked to stop."""
        while not self._stopped.wait(0.2):
            self._tend()

    def request_stop(self, *_: object) -> None:
        """Signal handler: `watch` returns."""
        self._stopped.set()

    def _tend(self) -> None:
        now_s = time.monotonic()
        for child in self.children:
            if child.process is None:
                if now_s >= child.next_start_s:
                    self._restart(child)
            elif child.process.poll() is not None:
                lived_s = now_s - child.started_s
                child.failures = child.failures + 1 if lived_s < 10 else 0
                pause_s = min(0.1 * 2**child.failures, 10.0)
                _log.warning("role.ended", role=child.name, code=child.process.returncode, again_in_s=pause_s)
                child.process, child.next_start_s = None, now_s + pause_s
            elif (
                child.is_worker
                and now_s - child.started_s > 60
                and not is_well(self.home, child.name, now_s=time.time(), deaf_after_s=3 * settings().deaf_after_s)
            ):
                # a worker ends itself when it is deaf; one that cannot even do that is ended here
                _log.error("worker.frozen", role=child.name)
                child.process.kill()

    def _restart(self, child: _Child) -> None:
        try:
            if child.server:
                child.server.prepare()
            self._start(child)
            _log.info("role.restarted", role=child.name)
        except (StartError, OSError) as failed:
            child.failures += 1
            child.next_start_s = time.monotonic() + min(0.1 * 2**child.failures, 10.0)
            _log.error("role.restart_failed", role=child.name, error=str(failed))

    # ── Stopping ─────────────────────────────────────────────────────────────────────────────────────────────────

    def shut_down(self) -> None:
        """Stop roles first, together; then the servers, each after what needs it."""
        roles = [child for child in self.children if child.server is None and child.process]
        for child in roles:
            if child.process and child.process.poll() is None:
                child.process.send_signal(child.stop_signal)
        ends_s = time.monotonic() + _STOP_TIMEOUT_S
        for child in roles:
            if child.process:
                stop(child.process, child.stop_signal, max(ends_s - time.monotonic(), 0.1))
        for child in reversed([child for child in self.children if child.server]):
            if child.process:
                stop(child.process, child.stop_signal, _STOP_TIMEOUT_S)
        if self._lock and not self._lock.closed:
            remove_runfile(self.home)
            self._lock.close()
