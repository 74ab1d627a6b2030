"""Other people's servers, really listening on loopback, and a wire file that names them."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import uvicorn
from starlette.types import ASGIApp

from services.edge.app import app
from shared.settings import settings
from shared.wire.config import file_wire, wire
from tests.support.reading import eventually

#: of a wire file: a feed that needs a key, and the product that has it
PRIVATE_FEED = """
[feeds.arab-oil]
name = { en = "Arab oil" }
filter = { region = ["arab"] }
private = true

[products.energy]
name = { en = "Energy" }
feeds = ["arab-oil"]
"""


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """The address of a server that answers by `handler` until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def edge_running(port: int = 0, served: ASGIApp = app) -> Iterator[int]:
    """The edge, or the whole origin that it is a part of, on a port of loopback: this one, or any that is free."""
    port = port or free_port()
    server = uvicorn.Server(uvicorn.Config(served, port=port, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    eventually(lambda: server.started)
    yield port
    server.should_exit = True
    thread.join()


def use_wire_file(source: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process read a wire file with this content."""
    path = folder / "wire.toml"
    path.write_text(source, encoding="utf-8")
    monkeypatch.setenv("BARQ_CONFIG", str(path))
    settings.cache_clear()
    file_wire.cache_clear()
    wire.cache_clear()
