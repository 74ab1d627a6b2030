"""The desk in a real browser: what is written, corrected, embargoed and killed there is what the feed says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from shared.clock import utc_now
from tests.support.browser import chromium, needs_chromium
from tests.support.factories import sent
from tests.support.running_wire import RunningWire, free_port

pytestmark = [needs_chromium, pytest.mark.end_to_end]

FEED = "/en/feeds/all.json"


@pytest.fixture(scope="module")
def wire(server_folders: Callable[[], Path]) -> Iterator[RunningWire]:
    running = RunningWire(home=server_folders() / "home", port=free_port())
    running.starts()
    yield running
    running.stops()


@pytest.fixture(scope="module")
def desk(wire: RunningWire, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """Somebody who has signed in."""
    with chromium(tmp_path_factory.mktemp("profile")) as browser:
        browser.implicitly_wait(10)
        browser.get(f"{wire.url}/desk")
        browser.find_element(By.NAME, "key").send_keys((wire.home / "keys" / "newsroom").read_text().strip())
        browser.find_element(By.TAG_NAME, "button").click()
        yield browser


def writes(desk: Chrome, headline: str, body: str) -> None:
    """Fill in the editor and send it, by keys alone."""
    desk.find_element(By.TAG_NAME, "body").send_keys("w")
    desk.find_element(By.NAME, "headline").send_keys(headline)
    desk.find_element(By.NAME, "body").send_keys(body)


def presses(desk: Chrome, word: str) -> None:
    desk.find_element(By.XPATH, f"//button[normalize-space()='{word}'] | //a[normalize-space()='{word}']").click()


def text_of(wire: RunningWire) -> str:
    import httpx

    return httpx.get(f"{wire.url}{FEED}", trust_env=False).text


def test_a_story_is_written_previewed_and_published_by_keys_alone(wire: RunningWire, desk: Chrome) -> None:
    desk.get(f"{wire.url}/desk")
    writes(desk, "Ministers agree in Vienna", "Ministers agreed to raise output to 100 barrels.")
    assert "Ministers agreed to raise output" in desk.find_element(By.CSS_SELECTOR, "#preview article").text
    desk.find_element(By.NAME, "body").send_keys(Keys.CONTROL, Keys.ENTER)
    desk.find_element(By.ID, "revisions")
    wire.eventually(lambda: wire.titles(FEED) == ["Ministers agree in Vienna"])


def test_a_correction_reaches_the_feed_with_its_note(wire: RunningWire, desk: Chrome) -> None:
    presses(desk, "Correct")
    body = desk.find_element(By.NAME, "body")
    body.clear()
    body.send_keys("Ministers agreed to raise output to 10 barrels.")
    desk.find_element(By.NAME, "correction_note").send_keys("It was 10 barrels, not 100.")
    presses(desk, "Send correction")
    desk.find_element(By.ID, "revisions")
    wire.eventually(lambda: "It was 10 barrels, not 100." in text_of(wire))
    desk.refresh()
    assert desk.find_element(By.CSS_SELECTOR, ".difference del").text == "100"
    assert desk.find_element(By.CSS_SELECTOR, ".difference ins").text == "10"


def test_the_wire_moves_without_a_reload_and_is_walked_by_keys(wire: RunningWire, desk: Chrome) -> None:
    desk.get(f"{wire.url}/desk")
    desk.execute_script("window.isTheSamePage = true")
    with wire.client() as newsroom:
        newsroom.post("/v1/items", json=sent(uri="urn:live:1", headline="It came while we looked"))
    desk.find_element(By.LINK_TEXT, "It came while we looked")
    assert desk.execute_script("return window.isTheSamePage")
    desk.find_element(By.TAG_NAME, "body").send_keys("j")
    assert desk.switch_to.active_element.text == "It came while we looked"
    desk.switch_to.active_element.send_keys(Keys.ENTER)
    assert desk.find_element(By.TAG_NAME, "h1").text == "It came while we looked"


def test_a_kill_asks_for_a_reason_and_leaves_a_notice(wire: RunningWire, desk: Chrome) -> None:
    desk.get(f"{wire.url}/desk")
    desk.find_element(By.PARTIAL_LINK_TEXT, "Ministers agree in Vienna").click()
    presses_kill = desk.find_element(By.CSS_SELECTOR, ".kill summary")
    presses_kill.click()
    Select(desk.find_element(By.NAME, "reason")).select_by_value("factual")
    desk.find_element(By.NAME, "confirm").click()
    presses(desk, "Kill")
    wire.eventually(lambda: any(title.startswith("KILLED") for title in wire.titles(FEED)))
    assert "10 barrels" not in text_of(wire)
    assert "because it was wrong" in text_of(wire)
    assert desk.find_element(By.CSS_SELECTOR, ".state.killed")


def test_an_embargoed_story_is_on_no_feed_until_it_is_cleared(wire: RunningWire, desk: Chrome) -> None:
    desk.get(f"{wire.url}/desk")
    writes(desk, "Results under embargo", "Profit rose.")
    desk.find_element(By.XPATH, "//summary[starts-with(., 'Times')]").click()
    field = desk.find_element(By.NAME, "embargoed_until")
    desk.execute_script("arguments[0].value = arguments[1]", field, f"{utc_now().year + 1}-01-01T12:00")
    presses(desk, "Publish")
    desk.find_element(By.CSS_SELECTOR, ".state.embargoed")
    assert "Results under embargo" not in wire.titles(FEED)
    for name in ("embargoed_until", "scheduled_for"):
        desk.execute_script("arguments[0].value = ''", desk.find_element(By.NAME, name))
    presses(desk, "Set")
    wire.eventually(lambda: "Results under embargo" in wire.titles(FEED))


@pytest.mark.parametrize(
    "path",
    ["/desk", "/desk/write", "/desk/drafts", "/desk/actions", "/desk/translate", "/desk/translate/ar/terms", "/desk/sorting"],
)
def test_nothing_is_cut_off_at_twice_the_size(wire: RunningWire, desk: Chrome, path: str) -> None:
    desk.set_window_size(700, 900)  # what 1400 pixels are at 200 %
    desk.get(f"{wire.url}{path}")
    widths = desk.execute_script("return [document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    desk.set_window_size(1400, 1000)
    assert widths[0] <= widths[1]


def test_no_page_complains_in_the_console(wire: RunningWire, desk: Chrome) -> None:
    desk.get_log("browser")
    for path in ("/desk", "/desk/write", "/desk/drafts", "/desk/actions", "/desk/translate", "/desk/comments", "/desk/sorting"):
        desk.get(f"{wire.url}{path}")
    assert desk.get_log("browser") == []


def test_a_story_is_translated_and_signed_by_keys_alone(wire: RunningWire, desk: Chrome) -> None:
    item = sent(uri="urn:newsroom:translated", headline="Oslo opens a library", body_text="It has room for all who read.")
    with wire.client() as newsroom:
        story = newsroom.post("/v1/items", json=item).json()["accepted"][0]["story"]
    wire.eventually(lambda: "Oslo opens a library" in wire.titles(FEED))
    desk.get(f"{wire.url}/desk/translate/ar/{story}")
    first, second = desk.find_elements(By.NAME, "target")
    first.send_keys("أوسلو تفتح مكتبة", Keys.CONTROL, Keys.ARROW_DOWN)
    assert desk.switch_to.active_element == second
    second.send_keys(Keys.CONTROL, "0")
    assert second.get_attribute("value") == "It has room for all who read."
    second.clear()
    second.send_keys("فيها متسع لكل من يقرأ.")
    second.send_keys(Keys.CONTROL, Keys.ENTER)
    wire.eventually(lambda: "أوسلو تفتح مكتبة" in wire.titles("/ar/feeds/all.json"))
    assert "أوسلو" not in desk.find_element(By.TAG_NAME, "main").text


def test_a_story_is_sorted_by_one_click_and_its_feeds_move(wire: RunningWire, desk: Chrome) -> None:
    item = sent(uri="urn:sorted", headline="Late goal wins cup final", body_text="The striker's goal won the match.")
    with wire.client() as newsroom:
        story = newsroom.post("/v1/items", json=item).json()["accepted"][0]["story"]
    wire.eventually(lambda: "Late goal wins cup final" in wire.titles("/en/feeds/sport.json"))
    desk.get(f"{wire.url}/desk/stories/{story}")
    presses(desk, "Sport")
    wire.eventually(lambda: "Late goal wins cup final" not in wire.titles("/en/feeds/sport.json"))
    presses(desk, "Economy")
    wire.eventually(lambda: "Late goal wins cup final" in wire.titles("/en/feeds/economy.json"))
    assert desk.find_element(By.CSS_SELECTOR, "button[value=economy]").get_attribute("aria-pressed") == "true"
