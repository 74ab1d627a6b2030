"""The dateline in front of a story: `SAN MATEO, Calif., March 2 -`, `(MENAFN) RIYADH, Nov 25 (Reuters) -`, `بيروت (رويترز) -`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

#: a dateline is over within so many characters of a text; so many words are no town's name any more
_LONGEST, _MOST_WORDS = 120, 6

_MONTH = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene|abr|ago|dic|fév|fev|avr|mai|juin|juil|août|déc)[^\W\d_]{0,7}\.?"
    r"|(?:يناير|فبراير|مارس|أبريل|إبريل|ابريل|نيسان|أيار|ايار|مايو|يونيو|يوليو|أغسطس|اغسطس|سبتمبر|أكتوبر|اكتوبر|نوفمبر|ديسمبر"
    r"|كانون|تشرين|شباط|آذار|اذار|حزيران|تموز|آب|اب|أيلول|ايلول|جانفي|فيفري|أفريل|ماي|جوان|جويلية|أوت)"
    r"(?: (?:الأول|الاول|الثاني|أول|ثان))?"
)
_DATE = re.compile(
    rf"(?<!\w)(?:(?:{_MONTH})\s?\d{{1,2}}(?!\d)|\d{{1,2}}(?:st|nd|rd|th)?\s(?:de\s)?(?:{_MONTH})(?:\s?/\s?(?:{_MONTH}))?)"
    r"(?:,?\s\d{4})?",
    re.IGNORECASE,
)
_MONTH_ALONE = re.compile(rf"(?<=, )(?:{_MONTH})\s{{0,9}}$", re.IGNORECASE)
#: what stands between a dateline and its text; a plain hyphen needs a space beside it, as in no town's name
_END = re.compile(r"\s?(?:-{2,9}|[–—])\s?|\s-{1,9}\s?|-\s|[:：](?:\s|$)")
_AGENCY = re.compile(r"\(([^()]{2,60})\)")
#: `(MENAFN - X) RIYADH, …`, `(Reuters) - …`
_OPENING = re.compile(r"\s{0,9}\([^()]{2,60}\)\s{0,9}(?:[–—-]{1,9}\s{0,9})?")
#: agencies that stand behind a dash instead of in brackets: `دبي - رويترز`
_BARE_AGENCY = re.compile(
    r"(رويترز|وكالات|فرانس برس|أ ?\.?ف ?\.?ب|د ?\.?ب ?\.?أ|واس|وام|بترا|سانا|كونا|قنا|Reuters?|AFP|AP|UPI|dpa|Agencies)"
    r"(?:\s?[:–—-]{1,9}\s?|\s{1,9}|$)",
    re.IGNORECASE,
)
#: a credit with nothing beside it: one to three names, not a remark as in `(Adds details)`
_CREDIT = re.compile(r"\s{0,9}\(([^\W\d_a-z][\w.&-]{1,20}(?: (?:- )?[^\W\d_a-z][\w.&-]{0,20}){0,2})\)\s{0,9}")
_WORD = re.compile(r"[^\W_][\w.'’-]{0,60}")
_PARTICLE = re.compile(r"(?:al|an|and|bin|d[aeiu]?|del|der|des|do|dos|el|en|et|in|las?|les?|los|of|on|sur|the|upon|van|von|y)$")
_SEPARATOR = re.compile(r"\s{0,9}[,،]\s{0,9}")


@dataclass(frozen=True, kw_only=True)
class Dateline:
    """Where, when and by whose report a text was written, in its own words; empty: it does not say."""

    places: tuple[str, ...] = ()  #: towns: one, or several of one story (`LONDON/PARIS`)
    region: str = ""  #: what stands behind the town: a state, a province, a country (`Calif.`, `Egypt`)
    date: str = ""
    agency: str = ""
    end: int = 0  #: so many characters of the text are the dateline


def dateline_of(text: str) -> Dateline | None:
    """The dateline that a text begins with, if it does; a credit alone is one too: `(MENAFN) The ministry …`."""
    head, is_colon, end = _head(text)
    found = _parsed(head) if end else None
    if found is None:
        credit = _CREDIT.match(text)
        return Dateline(agency=credit[1], end=credit.end()) if credit else None
    if not found.agency and (agency := _BARE_AGENCY.match(text[end : end + _LONGEST])):
        return replace(found, agency=agency[1], end=end + agency.end())
    if not (found.date or found.agency) and (is_colon or not _is_a_town(" ".join(found.places)) or "\n" in head):
        return None
    if not found.date and (date := _DATE.match(text, end)) and (dash := _END.match(text, date.end())):
        return replace(found, date=date[0], end=dash.end())  # `CHEVY CHASE, Md., - March 4 -`
    return replace(found, end=end)


def dateline_in(field: str) -> Dateline | None:
    """What a dateline says that an item has as a field of its own, with or without a dash behind."""
    return dateline_of(field) or _parsed(field[:_LONGEST].rstrip(" \u00a0–—:-"))


def _head(text: str) -> tuple[str, bool, int]:
    """What stands before the first dash or colon outside brackets, whether it is a colon, and where the text begins after it."""
    start = 0
    opening = _OPENING.match(text[:_LONGEST])
    if opening:
        start = opening.end()
        if opening[0].rstrip().endswith(tuple("–—-")):
            return opening[0].strip(" –—-"), False, start
    for match in _END.finditer(text, start, _LONGEST):
        before = text[: match.start()]
        if before.count("(") == before.count(")"):
            return before, match[0].strip() in (":", "："), match.end()
    return "", False, 0


def _parsed(head: str) -> Dateline | None:
    agencies = _AGENCY.findall(head)
    head = _AGENCY.sub(" ", head)
    date = _DATE.search(head) or _MONTH_ALONE.search(head)
    if date:
        if re.search(r"\w", head[date.end() :]):  # a sentence with a date in it
            return None
        head = head[: date.start()]
    parts = [part for part in _SEPARATOR.split(head.strip(" *\n,،-–—")) if part.strip(" .")]
    places = tuple(place.strip() for place in parts[0].split("/") if place.strip()) if parts else ()
    if len(parts) > 4 or not all(_is_a_name(place) for place in places):
        return None
    if not places and not agencies:
        return None
    return Dateline(
        places=places,
        region=", ".join(parts[1:]),
        date=date[0] if date else "",
        agency=agencies[-1] if agencies else "",
    )


def _is_a_name(place: str) -> bool:
    """Few words, none of them small but the particles of names; or all small, where a sender has lost its capitals."""
    words = _WORD.findall(place)
    small = [word for word in words if word[0].islower()]
    names = len(small) == len(words) <= 3 or all(_PARTICLE.match(word) for word in small)
    return bool(_WORD.match(place)) and len(words) <= _MOST_WORDS and names


def _is_a_town(place: str) -> bool:
    """With neither date nor agency beside it, a town is known by its letters: capitals, or three words at most."""
    words = _WORD.findall(place)
    if not words or place != place.strip(".!?؟"):
        return False
    if place.isupper():
        return len(words) <= _MOST_WORDS
    return len(words) <= 3 and all(not word[0].islower() for word in words)
