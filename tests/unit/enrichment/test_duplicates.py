"""Which texts are taken for the same."""

from __future__ import annotations

from services.enrichment.duplicates import ALIKE, SAME, fingerprint_of, likeness
from shared.contracts.item import WireItem

TEXT = (
    "Ministers from eight countries agreed on Sunday to raise output by 180,000 barrels a day from June, and said that they "
    "would meet again in Vienna before the end of the summer to see what the market had made of it. Prices fell by two percent."
)


def alike(one: str, other: str) -> float:
    marks = [fingerprint_of(WireItem(uri="urn:x", headline="H", body_html=f"<p>{text}</p>")) for text in (one, other)]
    assert all(marks)
    return likeness(*(mark.sketch for mark in marks if mark))


def test_the_same_text_under_another_credit_is_the_same() -> None:
    assert alike(TEXT * 2, f"(Levant) {TEXT} {TEXT}") >= SAME


def test_a_story_that_was_written_on_is_alike_and_not_the_same() -> None:
    more = " Analysts in London had expected more, they said on Monday, and pointed to stocks in the United States."
    assert ALIKE <= alike(TEXT, TEXT + more) < SAME


def test_another_story_of_the_same_subject_is_neither() -> None:
    other = TEXT.replace("eight", "nine").replace("Sunday", "Monday").replace("Vienna", "Riyadh").replace("fell", "rose")
    assert alike(TEXT, f"Traders waited for word from the ministers. {other.split(',')[1]}, and nothing else was known.") < ALIKE


def test_tests_parts_and_very_short_texts_are_not_compared() -> None:
    for fields in ({"is_test": True}, {"take": 2}, {"body_html": "<p>More to come.</p>"}):
        item = WireItem.model_validate({"uri": "urn:x", "headline": "H", "body_html": f"<p>{TEXT}</p>", **fields})
        assert fingerprint_of(item) is None
