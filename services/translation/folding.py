"""Texts of any script in one plain spelling, to be compared: no accents, no vowel marks, no capitals."""

from __future__ import annotations

import re
import unicodedata

from shared.language.searching import searchable

_WORD = re.compile(r"[^\W_]+")

#: what Arabic writes together with the word after it: and, so, with, as, for, the
_BEFORE = ("", "و", "ف", "ب", "ك", "ل", "ال", "وال", "بال", "فال", "كال", "لل", "ولل", "وب", "ول")


def folded(text: str) -> str:
    """The plain spelling."""
    spread = unicodedata.normalize("NFKD", searchable(text))
    return "".join(sign for sign in spread if not unicodedata.combining(sign)).casefold()


def words(text: str) -> list[str]:
    """A text's words and numbers in their plain spelling."""
    return _WORD.findall(folded(text))


def bare(word: str) -> set[str]:
    """An Arabic word with and without what may be written together with it; of other words themselves."""
    return {word.removeprefix(before) for before in _BEFORE if len(word) > len(before) + 1}


def stands_in(phrase: str, text: str) -> bool:
    """Do the phrase's words follow each other in the text, each with whatever is written together with it?"""
    wanted, there = words(phrase), words(text)
    if not wanted:
        return True
    forms = [bare(word) | {word} for word in there]
    wanted_forms = [bare(word) | {word} for word in wanted]
    return any(
        all(wanted_forms[offset] & forms[start + offset] for offset in range(len(wanted)))
        for start in range(len(there) - len(wanted) + 1)
    )
