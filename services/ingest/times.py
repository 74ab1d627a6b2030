"""Times as wires write them, for every format: ISO 8601 first, because most are; then what people and old systems write.

What cannot be known is None and never a guess: a zone that means several places, `3/4/2026`, a day without a year. So is
what lies before 1900, which no agency wrote and broken systems say often (`0001-01-01`, `-0001-11-30`).
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from babel.dates import get_day_names, get_month_names
from dateutil import parser as dateutil

#: the longest text that is looked at: `miércoles, 24 de septiembre de 2026, 10:00:00 p. m. GMT+03:00` has sixty
LONGEST_TIME = 100
#: nothing was written by an agency before
FIRST_YEAR = 1900
#: languages whose names of months and days are known, in CLDR's spelling
_LOCALES = (
    "en", "ar", "ar_LB", "ar_DZ", "ar_MA", "ar_MR", "de", "de_AT", "fr", "es", "it", "pt", "ca", "nl", "da", "sv", "nb", "fi",
    "pl", "cs", "ru", "uk", "tr", "el", "ro", "hu", "id",
)  # fmt: skip
#: hours from UTC. Left out are letters that people in several places use: AST is Halifax's and Riyadh's, GST Dubai's and Guam's
_HOURS_FROM_UTC = {
    "GMT": 0, "UTC": 0, "UT": 0, "Z": 0, "WET": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8,
    "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10, "ADT": -3, "BST": 1, "WEST": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2,
    "EET": 2, "EEST": 3, "SAST": 2, "CAT": 2, "EAT": 3, "WAT": 1, "MSK": 3, "TRT": 3, "IRST": 3.5, "PKT": 5, "IST": 5.5,
    "NPT": 5.75, "WIB": 7, "ICT": 7, "HKT": 8, "SGT": 8, "AWST": 8, "JST": 9, "KST": 9, "ACST": 9.5, "ACDT": 10.5, "AEST": 10,
    "AEDT": 11, "NZST": 12, "NZDT": 13,
}  # fmt: skip
_ISO = re.compile(r"\d{4}-?\d\d-?\d\d(?:[Tt ]|$)")
#: midnight at a day's end, and a leap second: neither is in Python's calendar
_END_OF_DAY = re.compile(r"(?<![\d:.])24:?00(?::?00(?:[.,]0+)?)?(?![\d:])")
_LEAP_SECOND = re.compile(r"(?<=\d:\d\d:)60(?!\d)")
_CLOCK = re.compile(r"(?<!\d)\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?!\d)")
_OFFSET = re.compile(r"\s*(?:GMT|UTC|UT|Z)?\s*([+-])(\d{1,2})(?::?(\d\d))?(?![\d:-])", re.IGNORECASE)
_BRACKETS = re.compile(r"[\[(]([^\[\]()]*)[\])]")
_PLACE = re.compile(r"\b[A-Z][A-Za-z]{2,14}/[A-Za-z_-]{3,30}\b")
_NUMBERS_DATE = re.compile(r"(?<![\d:])(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?![\d:])")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})([./-])(\d{1,2})\2(\d{1,2})(?![\d:])")
#: `10h30` anywhere, `10.30` where it can be no date
_OTHER_CLOCK = re.compile(r"(?<![\d.])(\d{1,2})(?:\s?h\s?(\d\d)\b|\.(\d\d)(?=\s*(?:uhr\b|$)))")
_FOUR_DIGITS = re.compile(r"(?<![\d.:])\d{4}(?!\d)")
_HALF_OF_DAY = re.compile(r"\b([ap])\.\s?m\b\.?")
_WORD = re.compile(r"[^\W\d_]+")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th|er|º|ª)\b", re.IGNORECASE)
_ENGLISH_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_BEFORE_NOON, _AFTER_NOON = {"am", "ص", "صباحا"}, {"pm", "م", "مساء"}
#: words between a date's parts that say nothing
_FILLERS = {
    "at", "on", "of", "the", "um", "uhr", "den", "am", "le", "a", "de", "del", "el", "las", "do", "as", "il", "alle", "ore",
    "kl", "klokken", "om", "r", "г", "в", "في", "الساعة", "يوم", "h", "t",
}  # fmt: skip


def moment_of(value: object, *, zone: tzinfo = UTC) -> datetime | None:
    """A time in UTC, from text in any spelling that is known or from seconds or milliseconds since 1970; None if it is none.

    A date alone is its first instant; `zone` is that of times which name none.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(value) if isinstance(value, str) else f"{value:.3f}".rstrip("0").rstrip(".") if _is_finite(value) else ""
    if not text or len(text) > 4 * LONGEST_TIME:
        return None
    text = text.strip()
    if len(text) > LONGEST_TIME:
        return None
    try:
        iso = _iso(text, zone) if text.isascii() else None
        moment = (iso or _read_text(_plain(text), zone) or _EMPTY).astimezone(UTC)
    except (ValueError, ArithmeticError, LookupError):
        return None
    return moment if moment.year >= FIRST_YEAR else None


def moment_in_zone(zone: str | None, *, year: int, month: int, day: int, hour: int, minute: int) -> datetime | None:
    """A time in UTC; None if there is no such time or nobody knows the zone. Without a zone it is UTC."""
    hours = _HOURS_FROM_UTC.get((zone or "UTC").upper())
    if hours is None:
        return None
    try:
        if (hour, minute) == (24, 0):
            moment = datetime(year, month, day, tzinfo=UTC) + timedelta(days=1)
        else:
            moment = datetime(year, month, day, hour, minute, tzinfo=UTC)
        moment -= timedelta(hours=hours)
    except (ValueError, OverflowError):
        return None
    return moment if moment.year >= FIRST_YEAR else None


_EMPTY = datetime(1, 1, 1, tzinfo=UTC)


def _is_finite(value: float) -> bool:
    return abs(value) < 10**17  # false for what is no number, too


def _iso(text: str, zone: tzinfo) -> datetime | None:
    """ISO 8601, extended or basic, by what the standard library reads fast."""
    if not _ISO.match(text):
        return None
    try:
        moment = datetime.fromisoformat(text.upper())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _plain(text: str) -> str:
    """The text with the digits, signs and letters that a reader of times knows."""
    text = unicodedata.normalize("NFKC", text)
    text = "".join(
        str(unicodedata.decimal(char)) if char.isdecimal() else char
        for char in text
        if unicodedata.category(char) not in ("Cf", "Mn", "Cc") or char in "\t\n"
    )
    text = text.translate(_SIGNS)
    return " ".join(text.split())


_SIGNS = str.maketrans({"−": "-", "–": "-", "‐": "-", "‑": "-", "،": ",", "٫": ".", "∶": ":", "ـ": ""})


def _read_text(text: str, zone: tzinfo) -> datetime | None:
    if re.fullmatch(r"\d+(?:\.\d+)?", text):
        return _read_digits(text, zone)
    text, days = _END_OF_DAY.subn("00:00:00", text, count=1)
    text = _LEAP_SECOND.sub("59", text)
    if (moment := _iso(text.replace(" UTC", "Z").replace(" GMT", "Z").replace(" Z", "Z"), zone)) is None:
        moment = _read_words(text, zone)
    return moment + timedelta(days=days) if moment else None


def _read_digits(text: str, zone: tzinfo) -> datetime | None:
    """Digits alone: a date and time without signs between, or seconds, milliseconds or microseconds since 1970."""
    whole = text.partition(".")[0]
    if len(whole) in (8, 12, 14) and whole[:2] in ("19", "20"):
        form = "%Y%m%d%H%M%S"[: {8: 6, 12: 10, 14: 12}[len(whole)]]
        return datetime.strptime(whole, form).replace(tzinfo=zone)
    divisor = {9: 1, 10: 1, 12: 10**3, 13: 10**3, 15: 10**6, 16: 10**6}.get(len(whole))
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=float(text) / divisor) if divisor else None


def _read_words(text: str, zone: tzinfo) -> datetime | None:
    text, zone = _without_zone(_ORDINAL.sub("", text), zone)
    text = _OTHER_CLOCK.sub(lambda clock: f"{clock[1]}:{clock[2] or clock[3]}", _HALF_OF_DAY.sub(r"\1m", _fold(text)))
    months, days = _names(of_days=False), _names(of_days=True)
    for name in _of_several_words():
        text = text.replace(name, _ENGLISH_MONTHS[months[name] - 1].lower())
    pieces = _pieces(_with_date_in_order(text))
    named = sum(piece in months for piece in pieces)
    spelled: list[str] = []
    for piece in pieces:
        if not _WORD.fullmatch(piece):
            spelled.append(piece)
        elif piece in months and piece in days and named > 1:
            named -= 1  # `mar., 24 mar. 2026`: a Tuesday, then a March
        elif piece in months:
            spelled.append(_ENGLISH_MONTHS[months[piece] - 1])
        elif spelled and piece in _BEFORE_NOON | _AFTER_NOON and spelled[-1].rstrip()[-1:].isdigit():
            spelled.append("AM" if piece in _BEFORE_NOON else "PM")
        elif piece in days or piece in _FILLERS:
            continue
        elif piece.upper() in _HOURS_FROM_UTC:
            zone = timezone(timedelta(hours=_HOURS_FROM_UTC[piece.upper()]))
        else:
            return None  # a word that nobody knows may change everything
    return _complete(" ".join(" ".join(spelled).replace(",", " ").split()), zone)


def _pieces(text: str) -> list[str]:
    """The text as words, and what stands between them."""
    pieces, end = [], 0
    for word in _WORD.finditer(text):
        pieces += [text[end : word.start()], word[0]]
        end = word.end()
    return [piece for piece in [*pieces, text[end:]] if piece.strip(" .")]


def _without_zone(text: str, zone: tzinfo) -> tuple[str, tzinfo]:
    """The text without an offset behind its clock or a place in IANA's words, and the zone that these say."""
    clock = _CLOCK.search(text)
    offset = _OFFSET.match(text, clock.end()) if clock else None
    if not offset:
        if place := _PLACE.search(text):
            text, zone = text[: place.start()] + text[place.end() :], ZoneInfo(place[0])
        return _BRACKETS.sub(r" \1 ", text), zone
    minutes = int(offset[2]) * 60 + int(offset[3] or 0)
    shift = timedelta(minutes=minutes if offset[1] == "+" else -minutes)
    return _BRACKETS.sub(" ", f"{text[: offset.start()]} {text[offset.end() :]}"), timezone(shift)


def _with_date_in_order(text: str) -> str:
    """A date of three numbers as year, month and day. Raises ValueError where day and month cannot be distinguished."""
    text = _YEAR_FIRST.sub(lambda date: f"{date[1]}-{int(date[3]):02}-{int(date[4]):02}", text)
    if not (date := _NUMBERS_DATE.search(text)):
        return text
    first, second = int(date[1]), int(date[3])
    if date[2] == ".":  # with dots the day is first wherever they are in use
        day, month = first, second
    elif len(date[4]) == 2 or (first <= 12 and second <= 12 and first != second):
        raise ValueError("day, month and year cannot be distinguished")
    else:
        day, month = (second, first) if second > 12 else (first, second)
    year = date[4] if len(date[4]) == 4 else _century(int(date[4])) + int(date[4])
    return f"{text[: date.start()]} {year}-{month:02}-{day:02} {text[date.end() :]}"


def _century(year: int) -> int:
    """A year of two digits has the century that RFC 5322 gives it."""
    return 2000 if year < 50 else 1900


class _English(dateutil.parserinfo):  # type: ignore[misc]
    """English names of months alone; what else may stand in a time was taken out before."""

    def convertyear(self, year: int, century_specified: bool = False) -> int:
        """A year of two digits in full."""
        return year if century_specified or year >= 100 else year + _century(year)


_PARSER = dateutil.parser(_English())
_DEFAULTS = (datetime(1904, 1, 1, tzinfo=UTC), datetime(2000, 2, 2, tzinfo=UTC))


def _complete(text: str, zone: tzinfo) -> datetime | None:
    """The time, if it says year, month and day: what it does not say would differ between two defaults."""
    if not any(char.isdigit() for char in text):
        return None
    first, second = (_PARSER.parse(text, default=default, ignoretz=True) for default in _DEFAULTS)
    is_said = first == second and all(int(year) == first.year for year in _FOUR_DIGITS.findall(text))
    return first.replace(tzinfo=zone) if is_said else None


@cache
def _names(*, of_days: bool) -> dict[str, int]:
    """Names of months (of days), full and short, to their numbers; a name that means two months in two languages is none."""
    getter = get_day_names if of_days else get_month_names
    numbers_by_name: dict[str, set[int]] = {}
    for locale in _LOCALES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in getter(width, context, locale).items():
                    numbers_by_name.setdefault(_fold(name), set()).add(number)
    return {name: min(numbers) for name, numbers in numbers_by_name.items() if of_days or len(numbers) == 1}


@cache
def _of_several_words() -> tuple[str, ...]:
    """Names of months that are several words, as the Levant has them; the longest first."""
    return tuple(sorted((name for name in _names(of_days=False) if " " in name), key=len, reverse=True))


def _fold(text: str) -> str:
    """Text as names are compared: without marks and case."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if unicodedata.category(char) != "Mn").strip(".")
