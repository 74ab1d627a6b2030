"""A machine's text as an edition sets it."""

from __future__ import annotations

import pytest

from services.translation.text.typography import set_in_type

FSI, PDI = "\u2068", "\u2069"


@pytest.mark.parametrize(
    ("said", "set_"),
    [
        ("قال الوزير, ثم غادر; هل يعود?", "قال الوزير، ثم غادر؛ هل يعود؟"),
        ("بلغ 1,200 دولار, أو أكثر", "بلغ 1,200 دولار، أو أكثر"),
        ('<a id="1">كذا</a>, وكذا', '<a id="1">كذا</a>، وكذا'),
        ("R&amp;D, ثم", f"{FSI}R&amp;D{PDI}، ثم"),
        ("طائرة A-10 (US) جديدة", f"طائرة {FSI}A-10 (US{PDI}) جديدة"),
        ('قال "نعم" ثم "لا".', "قال «نعم» ثم «لا»."),
        ("شركة Apple أعلنت", "شركة Apple أعلنت"),
    ],
)
def test_arabic_has_its_own_marks_and_latin_words_keep_their_order(said: str, set_: str) -> None:
    assert set_in_type(said, language="ar", direction="rtl", digits="latn") == set_


def test_figures_are_in_the_editions_digits_whichever_the_engine_used() -> None:
    assert set_in_type("عام 2026 و٣", language="ar", direction="rtl", digits="arab") == "عام ٢٠٢٦ و٣"
    assert set_in_type("عام ٢٠٢٦ و3", language="ar", direction="rtl", digits="latn") == "عام 2026 و3"
    assert set_in_type('<em id="1">5</em> &#39;', language="ar", direction="rtl", digits="arab") == '<em id="1">٥</em> &#39;'


def test_other_languages_keep_their_marks() -> None:
    assert set_in_type("Sí, 5 por ciento; ¿no?", language="es", direction="ltr", digits="latn") == "Sí, 5 por ciento; ¿no?"
