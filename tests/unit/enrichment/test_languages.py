"""In which language an item is that does not say so: evidence in its order, and a guess only where nothing else is known."""

from __future__ import annotations

import pytest

from services.enrichment.languages import NOTHING_KNOWN, Evidence, ItemLanguage, identify_language
from shared.wire.config import DEFAULT_FILE, read_wire

WIRE = read_wire(DEFAULT_FILE)

ENGLISH = "Ministers from eight countries agreed on Sunday to raise output from June, and said that they would meet again."
FRENCH = "Le ministre a dit lundi que les prix du pétrole ont reculé après la réunion, et que le gouvernement va réagir."
GERMAN = "Der Minister sagte am Montag, dass die Preise nach dem Treffen gefallen sind und die Regierung nun handeln will."
ARABIC = "قال الوزير يوم الاثنين إن أسعار النفط تراجعت بعد الاجتماع وإن الحكومة ستعلن إجراءات جديدة قريبا."
PERSIAN = "وزیر روز دوشنبه گفت که قیمت نفت پس از این نشست کاهش یافته است و دولت به زودی تصمیم می‌گیرد."
URDU = "وزیر نے پیر کو کہا کہ اجلاس کے بعد تیل کی قیمتوں میں کمی ہوئی ہے اور حکومت جلد فیصلہ کرے گی۔"
RUSSIAN = "Министр сказал в понедельник, что цены на нефть упали после встречи и правительство примет меры."


def tell(text: str, said: str = "", evidence: Evidence = NOTHING_KNOWN) -> ItemLanguage:
    return identify_language(said, text, evidence, WIRE)


@pytest.mark.parametrize(
    ("text", "language"),
    [(ENGLISH, "en"), (FRENCH, "fr"), (GERMAN, "de"), (ARABIC, "ar"), (PERSIAN, "fa"), (URDU, "ur"), (RUSSIAN, "ru")],
)
def test_a_text_of_some_length_is_surely_in_its_language(text: str, language: str) -> None:
    assert tell(text) == ItemLanguage(language, "text")


@pytest.mark.parametrize(
    "text",
    [
        "Merkel dies",
        "Real Madrid beat Barcelona 3-0. Vinicius, Bellingham, Mbappe score. Santiago Bernabeu, Madrid.",
        "Putin, Erdogan meet in Istanbul",
        "BUNDESBANK BUYS DOLLARS IN FRANKFURT - DEALERS",
        "GROUPE BRUXELLES LAMBERT PROFIT UP",
        "NET LOSS 22 CTS VS LOSS 15 CTS. Shr loss 21 cts vs loss 29 cts\nNet loss 1 mln vs loss 2 mln\nRevs 3 mln vs 4 mln",
    ],
)
def test_names_and_tables_are_no_language_for_sure_and_go_to_the_first_edition_of_their_script(text: str) -> None:
    assert tell(text) == ItemLanguage("en", "guess")


@pytest.mark.parametrize("text", ["وفاة ميركل", "ريال مدريد 3 برشلونة 0", "النفط 81.20 دولار"])
def test_an_arabic_flash_is_in_the_arabic_edition(text: str) -> None:
    assert tell(text).language == "ar"


@pytest.mark.parametrize("text", ["", "81.20", "3-0", "🎉"])
def test_what_has_no_letters_is_in_the_wires_first_edition(text: str) -> None:
    assert tell(text) == ItemLanguage("en", "guess")


def test_what_is_said_stands_whatever_the_text_looks_like() -> None:
    assert tell(FRENCH, said="en-GB") == ItemLanguage("en-GB", "said")
    assert tell(ENGLISH, said="und") == ItemLanguage("en", "text"), "undetermined is not said"


def test_a_version_is_in_its_storys_language_whatever_its_words_look_like() -> None:
    story = Evidence(story="en", recent=("ar",) * 20)
    assert tell("Merkel", evidence=story) == ItemLanguage("en", "story")
    assert tell(FRENCH, evidence=story) == ItemLanguage("en", "story")
    assert tell("Брент", evidence=story) == ItemLanguage("en", "story")


def test_another_script_is_no_guess() -> None:
    assert tell(ARABIC, evidence=Evidence(story="en")) == ItemLanguage("ar", "text")


def test_a_doubtful_text_is_in_the_language_that_its_sender_usually_writes_in_that_script() -> None:
    evidence = Evidence(recent=("fr",) * 19 + ("ar",) * 19)
    assert tell("Merkel, Macron", evidence=evidence) == ItemLanguage("fr", "usual")
    assert tell("وفاة ميركل", evidence=evidence) == ItemLanguage("ar", "usual")
    assert tell(ENGLISH, evidence=evidence) == ItemLanguage("en", "text"), "what is sure is stronger than what is usual"


def test_a_sender_of_several_languages_has_no_usual_one() -> None:
    assert tell("Merkel, Macron", evidence=Evidence(recent=("fr", "en") * 10)) == ItemLanguage("en", "guess")


def test_a_language_that_nobody_has_heard_of_breaks_nothing() -> None:
    assert tell("Merkel", evidence=Evidence(story="tlh-x-war")).language == "tlh-x-war"


@pytest.mark.parametrize(
    ("flash", "language"),
    [
        ("MERKEL STIRBT IM ALTER VON 90", "de"), ("Terremoto sacude Turquía", "es"), ("LE PETROLE RECULE DE 2%", "fr"),
        ("Putin saapui Pekingiin", "fi"),
        ("BAŞBAKAN İSTİFA ETTİ", "tr"), ("زلزله ژاپن را لرزاند", "fa"), ("جاپان میں زلزلہ", "ur"),
    ],
)  # fmt: skip
def test_a_flash_in_a_language_of_no_edition_is_known_by_three_words(flash: str, language: str) -> None:
    assert tell(flash) == ItemLanguage(language, "text")


@pytest.mark.parametrize(
    ("text", "said", "evidence", "told"),
    [
        (ENGLISH, "en-GB", NOTHING_KNOWN, ("en-GB",)),
        ("Merkel", "", Evidence(story="en"), ("en",)),
        ("Merkel, Macron", "", Evidence(recent=("fr",) * 20), ("fr",)),
        ("LE PETROLE RECULE", "", NOTHING_KNOWN, ("LE", "RECULE")),
        ("Qzxv Wkjq", "", NOTHING_KNOWN, ("LATIN",)),
        ("81.20", "", NOTHING_KNOWN, ()),
    ],
)
def test_a_language_comes_with_what_decided(text: str, said: str, evidence: Evidence, told: tuple[str, ...]) -> None:
    assert tell(text, said, evidence).evidence == told


def test_what_is_said_is_surer_than_what_is_usual_and_that_than_a_guess() -> None:
    said, usual, guess = tell("Merkel", "en"), tell("Merkel", evidence=Evidence(recent=("fr",) * 20)), tell("81.20")
    assert said.confidence > usual.confidence > guess.confidence
