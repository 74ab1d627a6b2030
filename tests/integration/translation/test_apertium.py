"""A Spanish edition by configuration alone, translated by the real Apertium."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import feedparser
import pytest

from services.translation.engines.apertium import Apertium
from services.translation.engines.protocol import EngineError
from shared.language.detection import language_of
from shared.language.markup import plain_text
from shared.wire.config import DEFAULT_FILE
from tests.support.house import House
from tests.support.loopback import use_wire_file
from tests.support.reading import entries_of

SAMPLES = Path(__file__).parents[3] / "samples"

pytestmark = pytest.mark.skipif(not shutil.which("apertium"), reason="needs Apertium: apt-get install apertium apertium-eng-spa")


def test_mark_up_signs_and_numbers_stay_and_the_words_are_another_languages() -> None:
    texts = [
        "Ministers agree on 5.5% &amp; more",
        'The minister <strong id="1">agreed</strong> with <a id="2">the company</a> &lt;today&gt;.',
        '12 houses at <img id="1">',
    ]
    told = Apertium(timeout_s=30).translate(texts, source="en", target="es", terms=())
    assert "5.5% &amp; " in told[0]
    assert all(one != text for one, text in zip(told, texts, strict=True))
    assert [re.findall(r"<[^>]+>", one) for one in told] == [re.findall(r"<[^>]+>", text) for text in texts]
    assert "&lt;hoy&gt;" in told[1]
    assert "12 casas" in told[2]


def test_a_pair_that_is_not_there_is_said_with_what_to_install() -> None:
    with pytest.raises(EngineError, match="no pair eng-jpn here: install its package"):
        Apertium(timeout_s=30).translate(["x"], source="en", target="jpn", terms=())


def test_every_sample_is_in_the_spanish_edition_and_says_that_a_machine_wrote_it(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = DEFAULT_FILE.read_text(encoding="utf-8") + '\n[editions.es]\ntitle = "Barq Noticias"\nengine = "apertium"\n'
    use_wire_file(source, tmp_path, monkeypatch)
    samples = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(SAMPLES.glob("*.json"))]
    items = [
        sample
        for sample in samples
        if sample.get("language") == "en" and sample.get("version") in (1, "1") and not {"embargoed"} & set(sample)
    ]
    assert len(items) >= 8
    for item in items:
        house.pushes(**{"body_text": None, **item})
    house.works()
    titles = entries_of(house.document("all", "rss", "es"), "rss")
    assert len(titles) == len(items)
    for entry in json.loads(house.document("all", "json", "es"))["items"]:
        assert language_of(plain_text(entry["content_html"]), ("en", "es")) == "es"
        assert "Traducción automática" in entry["content_html"]
    assert {row.method for row in house.rows("SELECT method FROM translations WHERE edition = 'es'")} == {"machine"}
    assert {row.translator for row in house.rows("SELECT translator FROM translations")} == {"apertium"}


_CITIES = ("Amman", "Vienna", "Lagos", "Lima", "Oslo")
_WIRE = (
    ("Price of {good} rises in {city}", "The price of {good} rose by {n} percent to {m} dollars a tonne in {city} on Monday."),
    ("{city} opens {n} schools", "The city of {city} opened {n} new schools for {m} children, the minister said."),
    ("Storm closes the port of {city}", "A storm closed the port of {city} for {n} hours and damaged {m} houses."),
    ("{city} team wins the final", "The team from {city} won the final in front of {m} people after {n} defeats."),
    ("Talks in {city} last {n} days", "The talks in {city} lasted {n} days and ended without an agreement on {m} points."),
    ("Company buys {n} hotels in {city}", "The company bought {n} hotels in {city} for {m} million dollars."),
    ("Doctors in {city} end their strike", "Doctors in {city} ended a strike of {n} days after {m} of them signed contracts."),
    ("Museum in {city} shows {m} pictures", "The museum in {city} shows {m} pictures that nobody saw for {n} years."),
    ("Farmers near {city} need water", "Farmers near {city} lost {n} percent of the {good} as it did not rain for {m} days."),
    ("Bridge in {city} costs {m} million", "The new bridge in {city} costs {m} million dollars and will open in {n} months."),
)


def twenty_stories() -> list[dict[str, Any]]:
    """Ten kinds of news from five cities, no sentence of which is another's."""
    stories = []
    for number, (city, (headline, text)) in enumerate(((city, kind) for city in _CITIES for kind in _WIRE), start=1):
        said = {"city": city, "n": number + 12, "m": number * 7 + 100, "good": ("wheat", "rice", "cotton")[number % 3]}
        body = f"{text.format(**said)}\n\nIt was the {number + 40}th such day in {city} this year, people there said."
        stories.append({"uri": f"urn:newsroom:{number}", "headline": headline.format(**said), "body_text": body})
    return stories[:20]


def test_twenty_stories_are_published_in_spanish_within_3_s_each_and_their_feed_is_whole(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # an engine that takes longer than 3 s for a story has no answer here
    engine = '\n[engines.apertium]\nkind = "apertium"\ntimeout_s = 3\n'
    edition = '\n[editions.es]\ntitle = "Barq Noticias"\nengines = ["apertium"]\n'
    source = DEFAULT_FILE.read_text(encoding="utf-8") + engine + edition
    use_wire_file(source, tmp_path, monkeypatch)
    for story in twenty_stories():
        house.pushes(**story)
    house.works()
    rows = house.rows("SELECT * FROM translations WHERE edition = 'es'")
    assert [(row.headline, row.segments) for row in rows if row.state != "ready"] == []
    assert len(rows) == 20
    for form in ("rss", "atom", "json"):
        assert len(entries_of(house.document("all", form, "es"), form)) == 20
    assert feedparser.parse(house.document("all", "rss", "es")).bozo == 0
