"""Which stories say the same: found by what their texts share, whoever sent them and under whatever name.

A text is known by its sketch: of the hashes of all its runs of three words, the smallest (Broder's bottom-k sketch). Two texts
share of their smallest hashes about as much as they share of all their runs, so that a look at a few numbers tells how
alike they are; and texts that are alike have some of the very smallest in common, by which they are found. Alike is a hint for
the desk. Only texts that say the same, word by word and figure by figure, are the same.

A short text, or a headline alone, has no sketch and is like none: it is the same as another or it is not. Two agencies may send
the same few words, each its own; but those that were taken back, or are under embargo, do not come out by another's (publish).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from shared.contracts.item import WireItem
from shared.language.markup import plain_text

#: hashes that are kept of a text; its likeness to another is known to a tenth or so
_SKETCH = 64
#: of a hash, which is signed
_HASH_BITS = 64
_SMALLEST = -(2 ** (_HASH_BITS - 1))
#: the smallest of them, by which texts that may be alike are found
_KEYS = 8
#: below this a text is too short to be like another, and the same only by chance
_LEAST_WORDS = 12
#: below this headline and text together say nothing: `Urgent`
_FEWEST_WORDS = 3
#: texts that share so much of both are alike; also where one is much longer, if they share so much of the shorter and not too
#: little of both. On copies that were cut, led or ordered otherwise, 97 of 100 are found, and 99 of 100 that are found are copies
_ALIKE, _ALIKE_IN_SHORTER, _LEAST_OF_BOTH = 0.3, 0.6, 0.2

_WORD = re.compile(r"\w+")
#: of scripts that set no spaces four letters are as much as three words
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]{4}")
#: what must be equal in texts that are the same: figures with their sign, parts and unit, and words
_FIGURE_OR_WORD = re.compile(r"[-+−]?\d+(?:[.,:/٫٬]\d+)*[%‰٪]?|[^\W\d]+|[$€£¥]")
#: whose the text is, in front of it: `(Reuters) -`
_CREDIT = re.compile(r"^\s*\([^()\d]{1,60}\)\s*[-–—:]?\s*")


@dataclass(frozen=True, kw_only=True)
class Fingerprint:
    """What a text is known by."""

    headline: str  #: its words alone, in lower case
    text_hash: bytes  #: of the words and figures of headline and text, but for a credit in front: equal where both say the same
    sketch: tuple[int, ...]  #: the smallest hashes of its runs of words, the smallest first; none of a short text

    @property
    def keys(self) -> tuple[int, ...]:
        """Its very smallest hashes, by which texts that may be alike are found."""
        return self.sketch[:_KEYS]


def fingerprint_of(item: WireItem) -> Fingerprint | None:
    """What an item's text is known by; None for what is not compared: tests, parts of a story, what says nothing."""
    body = plain_text(item.body_html).casefold()
    words = _WORD.findall(body)
    if item.is_test or item.is_add or not _says_something(f"{item.headline} {body}"):
        return None
    is_short = len(words) < _LEAST_WORDS
    runs = set() if is_short else {" ".join(words[start : start + 3]) for start in range(len(words) - 2)}
    hashes = sorted(
        int.from_bytes(hashlib.blake2b(run.encode(), digest_size=_HASH_BITS // 8).digest(), signed=True) for run in runs
    )
    figures_and_words = "\n".join(
        " ".join(_FIGURE_OR_WORD.findall(part)) for part in (item.headline.casefold(), _CREDIT.sub("", body))
    )
    return Fingerprint(
        headline=" ".join(_WORD.findall(item.headline.casefold())),
        text_hash=hashlib.sha256(figures_and_words.encode("utf-8", "surrogatepass")).digest(),
        sketch=tuple(hashes[:_SKETCH]),
    )


def _says_something(text: str) -> bool:
    return len(_WORD.findall(text)) >= _FEWEST_WORDS or bool(_UNSPACED.search(text))


def likeness(one: Sequence[int], other: Sequence[int]) -> float | None:
    """How much of the shorter of two texts is in the other, from 0 to 1, by their sketches. None if they are not alike."""
    both = set(one) & set(other)
    smallest = sorted({*one, *other})[:_SKETCH]
    if not both:
        return None
    of_both = sum(value in both for value in smallest) / len(smallest)
    sizes = _count_runs(one), _count_runs(other)
    of_shorter = min(1.0, of_both / (1 + of_both) * sum(sizes) / min(sizes))
    is_alike = of_both >= _ALIKE or (of_shorter >= _ALIKE_IN_SHORTER and of_both >= _LEAST_OF_BOTH)
    return of_shorter if is_alike else None


def _count_runs(sketch: Sequence[int]) -> float:
    """How many runs of words a text has; of a long one, by how close together its smallest hashes are."""
    if len(sketch) < _SKETCH:
        return len(sketch)
    share_of_all_hashes: float = (sketch[-1] - _SMALLEST) / float(2**_HASH_BITS)
    return (_SKETCH - 1) / share_of_all_hashes
