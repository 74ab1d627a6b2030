"""The difference of two texts, word by word, as a person reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

#: texts of more words are compared paragraph by paragraph only: comparing words takes their number squared
_MOST_WORDS = 20_000

_WORD = re.compile(r"\s+|[^\s]+")
_LINE = re.compile(r"[^\n]*\n?")


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A run of words that both texts have, or one of them only."""

    kind: Literal["same", "removed", "added"]
    text: str


def difference(before: str, after: str) -> list[Passage]:
    """The passages from one text to the other, in reading order; what was removed stands before what was added."""
    is_long = (len(before) + len(after)) / 6 > _MOST_WORDS
    old, new = ((_LINE if is_long else _WORD).findall(text) for text in (before, after))
    return list(_passages(old, new))


def _passages(old: list[str], new: list[str]) -> Iterator[Passage]:
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Passage(kind="same", text="".join(old[a:b]))
            continue
        if a < b:
            yield Passage(kind="removed", text="".join(old[a:b]))
        if c < d:
            yield Passage(kind="added", text="".join(new[c:d]))
