"""Caches in front of the wire are emptied when something is taken back: a real Varnish, and caches that have trouble."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import ClassVar

import httpx
import pytest

from services.edge.feeds.documents import documents
from shared.clock import utc_now
from shared.contracts.work import EVERY_ITEM, Follow, cache_id
from shared.pipeline import Stage
from shared.status import take_census
from shared.wire.config import DEFAULT_FILE, wire
from tests.support.house import House
from tests.support.loopback import edge_running, free_port, serving, use_wire_file
from tests.support.reading import eventually

ROOT = Path(__file__).parents[3]
VARNISH = shutil.which("varnishd", path="/usr/sbin:/usr/bin:/usr/local/sbin")

needs_varnish = pytest.mark.skipif(not VARNISH, reason="needs Varnish: apt-get install varnish")


def named(url: str, folder: Path, monkeypatch: pytest.MonkeyPatch, more: str = "") -> None:
    use_wire_file(f'{DEFAULT_FILE.read_text(encoding="utf-8")}\n[caches.front]\nurl = "{url}"\n{more}', folder, monkeypatch)


@contextmanager
def varnish_before(port: int, folder: Path) -> Iterator[str]:
    """A Varnish with the configuration that ships, in front of a port."""
    own = free_port()
    source = (ROOT / "deploy" / "varnish.vcl").read_text(encoding="utf-8")
    (folder / "front.vcl").write_text(re.sub(r'"8000"', f'"{port}"', source), encoding="utf-8")
    command = [str(VARNISH), "-F", "-j", "none", "-n", str(folder / "varnish"), "-a", f"127.0.0.1:{own}",
               "-f", str(folder / "front.vcl"), "-s", "malloc,32M", "-T", "none"]  # fmt: skip
    with (folder / "varnish.log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            eventually(lambda: answers(own), 30)
            yield f"http://127.0.0.1:{own}"
        finally:
            process.terminate()


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@needs_varnish
def test_a_kill_is_gone_from_a_cache_that_would_have_kept_it(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents.forget()
    with edge_running() as port, varnish_before(port, tmp_path) as front:
        named(f"{front}/", tmp_path, monkeypatch, 'method = "BAN"\n')
        house.asks(Follow(stage=Stage.REFRESH, item=EVERY_ITEM, revision=0, edition="en"))
        story = house.pushes(headline="Abracadabra")["story"]
        house.works()
        paths = ["/en/feeds/search.rss?q=abracadabra", "/en/feeds/all.rss?page=1", f"/en/stories/{story}", "/v1/stories"]
        eventually(lambda: "Abracadabra" in httpx.get(f"{front}/en/feeds/all.rss").text)
        time.sleep(1.1)  # what was cached before the story came is stale by now
        for path in paths:
            eventually(lambda path=path: "Abracadabra" in httpx.get(f"{front}{path}").text)  # type: ignore[misc]
        house.pushes(version=2, pubstatus="canceled")
        house.works(*(stage for stage in Stage if stage is not Stage.PURGE))
        assert "Abracadabra" in httpx.get(f"{front}{paths[0]}").text, "the cache kept nothing, so this test shows nothing"
        eventually(lambda: "Abracadabra" not in httpx.get(f"http://127.0.0.1:{port}/en/feeds/all.rss").text)
        house.settles()
        assert [path for path in paths if "<title>Abracadabra" in httpx.get(f"{front}{path}").text] == []
        assert "Abracadabra" not in httpx.get(f"{front}/v1/stories").text + httpx.get(f"{front}/en/feeds/all.rss").text
        work = house.rows("""
            SELECT revision, state, due_at > asked_at AS is_later FROM work WHERE stage = 'purge' ORDER BY revision
        """)
        assert [row.revision for row in work] == [0, 1]
        assert (work[0].state, work[1].is_later) == ("done", True)  # once at once, and once more


class Cdn(BaseHTTPRequestHandler):
    """A CDN's API."""

    status = 200
    asked: ClassVar[list[tuple[str, str, bytes]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.asked.append((self.path, self.headers.get("x-api-key", ""), body))
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def cdn(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Cdn]]:
    Cdn.status = 200
    Cdn.asked.clear()
    monkeypatch.setenv("BARQ_CACHE_TOKEN_FRONT", "made-up")
    with serving(Cdn) as url:
        more = 'method = "POST"\ntoken_header = "X-Api-Key"\nbody = \'{"purge_everything": true}\'\n'
        named(f"{url}/purge", tmp_path, monkeypatch, more)
        yield Cdn


def test_a_cdn_is_asked_as_its_api_wants_it_for_what_takes_back_and_for_nothing_else(house: House, cdn: type[Cdn]) -> None:
    house.pushes()
    house.settles()
    house.pushes(version=2, headline="More")
    house.settles()
    assert cdn.asked == []
    for version, fields in enumerate([{"signal": "correction"}, {"pubstatus": "withheld"}, {"pubstatus": "canceled"}], start=3):
        cdn.asked.clear()
        house.pushes(version=version, **fields)
        house.settles()
        assert set(cdn.asked) == {("/purge", "made-up", b'{"purge_everything": true}')}
    house.time_passes(seconds=3)
    house.settles()
    assert len(cdn.asked) == 2, "what the cache fetched meanwhile is not purged"


def test_a_cache_that_fails_is_asked_until_it_acknowledges_and_ops_are_told_meanwhile(house: House, cdn: type[Cdn]) -> None:
    house.pushes()
    house.settles()
    cdn.status = 500
    house.pushes(version=2, pubstatus="canceled")
    for _ in range(40):
        house.settles()
        house.time_passes(minutes=15)
    assert {row.state for row in house.rows("SELECT state FROM work WHERE stage = 'purge'")} == {"due"}
    with house.engine.connect() as connection:
        troubles = take_census(connection, wire=wire(), broker_answers=True, now=utc_now()).troubles
    assert troubles[0].startswith("the cache front at 127.0.0.1:")
    assert "answered 500" in troubles[0]
    cdn.status = 200
    house.settles()
    assert {row.state for row in house.rows("SELECT state FROM work WHERE stage = 'purge'")} == {"done"}
    with house.engine.connect() as connection:
        assert take_census(connection, wire=wire(), broker_answers=True, now=utc_now()).troubles == ()


@pytest.fixture
def hangs(cdn: type[Cdn], monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """The CDN answers nobody until this is set."""
    goes_on, original = threading.Event(), cdn.do_POST

    def waits(self: Cdn) -> None:
        goes_on.wait(30)
        original(self)

    monkeypatch.setattr(cdn, "do_POST", waits)
    return goes_on


def test_a_cache_that_hangs_is_waited_for_by_nobody_and_asked_once(house: House, cdn: type[Cdn], hangs: threading.Event) -> None:
    house.asks(Follow(stage=Stage.PURGE, item=cache_id("front"), revision=0))
    house.works(Stage.PURGE)
    (work,) = house.rows("SELECT state, error FROM work WHERE stage = 'purge'")
    assert (work.state, work.error) == ("due", "being asked")
    hangs.set()
    house.settles()
    assert len(cdn.asked) == 1


def test_a_cache_that_is_to_be_emptied_again_while_it_is_asked_is_asked_again(
    house: House, cdn: type[Cdn], hangs: threading.Event
) -> None:
    for _ in range(2):  # the second kill comes while the cache is asked for the first
        house.asks(Follow(stage=Stage.PURGE, item=cache_id("front"), revision=0))
        house.works(Stage.PURGE)
    hangs.set()
    house.settles()
    assert len(cdn.asked) == 2
