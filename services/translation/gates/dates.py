"""Dates are kept: a month or a day of the week that the source names is named in the translation, by CLDR's names of both."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from babel import Locale, UnknownLocaleError

from services.translation.gates.fault import Fault
from services.translation.glossary.terms import Term
from services.translation.text.folding import bare_forms, fold, words

#: countries whose names of months differ within a language: Syria's حزيران is Egypt's يونيو and Algeria's جوان
_VARIANTS = {"ar": ("ar", "ar_SY", "ar_DZ", "ar_MA"), "en": ("en",), "es": ("es",)}
#: words that are months too; they are if a figure stands beside them
_AMBIGUOUS = {"may", "march", "mars", "sat", "sun"}


def faults(source: str, target: str, source_language: str, target_language: str) -> list[Fault]:
    """Months and days that the translation does not name."""
    there = {form for word in words(target) for form in bare_forms(word) | {word}}
    return [
        Fault("dates", f"{name} is missing")
        for name, kind, number in _named(source, source_language)
        if not any(set(words(name_there)) <= there for name_there in _names(target_language, kind).get(number, ()))
    ]


def terms_of(source: str, source_language: str, target_language: str) -> list[Term]:
    """The months and days that a text names with what they are in another language, to be put there where an engine did not."""
    return [
        Term(name, theirs[number], "date")
        for name, kind, number in _named(source, source_language)
        if number in (theirs := _names(target_language, kind))
    ]


def _named(source: str, language: str) -> Iterator[tuple[str, str, int]]:
    """The months and days that a text names: as it is written, `months` or `days`, and which."""
    for kind in ("months", "days"):
        for number, names in _names(language, kind).items():
            for name in names:
                if name[:1].isupper() and (match := re.search(rf"(?<!\w){re.escape(name)}(?!\w)", source)):
                    if fold(name) in _AMBIGUOUS and not _has_a_figure_beside(source, match):
                        continue
                    yield name, kind, number
                    break


def _has_a_figure_beside(source: str, match: re.Match[str]) -> bool:
    return bool(re.search(r"\d\W{1,2}$", source[: match.start()]) or re.match(r"\W{1,2}\d", source[match.end() :]))


@cache
def _names(language: str, kind: str) -> dict[int, tuple[str, ...]]:
    """The wide names of months or days, by their numbers, in every country's way; none in a language that CLDR does not know."""
    names_by_number: dict[int, list[str]] = {}
    base = language.split("-")[0]
    for tag in _VARIANTS.get(base, (base,)):
        try:
            locale = Locale.parse(tag)
        except (UnknownLocaleError, ValueError):
            continue
        for number, name in getattr(locale, kind)["format"]["wide"].items():
            names_by_number.setdefault(number, []).append(name)
    return {number: tuple(dict.fromkeys(names)) for number, names in names_by_number.items()}
