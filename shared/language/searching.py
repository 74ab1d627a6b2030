"""Full-text search as PostgreSQL does it: each edition with its own language's configuration, Arabic in one spelling."""

from __future__ import annotations

import re
import unicodedata

from babel import Locale

#: the languages that PostgreSQL 18 has a configuration for
_CONFIGURATIONS = {
    "arabic", "armenian", "basque", "catalan", "danish", "dutch", "english", "estonian", "finnish", "french", "german",
    "greek", "hindi", "hungarian", "indonesian", "irish", "italian", "lithuanian", "nepali", "norwegian", "portuguese",
    "romanian", "russian", "serbian", "spanish", "swedish", "tamil", "turkish", "yiddish",
}  # fmt: skip

#: letters by their shape in a word, as old systems and PDF have them
_SHAPES = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]+")
#: what nobody sees: joiners and non-joiners, marks of direction, soft hyphens, selectors of a variant
_UNSEEN = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
#: marks of vowels and of recitation, and the stroke that only stretches a word
_UNSPOKEN = "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08d3-\u08ff"
_NOTHING = re.compile(f"[{_UNSEEN}{_UNSPOKEN}]+")
#: a hamza before a waw, which is written in several ways: مسؤول, مسئول, مسوول; رؤوس, رءوس
_HAMZA_AND_WAW = re.compile("[ؤئء]?[ؤو]{1,2}")
#: and one behind a ya: شيء, شئ
_YA_AND_HAMZA = re.compile("[يىئی]ء")
#: a hundred with the alef that is written and not said: مائة, مئة; خمسمائة
_HUNDRED = re.compile("ما(?=ئ[ةهت])")
#: letters that are written in several ways: alef and what it carries, hamza's seats, the dotless ya, the closed ta, and those of
#: Persian, Urdu and Kurdish keyboards
_ONE_SPELLING = str.maketrans({
    **dict.fromkeys("أإآٱٲٳ", "ا"), **dict.fromkeys("ىئیېۍےۓێ", "ي"), **dict.fromkeys("کڪګ", "ك"),
    **dict.fromkeys("ةهہھەۀۂۃ", "ه"), **dict.fromkeys("ؤۆۇ", "و"), "٫": ".",
})  # fmt: skip
_FOREIGN_DIGIT = re.compile(r"(?![0-9])\d")
_BETWEEN_THOUSANDS = re.compile(r"(?<=\d)[,٬](?=\d{3}(?!\d))")


def configuration_of(edition: str) -> str:
    """The name of the text search configuration of an edition's language; `simple` where PostgreSQL has none."""
    name = (Locale.parse(edition, sep="-").english_name or "").partition(" ")[0].lower()
    return name if name in _CONFIGURATIONS else "simple"


def searchable(text: str) -> str:
    """A text, or what somebody looks for, in the one spelling that is searched."""
    text = _SHAPES.sub(lambda shapes: unicodedata.normalize("NFKC", shapes[0]), unicodedata.normalize("NFC", text))
    text = _HUNDRED.sub("م", _YA_AND_HAMZA.sub("ي", _HAMZA_AND_WAW.sub("و", _NOTHING.sub("", text))))
    text = _FOREIGN_DIGIT.sub(lambda digit: str(int(digit[0])), text.translate(_ONE_SPELLING))
    return _BETWEEN_THOUSANDS.sub("", text).replace("٬", "")
