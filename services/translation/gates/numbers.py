"""Numbers are kept: each figure of the source is in the translation, and no other. Words for small numbers count as figures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from num2words import num2words

from services.translation.gates.fault import Fault
from services.translation.text.folding import bare_forms, words

_FIGURE = re.compile(r"\d+(?:[.,:٫٬’']\d+)*")
_SEPARATORS = re.compile(r"[.,:٫٬’']")
_DECADE = re.compile(r"^(?:1\d|20)?\d0$")

#: up to here numbers are often written as words
_MAX_SPELLED = 100


def faults(source: str, target: str, source_language: str, target_language: str) -> list[Fault]:
    """Figures that were lost, and figures that came from nowhere."""
    source_figures, target_figures = _figures(source), _figures(target)
    ours, theirs = set(source_figures), set(target_figures)
    lost = {figure for figure in ours - theirs if not _is_said(figure, source, target, theirs, target_language)}
    new = {figure for figure in theirs - ours if not _is_meant(figure, source, ours, source_language)}
    return [
        *(Fault("numbers", f"{source_figures[figure]} is missing") for figure in sorted(lost)),
        *(Fault("numbers", f"{target_figures[figure]} is not in the source") for figure in sorted(new)),
    ]


def _figures(text: str) -> dict[str, str]:
    """Each number of a text in plain digits, whatever digits and separators it is written with; and how that is."""
    figures = {}
    for written in _FIGURE.findall(text):
        plain = "".join(str(int(char)) if char.isdecimal() else char for char in written)
        figures[_SEPARATORS.sub("", plain).lstrip("0") or "0"] = written
    return figures


def _is_said(figure: str, source: str, target: str, theirs: set[str], language: str) -> bool:
    """Is a figure of the source said in another way: as a word, as a decade, in the day's other twelve hours?"""
    number = int(figure)
    if number in (1, 2):  # languages have forms for one and two, which are no words of their own
        return True
    if number <= _MAX_SPELLED and _spelled(number, language) & _stems(target):
        return True
    if _DECADE.match(figure) and re.search(rf"{figure}['’]?s\b", source):
        return True
    if re.search(rf"\b{figure}(?:st|nd|rd|th)\b", source) and number <= 31:
        return True
    return bool(_other_half_of_day(figure) & theirs)


def _is_meant(figure: str, source: str, ours: set[str], language: str) -> bool:
    """Stands a figure of the translation for a word of the source?"""
    number = int(figure)
    if number <= _MAX_SPELLED and _spelled(number, language) & _stems(source):
        return True
    if any(_DECADE.match(own) and own.endswith(figure) for own in ours):  # 1990s: the 90s
        return True
    if number % 12 == 0 and "dozen" in source.casefold():
        return True
    return bool(_other_half_of_day(figure) & ours)


def _other_half_of_day(figure: str) -> set[str]:
    """9:30 as 21:30, and the other way round; full hours with and without their minutes."""
    number = int(figure)
    hour, minute = (divmod(number, 100) if number >= 100 else (number, 0)) if number < 2400 else (99, 0)
    if hour > 24 or minute > 59:
        return set()
    hours = [h for h in (hour, hour + 12, hour - 12) if 0 <= h <= 24]
    return {str(h * 100 + minute) for h in hours} | {str(h) for h in hours if not minute}


@cache
def _spelled(number: int, language: str) -> frozenset[str]:
    """The stems of a number's words in a language; none in a language whose numbers nobody has written down."""
    stems: set[str] = set()
    for to in ("cardinal", "ordinal"):
        try:
            spelled = num2words(number, to=to, lang=language)
        except (NotImplementedError, IndexError, KeyError, TypeError, ValueError):
            continue
        parts = words(spelled)
        if len(parts) == 1:
            stems |= {_stem(form) for form in bare_forms(parts[0]) | {parts[0]}}
        else:
            stems.add(_beginnings(parts))
    return frozenset(stems)


def _stems(text: str) -> set[str]:
    parts = words(text)
    single = {_stem(form) for part in parts for form in bare_forms(part) | {part}}
    return single | {_beginnings([form, b]) for a, b in pairwise(parts) for form in bare_forms(a) | {a}}


def _beginnings(parts: Sequence[str]) -> str:
    """Numbers of two words change within (اثنا عشر, اثنتي عشرة): how each begins is enough."""
    return " ".join(part[:3] for part in parts)


def _stem(word: str) -> str:
    """Without the ending that changes with gender and case."""
    for ending in ("ون", "ين", "ه", "ا"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word.removesuffix(ending)
    return word
