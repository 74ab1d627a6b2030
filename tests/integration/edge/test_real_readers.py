"""A story's life through programs that people read with: what their user sees, not what the standards say."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from services.edge.feeds.documents import documents
from services.rendering import stages
from shared.settings import settings
from shared.wire.config import wire
from tests.support.house import House
from tests.support.loopback import edge_running, free_port
from tests.support.reading import eventually
from tests.support.real_readers import READERS, RealReader, Shown

TICKERS = "Aetna Casualty of Canada went to <LGC.TO> & partners"
FIRST, SECOND, THIRD, FOURTH, FIFTH = "First & foremost <C>", "Second", "Third", "Fourth", "Fifth"
ARABIC = "اتفاق الوزراء على الإنتاج"


@pytest.fixture
def wire_url(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The edge at an address that readers can open, on a wire that says corrections as entries of their own too."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    monkeypatch.setenv("BARQ_PUBLIC_URL", url)
    monkeypatch.setenv("BARQ_FEED_FETCHES_PER_MINUTE", "0")
    settings.cache_clear()
    talkative = wire().model_copy(update={"correction_advisories": True})
    monkeypatch.setattr(stages, "wire", lambda: talkative)
    documents.forget()
    with edge_running(port):
        yield url
    settings.cache_clear()


def is_served(url: str, *words: str) -> None:
    """Wait until every feed has these words."""
    for edition, word in zip(("en", "ar"), words, strict=False):
        for form in ("rss", "atom", "json"):
            eventually(lambda e=edition, f=form, w=word: w in httpx.get(f"{url}/{e}/feeds/all.{f}").text)  # type: ignore[misc]


def titles(shown: list[Shown]) -> list[str]:
    """As their user reads them: some readers keep HTML, some text."""
    return [" ".join(html.unescape(one.title).split()) for one in shown]


def looks(readers: list[RealReader], url: str, folder: Path) -> dict[str, dict[str, list[Shown]]]:
    """All of them poll; by program, and by edition and format."""

    def look(reader: RealReader) -> dict[str, list[Shown]]:
        own = folder / reader.name
        own.mkdir(exist_ok=True)
        return reader.look(own, {f"{e}-{form}": f"{url}/{e}/feeds/all.{form}" for e in ("en", "ar") for form in reader.forms})

    with ThreadPoolExecutor(4) as pool:
        return dict(zip((reader.name for reader in readers), pool.map(look, readers), strict=True))


def test_readers_show_every_story_its_own_page_its_correction_and_its_kill(
    house: House, wire_url: str, tmp_path: Path, subtests: pytest.Subtests
) -> None:
    readers = [reader for reader in READERS if not reader.lacks()]
    for missing in [reader for reader in READERS if reader.lacks()]:
        with subtests.test(missing.name):
            pytest.skip(f"needs {missing.lacks()}")

    story = house.pushes(uri="urn:1", headline=FIRST, byline="Rana Haddad", body_text=TICKERS, description_text=TICKERS)["story"]
    house.pushes(uri="urn:2", headline=SECOND, body_text="It cost 3 billion.")
    house.pushes(uri="urn:3", headline=THIRD, body_text="Zyxwvut.")
    house.works()
    house.translates(story, headline=ARABIC)
    house.works()
    is_served(wire_url, FIRST.split()[0], ARABIC)
    for reader, shown in looks(readers, wire_url, tmp_path).items():
        for name, entries in shown.items():
            with subtests.test("first look", reader=reader, feed=name):
                check_first_look(reader, name[:2], entries, wire_url)

    house.pushes(uri="urn:2", version=2, headline=f"{SECOND} mended", body_text="It cost 2 billion.", signal="correction")
    house.pushes(uri="urn:3", version=2, pubstatus="canceled")
    house.pushes(uri="urn:4", headline=FOURTH)
    house.works()
    is_served(wire_url, FOURTH)
    is_served(wire_url, "KILL ADVISORY")
    keeping = {reader.name for reader in readers if reader.keeps_what_it_has}
    for reader, shown in looks(readers, wire_url, tmp_path).items():
        for name in [name for name in shown if name.startswith("en")]:
            with subtests.test("after correction and kill", reader=reader, feed=name):
                check_what_changed(shown[name], keeps_what_it_has=reader in keeping)

    house.pushes(uri="urn:5", headline=FIFTH)
    house.works()
    is_served(wire_url, FIFTH)
    for reader, shown in looks(readers, wire_url, tmp_path).items():
        for name in [name for name in shown if name.startswith("en")]:
            with subtests.test("no reader is deaf after its first look", reader=reader, feed=name):
                assert (titles(shown[name]).count(FIFTH), titles(shown[name]).count(FIRST)) == (1, 1)


def check_first_look(reader: str, edition: str, shown: list[Shown], url: str) -> None:
    """Titles, own pages, people, and words that look like tags."""
    assert sorted(titles(shown)) == sorted({"en": [FIRST, SECOND, THIRD], "ar": [ARABIC]}[edition])
    assert {one.link.startswith(f"{url}/{edition}/stories/") for one in shown} == {True}
    if edition == "en":
        (first,) = [one for one in shown if titles([one]) == [FIRST]]
        assert "Rana Haddad" in first.author or reader == "rss2email"  # it names its own sender
        assert "<LGC.TO> & partners" in html.unescape(re.sub(r"</?(?!LGC)[^<>]*>", " ", first.text))


def check_what_changed(shown: list[Shown], *, keeps_what_it_has: bool) -> None:
    """The correction and the kill are seen, in place where a reader looks again at what it has."""
    seen = titles(shown)
    assert FOURTH in seen
    assert [title for title in seen if title.startswith("KILL ADVISORY")]
    assert f"Correction: {SECOND} mended" in seen
    if not keeps_what_it_has:
        assert f"{SECOND} mended" in seen
        assert THIRD not in seen
        assert "Zyxwvut" not in str(shown)
