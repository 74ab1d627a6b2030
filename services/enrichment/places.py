"""Which countries a text is about, and which of the wire's regions: apart from those that it only mentions, and how surely.

Every name of a country is worth points by where it stands and what kind of name it is. A country's share of all points says
how likely it is that an editor would file the text under it; that was measured, and its confidence is that likelihood.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from babel import Locale

from services.enrichment.gazetteer import Gazetteer, folded, gazetteer
from services.enrichment.mentions import Mention, mentions_in, unmarked
from services.enrichment.towns import country_of_town
from shared.contracts.finding import Finding, Method
from shared.contracts.item import Concept
from shared.language.datelines import Dateline, dateline_in, dateline_of
from shared.wire.config import Wire

#: points of a mention of each kind (a country's name, a city, a hint, a currency), by where it stands
_IN_DATELINE = 20.0
_IN_HEADLINE, _IN_LEAD, _IN_REST = (14.0, 6.0, 3.0, 1.0), (4.0, 2.0, 1.5, 0.5), (1.0, 0.5, 0.5, 0.3)
#: so many mentions of one kind in one place count
_MOST_COUNTED = 4
#: points that stand for what the text does not say
_UNSAID = 2
#: the likelihood that a country is meant, as the logistic of a line through its share of the points
_AT_NOTHING, _BY_SHARE = -1.5, 6.2
#: what is less likely is not said; one mention in a text is colour, two are a subject
_ENOUGH, _NAMED_OFTEN = 0.5, 2
#: characters of a text that are its lead, and of text and headline that are read at all
_LEAD, _MOST_READ = 240, 20_000


@dataclass
class _Signs:
    """What speaks for a country."""

    points: float = 0.0
    methods: set[Method] = field(default_factory=set)
    mentions: int = 0
    words: dict[str, float] = field(default_factory=dict)  #: and their points

    def add(self, method: Method, words: str, points: float) -> None:
        """One mention more."""
        self.methods.add(method)
        self.mentions += 1
        self.points += points
        self.words[words] = self.words.get(words, 0.0) + points


def countries_among(named: Iterable[Finding]) -> tuple[Finding, ...]:
    """The countries of what `places_named` has found."""
    return tuple(finding for finding in named if finding.value.isupper())


def places_named(
    *, places: Iterable[Concept], dateline: str, headline: str, text: str, editions: tuple[str, ...]
) -> tuple[Finding, ...]:
    """The countries that a text is about, the surest first; where it names none, parts of the world (`europe`)."""
    names = _names(editions)
    found = {
        code: Finding(code, "said", evidence=(place.name or place.code,))
        for place in places
        for code in _of_concept(place, names)
    }
    signs = _signs_of(dateline, headline[:_MOST_READ], text, names)
    for finding in _likely(signs, names):
        found.setdefault(finding.value, finding)
    return tuple(found.values())


def regions_of(places: Iterable[Concept], named: Sequence[Finding], wire: Wire) -> tuple[Finding, ...]:
    """The wire's regions that an item belongs to, the main one first: those that it names, then those of its countries."""
    said = {word.casefold(): place for place in places for word in (place.name, place.code)}
    found: dict[str, Finding] = {}
    for name, region in wire.regions.items():
        if place := said.get(name) or next((said[t.casefold()] for t in region.name.values() if t.casefold() in said), None):
            found[name] = Finding(name, "said", evidence=(place.name or place.code,))
    areas = _names(tuple(wire.editions)).areas
    for finding in named:
        core = areas.get(finding.value, frozenset((finding.value,)))
        for name, region in wire.regions.items():
            if 2 * len(core.intersection(region.countries)) > len(core):
                found.setdefault(name, replace(finding, value=name))
    return tuple(found.values())


def _names(editions: tuple[str, ...]) -> Gazetteer:
    return gazetteer(tuple(dict.fromkeys(edition.split("-")[0] for edition in ("en", *editions))))


def _of_concept(place: Concept, names: Gazetteer) -> list[str]:
    code = place.code.rpartition(":")[2].rpartition("/")[2].upper()
    if len(code) == 2 and code in Locale("en").territories:
        return [code]
    name = place.name.replace("-", " ")
    if country := names.of_datelines.get(folded(name)):
        return [country]
    mentioned = [mention.country for mention in mentions_in((name,), names)[0]] or [country_of_town(name)]
    return [country for country in mentioned if country.isupper()]


def _signs_of(dateline: str, headline: str, text: str, names: Gazetteer) -> dict[str, _Signs]:
    """What speaks for each country and area, by its code."""
    inside = dateline_of(text)
    signs: dict[str, _Signs] = {}
    for country, words in _of_dateline((dateline_in(dateline) if dateline else None) or inside, names):
        signs.setdefault(country, _Signs()).add("dateline", words, _IN_DATELINE)
    start = inside.end if inside and (signs or inside.date or inside.agency) else 0
    in_headline, in_text = mentions_in((headline, text[start : start + _MOST_READ]), names, tuple(signs))
    _count(signs, in_headline, "headline", _IN_HEADLINE)
    _count(signs, (mention for mention in in_text if mention.start < _LEAD), "text", _IN_LEAD)
    _count(signs, (mention for mention in in_text if mention.start >= _LEAD), "text", _IN_REST)
    return signs


def _count(signs: dict[str, _Signs], mentions: Iterable[Mention], method: Method, points: Sequence[float]) -> None:
    counted: dict[tuple[str, int], int] = {}
    for country, kind, _, words in mentions:
        times = counted[country, kind] = counted.get((country, kind), 0) + 1
        if (one := signs.get(country)) is None:
            one = signs[country] = _Signs()
        one.add(method, words, points[kind] if times <= _MOST_COUNTED else 0.0)


def _of_dateline(dateline: Dateline | None, names: Gazetteer) -> Iterator[tuple[str, str]]:
    """The countries of a dateline's towns, each with its words."""
    for place in dateline.places if dateline else ():
        town = names.of_datelines.get(folded(unmarked(place)), "")
        country = (dateline and _of_region(dateline.region, town, names)) or town or country_of_town(place)
        if country:
            yield country, place


def _of_region(region: str, town: str, names: Gazetteer) -> str:
    """The country of what stands behind a town; the town's own where that is its name: TBILISI, Georgia and ATLANTA, Georgia."""
    for part in reversed(region.split(", ")):
        short = part.replace(".", "").replace(" ", "")
        named = names.of_datelines.get(folded(unmarked(part)), "")
        if named and named == town:
            return town
        if country := names.regions.get(short) or names.regions.get(short.title()) or named:
            return country
    return ""


def _likely(signs: Mapping[str, _Signs], names: Gazetteer) -> Iterator[Finding]:
    """What is likely enough, the surest first: countries, or areas where there are none."""
    for codes in ([code for code in signs if code not in names.areas], [code for code in signs if code in names.areas]):
        total = sum(signs[code].points for code in codes) + _UNSAID
        sure = {code: _confidence(signs[code].points / total) for code in codes if _is_enough(signs[code])}
        likely = sorted((code for code in sure if sure[code] >= _ENOUGH), key=lambda code: -sure[code])
        if likely:
            yield from (_finding(code, signs[code], sure[code]) for code in likely)
            return


def _confidence(share: float) -> float:
    return round(1 / (1 + math.exp(-(_AT_NOTHING + _BY_SHARE * share))), 2)


def _is_enough(signs: _Signs) -> bool:
    return signs.mentions >= _NAMED_OFTEN or not signs.methods <= {"text"}


def _finding(code: str, signs: _Signs, confidence: float) -> Finding:
    method: Method = "dateline" if "dateline" in signs.methods else "headline" if "headline" in signs.methods else "text"
    # one spelling of each word; the strongest is written last
    words = {one.casefold(): one for one in sorted(signs.words, key=lambda one: signs.words[one])}
    return Finding(code, method, confidence, tuple(reversed(words.values())))
