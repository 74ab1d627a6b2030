"""A machine's text as a newspaper of the edition's language sets it: its punctuation, its digits, Latin words in their order."""

from __future__ import annotations

import re

from services.translation.text.segments import between_tags
from shared.language.digits import with_digits

_FSI, _PDI = "\u2068", "\u2069"
#: not between figures (1,200) nor inside Latin words
_ARABIC = str.maketrans({",": "،", ";": "؛", "?": "؟"})
_MARK = re.compile(r"(?<![0-9A-Za-z])[,;?]|[,;?](?![0-9A-Za-z])")
#: straight quotation marks, by what stands before them
_OPENS, _CLOSES = re.compile(r'(?<![^\s(\[«])"(?=\S)'), re.compile('"')
_ENTITY = re.compile(r"(&#?\w+;)")
#: Latin words with signs or figures in them, which the direction around them would tear apart: A-10 (US), +971 4 123
_LATIN = re.compile(r"(?<![\w&])[A-Za-z][A-Za-z0-9]*(?:(?:&amp;|[ .,:/+'’()-])*[A-Za-z0-9+]+)+")
_TORN = re.compile(r"[^A-Za-z]")


def set_in_type(text: str, *, language: str, direction: str, digits: str) -> str:
    """A segment's HTML with the edition's punctuation and digits."""
    return between_tags(text, lambda part: _set(part, language, direction, digits))


def _set(text: str, language: str, direction: str, digits: str) -> str:
    if language.split("-")[0] in ("ar", "fa", "ur"):
        text = _CLOSES.sub("»", _OPENS.sub("«", text))
        text = "".join(
            part if number % 2 else _MARK.sub(lambda mark: mark[0].translate(_ARABIC), part)
            for number, part in enumerate(_ENTITY.split(text))
        )
    if direction == "rtl":
        text = _LATIN.sub(lambda run: f"{_FSI}{run[0]}{_PDI}" if _TORN.search(run[0].strip()) else run[0], text)
    return "".join(part if number % 2 else with_digits(part, digits) for number, part in enumerate(_ENTITY.split(text)))
