"""Which sections a text belongs to: the provider's subjects decide; without them, the wire's own words do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from services.enrichment.alternatives import one_of
from shared.contracts.finding import Finding
from shared.contracts.item import Concept
from shared.wire.config import Section
from shared.wire.topics import Topics

#: a word of the headline weighs as much as this many in the text
_HEADLINE_WEIGHT = 3
#: distinct evidence that a section needs, and its share of the best one's to come second
_ENOUGH, _SHARE = 3, 0.7


def sections_of(
    *, subjects: tuple[Concept, ...], headline: str, text: str, sections: Mapping[str, Section], topics: Topics
) -> tuple[Finding, ...]:
    """The sections that a text belongs to, the surest first; none where nothing speaks for one."""
    by_subject: dict[str, Finding] = {}
    for name, section in sections.items():
        if evidence := tuple(s.name or s.code for s in subjects if _is_under(s, name, section, topics)):
            by_subject[name] = Finding(name, "subject", evidence=evidence)
    if by_subject:
        return tuple(by_subject.values())
    scores = {
        name: _HEADLINE_WEIGHT * _words_in(headline, section.words) + _words_in(text, section.words)
        for name, section in sections.items()
    }
    best = max(scores.values(), default=0)
    if best < _ENOUGH:
        return ()
    return tuple(
        Finding(name, "words")
        for name, score in sorted(scores.items(), key=lambda pair: -pair[1])
        if score >= max(_ENOUGH, _SHARE * best)
    )


def _is_under(subject: Concept, name: str, section: Section, topics: Topics) -> bool:
    return not topics.with_broader(subject.code).isdisjoint(section.subjects) or subject.name.casefold() in (
        name,
        *(text.casefold() for text in section.name.values()),
    )


def _words_in(text: str, words: tuple[str, ...]) -> int:
    """How many of the words are there; each counts twice at most, so that one repeated word decides nothing."""
    if not words:
        return 0
    seen: dict[str, int] = {}
    for match in _pattern(words).finditer(text):
        word = match[1].casefold()
        seen[word] = min(seen.get(word, 0) + 1, 2)
    return sum(seen.values())


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:و|ب|ل)?({one_of(words)})(?!\w)", re.IGNORECASE)
