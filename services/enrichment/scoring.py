"""How strongly texts speak for each of a wire's sections, by what its file says of them: listed words, and descriptions.

A text is compared with every description of every section, and of what belongs to none of them, by vectors of words; near ones
speak for their section. Listed words speak for theirs. Both together make a score, and the score a confidence. All texts of a
chunk are compared at once: one product of matrices costs little more than one text alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from services.enrichment.listed_words import TOKEN, ListedWords, Match
from services.enrichment.vectors import DIMENSIONS, Vector, package_vectors
from shared.contracts.finding import MOST_EVIDENCE
from shared.wire.sections import NoSection, Section

#: what belongs to no section, beside the sections' names
NONE = ""

#: letters that are read of a headline and of the text below it: what a story is about stands at its beginning
_LETTERS_OF_HEADLINE, _LETTERS_OF_TEXT = 400, 1_600
#: a word of the headline weighs as much as so many in the text: in the text's vector, and where it is listed
_HEADLINE_IN_VECTOR, _HEADLINE_IN_LIST = 1.5, 4.0
#: a phrase of several words says more than one word; a phrase that is repeated counts so often at most
_OF_SEVERAL_WORDS, _MOST_TIMES = 2.0, 4.0
#: a word of a long list says a little less: more is found in it by chance
_OF_LONG_LISTS = 0.05
#: how much of what all descriptions have in common is taken away before texts are compared with them
_COMMON = 0.5
#: how much nearer descriptions outweigh farther ones of the same section
_SHARPNESS = 10.0
#: what listed words weigh against vectors, with a long text and in addition where vectors know nothing; strength that is little
_LISTED, _LISTED_ALONE, _LITTLE = 2.5, 1.0, 2.0
#: what descriptions weigh of a section that lists no words
_DESCRIBED_ALONE = 2.5
#: the vector of a text with so many usual words counts for half of what a long one's does
_HALF_KNOWN = 6.0
#: what a section's score must be, in a flash and in addition in a long text, and how much its lead over all others is part of it;
#: a text of so many words is half long
_ENOUGH, _ENOUGH_LONG, _LEAD, _HALF_LONG = 1.6, 4.0, 0.4, 60.0
#: of listed words fewer than this, words that decided by their vectors are named too
_FEW_LISTED = 4
_NEXT_TO_NOTHING = 1e-6


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What was read of an item."""

    tokens: tuple[str, ...]  #: of headline and text, as they have them
    small: tuple[str, ...]  #: the same in small letters
    in_headline: int  #: so many are the headline's
    matches: list[Match]  #: what is listed of them
    strengths: Mapping[int, float]  #: of each listed phrase, by its number

    def words(self) -> dict[str, float]:
        """Each word and how much it weighs: a word that comes four times weighs twice as much as one that comes once."""
        times: dict[str, float] = dict(Counter(self.small))
        for word in self.small[: self.in_headline]:
            times[word] += _HEADLINE_IN_VECTOR - 1
        return {word: so_often**0.5 for word, so_often in times.items()}


@dataclass(frozen=True, kw_only=True)
class Scores:
    """Of several texts, as rows: how strongly each speaks for each section, and for none of them (the last column)."""

    vectors: Vector  #: of the texts, each of length one, or zero
    nearness: Vector  #: to the sections' descriptions
    listed: Vector  #: strength of listed words
    known: Vector  #: how much the vectors know of each text, from 0 to 1; one column
    lengths: Vector  #: words; one column

    @cached_property
    def total(self) -> Vector:
        """Both kinds of evidence together."""
        return self.nearness + self.from_lists

    @cached_property
    def from_lists(self) -> Vector:
        """What listed words add."""
        return np.asarray((_LISTED + _LISTED_ALONE * (1 - self.known)) * np.log1p(self.listed / _LITTLE))

    @cached_property
    def likelihood(self) -> Vector:
        """Which one of them it is, if it is one: each row comes to 1."""
        total = self.total
        raised = np.exp(total - total.max(axis=1, keepdims=True))
        return np.asarray(raised / raised.sum(axis=1, keepdims=True))

    @cached_property
    def membership(self) -> Vector:
        """Does the text belong to the section, whatever else it belongs to? From 0 to 1; from a half on it does."""
        likelihood = self.likelihood
        lead = np.log((likelihood + _NEXT_TO_NOTHING) / (1 - likelihood + _NEXT_TO_NOTHING))
        enough = _ENOUGH + _ENOUGH_LONG * self.lengths / (self.lengths + _HALF_LONG)
        return np.asarray(1 / (1 + np.exp(enough - self.total - _LEAD * lead)))


class Sorter:
    """The sections of one wire's file, made ready to compare texts with. Costs 0.1 s and some megabytes: keep it."""

    def __init__(self, sections: Mapping[str, Section], no_section: NoSection) -> None:
        rows: dict[str, Section | NoSection] = {**sections, NONE: no_section}
        self.names = tuple(rows)
        self._vectors = package_vectors()
        self._weight = np.array([1.0 if row.words else _DESCRIBED_ALONE for row in rows.values()], np.float32)
        sizes = np.array([max(len(row.words), 1) for row in rows.values()], np.float32)
        self._says = (sizes.mean() / sizes) ** _OF_LONG_LISTS
        self._listed = ListedWords({name: row.words for name, row in rows.items()})
        self._column = {name: column for column, name in enumerate(self.names)}
        described = [self._vectors.of_text(_once(text))[0] for row in rows.values() for text in row.descriptions]
        whose = [self._column[name] for name, row in rows.items() for _ in row.descriptions]
        self._whose = np.array(whose, np.intp)
        #: of each description in the average of its section
        self._shares = (self._whose[:, None] == np.arange(len(self.names))).astype(np.float32)
        self._shares /= np.maximum(self._shares.sum(axis=0), 1)
        vectors = np.array(described, np.float32).reshape(-1, DIMENSIONS)
        self._common = _COMMON * vectors.mean(axis=0) if described else np.zeros(DIMENSIONS, np.float32)
        self._descriptions = _of_length_one(vectors - self._common)

    def read(self, headline: str, text: str) -> Reading:
        """Read the headline and the beginning of a text."""
        headed = TOKEN.findall(headline[:_LETTERS_OF_HEADLINE])
        tokens = (*headed, ".", *TOKEN.findall(text[:_LETTERS_OF_TEXT]))
        small = tuple([token.lower() for token in tokens])
        matches = self._listed.matches(small)
        return Reading(
            tokens=tokens, small=small, in_headline=len(headed), matches=matches, strengths=_strengths(matches, len(headed))
        )

    def scores(self, readings: Sequence[Reading]) -> Scores:
        """How strongly each text speaks for each section."""
        vectors = np.zeros((len(readings), DIMENSIONS), np.float32)
        words = np.zeros((len(readings), 1), np.float32)
        listed = np.zeros((len(readings), len(self.names)), np.float32)
        for row, reading in enumerate(readings):
            vectors[row], words[row] = self._vectors.of_text(reading.words())
            for phrase, strength in reading.strengths.items():
                owners = self._listed.listed_by[phrase]
                for name in owners:
                    listed[row, self._column[name]] += strength / len(owners)
        listed *= self._says
        known = words / (words + _HALF_KNOWN)
        lengths = np.array([[len(reading.tokens)] for reading in readings], np.float32).reshape(-1, 1)
        return Scores(
            vectors=vectors, nearness=known * self._weight * self._nearness(vectors), listed=listed, known=known, lengths=lengths
        )

    def _nearness(self, vectors: Vector) -> Vector:
        """To each section, over all sections alike; a section without descriptions is as far away as the farthest."""
        if not len(self._descriptions):
            return np.zeros((len(vectors), len(self.names)), np.float32)
        near = np.exp(_SHARPNESS * (_of_length_one(vectors - self._common) @ self._descriptions.T))
        found = np.log(near @ self._shares + _NEXT_TO_NOTHING)
        described = self._shares.any(axis=0)
        found -= found[:, described].mean(axis=1, keepdims=True)
        return np.asarray(np.where(described, found, found[:, described].min(axis=1, keepdims=True)))

    def evidence(self, reading: Reading, name: str) -> tuple[str, ...]:
        """The words that speak for a section, as the text has them, the strongest first: listed ones, then near ones."""
        listed = [match for match in reading.matches if name in self._listed.listed_by[match[0]]]
        listed.sort(key=lambda match: (-reading.strengths[match[0]], match[1]))
        found = dict.fromkeys(" ".join(reading.tokens[start:end]) for _, start, end in listed)
        if len(found) < _FEW_LISTED and (self._whose == self._column[name]).any():
            found |= dict.fromkeys(self._near_words(reading, name))
        once = {words.lower(): words for words in reversed(found)}
        return tuple(reversed(once.values()))[:MOST_EVIDENCE]

    def _near_words(self, reading: Reading, name: str) -> list[str]:
        """Words whose vectors lie in the direction of the section's nearest description, away from what all have in common."""
        words = reading.words()
        vector = self._vectors.of_text(words)[0]
        own = self._descriptions[self._whose == self._column[name]]
        direction = own[int((own @ vector).argmax())] - self._descriptions.mean(axis=0)
        shares = self._vectors.shares(words, direction)
        best = sorted((word for word in shares if shares[word] > 0), key=lambda word: -shares[word])
        return [reading.tokens[reading.small.index(word)] for word in best[:_FEW_LISTED]]


def _strengths(matches: Sequence[Match], in_headline: int) -> dict[int, float]:
    """Of each phrase that is there. One word of the text alone, however often it comes, is no evidence."""
    strengths: dict[int, float] = {}
    for phrase, start, end in matches:
        once = (_HEADLINE_IN_LIST if start < in_headline else 1.0) * (_OF_SEVERAL_WORDS if end - start > 1 else 1.0)
        before = strengths.get(phrase, 0.0)
        strengths[phrase] = max(before, min(before + once, _MOST_TIMES * once))
    if len(strengths) == 1 and matches[0][1] >= in_headline and matches[0][2] - matches[0][1] == 1:
        return dict.fromkeys(strengths, 0.0)
    return strengths


def _once(text: str) -> dict[str, float]:
    return {word: so_often**0.5 for word, so_often in Counter(TOKEN.findall(text.lower())).items()}


def _of_length_one(vectors: Vector) -> Vector:
    return np.asarray(vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + _NEXT_TO_NOTHING))
