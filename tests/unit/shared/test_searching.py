"""One spelling for what is searched and for what somebody looks for."""

from __future__ import annotations

import time

import pytest

from shared.language.searching import searchable


@pytest.mark.parametrize(
    "spellings",
    [
        ("مسؤول", "مسئول", "مسوول", "مسؤُول", "مسـؤول", "مس\u200cؤول", "مسو\u0654ول"),
        ("شؤون", "شئون", "شوون"),
        ("رؤوس", "رءوس"),
        ("المئة", "المائة"),
        ("شيء", "شئ", "شي", "شىء"),
        ("الدولار", "الدو\u200fلار", "\u202bالدولار\u202c", "الدو\u061cلار", "\ufeffالدولار", "الد\u00adولار", "ﺍﻟﺪﻭﻻﺭ"),
        ("الموازية", "الموا\u200dزية", "الموازيه", "الموازیة", "الموازیۃ"),
        ("الكيلاني", "الکیلانی", "الكيلانى", "الکيلاني", "ٱلكيلاني", "الكيلانے"),
        ("هذا", "هٰذا", "ہذا", "ھذا"),
        ("إيران", "ایران", "أيران", "آيران", "ايران"),
        ("1500", "١٥٠٠", "۱۵۰۰", "1,500", "١٬٥٠٠", "۱٬۵۰۰", "१५००"),
        ("1234567.5", "1,234,567.5", "١٬٢٣٤٬٥٦٧٫٥"),
        ("12.5", "١٢٫٥", "۱۲٫۵"),
        ("ceasefire", "cease\u00adfire", "\u200bcease\u2060fire"),
    ],
)
def test_every_spelling_of_a_word_is_one(spellings: tuple[str, ...]) -> None:
    assert {searchable(spelling) for spelling in spellings} == {searchable(spellings[0])}


@pytest.mark.parametrize(
    "said",
    ["A story of 12.5 pct, 1.500 and 10½; it's x² & naïve – “quoted”…", "in 1999, 2000 and 2001", "1,2,3 and 12,34", "ﬁne № 5 ™"],
)
def test_other_scripts_stay_as_they_are(said: str) -> None:
    assert searchable(said) == said


def test_words_that_are_others_stay_others() -> None:
    words = ["ماء", "ما", "سأل", "سال", "قرن", "قران", "علم", "عالم"]
    assert len({searchable(word) for word in words}) == len(words) - 1  # سأل is searched as سال, as ever


@pytest.mark.parametrize("shape", ["ء", "ي", "ؤ", "1", "1,", "1,000,", "\u200c", "ﻻ", "١٬"])
def test_a_long_text_takes_no_longer_than_its_length(shape: str) -> None:
    def seconds(times: int) -> float:
        begun_s = time.process_time()
        searchable(shape * times)
        return time.process_time() - begun_s

    # sixteen times as long a text: what is quadratic takes 256 times as long
    assert seconds(64_000) <= 100 * max(seconds(4_000), 0.005)
