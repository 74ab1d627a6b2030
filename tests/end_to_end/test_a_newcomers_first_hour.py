"""What the README promises to a newcomer, step by step, by command line and HTTP."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from tests.support.factories import sent
from tests.support.running_wire import BARQ, ROOT, RunningWire, free_port, running_wire

SAMPLES = ROOT / "samples"


@pytest.fixture(scope="module")
def used(server_folders: Callable[[], Path]) -> Iterator[RunningWire]:
    """A wire that several newcomers use one after another."""
    with running_wire(server_folders() / "home") as running:
        yield running


def test_the_first_hour(wire: RunningWire) -> None:
    pushed = wire.barq("push", str(SAMPLES))
    assert "14 accepted, 4 translated" in pushed.stdout
    wire.eventually(lambda: len(wire.titles("/en/feeds/all.rss")) == 11 and len(wire.titles("/ar/feeds/all.atom")) == 4)

    english = set(wire.titles("/en/feeds/all.rss"))
    expected = {}
    for file in sorted(SAMPLES.glob("*.json")):
        story = json.loads(file.read_text(encoding="utf-8"))
        if "uri" in story and story["language"] == "en":
            expected[story["uri"]] = story
    embargoed = expected.pop("urn:barq:sample:embargoed-results")
    assert english == {s["headline"] for s in expected.values()} | {
        "Beirut's national museum reopens its east wing after six years of repairs"
    }
    assert embargoed["headline"] not in english

    def has(path: str, words: str) -> bool:
        return any(words in title for title in wire.titles(path))

    assert has("/en/feeds/arab.rss", "Yemen rivals")
    assert has("/en/feeds/politics.atom", "Yemen rivals")
    assert has("/en/feeds/africa.json", "Kenya declares")
    assert has("/en/feeds/asia.rss", "Tokyo Bay")
    assert has("/en/feeds/us.rss", "U.S. Senate")
    assert has("/en/feeds/europe.rss", "gas contract with Qatar")
    assert has("/en/feeds/oil-energy.rss", "Oil ministers")
    assert has("/en/feeds/economy.rss", "central bank holds")
    assert has("/en/feeds/sport.rss", "Riyadh derby")
    assert has("/en/feeds/entertainment.rss", "lighthouse keeper")
    assert has("/ar/feeds/sport.rss", "ديربي الرياض")
    assert has("/ar/feeds/arab.atom", "الهدنة")
    assert not has("/en/feeds/sport.rss", "Yemen")

    corrected = httpx.get(f"{wire.url}/en/feeds/oil-energy.rss", trust_env=False).text
    assert "Ministers meet on 3 May." in corrected

    again = wire.barq("push", str(SAMPLES / "05-derby.json"))
    assert "1 duplicate" in again.stdout
    item = again.stdout.split()[-1]
    told = json.loads(wire.barq("item", item, "--json").stdout)
    assert (told["state"], "/en/feeds/sport.rss" in told["feeds"]) == ("published", True)

    kill = wire.home / "kill.json"
    kill.write_text(json.dumps({"uri": "urn:barq:sample:riyadh-derby", "version": 2, "pubstatus": "canceled"}))
    wire.barq("push", str(kill))
    wire.eventually(lambda: has("/en/feeds/sport.rss", "KILLED") and has("/ar/feeds/sport.rss", "حُذف"))
    page = httpx.get(f"{wire.url}/en/stories/{told['story']}", trust_env=False)
    assert (page.status_code, "header in the 93rd minute" in page.text) == (410, False)

    status = wire.status()
    alive = {worker["name"] for worker in status["workers"] if worker["alive"]}
    assert alive == {"wire-1", "wire-2", "express", "translator", "courier", "collector"}
    arabic = next(edition for edition in status["editions"] if edition["edition"] == "ar")
    assert (arabic["engine"], arabic["waiting"] > 0) == ("people", True)
    assert status["dead_count"] == {}


def test_the_readmes_own_commands_do_what_it_says(used: RunningWire) -> None:
    blocks = re.findall(r"^```\n(.*?)^```", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    push, first, kill = (next(b for b in blocks if word in b) for word in ("barq push samples/", "curl ", "pubstatus"))
    for commands in (push, first, kill):
        commands = commands.replace("http://127.0.0.1:8000", used.url).replace("var/keys", f"{used.home}/keys")
        done = subprocess.run(
            ["bash", "-ec", commands], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
            env={**os.environ, "BARQ_HOME": str(used.home), "PATH": f"{Path(BARQ[0]).parent}:{os.environ['PATH']}"},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        if "curl" in commands:
            used.eventually(lambda: "First story" in used.titles("/en/feeds/all.rss"))
    used.eventually(lambda: "First story" not in used.titles("/en/feeds/all.rss"))
    assert any(title.startswith("KILLED") for title in used.titles("/en/feeds/arab.atom"))


def test_keys_are_made_shown_once_and_revoked_at_once(used: RunningWire) -> None:
    secret = used.barq("key", "create", "--role", "newsroom", "--name", "second").stdout.strip()
    one = used.home / "one.json"
    one.write_text(json.dumps(sent()))
    used.barq("push", str(one), BARQ_KEY=secret)
    assert secret not in used.barq("key", "list").stdout
    used.barq("key", "revoke", "second")
    refused = used.barq("push", str(one), check=False, BARQ_KEY=secret)
    assert (refused.returncode, "was revoked" in refused.stdout + refused.stderr) == (1, True)


def test_what_was_accepted_is_there_after_a_restart_and_nothing_is_left_behind(used: RunningWire) -> None:
    one = used.home / "one.json"
    one.write_text(json.dumps(sent(uri="urn:kept", headline="Kept")))
    used.barq("push", str(one))
    used.eventually(lambda: "Kept" in used.titles("/en/feeds/all.rss"))
    mine = used.processes()
    assert len(mine) >= 7
    used.stops()
    assert [process for process in mine if process.is_running()] == []
    used.port = free_port()
    said = used.starts()
    assert "Your first keys" not in said
    used.eventually(lambda: "Kept" in used.titles("/en/feeds/all.rss"))
    # links follow the address that the wire now has
    used.eventually(lambda: f"<link>{used.url}/en/stories/" in httpx.get(f"{used.url}/en/feeds/all.rss").text)


def test_a_stale_lock_file_keeps_nobody_out_and_ctrl_c_in_the_foreground_stops_everything_and_says_so(tmp_path: Path) -> None:
    wire, said = RunningWire(tmp_path / "home", free_port()), tmp_path / "said"
    (wire.home / "run").mkdir(parents=True)
    (wire.home / "run" / "lock").write_text("left by a wire of yesterday")
    (wire.home / "run" / "wire.json").write_text(
        json.dumps({"pid": os.getpid(), "url": "x", "database_url": "x", "broker_url": "x", "ready": True})
    )
    command = [*BARQ, "up", "--home", str(wire.home), "--port", str(wire.port)]
    with said.open("w") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, cwd=ROOT)
    wire.eventually(lambda: "The wire runs" in said.read_text(), 120)
    mine = wire.processes()
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0
    assert [child for child in mine if child.is_running()] == []
    assert "Everything that was accepted is kept" in said.read_text()


def test_a_supervisor_that_is_killed_leaves_nothing_behind_and_the_next_start_is_clean(used: RunningWire) -> None:
    mine = used.processes()
    supervisor = psutil.Process(used.run.pid)
    supervisor.send_signal(signal.SIGKILL)
    used.eventually(lambda: not [p for p in mine if p.is_running() and p.status() != psutil.STATUS_ZOMBIE])
    used.starts()
    assert used.status()["broker"] is True


def holding(code: str) -> subprocess.Popen[bytes]:
    """A process that takes something and holds it until its input ends."""
    code = f"{code}; print(flush=True); input()"
    process = subprocess.Popen([BARQ[0], "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout is not None
    process.stdout.readline()
    return process


@pytest.mark.parametrize("wrong", ["port", "lock", "permission", "config", "nobody"])
def test_what_keeps_the_wire_from_starting_is_told_in_one_sentence(tmp_path: Path, wrong: str) -> None:
    wire = RunningWire(tmp_path / "home", free_port())
    arguments, environment, says = ["up", "--port", str(wire.port)], {}, ""
    blocker: subprocess.Popen[bytes] | None = None
    if wrong == "port":
        blocker = holding(f"import socket; held = socket.create_server(('127.0.0.1', {wire.port}))")
        says = f"port {wire.port} on 127.0.0.1 cannot be used: Address already in use. Choose another"
    elif wrong == "lock":
        (wire.home / "run").mkdir(parents=True)
        lock = str(wire.home / "run" / "lock")
        blocker = holding(f"import fcntl; held = open({lock!r}, 'w'); fcntl.flock(held, fcntl.LOCK_EX)")
        says = "runs in"
    elif wrong == "permission":
        (tmp_path / "home").write_text("a file where the folder should be")
        says = "cannot write to"
    elif wrong == "config":
        (tmp_path / "wire.toml").write_text("[agency]\ncode = 'xy'\n")
        environment, says = {"BARQ_CONFIG": str(tmp_path / "wire.toml")}, "wire.toml:2: agency.code"
    elif wrong == "nobody":
        arguments, says = ["status"], "start one with `barq up`"
    done = wire.barq(*arguments, check=False, **environment)
    if blocker:
        blocker.communicate(b"")  # it ends with its input
    assert done.returncode == 1
    assert says in done.stderr.replace("\n", " ")
    assert "Traceback" not in done.stderr
