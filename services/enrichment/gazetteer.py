"""The names by which texts tell of countries: CLDR's in the editions' languages, and those of `gazetteer.toml`."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import ahocorasick_rs
from babel import Locale
from babel.core import get_global

_FILE = Path(__file__).with_name("gazetteer.toml")
#: CLDR's codes that are no countries: unions, the world, unknown
_NO_COUNTRIES = frozenset(("EU", "EZ", "UN", "ZZ", "QO", "XA", "XB", "AC", "CP", "DG", "TA"))
#: and those that are parts of one
_PARTS = {"IC": "ES", "EA": "ES"}
#: CLDR's Arabic names of cities that are words of another meaning, or another place's
_NO_CITIES = frozenset(("سمراء", "نوم", "واك", "سنتر", "ترك", "ماهي", "جوني", "سول", "بويس", "برثا", "سالطا", "القدس"))

#: letters of a name whose g may be written either way and make no other word
_LONG_ENOUGH = 5
_MARKS = re.compile("[\u0640\u064b-\u0652\u0670]")


class Kind(IntEnum):
    """What a name is to its country, the surest first."""

    COUNTRY = 0  #: its own name, or a word for what and who is of it
    CITY = 1  #: a place in it
    HINT = 2  #: who or what is seen as its
    MONEY = 3


@dataclass(frozen=True, slots=True)
class Name:
    """One meaning of a spelling."""

    country: str
    kind: Kind
    doubtful: bool = False  #: also a person's name or a common word
    small: bool = False  #: written without a capital, in a language that has them
    common: bool = False  #: a common word, where a text has no capitals
    ya: bool = False  #: ends in Arabic's ya, not in the letter that looks like it
    exactly: frozenset[str] = frozenset()  #: another spelling of the same folded letters is another word


@dataclass(frozen=True, slots=True)
class Spelling:
    """What one spelling means, and what a text must show for it."""

    names: tuple[Name, ...]  #: none: it only looks like a place's
    sure: Name | None  #: its only meaning, if that needs no sign beside it
    doubtful: bool
    small: bool
    common: bool
    ya: bool
    exactly: frozenset[str]

    @classmethod
    def of(cls, names: Iterable[Name]) -> Spelling:
        """Of its meanings: what one of them needs, and what all allow."""
        names = tuple(names)
        return cls(
            names,
            sure=names[0] if len(names) == 1 and not names[0].doubtful else None,
            doubtful=any(name.doubtful for name in names),
            small=any(name.small for name in names),
            common=any(name.common for name in names),
            ya=any(name.ya for name in names),
            exactly=frozenset().union(*(name.exactly for name in names)),
        )


@dataclass(frozen=True)
class Gazetteer:
    """All names of some languages, and the machine that finds them in one pass."""

    spellings: tuple[str, ...]  #: folded, with a space in front where nothing is joined to a word; in the automaton's order
    meanings: tuple[Spelling, ...]  #: what each spelling means, in the same order
    automaton: ahocorasick_rs.AhoCorasick
    of_datelines: Mapping[str, str]  #: countries by folded names of towns, countries and their parts
    regions: Mapping[str, str]  #: countries by short forms of states and provinces
    areas: Mapping[
        str, frozenset[str]
    ]  #: the core countries of parts of the world, which stand for a name's country in lower case
    beside: Mapping[str, frozenset[str]]  #: folded words beside a doubtful name: `english`, `given`, `arabic`


def folded(text: str) -> str:
    """Letters without case, accents and the variants of Arabic spelling, brackets and hyphens as spaces.

    Each character stays one, in its place.
    """
    lower = text.lower()
    return (lower if len(lower) == len(text) else "".join(c.lower()[:1] for c in text)).translate(_PLAIN)


def without_marks(text: str) -> str:
    """Without Arabic vowel signs and the stroke that draws words out."""
    return text if text.isascii() or not _MARKS.search(text) else _MARKS.sub("", text)


def is_arabic(letter: str) -> bool:
    """Is it one of the letters of Arabic, to which others may be joined in front?"""
    return "\u0621" <= letter <= "\u064a"


def _plain_letters() -> dict[int, str]:
    letters = {ord(variant): plain for variant, plain in zip("أإآٱىةؤئ’‘`", "اااايهوي'''", strict=True)}
    letters |= dict.fromkeys(map(ord, '-–—/()[]{}<>"“”«»*_\n\t\r\u00a0'), " ")
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        plain = unicodedata.normalize("NFD", chr(code))[0]
        if plain != chr(code):
            letters[code] = plain
    return letters | {ord("ø"): "o", ord("ł"): "l", ord("đ"): "d", ord("ı"): "i"}


_PLAIN = _plain_letters()


@cache
def gazetteer(languages: tuple[str, ...]) -> Gazetteer:
    """The names of English and some other languages; read once for each set of them."""
    table = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    entries = (*_of_cldr(languages), *_of_table(table, languages), *_of_zones(table, languages))
    meanings = _meanings(entries)
    for phrase in _listed(table["none"]["phrases"]):
        meanings |= {form: {} for form in _forms(folded(phrase))}
    spellings = tuple(form if is_arabic(form[0]) else f" {form}" for form in meanings)
    return Gazetteer(
        spellings,
        tuple(Spelling.of(names.values()) for names in meanings.values()),
        ahocorasick_rs.AhoCorasick(spellings, store_patterns=False),
        _towns(entries),
        {short: country for country, shorts in table["regions"].items() for short in _listed(shorts)},
        {area: frozenset(_listed(lists["core"])) for area, lists in table["areas"].items()},
        {kind: frozenset(map(folded, _listed(words))) for kind, words in table["beside"].items()},
    )


#: the file as it is read
Table = Mapping[str, Mapping[str, Any]]


class Entry(NamedTuple):
    """A spelling as it is listed, what it means, and whether it does only in a dateline."""

    spelling: str
    name: Name
    only_datelines: bool = False


def _meanings(entries: Iterable[Entry]) -> dict[str, dict[str, Name]]:
    """The names of each folded spelling by their countries; of one country the surest kind."""
    meanings: dict[str, dict[str, Name]] = {}
    for spelling, entry, only_datelines in entries:
        name = replace(entry, ya=True) if spelling.endswith("ي") else entry
        for form in () if only_datelines else _forms(folded(without_marks(spelling))):
            names = meanings.setdefault(form, {})
            before = names.get(name.country, name)
            if name.kind <= before.kind:
                names[name.country] = replace(name, exactly=name.exactly | before.exactly) if name.exactly else name
    return meanings


def _towns(entries: Iterable[Entry]) -> dict[str, str]:
    """The country of a dateline's place: a city before a country, a plain name before one that only datelines have."""
    towns: dict[str, tuple[int, str]] = {}
    for spelling, name, only_datelines in entries:
        for form in _forms(folded(without_marks(spelling))) if name.kind <= Kind.CITY else ():
            rank = (name.kind != Kind.CITY) * 4 + name.doubtful * 2 + only_datelines
            towns[form] = min(towns.get(form, (9, "")), (rank, name.country))
    return {form: country for form, (_, country) in towns.items()}


def _of_cldr(languages: tuple[str, ...]) -> Iterator[Entry]:
    """Countries by CLDR, without what it puts in brackets."""
    for language in languages:
        for code, name in Locale.parse(language.replace("-", "_")).territories.items():
            if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES:
                for spelling in {name, name.replace(" & ", " and "), re.split("[(（]", name, maxsplit=1)[0].strip()}:
                    yield Entry(spelling, Name(_PARTS.get(code, code), Kind.COUNTRY))


def _of_table(table: Table, languages: tuple[str, ...]) -> Iterator[Entry]:
    kinds = {"en": Kind.COUNTRY, "cities": Kind.CITY, "hints": Kind.HINT, "money": Kind.MONEY}
    if "ar" in languages:
        kinds |= {"ar": Kind.COUNTRY, "cities_ar": Kind.CITY}
    for country, lists in table.items():
        if not country.isupper():
            continue
        for key, kind in kinds.items():
            for entry in _listed(lists.get(key, "")):
                spelling, sign = entry.lstrip("~=!^"), entry[0]
                name = Name(
                    country,
                    kind,
                    doubtful=sign == "~",
                    small=kind == Kind.MONEY,
                    common=sign == "^" or (kind == Kind.HINT and " " not in spelling),
                    exactly=frozenset((spelling,) if sign == "!" else ()),
                )
                yield Entry(spelling, name, sign == "=")
        if "ar" in languages:
            for stem in _listed(lists.get("nisba", "")):
                for spelling in nisba(stem):
                    yield Entry(spelling, Name(country, Kind.COUNTRY))
    for area, lists in table["areas"].items():
        for spelling in _listed(lists["words"]):
            yield Entry(spelling, Name(area, Kind.HINT))
        for stem in _listed(lists["nisba"] if "ar" in languages else ""):
            for spelling in nisba(stem):
                yield Entry(spelling, Name(area, Kind.HINT))
    for language, adjectives in table["adjectives"].items():
        if language in languages:
            for entry in _listed(adjectives["words"]):
                country, _, word = entry.partition(" ")
                for spelling in inflected(word, language):
                    yield Entry(spelling, Name(country, Kind.COUNTRY, small=True))


def _of_zones(table: Table, languages: tuple[str, ...]) -> Iterator[Entry]:
    """Cities that CLDR has in other languages, because time zones are named after them: those that the table has in English."""
    known = {
        (country, city)
        for country, lists in table.items()
        if country.isupper()
        for city in (entry.lstrip("=") for entry in _listed(lists.get("cities", "")))
    }
    countries = get_global("zone_territories")
    for language in languages:
        if language == "en":
            continue
        for zone, names in Locale.parse(language.replace("-", "_")).time_zones.items():
            country, city = countries.get(zone, ""), zone.rpartition("/")[2].replace("_", " ")
            if (country, city) in known and names.get("city", "") not in (_NO_CITIES | {""}):
                yield Entry(names["city"], Name(country, Kind.CITY))


def nisba(stem: str) -> Iterator[str]:
    """The forms of an Arabic adjective of origin: `سعودي`, `سعودية`, `سعوديون`, … The article is no part of them."""
    yield stem
    for ending in ("ة", "ون", "ين", "ات", "ان", "تان", "تين", "ا"):
        yield stem + ending


def inflected(word: str, language: str) -> tuple[str, ...]:
    """Feminine and plural of a Spanish or French adjective of origin, by its ending."""
    for ending, forms in _ENDINGS[language]:
        if word.endswith(ending):
            return tuple(word[: len(word) - len(ending)] + form for form in forms)
    return (word, f"{word}s")


#: of adjectives, with what stands for each ending
_ENDINGS = {
    "es": (
        ("o", ("o", "a", "os", "as")),
        ("és", ("és", "esa", "eses", "esas")),
        ("án", ("án", "ana", "anes", "anas")),
        ("ón", ("ón", "ona", "ones", "onas")),
        ("ol", ("ol", "ola", "oles", "olas")),
        ("í", ("í", "íes", "ís")),
    ),
    "fr": (
        ("ien", ("ien", "iens", "ienne", "iennes")),
        ("éen", ("éen", "éens", "éenne", "éennes")),
        ("on", ("on", "ons", "onne", "onnes")),
        ("rc", ("rc", "rcs", "rque", "rques")),
        ("ec", ("ec", "ecs", "ecque", "ecques")),
        ("s", ("s", "se", "ses")),
        *((end, (end, f"{end}s", f"{end}e", f"{end}es")) for end in ("in", "an", "ol", "nd")),
    ),
}


def _forms(spelling: str) -> Iterator[str]:
    """A spelling as it stands in texts: with `ل` in front, the Arabic article loses its alef; a foreign g is `غ` or `ج`."""
    yield spelling
    if spelling.startswith("ال"):
        yield "لل" + spelling[2:]
    if "غ" in spelling and len(spelling) >= _LONG_ENOUGH and "غرب" not in spelling:
        yield from _forms(spelling.replace("غ", "ج"))


def _listed(text: str) -> Iterable[str]:
    return filter(None, (entry.strip() for entry in text.replace("\n", " ").split(",")))
