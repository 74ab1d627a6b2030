"""Where texts name countries: each mention with its words, whole ones, doubtful ones only with a sign that the place is meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from services.enrichment.gazetteer import Gazetteer, Kind, Spelling, folded, is_arabic, without_marks

#: what Arabic writes in front of a name, as one word with it
_PROCLITICS = frozenset(
    conjunction + rest for conjunction in ("", "و", "ف") for rest in ("", "ب", "ك", "ل", "ال", "بال", "كال", "لل")
)
_LONGEST_PROCLITIC, _LONGEST_TICKER = 4, 3

#: the two names of one spelling that their vowels tell apart
_VOWELLED = (("عُمان", "سلطنة عمان"), ("عمّان", "عمان الأردنية"))
_PREVIOUS_WORD, _NEXT_WORD = re.compile(r"([^\W\d_][\w.'’-]{0,30})[ \u00a0]$"), re.compile(r"[ \u00a0]([^\W\d_][\w'’-]{0,30})")


class Mention(NamedTuple):
    """A name of a country in a text."""

    country: str
    kind: Kind
    start: int
    words: str  #: as the text has them


class _Found(NamedTuple):
    """A spelling at its place, before it is known whose it is."""

    spelling: Spelling
    start: int
    words: str
    is_likely: bool  #: nothing beside it speaks for a person or a common word


def mentions_in(texts: Iterable[str], names: Gazetteer, known: Iterable[str] = ()) -> list[list[Mention]]:
    """The mentions of each of an item's texts, in their order; what one text says of a doubtful name holds for all.

    Countries that are known to be spoken of, as by a dateline, decide what an ambiguous name means.
    """
    found = [list(_found_in(unmarked(text), names)) for text in texts]
    sure, unlikely = set(known), set()
    for per_text in found:
        for spelling, _, words, is_likely in per_text:
            if spelling.sure is None:
                if not is_likely:
                    unlikely.add(words.lower())
            elif spelling.sure.kind <= Kind.CITY:
                sure.add(spelling.sure.country)
    return [list(_decided(per_text, sure, unlikely)) for per_text in found]


def _decided(found: Iterable[_Found], sure: set[str], unlikely: set[str]) -> Iterator[Mention]:
    for spelling, start, words, _ in found:
        if spelling.sure:
            yield Mention(spelling.sure.country, spelling.sure.kind, start, words)
            continue
        # of several the default, unless only another is spoken of
        meaning = min(spelling.names, key=lambda name: (name.country not in sure, name.doubtful, name.kind))
        kind = meaning.kind
        if meaning.doubtful and meaning.country not in sure:
            if words.lower() in unlikely:
                continue
            kind = Kind.HINT
        yield Mention(meaning.country, kind, start, words)


def _found_in(text: str, names: Gazetteer) -> Iterator[_Found]:
    is_lower = text == text.lower()
    is_mixed = not is_lower and not text.isupper()
    last = 0
    for index, start, end in _whole_words(folded(text), names):
        spelling = names.meanings[index]
        if start < last:
            continue
        if not spelling.names:
            last = end
            continue
        if _is_another_word(text, start, end, spelling, is_mixed=is_mixed, is_lower=is_lower and text[start].islower()):
            continue
        last = end
        is_likely = not spelling.doubtful or _is_likely(text, start, end, names.beside)
        yield _Found(spelling, start, text[start:end], is_likely)


def _is_another_word(text: str, start: int, end: int, spelling: Spelling, *, is_mixed: bool, is_lower: bool) -> bool:
    """Do its letters say that a spelling is not the name that it could be?"""
    written = text[start:end]
    if is_mixed and written[0].islower() and not spelling.small:
        return True  # turkey, china, polish
    if is_lower and spelling.common:
        return True
    if written in ("us", "Us") or (
        len(written) <= _LONGEST_TICKER and text[start - 1 : start] == "<" and text[end : end + 1] == ">"
    ):
        return True  # a pronoun; a company's sign, as Union Carbide <UK>
    if spelling.ya and written[-1] == "ى" and "فى" not in text:
        return True  # اليمنى, المجرى: another letter, but where all final ya are written so
    return bool(spelling.exactly) and written not in spelling.exactly


def _whole_words(letters: str, names: Gazetteer) -> list[tuple[int, int, int]]:
    """Index, start and end of what stands as a word of its own, from the left and the longest first."""
    whole = []
    letters = f" {letters} "
    for index, start, end in names.automaton.find_matches_as_indexes(letters, overlapping=True):
        if letters[end].isalnum():
            continue
        if letters[start] == " ":
            whole.append((start, 1 - end, index))
        elif not letters[start - 1].isalnum() or _has_proclitic(letters, start):
            whole.append((start - 1, 1 - end, index))
    whole.sort()
    return [(index, start, -end) for start, end, index in whole]


def _has_proclitic(letters: str, start: int) -> bool:
    """Is all that stands in front of a name, to the word's beginning, what Arabic joins to it?"""
    before = start
    while before and letters[before - 1].isalnum():
        before -= 1
        if start - before > _LONGEST_PROCLITIC:
            return False
    return letters[before:start] in _PROCLITICS


def _is_likely(text: str, start: int, end: int, beside: Mapping[str, frozenset[str]]) -> bool:
    """Does nothing beside a doubtful name make a person of it, or a common word?"""
    before, after = _PREVIOUS_WORD.search(text, max(0, start - 30), start), _NEXT_WORD.match(text, end, end + 30)
    if is_arabic(text[start]):
        return start == 0 or bool(before and folded(before[1]) in beside["arabic"])
    if text[:start].isupper() or text.isupper():
        return not (before and before[1].casefold() in beside["given"])
    if before and before[1][0].isupper() and before[1].casefold() not in beside["english"] and not before[1].endswith("."):
        return False
    return not (after and after[1][0].isupper() and after[1].casefold() not in beside["english"])


def unmarked(text: str) -> str:
    """Without Arabic vowel signs; the names that only these tell apart are written out."""
    if without_marks(text) is text:
        return text
    for vowelled, written_out in _VOWELLED:
        text = text.replace(vowelled, written_out)
    return without_marks(text)
