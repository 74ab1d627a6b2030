"""Where a text opens with its place, its day and the agencies that it came through.

BEIRUT (AFP) -                         NEW YORK, July 13 (MENAFN - GlobeNewsWire - Nasdaq) --
(MENAFN- Daily News Egypt) Cairo       (ANSA) - Rome, October 11 -
"""

from __future__ import annotations

import re
from dataclasses import dataclass

#: what a chain's links are parted by; a hyphen inside a name ("Asia-Pacific") has no blank beside it
_LINK = re.compile(r"\s+[-–—]\s*|\s*[-–—]\s+|\s*[/|]\s*")
_CREDIT = r"\((?P<credit>[^\W\d_][\w.&'’-]*(?:[ \w.&'’/|–—-]{0,80})?)\)"
_DASH = r"\s*(?:--|[-–—:_])\s+"
#: a place: capitalised words, with a country, a state or a day behind commas
_PLACE = r"(?P<place>[A-Z\u00C0-\u00DE\u0600-\u06FF][\w .'’\-\u0600-\u06FF]{1,40}(?:,\s*[\w .'’\-\u0600-\u06FF]{1,30}){0,2})"
_PLACE_FIRST = re.compile(rf"^{_PLACE}\s*{_CREDIT}(?:{_DASH}|\s+)")
_CREDIT_FIRST = re.compile(rf"^{_CREDIT}(?:{_DASH}{_PLACE}{_DASH})?")
#: a bracket that opens a text and is no agency: (Reuters) is, (left) and (UPDATE 2) are not
_NO_AGENCY = re.compile(r"^(?:left|right|center|centre|top|bottom|photo|video|update\b.*|updates?|adds\b.*|note\b.*)$", re.I)


@dataclass(frozen=True, kw_only=True)
class OpeningCredit:
    """What it says; empty where a text has none."""

    dateline: str = ""
    chain: tuple[str, ...] = ()
    length: int = 0  #: characters of the text that it takes


def opening_credit_of(words: str) -> OpeningCredit:
    """The opening credit of a text without markup, whose words stay as they are; an empty one where it has none."""
    opening = _PLACE_FIRST.match(words[:250]) or _CREDIT_FIRST.match(words[:250])
    if not opening or _NO_AGENCY.match(opening["credit"].strip()):
        return OpeningCredit()
    chain = tuple(link.strip() for link in _LINK.split(opening["credit"]) if link.strip())
    return OpeningCredit(dateline=(opening["place"] or "").strip(), chain=chain, length=opening.end())
