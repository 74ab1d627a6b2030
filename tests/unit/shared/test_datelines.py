"""The dateline in front of a story."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.language.datelines import Dateline, dateline_in, dateline_of


def said(dateline: Dateline | None) -> tuple[str, str, str, str] | None:
    return ("/".join(dateline.places), dateline.region, dateline.date, dateline.agency) if dateline else None


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("NEW YORK, April 2 - Shares fell.", ("NEW YORK", "", "April 2", "")),
        ("SAN MATEO, Calif., March 2 - The company said.", ("SAN MATEO", "Calif.", "March 2", "")),
        ("MINNEAPOLIS, MINN., March 25 - It said.", ("MINNEAPOLIS", "MINN.", "March 25", "")),
        ("CHEVY CHASE, Md., - March 4 - It said.", ("CHEVY CHASE", "Md.", "March 4", "")),
        ("ST. LOUIS, March 18 - It said.", ("ST. LOUIS", "", "March 18", "")),
        ("Montreal, March 19 - It said.", ("Montreal", "", "March 19", "")),
        ("des moines, april 7 - hogs were higher.", ("des moines", "", "april 7", "")),
        ("SYDNEY, April - It said.", ("SYDNEY", "", "April", "")),
        ("****RIO DE JANEIRO, March 5 - Brazil said.", ("RIO DE JANEIRO", "", "March 5", "")),
        ("LONDON/PARIS, March 3 - They said.", ("LONDON/PARIS", "", "March 3", "")),
        ("UNITED NATIONS, Jan 1 (AP) -- It said.", ("UNITED NATIONS", "", "Jan 1", "AP")),
        ("WONSAN, July 13 (MENAFN) — The ministry said.", ("WONSAN", "", "July 13", "MENAFN")),
        ("(MENAFN - X) RIYADH, Nov 25 (Reuters) - It said.", ("RIYADH", "", "Nov 25", "Reuters")),
        ("PARIS (AFP) – The court ruled.", ("PARIS", "", "", "AFP")),
        ("PORT-AU-PRINCE, Haiti (AP) — Gangs attacked.", ("PORT-AU-PRINCE", "Haiti", "", "AP")),
        ("GEORGETOWN, Grand Cayman, West Indies, March 25 - Net.", ("GEORGETOWN", "Grand Cayman, West Indies", "March 25", "")),
        ("BERLIN, 3 March 2026 (dpa) - It said.", ("BERLIN", "", "3 March 2026", "dpa")),
        ("MADRID, 3 de marzo (EFE) - Dijo.", ("MADRID", "", "3 de marzo", "EFE")),
        ("LONDON - Shares fell.", ("LONDON", "", "", "")),
        ("(Reuters) - Shares fell.", ("", "", "", "Reuters")),
        ("(MENAFN) He said.", ("", "", "", "MENAFN")),
        ("القاهرة (رويترز) - قال الوزير.", ("القاهرة", "", "", "رويترز")),
        ("الرياض (واس): أعلن الديوان.", ("الرياض", "", "", "واس")),
        ("بيروت 25 نوفمبر/تشرين الثاني (رويترز) - قال.", ("بيروت", "", "25 نوفمبر/تشرين الثاني", "رويترز")),
        ("دبي - رويترز قال مسؤول.", ("دبي", "", "", "رويترز")),
        ("عمان - وكالات: قال مسؤول.", ("عمان", "", "", "وكالات")),
        ("القدس، 3 آذار (أ ف ب) – قالت.", ("القدس", "", "3 آذار", "أ ف ب")),
        ("بيروت - أعلن الجيش.", ("بيروت", "", "", "")),
    ],
)  # fmt: skip
def test_its_parts_are_told_apart(text: str, parts: tuple[str, str, str, str]) -> None:
    assert said(dateline_of(text)) == parts


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Shares fell on Monday.",
        "The minister said - in Paris - that it was so.",
        "Oil prices rose on Monday (Reuters said) - a surprise.",
        "The World Health Organization (WHO) said it was so.",
        "On March 3 the bank - the largest - closed.",
        "Markets: shares fell.",
        "(Adds details, quotes) The company said.",
        "April 7 - 1000 hrs cdt",
        "well-known people came.",
        "قال الوزير: نعم.",
        "قال الوزير أمس إن الأمر - كما تعلمون - انتهى.",
    ],
)
def test_a_text_without_one_has_none(text: str) -> None:
    assert dateline_of(text) is None


@pytest.mark.parametrize(
    ("field", "parts"),
    [
        ("BEIRUT", ("BEIRUT", "", "", "")),
        ("PORT SAID, Egypt", ("PORT SAID", "Egypt", "", "")),
        ("RIYADH, Nov 25 (Levant) –", ("RIYADH", "", "Nov 25", "Levant")),
        ("القاهرة", ("القاهرة", "", "", "")),
        ("", None),
    ],
)
def test_an_item_s_own_field_needs_no_dash(field: str, parts: tuple[str, str, str, str] | None) -> None:
    assert said(dateline_in(field)) == parts


def test_it_says_where_the_text_begins() -> None:
    text = "SAN MATEO, Calif., March 2 - The company said."
    dateline = dateline_of(text)
    assert dateline is not None
    assert text[dateline.end :] == "The company said."


@given(st.text("AaBb م(),،/- –:.3\n", max_size=140))
def test_whatever_comes_it_ends_within_the_text(text: str) -> None:
    dateline = dateline_of(text)
    assert dateline is None or (0 < dateline.end <= len(text) and (dateline.places or dateline.agency))
