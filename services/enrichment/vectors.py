"""Vectors of words: 256 numbers that lie near each other where words mean nearly the same, and a longer one says more.

They are those of the package `wordllama`, read where its wheel has put them. The table of pieces of words is mapped into memory,
so that all processes of a machine share one copy; the package is never imported (it wants to fetch its list of pieces, which the
wheel has, and brings a library to cut words with). Words are cut into pieces here as that library would. English first: of other
scripts the table has little but letters, and such words have no vector.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from shared.errors import ConfigurationError

#: of one word or text, or of several as rows
Vector = NDArray[np.float32]

DIMENSIONS = 256
#: words that are kept with their pieces; when there are more, all are cut anew
_MOST_KEPT = 20_000
#: vectors of pieces that are at hand, a kilobyte each
_MOST_AT_HAND = 6_000
#: a longer word is no word: cutting takes the square of a word's length
LONGEST_WORD = 32

_TABLE, _PIECES = "weights/l2_supercat_256.safetensors", "tokenizers/l2_supercat_tokenizer_config.json"
_BEGINS_A_WORD = "▁"
#: the last letter that is cut: Latin ones, with what stands over and under them
_LAST_LATIN = "\u024f"
#: the first pieces stand for single bytes and ends of texts
_NOT_PIECES = 259
#: the length of a usual word's vector; pieces that are shorter than a share of it (`the`, `of`, `some`) are left out
_USUAL_LENGTH, _SAYS_NOTHING = 16.0, 0.25
_NEXT_TO_NOTHING = 1e-9
#: more than the number of any piece
_NO_PIECE = 1 << 30


class Vectors:
    """The vectors of a package: `table` has a row for each of its `pieces`, which are numbered by how usual they are."""

    def __init__(self, table: NDArray[np.float16], pieces: Mapping[str, int]) -> None:
        self._table = table
        self._pieces = pieces
        lengths = np.concatenate([np.linalg.norm(some.astype(np.float32), axis=1) for some in np.array_split(table, 32)])
        #: how much each piece says; a word that says as much as a usual one has 1
        self._says: Vector = (lengths / _USUAL_LENGTH).astype(np.float32)
        self._kept: dict[str, tuple[int, ...]] = {}
        self._at_hand = np.zeros((_MOST_AT_HAND, DIMENSIONS), np.float32)
        self._row_of = np.full(len(table), -1, np.int32)
        self._used = 0
        self._lock = Lock()

    def of_text(self, words: Mapping[str, float]) -> tuple[Vector, float]:
        """The sum of words, each so many times, as a vector of length one; and how much is known of it, in usual words.

        Both are zero for a text that has no word with a vector.
        """
        pieces, times, _ = self._in_pieces(words)
        if not pieces:
            return np.zeros(DIMENSIONS, np.float32), 0.0
        whole = np.array(times, np.float32) @ self._rows(pieces)
        return whole / (np.linalg.norm(whole) + _NEXT_TO_NOTHING), float(self._says[pieces].sum())

    def shares(self, words: Mapping[str, float], direction: Vector) -> dict[str, float]:
        """How much each word, so many times, adds to a text's vector in a direction; words without a vector are left out."""
        pieces, times, whose = self._in_pieces(words)
        if not pieces:
            return {}
        each = np.bincount(whose, np.array(times) * (self._rows(pieces) @ direction), minlength=len(words))
        return {word: float(each[number]) for number, word in enumerate(words) if self._kept.get(word)}

    def _in_pieces(self, words: Mapping[str, float]) -> tuple[list[int], list[float], list[int]]:
        """All pieces of some words, how many times each, and the number of the word that each is of."""
        pieces: list[int] = []
        times: list[float] = []
        whose: list[int] = []
        kept = self._kept
        for number, (word, so_often) in enumerate(words.items()):
            of_word = kept[word] if word in kept else self.pieces_of(word)
            if of_word:
                pieces += of_word
                times += [so_often] * len(of_word)
                whose += [number] * len(of_word)
        return pieces, times, whose

    def _rows(self, pieces: Sequence[int]) -> Vector:
        """The vectors of pieces. Making them longer numbers takes most of the time: it is done once for those that come first."""
        wanted = np.array(pieces, np.intp)
        rows = self._row_of.take(wanted)
        if (rows < 0).any():
            self._put_at_hand(wanted)
            rows = self._row_of.take(wanted)
            if (missing := rows < 0).any():
                found = self._at_hand.take(rows, axis=0, mode="clip")
                found[missing] = self._table.take(wanted[missing], axis=0)
                return found
        return self._at_hand.take(rows, axis=0)

    def _put_at_hand(self, pieces: NDArray[np.intp]) -> None:
        with self._lock:
            new = np.unique(pieces[self._row_of.take(pieces) < 0])[: _MOST_AT_HAND - self._used]
            rows = np.arange(self._used, self._used + len(new))
            self._at_hand[rows] = self._table.take(new, axis=0)
            self._row_of[new] = rows
            self._used += len(new)

    def pieces_of(self, word: str) -> tuple[int, ...]:
        """The pieces of a word that say something; none if it has none. Written in capitals or not, it is the same word."""
        pieces = self._kept.get(word)
        if pieces is None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept = {}
            pieces = self._kept[word] = self._cut_as_best(word.lower())
        return pieces

    def _cut_as_best(self, word: str) -> tuple[int, ...]:
        """A name is one piece in one spelling and several in another (`Blair`, `BBC`): the spelling with the fewest is taken."""
        if len(word) > LONGEST_WORD or not word.isalpha() or max(word, default="\0") > _LAST_LATIN:
            return ()
        best = self._cut(word)
        if len(best) > 1:
            names = [
                whole for name in (word.title(), word.upper()) if (whole := self._pieces.get(_BEGINS_A_WORD + name)) is not None
            ]
            best = names[:1] or min(best, self._cut(word.title()), key=len)
        return tuple(piece for piece in best if piece >= _NOT_PIECES and self._says[piece] > _SAYS_NOTHING)

    def _cut(self, word: str) -> list[int]:
        """Join two neighbours, those first whose whole is the most usual, until no whole is known."""
        if (whole := self._pieces.get(_BEGINS_A_WORD + word)) is not None:
            return [whole]
        parts = [_BEGINS_A_WORD, *word]
        while len(parts) > 1:
            wholes = [self._pieces.get(left + right, _NO_PIECE) for left, right in pairwise(parts)]
            best = min(wholes)
            if best == _NO_PIECE:
                break
            at = wholes.index(best)
            parts[at : at + 2] = [parts[at] + parts[at + 1]]
        return [self._pieces.get(part, 0) for part in parts]


@cache
def package_vectors() -> Vectors:
    """Those of `wordllama`. Raises ConfigurationError if the package is not there, or is not as it was."""
    spec = find_spec("wordllama")
    if spec is None or spec.origin is None:
        raise ConfigurationError("the package wordllama, whose vectors sort stories into sections, is not installed")
    folder = Path(spec.origin).parent
    try:
        pieces = _pieces((folder / _PIECES).read_bytes())
        return Vectors(_mapped(folder / _TABLE, rows=len(pieces)), pieces)
    except (OSError, ValueError, KeyError, TypeError, struct.error) as other:
        raise ConfigurationError(f"the files of the package wordllama in {folder} are not as expected: {other!r}") from other


def _pieces(source: bytes) -> dict[str, int]:
    """The vocabulary out of a tokeniser's JSON, without reading what is twice as long behind it: which pieces may be joined."""
    start = source.index(b"{", source.index(b'"vocab"'))
    end = source.find(b'"merges"', start)
    found = json.JSONDecoder().raw_decode(source[start : end if end > 0 else len(source)].decode("utf-8"))[0]
    return {str(piece): int(number) for piece, number in found.items()}


def _mapped(file: Path, rows: int) -> NDArray[np.float16]:
    """The one tensor of a file of safetensors: eight bytes that say how long its header is, the header, the numbers."""
    with file.open("rb") as opened:
        (length,) = struct.unpack("<Q", opened.read(8))
        header = json.loads(opened.read(min(length, 100_000)))
    (tensor,) = (value for name, value in header.items() if name != "__metadata__")
    if tensor["dtype"] != "F16" or tensor["shape"] != [rows, DIMENSIONS]:
        raise ValueError(f"{tensor['shape']} of {tensor['dtype']}")
    offset = 8 + length + tensor["data_offsets"][0]
    return np.memmap(file, dtype="<f2", mode="r", offset=offset, shape=(rows, DIMENSIONS))
