"""ANPA 1312 in: the American wires' text format, which AP's and others' older feeds still speak.

ANPA's Bulletin 1312 is not on the web; IPTC 7901 was written after it (https://www.iptc.org/IPTC7901/). A message:

SYN SYN SOH a0503                              service level and the story's number
u a BC-Election-1stLd-Writethru 04-13 0850     priority, category, slugline, month and day, count of words
^Headline<                                     lines between `^` and `<`: headline, byline, notes (`^Eds:`)
STX   WASHINGTON (AP) _ Text...                paragraphs are indented
ETX AP-NY-04-13-15 1320EDT<                    agency, bureau, month, day and year, time and zone
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from services.ingest.formats import line
from services.ingest.formats.parsed_item import ParsedItem
from services.ingest.formats.values import concept
from services.ingest.identity import take_in_slugline, uri_from_reference
from services.ingest.times import moment_in_zone
from shared.contracts.item import Provider
from shared.language.characters import clean_line
from shared.language.markup import paragraphs

NAME = "ANPA 1312"
#: service level and number, and what some put behind it; separators are blanks by now
_START = re.compile(
    r"(?P<level>[A-Za-z])(?P<number>\d{3,9})(?: ?[A-Za-z0-9]{0,2}-{2,}| [A-Za-z0-9-]{0,20}(?=\s))?[\s\x02]{0,20}+"
)
_HEADER = re.compile(
    r"(?P<priority>[A-Za-z])\s{1,4}(?P<category>[A-Za-z]{1,5})\s{1,6}"
    r"(?P<slug>[^\s\x01-\x03][^\n\x01-\x03]{0,400})(?=[\n\x02])"
)
_END_OF_HEADER = re.compile(r"\s(?P<month>\d\d)-(?P<day>\d\d)(?:-\d\d)?(?:\s{1,20}(?P<count>\d{3,6}))?$")
_TRAILER = re.compile(
    r"(?P<agency>[A-Za-z]{2,10})-(?P<bureau>[A-Za-z]{2,3})-(?P<month>\d\d)-(?P<day>\d\d)-(?P<year>\d\d)\s+"
    r"(?P<hour>\d\d)(?P<minute>\d\d)\s?(?P<zone>[A-Z]{1,4})?"
)
#: flash, bulletin, urgent, regular, deferred, ... as urgency, 1 to 9
_URGENCY = {"f": 1, "b": 2, "u": 3, "r": 4, "d": 5, "a": 6, "s": 6, "w": 6, "x": 7, "y": 7, "z": 8}
_CATEGORIES = {
    "a": "domestic, non-Washington, general news", "b": "special events", "d": "food and diet", "e": "entertainment",
    "f": "financial", "i": "international", "j": "lottery", "l": "lifestyle", "n": "state and regional", "o": "weather",
    "p": "politics", "q": "sports scores", "r": "racing", "s": "sport", "t": "travel", "v": "advisories",
    "w": "Washington", "z": "commercial",
}  # fmt: skip
#: for which editions of a paper (both cycles, a.m., p.m.), and AP's country behind it
_CYCLE = re.compile(r"^(?:bc|am|pm|ap)-(?:[A-Z]{2}-{2}|-)?", re.IGNORECASE)
_CORRECTS = re.compile(r"\b(?:correction|corrective)\b", re.IGNORECASE)
_NOTE = re.compile(r"^\W*(?:eds?\s*:|editor'?s'? note\b)", re.IGNORECASE)
#: the line under a byline says whose writer that is
_WHOSE = re.compile(r"\b(?:press|writers?|editors?|correspondents?|reporters?|service|news|agency)\b", re.IGNORECASE)
#: a first line that repeats the slugline, or counts the words, is for the paper's compositor
_FOR_COMPOSITOR = re.compile(r"^[A-Z]{2}-[A-Z]{2,3}--|,\s*\d+$", re.IGNORECASE)


def recognises(text: str) -> bool:
    """Does a message with an ANPA header begin in this text?"""
    return line.find_start(line.clean(text[:3000]).text, _header_ends) >= 0


def _header_ends(text: str, start: int) -> int:
    opening = _START.match(text, start)
    header = _HEADER.match(text, opening.end()) if opening else None
    return header.end() if header else -1


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
    start = _START.match(message_text)
    header = _HEADER.match(message_text, start.end()) if start else None
    if start is None or header is None:
        parsed.add_error("", "the message has no ANPA 1312 header: service and number, priority, category, slugline")
        return parsed
    parsed.put("urgency", _URGENCY.get(header["priority"].lower()), "priority")
    category = header["category"].lower()
    parsed.put("subjects", (concept(_CATEGORIES.get(category, ""), category, "anpa"),), "category")
    slugline = clean_line(_END_OF_HEADER.sub("", header["slug"].rstrip("< ")).strip("^<"))
    parsed.put("slugline", _CYCLE.sub("", slugline), "slugline")
    parsed.put("take", take_in_slugline(slugline), "slugline")
    if _CORRECTS.search(slugline):
        parsed.put_signal("correction")
    rest = message_text[header.end() :].lstrip("\n")
    rest, _, trailer = rest.partition("\x03")
    if not trailer and (last := list(_TRAILER.finditer(rest))):
        rest, trailer = rest[: last[-1].start()], rest[last[-1].start() :]
    date_line = _TRAILER.search(trailer)
    created = _moment(date_line)
    parsed.put("version_created_at", created, "date")
    parsed.put("first_created_at", created, "date")
    _read_text(parsed, rest)
    agency = date_line["agency"].upper() if date_line else ""
    parsed.put("provider", Provider(name=agency), "trailer")
    if created:  # numbers begin again every day
        reference = start["level"].lower() + start["number"]
        parsed.put("uri", uri_from_reference("anpa1312", agency, f"{created:%Y%m%d}", reference))
    if category == "v":
        parsed.put("is_publishable", False)  # an advisory speaks to desks
    return parsed


def _read_text(parsed: ParsedItem, text: str) -> None:
    """The lines between `^` and `<` first, then the body."""
    text = text.replace(line.STX, "").replace(line.SOH, "")
    headlines: list[str] = []
    notes: list[str] = []
    bylines: list[str] = []
    body: list[str] = []
    has_text = False
    for each in text.split("\n"):
        stripped = each.strip()
        if not stripped.startswith("^"):
            body.append(each.replace("<", "").replace("^", ""))
            has_text = has_text or bool(body[-1].strip())
            continue
        words = clean_line(stripped.strip("^<= "))
        if _NOTE.match(words):
            notes.append(words)
        elif words.lower().startswith("by ") or (bylines and not body and _WHOSE.search(words)):
            bylines.append(words)
        elif words and has_text:
            body.extend(("", words, ""))  # a heading within the text
        elif words:
            headlines.append(words)
    if headlines and _FOR_COMPOSITOR.search(headlines[0]):
        headlines = headlines[1:]
    parsed.put("headline", headlines[0] if headlines else "")
    parsed.put("subheadline", headlines[1] if len(headlines) > 1 else "")
    parsed.put("byline", re.sub(r"^by ", "", bylines[0], flags=re.IGNORECASE) if bylines else "")
    text = re.sub(r"\n(?=[ \t]+\S)", "\n\n", "\n".join(body))  # an indented line opens a paragraph
    parsed.put("body_html", paragraphs(text.replace("``", "“").replace("''", "”")))
    # more lines than a headline and a subheadline are the text where there is no other, else of pictures and of tables
    more = headlines[2:]
    if not parsed.fields.get("body_html"):
        parsed.put("body_html", paragraphs("\n\n".join(more)))
        more = []
    parsed.put("ednote", "\n".join([*notes, *more]))


def _moment(match: re.Match[str] | None) -> datetime | None:
    if match is None:
        return None
    month, day, hour, minute = (int(match[name]) for name in ("month", "day", "hour", "minute"))
    return moment_in_zone(match["zone"], year=2000 + int(match["year"]), month=month, day=day, hour=hour, minute=minute)
