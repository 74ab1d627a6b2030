"""The difference of two texts, word by word, as a person reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

#: between what two texts begin and end with alike, so many words and spaces are compared one by one, else so many paragraphs;
#: of more than that one stands for the other as a whole. Comparing takes their number squared
_MOST_PIECES = 6_000

_WORD = re.compile(r"\s+|[^\s]+")
_LINE = re.compile(r"[^\n]*\n?")
_WHOLE = re.compile(r".+", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A run of words that both texts have, or one of them only."""

    kind: Literal["same", "removed", "added"]
    text: str


def difference(before: str, after: str) -> list[Passage]:
    """The passages from one text to the other, in reading order; what was removed stands before what was added."""
    for piece in (_WORD, _LINE, _WHOLE):
        old, new = piece.findall(before), piece.findall(after)
        first, last = _alike(old, new)
        if len(old) + len(new) - 2 * (first + last) <= _MOST_PIECES:
            break
    middle = _passages(old[first : len(old) - last], new[first : len(new) - last])
    return _joined([_same(old[:first]), *middle, _same(old[len(old) - last :])])


def _alike(old: list[str], new: list[str]) -> tuple[int, int]:
    """How many pieces two texts begin with alike, and how many of the rest they end with alike."""
    most = min(len(old), len(new))
    first = next((at for at in range(most) if old[at] != new[at]), most)
    last = next((at for at in range(most - first) if old[-1 - at] != new[-1 - at]), most - first)
    return first, last


def _same(pieces: list[str]) -> Passage:
    return Passage(kind="same", text="".join(pieces))


def _joined(passages: list[Passage]) -> list[Passage]:
    """Without what is empty, and with what is the same on both sides of a seam in one."""
    joined: list[Passage] = []
    for passage in passages:
        if joined and (joined[-1].kind, passage.kind) == ("same", "same"):
            joined[-1] = _same([joined[-1].text, passage.text])
        elif passage.text:
            joined.append(passage)
    return joined


def _passages(old: list[str], new: list[str]) -> Iterator[Passage]:
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield _same(old[a:b])
            continue
        if a < b:
            yield Passage(kind="removed", text="".join(old[a:b]))
        if c < d:
            yield Passage(kind="added", text="".join(new[c:d]))
