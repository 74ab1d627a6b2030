"""Terms with approved translations: the wire's own, which are enforced, and places' names from CLDR, which are known."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property

from babel import Locale, UnknownLocaleError

from services.translation.text.folding import stands_in, words

_COUNTRY = re.compile(r"^[A-Z]{2}$")


@dataclass(frozen=True)
class Term:
    """A term and how an edition says it: the approved translation first, then others that are as good."""

    source: str
    targets: tuple[str, ...]
    kind: str = "term"  #: `person`, `organisation`, `place` or `term`; `date` for a month or a day

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Finds it as whole words; a term in capitals or with a capital is written so."""
        flags = re.IGNORECASE if self.source.islower() else 0
        return re.compile(rf"(?<!\w){re.escape(self.source)}(?!\w)", flags)

    def is_kept_in(self, target: str) -> bool:
        """Does a text use one of its translations, with whatever article or preposition before it?"""
        return any(stands_in(translation, target) for translation in self.targets)


def terms_in(text: str, terms: Iterable[Term]) -> list[Term]:
    """The terms that a text uses, the longest first; one that stands inside a longer one is not named again."""
    used: list[Term] = []
    rest, plain = text, text.casefold()
    # most terms are not in a text at all, which is cheaper to see than to search for
    near = [term for term in terms if term.source.casefold() in plain]
    for term in sorted(near, key=lambda term: -len(term.source)):
        if term.pattern.search(rest):
            used.append(term)
            rest = term.pattern.sub(" ", rest)
    return used


@cache
def places(source: str, target: str) -> tuple[Term, ...]:
    """Countries and the cities of time zones as CLDR has them in two languages; none for a language that CLDR does not know.

    A name is often said shorter (السعودية for المملكة العربية السعودية): its words that no other country's name has are as good.
    """
    try:
        own, other = Locale.parse(source, sep="-"), Locale.parse(target, sep="-")
    except (UnknownLocaleError, ValueError):
        return ()
    ours, theirs = own.territories, other.territories
    names = {code: theirs[code] for code in ours if _COUNTRY.match(str(code)) and code in theirs}
    counts = Counter(word for name in names.values() for word in words(name))
    countries = {
        ours[code]: Term(ours[code], (name, *(word for word in words(name) if counts[word] == 1 and len(word) > 3)), "place")
        for code, name in names.items()
    }
    cities = {
        city: Term(city, (named["city"],), "place")
        for zone, named in other.time_zones.items()
        if "city" in named and (city := own.time_zones.get(zone, {}).get("city") or zone.rpartition("/")[2].replace("_", " "))
    }
    return tuple({**cities, **countries}.values())
