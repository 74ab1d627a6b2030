"""A story's life through programs that people read with: what their user sees, not what the standards say."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
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

#: what each reader sees at the same moments: by its name
Looks = dict[str, list[dict[str, list[Shown]]]]


@pytest.fixture(params=READERS, ids=lambda reader: reader.name)
def reader(request: pytest.FixtureRequest) -> RealReader:
    known: RealReader = request.param
    if missing := known.lacks():
        pytest.skip(f"needs {missing}")
    return known


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


def test_a_reader_shows_every_story_its_own_page_its_correction_and_its_kill(
    house: House, wire_url: str, reader: RealReader, tmp_path: Path
) -> None:
    story = house.pushes(uri="urn:1", headline=FIRST, byline="Rana Haddad", body_text=TICKERS, description_text=TICKERS)["story"]
    house.pushes(uri="urn:2", headline=SECOND, body_text="It cost 3 billion.")
    house.pushes(uri="urn:3", headline=THIRD, body_text="Zyxwvut.")
    house.works()
    house.translates(story, headline=ARABIC)
    house.works()
    is_served(wire_url, FIRST.split()[0], ARABIC)
    feeds = {f"{e}-{form}": f"{wire_url}/{e}/feeds/all.{form}" for e in ("en", "ar") for form in reader.forms}

    for name, shown in reader.look(tmp_path, feeds).items():
        edition = name[:2]
        assert sorted(titles(shown)) == sorted({"en": [FIRST, SECOND, THIRD], "ar": [ARABIC]}[edition]), name
        assert {one.link.startswith(f"{wire_url}/{edition}/stories/") for one in shown} == {True}, name
        if edition == "en":
            (first,) = [one for one in shown if titles([one]) == [FIRST]]
            assert "Rana Haddad" in first.author or reader.name == "rss2email", name  # it names its own sender
            assert "<LGC.TO> & partners" in html.unescape(re.sub(r"</?(?!LGC)[^<>]*>", " ", first.text)), name

    house.pushes(uri="urn:2", version=2, headline=f"{SECOND} mended", body_text="It cost 2 billion.", signal="correction")
    house.pushes(uri="urn:3", version=2, pubstatus="canceled")
    house.pushes(uri="urn:4", headline=FOURTH)
    house.works()
    is_served(wire_url, FOURTH)
    is_served(wire_url, "KILL ADVISORY")
    for name, shown in reader.look(tmp_path, feeds).items():
        if name.startswith("en"):
            seen = titles(shown)
            assert FOURTH in seen, name
            assert [title for title in seen if title.startswith("KILL ADVISORY")], name
            assert f"Correction: {SECOND} mended" in seen, name
            if not reader.keeps_what_it_has:
                assert f"{SECOND} mended" in seen, name
                assert THIRD not in seen, name
                assert "Zyxwvut" not in str(shown), name

    house.pushes(uri="urn:5", headline=FIFTH)
    house.works()
    is_served(wire_url, FIFTH)
    for name, shown in reader.look(tmp_path, feeds).items():
        if name.startswith("en"):
            assert titles(shown).count(FIFTH) == 1, name
            assert titles(shown).count(FIRST) == 1, name
