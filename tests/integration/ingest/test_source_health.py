"""How sources are: slow ones hold up nobody, ill ones are told, and what is only quiet or has moved is no failure."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from services.ingest.sources.running import MAX_REMOTE
from services.ingest.sources.stages import running_polls
from services.ingest.stages import HANDLERS
from shared.pipeline import Lane, Stage, spec_of
from shared.queue import ledger
from shared.settings import settings
from shared.web.outbound import Unreachable, fetch
from tests.support.factories import sent
from tests.support.house import House
from tests.support.reading import eventually
from tests.support.site import site
from tests.support.upkeep import adds, checks, row_of

FIELD_CASES = Path(__file__).parents[2] / "wire"
ITEM = json.dumps(sent()).encode()
BROKEN = b"<recipes><soup/></recipes>"


def polls_once(house: House) -> None:
    """One chunk, as a worker does it: nobody waits for what takes longer."""
    ledger.do_chunk(house.engine, spec_of(Stage.POLL), Lane.REGULAR, HANDLERS[Stage.POLL], lambda _: None)


def test_slow_servers_hold_up_neither_folders_nor_each_other(house: House, upkeep: TestClient) -> None:
    answer = threading.Event()
    with ExitStack() as stack:
        for number in range(6):
            slow = stack.enter_context(site(document=ITEM, is_silent=answer))
            adds(upkeep, f"slow-{number}", f"{slow.url}/")
        polls_once(house)
        adds(upkeep, "wires", "drop:")
        adds(upkeep, "beat", "heartbeat:")
        folder = house.home / "drop" / "wires"
        polls_once(house)
        (folder / "one.json").write_bytes(ITEM)
        for _ in range(2):
            upkeep.post("/v1/sources/wires/check")
            polls_once(house)
        assert row_of(upkeep, "wires")["items_count"] == 1
        assert row_of(upkeep, "beat")["items_count"] == 1
        assert [row_of(upkeep, f"slow-{number}")["looked_at"] for number in range(6)] == [None] * 6
        answer.set()
        running_polls.join(10)
    rows = [row_of(upkeep, f"slow-{number}") for number in range(6)]
    assert all(row["looked_at"] and row["failures"] == 0 for row in rows)
    due = house.rows("SELECT due_at < now() + interval '70 seconds' AS soon, error FROM work WHERE stage = 'poll'")
    assert all(row.soon for row in due), "those that were left to their threads are due at their interval again"


def test_so_many_looks_at_once_and_no_more(house: House, upkeep: TestClient) -> None:
    answer = threading.Event()
    with site(document=ITEM, is_silent=answer) as slow:
        for number in range(MAX_REMOTE + 3):
            adds(upkeep, f"slow-{number:02}", f"{slow.url}/{number}")
        polls_once(house)
        eventually(lambda: len(slow.asked) == MAX_REMOTE)
        waiting = house.rows("SELECT error FROM work WHERE stage = 'poll' AND error LIKE 'waits for a place%'")
        assert len(waiting) == 3
        answer.set()
        running_polls.join(10)
        house.time_passes(seconds=2)
        house.works(Stage.POLL)
        assert {path for path, _ in slow.asked} == {f"/{number}" for number in range(MAX_REMOTE + 3)}


def test_a_source_that_is_being_looked_at_is_looked_at_again_when_somebody_asks(house: House, upkeep: TestClient) -> None:
    answer = threading.Event()
    with site(document=ITEM, is_silent=answer) as slow:
        adds(upkeep, "slow", f"{slow.url}/")
        polls_once(house)
        upkeep.post("/v1/sources/slow/check")
        polls_once(house)
        assert len(slow.asked) == 1
        answer.set()
        running_polls.join(10)
        house.time_passes(seconds=2)
        house.works(Stage.POLL)
        assert len(slow.asked) == 2


def test_no_transaction_is_open_while_a_server_is_asked(house: House, upkeep: TestClient) -> None:
    answer = threading.Event()
    with site(document=ITEM, is_silent=answer) as slow:
        adds(upkeep, "slow", f"{slow.url}/")
        polls_once(house)
        eventually(lambda: bool(slow.asked))
        open_ones = house.rows("""
            SELECT query FROM pg_stat_activity
            WHERE datname = current_database() AND state = 'idle in transaction' AND pid <> pg_backend_pid()
        """)
        answer.set()
        running_polls.join(10)
    assert open_ones == []


@contextmanager
def dripping() -> Iterator[str]:
    """A server that answers one header after the other and never comes to an end."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        stop = threading.Event()

        def drip() -> None:
            server.settimeout(10)
            connection, _ = server.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\n")
                while not stop.wait(0.05):
                    try:
                        connection.sendall(b"x: y\r\n")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        finally:
            stop.set()
            thread.join()


def test_a_look_has_one_limit_for_all_of_it(house: House, upkeep: TestClient) -> None:
    with dripping() as url, pytest.raises(Unreachable, match="in time"):
        fetch(url, headers={}, timeout_s=0.5, most_bytes=1000)


@pytest.mark.parametrize("scheme", ["ftp", "imap"])
def test_other_ways_have_it_too(house: House, upkeep: TestClient, scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BARQ_SOURCE_TIMEOUT_S", "0.5")
    settings.cache_clear()
    with dripping() as url:
        adds(upkeep, "drip", url.replace("http", scheme))
        started_s = time.monotonic()
        row = checks(house, upkeep, "drip")
        assert row["failures"] == 1
        assert time.monotonic() - started_s < 15


def test_a_source_of_which_nothing_can_be_taken_is_not_well_until_something_can(house: House, upkeep: TestClient) -> None:
    with site(document=BROKEN) as here:
        adds(upkeep, "agency", f"{here.url}/")
        assert checks(house, upkeep, "agency")["health"] == "refused"
        here.status = 304
        row = checks(house, upkeep, "agency")
        assert (row["health"], row["refusals"], "recipes" in row["error"]) == ("refused", 1, True)
        here.status, here.document = 200, ITEM
        row = checks(house, upkeep, "agency")
        assert (row["health"], row["refusals"], row["error"]) == ("well", 0, None)


@pytest.mark.parametrize("status", [200, 204])
def test_nothing_new_is_no_failure(house: House, upkeep: TestClient, status: int) -> None:
    empty = b'<?xml version="1.0"?><rss version="2.0"><channel><title>Quiet</title><link>http://x.example/</link></channel></rss>'
    with site(status=status, document=empty) as here:
        adds(upkeep, "quiet", f"{here.url}/")
        row = checks(house, upkeep, "quiet", times=2)
    assert (row["failures"], row["refusals"], row["error"], row["health"]) == (0, 0, None, "well")
    assert upkeep.get("/v1/quarantine").json() == []


def test_a_source_that_is_gone_is_not_asked_until_somebody_says_so(house: House, upkeep: TestClient) -> None:
    with site(status=410) as here:
        adds(upkeep, "gone", f"{here.url}/")
        house.works(Stage.POLL)
        row = row_of(upkeep, "gone")
        assert (row["health"], "410" in row["error"]) == ("gone", True)
        house.time_passes(days=1)
        house.works(Stage.POLL)
        assert len(here.asked) == 1
        from services.monitor.routes import app

        assert 'barq_source_ill{health="gone",source="gone"} 1.0' in TestClient(app).get("/metrics").text
        here.status, here.document = 200, ITEM
        row = checks(house, upkeep, "gone")
        assert (row["health"], row["gone_at"], row["items_count"]) == ("well", None, 1)


@pytest.mark.parametrize(("status", "is_kept"), [(301, True), (308, True), (302, False), (307, False)])
def test_permanent_moves_are_kept_and_told(house: House, upkeep: TestClient, status: int, is_kept: bool) -> None:
    with site(document=ITEM, redirects={"/old": (status, "/new")}) as here:
        adds(upkeep, "moved", f"{here.url}/old")
        row = checks(house, upkeep, "moved", times=2)
        assert row["url"] == f"{here.url}/{'new' if is_kept else 'old'}"
        assert row["moved_from"] == (f"{here.url}/old" if is_kept else None)
        asked = [path for path, _ in here.asked]
        assert asked == (["/old", "/new", "/new"] if is_kept else ["/old", "/new", "/old", "/new"])


def test_a_move_is_kept_as_far_as_it_is_permanent_and_only_to_what_can_be_read(house: House, upkeep: TestClient) -> None:
    chain = {"/old": (301, "/new"), "/new": (302, "/today")}
    with site(document=ITEM, redirects=chain) as here:
        adds(upkeep, "moved", f"{here.url}/old")
        assert checks(house, upkeep, "moved")["url"] == f"{here.url}/new"
    with site(document=b"<html><body>Sign in</body></html>", redirects={"/old": (301, "/login")}) as here:
        adds(upkeep, "portal", f"{here.url}/old")
        assert checks(house, upkeep, "portal")["url"] == f"{here.url}/old"


def test_a_secret_moves_to_no_other_host(house: House, upkeep: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BARQ_SOURCE_SECRET_MOVED", "tell-nobody")
    with site(document=ITEM) as other, site(redirects={"/old": (301, f"{other.url}/new")}) as here:
        adds(upkeep, "moved", f"{here.url}/old")
        row = checks(house, upkeep, "moved")
        assert (row["url"], "another host" in row["error"], row["health"]) == (f"{here.url}/old", True, "well")
        assert all("authorization" not in headers for _, headers in other.asked)


def test_a_sources_encoding_can_be_told(house: House, upkeep: TestClient) -> None:
    document = "<rss version='2.0'><channel><title>T</title><item><title>عاجل</title><guid>tag:a:1</guid></item></channel></rss>"
    with site(document=document.encode("windows-1256"), content_type="text/xml") as here:
        adds(upkeep, "agency", f"{here.url}/", encoding="windows-1256")
        assert checks(house, upkeep, "agency")["encoding"] == "windows-1256"
    assert [row.headline for row in house.rows("SELECT content ->> 'headline' AS headline FROM items")] == ["عاجل"]
    answer = upkeep.post("/v1/sources", json={"name": "b", "url": "drop:", "encoding": "klingon"})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/encoding")


def test_relative_links_of_what_is_polled_lead_to_where_it_was(house: House, upkeep: TestClient) -> None:
    document = (FIELD_CASES / "rss" / "relative-everywhere.xml").read_bytes()
    with site(document=document, redirects={"/moved": (302, "/feeds/x.rss")}) as here:
        adds(upkeep, "agency", f"{here.url}/moved")
        checks(house, upkeep, "agency")
        (row,) = house.rows("SELECT content FROM items")
        assert row.content["unplaced"]["link"] == f"{here.url}/blog/posts/one"
        assert row.content["associations"][0]["href"] == f"{here.url}/blog/pics/a.jpg"
        assert f'href="{here.url}/blog/more"' in row.content["body_html"]
        assert upkeep.post("/v1/reprocess", json={"since": "2026-01-01T00:00:00Z"}).json()["items"] == []
