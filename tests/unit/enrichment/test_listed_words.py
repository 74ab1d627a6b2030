"""Words that a wire's file lists, as newspapers write them."""

from __future__ import annotations

import time

import pytest

from services.enrichment.listed_words import TOKEN, ListedWords

LISTS = {
    "energy": ["oil", "crude oil", "oil price", "natural gas", "gas", "refinery", "energy", "نفط", "الطاقة الشمسية", "مصفاة"],
    "economy": ["palm oil", "stock exchange", "bank", "tax", "شركة", "سهم", "أسهم"],
    "politics": ["prime minister", "minister", "وزير", "مجلس الأمن", "مفاوضات"],
    "none": ["tear gas", "bank"],
}


def found(text: str) -> list[str]:
    listed = ListedWords(LISTS)
    tokens = tuple(TOKEN.findall(text.lower()))
    return [" ".join(tokens[start:end]) for _, start, end in listed.matches(tokens)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Oil prices rise", ["oil prices"]),  # the longer phrase, a plural
        ("Taxes, refineries and banks", ["taxes", "refineries", "banks"]),
        ("The oil, price and all", ["oil"]),  # a phrase does not go beyond a comma
        ("Crude-oil", ["crude oil"]),
        ("boiling toil", []),  # whole words
        ("OIL", ["oil"]),
        ("النفط", ["النفط"]),
        ("والنفط بالنفط للنفط ونفط", ["والنفط", "بالنفط", "للنفط", "ونفط"]),
        ("النفطي", ["النفطي"]),
        ("بالطاقة الشمسية", ["بالطاقة الشمسية"]),
        ("الشركات وأسهمها", ["الشركات", "وأسهمها"]),
        ("وزير الوزير والوزير لوزير", ["وزير", "الوزير", "والوزير", "لوزير"]),
        ("مُفاوَضات", ["مُفاوَضات"]),  # vowel signs
        ("اسهم أسهم", ["اسهم", "أسهم"]),  # with and without hamza
        ("مجلس الأمن", ["مجلس الأمن"]),
        ("", []),
    ],
)
def test_words_are_found_with_what_is_joined_to_them(text: str, words: list[str]) -> None:
    assert found(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Murphy Oil Corp pays", []),
        ("Numac Oil <NMC> pays", []),
        ("Numac Oil and Gas Ltd pays", []),
        ("Baltimore Gas and Electric <BGE> pays", []),
        ("Houston Oil Royalty Trust pays", []),
        ("Numac Oil pays. Numac Oil Ltd said so of oil", ["oil"]),  # the name again, and the thing
        ("Oil companies pay", ["oil"]),
        ("It buys oil, Exxon Corp said", ["oil"]),
    ],
)
def test_a_companys_name_says_nothing_of_the_story(text: str, words: list[str]) -> None:
    assert found(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Palm oil falls. Oil from Malaysia", ["palm oil"]),
        ("Police use tear gas; the gas was seen", ["tear gas"]),
        ("Crude oil and palm oil fall with oil", ["crude oil", "palm oil", "oil"]),  # one for, one against
        ("Natural gas and gas", ["natural gas", "gas"]),
    ],
)
def test_a_word_stands_for_the_phrase_that_the_text_has(text: str, words: list[str]) -> None:
    assert found(text) == words


def test_a_word_of_two_lists_is_of_both() -> None:
    listed = ListedWords(LISTS)
    (phrase, _, _) = listed.matches(("bank",))[0]
    assert listed.listed_by[phrase] == ("economy", "none")


@pytest.mark.parametrize("text", ["oil ", "crude ", "natural gas corp ", "وال", "palm oil ", "a b ", "oil and "])
def test_reading_takes_time_in_proportion(text: str) -> None:
    listed = ListedWords(LISTS)
    times = []
    for size in (20_000, 80_000):
        tokens = tuple(TOKEN.findall(text * (size // len(text))))
        began = time.process_time()
        listed.matches(tokens)
        times.append(time.process_time() - began)
    assert times[1] < 9 * max(times[0], 0.004)
