"""Which script a language is written in, as Unicode's names of letters begin: `ARABIC`, `LATIN`."""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import lru_cache

from babel import Locale, UnknownLocaleError

_SCRIPTS = {
    "Arab": "ARABIC", "Latn": "LATIN", "Cyrl": "CYRILLIC", "Hebr": "HEBREW", "Grek": "GREEK", "Deva": "DEVANAGARI",
    "Hans": "CJK", "Hant": "CJK", "Jpan": "CJK", "Kore": "HANGUL", "Thai": "THAI", "Geor": "GEORGIAN", "Armn": "ARMENIAN",
    "Ethi": "ETHIOPIC", "Beng": "BENGALI", "Taml": "TAMIL", "Telu": "TELUGU", "Knda": "KANNADA", "Mlym": "MALAYALAM",
    "Gujr": "GUJARATI", "Guru": "GURMUKHI", "Orya": "ORIYA", "Laoo": "LAO", "Khmr": "KHMER", "Mymr": "MYANMAR", "Sinh": "SINHALA",
}  # fmt: skip
#: Babel knows a language's script only where its tag says it
_SCRIPT_OF = {
    "ar": "Arab", "fa": "Arab", "ur": "Arab", "ps": "Arab", "sd": "Arab", "ug": "Arab", "ckb": "Arab", "he": "Hebr", "yi": "Hebr",
    "ru": "Cyrl", "uk": "Cyrl", "be": "Cyrl", "bg": "Cyrl", "sr": "Cyrl", "mk": "Cyrl", "kk": "Cyrl", "ky": "Cyrl", "tg": "Cyrl",
    "mn": "Cyrl", "el": "Grek", "hi": "Deva", "mr": "Deva", "ne": "Deva", "zh": "Hans", "ja": "Jpan", "ko": "Kore", "th": "Thai",
    "ka": "Geor", "hy": "Armn", "am": "Ethi", "ti": "Ethi", "bn": "Beng", "ta": "Taml", "te": "Telu", "kn": "Knda", "ml": "Mlym",
    "gu": "Gujr", "pa": "Guru", "or": "Orya", "lo": "Laoo", "km": "Khmr", "my": "Mymr", "si": "Sinh",
}  # fmt: skip
#: letters of the same script that neighbours write and the language does not
FOREIGN_LETTERS = {"ar": "پچژگکیےٹڈڑںھہەۀۃێۋۇ"}


@lru_cache(maxsize=256)
def script_of(language: str) -> str:
    """A language's script; Latin where nothing else is known."""
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return "LATIN"
    return _SCRIPTS.get(locale.script or _SCRIPT_OF.get(locale.language, "Latn"), "LATIN")


def share_of(script: str, text: str) -> float:
    """Which share of a text's letters is of a script; 0 if it has none."""
    counted = _scripts_in(text)
    return counted[script] / counted.total() if counted else 0.0


def main_script(text: str) -> str:
    """The script that most of a text's letters are of; empty if it has none."""
    counted = _scripts_in(text)
    return counted.most_common(1)[0][0] if counted else ""


def _scripts_in(text: str) -> Counter[str]:
    """How many letters of each script; each letter's is looked up once, however often it stands there."""
    counted: Counter[str] = Counter()
    for sign, times in Counter(text).items():
        if sign.isalpha():
            counted[_script_of_letter(sign)] += times
    return counted


@lru_cache(maxsize=4_096)
def _script_of_letter(sign: str) -> str:
    script = unicodedata.name(sign, "").partition(" ")[0]
    return "CJK" if script in ("HIRAGANA", "KATAKANA") else script
