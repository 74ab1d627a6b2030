"""The words themselves: in the right script, none left untranslated, neither too few nor too many, none again and again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from services.translation.gates.fault import Fault
from services.translation.text.folding import words
from shared.language.scripts import FOREIGN_LETTERS, script_of, share_of

#: a translation's letters and digits for each of an English source's. Arabic: 300 news sentences and their professional
#: translations (0.88, standard deviation 0.16); the others: what is usual
_USUAL_RATIO = {"ar": 0.88, "fa": 0.95, "he": 0.8, "es": 1.12, "fr": 1.15, "de": 1.15, "tr": 1.0, "ru": 1.05}
_SHORTEST, _LONGEST = 0.57, 1.95
#: shorter sources say little by their length
_TELLING_LENGTH = 40

#: a text may say a phrase twice, not half of itself
_MAX_REPEATED_SHARE = 0.3

_ENDS = re.compile(r"[.?!؟…۔。:][\s\"'”’»)\]]*$")
_QUOTED = re.compile(r"[\"“«][^\"”»]{12,}[\"”»]")
_QUOTES = re.compile(r"[\"“”«»„‟‹›]")
_LATIN_RUN = re.compile(r"(?<![a-z'’])(?:[a-z][a-z'’]*+[\s,]++){3,}[a-z][a-z'’]*")


def faults(source: str, target: str, source_language: str, target_language: str) -> list[Fault]:
    """What is wrong with the words of a translation."""
    reasons = [*_script(source, target, target_language), *_untranslated(source, target, source_language, target_language)]
    reasons += _length(source, target, target_language)
    reasons += _repetition(source, target)
    if _QUOTED.search(source) and not _QUOTES.search(target):
        reasons.append(Fault("quotations", "the source quotes somebody, the translation does not say so"))
    return reasons


def _script(source: str, target: str, language: str) -> list[Fault]:
    letters = [char for char in target if char.isalpha()]
    script = script_of(language)
    if not letters:
        return [Fault("script", "there are no letters")] if any(char.isalpha() for char in source) else []
    share = share_of(script, target)
    if share < 0.5 and _has_words(source):
        return [Fault("script", f"{share:.0%} of the letters are {script.capitalize()}")]
    foreign = sum(char in FOREIGN_LETTERS.get(language.split("-")[0], "") for char in letters)
    return [Fault("language", "it has letters of a neighbour's language")] if foreign > max(2, len(letters) * 0.03) else []


def _has_words(source: str) -> bool:
    """Has it a word that is no name and no code? Where there is none, the translation may be the same."""
    return bool(re.search(r"(?<![\w.])[a-z]{3,}", source)) if re.search(r"[a-z]", source) else len(source.split()) > 2


def _untranslated(source: str, target: str, source_language: str, target_language: str) -> list[Fault]:
    if script_of(source_language) != script_of(target_language):
        if run := _LATIN_RUN.search(target):
            return [Fault("untranslated", f"“{run[0][:60]}” is left as it was")]
        return []
    ours, theirs = words(source), words(target)
    if len(ours) >= 4 and len(theirs) >= 4:
        runs = {tuple(ours[at : at + 5]) for at in range(max(len(ours) - 4, 1))}
        same = [five for at in range(max(len(theirs) - 4, 1)) if (five := tuple(theirs[at : at + 5])) in runs]
        lower = [five for five in same if sum(word.isalpha() and word in source for word in five) >= 4]
        if lower and (ours == theirs or len(same) >= 2):
            return [Fault("untranslated", f"“{' '.join(lower[0])}” is left as it was")]
    return []


def _length(source: str, target: str, language: str) -> list[Fault]:
    ours, theirs = (sum(char.isalnum() for char in text) for text in (source, target))
    usual = _USUAL_RATIO.get(language.split("-")[0], 1.0)
    ratio = theirs / max(ours, 1) / usual
    if ours >= _TELLING_LENGTH and not _SHORTEST <= ratio <= _LONGEST:
        return [Fault("length", f"it has {ratio:.0%} of the usual length")]
    if ours < _TELLING_LENGTH and (ratio > 4 or (ours > 10 and ratio < 0.3)):
        return [Fault("length", f"it has {ratio:.0%} of the usual length")]
    if ours >= _TELLING_LENGTH and _ENDS.search(source) and not _ENDS.search(target) and ratio < 0.95:
        return [Fault("length", "it ends before the sentence does")]
    return []


def _repetition(source: str, target: str) -> list[Fault]:
    ours, theirs = words(source), words(target)
    for size, limit in ((1, 3), (2, 2), (3, 2)):
        run = _most_repeated(theirs, size, in_a_row=size <= 2)
        if run[1] > limit and run[1] > _most_repeated(ours, size, in_a_row=size <= 2)[1]:
            return [Fault("repetition", f"“{run[0]}” comes {run[1]} times")]
    if _repeated_share(theirs) > _MAX_REPEATED_SHARE > _repeated_share(ours):
        return [Fault("repetition", f"{_repeated_share(theirs):.0%} of it is said again")]
    return []


def _repeated_share(text_words: Sequence[str]) -> float:
    """Which share of a text's runs of four words has come before in it."""
    runs = [tuple(text_words[at : at + 4]) for at in range(len(text_words) - 3)]
    return 1 - len(set(runs)) / len(runs) if runs else 0.0


def _most_repeated(text_words: Sequence[str], size: int, *, in_a_row: bool) -> tuple[str, int]:
    """The run of `size` words that comes most often, and how often; in a row: one after the other."""
    runs = [" ".join(text_words[at : at + size]) for at in range(len(text_words) - size + 1)]
    if not runs:
        return "", 0
    if not in_a_row:
        return max(Counter(runs).items(), key=lambda item: item[1])
    best, count, highest = runs[0], 1, 1
    for at in range(size, len(runs)):
        count = count + 1 if runs[at] == runs[at - size] else 1
        if count > highest:
            best, highest = runs[at], count
    return best, highest
