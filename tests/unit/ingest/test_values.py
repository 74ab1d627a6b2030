"""Values of every format in the contract's spelling."""

from __future__ import annotations

import pytest

from services.ingest.formats.values import concept, unique, whole_number
from shared.contracts.item import Concept


@pytest.mark.parametrize(
    ("code", "scheme", "expected", "kept_scheme"),
    [
        ("medtop:20000002", "", "medtop:20000002", ""),
        ("http://cv.iptc.org/newscodes/mediatopic/20000002", "", "medtop:20000002", ""),
        ("https://cv.iptc.org/newscodes/subjectcode/15054000", "", "subj:15054000", ""),
        ("15000000", "", "medtop:15000000", ""),
        ("15054000", "subjectcode", "subj:15054000", ""),
        ("subj:15000000", "", "medtop:15000000", ""),
        ("20000002", "house", "20000002", "house"),
        ("1500000", "", "1500000", ""),
        (" ABC ", "house", "ABC", "house"),
        (None, None, "", ""),
    ],
)
def test_codes_of_iptc_have_one_spelling(code: str | None, scheme: str | None, expected: str, kept_scheme: str) -> None:
    made = concept("Name", code, scheme)
    assert (made.name, made.code, made.scheme) == ("Name", expected, kept_scheme)


def test_each_concept_stands_there_once_and_says_something() -> None:
    sport, trade = Concept(name="Sport"), Concept(code="trade")
    assert unique([sport, Concept(), trade, Concept(name="Sport"), Concept(scheme="house")]) == (sport, trade)


@pytest.mark.parametrize(
    ("value", "number"),
    [("4", 4), (" 4 ", 4), ("1", 1), ("9", 9), ("0", None), ("10", None), ("-4", None), ("4.0", None), ("x", None), ("", None),
     (None, None), ("٤", 4), ("0000000004", None)],
)  # fmt: skip
def test_a_whole_number_is_one_within_its_bounds(value: str | None, number: int | None) -> None:
    assert whole_number(value, low=1, high=9) == number
