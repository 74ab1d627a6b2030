"""Sources, each on a real server of its protocol: what is new is taken in once, and put away where it came from."""

from __future__ import annotations

import asyncio
import imaplib
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import asyncssh
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from services.ingest.connectors.names import printable_name
from shared.pipeline import Stage
from shared.settings import settings
from tests.support.factories import sent
from tests.support.house import House
from tests.support.loopback import serving
from tests.support.running_wire import free_port
from tests.support.upkeep import adds, checks


def headlines(house: House) -> list[str]:
    return [row.headline for row in house.rows("SELECT content ->> 'headline' AS headline FROM items ORDER BY id")]


# ── The web ──────────────────────────────────────────────────────────────────────────────────────────────────────


class Site(BaseHTTPRequestHandler):
    """A provider's site on loopback."""

    document = b""
    etag = '"1"'
    status = 200
    asked: list[dict[str, str]]
    extra: dict[str, str]

    def do_GET(self) -> None:
        type(self).asked.append({name.lower(): value for name, value in self.headers.items()})
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("location", "/feed")
            self.end_headers()
            return
        is_same = self.etag and self.headers.get("if-none-match") == self.etag
        self.send_response(304 if is_same else self.status)
        if self.etag:
            self.send_header("etag", self.etag)
        self.send_header("content-type", "application/json")
        for name, value in self.extra.items():
            self.send_header(name, value)
        self.end_headers()
        if not is_same:
            self.wfile.write(self.document)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def site() -> Iterator[str]:
    Site.document, Site.etag, Site.status, Site.asked, Site.extra = json.dumps(sent()).encode(), '"1"', 200, [], {}
    with serving(Site) as url:
        yield url


def test_a_polled_address_is_asked_with_its_validators_and_read_when_it_changed(
    house: House, upkeep: TestClient, site: str
) -> None:
    adds(upkeep, "site", f"{site}/feed")
    checks(house, upkeep, "site", times=2)
    assert headlines(house) == [sent()["headline"]]
    assert "if-none-match" not in Site.asked[0]
    assert Site.asked[-1]["if-none-match"] == '"1"'
    Site.document, Site.etag = json.dumps(sent(version=2, headline="More")).encode(), '"2"'
    row = checks(house, upkeep, "site")
    assert (row["items_count"], row["failures"]) == (2, 0)


def test_a_source_becomes_due_by_itself(house: House, upkeep: TestClient, site: str) -> None:
    adds(upkeep, "site", f"{site}/feed", every_s=60)
    house.works(Stage.POLL)
    house.time_passes(seconds=30)
    house.works(Stage.POLL)
    assert len(Site.asked) == 1
    house.time_passes(seconds=40)
    house.works(Stage.POLL)
    assert len(Site.asked) == 2


def test_a_server_without_validators_is_not_read_again_for_the_same(house: House, upkeep: TestClient, site: str) -> None:
    Site.etag = ""
    adds(upkeep, "site", f"{site}/feed")
    row = checks(house, upkeep, "site", times=3)
    assert row["items_count"] == 1


def test_a_redirect_is_followed(house: House, upkeep: TestClient, site: str) -> None:
    adds(upkeep, "site", f"{site}/moved")
    assert checks(house, upkeep, "site")["items_count"] == 1


def test_a_source_that_fails_is_shown_looked_at_less_often_and_recovers(house: House, upkeep: TestClient, site: str) -> None:
    Site.status = 500
    adds(upkeep, "site", f"{site}/feed")
    row = checks(house, upkeep, "site", times=3)
    assert (row["failures"], "500" in row["error"]) == (3, True)
    (work,) = house.rows("SELECT extract(epoch FROM due_at - now()) AS due_in_s FROM work WHERE stage = 'poll'")
    assert work.due_in_s > 60 * 4
    Site.status = 200
    row = checks(house, upkeep, "site")
    assert (row["failures"], row["error"], row["items_count"]) == (0, None, 1)


def test_a_source_that_asks_to_be_left_alone_is(house: House, upkeep: TestClient, site: str) -> None:
    Site.status, Site.extra = 429, {"retry-after": "7200"}
    adds(upkeep, "site", f"{site}/feed")
    checks(house, upkeep, "site")
    (work,) = house.rows("SELECT extract(epoch FROM due_at - now()) AS due_in_s FROM work WHERE stage = 'poll'")
    assert 7000 < work.due_in_s < 7300


def test_a_private_address_is_not_asked_unless_the_newsroom_says_so(
    house: House, upkeep: TestClient, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BARQ_PRIVATE_ADDRESSES", "false")
    settings.cache_clear()
    adds(upkeep, "site", f"{site}/feed")
    row = checks(house, upkeep, "site")
    assert "BARQ_PRIVATE_ADDRESSES" in row["error"]
    assert Site.asked == []


def test_a_document_that_is_too_large_is_given_up(
    house: House, upkeep: TestClient, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BARQ_MAX_BODY_BYTES", "2000")
    settings.cache_clear()
    Site.document = b"x" * 100_000
    adds(upkeep, "site", f"{site}/feed")
    assert "more than 2,000 bytes" in checks(house, upkeep, "site")["error"]


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"name": "A b", "url": "https://x.example/"}, "name"),
        ({"name": "a", "url": "gopher://x.example/"}, "url"),
        ({"name": "a", "url": "https:///feed"}, "url"),
        ({"name": "a", "url": "https://u:p@x.example/"}, "url"),
        ({"name": "a", "url": "https://x.example:99999/"}, "url"),
        ({"name": "a", "url": "https://x.example/", "interval_s": 1}, "interval_s"),
    ],
)
def test_a_source_that_cannot_be_is_refused_with_the_field(upkeep: TestClient, fields: dict[str, Any], at: str) -> None:
    answer = upkeep.post("/v1/sources", json=fields)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, f"/{at}")


def test_a_removed_source_is_looked_at_no_more(house: House, upkeep: TestClient, site: str) -> None:
    adds(upkeep, "site", f"{site}/feed")
    house.works(Stage.POLL)
    assert upkeep.delete("/v1/sources/site").status_code == 204
    house.time_passes(hours=1)
    house.works(Stage.POLL)
    assert len(Site.asked) == 1
    assert [row.state for row in house.rows("SELECT state FROM work WHERE stage = 'poll'")] == ["done"]


# ── Drop folders ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_file_is_taken_when_it_is_whole_and_put_away(house: House, upkeep: TestClient) -> None:
    adds(upkeep, "wires", "drop:")
    folder = house.home / "drop" / "wires"
    checks(house, upkeep, "wires")
    (folder / "one.json").write_text(json.dumps(sent())[:50])  # somebody is writing it
    (folder / "two.json.part").write_text(json.dumps(sent(uri="urn:2")))
    (folder / "linked.json").symlink_to("/etc/hostname")
    checks(house, upkeep, "wires")
    (folder / "one.json").write_text(json.dumps(sent()))
    checks(house, upkeep, "wires")
    assert headlines(house) == []
    checks(house, upkeep, "wires")
    assert headlines(house) == [sent()["headline"]]
    assert [path.name for path in (folder / "done").iterdir()] == ["one.json"]
    assert sorted(path.name for path in folder.iterdir()) == ["done", "failed", "linked.json", "two.json.part"]


def test_a_file_that_is_refused_goes_to_failed_with_the_reason_beside_it(house: House, upkeep: TestClient) -> None:
    adds(upkeep, "wires", "drop:")
    folder = house.home / "drop" / "wires"
    checks(house, upkeep, "wires")
    (folder / "bad.xml").write_text("<recipes><soup/></recipes>")
    checks(house, upkeep, "wires", times=2)
    assert sorted(path.name for path in (folder / "failed").iterdir()) == ["bad.xml", "bad.xml.reason.txt"]
    assert "XML" in (folder / "failed" / "bad.xml.reason.txt").read_text()
    (folder / "bad.xml").write_text("<recipes><stew/></recipes>")
    checks(house, upkeep, "wires", times=2)
    assert len(list((folder / "failed").iterdir())) == 4


@pytest.mark.parametrize(
    ("name", "is_alone"),
    [(b"bad\xff\xfe.json", True), ("خبر.json".encode("cp1256"), False), (b"a" * 255, False), (b"a\nb\x1b", False)],
)
def test_a_refused_file_of_any_name_stops_no_other_and_is_named(
    house: House, upkeep: TestClient, name: bytes, is_alone: bool
) -> None:
    adds(upkeep, "wires", "drop:")
    folder = house.home / "drop" / "wires"
    checks(house, upkeep, "wires")
    (folder / os.fsdecode(name)).write_text("no item")
    (folder / "good.json").write_text(json.dumps(sent()))
    if is_alone:
        with house.engine.begin() as connection:
            connection.execute(text("UPDATE sources SET alone_since = now(), ended_count = 2"))
    row = checks(house, upkeep, "wires", times=2)
    assert (row["items_count"], row["failures"]) == (1, 0)
    assert printable_name(os.fsdecode(name)) in row["error"]
    assert os.fsdecode(name) in os.listdir(folder / "failed")
    assert len(os.listdir(folder / "failed")) == 2
    assert checks(house, upkeep, "wires")["error"] is None


# ── FTP, SFTP, IMAP ──────────────────────────────────────────────────────────────────────────────────────────────


#: it names files as they are called on its disk, whatever their letters
_FTP_SERVER = """
from pyftpdlib.__main__ import main
from pyftpdlib.handlers import FTPHandler
FTPHandler.unicode_errors = "surrogateescape"
main()
"""


@pytest.fixture
def ftp(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    folder = tmp_path / "ftp"
    folder.mkdir()
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", _FTP_SERVER, "-i", "127.0.0.1", "-p", str(port), "-d", str(folder),
         "-u", "barq", "-P", "tell-nobody"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    answers(port)
    yield f"ftp://barq@127.0.0.1:{port}/", folder
    server.terminate()
    server.wait(10)


def answers(port: int) -> None:
    """Wait until something listens there."""
    ends_s = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            assert time.monotonic() < ends_s, "the server did not start"
            time.sleep(0.05)


@pytest.fixture
def sftp(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A server whose key is made anew for each test."""
    folder = tmp_path / "sftp"
    folder.mkdir()
    loop = asyncio.new_event_loop()

    class Auth(asyncssh.SSHServer):
        def password_auth_supported(self) -> bool:
            return True

        def validate_password(self, username: str, password: str) -> bool:
            return (username, password) == ("barq", "tell-nobody")

    async def listen() -> asyncssh.SSHAcceptor:
        return await asyncssh.listen(
            "127.0.0.1", 0, server_factory=Auth, server_host_keys=[asyncssh.generate_private_key("ssh-ed25519")],
            sftp_factory=lambda channel: asyncssh.SFTPServer(channel, chroot=str(folder)),
        )  # fmt: skip

    server = loop.run_until_complete(listen())
    serving = threading.Thread(target=loop.run_forever)
    serving.start()
    yield f"sftp://barq@127.0.0.1:{server.get_port()}/", folder
    server.close()
    loop.call_soon_threadsafe(loop.stop)
    serving.join()
    loop.run_until_complete(asyncio.sleep(0.05))
    loop.close()


@pytest.mark.parametrize("server", ["ftp", "sftp"])
def test_a_name_that_is_no_utf8_is_asked_for_as_it_is(
    house: House, upkeep: TestClient, server: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, folder = request.getfixturevalue(server)
    monkeypatch.setenv("BARQ_SOURCE_SECRET_AGENCY", "tell-nobody")
    adds(upkeep, "agency", url)
    (folder / os.fsdecode("خبر.json".encode("cp1256"))).write_text(json.dumps(sent()))
    (folder / "خبر.json").write_text(json.dumps(sent(uri="urn:2")))
    row = checks(house, upkeep, "agency", times=3)
    assert (row["items_count"], row["failures"], row["error"]) == (2, 0, None)


@pytest.mark.parametrize("server", ["ftp", "sftp"])
def test_files_on_another_machine_are_taken_once_and_stay_there(
    house: House, upkeep: TestClient, server: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, folder = request.getfixturevalue(server)
    monkeypatch.setenv("BARQ_SOURCE_SECRET_AGENCY", "tell-nobody")
    adds(upkeep, "agency", url)
    (folder / "one.json").write_text(json.dumps(sent()))
    (folder / ".hidden").write_text("no")
    row = checks(house, upkeep, "agency", times=4)
    assert (row["error"], row["items_count"], headlines(house)) == (None, 1, [sent()["headline"]])
    (folder / "one.json").write_text(json.dumps(sent(version=2, headline="A longer headline than before")))
    checks(house, upkeep, "agency", times=2)
    assert len(headlines(house)) == 2
    assert (folder / "one.json").exists()


@pytest.mark.parametrize("server", ["ftp", "sftp"])
def test_a_wrong_password_is_said(house: House, upkeep: TestClient, server: str, request: pytest.FixtureRequest) -> None:
    url, _ = request.getfixturevalue(server)
    adds(upkeep, "agency", url)
    row = checks(house, upkeep, "agency")
    assert row["failures"] == 1
    assert row["error"]


def test_another_host_key_than_at_first_is_refused(
    house: House, upkeep: TestClient, sftp: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BARQ_SOURCE_SECRET_AGENCY", "tell-nobody")
    adds(upkeep, "agency", sftp[0])
    assert checks(house, upkeep, "agency", times=2)["failures"] == 0
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
    with house.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE sources SET memory = memory || jsonb_build_object('host_key', %s::text)", (other,))
    row = checks(house, upkeep, "agency")
    assert "another host key" in row["error"]


@pytest.fixture
def mailbox() -> Iterator[tuple[str, imaplib.IMAP4]]:
    """A real IMAP server, and somebody who puts mail into it."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-c", "from pymap.main import main; main()", "--host", "127.0.0.1", "--port", str(port), "--no-tls",
         "dict", "--demo-data"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    answers(port)
    client = imaplib.IMAP4("127.0.0.1", port)
    client.login("demouser", "demopass")
    client.create("wire")
    yield f"imap://demouser@127.0.0.1:{port}/wire", client
    client.logout()
    server.terminate()
    server.wait(10)


def test_unseen_mail_is_an_item_and_is_marked_once_it_was_taken(
    house: House, upkeep: TestClient, mailbox: tuple[str, imaplib.IMAP4], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, client = mailbox
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["Message-ID"] = "Desk <desk@levant.example>", "Storm ahead", "<1@levant.example>"
    mail["Date"] = "Sun, 01 Mar 2026 10:00:00 +0000"
    mail.set_content("A storm is on its way to the coast.")
    client.append("wire", "", "", mail.as_bytes().replace(b"\n", b"\r\n"))
    monkeypatch.setenv("BARQ_SOURCE_SECRET_MAIL", "demopass")
    adds(upkeep, "mail", url)
    row = checks(house, upkeep, "mail")
    assert (row["error"], row["items_count"], headlines(house)) == (None, 1, ["Storm ahead"])
    client.select("wire")
    assert client.search(None, "UNSEEN")[1] in ([b""], [None])
    assert checks(house, upkeep, "mail", times=2)["items_count"] == 1


# ── Heartbeats ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_heartbeat_goes_through_the_real_pipe_and_only_ops_see_it(house: House, upkeep: TestClient) -> None:
    adds(upkeep, "heartbeat", "heartbeat:")
    house.works()
    checks(house, upkeep, "heartbeat")
    house.works()
    assert [row.state for row in house.rows("SELECT state FROM stories")] == ["internal"]
    assert house.rows("SELECT * FROM entries") == []
    from services.monitor.routes import app

    ops = TestClient(app)
    text = ops.get("/metrics").text
    age_s = float(next(line for line in text.splitlines() if line.startswith("barq_heartbeat_seconds ")).split()[1])
    assert 0 <= age_s < 600
    assert 'barq_source_failures{source="heartbeat"} 0.0' in text
