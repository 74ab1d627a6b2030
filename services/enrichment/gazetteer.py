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
from typing import Any

import ahocorasick_rs
from babel import Locale
from babel.core import get_global

_FILE = Path(__file__).with_name("gazetteer.toml")
#: CLDR's codes that are no countries: unions, the world, unknown
_NO_COUNTRIES = frozenset(("EU", "EZ", "UN", "ZZ", "QO", "XA", "XB", "AC", "CP", "DG", "TA"))
#: and those that are parts of one
_PARTS = {"IC": "ES", "EA": "ES"}
#: CLDR's Arabic names of cities that are words of another meaning, or another place's
_NO_CITIES = frozenset(("سمراء", "نوم", "واك", "سنتر", "ترك", "ماهي", "جوني", "سول", "بويس", "برثا", "سالطا"))


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


def folded(text: str) -> str:
    """Letters without case, accents and the variants of Arabic spelling, brackets and hyphens as spaces.

    Each character stays one, in its place.
    """
    lower = text.lower()
    return (lower if len(lower) == len(text) else "".join(c.lower()[:1] for c in text)).translate(_PLAIN)


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
    meanings: dict[str, dict[str, Name]] = {}
    towns: dict[str, tuple[int, str]] = {}
    for spelling, entry, only_datelines in (*_of_cldr(languages), *_of_table(table, languages), *_of_zones(table, languages)):
        name = replace(entry, ya=True) if spelling.endswith("ي") else entry
        for form in _forms(folded(spelling)):
            if name.kind <= Kind.CITY:  # a plain name before one that only datelines have, and that before a doubtful one
                towns[form] = min(towns.get(form, (9, "")), (only_datelines + 2 * name.doubtful, name.country))
            of_form = meanings.setdefault(form, {})
            if not only_datelines and (name.country not in of_form or name.kind <= of_form[name.country].kind):
                before = of_form.get(name.country, name)
                of_form[name.country] = replace(name, exactly=name.exactly | before.exactly) if name.exactly else name
    none: dict[str, dict[str, Name]] = {
        form: {} for phrase in _listed(table["none"]["phrases"]) for form in _forms(folded(phrase))
    }
    meanings = {form: names for form, names in meanings.items() if names} | none
    spellings = tuple(form if is_arabic(form[0]) else f" {form}" for form in meanings)
    return Gazetteer(
        spellings,
        tuple(Spelling.of(names.values()) for names in meanings.values()),
        ahocorasick_rs.AhoCorasick(spellings, store_patterns=False),
        {form: country for form, (_, country) in towns.items()},
        {short: country for country, shorts in table["regions"].items() for short in _listed(shorts)},
        {area: frozenset(_listed(lists["core"])) for area, lists in _areas(table)},
    )


#: the file as it is read
Table = Mapping[str, Mapping[str, Any]]
#: letters of a name whose g may be written either way and make no other word
_LONG_ENOUGH = 5
Entry = tuple[str, Name, bool]  #: spelling, meaning, whether only a dateline says so


def _of_cldr(languages: tuple[str, ...]) -> Iterator[Entry]:
    """Countries by CLDR, without what it puts in brackets."""
    for language in languages:
        for code, name in Locale.parse(language.replace("-", "_")).territories.items():
            if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES:
                for spelling in {name, name.replace(" & ", " and "), re.sub(r"\s*[(（].*[)）]", "", name)}:
                    yield spelling, Name(_PARTS.get(code, code), Kind.COUNTRY), False


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
                yield spelling, name, sign == "="
        if "ar" in languages:
            for stem in _listed(lists.get("nisba", "")):
                for spelling in nisba(stem):
                    yield spelling, Name(country, Kind.COUNTRY), False
    for area, lists in _areas(table):
        for spelling in _listed(lists["words"]):
            yield spelling, Name(area, Kind.HINT), False
        for stem in _listed(lists["nisba"] if "ar" in languages else ""):
            for spelling in nisba(stem):
                yield spelling, Name(area, Kind.HINT), False
    for language, adjectives in table["adjectives"].items():
        if language in languages:
            for entry in _listed(adjectives["words"]):
                country, _, word = entry.partition(" ")
                for spelling in inflected(word, language):
                    yield spelling, Name(country, Kind.COUNTRY, small=True), False


def _areas(table: Table) -> Iterable[tuple[str, Mapping[str, str]]]:
    return table["areas"].items()


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
                yield names["city"], Name(country, Kind.CITY), False


def nisba(stem: str) -> Iterator[str]:
    """The forms of an Arabic adjective of origin: `سعودي`, `سعودية`, `سعوديون`, … The article is no part of them."""
    yield stem
    for ending in ("ة", "ون", "ين", "ات", "ان", "تان", "تين", "ا"):
        yield stem + ending


def inflected(word: str, language: str) -> tuple[str, ...]:
    """Feminine and plural of a Spanish or French adjective of origin, by its ending."""
    if language == "es":
        for ending, forms in _SPANISH:
            if word.endswith(ending):
                return tuple(word[: len(word) - len(ending)] + form for form in forms)
        return (word, f"{word}s")
    if word.endswith(("ien", "éen")):
        return word, f"{word}s", f"{word}ne", f"{word}nes"
    if word.endswith("e"):
        return word, f"{word}s"
    return word, f"{word}s".replace("ss", "s"), f"{word}e".replace("ce", "cque"), f"{word}es"


_SPANISH = (
    ("o", ("o", "a", "os", "as")),
    ("és", ("és", "esa", "eses", "esas")),
    ("án", ("án", "ana", "anes", "anas")),
    ("ón", ("ón", "ona", "ones", "onas")),
    ("ol", ("ol", "ola", "oles", "olas")),
    ("í", ("í", "íes", "ís")),
)


def _forms(spelling: str) -> Iterator[str]:
    """A spelling as it stands in texts: with `ل` in front, the Arabic article loses its alef; a foreign g is `غ` or `ج`."""
    yield spelling
    if spelling.startswith("ال"):
        yield "لل" + spelling[2:]
    if "غ" in spelling and len(spelling) >= _LONG_ENOUGH and "غرب" not in spelling:
        yield from _forms(spelling.replace("غ", "ج"))


def _listed(text: str) -> Iterable[str]:
    return filter(None, (entry.strip() for entry in text.replace("\n", " ").split(",")))
