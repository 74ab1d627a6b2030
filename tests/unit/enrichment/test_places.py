"""Places that a text names, and those that it is about."""

from __future__ import annotations

import time
from typing import Any

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from services.enrichment.gazetteer import Kind, folded, gazetteer, inflected
from services.enrichment.mentions import mentions_in
from services.enrichment.places import countries_among, places_named, regions_of
from services.enrichment.towns import country_of_town
from shared.contracts.finding import Finding, values_of
from shared.wire.config import DEFAULT_FILE, read_wire

WIRE = read_wire(DEFAULT_FILE)
EDITIONS = ("en", "ar")
NAMES = gazetteer(EDITIONS)
#: CLDR's codes of what is part of another, and of what is no country
NOT_COUNTRIES = {"AC", "CP", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
#: common words, which count only with a sign beside them
ALSO_WORDS = {"ar": {"BJ", "ML"}, "en": set()}


def _countries_of(**read: Any) -> tuple[Finding, ...]:
    return countries_among(places_named(**read))


def countries(headline: str = "", text: str = "", dateline: str = "", editions: tuple[str, ...] = EDITIONS) -> tuple[str, ...]:
    return values_of(_countries_of(places=(), dateline=dateline, headline=headline, text=text, editions=editions))


def regions(headline: str = "", text: str = "") -> tuple[str, ...]:
    return values_of(regions_of((), places_named(places=(), dateline="", headline=headline, text=text, editions=EDITIONS), WIRE))


def mentioned(text: str, editions: tuple[str, ...] = EDITIONS) -> list[str]:
    return [mention.country for mention in mentions_in((text,), gazetteer(editions))[0]]


def of_cldr(language: str) -> list[tuple[str, str]]:
    territories = Locale(language).territories.items()
    return [(code, name) for code, name in territories if len(code) == 2 and code.isalpha() and code not in NOT_COUNTRIES]


@pytest.mark.parametrize("code_and_name", of_cldr("en"), ids=lambda pair: pair[0])
def test_every_country_is_found_in_english(code_and_name: tuple[str, str]) -> None:
    code, name = code_and_name
    for text in (f"They met officials of {name} again.", f"{name.upper()} SAYS SO", f"It was said in {name}"):
        assert code in mentioned(text)


@pytest.mark.parametrize("code_and_name", of_cldr("ar"), ids=lambda pair: pair[0])
def test_every_country_is_found_in_arabic_whatever_is_joined_to_it(code_and_name: tuple[str, str]) -> None:
    code, name = code_and_name
    assert code in mentioned(f"التقى المسؤولون في {name} مرة أخرى")
    if code in ALSO_WORDS["ar"]:
        return
    after_l = "لل" + name[2:] if name.startswith("ال") else "ل" + name
    for joined in ("و" + name, "ف" + name, "ب" + name, "ك" + name, "وب" + name, after_l, "و" + after_l):
        assert code in mentioned(f"قال المسؤولون {joined} أمس"), joined


@pytest.mark.parametrize("language", ["es", "fr", "de", "tr", "fa"])
def test_names_are_those_of_any_edition_s_language(language: str) -> None:
    for code, name in of_cldr(language):
        assert code in mentioned(f"x {name} x.", ("en", language)), name


@pytest.mark.parametrize(
    ("words", "country"),
    [
        ("Saudi Saudis Emirati Emiratis", {"SA", "AE"}),
        ("a Briton, a Dutchman, a Swede and a Swiss", {"GB", "NL", "SE", "CH"}),
        ("West German, Soviet and Yugoslav", {"DE", "RU", "RS"}),
        ("S.Korea, N. Korea and South African", {"KR", "KP", "ZA"}),
        ("U.S.-built, U.K. and the UAE", {"US", "GB", "AE"}),
        ("السعودي والسعودية وللسعوديين والسعوديات", {"SA"}),
        ("الأميركيون والأمريكيين والأمريكان", {"US"}),
        ("الروس والأتراك والألمان والإسبان والأرمن والصرب والأفغان", {"RU", "TR", "DE", "ES", "AM", "RS", "AF"}),
        ("المغاربة والهنود والإنجليز", {"MA", "IN", "GB"}),
        ("بالصين وللصين وكالهند", {"CN", "IN"}),
        ("كوبنهاجن وإنجلترا وإنغلترا", {"DK", "GB"}),  # a foreign g is written with either letter
        ("في السعوديّة", {"SA"}),  # with vowel signs
        ("São Paulo, Zürich and Malmö", {"BR", "CH", "SE"}),
        ("SAO PAULO, ZURICH", {"BR", "CH"}),
    ],
)
def test_words_for_what_and_who_is_of_a_country(words: str, country: set[str]) -> None:
    assert set(mentioned(words)) == country


@pytest.mark.parametrize(
    ("word", "language", "forms"),
    [
        ("egipcio", "es", {"egipcio", "egipcia", "egipcios", "egipcias"}),
        ("japonés", "es", {"japonés", "japonesa", "japoneses", "japonesas"}),
        ("saudí", "es", {"saudí", "saudíes", "saudís"}),
        ("belga", "es", {"belga", "belgas"}),
        ("égyptien", "fr", {"égyptien", "égyptiens", "égyptienne", "égyptiennes"}),
        ("anglais", "fr", {"anglais", "anglaise", "anglaises"}),
        ("turc", "fr", {"turc", "turcs", "turque", "turques"}),
        ("grec", "fr", {"grec", "grecs", "grecque", "grecques"}),
        ("russe", "fr", {"russe", "russes"}),
    ],
)
def test_adjectives_have_their_forms(word: str, language: str, forms: set[str]) -> None:
    assert set(inflected(word, language)) == forms
    for form in forms:
        assert mentioned(f"x {form} x.", ("en", language)), form


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Michael Jordan said so. Jordan was happy.", []),
        ("Jordan said so in Amman.", ["JO", "JO"]),
        ("Talks in Jordan ended.", ["JO"]),
        ("Chad Hurley sold it.", []),
        ("Chad closed its border.", ["TD"]),
        ("They ate turkey from china plates and polish floors.", []),
        ("The Turkish minister left Turkey.", ["TR", "TR"]),
        ("Give us more. US said no.", ["US"]),
        ("Tbilisi, Georgia", ["GE", "GE"]),
        ("Atlanta, Georgia", ["US", "US"]),
        ("Queen Victoria of Jersey City", []),
        ("New South Wales said so.", ["AU"]),
        ("Papua New Guinea and Guinea-Bissau", ["PG", "GW"]),
        ("South Sudan and North Korea", ["SS", "KP"]),
        ("Latin America's debts and the Indian Ocean", []),
        ("Union Carbide <UK> unit", []),
        ("Romans, Omanis", ["OM"]),
        ("مسقط رأسه في القاهرة", ["EG"]),
        ("بيان مالي جديد للشركة", []),
        ("مالي تستعيد مخطوطات", ["ML"]),
        ("اليد اليمنى", []),
        ("اليمني", ["YE"]),
        ("سلطنة عمان", ["OM"]),
        ("العاهل الأردني يصل إلى عمان", ["JO", "JO"]),
        ("عُمان", ["OM"]),
        ("عمّان", ["JO"]),
        ("أمريكا اللاتينية", []),
        ("كوريا الشمالية وجنوب السودان", ["KP", "SS"]),
    ],
)
def test_what_looks_like_a_place_is_told_from_one(text: str, found: list[str]) -> None:
    assert [country for country in mentioned(text) if country.isupper()] == found


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("SAN MATEO, Calif., March 2 - It said.", "US"),
        ("LEBANON, N.H., March 2 - It said.", "US"),
        ("PARIS, Texas, March 2 - It said.", "US"),
        ("VERNON, British Columbia, March 6 - It said.", "CA"),
        ("ATLANTA, Georgia, March 2 - It said.", "US"),
        ("TBILISI, Georgia, March 2 - It said.", "GE"),
        ("TAUPO, New Zealand, March 24 - It said.", "NZ"),
        ("GEORGETOWN, Grand Cayman, British West Indies, March 25 - It said.", "KY"),
        ("HAMILTON, Bermuda, March 25 - It said.", "BM"),
        ("AMMAN (Reuters) - It said.", "JO"),
        ("WIESBADEN, March 13 - It said.", "DE"),
        ("NICE, France (AP) - It said.", "FR"),
        ("عمان (رويترز) - قال.", "JO"),
        ("عمّان - وكالات قال.", "JO"),
        ("مسقط (رويترز) - قال.", "OM"),
        ("القدس (رويترز) - قال.", "PS"),
        ("دبي 25 نوفمبر/تشرين الثاني (رويترز) - قال.", "AE"),
    ],
)
def test_a_dateline_says_the_country(text: str, country: str) -> None:
    assert countries(text=text)[:1] == (country,)


def test_both_cities_of_a_dateline_count() -> None:
    assert set(countries(text="LONDON/PARIS, March 3 - They said.")) == {"GB", "FR"}


def test_the_dateline_comes_first_then_the_headline_and_mentions_are_not_said() -> None:
    text = "BEIRUT (Reuters) - Iraq's minister said so. He has also been to Peru. " + "Nobody else was there. " * 20 + "Cuba."
    assert countries("Iraq sends oil", text) == ("LB", "IQ")


def test_a_first_word_before_a_dash_is_no_dateline_when_it_is_no_place() -> None:
    assert countries(text="الرئيس الأمريكي - كما قيل - زار الأمريكيين") == ("US",)


def test_the_more_is_said_of_a_country_the_surer_it_is() -> None:
    def sure(headline: str, text: str) -> float:
        found = _countries_of(places=(), dateline="", headline=headline, text=text, editions=EDITIONS)
        return next((finding.confidence for finding in found if finding.value == "EG"), 0.0)

    rising = [sure("", "Egypt, Egypt. Iraq."), sure("Egypt", "Iraq."), sure("Egypt", "CAIRO (AP) - It is so.")]
    assert rising == sorted(rising)
    assert all(0 <= confidence <= 1 for confidence in rising)


def test_evidence_is_the_words_of_the_text() -> None:
    found = _countries_of(
        places=(), dateline="", headline="Kremlin says so", text="RUSSIANS agree. Moscow too.", editions=EDITIONS
    )
    assert found[0].value == "RU"
    assert set(found[0].evidence) == {"Kremlin", "RUSSIANS", "Moscow"}


@pytest.mark.parametrize(
    ("headline", "region"),
    [
        ("European shares rise", "europe"),
        ("ECB holds rates", "europe"),
        ("African leaders meet", "africa"),
        ("Arab League meets", "arab"),
        ("البنك المركزي الأوروبي يخفض الفائدة", "europe"),
        ("القادة الأفارقة يجتمعون", "africa"),
        ("أسواق الخليج ترتفع", "arab"),
        ("White House says so", "us"),
        ("الكرملين ينفي", "europe"),
    ],
)
def test_a_part_of_the_world_that_is_named_without_a_country_is_a_region(headline: str, region: str) -> None:
    assert regions(headline)[:1] == (region,)


def test_a_part_of_the_world_gives_way_to_a_country_and_is_none() -> None:
    named = places_named(places=(), dateline="", headline="European leaders meet in Japan", text="", editions=EDITIONS)
    assert values_of(named) == ("JP",)
    assert countries_among((Finding("europe", "headline"), Finding("JP", "headline"))) == (Finding("JP", "headline"),)


@pytest.mark.parametrize(
    ("town", "country"), [("WIESBADEN", "DE"), ("بعقوبة", "IQ"), ("Nowhere at all", ""), ('"', ""), ("", "")]
)
def test_the_gazetteer_s_file_knows_smaller_towns(town: str, country: str) -> None:
    assert country_of_town(town) == country


@given(st.text("aAéÉİßﬁأإىةّ -'’.\n", max_size=60))
def test_folding_keeps_every_character_in_its_place(text: str) -> None:
    assert len(folded(text)) == len(text)


@given(st.lists(st.sampled_from(NAMES.spellings), max_size=6), st.sampled_from([" ", ", ", "، ", ".", "x", "و"]))
def test_whatever_stands_side_by_side_every_mention_is_in_the_text(spellings: list[str], between: str) -> None:
    text = between.join(spellings)
    for mention in mentions_in((text,), NAMES)[0]:
        assert text.startswith(mention.words, mention.start)
        assert isinstance(mention.kind, Kind)


@pytest.mark.parametrize("piece", ["Saudi ", "us", "وال", "Jordan ", "New York, ", "(", "<UK> ", "ا" * 50 + " "])
def test_four_times_the_text_takes_about_four_times_as_long(piece: str) -> None:
    def took(text: str) -> float:
        def once() -> float:
            began = time.process_time()
            mentions_in((text,), NAMES)
            return time.process_time() - began

        return min(once() for _ in range(3))

    few = piece * (4_000 // len(piece))
    assert took(few * 4) < max(9 * took(few), 0.02)
