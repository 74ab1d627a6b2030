"""Which language a text is in, told by itself: sure only where it is, whatever stands beside its words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.enrichment import language as bench
from shared.language.detection import Found, find_language, language_of
from shared.language.scripts import main_script, script_of, share_of

EDITIONS = ("en", "ar")
TEXTS = [text for file in ("languages.txt", "languages_written_afterwards.txt") for text in bench.read(bench.FOLDER / file)]
LANGUAGES = sorted({text.language for text in TEXTS})

#: what stands behind a flash and is no word
BESIDE = (
    " 4.2", " 2,9 %", " 12:30", " <MSFT.O>", " AAPL.O", " $TSLA", " (NYSE: IBM)", " https://www.example.com/news/a-b?c=d",
    " www.example.com", " #123", " desk@example.com", " [BRNT]", " ٤٫٢",
)  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_figure_a_ticker_or_an_address_behind_a_text_changes_no_verdict(language: str) -> None:
    changed = [
        (text.words, beside, alone, found)
        for text in TEXTS
        if text.language == language
        for alone in (find_language(text.words, EDITIONS),)
        for beside in BESIDE
        if (found := find_language(text.words + beside, EDITIONS)) != alone
    ]
    assert changed == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nearly_every_text_of_the_bench_is_in_its_edition_or_held(language: str) -> None:
    for editions in (EDITIONS, (*EDITIONS, "es", "fr")):
        wire = bench.wire_of(editions)
        verdicts = bench.verdicts_on(wire, [text for text in TEXTS if text.language == language])
        hidden = [one.text.words for one in verdicts if one.edition is None and wire.edition_of(language)]
        shown = [one.text.words for one in verdicts if one.edition and not wire.edition_of(language)]
        assert hidden == []
        assert len(shown) <= len(verdicts) / 20, shown


@pytest.mark.parametrize(
    "flash",
    [
        "Real Madrid 3, Barcelona 0", "TOUR DE FRANCE STAGE 5 RESULT", "URSULA VON DER LEYEN SPEAKS", "LOS ANGELES BURNS",
        "Juventus sack Allegri", "BANCO SANTANDER Q2 PROFIT UP", "Rio de Janeiro carnival begins", "Haiti's Ariel Henry resigns",
        "DEUTSCHE BANK CEO SEWING TO LEAVE", "COTE D'IVOIRE VOTE", "Marine Le Pen banned",
    ],
)  # fmt: skip
def test_foreign_names_in_an_english_flash_take_it_into_no_other_edition(flash: str) -> None:
    for editions in (EDITIONS, ("en", "ar", "es", "fr", "de", "it")):
        found = find_language(flash, editions)
        assert found.language == "en" or not found.is_sure


@pytest.mark.parametrize(
    "text",
    ["ارتفاع أسعار النفط في الأسواق", "السیسی یستقبل ماکرون", "بوتین یصل إلى بکین", "الدولار یتراجع أمام الین"],  # ي as ی, ك as ک
)
def test_arabic_typed_at_another_keyboard_is_arabic(text: str) -> None:
    assert find_language(text, EDITIONS).language == "ar"


@pytest.mark.parametrize(
    ("text", "editions", "language"),
    [
        ("Norges Bank holder styringsrenten uendret på 4,5 prosent", ("en", "no"), "no"),  # as the edition calls it
        ("Norges Bank holder styringsrenten uendret på 4,5 prosent", ("en", "nb"), "nb"),
        ("Bank pusat mengekalkan kadar faedah tahun ini", ("en", "ms"), "ms"),
        ("To døde i lavine", ("en", "da"), "da"),  # as much Norwegian, but only Danish has an edition
        ("Policie zadržela dva muže", ("en", "cs"), "cs"),
        ("地震発生", ("zh", "ja"), "zh"),  # in signs that both write: the first edition's
    ],
)
def test_a_text_that_two_neighbours_could_have_written_is_the_editions(
    text: str, editions: tuple[str, ...], language: str
) -> None:
    assert find_language(text, editions).language == language


@pytest.mark.parametrize("text", ["Rais wa Kenya awasili Nairobi kwa mazungumzo ya amani", "Waziri mkuu ajiuzulu"])
def test_beside_an_edition_in_a_language_that_the_detector_does_not_know_no_other_is_sure(text: str) -> None:
    found = find_language(text, ("en", "sw"))
    assert not found.is_sure or found.language in ("en", "sw")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Σεισμός στην Ιαπωνία", "el"), ("רעידת אדמה ביפן", "he"), ("일본에서 강한 지진", "ko"), ("日本で強い地震", "ja"),
        ("日本发生强烈地震", "zh"), ("जापान में भूकंप", "hi"), ("ЗЕМЛЕТРУС В ЯПОНІЇ", "uk"), ("ЗЕМЛЕТРЯСЕНИЕ В ЯПОНИИ", "ru"),
        ("แผ่นดินไหวในญี่ปุ่น", "th"), ("მიწისძვრა იაპონიაში", "ka"),
    ],
)  # fmt: skip
def test_scripts_have_their_languages(text: str, language: str) -> None:
    assert find_language(text, EDITIONS).language == language


def test_a_text_in_another_script_stays_in_it_with_names_in_latin_letters() -> None:
    assert find_language("L'Oréal покупает Aesop", EDITIONS).language == "ru"
    assert find_language("Ferrari показала електромобіль", EDITIONS).language == "uk"
    assert find_language("Pfizer: الموافقة على اللقاح", EDITIONS).language == "ar"


@pytest.mark.parametrize(("language", "text"), [("ja", "日本で強い地震"), ("ko", "일본에서"), ("th", "แผ่นดินไหว"), ("mr", "भूकंप")])
def test_a_languages_script_is_the_one_that_its_texts_are_in(language: str, text: str) -> None:
    assert script_of(language) == main_script(text)
    assert share_of(script_of(language), text) == 1


def test_the_words_that_decided_stand_in_the_text_as_it_has_them() -> None:
    assert find_language("İstanbul'da deprem: polis uyardı", EDITIONS).evidence == ("deprem", "polis", "uyardı", "İstanbul'da")
    assert find_language("LE PRESIDENT DU CONSEIL", EDITIONS).evidence[0] == "LE"
    assert find_language("Qzxv Wkjq", EDITIONS).evidence == ()


def test_a_text_in_two_scripts_is_in_that_of_most_of_its_letters() -> None:
    assert find_language("شركة Apple تعلن نتائجها الفصلية", EDITIONS).language == "ar"
    assert find_language("The word قلب means heart in Arabic, teachers say", EDITIONS).language == "en"


@pytest.mark.parametrize("flash", ["Merkel dies", "Terremoto sacude Turquía", "وفاة ميركل", "Burkina Faso junta"])
def test_a_flash_whose_text_is_its_headline_again_is_in_the_same_language(flash: str) -> None:
    assert find_language(f"{flash}. {flash}.", EDITIONS) == find_language(flash, EDITIONS)


def test_how_long_a_text_is_costs_nothing_and_changes_nothing() -> None:
    words = "The ministers met on Tuesday to discuss the new treaty on water. " * 8
    assert find_language(words, EDITIONS) == find_language(words + "Le ministre a dit que non. " * 10_000, EDITIONS)


@pytest.mark.parametrize("text", ["", "81.20", "🎉", "\ud800", "a\x00b", "İ", "ß" * 5_000, "'" * 400, "’s", "'s 's 's"])
def test_what_is_no_text_breaks_nothing(text: str) -> None:
    assert isinstance(find_language(text, EDITIONS), Found)


@given(st.text(max_size=200))
def test_any_text_has_a_verdict_whose_evidence_is_its_own(text: str) -> None:
    found = find_language(text, EDITIONS)
    assert 0 <= found.confidence <= 1
    assert all(word in text for word in found.evidence)
    assert found.language or not found.is_sure


def test_a_short_text_is_called_by_no_language_rather_than_by_a_wrong_one() -> None:
    assert language_of("Qzxv", ("en", "es")) in ("und", "en")
    assert language_of("La empresa cerró todas sus tiendas en la ciudad.", ("en", "es")) == "es"
    assert language_of("The company closed all of its shops in the city.", ("en", "es")) == "en"
