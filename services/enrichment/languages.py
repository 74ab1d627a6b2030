"""The language of an item, decided from evidence in this order: what it says; its story's earlier versions; what its sender
usually writes for its provider; its script; what its words look like.

Whatever stands behind the item itself gives way to a text that is surely in another language: a sender who usually writes English
and sends French without saying so has sent French. A story's own language gives way to another script alone; a correction whose
words look like another language's goes where its story is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from shared.language.detection import find_language, names_a_language
from shared.language.scripts import script_of
from shared.wire.config import Wire

#: whose word an item's language is: its own, its story's, its sender's usual one, its text's for sure, nobody's
By = Literal["said", "story", "usual", "text", "guess"]

#: a sender's usual language is one that nearly all of so many of its newest items are in
RECENT, _USUAL = 20, 0.9


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What is known of an item's language before it is read."""

    story: str = ""  #: the language of its story's earlier versions
    recent: tuple[str, ...] = ()  #: of its sender's newest items for its provider, as far as they were said or sure


NOTHING_KNOWN = Evidence()


@dataclass(frozen=True)
class ItemLanguage:
    """An item's language, and whose word that is."""

    language: str
    by: By


def identify_language(declared: str, text: str, evidence: Evidence, wire: Wire) -> ItemLanguage:
    """The language of an item (BCP 47) and whose word that is. `declared` is what the item says of itself, `text` its words.

    A doubtful language is that of the wire's first edition in its script; `und` where there is none.
    """
    if names_a_language(declared):
        return ItemLanguage(declared, "said")
    by_text = find_language(text, tuple(wire.editions))
    if evidence.story and not (by_text.is_sure and by_text.script != script_of(evidence.story)):
        return ItemLanguage(evidence.story, "story")
    if by_text.is_sure:
        return ItemLanguage(by_text.language, "text")
    if usual := usual_of(evidence.recent, by_text.script):
        return ItemLanguage(usual, "usual")
    for edition in wire.editions:
        if not by_text.script or script_of(edition) == by_text.script:
            return ItemLanguage(edition, "guess")
    return ItemLanguage(by_text.language or "und", "guess")


def usual_of(recent: Sequence[str], script: str) -> str:
    """The language that a sender usually writes in a script; in any, for a text without letters. Empty if it writes several."""
    used = Counter(language for language in recent if not script or script_of(language) == script)
    language, times = used.most_common(1)[0] if used else ("", 0)
    return language if times >= _USUAL * used.total() else ""
