"""Which language a text is in, when its sender does not say: decided among the wire's editions and their neighbours."""

from __future__ import annotations

from functools import cache

from lingua import IsoCode639_1, LanguageDetector, LanguageDetectorBuilder

#: languages of the region that must not be taken for an edition's: Persian and Urdu for Arabic, French for English
_NEIGHBOURS = ("en", "ar", "fr", "es", "de", "it", "tr", "fa", "ur", "ru")

#: below this a text is called by no language rather than by a wrong one
_SURE = 0.6


@cache
def _detector(languages: tuple[str, ...]) -> LanguageDetector:
    codes = [IsoCode639_1.from_str(code) for code in languages]
    return LanguageDetectorBuilder.from_iso_codes_639_1(*codes).build()


def language_of(text: str, editions: tuple[str, ...]) -> str:
    """The language of `text` as a two-letter code, or `und` where it cannot be told."""
    languages = tuple(sorted({*_NEIGHBOURS, *(edition.split("-")[0] for edition in editions)}))
    found = _detector(languages).compute_language_confidence_values(text[:2000])
    if not found or found[0].value < _SURE:
        return "und"
    return found[0].language.iso_code_639_1.name.lower()
