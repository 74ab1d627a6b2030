"""Names in an Arabic text: by titles and first names, by the words that organisations and companies begin with, and known ones.

Arabic has no capitals. A name ends at a mark, a small word, a verb that is known, or where the words behind it are no names.
"""

from __future__ import annotations

from functools import cache

from services.enrichment.names.arabic_words import (
    ANY_WORD_BEHIND,
    COMPANIES,
    COMPANY_HEADS,
    DOUBTFUL_FIRST_NAMES,
    ENDINGS_OF_ADJECTIVES,
    FIRST_NAMES,
    LEGAL_FORMS,
    NO_COMPANY,
    OF_OFFICES,
    OPEN_TITLES,
    ORGANISATION_HEADS,
    ORGANISATIONS,
    STOPS,
    TITLES,
    folded,
    spaced,
)
from services.enrichment.names.found import Kind, Named

_PREFIXES = ("و", "ف", "ب", "ل", "ك")
_QUOTES = frozenset("\"«“'‘")
_COMPOUND = frozenset(("عبد", "ابو", "بن", "ال", "ابن", "دي", "فان", "فون", "دا", "اردوغان"))
#: heads that one word behind does not make a name: مجلس العزاء
_NEEDING_TWO = frozenset(("مجلس", "لجنه", "محكمه", "صندوق", "مؤسسه", "نادي"))
_MOST_OF_AN_OFFICE, _MOST_OF_A_NAME = 5, 4


def names_in_arabic(text: str) -> tuple[list[Named], list[str]]:
    """The names of a text without vowel marks, in its order; and its words."""
    apart = spaced(text)
    words, plain = apart.split(), folded(apart).split()
    known, triggers = _known(), _triggers()
    found: list[Named] = []
    reader = _Reader(words, plain, text, found)
    at, end = 0, len(plain)
    while at < end:
        word = plain[at]
        if word in triggers:
            prefix = 0
        elif word[0] in _PREFIXES and word[1:] in triggers:
            prefix = 1
        else:
            at += 1
            continue
        at = reader.read(at, prefix, word[prefix:], known) or at + 1
    return found, words


class _Reader:
    """What stands at a word with which a name may begin; each method gives the place behind what it took, or 0."""

    def __init__(self, words: list[str], plain: list[str], text: str, found: list[Named]) -> None:
        self.words, self.plain, self.text, self.found = words, plain, text, found

    def read(self, at: int, prefix: int, word: str, known: dict[str, tuple[tuple[tuple[str, ...], Kind], ...]]) -> int:
        for rest, kind in known.get(word, ()):
            if tuple(self.plain[at + 1 : at + 1 + len(rest)]) == rest:
                return self._add(kind, at, at + 1 + len(rest), 0.95, prefix)
        if word in TITLES and (behind := self._titled(at)):
            return behind
        if word in FIRST_NAMES and word not in DOUBTFUL_FIRST_NAMES and not prefix:
            return self._untitled(at)
        if word in ORGANISATION_HEADS and not (prefix and word[0] == self.plain[at][0]):  # للجنة is of اللجنة
            return self._organisation(at, prefix, word)
        if word in COMPANY_HEADS:
            return self._company(at, prefix, word)
        if word == "البنك" and self._is(at + 1, "المركزي"):
            return self._add("organisations", at, self._adjectives_end(at + 2), 0.95, prefix)
        return 0

    def _is(self, at: int, word: str) -> bool:
        return at < len(self.plain) and self.plain[at] == word

    def _word(self, at: int) -> str:
        return self.plain[at] if at < len(self.plain) else ""

    def _titled(self, at: int) -> int:
        """A title, more of the office, adjectives of nations, and then a name: وزير الخارجية الأمريكي أنتوني بلينكن."""
        place = at + 1
        while place - at <= _MOST_OF_AN_OFFICE:
            word = self._word(place)
            if not word or word in STOPS or not word[0].isalpha():
                return 0
            if self._begins_a_name(place):
                break
            is_more = word.startswith(("ال", "وال", "لل", "بال")) or word in OF_OFFICES or word in TITLES
            if not is_more:
                break
            place += 1
        else:
            return 0
        end = self._name_end(place)
        is_known = self._begins_a_name(place)
        is_guess = not is_known and (self.plain[at] in OPEN_TITLES and place == at + 1)
        if not end or is_guess or (not is_known and (end - place != 2 or not self._is_closed(end))):
            return 0
        if not is_known and self.plain[place].startswith(("ال", "ي", "ت", "لل", "بال", "و", "ب", "ل", "م", "س")):
            return 0
        return self._add("people", place, end, 0.95 if is_known else 0.8, 0, since=at)

    def _begins_a_name(self, at: int) -> bool:
        word = self._word(at)
        return word in FIRST_NAMES or (word in DOUBTFUL_FIRST_NAMES and bool(self._name_end(at)))

    def _untitled(self, at: int) -> int:
        """A first name that is no other word, and behind it what is a name too."""
        end = self._name_end(at)
        if not end or end - at < 2:
            return 0
        last = self.plain[end - 1]
        is_sure = last in FIRST_NAMES or last.startswith("ال") or self.plain[at + 1] in _COMPOUND or self._is_closed(end)
        return self._add("people", at, end, 0.9 if is_sure else 0.8, 0) if is_sure else 0

    def _name_end(self, at: int) -> int:
        """Behind the last word of a name that begins here; 0 where nothing of the kind stands."""
        if not self._word(at)[:1].isalpha() or self._word(at) in STOPS:
            return 0
        end = at + 1
        while end - at < _MOST_OF_A_NAME:
            word = self._word(end)
            if not _may_be_of_a_name(word):
                break
            end += 1
            if not (self.plain[end - 2] in _COMPOUND or word in FIRST_NAMES or word in _COMPOUND or self._is(end, "عشر")):
                break
        if self.plain[end - 1] in ("عبد", "بن", "ابو", "ابن") or end - at < 2:
            return 0
        return end

    def _is_closed(self, at: int) -> bool:
        """Does the name end here for sure: at a mark, a small word or the end?"""
        word = self._word(at)
        return not word or not word[0].isalnum() or word in STOPS

    def _organisation(self, at: int, prefix: int, head: str) -> int:
        end = at + 1
        word = self._word(end)
        if word in _QUOTES:
            return self._quoted(at, prefix, "organisations")
        if word.startswith("ال") and word not in STOPS:
            end += 1
        elif head in ANY_WORD_BEHIND and _may_be_of_a_name(word) and len(word) > 3 and not word.endswith(("ه", "ات", "يا")):
            return self._add("organisations", at, self._adjectives_end(end + 1), 0.8, prefix) if self._is_closed(end + 1) else 0
        else:
            return 0
        is_body = (
            head == "نادي"
            or (head == "محكمه" and self._is_closed(end))
            or (self._word(end).startswith(("ال", "لل")) and self._word(end) not in STOPS)
        )
        if head in _NEEDING_TWO and not is_body:
            return 0
        while (
            end - at < 5
            and (word := self._word(end))
            and word.startswith(("ال", "وال", "لل"))
            and word not in STOPS
            and word[1:] not in STOPS
        ):
            if word.startswith("وال") and head not in ("وزاره", "هيئه"):
                break
            end += 1
        return self._add("organisations", at, end, 0.9, prefix)

    def _company(self, at: int, prefix: int, head: str) -> int:
        first = self._word(at + 1)
        if first in _known():
            return 0
        if first in _QUOTES:
            return self._quoted(at, prefix, "companies")
        for end in range(at + 2, min(at + 7, len(self.plain))):  # شركة … القابضة
            if not self.plain[end][0].isalpha() or self.plain[end] in STOPS:
                break
            if self.plain[end] in LEGAL_FORMS:
                return self._add_company(at, end + 1, 0.9, prefix)
        if not _may_be_of_a_name(first) or first in NO_COMPANY or len(first) < 3 or head == "مجموعه":
            return 0
        if (first.startswith(("ال", "لل", "ل", "ب", "ي", "ت", "و")) and head != "بنك") or first.endswith(("ه", "ات", "يه")):
            return 0
        end = self._adjectives_end(at + 2)
        if not self._is_closed(end):
            end += 1
            if not self._is_closed(end) or not _may_be_of_a_name(self.plain[end - 1]):
                return 0
        if first.startswith("ال") and end - at < 3:
            return 0
        return self._add_company(at, end, 0.85, prefix)

    def _add_company(self, at: int, end: int, confidence: float, prefix: int) -> int:
        """Without the word `company` in front, where the name does without it."""
        if self.plain[at][prefix:] == "شركه" and not self.plain[at + 1].startswith("ال"):
            return self._add("companies", at + 1, end, confidence, 0, since=at)
        return self._add("companies", at, end, confidence, prefix)

    def _quoted(self, at: int, prefix: int, kind: Kind) -> int:
        """A name between quotation marks behind its head: شركة "كذا"."""
        for end in range(at + 2, min(at + 8, len(self.plain))):
            if self.plain[end] in "\"»”'’":
                return self._add_words(kind, self.words[at + 2 : end], 0.9, self._span(at, end + 1)) or end + 1
        return 0

    def _adjectives_end(self, at: int) -> int:
        """Behind the definite adjectives that go on here: البنك المركزي الأوروبي."""
        while (word := self._word(at)).startswith("ال") and word.endswith(ENDINGS_OF_ADJECTIVES) and word not in STOPS:
            at += 1
        return at

    def _span(self, at: int, end: int) -> str:
        return " ".join(self.words[at:end])

    def _add(self, kind: Kind, at: int, end: int, confidence: float, prefix: int, *, since: int | None = None) -> int:
        words = self.words[at:end]
        words[0] = words[0][prefix:]
        self._add_words(kind, words, confidence, self._span(at if since is None else since, end))
        return end

    def _add_words(self, kind: Kind, words: list[str], confidence: float, evidence: str) -> int:
        name = " ".join(words)
        if name and name in self.text:
            self.found.append(Named(kind, name, evidence if evidence in self.text else name, confidence))
        return 0


def _may_be_of_a_name(word: str) -> bool:
    return (
        len(word) > 1
        and word[0].isalpha()
        and "\u0600" < word[0] < "\u06ff"
        and word not in STOPS
        and not (word in TITLES or word.startswith(("بال", "لل", "وال", "فال", "كال")))
    )


@cache
def _known() -> dict[str, tuple[tuple[tuple[str, ...], Kind], ...]]:
    """Known names by their first word: what stands behind it, the longest first, and of which kind it is."""
    by_first: dict[str, list[tuple[tuple[str, ...], Kind]]] = {}
    kinds: tuple[tuple[frozenset[str], Kind], ...] = ((ORGANISATIONS, "organisations"), (COMPANIES, "companies"))
    for names, kind in kinds:
        for name in names:
            first, *rest = folded(name.strip()).split()
            by_first.setdefault(first, []).append((tuple(rest), kind))
    return {first: tuple(sorted(found, key=lambda one: -len(one[0]))) for first, found in by_first.items()}


@cache
def _triggers() -> frozenset[str]:
    return frozenset((*_known(), *TITLES, *FIRST_NAMES, *ORGANISATION_HEADS, *COMPANY_HEADS, "البنك")) - {""}
