"""Of what stands in several languages side by side, the item's own is meant."""

from __future__ import annotations

import pytest

from services.ingest.formats.alternatives import in_language, language_of, languages_of, likeness, words_of
from services.ingest.formats.xml import child, children, parse_xml

XML = """<item xml:lang="en"><title xml:lang="ar">Ar</title><title xml:lang="en-GB">Gb</title><title>Own</title>
<group lang="fr"><title/></group><note/></item>"""
ITEM = parse_xml(XML.encode())


@pytest.mark.parametrize(
    ("language", "wanted", "rank"),
    [
        ("en", "en", 3), ("en_GB", "en-gb", 3), ("en-US", "en-GB", 2), ("en", "en-GB", 2), ("", "en", 1), ("en", "", 1),
        ("", "", 1), ("ar", "en", 0), ("eng", "en", 0),
    ],
)  # fmt: skip
def test_languages_are_alike_by_tag_then_by_language(language: str, wanted: str, rank: int) -> None:
    assert likeness(language, wanted) == rank


def test_an_element_has_its_own_language_or_the_nearest_around_it() -> None:
    assert [language_of(title) for title in children(ITEM, "title")] == ["ar", "en-GB", "en"]
    assert language_of(child(ITEM, "group", "title")) == "fr"
    assert language_of(parse_xml(b"<item/>")) == ""
    assert language_of(None) == ""


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ar", ["Ar"]),
        ("en", ["Own"]),
        ("en-GB", ["Gb"]),
        ("en-US", ["Gb", "Own"]),
        ("", ["Ar", "Gb", "Own"]),
        ("de", ["Ar", "Gb", "Own"]),
    ],
)
def test_the_best_answer_is_taken_and_all_where_nothing_tells_them_apart(language: str, words: list[str]) -> None:
    assert [title.text for title in in_language(children(ITEM, "title"), language)] == words


@pytest.mark.parametrize(("language", "words"), [("ar", "Ar"), ("en", "Own"), ("de", "Ar"), ("", "Ar")])
def test_words_are_those_of_the_first_that_is_meant(language: str, words: str) -> None:
    assert words_of(ITEM, "title", language) == words


def test_of_nothing_nothing_is_taken() -> None:
    assert in_language([], "en") == []
    assert words_of(None, "title", "en") == ""
    assert words_of(ITEM, "note", "en") == ""


def test_languages_are_named_once_in_their_order() -> None:
    assert languages_of([*children(ITEM, "title"), *children(ITEM, "title")]) == "ar, en-GB, en"
    assert languages_of([parse_xml(b'<a rendition="rnd:main"/>'), parse_xml(b"<a/>")]) == "rnd:main, no language"
