"""IPTC 7901 in: the text message format of teleprinter days, which agencies still send.

    SOH eca062 4 i 211 ccccb   dpa 061        source and number, priority, category, count of words, optional words
    STX Germany-politics/                     the slugline, and headlines that end in `=`
        text, paragraphs indented or parted by empty lines
    ETX 131137 GMT Nov 13                     day, hour and minute, zone, month and year
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from services.ingest.formats.draft import Draft, concept, unique, whole_number
from services.ingest.identity import uri_from_reference
from services.ingest.times import moment_in_zone
from shared.contracts.item import Provider
from shared.markup import paragraphs
from shared.text import clean_line

NAME = "IPTC 7901"
MEDIA_TYPES = ("text/vnd.iptc.7901", "text/x-iptc7901")
_HEADER = re.compile(
    r"^\s*\x01?\s*(?P<source>[A-Za-z]{2,8})[ ]?(?P<number>\d{2,5})[ ]+(?P<priority>[1-9A-Za-z])[ ]+"
    r"(?P<category>[A-Za-z]{1,4})[ ]+(?P<count>\d{1,5})\b[ ]*(?P<options>[^\r\n\x02]*)"
)
_TRAILER = re.compile(
    r"(?P<day>\d\d)(?P<hour>\d\d)(?P<minute>\d\d)\s*(?P<zone>[A-Z]{1,5})?\s+"
    r"(?P<month>[A-Za-z]{3})[a-z]*\.?\s+(?P<year>\d\d(?:\d\d)?)"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
#: the standard's letters for what a text is about, as IPTC's media topics
_CATEGORIES = {
    "i": ("international news", ""),
    "s": ("sport", "medtop:15000000"),
    "f": ("economy, business and finance", "medtop:04000000"),
    "p": ("politics", "medtop:11000000"),
    "e": ("arts, culture, entertainment and media", "medtop:01000000"),
    "a": ("national news", ""),
    "w": ("weather", "medtop:17000000"),
}
#: from here on a text is the desk's: a notebook, or words that say so
_DESKS_OWN = re.compile(
    r"^(?:#\s*\w+\s+notebook\b.*|\*\s*\*\s*\*[\s*]*|.*\bnot (?:for|intended for) publication\b.*)$", re.IGNORECASE
)


def recognises(text: str) -> bool:
    """Does this text open with a 7901 header?"""
    return _HEADER.match(text[:300]) is not None


def split(text: str) -> Sequence[str]:
    """The messages of a text: each begins with SOH; without one the whole is a message."""
    parts = [part for part in text.split("\x01") if part.strip("\x00\x7f\x04\x16 \r\n")]
    return parts or [text]


def read(message: str) -> Draft:
    """One message."""
    draft = Draft(is_versioned=False)
    header = _HEADER.match(message)
    if header is None:
        draft.wrong("", "the message has no IPTC 7901 header: source and number, priority, category, words")
        return draft
    draft.put("urgency", whole_number(header["priority"], low=1, high=9), "priority")
    name, code = _CATEGORIES.get(header["category"].lower(), ("", ""))
    subject = concept(name, code or header["category"], "" if code else "iptc7901")
    draft.put("subjects", unique([subject]), "category")
    draft.keep("options", header["options"])
    rest = message[header.end() :].lstrip("\r\n").lstrip("\x02")
    text, _, trailer = rest.partition("\x03")
    if not trailer and (last := list(_TRAILER.finditer(rest))):
        text, trailer = rest[: last[-1].start()], rest[last[-1].start() :]
    created = _moment(trailer)
    if created:
        draft.put("version_created_at", created, "date")
        draft.put("first_created_at", created, "date")
    _read_text(draft, text)
    provider = _provider(header["options"]) or header["source"].upper()
    draft.put("provider", Provider(name=provider))
    if created:  # numbers begin again every day
        reference = header["source"] + header["number"]
        draft.put("uri", uri_from_reference("iptc7901", provider, f"{created:%Y%m%d}", reference))
    draft.hold_if_words_say_embargo()
    return draft


def _read_text(draft: Draft, text: str) -> None:
    before, stx, after = text.partition("\x02")  # some agencies put the slugline before the text's start
    if stx:
        draft.put("slugline", clean_line(before).rstrip("/"))
        text = after
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    while lines and not lines[0].strip():
        lines.pop(0)
    slugline = ""
    headlines: list[str] = []
    while lines and lines[0].strip() and len(headlines) < 4:
        line = lines[0].strip()
        if not slugline and not stx and not headlines and (line.endswith("/") or _looks_like_slug(line)):
            slugline = line.rstrip("/").strip()
        elif line.endswith("=") or (lines[0] == lines[0].lstrip() and not headlines):
            headlines.append(line.rstrip("=").strip())
        elif headlines and not headlines[-1].endswith("=") and lines[0] == lines[0].lstrip():
            headlines[-1] += f" {line.rstrip('=').strip()}"  # a headline that runs over the line's end
        else:
            break
        lines.pop(0)
    draft.put("slugline", slugline)
    draft.put("headline", headlines[0] if headlines else "")
    draft.put("subheadline", headlines[1] if len(headlines) > 1 else "")
    own = next((number for number, line in enumerate(lines) if _DESKS_OWN.match(line.strip())), len(lines))
    draft.put("body_html", paragraphs("\n".join(lines[:own])), "text")
    draft.put("ednote", "\n".join(line for line in lines[own:] if line.strip(" *")), "notebook")


def _looks_like_slug(line: str) -> bool:
    return " " not in line and len(line) < 60 and any(mark in line for mark in "-/:")


def _provider(options: str) -> str:
    """The agency's name, which some put with its own number at the end of the header: `dpa 061`."""
    found = re.search(r"\b([A-Za-z]{2,8})\s+\d{2,4}\s*$", options)
    return found[1] if found else ""


def _moment(trailer: str) -> datetime | None:
    found = _TRAILER.search(trailer)
    if not found or found["month"].lower() not in _MONTHS:
        return None
    year = int(found["year"]) + (2000 if len(found["year"]) == 2 else 0)
    day, hour, minute = (int(found[name]) for name in ("day", "hour", "minute"))
    month = _MONTHS.index(found["month"].lower()) + 1
    return moment_in_zone(found["zone"], year=year, month=month, day=day, hour=hour, minute=minute)
