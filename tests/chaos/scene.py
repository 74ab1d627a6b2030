"""What a run stands on: a wire in a home of its own, on a disk of its own where that may be mounted, and workers beside it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psycopg
from redis import Redis

from shared.embedded.runfile import RunFile, read_runfile
from shared.wire.config import DEFAULT_FILE
from tests.chaos.load import TRANSLATED, Known, Load
from tests.chaos.readers import Complaints, Sights, Subscribers
from tests.support.engine_servers import EngineServer
from tests.support.loopback import serving
from tests.support.running_wire import BARQ, ROOT, RunningWire, free_port

#: the wire's own services: what a worker beside it does
OWN_SERVICES = ("enrichment", "publish", "rendering")
DISK_BYTES = 8_000_000_000
#: everybody in a run comes from one address
_NO_LIMITS = {f"BARQ_{name}_PER_MINUTE": "0" for name in ("FEED_FETCHES", "REQUESTS", "HUB_REQUESTS", "SIGN_INS")} | {
    "BARQ_PRIVATE_ADDRESSES": "true",
    "BARQ_SOURCE_TIMEOUT_S": "5",
}


class Engine(EngineServer):
    """A translation engine of this run alone."""


class Skipped(Exception):
    """This machine cannot stage that; the message says what it lacks."""


@dataclass
class Scene:
    """All that faults and checks reach for."""

    folder: Path
    wire: RunningWire
    environment: dict[str, str]
    disk: Path | None  #: the home's own, if there is one
    seed: int
    complaints: Complaints
    load: Load
    sights: Sights
    subscribers: Subscribers
    newsroom: httpx.Client
    notes: list[str] = field(default_factory=list)

    @property
    def run(self) -> RunFile:
        """Where its servers are."""
        run = read_runfile(self.wire.home)
        assert run is not None, "the wire runs"
        return run

    def sql(self, statement: str) -> list[tuple[object, ...]]:
        """Ask the wire's own database."""
        with psycopg.connect(self.run.database_url, connect_timeout=5, autocommit=True) as connection:
            cursor = connection.execute(statement)  # type: ignore[call-overload]
            return list(cursor.fetchall()) if cursor.description else []

    def broker(self) -> Redis:
        """The wire's own broker."""
        return Redis.from_url(self.run.broker_url, socket_timeout=10)

    def in_flight(self) -> int:
        """Pieces of work that are due now."""
        with suppress(psycopg.Error):
            [(count,)] = self.sql("SELECT count(*) FROM work WHERE state = 'due' AND stage <> 'poll' AND due_at <= now()")
            return int(str(count))
        return 0


@contextmanager
def a_scene(seed: int, *, longest_wait_s: float = 40.0, **settings: str) -> Iterator[Scene]:
    """Start it all, and leave nothing of it behind. Embargoes and rights end after `longest_wait_s` at most."""
    with ExitStack() as left:
        folder = Path(tempfile.mkdtemp(prefix="barq-chaos-"))
        folder.chmod(0o711)
        left.callback(shutil.rmtree, folder, ignore_errors=True)
        disk = _own_disk(folder, left)
        complaints = Complaints()
        sights = Sights(Known(), complaints)
        subscribers = Subscribers(sights)
        told = left.enter_context(serving(subscribers.handler()))
        Engine.fresh()
        engine = left.enter_context(serving(Engine))
        environment = {**_NO_LIMITS, "BARQ_CONFIG": str(_wire_file(folder, engine=engine, told=told)), **settings}
        wire = RunningWire((disk or folder) / "home", free_port())
        left.callback(wire.barq, "down", check=False)
        wire.starts(**environment)
        newsroom = left.enter_context(wire.client())
        load = Load(newsroom, seed, sights.known, longest_wait_s)
        left.callback(load.end)
        scene = Scene(
            folder=folder, wire=wire, environment=environment, disk=disk, seed=seed, complaints=complaints,
            load=load, sights=sights, subscribers=subscribers, newsroom=newsroom,
        )  # fmt: skip
        for name, path in (("atom", "/en/feeds/all.atom"), ("json", "/ar/feeds/all.json")):
            _subscribe(wire.url, f"{wire.url}{path}", f"{told}/websub/{name}")
        yield scene


def _own_disk(folder: Path, left: ExitStack) -> Path | None:
    """A disk that can be made small; None where none may be mounted."""
    disk = folder / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES},mode=711", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        return None
    left.callback(subprocess.run, ["umount", "-l", str(disk)], check=False)
    return disk


def _wire_file(folder: Path, *, engine: str, told: str) -> Path:
    """The wire that ships, with an engine for the second edition and two receivers of webhooks."""
    shipped = DEFAULT_FILE.read_text(encoding="utf-8")
    rows = f'direction = "rtl"\nengines = ["fake"]\nfeeds = ["{TRANSLATED}"]\n'
    more = f'\n[engines.fake]\nkind = "libretranslate"\nurl = "{engine}"\n'
    more += f'\n[webhooks.archive]\nurl = "{told}/webhook/archive"\n'
    more += f'\n[webhooks.asia]\nurl = "{told}/webhook/asia"\nfeeds = ["asia"]\n'
    path = folder / "wire.toml"
    path.write_text(shipped.replace('direction = "rtl"\n', rows, 1) + more, encoding="utf-8")
    return path


def _subscribe(url: str, topic: str, callback: str) -> None:
    form = {"hub.mode": "subscribe", "hub.topic": topic, "hub.callback": callback}
    httpx.post(f"{url}/hub", data=form, trust_env=False).raise_for_status()


# ── Workers beside the wire ──────────────────────────────────────────────────────────────────────────────────────


def start_worker(
    scene: Scene, name: str, *, before: tuple[str, ...] = (), tree: Path = ROOT, **environment: str
) -> subprocess.Popen[bytes]:
    """One more worker for the wire's own services; its log is the scene's. `before` is a program that runs it."""
    services = [part for service in OWN_SERVICES for part in ("--service", service)]
    home = scene.folder / name
    home.mkdir(exist_ok=True)
    (scene.folder / "log").mkdir(exist_ok=True)
    with (scene.folder / "log" / f"{name}.log").open("ab") as log:
        return subprocess.Popen(
            [*before, *BARQ, "worker", "--name", name, *services], stdout=log, stderr=log, cwd=tree, start_new_session=True,
            env={
                **os.environ, **scene.environment, "BARQ_HOME": str(home), "PYTHONPATH": str(tree),
                "BARQ_DATABASE_URL": scene.run.database_url, "BARQ_BROKER_URL": scene.run.broker_url,
                "BARQ_PUBLIC_URL": scene.wire.url, **environment,
            },
        )  # fmt: skip


def done_by(scene: Scene, name: str) -> int:
    """How many chunks a worker beside the wire says that it did."""
    log = scene.folder / "log" / f"{name}.log"
    return log.read_text(encoding="utf-8", errors="replace").count("chunk.done") if log.exists() else 0


class Way(threading.Thread):
    """A way from TCP to one of the wire's sockets, for a worker that is elsewhere."""

    def __init__(self, host: str, socket_file: str) -> None:
        super().__init__(name="way", daemon=True)
        self._to = socket_file
        self._listener = socket.create_server((host, 0))
        self.port: int = self._listener.getsockname()[1]
        self.start()

    def run(self) -> None:
        """Carry each connection, in two threads."""
        while True:
            try:
                near, _ = self._listener.accept()
                far = socket.socket(socket.AF_UNIX)
                far.connect(self._to)
            except OSError:
                if self._listener.fileno() < 0:
                    return
                continue
            for source, target in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(source, target), daemon=True).start()

    @staticmethod
    def _carry(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while part := source.recv(65536):
                target.sendall(part)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Take no further connections."""
        self._listener.close()


def ways(scene: Scene, host: str) -> tuple[dict[str, str], list[Way]]:
    """Settings with which a worker reaches the wire's servers over TCP at `host`."""
    broker = scene.run.broker_url.removeprefix("unix://").removesuffix("?db=0")
    password, _, broker_socket = broker.removeprefix(":").rpartition("@")
    database_socket = scene.run.database_url.partition("host=")[2] + "/.s.PGSQL.5432"
    database, queues = Way(host, database_socket), Way(host, broker_socket)
    return {
        "BARQ_DATABASE_URL": f"postgresql://postgres@{host}:{database.port}/postgres",
        "BARQ_BROKER_URL": f"redis://:{password}@{host}:{queues.port}/0",
    }, [database, queues]


def python_of_old(scene: Scene) -> Path:
    """The oldest code that has today's tables, in a folder of its own."""
    git = ["git", "-C", str(ROOT)]
    newest_tables = [*git, "log", "-1", "--format=%H", "--", "shared/archive/migrations/versions"]
    commit = subprocess.run(newest_tables, capture_output=True, text=True, check=False).stdout.strip()
    if not commit:
        raise Skipped("needs the project's history, to start an older version of it")
    tree = scene.folder / "old-tree"
    if not tree.exists():
        tree.mkdir()
        archive = subprocess.run([*git, "archive", commit], capture_output=True, check=True).stdout
        subprocess.run(["tar", "-x", "-C", str(tree)], input=archive, check=True)
    return tree
