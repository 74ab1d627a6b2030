"""A whole wire of real processes, driven by its command line and HTTP as its users drive it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import feedparser
import httpx
import psutil
import psycopg

from shared.embedded.runfile import RunFile, read_runfile

BARQ = [sys.executable, "-m", "services.console.main"]
ROOT = Path(__file__).parents[2]


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class RunningWire:
    """One embedded wire in a home of its own."""

    home: Path
    port: int

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def run(self) -> RunFile:
        """Its process, database and broker, as it says them itself."""
        run = read_runfile(self.home)
        assert run is not None, "it says where it runs"
        return run

    def barq(self, *arguments: str, check: bool = True, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run the command."""
        done = subprocess.run(
            [*BARQ, *arguments], capture_output=True, text=True, timeout=300, cwd=ROOT, check=False,
            env={**os.environ, "BARQ_HOME": str(self.home), "COLUMNS": "200", **environment},
        )  # fmt: skip
        if check:
            assert done.returncode == 0, f"barq {' '.join(arguments)}: {done.stdout}{done.stderr}"
        return done

    def starts(self, **environment: str) -> str:
        """`barq up --detach`; what it says."""
        return self.barq("up", "--detach", "--port", str(self.port), **environment).stdout

    def stops(self) -> None:
        """`barq down`."""
        self.barq("down")

    def client(self) -> httpx.Client:
        """HTTP with the first newsroom key."""
        key = (self.home / "keys" / "newsroom").read_text(encoding="utf-8").strip()
        return httpx.Client(base_url=self.url, headers={"authorization": f"Bearer {key}"}, timeout=60, trust_env=False)

    def titles(self, path: str) -> list[str]:
        """The titles of a feed's stories, as a reader finds them; advisories are of none. Nothing if it does not answer."""
        try:
            answer = httpx.get(f"{self.url}{path}", timeout=10, trust_env=False)
        except httpx.TransportError:
            return []
        if path.endswith(".json"):
            return [item["title"] for item in answer.json()["items"] if ":advisory:" not in item["id"]]
        return [entry.title for entry in feedparser.parse(answer.content).entries if ":advisory:" not in entry.id]

    def status(self) -> dict[str, Any]:
        """`barq status --json`."""
        told: dict[str, Any] = json.loads(self.barq("status", "--json").stdout)
        return told

    def rows(self, query: str) -> list[Any]:
        """What its database says, for what is asked over and over: `barq status` loads for two seconds each time."""
        with psycopg.connect(self.run.database_url) as connection:
            return connection.execute(query.encode()).fetchall()

    def eventually(self, holds: Callable[[], bool], timeout_s: float = 180.0) -> None:
        """Wait until something holds. No promise is made of how long it takes, only that it comes."""
        ends_s = time.monotonic() + timeout_s
        while not holds():
            assert time.monotonic() < ends_s, "it never came"
            time.sleep(0.05)

    def processes(self, *words: str) -> list[psutil.Process]:
        """The wire's processes whose command lines have all the words."""
        supervisor = psutil.Process(self.run.pid)
        found = []
        for process in supervisor.children(recursive=False):
            try:
                if all(word in " ".join(process.cmdline()) for word in words):
                    found.append(process)
            except psutil.Error:
                continue
        return found

    def kills(self, *words: str) -> int:
        """SIGKILL to each of them; how many there were."""
        victims = self.processes(*words)
        for victim in victims:
            victim.send_signal(signal.SIGKILL)
        return len(victims)


@contextmanager
def running_wire(home: Path, **environment: str) -> Iterator[RunningWire]:
    """A wire that runs for as long as the block lasts."""
    wire = RunningWire(home, free_port())
    wire.starts(**environment)
    yield wire
    wire.barq("down", check=False)
