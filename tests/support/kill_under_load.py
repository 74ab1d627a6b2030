"""A kill while thousands of items are queued: how long until it is true everywhere. Used by a test and by a benchmark."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import httpx
import psycopg

from shared.embedded.runfile import read_runfile
from shared.wire.config import DEFAULT_FILE
from tests.support.factories import sent
from tests.support.loopback import serving
from tests.support.running_wire import RunningWire

SECRET = "Abracadabra"


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What a kill took, in seconds from its 202; and what of the backlog was still waiting when it was complete."""

    everywhere_s: float  #: feeds, pages and addresses of both editions
    pushed_s: float  #: until the receiver had been told
    waiting: int  #: items of the backlog that were not published yet


class Receiver(BaseHTTPRequestHandler):
    """A subscriber that is told by push."""

    killed = threading.Event()

    def do_POST(self) -> None:
        told = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if told["type"] == "story.killed" and told["data"]["edition"] == "en":
            type(self).killed.set()
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@contextmanager
def receiver_in_wire_file(folder: Path) -> Iterator[Path]:
    """A wire file that names one receiver, who listens."""
    Receiver.killed.clear()
    with serving(Receiver) as url:
        path = folder / "wire.toml"
        path.write_text(DEFAULT_FILE.read_text(encoding="utf-8") + f'\n[webhooks.archive]\nurl = "{url}/"\n', encoding="utf-8")
        yield path


def kill_under_load(wire: RunningWire, *, backlog: int) -> Measured:
    """Publish a story in both editions, queue the backlog in one request, kill the story, and look until it is gone."""
    with wire.client() as newsroom, httpx.Client(base_url=wire.url, timeout=30, trust_env=False) as reader:
        story = _published(newsroom, reader, wire)
        body = "\n".join(json.dumps(sent(uri=f"urn:backlog:{n}", headline=f"Backlog {n}")) for n in range(backlog))
        newsroom.post("/v1/items", content=body, headers={"content-type": "application/x-ndjson"}).raise_for_status()
        wire.eventually(lambda: _published_count(wire) >= backlog // 10)  # every stage is busy
        answer = newsroom.post("/v1/items", json={"uri": "urn:killed", "version": 2, "pubstatus": "canceled"})
        assert answer.status_code == 202, answer.text
        killed_s = time.perf_counter()
        wire.eventually(lambda: _is_gone(reader, story))
        everywhere_s = time.perf_counter() - killed_s
        waiting = backlog - _published_count(wire)
        assert Receiver.killed.wait(180), "the receiver was never told"
        pushed_s = time.perf_counter() - killed_s
    return Measured(everywhere_s=everywhere_s, pushed_s=pushed_s, waiting=waiting)


def _published(newsroom: httpx.Client, reader: httpx.Client, wire: RunningWire) -> str:
    answer = newsroom.post("/v1/items", json=sent(uri="urn:killed", headline=SECRET, place=[{"code": "LB"}]))
    story: str = answer.json()["accepted"][0]["story"]
    text: dict[str, Any] = {"headline": f"{SECRET} عنوان", "body_html": f"<p>{SECRET}</p>", "translator": "Layla"}
    newsroom.put(f"/v1/stories/{story}/editions/ar", json=text).raise_for_status()
    wire.eventually(lambda: all(SECRET in reader.get(f"/{edition}/feeds/arab.rss").text for edition in ("en", "ar")))
    return story


def _published_count(wire: RunningWire) -> int:
    """Items of the backlog that have been published."""
    run = read_runfile(wire.home)
    assert run is not None
    with psycopg.connect(run.database_url) as connection:
        row = connection.execute("SELECT count(*) FROM stories WHERE uri LIKE 'urn:backlog:%'").fetchone()
    assert row is not None
    return int(row[0])


def _is_gone(reader: httpx.Client, story: str) -> bool:
    """No word of it in any feed, page or answer, and its addresses say that it is gone."""
    own = [f"/en/stories/{story}", f"/ar/stories/{story}", f"/v1/stories/{story}", f"/v1/stories/{story}/revisions"]
    feeds = [
        f"/{edition}/feeds/{feed}.{form}"
        for edition in ("en", "ar")
        for feed in ("all", "arab")
        for form in ("rss", "atom", "json")
    ]
    return all(reader.get(path).status_code == 410 for path in own) and not any(
        SECRET in reader.get(path).text for path in [*own, *feeds, "/en/", "/ar/"]
    )
