"""What requests that never end cost the process that serves: bodies of 400 MB at every route, headers, half-open connections.

    .venv/bin/python -m bench.web_memory

Prints how much more memory of its own (Linux's PSS) the web process has meanwhile, at most, and afterwards.
"""

from __future__ import annotations

import argparse
import resource
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil

from bench.wires import BenchWire, a_wire
from tests.support.every_route import every_address, every_route
from tests.support.running_wire import free_port

_CHUNK = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
_LOOK_EVERY_S = 0.05
_METHODS_WITH_BODIES = ("POST", "PUT", "PATCH", "DELETE")


def main() -> None:
    """Try all three and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=400, help="of each body")
    parser.add_argument("--headers", type=int, default=200, help="megabytes of headers")
    parser.add_argument("--connections", type=int, default=10_000)
    parser.add_argument("--held", type=float, default=15.0, help="seconds for which connections are held")
    arguments = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with a_wire(free_port()) as wire:
        addresses = every_address({"edition": "en"})
        routes = sorted({(method, addresses[route.path]) for _, method, route in every_route() if method in _METHODS_WITH_BODIES})
        tries: dict[str, Callable[[], None]] = {
            f"{arguments.megabytes} MB at {len(routes)} routes, with a key and without": lambda: _bodies(
                wire, routes, arguments.megabytes
            ),
            f"{arguments.headers} MB of headers": lambda: _headers(wire, arguments.headers),
            f"{arguments.connections} half-open connections": lambda: _half_open(wire, arguments.connections, arguments.held),
        }
        for name, attack in tries.items():
            with _watching(wire) as seen:
                attack()
            time.sleep(5)
            print(
                f"{name:<60} +{seen.most_mb - seen.before_mb:.0f} MB at most, {_pss_mb(wire) - seen.before_mb:+.0f} MB afterwards"
            )


class Seen:
    """Megabytes of the web process."""

    before_mb: float
    most_mb: float


@contextmanager
def _watching(wire: BenchWire) -> Iterator[Seen]:
    seen, is_over = Seen(), threading.Event()
    seen.before_mb = seen.most_mb = _pss_mb(wire)

    def look() -> None:
        while not is_over.wait(_LOOK_EVERY_S):
            seen.most_mb = max(seen.most_mb, _pss_mb(wire))

    thread = threading.Thread(target=look)
    thread.start()
    yield seen
    is_over.set()
    thread.join()


def _pss_mb(wire: BenchWire) -> float:
    """What is the web process's own: pages that it shares with others are divided among them."""
    (web,) = (child for child in psutil.Process(wire.run.pid).children() if "main web" in " ".join(child.cmdline()))
    lines = Path(f"/proc/{web.pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("Pss:")).split()[1]) / 1000


def _connect(wire: BenchWire) -> socket.socket:
    host, _, port = wire.run.url.removeprefix("http://").partition(":")
    return socket.create_connection((host, int(port)), timeout=10)


def _bodies(wire: BenchWire, routes: list[tuple[str, str]], megabytes: int) -> None:
    for method, path in routes:
        for key in ("", f"Authorization: Bearer {wire.key}\r\n"):
            said = f"{key}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
            head = f"{method} {path} HTTP/1.1\r\nHost: x\r\n{said}\r\n"
            with suppress(OSError), _connect(wire) as connection:
                connection.sendall(head.encode())
                for _ in range(megabytes * 1_000_000 // 0x10000):
                    connection.sendall(_CHUNK)


def _headers(wire: BenchWire, megabytes: int) -> None:
    for line in (b"X-Y: " + b"z" * 1000 + b"\r\n", b"X" * 1000):
        with suppress(OSError), _connect(wire) as connection:
            connection.sendall(b"GET /en/ HTTP/1.1\r\nHost: x\r\n")
            for _ in range(megabytes * 1000):
                connection.sendall(line)


def _half_open(wire: BenchWire, count: int, held_s: float) -> None:
    held: list[Any] = []
    with suppress(OSError):
        for _ in range(count):
            held.append(connection := _connect(wire))
            connection.sendall(b"GET /en/ HTTP/1.1\r\nHost: x\r\nX-Y: ")
    time.sleep(held_s)
    print(f"({len(held)} connections were taken)")
    for connection in held:
        connection.close()


if __name__ == "__main__":
    main()
