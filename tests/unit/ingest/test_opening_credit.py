"""Where a text opens with its place, its day and the agencies that it came through; and where it only looks as if."""

from __future__ import annotations

import pytest

from services.ingest.opening_credit import OpeningCredit, opening_credit_of


@pytest.mark.parametrize(
    ("opening", "rest", "dateline", "chain"),
    [
        ("BEIRUT (AFP) - ", "The", "BEIRUT", ["AFP"]),
        ("NEW YORK, July 13 (MENAFN - GlobeNewsWire - Nasdaq) -- ", "The", "NEW YORK, July 13",
         ["MENAFN", "GlobeNewsWire", "Nasdaq"]),
        ("(MENAFN- Daily News Egypt) ", "Cairo is", "", ["MENAFN", "Daily News Egypt"]),
        ("(ANSA) - Rome, October 11 - ", "The", "Rome, October 11", ["ANSA"]),
        ("Paris (Reuters) ", "Ministers", "Paris", ["Reuters"]),
        ("WASHINGTON, D.C., May 3 (AP/Reuters) _ ", "The", "WASHINGTON, D.C., May 3", ["AP", "Reuters"]),
        ("بيروت (أ ف ب) - ", "قال", "بيروت", ["أ ف ب"]),
        ("(Asia-Pacific) ", "The", "", ["Asia-Pacific"]),
        ("(AFP) ", "The", "", ["AFP"]),
    ],
)  # fmt: skip
def test_it_says_its_place_and_its_agencies_and_where_it_ends(opening: str, rest: str, dateline: str, chain: list[str]) -> None:
    found = opening_credit_of(opening + rest)
    assert (found.dateline, list(found.chain)) == (dateline, chain)
    assert (opening + rest)[found.length :].strip() == rest


@pytest.mark.parametrize(
    "text",
    ["", "The ministers met.", "(left) John Smith", "(UPDATE 2) Ministers", "(Photo) Ministers", "(Adds quotes) Ministers",
     "(3) Ministers", "the AFP (AFP) - says", "BEIRUT - Ministers", "()", "(AFP", "x" * 300 + " BEIRUT (AFP) - The"],
)  # fmt: skip
def test_what_only_looks_like_one_is_text(text: str) -> None:
    assert opening_credit_of(text) == OpeningCredit()
