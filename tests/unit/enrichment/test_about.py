"""What an item is about."""

from __future__ import annotations

from typing import Any

import pytest

from services.enrichment.about import About
from services.enrichment.about import about as say_about
from shared.contracts.finding import values_of
from shared.wire.config import DEFAULT_FILE, read_wire
from tests.support.factories import wire_item

WIRE = read_wire(DEFAULT_FILE)


def about(**fields: Any) -> About:
    return say_about(wire_item(**fields), WIRE)


@pytest.mark.parametrize(
    ("fields", "region"),
    [
        ({"located": "BEIRUT"}, "arab"),
        ({"located": "PORT SAID, Egypt"}, "arab"),
        ({"located": "القاهرة"}, "arab"),
        ({"located": "NAIROBI"}, "africa"),
        ({"place": [{"name": "Japan"}]}, "asia"),
        ({"place": [{"code": "DE"}]}, "europe"),
        ({"place": [{"name": "west-germany"}]}, "europe"),
        ({"place": [{"name": "Arab"}]}, "arab"),
        ({"headline": "U.S. Senate votes on the budget"}, "us"),
        ({"headline": "Kenya elects a parliament"}, "africa"),
        ({"headline": "وزير خارجية فرنسا يصل إلى بيروت"}, "europe"),
        ({"body_text": "Tokyo said so. Later, Japanese officials said more."}, "asia"),
    ],
)
def test_a_story_is_in_the_regions_of_its_places(fields: dict[str, Any], region: str) -> None:
    assert region in values_of(about(**{"headline": "It is so", "body_text": "It was said.", **fields}).regions)


def test_a_country_named_once_in_the_text_makes_no_region() -> None:
    assert about(headline="It is so", body_text="It was said, also in France, they told us.").regions == ()


@pytest.mark.parametrize(
    ("fields", "section"),
    [
        ({"subject": [{"code": "medtop:15000000"}]}, "sport"),
        ({"subject": [{"name": "Sport"}]}, "sport"),
        (
            {"headline": "OPEC raises crude oil output", "body_text": "Barrels of crude, said the oil minister."},
            "oil-energy",
        ),
        (
            {"headline": "Parliament votes on new government", "body_text": "The prime minister won the vote."},
            "politics",
        ),
        ({"headline": "Bank raises interest rates", "body_text": "Inflation and trade worry investors."}, "economy"),
        ({"headline": "Late goal wins cup final", "body_text": "The striker's goal won the match."}, "sport"),
        (
            {"headline": "Director's film wins festival award", "body_text": "The actress praised the film."},
            "entertainment",
        ),
        ({"headline": "النفط يرتفع بعد قرار أوبك", "body_text": "ارتفع سعر برميل النفط الخام."}, "oil-energy"),
    ],
)
def test_a_story_is_in_the_section_that_its_subjects_or_words_speak_for(fields: dict[str, Any], section: str) -> None:
    assert about(**fields).sections[0].value == section


def test_without_evidence_there_is_no_section() -> None:
    assert about(headline="A quiet day", body_text="Nothing much was seen.").sections == ()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The ministers met on Tuesday to discuss the new treaty on water.", "en"),
        ("اجتمع الوزراء يوم الثلاثاء لبحث المعاهدة الجديدة بشأن المياه.", "ar"),
        ("Les ministres se sont réunis mardi pour discuter du nouveau traité.", "fr"),
        ("وزیران روز سه‌شنبه برای گفتگو درباره پیمان تازه آب گرد هم آمدند.", "fa"),
    ],
)
def test_the_language_is_found_where_it_is_not_said(text: str, language: str) -> None:
    assert about(language="", headline=text, body_text=text).language == language


def test_what_the_sender_says_of_the_language_stands() -> None:
    assert about(language="en-GB", headline="قمة", body_text="نص").language == "en-GB"


def test_keywords_and_subjects_are_tags() -> None:
    assert about(keywords=["OPEC"], subject=[{"name": "crude oil"}, {"code": "x"}]).tags == ("OPEC", "crude oil")


@pytest.mark.parametrize(
    ("fields", "countries"),
    [
        # by the provider, then the dateline, then the headline, then what is named twice
        ({"place": [{"code": "DE"}, {"name": "Japan"}]}, ("DE", "JP")),
        ({"place": [{"code": "iso3166-1a2:FR"}]}, ("FR",)),
        ({"place": [{"name": "Nowhere at all"}]}, ()),
        ({"place": [{"code": "EG"}], "located": "BEIRUT", "headline": "Iraq says so"}, ("EG", "LB", "IQ")),
        ({"place": [{"code": "EG"}], "headline": "Egypt says so"}, ("EG",)),
        ({"headline": "Give us more"}, ()),  # a pronoun
        ({"headline": "US says so"}, ("US",)),
        ({"headline": "Gaza talks"}, ("PS",)),
        ({"headline": "Guinea-Bissau votes"}, ("GW",)),  # the longer name
        ({"headline": "Nigerian votes"}, ("NG",)),
        ({"headline": "Oman votes; the Romans do not"}, ("OM",)),  # whole words
        ({"headline": "وبمصر اتفاق"}, ("EG",)),  # a conjunction and a preposition in front
        ({"headline": "ببمصر اتفاق"}, ()),  # not two prepositions
        ({"headline": "اتفاق بمصر"}, ("EG",)),
        ({"body_text": "Japan and Italy. Italy again."}, ("IT",)),
    ],
)
def test_the_countries_of_a_text_the_surest_first(fields: dict[str, Any], countries: tuple[str, ...]) -> None:
    assert values_of(about(**{"headline": "It is so", "body_text": "It was said.", **fields}).countries) == countries


@pytest.mark.parametrize(
    ("headline", "text", "sections"),
    [
        ("Oil", "", ("oil-energy",)),
        ("A quiet day", "Oil.", ()),  # once in the text is no evidence
        ("A quiet day", "Oil, oil, oil, oil.", ()),  # nor is one word, however often
    ],
)
def test_a_section_needs_several_words(headline: str, text: str, sections: tuple[str, ...]) -> None:
    assert values_of(about(headline=headline, body_text=text or "It was said.").sections) == sections
