"""Names are kept: who is named in the source is named in the translation, letter by letter or as another script writes the sound.

A name is a word with a capital that no English dictionary has. In another script it is looked for by its consonants: vowels, and
letters that scripts do not tell apart, are as good as each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

from anyascii import anyascii
from english_words import get_english_words_set

from services.translation.gates.fault import Fault
from services.translation.glossary.terms import Term
from services.translation.text.folding import bare_forms, fold, words

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_POSSESSIVE = re.compile(r"['’]s?$")

#: a name's consonants must be alike by so much. Measured on the names of 300 news sentences with professional Arabic
#: translations: 3 of these are held; with one name cut out of them 96 of 100 are
_ALIKE = 0.7

#: which sounds of a romanised word a Latin letter may stand for
_SOUNDS = {
    "b": "b", "p": "b", "t": "ts", "d": "d", "k": "kj", "q": "k", "c": "kst", "g": "kj", "j": "kjyhd", "s": "sz", "z": "szdt",
    "x": "ks", "f": "f", "v": "fbw", "m": "m", "n": "n", "l": "l", "r": "r", "h": "hk",
}  # fmt: skip
_DIGRAPHS = (("sch", "s"), ("ph", "f"), ("ck", "k"), ("th", "t"), ("sh", "s"), ("gh", "g"), ("kh", "k"), ("ch", "c"), ("dh", "d"))
#: romanised letters as sounds
_ROMAN = str.maketrans({"p": "b", "q": "k", "g": "k", "c": "k", "v": "f", "x": "s", "j": "j"})
_DOUBLED = re.compile(r"(.)\1")


def faults(source: str, target: str, *, known: Sequence[Term], source_language: str) -> list[Fault]:
    """Names of the source that are not in the target; `known` names have translations of their own."""
    rest = source
    missing = []
    for term in known:
        rest = term.pattern.sub(" ", rest)
        if term.kind == "place" and not (term.is_kept_in(target) or _stands_in(term.source.split()[-1], target)):
            if any(_is_known(part) for part in term.source.split()):
                continue  # Georgia, Jordan, Turkey: what it is, only the text can tell
            missing.append(term.source)
    if source_language.startswith("en"):
        missing += [name for name in dict.fromkeys(_names(rest)) if not _stands_in(name, target)]
    return [Fault("names", f"{name} is missing") for name in missing]


def _names(text: str) -> Iterator[str]:
    for match in _WORD.finditer(text):
        name = _POSSESSIVE.sub("", match[0])
        if name[0].isupper() and not name.isupper() and _is_telling(name) and not _is_known(name):
            yield name


def _is_telling(name: str) -> bool:
    """Has it sound enough to be known again?"""
    sounds = _consonants(name).removesuffix("x")
    return len(sounds) >= 3 or (len(sounds) == 2 and len(name) >= 5)


def _stands_in(name: str, target: str) -> bool:
    plain = fold(name)
    there = words(target)
    if any(plain in word for word in there):
        return True
    written = [*there, *(a + b for a, b in pairwise(there))]
    ours = {_consonants(name), _consonants(name).replace("h", ""), _consonants(name).removesuffix("x")}
    sounds = {sound for word in written for form in bare_forms(word) for sound in _sounds(form)}
    return any(_likeness(one, sound) >= _ALIKE for one in ours for sound in sounds)


def _consonants(name: str) -> str:
    plain = fold(name)
    for letters, one in _DIGRAPHS:
        plain = plain.replace(letters, one)
    return "".join(char for char in _DOUBLED.sub(r"\1", plain) if char in _SOUNDS)


@cache
def _sounds(word: str) -> frozenset[str]:
    """The consonants of a word of any script, romanised; with and without the breath that not every script writes."""
    roman = anyascii(word).lower()
    for letters, one in _DIGRAPHS:
        roman = roman.replace(letters, one)
    heard = "".join(char for char in roman.translate(_ROMAN) if char in "bdfhjklmnrstz")
    return frozenset({heard, heard.replace("h", "")})


def _likeness(name: str, sound: str) -> float:
    """The share of consonants that both have in the same order; 0 if they do not begin alike."""
    if not name or not sound or sound[0] not in _SOUNDS[name[0]]:
        return 0.0
    if min(len(name), len(sound)) / max(len(name), len(sound)) < _ALIKE:
        return 0.0
    row = [0] * (len(sound) + 1)
    for letter in name:
        last = row
        row = [0]
        for at, heard in enumerate(sound, start=1):
            row.append(last[at - 1] + 1 if heard in _SOUNDS[letter] else max(last[at], row[-1]))
    return row[-1] / max(len(name), len(sound))


@cache
def _dictionary() -> frozenset[str]:
    return frozenset(word.casefold() for word in get_english_words_set(["web2"]))


#: endings of words that a dictionary has without them
_ENDINGS = (
    ("s", ""), ("es", ""), ("ies", "y"), ("ied", "y"), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"), ("er", ""),
    ("ers", ""), ("ly", ""), ("ian", ""), ("n", ""), ("ese", ""),
)  # fmt: skip
_BRITISH = (("our", "or"), ("is", "iz"), ("ys", "yz"))


@cache
def _is_known(word: str) -> bool:
    """Is it a word, or of words, that a dictionary has?"""
    word = fold(word)
    spellings = {word, *(word.replace(british, other) for british, other in _BRITISH)}
    return any(_has(spelling) for spelling in spellings) or any(
        word[:cut] in _dictionary() and _has(word[cut:]) for cut in range(3, len(word) - 3)
    )


def _has(word: str) -> bool:
    stems = {word}
    for ending, instead in _ENDINGS:
        if word.endswith(ending):
            stem = word.removesuffix(ending) + instead
            stems |= {stem, stem[:-1]} if len(stem) > 3 and stem[-1] == stem[-2] else {stem}
    return any(stem in _dictionary() for stem in stems)
