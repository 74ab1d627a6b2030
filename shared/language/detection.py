"""Which language a text is in, when its sender does not say: decided among the wire's editions and all else.

First the script, which most languages have to themselves or share with two or three; then a detector's letters in groups; then
words and letters that tell neighbours apart. Measured with it on flashes of a few words: docs/decisions/0044.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain
from typing import Any

import eldc

from shared.language.common_names import PARTICLES, without_names
from shared.language.scripts import main_script, script_of
from shared.language.telling_words import LETTERS, PLACES, WORDS

#: looked at of a text: what comes after it has never changed what a text was taken for
_MOST_CHARACTERS, _MOST_WORDS = 300, 32

#: languages that the detector knows by script; where a script has one, it decides alone
_IN_SCRIPT: Mapping[str, tuple[str, ...]] = {
    "ARABIC": ("ar", "fa", "ur", "ku", "ps"), "CYRILLIC": ("ru", "uk", "be", "bg", "sr", "mk"), "DEVANAGARI": ("hi", "mr"),
    "CJK": ("zh", "ja"), "HEBREW": ("he",), "GREEK": ("el",), "HANGUL": ("ko",), "THAI": ("th",), "GEORGIAN": ("ka",),
    "ARMENIAN": ("hy",), "ETHIOPIC": ("am",), "BENGALI": ("bn",), "TAMIL": ("ta",), "TELUGU": ("te",), "KANNADA": ("kn",),
    "MALAYALAM": ("ml",), "GUJARATI": ("gu",), "GURMUKHI": ("pa",), "ORIYA": ("or",), "LAO": ("lo",), "KHMER": ("km",),
    "MYANMAR": ("my",), "SINHALA": ("si",),
    "LATIN": (
        "en", "fr", "es", "pt", "it", "ro", "ca", "eu", "de", "nl", "sv", "da", "nb", "is", "fi", "et", "lv", "lt", "pl", "cs",
        "sk", "sl", "hr", "hu", "sq", "tr", "az", "id", "vi", "tl", "yo",
    ),
}  # fmt: skip
_WITHOUT_SPACES = ("CJK", "THAI", "LAO", "KHMER", "MYANMAR")
#: what the detector does not tell apart, by the name that it has here: an edition's own name is said where it has one
_SAME = {"no": "nb", "nn": "nb", "ms": "id", "iw": "he", "fil": "tl", "bs": "hr", "sh": "hr", "ckb": "ku"}

#: how much a telling word in each word, and a telling letter anywhere, weigh beside the detector's mean over groups of letters
_WORD_WEIGHS, _LETTER_WEIGHS = 1.5, 0.6
#: what few wires write: so much less likely in a text of one word
_RARER = (
    "ca",
    "eu",
    "sk",
    "sl",
    "sq",
    "et",
    "lv",
    "lt",
    "is",
    "hr",
    "tl",
    "vi",
    "yo",
    "az",
    "be",
    "bg",
    "sr",
    "mk",
    "ku",
    "ps",
    "mr",
)
_RARER_WEIGHS = 0.4
#: so much more must speak for another language than for that of the first edition in a text of three words; less in a longer one
_ELSEWHERE, _LEAST_ELSEWHERE, _WORDS_OF_A_FLASH = 0.42, 0.2, 3
#: more in capitals, where names look like words; where words speak against it; for one word; where nothing but names speaks
_ELSEWHERE_BY_CAPITALS, _ELSEWHERE_AGAINST_WORDS, _ELSEWHERE_BY_ONE_WORD, _ELSEWHERE_BY_NAMES = 0.45, 0.9, 0.7, 1.0
#: a language for which so little speaks is not a text's
_STRANGE = 0.15
#: so much more for a language of no edition than for the nearest edition, where both are far from the first
_ELSEWHERE_NEARBY = 0.12
#: and for a language that writes most words as the edition's does
_ELSEWHERE_AT_TWINS, _TWINS = 0.5, ({"da", "nb"}, {"cs", "sk"})
#: letters of words that are no names which say something by themselves
_TELLING_LETTERS = 4
#: a text of more words is not misled by its names
_MOST_MISLED = 20
#: fewer letters say nothing where no word is known
_FEWEST_LETTERS = 8
#: a text is in the first edition's language for sure if it has so many words that are no names
_LEAST_WORDS, _LEAST_CAPITALS = 5, 14
#: confidence by how much more speaks for a language than for the next, as measured on flashes; nothing is surer than that
_STEEP, _LEVEL, _SUREST = 2.5, -1.0, 0.99
#: below this a text is called by no language rather than by a wrong one
_SURE = 0.6
_MOST_EVIDENCE = 8

#: letters with their marks, which `\w` leaves out
_WORD = re.compile(
    r"[^\W\d_](?:[^\W\d_]|['’](?=[^\W\d_])"
    r"|[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0900-\u0963\u0971-\u0dff\u0e31-\u0e4e\u0eb1-\u0ecd\u102b-\u103e\u17b6-\u17d3])*"
)
_NOTHING: frozenset[str] = frozenset()
#: what writes `Haiti's`, `auto's`
_WITH_S = frozenset({"en", "nl"})
_APOSTROPHE = re.compile(r"['’]")
_ASCII = re.compile(r"[!-~]+")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_BEYOND_LATIN = re.compile(r"[\u0370-\u1dff\u2e80-\ufdff\ufe70-\ufeff]")
_KANA = re.compile(r"[\u3041-\u30fa]")
_INITIALS = re.compile(r"\(?(?:[A-Z]\.-?)+[A-Z]?(?:['’]s)?[,;:)]*$")
_NO_WORD = re.compile(r"[0-9@$#/]|^www\.|^[A-Z]{1,6}\.[A-Z]{1,2}$|^<[^<>]+>|^\[[^\[\]]+\]")
#: an exchange and what is traded there
_LISTED = re.compile(r"\([A-Z]{2,12}: ?[A-Z.]{1,8}\)")
#: Arabic that was typed at a Persian or Pakistani keyboard is Arabic all the same
_AS_ARABS_TYPE = str.maketrans("یک", "يك")
#: words with the article, and with letters that Persian and Urdu do without
_ARABIC_WORD = re.compile(r"^[وفبك]?ال..|^لل..|[ةأإ]")
_AROUND_WORDS = ".,;:!?\"'“”„«»‘’()…-–—،؛؟।。、"

#: tags that name no language: undetermined, several, none
_NO_LANGUAGE = ("", "und", "mul", "zxx", "mis")


_Scores = defaultdict[str, float]


@dataclass(frozen=True)
class Found:
    """What a text says of its language by itself."""

    script: str  #: `LATIN`; empty where it has no letters
    language: str = ""  #: as a two-letter code; empty where it cannot be known
    is_sure: bool = False
    confidence: float = 0.0  #: from 0 to 1: of so many texts that are taken for a language this surely, so many are in it
    evidence: tuple[str, ...] = ()  #: words of the text that speak for it and not for the next likely; may be none


@dataclass(frozen=True)
class _Read:
    """A text's words, and how much in them speaks for each language of their script."""

    script: str
    are_several: bool  #: words and names
    words: Sequence[str]  #: without common names
    plain: Sequence[str]  #: those that are no names; where none differs from a name, all
    are_capitals: bool
    telling: Mapping[str, frozenset[str]]  #: words of the text and the languages that they speak for
    scores: Mapping[str, float]

    def words_for(self, language: str, other: str) -> tuple[str, ...]:
        """The words that speak for a language and not for another."""
        return tuple(word for word, said in self.telling.items() if language in said and other not in said)

    def speaks_for(self, language: str) -> bool:
        return any(language in said for said in self.telling.values())

    def of(self, language: str) -> float:
        return self.scores[language]

    def likeliest(self, languages: Sequence[str]) -> str:
        return max(languages, key=self.scores.__getitem__)


def names_a_language(tag: str) -> bool:
    """Does a tag say which language it is?"""
    return tag.split("-")[0].lower() not in _NO_LANGUAGE


def language_of(text: str, editions: tuple[str, ...]) -> str:
    """The language of `text` as a two-letter code, or `und` where it cannot be known."""
    found = find_language(text, editions)
    return found.language if found.language and found.confidence >= _SURE else "und"


def find_language(text: str, editions: tuple[str, ...]) -> Found:
    """The language of `text`, and whether it is surely that one. `editions` are the wire's, the first first.

    Names mislead: `Real Madrid beat Barcelona` is Spanish to any detector. So words that are no names count twice, figures,
    tickers and addresses not at all, and where nothing but names speaks, it must speak louder.
    """
    each_once = list(dict.fromkeys(_words(text[:_MOST_CHARACTERS])))  # many a flash is its headline again
    script, words = _in_main_script(each_once[:_MOST_WORDS])
    if not script:
        return Found("")
    known = _IN_SCRIPT.get(script, ())
    codes = [tag.split("-")[0].lower() for tag in editions if script_of(tag) == script]
    ours = {_SAME.get(code, code): code for code in codes}
    found = _decide(_read(script, words, known), known, tuple(ours)) if len(known) > 1 else _alone(script, words, (*ours, *known))
    language = ours.get(found.language, found.language)
    return found if language == found.language else replace(found, language=language)


def _in_main_script(words: Sequence[str]) -> tuple[str, Sequence[str]]:
    """The script that most letters are of, and what is written in it. Names in Latin letters make no text Latin."""
    text = " ".join(words)
    if text.isascii():  # most is: and all letters of ASCII are Latin
        return "LATIN" if words else "", words
    if not _BEYOND_LATIN.search(text):
        return main_script(text), words
    others = [word for word in words if not (word[0].isupper() and _LATIN.match(word))]
    script = main_script(" ".join(others)) or main_script(text)
    return script, words if script == "LATIN" else [word for word in others if not _LATIN.match(word)]


def _alone(script: str, words: Sequence[str], languages: Sequence[str]) -> Found:
    """In a script that one language has; an edition in another of that script is not to miss what is written in it."""
    if not languages:
        return Found(script)
    is_only = {*languages} == {languages[0]}
    return Found(script, languages[0], is_only and _are_enough(script, words), confidence=_SUREST if is_only else 0.5)


def _are_enough(script: str, words: Sequence[str], least: int = _LEAST_WORDS) -> bool:
    """Are there so many different words? Where none are set apart, two letters count for one."""
    return len({*words}) >= least or (script in _WITHOUT_SPACES and len("".join(words)) >= 2 * least)


def _decide(read: _Read, known: Sequence[str], ours: Sequence[str]) -> Found:
    """Of a script's languages one of no edition, if that is far likelier; or the likeliest edition's; or the first one's."""
    home = [code for code in ours if code in known]
    if not home:  # where an edition's language is one that the detector has never seen, nothing is sure
        best = read.likeliest(known)
        runner_up = read.likeliest([code for code in known if code != best])
        return _found(read, best, runner_up, is_sure=not ours and _are_enough(read.script, read.plain))
    best = read.likeliest(known)
    nearest = read.likeliest(home)
    nearby = _ELSEWHERE_AT_TWINS if {best, nearest} in _TWINS else _ELSEWHERE_NEARBY
    is_near = nearest != home[0] and read.of(best) - read.of(nearest) < nearby
    if best not in home and (is_near or len(home) < len(ours)):
        best = nearest
    if best != home[0] and not _is_far(read, best, home[0]):
        best = home[0]
    runner_up = read.likeliest([code for code in known if code != best])
    if best == home[0]:
        has_words = _are_enough(read.script, read.plain, _LEAST_CAPITALS if read.are_capitals else _LEAST_WORDS)
        return _found(read, best, runner_up, is_sure=has_words and read.of(best) > read.of(runner_up))
    return _found(read, best, home[0], is_sure=True)


def _is_far(read: _Read, language: str, other: str) -> bool:
    """Does so much more speak for a language than for another that a text is surely not in the other?"""
    if not read.are_several or not read.words:
        return False
    has_words = not read.are_capitals and len("".join(read.plain)) >= _TELLING_LETTERS
    if has_words and len(read.plain) >= _WORDS_OF_A_FLASH and read.of(other) < _STRANGE and not read.speaks_for(other):
        return True  # a language that the detector does not know is like none, and still not this one
    for_it = sum(word.lower() not in PARTICLES for word in read.words_for(language, other))
    for_other = sum(word.lower() not in PARTICLES for word in read.words_for(other, language))
    if for_other > for_it or for_other == for_it > 0:
        needed = _ELSEWHERE_AGAINST_WORDS
    elif has_words or for_it:
        needed = _ELSEWHERE
    elif len("".join(read.words)) < _FEWEST_LETTERS:
        return False
    else:
        are_words = len(read.words) > 1 and all(word.isupper() for word in read.words)
        needed = _ELSEWHERE_BY_CAPITALS if are_words else _ELSEWHERE_BY_NAMES
    if len(read.words) == 1:
        needed = max(needed, _ELSEWHERE_BY_ONE_WORD)
    return read.of(language) - read.of(other) >= max(_LEAST_ELSEWHERE, needed * math.sqrt(_WORDS_OF_A_FLASH / len(read.words)))


def _found(read: _Read, language: str, runner_up: str, *, is_sure: bool) -> Found:
    margin = (read.of(language) - read.of(runner_up)) * math.sqrt(len(read.words))
    confidence = round(min(_SUREST, 1 / (1 + math.exp(_LEVEL - _STEEP * margin))), 2)
    return Found(read.script, language, is_sure, confidence, read.words_for(language, runner_up)[:_MOST_EVIDENCE])


def _words(text: str) -> list[str]:
    """The words of a text, without figures, tickers and addresses."""
    found: list[str] = []
    for piece in _LISTED.sub(" ", text).split():
        bare = piece.strip(_AROUND_WORDS)
        if bare.isalpha() and (len(bare) > 1 or not _INITIALS.match(piece)):
            found.append(bare)
        elif bare and not _INITIALS.match(piece):
            found += _WORD.findall(_ASCII.sub(lambda run: " " if _NO_WORD.search(run[0]) else run[0], piece))
    return found


def _read(script: str, all_words: Sequence[str], known: Sequence[str]) -> _Read:
    words = without_names(all_words)
    small = _small(words)
    plain = [word for word, as_small in zip(words, small, strict=True) if word == as_small]
    are_capitals = not plain
    if not words:
        return _Read(script, False, (), (), are_capitals, {}, dict.fromkeys(known, 0.0))
    scores = _scores(script, small)
    if len(plain) < len(words) <= _MOST_MISLED and len("".join(plain)) >= _TELLING_LETTERS:
        scores = _mean(scores, _scores(script, plain))
    # a sentence begins with a capital, whatever its first word is
    if are_capitals:
        telling = _telling(words)
    else:
        tell = {words[0], *plain, *(word for word, as_small in zip(words, small, strict=True) if as_small in PLACES)}
        telling = _telling([word for word in words if word in tell])
    for code, times in Counter(chain.from_iterable(telling.values())).items():
        scores[code] += _WORD_WEIGHS * times / len(words)
    _add_letters(scores, small if are_capitals else plain, len(words))
    for code in _RARER:
        scores[code] -= _RARER_WEIGHS / len(words)
    return _Read(script, len(all_words) > 1, words, plain or words, are_capitals, telling, {code: scores[code] for code in known})


def _small(words: Sequence[str]) -> list[str]:
    """In small letters, as Turkish has them where the text is surely Turkish."""
    text = " ".join(words)
    return (text.replace("I", "ı").replace("İ", "i") if "İ" in text else text).lower().split()


def _telling(words: Sequence[str]) -> dict[str, frozenset[str]]:
    """The languages that words speak for, by themselves or by what stands before or after an apostrophe: `l'accord`."""
    small = dict(zip(words, _small(words), strict=True))
    known = WORDS.keys() & {*small.values()}
    telling = {word: WORDS[as_small] for word, as_small in small.items() if as_small in known}
    for word, as_small in small.items():
        if ("'" in as_small or "’" in as_small) and word not in telling:
            *parts, last = _APOSTROPHE.split(as_small)
            said = _WITH_S if last == "s" else _NOTHING.union(*(WORDS.get(part, _NOTHING) for part in (*parts, last)))
            if said:
                telling[word] = said
    return telling


def _add_letters(scores: _Scores, small: Sequence[str], of_words: int) -> None:
    """What letters say that one or two languages have alone, by the share of words that have them."""
    said: _Scores = defaultdict(float)
    for sign in LETTERS.keys() & {*"".join(small)}:
        share = min(1.0, 2 * sum(sign in word for word in small) / of_words)
        for code in LETTERS[sign]:
            said[code] = max(said[code], share)
    for code, share in said.items():
        scores[code] += _LETTER_WEIGHS * share


def _mean(one: _Scores, other: _Scores) -> _Scores:
    return defaultdict(float, {code: (one[code] + other[code]) / 2 for code in one.keys() | other.keys()})


def _scores(script: str, words: Sequence[str]) -> _Scores:
    """How much speaks for each language, as the mean over groups of letters."""
    text = " ".join(words)
    scores = _means(script, text)
    if script == "CJK":
        scores["ja" if _KANA.search(text) else "zh"] += 1
    if script == "ARABIC":
        if text != (as_arabs_type := text.translate(_AS_ARABS_TYPE)):
            scores["ar"] = max(scores["ar"], _means(script, as_arabs_type)["ar"])
        scores["ar"] += sum(bool(_ARABIC_WORD.search(word)) for word in words) / len(words)
    return scores


def _means(script: str, text: str) -> _Scores:
    found = _detector(script).detect_details(text).scores.items()
    return defaultdict(float, {_SAME.get(code, code): -math.log(max(1 - share, 1e-6)) for code, share in found})


@cache
def _detector(script: str) -> Any:
    eldc.init()
    detector = eldc.instance()
    detector.set_languages([code for code in eldc.LANGUAGES if _SAME.get(code, code) in _IN_SCRIPT[script]])
    detector.set_scores(20)
    return detector
