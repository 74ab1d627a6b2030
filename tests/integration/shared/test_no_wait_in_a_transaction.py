"""The instrument that looks at every test for a wait inside a transaction sees one."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler

import httpx
import pytest
from sqlalchemy import text

from shared.queue import broker
from tests.support.house import House
from tests.support.loopback import serving
from tests.support.waiting import no_waits


class Other(BaseHTTPRequestHandler):
    """Another machine."""

    def do_GET(self) -> None:
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


def _asks_a_server() -> None:
    with serving(Other) as url:
        httpx.get(url, trust_env=False)


def _waits_for_another_thread() -> None:
    with ThreadPoolExecutor(1) as threads:
        threads.submit(threading.Event().wait, 0.05).result()


WAITS: dict[str, Callable[[], object]] = {
    "a server": _asks_a_server,
    "the broker": lambda: broker.client().ping(),
    "a name": lambda: socket.getaddrinfo("localhost", 80),
    "a process": lambda: subprocess.run([sys.executable, "-c", ""], check=True),
    "time": lambda: time.sleep(0.01),
    "another thread": _waits_for_another_thread,
}


@pytest.mark.parametrize("kind", WAITS)
def test_a_wait_is_seen_in_a_transaction_and_nowhere_else(house: House, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    with no_waits(monkeypatch, (__file__,)) as waits:
        WAITS[kind]()
        with house.engine.begin() as connection:
            connection.execute(text("SELECT 1"))
        WAITS[kind]()
        assert waits.seen == [], "nothing is open before it begins and after it ends"
        with house.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
            WAITS[kind]()
        assert waits.seen
