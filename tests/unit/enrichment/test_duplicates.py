"""Which texts are taken for the same."""

from __future__ import annotations

import pytest

from services.enrichment.duplicates import Fingerprint, fingerprint_of, likeness
from shared.contracts.item import WireItem

TEXT = (
    "Ministers from eight countries agreed on Sunday to raise output by 180,000 barrels a day from June, and said that they "
    "would meet again in Vienna before the end of the summer to see what the market had made of it. Prices fell by two percent."
)


def marks(one: str, other: str) -> tuple[Fingerprint, Fingerprint]:
    first, second = (fingerprint_of(WireItem(uri="urn:x", headline="H", body_html=f"<p>{text}</p>")) for text in (one, other))
    assert first
    assert second
    return first, second


def alike(one: str, other: str) -> float | None:
    return likeness(*(mark.sketch for mark in marks(one, other)))


def are_the_same(one: str, other: str) -> bool:
    first, second = marks(one, other)
    return first.text_hash == second.text_hash


def test_the_same_text_under_another_credit_is_the_same() -> None:
    assert are_the_same(TEXT, f"(Levant) - {TEXT}")
    assert are_the_same(TEXT, TEXT.replace(" ", "  ").upper())


@pytest.mark.parametrize(
    ("was", "is_now"),
    [("180,000", "181,000"), ("180,000", "180.000"), ("two percent", "-2%"), ("Sunday", "Monday"), ("180,000", "$180,000")],
)
def test_a_text_with_another_figure_or_word_is_never_the_same(was: str, is_now: str) -> None:
    assert not are_the_same(TEXT, TEXT.replace(was, is_now))


def test_a_figure_with_another_sign_or_unit_is_another() -> None:
    assert not are_the_same(TEXT.replace("two percent", "2%"), TEXT.replace("two percent", "-2%"))
    assert not are_the_same(TEXT.replace("two percent", "2%"), TEXT.replace("two percent", "2"))


def test_a_story_that_was_written_on_is_alike_and_not_the_same() -> None:
    more = " Analysts in London had expected more, they said on Monday, and pointed to stocks in the United States."
    assert alike(TEXT, TEXT + more) == pytest.approx(1, abs=0.1)  # all of the shorter is in the longer
    assert not are_the_same(TEXT, TEXT + more)


def test_another_story_of_the_same_subject_is_neither() -> None:
    other = TEXT.replace("eight", "nine").replace("Sunday", "Monday").replace("Vienna", "Riyadh").replace("fell", "rose")
    assert alike(TEXT, f"Traders waited for word from the ministers. {other.split(',')[1]}, and nothing else was known.") is None


@pytest.mark.parametrize(
    ("headline", "body", "is_compared"),
    [
        ("Minister resigns", "He was ill.", True),
        ("Minister resigns today", "", True),
        ("Urgent", "More follows", True),
        ("Urgent", "", False),
        ("More follows", "", False),
        ("首相辞任", "", True),
        ("", "", False),
    ],
)
def test_a_few_words_are_the_same_or_not_and_like_none(headline: str, body: str, is_compared: bool) -> None:
    mark = fingerprint_of(WireItem(uri="urn:x", headline=headline, body_html=body and f"<p>{body}</p>"))
    assert (mark is not None) == is_compared
    if mark:
        other = fingerprint_of(WireItem(uri="urn:y", headline=headline, body_html=f"<p>{body} 5</p>"))
        assert other
        assert (mark.sketch, mark.text_hash != other.text_hash) == ((), True)


def test_tests_parts_and_what_says_nothing_are_not_compared() -> None:
    for fields in ({"is_test": True}, {"take": 2}, {"headline": "Urgent", "body_html": "<p>Follows.</p>"}):
        item = WireItem.model_validate({"uri": "urn:x", "headline": "H", "body_html": f"<p>{TEXT}</p>", **fields})
        assert fingerprint_of(item) is None


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ((), (), None),
        ((1, 2, 3, 4), (), None),
        ((1, 2, 3, 4), (5, 6, 7, 8), None),
        ((1, 2, 3, 4), (1, 2, 3, 4), 1.0),
        ((1, 2, 3, 4), (4, 3, 2, 1), 1.0),
        ((1, 2), (1, 2, 3, 4), 1.0),
        ((1, 2, 3), (2, 3, 4), 2 / 3),
        ((1, 2, 3, 4), (4, 5, 6, 7), None),  # a quarter of either is too little
        ((1, 2), tuple(range(1, 12)), None),  # a few words of a long text are in every text
    ],
)
def test_likeness_is_how_much_of_the_shorter_is_in_the_other(
    one: tuple[int, ...], other: tuple[int, ...], shared: float | None
) -> None:
    assert likeness(one, other) == likeness(other, one)
    assert likeness(one, other) == (shared and pytest.approx(shared))


def test_of_long_texts_the_smallest_hashes_alone_are_compared() -> None:
    one, other = tuple(range(64)), tuple(range(32, 96))
    assert likeness(one, other) == pytest.approx(2 / 3, abs=0.01)  # of the 64 smallest of both 32 are in both: a third of all


@pytest.mark.parametrize("share", [0.5, 0.7, 0.9])
def test_of_a_long_text_that_was_cut_all_is_in_the_other(share: float) -> None:
    """How long a text is tells the sketch by how close together its smallest hashes are."""
    text = " ".join(f"word{number * 7919 % 100_003}" for number in range(3_000))
    cut = text[: int(len(text) * share)]
    assert alike(text, cut) == pytest.approx(1, abs=0.25)


@pytest.mark.parametrize(
    ("headline", "body", "same_headline", "same_text"),
    [
        ("Ministers agree", TEXT, True, True),
        ("MINISTERS, agree!", TEXT, True, True),  # marks and capitals are no words
        ("Ministers  agree", f"(Reuters) – {TEXT}", True, True),
        ("Ministers agreed", TEXT, False, False),
        ("Ministers agree", f"{TEXT} And more.", True, False),
        ("Ministers agree 5%", TEXT, False, False),
    ],
)
def test_a_text_is_known_by_its_words_and_figures(headline: str, body: str, same_headline: bool, same_text: bool) -> None:
    first = fingerprint_of(WireItem(uri="urn:x", headline="Ministers agree", body_html=f"<p>{TEXT}</p>"))
    other = fingerprint_of(WireItem(uri="urn:y", headline=headline, body_html=f"<h2></h2><p>{body}</p>"))
    assert first
    assert other
    assert (first.headline == other.headline, first.text_hash == other.text_hash) == (same_headline, same_text)
    assert first.keys == first.sketch[:8] == tuple(sorted(first.sketch)[:8])
