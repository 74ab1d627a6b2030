"""A provider's site on loopback, whose documents and manners a test says."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

from tests.support.loopback import serving


@dataclass
class Site:
    """What a site answers; the same for every path that has no redirect of its own."""

    url: str = ""
    document: bytes = b""
    status: int = 200
    content_type: str = "application/rss+xml"
    headers: dict[str, str] = field(default_factory=dict)
    redirects: dict[str, tuple[int, str]] = field(default_factory=dict)  #: path: status and where to
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    is_silent: threading.Event | None = None  #: answers nothing until it is set


@contextmanager
def site(**manners: object) -> Iterator[Site]:
    """A site that answers until the block ends."""
    here = Site(**manners)  # type: ignore[arg-type]

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            here.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            if here.is_silent is not None:
                here.is_silent.wait(30)
            status, where = here.redirects.get(self.path, (here.status, ""))
            self.send_response_only(status)
            for name, value in here.headers.items():
                self.send_header(name, value)
            if where:
                self.send_header("location", where)
            self.send_header("content-type", here.content_type)
            self.end_headers()
            if status == 200:
                self.wfile.write(here.document)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with serving(Handler) as here.url:
        yield here
