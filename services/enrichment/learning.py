"""What a wire learns of its own sections: from items whose subjects their senders gave, and from what its editors corrected.

What is learnt is how far the sorting by the wire's file (`scoring.py`) is to be shifted for each section, by a text's vector, by
its words and by what the file says of it. With few examples that is little, and the sorting stays what it was. A model is some
thousands of numbers, a version and the names of the sections; it holds no text.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.enrichment.scoring import NONE, Reading, Scores
from services.enrichment.vectors import DIMENSIONS, Vector

#: of the numbers below and what they mean; a model of another version is not read
VERSION = 1
#: examples that are learnt from, the latest first; sections beyond which nothing is learnt; bytes of a model
MOST_EXAMPLES, MOST_SECTIONS, MOST_BYTES = 10_000, 200, 2_000_000
#: a section with fewer examples stays as it was, and so does one that would not be better
FEWEST_EXAMPLES = 10

#: words are distinguished by so many numbers: some share one
_WORDS = 1_024
#: how much a text's vector, its words, nearness to descriptions and listed words may shift
_OF_VECTOR, _OF_WORDS, _OF_NEARNESS, _OF_LISTS = 3.0, 3.0, 0.5, 0.7
#: how much of what the sorting says of a text stays: what is tried
_KEPT = (0.3, 1.0)
#: so much better may be chance: of what is about as good, that which learns more is taken
_CHANCE = 0.02
#: how much a large shift costs
_PENALTY = 1.0
_ROUNDS, _POWER_ROUNDS = 80, 12
#: parts that examples are cut into, each judged by what the others taught
_PARTS = 5
#: from where on a text belongs to a section, in logits: what is tried
_LEAST_START, _MOST_START, _STARTS = -0.6, 0.6, 13
_MARK = b"barq-sections\n"

Labels = Sequence[Set[str]]  #: of each text: its sections; none for one that belongs to none of them


@dataclass(frozen=True, kw_only=True)
class Features:
    """What is learnt from, of several texts as rows."""

    shifts: Vector  #: the text's vector, its words, nearness and listed words
    before: Vector  #: what the sorting says of each section, and of none of them, in logits

    @classmethod
    def of_parts(cls, parts: Iterable[Features]) -> Features:
        """Of the texts of all parts."""
        each = list(parts)
        return cls(shifts=np.concatenate([part.shifts for part in each]), before=np.concatenate([part.before for part in each]))

    def part(self, rows: NDArray[np.intp]) -> Features:
        """Some of the texts."""
        return Features(shifts=self.shifts[rows], before=self.before[rows])


def features_of(readings: Sequence[Reading], scores: Scores) -> Features:
    """Of texts that a sorter has read and scored."""
    parts = (
        _OF_VECTOR * scores.vectors,
        _OF_WORDS * np.array([_words_of(reading) for reading in readings], np.float32).reshape(-1, _WORDS),
        _OF_NEARNESS * scores.nearness,
        _OF_LISTS * np.log1p(scores.listed),
        np.ones((len(readings), 1), np.float32),
    )
    before = _logits(scores.membership)
    before[:, -1:] = _logits(scores.likelihood)[:, -1:]
    return Features(shifts=np.concatenate(parts, axis=1, dtype=np.float32), before=before)


def _words_of(reading: Reading) -> Vector:
    row = np.zeros(_WORDS, np.float32)
    for word, weight in reading.words().items():
        if word.isalpha():
            number = zlib.crc32(word.encode())
            row[number % _WORDS] += weight if number >> 31 else -weight
    return np.asarray(row / (np.linalg.norm(row) + 1e-6), np.float32)


@dataclass(frozen=True, kw_only=True)
class Model:
    """What a wire has learnt."""

    names: tuple[str, ...]  #: of the sections, in the order of its columns; none of them is the last
    weights: Vector  #: a row for each feature, a column for each section
    kept: float  #: how much of the sorting stays
    starts: tuple[float, ...]  #: from which logit on a text belongs to each section
    examples: int  #: it was learnt from so many

    def logits(self, features: Features) -> Vector:
        """How surely each text belongs to each section, and to none of them."""
        return np.asarray(self.kept * features.before + features.shifts @ self.weights)

    def sections(self, features: Features) -> list[dict[str, float]]:
        """The sections of each text with how sure that is, the surest first; none if it belongs to none of them."""
        logits = self.logits(features)
        belongs = _belongs(logits, np.array(self.starts, np.float32), np.array([name == NONE for name in self.names]))
        sure = _probability(logits)
        return [
            {self.names[column]: float(sure[row, column]) for column in np.argsort(-logits[row]).tolist() if belongs[row, column]}
            for row in range(len(logits))
        ]

    def to_bytes(self) -> bytes:
        """To be kept; no more than `MOST_BYTES`."""
        header: dict[str, object] = {"version": VERSION, "names": self.names, "kept": self.kept, "starts": self.starts}
        header["examples"] = self.examples
        return _MARK + json.dumps(header).encode() + b"\n" + self.weights.astype("<f4").tobytes()

    @classmethod
    def from_bytes(cls, kept: bytes, names: Sequence[str]) -> Model:
        """What was kept, for a wire with these sections. Raises ValueError that says why it cannot be used."""
        if len(kept) > MOST_BYTES or not kept.startswith(_MARK):
            raise ValueError("this is no model of sections")
        head, _, numbers = kept[len(_MARK) :].partition(b"\n")
        try:
            header = json.loads(head)
            version, known, examples = header["version"], tuple(header["names"]), int(header["examples"])
            kept_of, starts = float(header["kept"]), tuple(map(float, header["starts"]))
        except (ValueError, KeyError, TypeError, RecursionError) as other:
            raise ValueError("this is no model of sections") from other
        if version != VERSION:
            raise ValueError(f"the model is of version {version}, and this is version {VERSION}: learn anew")
        if known != tuple(names):
            raise ValueError("the model was learnt for other sections than the wire has: learn anew")
        rows = _rows(len(known))
        if len(numbers) != 4 * rows * len(known) or len(starts) != len(known):
            raise ValueError("the model is not whole")
        weights = np.frombuffer(numbers, "<f4").reshape(rows, len(known)).astype(np.float32)
        return cls(names=known, weights=weights, kept=kept_of, starts=starts, examples=examples)


def learn(features: Features, labels: Labels, names: Sequence[str]) -> Model:
    """Learn from examples: texts and their sections. Five thousand take about ten seconds. Raises ValueError for too many."""
    if len(labels) > MOST_EXAMPLES or len(names) > MOST_SECTIONS:
        raise ValueError(f"at most {MOST_EXAMPLES} examples and {MOST_SECTIONS} sections can be learnt from at once")
    wanted = _wanted(labels, names)
    enough = np.minimum(wanted.sum(axis=0), (1 - wanted).sum(axis=0)) >= FEWEST_EXAMPLES
    untaught = np.zeros(len(names), np.float32)
    none = np.array([name == NONE for name in names])
    best = (_f1(_belongs(features.before, untaught, none), wanted, none) - _CHANCE, 1.0, untaught, False)
    for kept in _KEPT if enough.any() else ():
        judged = kept * features.before
        for rest, part in _parts(len(labels)):
            judged[part] += features.shifts[part] @ _weights(features.part(rest), wanted[rest], kept) * enough
        starts = np.where(enough, _starts(judged, wanted), 0)
        f1 = _f1(_belongs(judged, starts, none), wanted, none) - _CHANCE * kept
        if f1 > best[0]:
            best = (f1, kept, starts, True)
    _, kept, starts, is_better = best
    weights = _weights(features, wanted, kept) * enough if is_better else np.zeros((_rows(len(names)), len(names)), np.float32)
    return Model(names=tuple(names), weights=weights, kept=kept, starts=tuple(starts.tolist()), examples=len(labels))


@dataclass(frozen=True)
class Comparison:
    """How many of the examples each gets right: all sections of a text and no other one."""

    before: float  #: the sorting by the wire's file, or the model in use
    learnt: float  #: what would be learnt, judged on examples that it has not seen
    examples: int


def compare(features: Features, labels: Labels, names: Sequence[str], in_use: Model | None = None) -> Comparison:
    """Is what can be learnt better than what is in use? By cross-validation; a model in use may have seen the examples."""
    found: list[Set[str]] = [frozenset()] * len(labels)
    for rest, part in _parts(len(labels)):
        model = learn(features.part(rest), [labels[row] for row in rest], names)
        for row, sections in zip(part.tolist(), model.sections(features.part(part)), strict=True):
            found[row] = sections.keys()
    before = [sections.keys() for sections in in_use.sections(features)] if in_use else _as_sorted(features, names)
    return Comparison(_right(before, labels), _right(found, labels), len(labels))


def _as_sorted(features: Features, names: Sequence[str]) -> list[Set[str]]:
    return [{name for name, one in zip(names, row, strict=True) if one >= 0 and name != NONE} for row in features.before.tolist()]


def _right(found: Sequence[Set[str]], labels: Labels) -> float:
    return sum(set(one) == set(other) for one, other in zip(found, labels, strict=True)) / max(len(labels), 1)


def _rows(sections: int) -> int:
    return DIMENSIONS + _WORDS + 2 * sections + 1


def _wanted(labels: Labels, names: Sequence[str]) -> Vector:
    return np.array([[name in one if name != NONE else not one for name in names] for one in labels], np.float32).reshape(
        -1, len(names)
    )


def _parts(examples: int) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """The rest and the part, for each part; always cut alike."""
    parts = np.random.default_rng(0).permutation(examples) % _PARTS
    return [(np.flatnonzero(parts != part), np.flatnonzero(parts == part)) for part in range(_PARTS)]


def _weights(features: Features, wanted: Vector, kept: float) -> Vector:
    """Logistic regression of each section against all else, by accelerated descent with all examples at once."""
    shifts, before = features.shifts, kept * features.before
    step = 1 / (0.25 * _largest_eigenvalue(shifts) + _PENALTY)
    weights = ahead = np.zeros((shifts.shape[1], wanted.shape[1]), np.float32)
    pace = 1.0
    for _ in range(_ROUNDS):
        slope = shifts.T @ (_probability(before + shifts @ ahead) - wanted) + _PENALTY * ahead
        following = ahead - step * slope
        next_pace = (1 + (1 + 4 * pace * pace) ** 0.5) / 2
        ahead = following + np.float32((pace - 1) / next_pace) * (following - weights)
        weights, pace = following, next_pace
    return weights


def _largest_eigenvalue(shifts: Vector) -> float:
    direction = np.ones(shifts.shape[1], np.float32)
    size = 1.0
    for _ in range(_POWER_ROUNDS):
        direction = shifts.T @ (shifts @ direction)
        size = float(np.linalg.norm(direction)) or 1.0
        direction /= size
    return 1.1 * size


def _belongs(logits: Vector, starts: Vector, none: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether each text belongs to each section: where it is sure enough, or surest of all. Never to none of them."""
    surest = logits >= logits.max(axis=1, initial=-np.inf, keepdims=True)
    return np.asarray(((logits >= starts) | surest) & ~none)


def _starts(logits: Vector, wanted: Vector) -> Vector:
    """From where on precision and recall are best together: an average of neighbours, as one best point is chance."""
    starts = np.linspace(_LEAST_START, _MOST_START, _STARTS)
    found = logits[None] >= starts[:, None, None]
    both = (found * wanted).sum(axis=1)
    f1 = 2 * both / np.maximum(found.sum(axis=1) + wanted.sum(axis=0), 1)
    smooth = np.apply_along_axis(lambda one: np.convolve(np.pad(one, 3, mode="edge"), np.ones(7) / 7, mode="valid"), 0, f1)
    return np.asarray(starts[smooth.argmax(axis=0)], np.float32)


def _f1(belongs: NDArray[np.bool_], wanted: Vector, none: NDArray[np.bool_]) -> float:
    """Over all sections."""
    return float(2 * (belongs * wanted).sum() / max(belongs.sum() + wanted[:, ~none].sum(), 1))


def _probability(logits: Vector) -> Vector:
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -30, 30))))


def _logits(probabilities: Vector) -> Vector:
    bounded = np.clip(probabilities, 1e-4, 1 - 1e-4)
    return np.asarray(np.log(bounded / (1 - bounded)))
