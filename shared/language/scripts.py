"""Which script a language is written in, as Unicode's names of letters begin: `ARABIC`, `LATIN`."""

from __future__ import annotations

import unicodedata
from collections import Counter

from babel import Locale, UnknownLocaleError

_SCRIPTS = {
    "Arab": "ARABIC", "Latn": "LATIN", "Cyrl": "CYRILLIC", "Hebr": "HEBREW", "Grek": "GREEK", "Deva": "DEVANAGARI",
    "Hans": "CJK", "Hant": "CJK",
}  # fmt: skip
#: Babel knows a language's script only where its tag says it
_SCRIPT_OF = {
    "ar": "Arab", "fa": "Arab", "ur": "Arab", "he": "Hebr", "ru": "Cyrl", "uk": "Cyrl", "bg": "Cyrl", "el": "Grek",
    "hi": "Deva", "zh": "Hans",
}  # fmt: skip
#: letters of the same script that neighbours write and the language does not
FOREIGN_LETTERS = {"ar": "پچژگکیےٹڈڑںھہەۀۃێۋۇ"}


def script_of(language: str) -> str:
    """A language's script; Latin where nothing else is known."""
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return "LATIN"
    return _SCRIPTS.get(locale.script or _SCRIPT_OF.get(locale.language, "Latn"), "LATIN")


def share_of(script: str, text: str) -> float:
    """Which share of a text's letters is of a script; 0 if it has none."""
    letters = [sign for sign in text if sign.isalpha()]
    return sum(unicodedata.name(sign, "").startswith(script) for sign in letters) / len(letters) if letters else 0.0


def main_script(text: str) -> str:
    """The script that most of a text's letters are of; empty if it has none."""
    counted = Counter(unicodedata.name(sign, "").partition(" ")[0] for sign in text if sign.isalpha())
    return counted.most_common(1)[0][0] if counted else ""
