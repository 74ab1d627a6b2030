"""The newsroom's file: read, or refused with the line that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.errors import ConfigurationError
from shared.wire.config import DEFAULT_FILE, in_language, read_wire

SMALL = """
[agency]
code = "XY"
name = { en = "Xyz" }
domain = "xyz.example"

[editions.en]
title = "Xyz"

[regions.asia]
name = { en = "Asia" }
countries = ["JP"]
"""


def read(tmp_path: Path, source: str):  # type: ignore[no-untyped-def]
    path = tmp_path / "wire.toml"
    path.write_text(source, encoding="utf-8")
    return read_wire(path)


def test_the_wire_that_ships_has_the_editions_regions_and_sections_of_a_middle_east_wire() -> None:
    wire = read_wire(DEFAULT_FILE)
    assert list(wire.editions) == ["en", "ar"]
    assert list(wire.regions) == ["us", "europe", "arab", "asia", "africa"]
    assert list(wire.sections) == ["politics", "economy", "oil-energy", "entertainment", "sport"]
    assert wire.feed_title("oil-energy", "ar") == "نفط وطاقة"


def test_every_country_of_the_wire_is_in_one_region_only() -> None:
    wire = read_wire(DEFAULT_FILE)
    countries = [code for region in wire.regions.values() for code in region.countries]
    assert len(countries) == len(set(countries))


@pytest.mark.parametrize(
    ("right", "wrong", "complaint"),
    [
        ('code = "XY"', 'code = "xy"', ":3: agency.code"),
        ('title = "Xyz"', 'title = "Xyz"\ndirection = "up"', ":9: editions.en.direction"),
        ('countries = ["JP"]', 'countries = ["Japan"]', ":12: regions.asia.countries.0"),
        ("[editions.en]", "[editions.qq]", "no language tag that CLDR knows"),
        ("[regions.asia]", "[regions.all]", "the name 'all' is taken"),
        ('domain = "xyz.example"', 'domain = "xyz.example"\ncolour = "red"', ":6: agency.colour"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, right: str, wrong: str, complaint: str) -> None:
    with pytest.raises(ConfigurationError) as told:
        read(tmp_path, SMALL.replace(right, wrong))
    assert complaint in str(told.value)
    assert "wire.toml" in str(told.value)


def test_a_file_that_is_no_toml_or_not_there_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="not valid TOML"):
        read(tmp_path, "[agency")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_wire(tmp_path / "nowhere.toml")


def test_a_text_of_a_british_newsroom_belongs_to_the_english_edition(tmp_path: Path) -> None:
    wire = read(tmp_path, SMALL)
    assert (wire.edition_of("en-GB"), wire.edition_of("EN"), wire.edition_of("fr")) == ("en", "en", None)


def test_a_provider_is_known_by_key_code_or_any_of_its_names() -> None:
    wire = read_wire(DEFAULT_FILE)
    for name, code in (("Levant Press Agency", ""), ("وكالة المشرق للصحافة", ""), ("", "17"), ("LEVANT", "")):
        row = wire.provider(name, code)
        assert row is not None
        assert row.code == 17
    assert wire.provider("Somebody Else", "") is None


def test_a_text_that_an_edition_lacks_is_shown_in_another_language() -> None:
    assert in_language({"en": "Sport"}, "ar") == "Sport"
    assert in_language({"en": "Sport", "ar": "رياضة"}, "ar-EG") == "رياضة"


def test_a_newsroom_names_its_own_feeds(tmp_path: Path) -> None:
    wire = read(tmp_path, SMALL + '\n[feeds.japan-oil]\nname.en = "Japan oil"\nfilter = { region = ["asia"], words = ["oil"] }\n')
    assert wire.feed_names() == ("all", "asia", "japan-oil")
    assert wire.feed_title("japan-oil", "en") == "Japan oil"


@pytest.mark.parametrize(
    ("feed", "says"),
    [
        ('[feeds.x]\nname.en = "X"\nfilter = { region = ["mars"] }', "mars"),
        ('[feeds.x]\nname.en = "X"\nfilter = { any = [{ not = { section = ["mars"] } }] }', "mars"),
        ('[feeds.asia]\nname.en = "X"\nfilter = {}', "taken"),
        ('[feeds.x]\nname.en = "X"\nfilter = { colour = ["blue"] }', "colour"),
    ],
)
def test_a_feed_that_asks_for_what_is_not_there_is_told(tmp_path: Path, feed: str, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        read(tmp_path, f"{SMALL}\n{feed}\n")


X = '[sections.x]\nname = { en = "X" }\n'


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (X + 'descriptions = ["a"]', "at least 3 characters"),
        (X + f"descriptions = ['{'a' * 401}']", "at most 400 characters"),
        (X + f"descriptions = {['abc'] * 61}", "at most 60 items"),
        (X + 'words = [""]', "at least 1 character"),
        (X + f"words = ['{'a' * 81}']", "at most 80 characters"),
        (f"[no_section]\nwords = {['abc'] * 2001}", "at most 2000 items"),
        ('[no_section]\nname = { en = "X" }', "Extra inputs are not permitted"),
    ],
)
def test_words_and_descriptions_have_bounds(tmp_path: Path, rows: str, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says) as refused:
        read(tmp_path, f"{SMALL}\n{rows}")
    assert "wire.toml:" in str(refused.value)


def test_a_section_says_what_it_is_in_sentences_and_words(tmp_path: Path) -> None:
    rows = '[sections.x]\nname = { en = "X" }\ndescriptions = ["What it is"]\n[no_section]\nwords = ["weather"]'
    wire = read(tmp_path, f"{SMALL}\n{rows}")
    assert wire.sections["x"].descriptions == ("What it is",)
    assert wire.no_section.words == ("weather",)
    assert read(tmp_path, SMALL).no_section.descriptions == ()
