"""Which language a text is in, when its sender does not say: decided among the wire's editions and their neighbours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from lingua import ConfidenceValue, IsoCode639_1, LanguageDetector, LanguageDetectorBuilder

from shared.language.scripts import main_script, script_of

#: languages of the region that must not be taken for an edition's: Persian and Urdu for Arabic, French for English
_NEIGHBOURS = ("en", "ar", "fr", "es", "de", "it", "tr", "fa", "ur", "ru")
#: asked too where none of the first is sure: what Latin script is written in elsewhere
_OTHERS = ("pt", "nl", "sv", "da", "nb", "fi", "pl", "cs", "hu", "ro", "hr", "sq", "id", "az", "sw", "so", "ca")

#: below this a text is called by no language rather than by a wrong one
_SURE = 0.6

#: a text is surely in a language if the whole and its plain words alone both say so, this much, and there are so many of these
_SURELY, _SURELY_BY_WORDS, _LEAST_WORDS, _LEAST_CAPITALS = 0.9, 0.7, 5, 14
#: looked at of a text
_MOST_CHARACTERS = 2_000

_WORD = re.compile(r"[^\W\d_]+")

#: tags that name no language: undetermined, several, none
_NO_LANGUAGE = ("", "und", "mul", "zxx", "mis")


@dataclass(frozen=True)
class Found:
    """What a text says of its language by itself."""

    script: str  #: `LATIN`; empty where it has no letters
    language: str = ""  #: as a two-letter code; empty where it cannot be known
    is_sure: bool = False


def names_a_language(tag: str) -> bool:
    """Does a tag say which language it is?"""
    return tag.split("-")[0].lower() not in _NO_LANGUAGE


def language_of(text: str, editions: tuple[str, ...]) -> str:
    """The language of `text` as a two-letter code, or `und` where it cannot be known."""
    found = _detector(_languages(editions)).compute_language_confidence_values(text[:_MOST_CHARACTERS])
    if not found or found[0].value < _SURE:
        return "und"
    return _code(found[0])


def find_language(text: str, editions: tuple[str, ...]) -> Found:
    """The language of `text`, and whether it is surely that one.

    Names mislead: `Real Madrid beat Barcelona` is Spanish to any detector. So the words that are no names are asked alone too,
    each once (a table of figures says `loss` and `vs` twenty times); a text that has few of them is surely in no language.
    """
    text = text[:_MOST_CHARACTERS]
    script = main_script(text)
    if not script:
        return Found("")
    languages = _languages(editions)
    found = _surely(text, languages, script)
    if found.is_sure and found.language in {edition.split("-")[0] for edition in editions}:
        return found
    if script != "LATIN":
        return found
    among_others = _surely(text, tuple(sorted({*languages, *_OTHERS})), script)
    return found if among_others.language in languages else among_others  # the first look is the closer one


def _surely(text: str, languages: tuple[str, ...], script: str) -> Found:
    detector = _detector(languages)
    values = [value for value in detector.compute_language_confidence_values(text) if script_of(_code(value)) == script]
    if not values or values[0].value < _SURE:
        return Found(script)
    language = _code(values[0])
    words, are_capitals = _plain_words(text)
    if values[0].value < _SURELY or len(words) < (_LEAST_CAPITALS if are_capitals else _LEAST_WORDS):
        return Found(script, language)
    by_words = detector.compute_language_confidence_values(" ".join(words).lower())[0]
    return Found(script, language, is_sure=_code(by_words) == language and by_words.value >= _SURELY_BY_WORDS)


def _plain_words(text: str) -> tuple[list[str], bool]:
    """The words of a text that are no names, each once; of a text that is all in capitals every one, and that it is."""
    words = dict.fromkeys(_WORD.findall(text))
    plain = [word for word in words if not (word.istitle() or word.isupper())]
    return (plain, False) if plain else (list(words), True)


def _code(value: ConfidenceValue) -> str:
    return value.language.iso_code_639_1.name.lower()


def _languages(editions: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted({*_NEIGHBOURS, *(edition.split("-")[0] for edition in editions)}))


@cache
def _detector(languages: tuple[str, ...]) -> LanguageDetector:
    codes = [IsoCode639_1.from_str(code) for code in languages]
    builder = LanguageDetectorBuilder.from_iso_codes_639_1(*codes)
    # the others' whole models cost each process 340 MB, and are asked rarely; by three letters at a time they cost three
    return (builder.with_low_accuracy_mode() if set(_OTHERS) & {*languages} else builder).build()
