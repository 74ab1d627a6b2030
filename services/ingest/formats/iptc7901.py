"""IPTC 7901 in: the text message format of teleprinter days, which agencies still send (https://www.iptc.org/IPTC7901/).

SOH eca062 4 i 211 ccccb   dpa 061        source and number, priority, category, count of words, optional words
STX Germany-politics/                     the slugline, and headlines that end in `=`
    text, paragraphs indented or parted by empty lines
ETX 131137 GMT Nov 13                     day, hour and minute, zone, month and year
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from services.ingest.formats import line
from services.ingest.formats.parsed_item import ParsedItem
from services.ingest.formats.values import concept, unique, whole_number
from services.ingest.identity import uri_from_reference
from services.ingest.times import moment_in_zone
from shared.contracts.item import Provider
from shared.language.characters import clean_line
from shared.language.markup import paragraphs

NAME = "IPTC 7901"
#: source and number, priority, category, count of words, options; they stand behind a SOH, or open the text
_HEADER = re.compile(
    r"(?P<source>[A-Za-z]{1,12})[ ]?(?P<number>\d{1,12})[ ]+(?P<priority>[0-9A-Za-z])[ ]+"
    r"(?P<category>[A-Za-z]{1,12})[ ]+(?P<count>\d{1,7})(?![\w-])[ ]*(?P<options>[^\n\x01-\x04]*)"
)
#: what opens a text without a SOH must look more like a header, or prose with figures would be one
_PROSE = re.compile(r"[A-Za-z]{1,12}[ ]")
_TRAILER = re.compile(
    r"(?P<day>\d\d)(?P<hour>\d\d)(?P<minute>\d\d)(?:\s{0,20}(?P<zone>[A-Z]{1,5}))?\s{1,20}"
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
#: headlines of a message, and the lines of one: what runs on is the text
_MAX_HEADLINES, _MAX_LINES = 4, 10
#: from here on a text is the desk's: a notebook, or words that say so
_DESKS_OWN = re.compile(
    r"^(?:#\s*\w+\s+notebook\b.*|\*\s*\*\s*\*[\s*]*|.*\bnot (?:for|intended for) publication\b.*)$", re.IGNORECASE
)


def recognises(text: str) -> bool:
    """Does a message with a 7901 header begin in this text?"""
    return line.find_start(line.clean(text[:3000]).text, _header_ends) >= 0


def _header_ends(text: str, start: int) -> int:
    match = _HEADER.match(text, start)
    if match is None:
        return -1
    is_marked = line.SOH in text[max(0, start - 4) : start]
    return match.end() if is_marked or not _PROSE.match(text, start) else -1


def split(text: str) -> Sequence[line.Message]:
    """The messages of a text, in its order."""
    return line.split_messages(text, _header_ends)


def is_cut(message: line.Message) -> bool:
    """Is this only the beginning of a message?"""
    return line.is_cut(message, _TRAILER)


def read(message: line.Message) -> ParsedItem:
    """One message; an error where it has no header. It has no version, and an identity of its own only with its date line."""
    parsed = ParsedItem(is_versioned=False)
    for note in message.notes:
        parsed.note(note)
    message_text = message.text.lstrip(f"{line.SOH} \t\n")
    header = _HEADER.match(message_text)
    if header is None:
        parsed.add_error("", "the message has no IPTC 7901 header: source and number, priority, category, words")
        return parsed
    parsed.put("urgency", whole_number(header["priority"], low=1, high=9), "priority")
    name, code = _CATEGORIES.get(header["category"].lower(), ("", ""))
    subject = concept(name, code or header["category"], "" if code else "iptc7901")
    parsed.put("subjects", unique([subject]), "category")
    if header["priority"] == "0":
        parsed.keep("priority", "0")
    parsed.keep("options", header["options"])
    rest = message_text[header.end() :].lstrip("\n").lstrip(line.STX)
    text, _, trailer = rest.partition("\x03")
    if not trailer and (last := list(_TRAILER.finditer(rest))):
        text, trailer = rest[: last[-1].start()], rest[last[-1].start() :]
    created = _moment(trailer)
    if created:
        parsed.put("version_created_at", created, "date")
        parsed.put("first_created_at", created, "date")
    _read_text(parsed, text)
    provider = _provider(header["options"]) or header["source"].upper()
    parsed.put("provider", Provider(name=provider))
    if created:  # numbers begin again every day
        reference = header["source"] + header["number"]
        parsed.put("uri", uri_from_reference("iptc7901", provider, f"{created:%Y%m%d}", reference))
    return parsed


def _read_text(parsed: ParsedItem, text: str) -> None:
    before, stx, after = text.partition("\x02")  # some agencies put the slugline before the text's start
    if stx:
        parsed.put("slugline", clean_line(before).rstrip("/"))
        text = after
    lines = [each.rstrip() for each in text.replace(line.SOH, "").replace(line.STX, "").split("\n")]
    at = next((number for number, each in enumerate(lines) if each.strip()), len(lines))
    slugline = ""
    headlines: list[list[str]] = []  # each by its lines
    while at < len(lines) and lines[at].strip() and len(headlines) < _MAX_HEADLINES:
        first, is_indented = lines[at].strip(), lines[at] != lines[at].lstrip()
        if not slugline and not stx and not headlines and (first.endswith("/") or _looks_like_slug(first)):
            slugline = first.rstrip("/").strip()
        elif first.endswith("=") or (not is_indented and not headlines):
            headlines.append([first.rstrip("=").strip()])
        elif headlines and not is_indented and not headlines[-1][-1].endswith("=") and len(headlines[-1]) < _MAX_LINES:
            headlines[-1].append(first)  # a headline that runs over the line's end
        else:
            break
        at += 1
    parsed.put("slugline", slugline)
    parsed.put("headline", " ".join(headlines[0]) if headlines else "")
    parsed.put("subheadline", " ".join(headlines[1]) if len(headlines) > 1 else "")
    own = next((number for number in range(at, len(lines)) if _DESKS_OWN.match(lines[number].strip())), len(lines))
    parsed.put("body_html", paragraphs("\n".join(lines[at:own])), "text")
    parsed.put("ednote", "\n".join(each for each in lines[own:] if each.strip(" *")), "notebook")


def _looks_like_slug(words: str) -> bool:
    return " " not in words and len(words) < 60 and any(mark in words for mark in "-/:")


def _provider(options: str) -> str:
    """The agency's name, which some put with its own number at the end of the header: `dpa 061`."""
    match = re.search(r"\b([A-Za-z]{2,8})\s+\d{2,4}\s*$", options)
    return match[1] if match else ""


def _moment(trailer: str) -> datetime | None:
    match = _TRAILER.search(trailer)
    if not match or match["month"].lower() not in _MONTHS:
        return None
    year = int(match["year"]) + (2000 if len(match["year"]) == 2 else 0)
    day, hour, minute = (int(match[name]) for name in ("day", "hour", "minute"))
    month = _MONTHS.index(match["month"].lower()) + 1
    return moment_in_zone(match["zone"], year=year, month=month, day=day, hour=hour, minute=minute)
