"""A home has one wire, and what it writes is its user's alone."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from shared.embedded.logs import close_logs, keep_small
from shared.embedded.runfile import holder_of, take_home
from shared.embedded.servers import Valkey
from shared.queue.broker import kombu_url


def test_a_home_is_taken_once_and_says_by_whom(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    assert holder_of(tmp_path) is None
    first = take_home(tmp_path)
    assert first
    assert take_home(tmp_path) is None
    assert holder_of(tmp_path) == os.getpid()
    first.close()
    assert holder_of(tmp_path) is None


def test_logs_that_others_could_read_are_closed(tmp_path: Path) -> None:
    folder = tmp_path / "log"
    folder.mkdir(mode=0o755)
    (folder / "up.log").touch(mode=0o644)
    close_logs(tmp_path)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (folder, folder / "up.log")] == [0o700, 0o600]


def test_a_log_that_grows_is_put_aside_and_its_writer_goes_on(tmp_path: Path) -> None:
    close_logs(tmp_path)
    log = tmp_path / "log" / "web.log"
    with log.open("ab", buffering=0) as writer:
        for number in range(4):
            writer.write(f"part {number}\n".encode() * 100)
            keep_small(tmp_path, most_bytes=500, kept=2)
        writer.write(b"now\n")
    assert log.read_text() == "now\n"
    kept = {path.name: path.read_text()[:6] for path in log.parent.glob("web.log.*")}
    assert kept == {"web.log.1": "part 3", "web.log.2": "part 2"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in log.parent.glob("web.log.*")} == {0o600}


@pytest.mark.parametrize("kept", [0, 1])
def test_few_or_no_parts_may_be_kept(tmp_path: Path, kept: int) -> None:
    close_logs(tmp_path)
    log = tmp_path / "log" / "web.log"
    log.write_text("x" * 1000)
    keep_small(tmp_path, most_bytes=500, kept=kept)
    assert (log.stat().st_size, len(list(log.parent.glob("web.log.*")))) == (0, kept)


def test_a_log_within_its_bound_is_left_alone(tmp_path: Path) -> None:
    close_logs(tmp_path)
    log = tmp_path / "log" / "web.log"
    log.write_text("x" * 400)
    keep_small(tmp_path, most_bytes=500, kept=2)
    assert log.stat().st_size == 400


def test_the_brokers_password_is_made_once_and_read_by_nobody_else(tmp_path: Path) -> None:
    broker = Valkey(tmp_path)
    broker.prepare()
    url = broker.url
    broker.prepare()
    assert broker.url == url
    secret = urlsplit(url).password
    assert secret
    assert len(secret) > 30
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and secret in path.read_text()]
    assert {(path.name, stat.S_IMODE(path.stat().st_mode)) for path in kept} == {("valkey", 0o600), ("valkey.conf", 0o600)}
    assert urlsplit(kombu_url(url)).password == secret
