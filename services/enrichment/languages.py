"""The language of an item, decided from evidence in this order: what it says; its story's earlier versions; what its sender
usually writes for its provider; its script; what its words look like.

Whatever stands behind the item itself gives way to a text that is surely in another language: a sender who usually writes English
and sends French without saying so has sent French. A story's own language gives way to another script alone; a correction whose
words look like another language's goes where its story is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from shared.language.detection import Found, find_language, names_a_language
from shared.language.scripts import script_of
from shared.wire.config import Wire

#: whose word an item's language is: its own, its story's, its sender's usual one, its text's for sure, nobody's
By = Literal["said", "story", "usual", "text", "guess"]

#: a sender's usual language is one that nearly all of so many of its newest items are in
RECENT, _USUAL = 20, 0.9
#: how sure it is that a version is in its story's language, and that what has no letters is in the wire's first
_OF_ITS_STORY, _BY_NOTHING = 0.98, 0.5


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What is known of an item's language before it is read."""

    story: str = ""  #: the language of its story's earlier versions
    recent: tuple[str, ...] = ()  #: of its sender's newest items for its provider, as far as they were said or sure


NOTHING_KNOWN = Evidence()


@dataclass(frozen=True)
class ItemLanguage:
    """An item's language, whose word that is, how sure it is and what decided. Equal is what says the same, however surely."""

    language: str
    by: By
    confidence: float = field(default=1.0, compare=False)  #: from 0 to 1: of so many that are said this surely, so many are right
    #: the language that was said, or that its story or sender has; words of its text; the script, where that alone decides
    evidence: tuple[str, ...] = field(default=(), compare=False)


def identify_language(declared: str, text: str, evidence: Evidence, wire: Wire) -> ItemLanguage:
    """The language of an item (BCP 47) and whose word that is. `declared` is what the item says of itself, `text` its words.

    A doubtful language is that of the wire's first edition in its script; `und` where there is none.
    """
    if names_a_language(declared):
        return ItemLanguage(declared, "said", evidence=(declared,))
    by_text = find_language(text, tuple(wire.editions))
    if evidence.story and not (by_text.is_sure and by_text.script != script_of(evidence.story)):
        return ItemLanguage(evidence.story, "story", _OF_ITS_STORY, (evidence.story,))
    if by_text.is_sure:
        return ItemLanguage(by_text.language, "text", by_text.confidence, by_text.evidence or (by_text.script,))
    if usual := usual_of(evidence.recent, by_text.script):
        return ItemLanguage(usual, "usual", _USUAL, (usual,))
    for edition in wire.editions:
        if not by_text.script or script_of(edition) == by_text.script:
            is_likeliest = by_text.language == edition.split("-")[0]
            confidence = by_text.confidence if is_likeliest else 1 - by_text.confidence
            return ItemLanguage(edition, "guess", confidence if by_text.script else _BY_NOTHING, _script(by_text))
    return ItemLanguage(by_text.language or "und", "guess", by_text.confidence, _script(by_text))


def _script(found: Found) -> tuple[str, ...]:
    return (found.script,) if found.script else ()


def usual_of(recent: Sequence[str], script: str) -> str:
    """The language that a sender usually writes in a script; in any, for a text without letters. Empty if it writes several."""
    used = Counter(language for language in recent if not script or script_of(language) == script)
    language, times = used.most_common(1)[0] if used else ("", 0)
    return language if times >= _USUAL * used.total() else ""
