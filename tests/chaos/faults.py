"""Everything that goes wrong: each kind of fault strikes, lasts for a while, and is mended, by a person or by nobody."""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg
from redis import RedisError

from shared.pipeline import queue_name, queues
from shared.queue.liveness import answers, touched
from tests.chaos.scene import Engine, Scene, Skipped, done_by, python_of_old, start_worker, ways
from tests.support.loopback import serving

#: a role of the embedded wire, and the words of its command line
ROLES: dict[str, tuple[str, ...]] = {
    **{name: ("worker", f"--name {name}") for name in ("express", "wire-1", "wire-2", "translator", "courier", "collector")},
    "pulse": ("main pulse",),
    "web": ("main web",),
}
#: what they are forked from
FORK_SERVER = ("supervision.roles",)
#: how long the supervisor may take to end who is frozen, beyond its own setting, on a machine that is busy
_GRACE_S = 60.0
#: how long a role may take until it works, on such a machine
_STARTS_WITHIN_S = 150.0


class Fault:
    """One kind. It strikes, and `lasts_s` later it is mended."""

    lasts_s = 3.0
    may_be_paired = True  #: may another one strike meanwhile?

    def __init__(self, name: str) -> None:
        self.name = name

    def strike(self, scene: Scene) -> None:
        """Let it go wrong. Raises Skipped where this machine cannot."""

    def mend(self, scene: Scene) -> None:
        """End it."""


def _wait(holds: Callable[[], bool], timeout_s: float) -> bool:
    ends_s = time.monotonic() + timeout_s
    while not holds():
        if time.monotonic() > ends_s:
            return False
        time.sleep(0.1)
    return True


# ── Processes ────────────────────────────────────────────────────────────────────────────────────────────────────


class Killed(Fault):
    """SIGKILL. Nobody mends it: the supervisor starts it again."""

    def __init__(self, name: str, *roles: tuple[str, ...], number: signal.Signals = signal.SIGKILL) -> None:
        super().__init__(name)
        self._roles, self._number = roles, number

    def strike(self, scene: Scene) -> None:
        for words in self._roles:
            for process in scene.wire.processes(*words):
                process.send_signal(self._number)


class Frozen(Fault):
    """SIGSTOP. Nobody mends it: the supervisor ends who gives no sign of life, and starts it again."""

    lasts_s = 0.0
    may_be_paired = False

    def __init__(self, name: str, *roles: tuple[str, ...]) -> None:
        super().__init__(name)
        self._roles = roles
        self._frozen: list[psutil.Process] = []

    def strike(self, scene: Scene) -> None:
        self._frozen = [process for words in self._roles for process in scene.wire.processes(*words)]
        for process in self._frozen:
            process.send_signal(signal.SIGSTOP)

    def mend(self, scene: Scene) -> None:
        after_s = float(scene.environment.get("BARQ_FROZEN_AFTER_S", 25))
        if not _wait(lambda: not any(process.is_running() for process in self._frozen), after_s + _GRACE_S):
            scene.complaints.say("stays frozen", f"nobody ended {self.name} within {after_s + _GRACE_S:.0f} s")
            for process in self._frozen:
                with suppress(psutil.Error):
                    process.kill()


class SupervisorKilled(Fault):
    """Everything dies with it, and a person starts it again."""

    may_be_paired = False

    def strike(self, scene: Scene) -> None:
        pid = scene.run.pid
        children = psutil.Process(pid).children(recursive=True)
        psutil.Process(pid).kill()
        psutil.wait_procs(children, timeout=30)

    def mend(self, scene: Scene) -> None:
        scene.wire.starts(**scene.environment)


class SupervisorFrozen(Fault):
    """Nobody is there to start again what ends, for a while."""

    lasts_s = 5.0

    def strike(self, scene: Scene) -> None:
        self._process = psutil.Process(scene.run.pid)
        self._process.send_signal(signal.SIGSTOP)
        scene.wire.kills(*ROLES["wire-1"])

    def mend(self, scene: Scene) -> None:
        self._process.send_signal(signal.SIGCONT)


class ForkServerFrozen(Fault):
    """Nothing can be forked, and nobody knows until something ends."""

    lasts_s = 0.0
    may_be_paired = False

    def strike(self, scene: Scene) -> None:
        for process in scene.wire.processes(*FORK_SERVER):
            process.send_signal(signal.SIGSTOP)
        scene.wire.kills(*ROLES["wire-1"])


class RollingRestart(Fault):
    """Each role is asked to end, in turn, and the next one when it works again."""

    lasts_s = 0.0
    may_be_paired = False

    def strike(self, scene: Scene) -> None:
        for role, words in ROLES.items():
            before = {process.pid for process in scene.wire.processes(*words)}
            sign = touched(scene.wire.home, role)
            for process in scene.wire.processes(*words):
                process.terminate()
            _wait(lambda b=before, w=words: bool({p.pid for p in scene.wire.processes(*w)} - b), _STARTS_WITHIN_S)  # type: ignore[misc]
            last = sign()
            is_well = (lambda: answers("127.0.0.1", scene.wire.port)) if role == "web" else (lambda s=sign, at=last: s() != at)
            _wait(is_well, _STARTS_WITHIN_S)


# ── The broker ───────────────────────────────────────────────────────────────────────────────────────────────────

VALKEY = ("valkey-server",)


class Paused(Fault):
    """A server is frozen for a while: SIGSTOP to all of it, then SIGCONT."""

    lasts_s = 8.0

    def __init__(self, name: str, words: tuple[str, ...]) -> None:
        super().__init__(name)
        self._words = words
        self._frozen: list[psutil.Process] = []

    def strike(self, scene: Scene) -> None:
        for server in scene.wire.processes(*self._words):
            self._frozen = [server, *server.children(recursive=True)]
        for process in self._frozen:
            with suppress(psutil.Error):
                process.send_signal(signal.SIGSTOP)

    def mend(self, scene: Scene) -> None:
        for process in self._frozen:
            with suppress(psutil.Error):
                process.send_signal(signal.SIGCONT)


class BrokerWiped(Fault):
    """Its whole memory is gone, several times."""

    lasts_s = 0.0

    def strike(self, scene: Scene) -> None:
        for _ in range(5):
            with suppress(RedisError):
                scene.broker().flushall()
            time.sleep(0.4)


class BrokerReplaced(Fault):
    """Killed, and an empty one is in its place."""

    def strike(self, scene: Scene) -> None:
        for server in scene.wire.processes(*VALKEY):
            server.suspend()
            shutil.rmtree(scene.wire.home / "valkey" / "appendonlydir", ignore_errors=True)
            server.kill()


class BrokerFull(Fault):
    """It has no memory left: nothing can be sent."""

    lasts_s = 6.0

    def strike(self, scene: Scene) -> None:
        scene.broker().config_set("maxmemory", "1mb")

    def mend(self, scene: Scene) -> None:
        with suppress(RedisError):
            scene.broker().config_set("maxmemory", "0")


class InTheBackground(Fault):
    """Something that goes on until it is mended."""

    lasts_s = 8.0

    def strike(self, scene: Scene) -> None:
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._go_on, args=[scene], name=self.name, daemon=True)
        self._thread.start()

    def _go_on(self, scene: Scene) -> None:
        while not self._over.is_set():
            with suppress(RedisError, psycopg.Error, httpx.HTTPError, OSError, AssertionError):
                self.again(scene)

    def again(self, scene: Scene) -> None:
        """Once."""

    def mend(self, scene: Scene) -> None:
        self._over.set()
        self._thread.join(60)


class BrokerSlow(InTheBackground):
    """It answers a second and a half late."""

    def again(self, scene: Scene) -> None:
        scene.broker().client_pause(1500)
        self._over.wait(1.7)


class BellsMuddled(InTheBackground):
    """Messages come twice, in the wrong order, with names and lanes that nobody knows."""

    def again(self, scene: Scene) -> None:
        broker = scene.broker()
        names = [queue_name(stage, lane) for stage, lane in queues()]
        for _ in range(100):
            for name in names:
                for message in reversed(broker.lrange(name, 0, -1)):  # type: ignore[union-attr]
                    broker.lpush(name, message, message)
                    strange = json.loads(message)
                    strange["headers"]["task"] = "publish.unheard-of"
                    broker.lpush(name, json.dumps(strange))
            self._over.wait(0.02)


# ── The database ─────────────────────────────────────────────────────────────────────────────────────────────────

POSTGRES = ("postgres", "-D")


class NoConnectionLeft(Fault):
    """All of the database's connections are taken."""

    lasts_s = 8.0
    may_be_paired = False

    def strike(self, scene: Scene) -> None:
        self._taken: list[psycopg.Connection[Any]] = []
        with suppress(psycopg.OperationalError):
            while True:
                self._taken.append(psycopg.connect(scene.run.database_url, connect_timeout=5))

    def mend(self, scene: Scene) -> None:
        for connection in self._taken:
            connection.close()


class ConnectionsCut(InTheBackground):
    """Every connection to the database is ended, again and again."""

    lasts_s = 4.0

    def again(self, scene: Scene) -> None:
        scene.sql("""
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
        """)
        self._over.wait(0.7)


class InEachOthersWay(InTheBackground):
    """Somebody else locks the same rows in the other order: deadlocks, waits, serialisation failures."""

    lasts_s = 10.0

    def again(self, scene: Scene) -> None:
        with psycopg.connect(scene.run.database_url, connect_timeout=5) as other:
            other.execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")
            for ordered in ("id DESC", "item"):
                other.execute(f"SELECT id FROM work WHERE state = 'due' ORDER BY {ordered} LIMIT 40 FOR UPDATE")  # type: ignore[call-overload]
                other.execute("SELECT id FROM stories ORDER BY updated_at DESC LIMIT 40 FOR UPDATE")
                self._over.wait(0.4)
            other.rollback()


class TablesLocked(Fault):
    """A person's session holds the ledger's table, as a change of it by hand would."""

    lasts_s = 6.0

    def strike(self, scene: Scene) -> None:
        self._other = psycopg.connect(scene.run.database_url, connect_timeout=5)
        self._other.execute("SET lock_timeout = '20s'")
        self._other.execute("LOCK TABLE work IN ACCESS EXCLUSIVE MODE")

    def mend(self, scene: Scene) -> None:
        with suppress(psycopg.Error):
            self._other.close()


class DiskShort(Fault):
    """The disk has so much room left and no more."""

    lasts_s = 8.0
    may_be_paired = False

    def __init__(self, name: str, *, left_bytes: int) -> None:
        super().__init__(name)
        self._left_bytes = left_bytes

    def strike(self, scene: Scene) -> None:
        if scene.disk is None:
            raise Skipped("needs the right to mount a disk")
        self._size = shutil.disk_usage(scene.disk).total
        self._resize(scene.disk, shutil.disk_usage(scene.disk).used + self._left_bytes)

    def mend(self, scene: Scene) -> None:
        assert scene.disk is not None
        self._resize(scene.disk, self._size)

    @staticmethod
    def _resize(disk: Path, size: int) -> None:
        subprocess.run(["mount", "-o", f"remount,size={size // 4096 * 4096}", str(disk)], check=True)


# ── Workers elsewhere ────────────────────────────────────────────────────────────────────────────────────────────


#: items for a worker beside the wire to share in, when it is there
_MEANWHILE = 60


class Beside(Fault):
    """A worker beside the wire's own, of which something is wrong."""

    lasts_s = 20.0
    may_be_paired = False
    _process: subprocess.Popen[bytes] | None = None

    def end(self, scene: Scene, worker: str) -> None:
        """SIGKILL, whatever it holds."""
        if self._process:
            self._process.kill()
            self._process.wait()
        scene.notes.append(f"{self.name}: it did {done_by(scene, worker)} chunks")

    def begin(self, scene: Scene, worker: str, **how: Any) -> None:
        """Start it, and wait until it works."""
        before = done_by(scene, worker)
        self._process = start_worker(scene, worker, **how)
        ends_s = time.monotonic() + _STARTS_WITHIN_S
        while done_by(scene, worker) == before and time.monotonic() < ends_s:
            scene.load.give(4)
            time.sleep(1.0)
        scene.load.give(_MEANWHILE)


class NetworkCut(Beside):
    """A worker on another machine, whose network falls silent while it works: nothing is refused, nothing arrives."""

    def strike(self, scene: Scene) -> None:
        self._space, self._host = f"chaos{scene.wire.port}", "10.213.77.1"
        self._cable, self._ways = f"ch{scene.wire.port}", []
        if shutil.which("ip") is None or self._ip(f"netns add {self._space}"):
            raise Skipped("needs the right to make network namespaces")
        self._ip(f"link add {self._cable} type veth peer name far netns {self._space}")
        self._ip(f"addr add {self._host}/30 dev {self._cable}")
        self._ip(f"link set {self._cable} up")
        for command in ("addr add 10.213.77.2/30 dev far", "link set far up", "link set lo up"):
            self._ip(f"-n {self._space} {command}")
        addresses, self._ways = ways(scene, self._host)
        self.begin(scene, "far", before=("ip", "netns", "exec", self._space), **addresses)
        self._ip(f"link set {self._cable} down")

    def mend(self, scene: Scene) -> None:
        self._ip(f"link set {self._cable} up")
        time.sleep(1.0)
        self.end(scene, "far")
        for way in self._ways:
            way.close()
        self._ip(f"link del {self._cable}")
        self._ip(f"netns del {self._space}")

    @staticmethod
    def _ip(command: str) -> int:
        return subprocess.run(["ip", *command.split()], capture_output=True, check=False).returncode


class ClockJumps(Beside):
    """A worker on another machine whose clock jumps ahead and back; then it is killed."""

    lasts_s = 0.0

    def __init__(self, name: str, *jumps_s: int) -> None:
        super().__init__(name)
        self._jumps_s = jumps_s

    def strike(self, scene: Scene) -> None:
        library = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
        if library is None:
            raise Skipped("needs libfaketime (Debian: faketime)")
        clock = scene.folder / "clock"
        clock.write_text("+0")
        self.begin(
            scene, "skewed", LD_PRELOAD=str(library), FAKETIME_TIMESTAMP_FILE=str(clock), FAKETIME_CACHE_DURATION="1",
            DONT_FAKE_MONOTONIC="1", FAKETIME_DONT_FAKE_MONOTONIC="1", FAKETIME_DONT_RESET="1",
        )  # fmt: skip
        for jump_s in self._jumps_s:
            clock.write_text(f"{jump_s:+d}")
            time.sleep(6.0)

    def mend(self, scene: Scene) -> None:
        self.end(scene, "skewed")


class OldVersion(Beside):
    """A worker of the oldest version that has today's tables works beside today's."""

    def strike(self, scene: Scene) -> None:
        tree = python_of_old(scene)
        addresses, self._ways = ways(scene, "127.0.0.1")
        self.begin(scene, "old", tree=tree, **addresses)

    def mend(self, scene: Scene) -> None:
        self.end(scene, "old")
        for way in self._ways:
            way.close()


# ── What comes in, and what is asked ─────────────────────────────────────────────────────────────────────────────


class Poison(InTheBackground):
    """Senders push what did harm once, among everything else."""

    lasts_s = 5.0

    def __init__(self, name: str, make: Callable[[int], tuple[str, bytes]]) -> None:
        super().__init__(name)
        self._make = make
        self._sent = 0

    def again(self, scene: Scene) -> None:
        self._sent += 1
        media_type, body = self._make(self._sent)
        answer = scene.newsroom.post("/v1/items", content=body, headers={"content-type": media_type}, timeout=60)
        if answer.status_code == 500:
            scene.complaints.say("poison", f"{self.name}: answered 500: {answer.text[:200]}")
        self._over.wait(0.5)


def _poison_item(name: str, number: int, **fields: Any) -> tuple[str, bytes]:
    item = {
        "uri": f"urn:poison:{name}:{number}:{time.time_ns()}", "version": 1, "language": "en", "urgency": 5,
        "headline": f"Poison {name} {number}", "body_html": f"<p>They agreed on {name} {number}.</p>", **fields,
    }  # fmt: skip
    return "application/json", json.dumps({"wire_item": item}).encode()


POISONS: dict[str, Callable[[int], tuple[str, bytes]]] = {
    "pictures without an address": lambda n: _poison_item(
        "picture", n, associations=[{"item_class": "picture", "href": "http://["}]
    ),
    "30,000 keywords": lambda n: _poison_item("keywords", n, keywords=[f"k{i}" for i in range(30_000)]),
    "a text full of <": lambda n: _poison_item("angles", n, body_html="<p>" + "&lt;" * 60_000 + "</p>"),
    "hostile XML": lambda n: (
        "application/xml",
        ('<rss version="2.0" ' + " ".join(f'a{i}="1"' for i in range(20_000)) + "/>").encode(),
    ),
    "entities that multiply": lambda n: (
        "application/xml",
        ('<!DOCTYPE l [<!ENTITY b0 "ha">' + "".join(f'<!ENTITY b{i} "{f"&b{i - 1};" * 10}">' for i in range(1, 9))
         + "]><rss><channel><title>&b8;</title></channel></rss>").encode(),
    ),
}  # fmt: skip


class Site(BaseHTTPRequestHandler):
    """Sources that are ill: each path in its own way."""

    def do_GET(self) -> None:
        """As the path says."""
        with suppress(OSError):
            kind = self.path.strip("/")
            self.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/rss+xml\r\n")
            if kind == "drips":
                for number in range(60):
                    self.wfile.write(f"x-{number}: 1\r\n".encode())
                    time.sleep(1)
            self.wfile.write(b"content-length: 100000\r\n\r\n<rss version='2.0'><channel>")
            if kind == "slow":
                for _ in range(60):
                    self.wfile.write(b"<item>")
                    time.sleep(1)
            if kind == "attributes":
                self.wfile.write((" ".join(f"<a{i} b='1'/>" for i in range(9_000)))[:99_000].encode())
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Quiet."""


class IllSources(Fault):
    """Sources that drip headers, never end, die in the middle, or are a burden to read."""

    lasts_s = 12.0

    def strike(self, scene: Scene) -> None:
        self._site = serving(Site)
        url = self._site.__enter__()
        for name in ("drips", "slow", "dies", "attributes"):
            scene.newsroom.post("/v1/sources", json={"name": f"ill-{name}", "url": f"{url}/{name}", "interval_s": 5})

    def mend(self, scene: Scene) -> None:
        for name in ("drips", "slow", "dies", "attributes"):
            _wait(lambda n=name: _is_deleted(scene, f"/v1/sources/ill-{n}"), 30)  # type: ignore[misc]
        threading.Thread(target=self._site.__exit__, args=(None, None, None), daemon=True).start()


def _is_deleted(scene: Scene, path: str) -> bool:
    try:
        return scene.newsroom.delete(path).status_code < 500
    except httpx.HTTPError:
        return False


class EngineIll(Fault):
    """The translation engine answers nothing of use."""

    lasts_s = 8.0

    def __init__(self, name: str, mode: str) -> None:
        super().__init__(name)
        self._mode = mode

    def strike(self, scene: Scene) -> None:
        Engine.mode = self._mode

    def mend(self, scene: Scene) -> None:
        Engine.mode = "well"


class ReceiversIll(Fault):
    """Half of all letters to subscribers are answered 503."""

    lasts_s = 6.0

    def strike(self, scene: Scene) -> None:
        scene.subscribers.trouble = 0.5

    def mend(self, scene: Scene) -> None:
        scene.subscribers.trouble = 0.0


# ── All of them ──────────────────────────────────────────────────────────────────────────────────────────────────


class AtOnce(Fault):
    """Two of the others at the same time."""

    may_be_paired = False

    def __init__(self, name: str, chance: random.Random) -> None:
        super().__init__(name)
        self._chance = chance

    def strike(self, scene: Scene) -> None:
        self._pair = self._chance.sample([fault for fault in single_faults() if fault.may_be_paired], 2)
        scene.notes.append(f"{self.name}: {' and '.join(fault.name for fault in self._pair)}")
        for fault in self._pair:
            with suppress(RedisError, psycopg.Error, httpx.HTTPError, psutil.Error):
                fault.strike(scene)
        time.sleep(max(fault.lasts_s for fault in self._pair))

    def mend(self, scene: Scene) -> None:
        for fault in self._pair:
            fault.mend(scene)


def single_faults() -> Iterator[Fault]:
    """One of each kind."""
    for role, words in ROLES.items():
        yield Killed(f"{role} killed", words)
    yield Killed("all roles killed", *ROLES.values())
    yield Killed("all roles killed, and what they are forked from", *ROLES.values(), FORK_SERVER)
    yield ForkServerFrozen("fork server frozen, a role killed")
    yield SupervisorKilled("supervisor killed")
    yield SupervisorFrozen("supervisor frozen, a role killed")
    for role, words in ROLES.items():
        yield Frozen(f"{role} frozen", words)
    yield Frozen("all roles frozen", *ROLES.values())
    yield RollingRestart("rolling restart")
    yield Killed("broker killed", VALKEY)
    yield Paused("broker frozen", VALKEY)
    yield BrokerWiped("broker wiped")
    yield BrokerReplaced("broker replaced by an empty one")
    yield BrokerFull("broker out of memory")
    yield BrokerSlow("broker slow")
    yield BellsMuddled("messages doubled, reordered, unknown")
    yield Killed("database killed", POSTGRES)
    yield Killed("database restarted", POSTGRES, number=signal.SIGINT)
    yield Paused("database frozen", POSTGRES)
    yield NoConnectionLeft("database out of connections")
    yield ConnectionsCut("database connections cut")
    yield InEachOthersWay("deadlocks")
    yield TablesLocked("the ledger's table locked")
    yield DiskShort("disk nearly full", left_bytes=150_000_000)
    yield DiskShort("disk full", left_bytes=2_000_000)
    yield NetworkCut("network cut from a worker elsewhere")
    yield ClockJumps("a worker's clock jumps", 5, -5)
    yield OldVersion("an old version's worker beside")
    for name, make in POISONS.items():
        yield Poison(f"poison: {name}", make)
    yield IllSources("poison: ill sources")
    yield EngineIll("engine fails", "500")
    yield EngineIll("engine hangs", "hangs")
    yield ReceiversIll("subscribers fail")


def all_faults(seed: int) -> list[Fault]:
    """One of each kind, and several pairs, in an order that is the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311
    faults = [*single_faults(), *(AtOnce("two at once", chance) for _ in range(3))]
    chance.shuffle(faults)
    return faults
