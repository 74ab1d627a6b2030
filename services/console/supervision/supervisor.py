"""The embedded wire: its servers and roles as child processes, watched, restarted when they end, give no sign of life or
hold a piece of work beyond its deadline, and stopped in the reverse order.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import httpx

from services.console.supervision.child import Child
from services.console.supervision.forks import Forks
from services.console.supervision.preflight import check_port, check_room, claim_home
from services.console.supervision.stuck import write_down
from shared import log
from shared.embedded.forkserver import reap_orphans
from shared.embedded.logs import close_logs, keep_small
from shared.embedded.processes import Process, spawn, stop
from shared.embedded.runfile import RunFile, read_runfile, remove_runfile, write_runfile
from shared.embedded.servers import Postgres, Server, Valkey
from shared.errors import StartError
from shared.queue.in_hand import Held, in_hand_file
from shared.queue.liveness import PULSE, answers, local_host, touched
from shared.roles import EMBEDDED_ROLES
from shared.roles import Role as WireRole
from shared.settings import settings

#: how often the size of logs is looked at, and whether the run file is there
_LOOK_AFTER_FILES_S = 2.0

#: how often web is asked whether it is alive
_ASK_WEB_S = 2.0

#: who is ended lets nobody have what it held before the ledger knows of it, if that takes no longer
_BEGINS_TO_WRITE_DOWN_S = 1.0

#: so many workers that take long at something stand aside at most, each with another in its place
_MOST_ASIDE = 3

#: how long a role may take to finish what it has in hand
_STOP_TIMEOUT_S = 15.0

_BARQ = (sys.executable, "-m", "services.console.main")

_log = log.get("supervisor")

Say = Callable[[str], None]


@dataclass
class Supervisor:
    """Runs the whole wire under one home."""

    home: Path
    host: str
    port: int
    say: Say
    children: list[Child] = field(default_factory=list)
    _forks: Forks | None = None
    _stopped: threading.Event = field(default_factory=threading.Event)
    _lock: IO[str] | None = None
    _run: RunFile | None = None
    _web_answered_at_s: float | None = None
    _look_after_files_at_s: float = 0.0

    @property
    def url(self) -> str:
        """Where the wire answers on this machine."""
        host = f"[{self.local_host}]" if ":" in self.local_host else self.local_host
        return f"http://{host}:{self.port}"

    @property
    def local_host(self) -> str:
        """The address by which this machine reaches it."""
        return local_host(self.host)

    @property
    def public_url(self) -> str:
        """The address that readers see: the environment's, else this machine's."""
        return os.environ.get("BARQ_PUBLIC_URL", self.url)

    # ── Starting ─────────────────────────────────────────────────────────────────────────────────────────────────

    def start_servers(self) -> tuple[str, str]:
        """Check the place, start database and broker unless the environment names others. Returns their addresses."""
        self._check_place()
        if sys.platform == "linux":  # loads while the servers start
            self._forks = Forks(self.home)
        servers: dict[str, str] = {}
        kinds: list[tuple[type[Server], str | None]] = [
            (Postgres, settings().database_url),
            (Valkey, settings().broker_url),
        ]
        started: list[tuple[Server, Process]] = []
        for kind, given in kinds:
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

    def start_roles(self, database_url: str, broker_url: str, *, roles_database_url: str = "") -> None:
        """Start every role, by an account of its own if there is one, and wait until the wire is ready for items and readers."""
        environment = {
            "BARQ_HOME": str(self.home),
            "BARQ_DATABASE_URL": roles_database_url or database_url,
            "BARQ_BROKER_URL": broker_url,
            "BARQ_HOST": self.host,
            "BARQ_PORT": str(self.port),
            "BARQ_PUBLIC_URL": self.public_url,
        }
        if self._forks:
            self.say("Loading")
            self._forks.server.wait_until_loaded()
        for role in EMBEDDED_ROLES:
            self.say(f"Starting {role.name}")
            in_hand = in_hand_file(self.home, role.name) if role.command[0] == "worker" else None
            child = self._add(role.name, self._role_starter(role, environment), signal.SIGTERM, self._sign_of(role), in_hand)
            child.is_relieved = role.is_relieved
        threading.Thread(target=self._ask_web, name="ask-web", daemon=True).start()
        self.say("Waiting until every stage is heard")
        self._wait_until_ready()
        self._write_runfile(database_url, broker_url, ready=True)

    def _role_starter(self, role: WireRole, environment: dict[str, str]) -> Callable[[], Process]:
        log_file = self.home / "log" / f"{role.name}.log"

        def start() -> Process:
            if self._forks:
                try:
                    return self._forks.server.fork(role.command, log=log_file, environment=environment)
                except StartError as failed:
                    _log.warning("role.not_forked", role=role.name, error=str(failed))
            return spawn([*_BARQ, *role.command], log=log_file, environment=os.environ | environment)

        return start

    def _sign_of(self, role: WireRole) -> Callable[[], object | None]:
        """How a role shows that it is alive: that it did its work, or answers."""
        if role.command[0] == "web":
            return lambda: self._web_answered_at_s
        return touched(self.home, PULSE if role.command[0] == "pulse" else role.name)

    def _ask_web(self) -> None:
        """In a thread of its own: one that does not answer is waited for, and nobody else meanwhile."""
        while not self._stopped.wait(_ASK_WEB_S):
            if answers(self.local_host, self.port):
                self._web_answered_at_s = time.monotonic()

    def _check_place(self) -> None:
        """Raises StartError with one sentence about what would go wrong later."""
        self._lock = claim_home(self.home)
        close_logs(self.home)
        check_room(self.home, settings().least_free_bytes)
        check_port(self.host, self.port)

    def _wait_until_ready(self, timeout_s: float = 90.0) -> None:
        ends_s = time.monotonic() + timeout_s
        lacking = "nothing answered"
        while time.monotonic() < ends_s:
            self._tend()
            try:
                answer = httpx.get(f"{self.url}/readyz", timeout=5, trust_env=False)
                if answer.status_code == 200:
                    self._web_answered_at_s = time.monotonic()
                    return
                lacking = ", ".join(answer.json()["lacking"])
            except (httpx.HTTPError, ValueError, KeyError):
                pass
            for child in self.children:
                if child.failures >= 3:
                    raise StartError(f"{child.name} does not start; see {self.home}/log/{child.name}.log")
            time.sleep(0.1)
        raise StartError(f"the wire is not ready after {timeout_s:.0f} s: {lacking}; see the logs in {self.home}/log")

    def _add(
        self,
        name: str,
        start: Callable[[], Process],
        stop_signal: signal.Signals,
        read_sign: Callable[[], object | None] | None = None,
        in_hand: Path | None = None,
    ) -> Child:
        child = Child(name=name, start=start, stop_signal=stop_signal, read_sign=read_sign, in_hand=in_hand)
        self.children.append(child)
        child.launch(time.monotonic())
        return child

    def _write_runfile(self, database_url: str, broker_url: str, *, ready: bool) -> None:
        self._run = RunFile(pid=os.getpid(), url=self.url, database_url=database_url, broker_url=broker_url, ready=ready)
        write_runfile(self.home, self._run)

    # ── Watching ─────────────────────────────────────────────────────────────────────────────────────────────────

    def watch(self) -> None:
        """Restart what ends or is frozen, until asked to stop. Nothing that goes wrong with one ends the watch of the others."""
        while not self._stopped.wait(0.2):
            try:
                self._tend()
                self._look_after_files()
            except Exception:  # a disk without room, a machine without memory: they pass, and then somebody must be here
                _log.exception("watch.disturbed")

    def request_stop(self, *_: object) -> None:
        """Signal handler: `watch` returns."""
        self._stopped.set()

    def _tend(self) -> None:
        now_s = time.monotonic()
        waits_to_fork = False
        if self._forks:
            reap_orphans([self._forks.server.process, *(child.process for child in self.children if child.process)])
            self._forks.tend(now_s)
            waits_to_fork = self._forks.is_loading()
        for child in [*self.children]:
            if child.process is None:
                if now_s >= child.next_start_s and (child.server or not waits_to_fork):
                    self._restart(child)
            elif child.process.poll() is not None and child.ends_by_s is not None:
                _log.info("role.ended_aside", role=child.name, code=child.process.returncode)
                self.children.remove(child)
            elif child.process.poll() is not None:
                code, pause_s = child.process.returncode, child.note_end(now_s)
                _log.warning("role.ended", role=child.name, code=code, again_in_s=pause_s)
            else:
                self._end_if_stuck_or_frozen(child, child.process, now_s)

    def _end_if_stuck_or_frozen(self, child: Child, process: Process, now_s: float) -> None:
        """A worker ends itself when it is deaf; who cannot even do that is ended here."""
        held = child.deadlines.look(now_s) if child.deadlines else None
        if held and held.is_overdue:
            _log.error("role.stuck", role=child.name, holds=held.words(), worked=held.has_worked)
        elif child.signs and child.signs.silent_s(now_s) > settings().frozen_after_s:
            _log.error("role.frozen", role=child.name, after_s=settings().frozen_after_s, holds=held and held.words())
        elif child.ends_by_s is not None:
            if now_s < child.ends_by_s:
                return
            _log.error("role.does_not_end", role=child.name)
            held = None  # what it has begun since is to blame for nothing
        else:
            if held and held.is_long and child.is_relieved:
                self._relieve(child, held, now_s)
            return
        if held and (held.is_overdue or held.is_stuck_alone):
            self._begin_to_write_down(held)
        process.kill()
        child.watch_no_more()

    def _relieve(self, child: Child, held: Held, now_s: float) -> None:
        """Let another worker take the place of one that takes long at something, so that nobody waits for that."""
        taken = {other.name for other in self.children}
        free = [name for n in range(_MOST_ASIDE) if (name := f"aside-{n + 1}") not in taken]
        if free:
            self.children.append(child.step_aside(free[0], held, now_s))
            _log.warning("role.relieved", role=child.name, holds=held.words(), it_is_now=free[0])

    def _begin_to_write_down(self, held: Held) -> None:
        """In a thread, for which the watch of the others does not wait long: it is done when the worker lets go of the row."""
        thread = threading.Thread(target=write_down, args=[held], name="stuck", daemon=True)
        thread.start()
        thread.join(_BEGINS_TO_WRITE_DOWN_S)

    def _restart(self, child: Child) -> None:
        try:
            if child.server:
                child.server.prepare()
            child.launch(time.monotonic())
            _log.info("role.restarted", role=child.name)
        except (StartError, OSError) as failed:
            child.next_start_s = time.monotonic() + child.pause()
            _log.error("role.restart_failed", role=child.name, error=str(failed))

    def _look_after_files(self) -> None:
        """Logs stay small, and the command line finds this wire, whoever took its run file away."""
        now_s = time.monotonic()
        if now_s < self._look_after_files_at_s:
            return
        self._look_after_files_at_s = now_s + _LOOK_AFTER_FILES_S
        keep_small(self.home, most_bytes=settings().log_most_bytes, kept=settings().log_kept)
        if self._run and read_runfile(self.home) is None:
            write_runfile(self.home, self._run)

    # ── Stopping ─────────────────────────────────────────────────────────────────────────────────────────────────

    def shut_down(self) -> None:
        """Stop roles first, together; then the servers, each after what needs it. Does nothing to a wire of another process."""
        self._stopped.set()
        if self._forks:
            self._forks.server.stop()
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
