"""Every page, in both editions and at the desk, as axe-core sees it in a real browser, by day and by night."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import httpx
import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from shared.clock import utc_now
from tests.support.browser import chromium, needs_chromium
from tests.support.running_wire import ROOT, RunningWire, free_port

pytestmark = [needs_chromium, pytest.mark.end_to_end]

_AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
_LOOK = """
const done = arguments[arguments.length - 1];
axe.run(document).then((found) => done(found.violations.map((v) => [v.id, v.nodes.map((n) => n.target.join(" ")).slice(0, 3)])));
"""


@pytest.fixture(scope="module")
def wire(server_folders: Callable[[], Path]) -> Iterator[RunningWire]:
    """A wire with the samples, one of them killed, one with a comment, one half translated."""
    running = RunningWire(home=server_folders() / "home", port=free_port())
    running.starts()
    running.barq("push", str(ROOT / "samples"), "--url", running.url)
    running.eventually(lambda: len(running.titles("/ar/feeds/all.json")) == 4)
    yield running
    running.stops()


@pytest.fixture(scope="module")
def api(wire: RunningWire) -> Iterator[httpx.Client]:
    with wire.client() as client:
        yield client


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    with chromium(tmp_path_factory.mktemp("profile")) as started:
        started.set_script_timeout(60)
        yield started


def violations(browser: Chrome, url: str, paths: list[str]) -> dict[str, Any]:
    """What axe finds, by page; colours by night too."""
    found = {}
    for path in paths:
        browser.get(url + path)
        for scheme in ("light", "dark"):
            browser.execute_cdp_cmd(
                "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
            )
            browser.execute_script(_AXE)
            if wrong := browser.execute_async_script(_LOOK):
                found[f"{path} ({scheme})"] = wrong
    return found


@pytest.fixture(scope="module")
def stories(wire: RunningWire, api: httpx.Client) -> dict[str, str]:
    """Stories by what is special about them."""
    told = api.get("/v1/stories?limit=50").json()["stories"]
    in_both = [story["story"] for story in told if "ar" in story["editions"]]
    alone = [story["story"] for story in told if not story["editions"]]
    corrected = next(story["story"] for story in told if "Correction" in story["body_html"])
    form = {"name": "Huda", "text": "I was there."}
    answer = api.post(f"/en/stories/{in_both[0]}/comments", data=form)
    assert answer.status_code == 303
    (waiting,) = api.get("/v1/comments").json()["comments"]
    api.post(f"/v1/comments/{waiting['comment']}", json={"state": "shown"})
    api.post(f"/en/stories/{in_both[1]}/comments", data=form)
    item = next(item for item in map(_read, sorted((ROOT / "samples").glob("03*.json"))) if item.get("language") == "en")
    api.post("/v1/items", json={**item, "version": 9, "pubstatus": "canceled"}).raise_for_status()
    killed = next(story["story"] for story in told if story["headline"] == item["headline"])
    wire.eventually(lambda: api.get(f"/v1/stories/{killed}").status_code == 410)
    return {"both": in_both[0], "alone": alone[0], "corrected": corrected, "killed": killed}


def _read(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return read


@pytest.mark.parametrize("edition", ["en", "ar"])
def test_axe_finds_nothing_on_the_portal(wire: RunningWire, browser: Chrome, stories: dict[str, str], edition: str) -> None:
    today = utc_now()
    own = stories["corrected"] if edition == "en" else stories["both"]
    paths = [
        "/", "/arab/", "/politics/", "/tags/Yemen/", "/labels/BREAKING/", f"/archive/{today:%Y-%m}/",
        f"/archive/{today:%Y-%m-%d}/", "/search", "/search?q=nothing-at-all", "/search?region=arab",
        f"/stories/{stories['both']}", f"/stories/{own}",
        f"/stories/{own}?comment=links", f"/stories/{own}?comment=taken", f"/stories/{stories['killed']}", "/feeds/",
        "/feeds/all.rss", "/nothing/here/",
    ]  # fmt: skip
    assert violations(browser, wire.url, [f"/{edition}{path}" for path in paths]) == {}


def test_axe_finds_nothing_at_the_desk(wire: RunningWire, browser: Chrome, stories: dict[str, str]) -> None:
    assert violations(browser, wire.url, ["/desk"]) == {}
    browser.find_element(By.NAME, "key").send_keys((wire.home / "keys" / "newsroom").read_text().strip())
    browser.find_element(By.TAG_NAME, "button").click()
    paths = [
        "", "/sorting", "/write", "/drafts", "/feeds", "/actions", "/translate", "/translate?edition=en",
        "/translate/ar/terms", "/comments", "/comments?state=shown", f"/stories/{stories['corrected']}",
        f"/write?story={stories['corrected']}&act=correction", f"/translate/ar/{stories['alone']}",
        f"/translate/ar/{stories['both']}", "/stories/nothing",
    ]  # fmt: skip
    assert violations(browser, wire.url, [f"/desk{path}" for path in paths]) == {}


@pytest.mark.parametrize("screens", ["ops", "subscriber"])
def test_axe_finds_nothing_on_the_screens_of_ops_and_subscribers(wire: RunningWire, browser: Chrome, screens: str) -> None:
    made = wire.barq("key", "create", "--role", "ops" if screens == "ops" else "subscriber", "--name", f"axe-{screens}")
    key = next(word for word in made.stdout.split() if word.startswith("barq_"))
    assert violations(browser, wire.url, [f"/{screens}"]) == {}
    browser.find_element(By.NAME, "key").send_keys(key)
    browser.find_element(By.TAG_NAME, "button").click()
    assert violations(browser, wire.url, [f"/{screens}"]) == {}
