"""Words and phrases that a wire's file lists, found in a text as newspapers write them: plurals, articles, prefixes, any case.

A text is read once, however many words are listed: each of its words is looked up, never each listed word searched for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

#: words, and the marks that end a phrase or begin a sign of the stock exchange: `NUMAC OIL <NMC>`
TOKEN = re.compile(r"[\w\u064b-\u0652\u0670]+|[.,;:()<]")

_ARABIC = re.compile(r"[\u0620-\u064a]")
#: letters that are written one way or another; vowel signs and long lines, which may be left out
_SPELLINGS = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ؤ": "و", "ئ": "ي", "ـ": None, "\u0670": None} | dict.fromkeys(range(0x64B, 0x653))
)
_ARTICLES = ("وال", "بال", "لل", "ال")
#: what is written together with the next word: and, in, for, like, will, the
_PREFIXES = ("وبال", "وال", "فال", "بال", "كال", "ولل", "لل", "ال", "وب", "ول", "وس", "و", "ف", "ب", "ل", "ك", "س")
#: plurals, his, her, their, our, and what makes an adjective of a noun
_SUFFIXES = ("ات", "ون", "ين", "ان", "يه", "ها", "هم", "نا", "ية", "ه", "ة", "ي", "ا")
_FEMININE = "ة"
#: as it is written before a suffix: أغنية, أغنيتها
_FEMININE_BEFORE_SUFFIX = "ت"
#: letters that are left of an Arabic word without its prefix or suffix, and of an English one without its plural
_SHORTEST, _SHORTEST_SINGULAR = 3, 3
#: words of a text that are remembered with what they are listed as; when there are more, all are looked up anew
_MOST_KEPT = 20_000
#: `Murphy Oil Corp`: what stands in a company's name says nothing of the story
_COMPANIES = frozenset(
    [
        *("corp", "corporation", "co", "inc", "incorporated", "ltd", "limited", "plc", "llc", "lp", "nv", "ag", "gmbh", "spa"),
        *("pty", "bhd", "trust", "partners"),
    ]
)
_ENDS_A_NAME = _COMPANIES | {"<"}
_AND = frozenset(("and", "&"))


#: where a listed phrase stands among the tokens of a text: the phrase's number, its first token, and the one after its last
Match = tuple[int, int, int]


class ListedWords:
    """Phrases of several lists, numbered, and how to find them. Of two that begin with the same word the longer one is found."""

    def __init__(self, lists: Mapping[str, Iterable[str]]) -> None:
        self.listed_by: list[tuple[str, ...]] = []  #: of each phrase, by its number: whose it is
        self._alone: dict[str, int] = {}  #: phrases of one word
        self._longer: dict[
            tuple[str, str], list[tuple[tuple[str, ...], int]]
        ] = {}  #: others by their first two, the longest first
        owners: dict[tuple[str, ...], list[str]] = {}
        for name, phrases in lists.items():
            for phrase in phrases:
                words = tuple(_bare(_spelled(word)) for word in TOKEN.findall(phrase))
                if words and name not in owners.setdefault(words, []):
                    owners[words].append(name)
        for words in sorted(owners, key=len, reverse=True):
            if len(words) > 1:
                self._longer.setdefault((words[0], words[1]), []).append((words, len(self.listed_by)))
            else:
                self._alone[words[0]] = len(self.listed_by)
            self.listed_by.append(tuple(owners[words]))
        #: of a longer phrase, its words that are listed alone too: 1 if by others than itself, -1 if by the same
        self._within: dict[int, list[tuple[int, int]]] = {}
        for words, number in chain.from_iterable(self._longer.values()):
            for alone in {self._alone[word] for word in words if word in self._alone}:
                by_another = set(self.listed_by[alone]).isdisjoint(self.listed_by[number])
                self._within.setdefault(number, []).append((alone, 1 if by_another else -1))
        self._listed = {word for words in owners for word in words}
        self._kept: dict[str, str] = {}

    def matches(self, tokens: tuple[str, ...]) -> list[Match]:
        """What of a text is listed, in order, given its tokens in small letters.

        A name of a company is none, where it is written out and where it is not: `Gold Oil` after `Gold Oil Ltd`. Nor is a word
        that stands for a phrase which somebody else lists: `oil` in a text about palm oil.
        """
        found = self._all(tokens)
        if not _ENDS_A_NAME.isdisjoint(tokens):
            names = [_is_a_company(tokens, end) for _, _, end in found]
            named = {tokens[start - 1 : end] for (_, start, end), is_name in zip(found, names, strict=True) if is_name and start}
            found = [
                match
                for match, is_name in zip(found, names, strict=True)
                if not is_name and (match[1] == 0 or tokens[match[1] - 1 : match[2]] not in named)
            ]
        contested: dict[int, int] = {}
        for phrase, _, _ in found:
            for alone, by_another in self._within.get(phrase, ()):
                contested[alone] = contested.get(alone, 0) + by_another
        return [match for match in found if contested.get(match[0], 0) <= 0] if contested else found

    def _all(self, tokens: tuple[str, ...]) -> list[Match]:
        kept = self._known(tokens)
        found: list[Match] = []
        at = 0
        for start in [start for start, token in enumerate(tokens) if kept[token]]:
            if start < at:
                continue
            word = kept[tokens[start]]
            phrase, end = self._alone.get(word), start + 1
            if start + 1 < len(tokens) and (second := kept[tokens[start + 1]]):
                for words, number in self._longer.get((word, second), ()):
                    if len(words) == 2 or words == tuple([kept[token] for token in tokens[start : start + len(words)]]):
                        phrase, end = number, start + len(words)
                        break
            if phrase is not None:
                found.append((phrase, start, end))
                at = end
        return found

    def _known(self, tokens: tuple[str, ...]) -> Mapping[str, str]:
        """What each token is listed as; nothing for one that is not."""
        if len(self._kept) >= _MOST_KEPT:
            self._kept = {}
        kept = self._kept
        for token in set(tokens).difference(kept):
            kept[token] = next((form for form in _forms(token) if form in self._listed), "")
        return kept


def _is_a_company(tokens: tuple[str, ...], after: int) -> bool:
    """Is what ends here part of a company's name: `Oil Corp`, `Oil & Gas Ltd`, `Gas and Electric <BGE>`?"""
    following = tokens[after : after + 3]
    if not following:
        return False
    if following[0] in _ENDS_A_NAME:
        return True
    if following[0] in _AND:
        return len(following) == 3 and following[2] in _ENDS_A_NAME
    return len(following) >= 2 and following[0][0].isalnum() and following[1] in _COMPANIES


def _forms(token: str) -> Iterator[str]:
    """A word as it stands, then without what it may have in front and behind, the least taken away first."""
    word = _spelled(token)
    yield word
    if _ARABIC.search(word):
        yield from _arabic_forms(word)
    else:
        yield from _singular(word)


def _arabic_forms(word: str) -> Iterator[str]:
    bare = [word]
    bare += (word[len(p) :] for p in _PREFIXES if word.startswith(p) and len(word) - len(p) >= _SHORTEST)
    yield from bare[1:]
    for stem in bare:
        for suffix in _SUFFIXES:
            left = stem.removesuffix(suffix)
            if left != stem and len(left) >= _SHORTEST:
                yield left
                yield left + _FEMININE
                if left.endswith(_FEMININE_BEFORE_SUFFIX):
                    yield left[:-1] + _FEMININE


def _spelled(word: str) -> str:
    return word.lower().translate(_SPELLINGS)


def _bare(word: str) -> str:
    """A listed word without its article or plural, as `_forms` will find it."""
    for article in _ARTICLES:
        if word.startswith(article) and len(word) - len(article) >= _SHORTEST:
            return word[len(article) :]
    return next(_singular(word), word)


def _singular(word: str) -> Iterator[str]:
    """What an English word may be the plural of: `taxes` of `taxe` or `tax`, `policies` of `policy`."""
    if word.endswith("s") and not word.endswith("ss") and len(word) > _SHORTEST_SINGULAR:
        yield word[:-3] + "y" if word.endswith("ies") else word[:-1]
        if word.endswith("es"):
            yield word[:-2]
