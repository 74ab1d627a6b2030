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
class Told:
    """An item's language, and whose word that is."""

    language: str
    by: By


def tell_language(said: str, text: str, evidence: Evidence, wire: Wire) -> Told:
    """The language of an item. A doubtful one is that of the wire's first edition in its script."""
    if names_a_language(said):
        return Told(said, "said")
    found = find_language(text, tuple(wire.editions))
    if evidence.story and not (found.is_sure and found.script != script_of(evidence.story)):
        return Told(evidence.story, "story")
    if found.is_sure:
        return Told(found.language, "text")
    if usual := usual_of(evidence.recent, found.script):
        return Told(usual, "usual")
    for edition in wire.editions:
        if not found.script or script_of(edition) == found.script:
            return Told(edition, "guess")
    return Told(found.language or "und", "guess")


def usual_of(recent: Sequence[str], script: str) -> str:
    """The language that a sender usually writes in a script; in any, for a text without letters. Empty if it writes several."""
    written = Counter(language for language in recent if not script or script_of(language) == script)
    language, times = written.most_common(1)[0] if written else ("", 0)
    return language if times >= _USUAL * written.total() else ""
