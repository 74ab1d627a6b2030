"""A story's tags."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.enrichment.entities import Entities, entities_of
from services.enrichment.tags import LONGEST_TAG, MOST, respelt, spelling_of, tag_key, tags_of
from shared.contracts.finding import Finding
from tests.support.factories import wire_item


def tags(text: str = "", known: dict[str, str] | None = None, **fields: Any) -> tuple[str, ...]:
    item = wire_item(**fields)
    return respelt(tags_of(item, entities_of("", text)), item, known or {})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("OPEC", "opec"),
        ("U.N.", "UN"),
        ("Acme Inc.", "Acme Inc"),
        ("crude-oil", "Crude  oil"),
        ("الأمم المتحدة", "الامم المتحده"),
        ("مُحَمَّد", "محمد"),
        ("مستشفى", "مستشفي"),
        ("ســـلام", "سلام"),
    ],
)
def test_one_tag_has_one_key_however_it_is_spelt(one: str, other: str) -> None:
    assert tag_key(one) == tag_key(other)


@pytest.mark.parametrize(("one", "other"), [("bond", "bonds"), ("oil", "oil prices"), ("C", "C++"), ("3.5", "35")])
def test_two_tags_have_two_keys(one: str, other: str) -> None:
    assert tag_key(one) != tag_key(other)


def test_the_senders_words_stand_first_in_their_order() -> None:
    found = tags("President Brandt met OPEC.", keywords=["zinc", "Acme"], subject=[{"name": "mining"}])
    assert found == ("zinc", "Acme", "mining", "Brandt", "OPEC")


def test_where_the_sender_gives_enough_nothing_is_added() -> None:
    words = ["one", "two", "three", "four", "five"]
    assert tags("President Brandt met OPEC.", keywords=words) == tuple(words)


def test_none_of_the_senders_words_is_dropped() -> None:
    words = [f"word {number}" for number in range(30)]
    assert tags(keywords=words) == tuple(words)


def test_a_word_that_the_sender_spells_in_two_ways_is_one_tag() -> None:
    assert tags(keywords=["OPEC", "Opec", "crude oil"], subject=[{"name": "Crude-Oil"}]) == ("OPEC", "crude oil")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It paid 5 mln dlrs and 3%.", ()),  # an amount is no tag
        ("Oakes Holdings Ltd fell.", ("Oakes Holdings",)),  # as it is spoken of
        ("The U.N. met; the United Nations agreed.", ("U.N.",)),  # one body by two names
        ("The IMF met Walter Brandt, 50, on the price of wheat.", ("Walter Brandt", "IMF", "wheat")),
    ],
)
def test_what_the_story_names_becomes_a_tag(text: str, found: tuple[str, ...]) -> None:
    assert tags(text) == found


@pytest.mark.parametrize(
    ("keywords", "text"),
    [
        (["oil"], "Crude oil prices fell; crude was cheap."),
        (["Brandt"], "Walter Brandt, 50, spoke."),
        (["Oakes"], "Oakes Holdings Inc fell."),
        (["United Nations"], "The U.N. met."),
    ],
)
def test_what_a_tag_says_already_is_no_other_tag(keywords: list[str], text: str) -> None:
    assert tags(text, keywords=keywords) == tuple(keywords)


def test_who_sent_a_story_is_no_tag_of_it() -> None:
    item = wire_item(provider="Acme Inc", keywords=["oil"])
    entities = Entities(companies=tuple(Finding(name, "text") for name in ("Acme Inc", "Our Agency Ltd", "Oakes Inc")))
    found = tags_of(item.model_copy(update={"provider": item.provider.model_copy(update={"name": "Acme Inc"})}), entities,
                    never=["Our Agency Ltd", "Our Agency"])  # fmt: skip
    assert found == ("oil", "Oakes")


def test_what_is_unsure_too_long_or_no_word_is_no_tag() -> None:
    people = (
        Finding("Walter Brandt", "text", 0.5),
        Finding("A" * (LONGEST_TAG + 1), "text"),
        Finding("X", "text"),
        Finding("3 B", "text"),
    )
    assert tags_of(wire_item(), Entities(people=people)) == ()


def test_a_tag_is_spelt_as_it_was_before() -> None:
    assert tags("President Brandt met OPEC.", known={"opec": "Opec", "brandt": "Brandt"}) == ("Brandt", "Opec")


def test_a_senders_own_word_keeps_the_words_that_a_feed_asks_for() -> None:
    known = {"opec": "OPEC", "un": "UN"}
    assert tags(known=known, keywords=["Opec", "U.N."]) == ("OPEC", "U.N.")


@pytest.mark.parametrize(
    ("spellings", "best"),
    [
        (["opec", "OPEC", "Opec"], "OPEC"),
        (["oil prices", "OIL PRICES", "Oil prices"], "Oil prices"),
        (["OIL PRICES", "oil prices"], "OIL PRICES"),
        (["EGYPT", "Egypt"], "Egypt"),
        (["النفط", "النّفط"], "النفط"),
        (["lng", "LNG"], "LNG"),
    ],
)
def test_the_best_of_several_spellings(spellings: list[str], best: str) -> None:
    assert spelling_of(spellings) == best


WORDS = st.sampled_from(
    ["OPEC", "Opec", "U.N.", "UN", "oil", "Oil", "crude-oil", "crude oil", "نفط", "الأمم", "الامم", ".", "5", "Acme"]
)
TEXTS = st.lists(
    st.sampled_from(["President Brandt", "OPEC", "Acme Inc", "Oakes Ltd", "the U.N.", "wheat prices", "5 pct", "said", "."]),
    max_size=30,
).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(keywords=st.lists(WORDS, max_size=12), text=TEXTS)
def test_no_tag_stands_twice_and_there_are_not_too_many(keywords: list[str], text: str) -> None:
    found = tags(text, keywords=keywords)
    keys = [tag_key(tag) for tag in found]
    assert len(set(keys)) == len(keys)
    assert len(found) <= max(MOST, len(keywords))
    assert {tag_key(word) for word in keywords} <= set(keys)
    own = len({tag_key(word) for word in keywords})
    assert all(len(tag) <= LONGEST_TAG and len(tag) > 1 and not tag[0].isdigit() for tag in found[own:])
