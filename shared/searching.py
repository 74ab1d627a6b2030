"""Full-text search as PostgreSQL does it: each edition with its own language's configuration, Arabic in one spelling."""

from __future__ import annotations

import re

from babel import Locale

#: the languages that PostgreSQL 18 has a configuration for
_CONFIGURATIONS = {
    "arabic", "armenian", "basque", "catalan", "danish", "dutch", "english", "estonian", "finnish", "french", "german",
    "greek", "hindi", "hungarian", "indonesian", "irish", "italian", "lithuanian", "nepali", "norwegian", "portuguese",
    "romanian", "russian", "serbian", "spanish", "swedish", "tamil", "turkish", "yiddish",
}  # fmt: skip

#: marks of vowels, and the stroke that only stretches a word
_UNSPOKEN = re.compile("[\u064b-\u065f\u0670\u0640]")
#: letters that are written in several ways: alef with what it carries, the dotless ya, the closed ta
_ONE_SPELLING = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه"})


def configuration_of(edition: str) -> str:
    """The name of the text search configuration of an edition's language; `simple` where PostgreSQL has none."""
    name = (Locale.parse(edition, sep="-").english_name or "").partition(" ")[0].lower()
    return name if name in _CONFIGURATIONS else "simple"


def searchable(text: str) -> str:
    """A text, or what somebody looks for, in the one spelling that is searched."""
    return _UNSPOKEN.sub("", text).translate(_ONE_SPELLING)
