"""Texts of any script in one plain spelling, to be compared: no accents, no vowel marks, no capitals."""

from __future__ import annotations

import re
import unicodedata

from shared.language.searching import searchable

_WORD = re.compile(r"[^\W_]+")

#: what Arabic writes together with the word after it: and, so, with, as, for, the
_BEFORE = ("", "و", "ف", "ب", "ك", "ل", "ال", "وال", "بال", "فال", "كال", "لل", "ولل", "وب", "ول")


def fold(text: str) -> str:
    """A text in its plain spelling."""
    spread = unicodedata.normalize("NFKD", searchable(text))
    return "".join(char for char in spread if not unicodedata.combining(char)).casefold()


def words(text: str) -> list[str]:
    """A text's words and numbers in their plain spelling."""
    return _WORD.findall(fold(text))


def bare_forms(word: str) -> set[str]:
    """An Arabic word with and without what may be written together with it; of other words themselves."""
    return {word.removeprefix(before) for before in _BEFORE if len(word) > len(before) + 1}


def stands_in(phrase: str, text: str) -> bool:
    """Do the phrase's words follow each other in the text, each with whatever is written together with it?"""
    phrase_forms = [bare_forms(word) | {word} for word in words(phrase)]
    if not phrase_forms:
        return True
    text_forms = [bare_forms(word) | {word} for word in words(text)]
    return any(
        all(forms & text_forms[start + offset] for offset, forms in enumerate(phrase_forms))
        for start in range(len(text_forms) - len(phrase_forms) + 1)
    )
