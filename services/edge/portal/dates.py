"""Moments and days as an edition's readers read them: its language, digits, zone and calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from hijridate import Gregorian

from services.edge.portal.words import words_of
from shared.language.digits import with_digits
from shared.wire.config import wire


def zone_of(edition: str) -> ZoneInfo:
    """The zone of an edition's days and times."""
    return ZoneInfo(wire().editions[edition].zone)


def shown_moment(moment: datetime, edition: str) -> str:
    """`25 November 2026, 09:12 GMT`."""
    local = moment.astimezone(zone_of(edition))
    time = _digits(f"{local:%H:%M}", edition)
    return f"{shown_day(local.date(), edition)}{_comma(edition)} {time} {_zone_name(local, edition)}"


def shown_clock(now: datetime, edition: str) -> str:
    """The page's clock, which is in GMT in every edition: `Tuesday, 02 January 2024 12:17 GMT`."""
    clock = format_datetime(now.astimezone(UTC), f"EEEE{_comma(edition)} dd MMMM y HH:mm", locale=_locale(edition))
    return f"{_digits(clock, edition)} {words_of(edition)['gmt']}"


def shown_day(day: date, edition: str) -> str:
    """`25 November 2026`, with the Hijri day beside it where the edition wants that."""
    shown = _digits(format_date(day, "d MMMM y", locale=_locale(edition)), edition)
    if wire().editions[edition].calendar == "islamic-umalqura":
        try:
            hijri = Gregorian.fromdate(day).to_hijri()
        except OverflowError:  # Umm al-Qura's tables end in 2077
            return shown
        language: Literal["ar", "en"] = "ar" if edition.split("-")[0] == "ar" else "en"
        own = f"{hijri.day} {hijri.month_name(language)} {hijri.year} {hijri.notation(language)}"
        shown = f"{shown} ({_digits(own, edition)})"
    return shown


def shown_month(first: date, edition: str) -> str:
    """`November 2026`."""
    return _digits(format_date(first, "LLLL y", locale=_locale(edition)), edition)


def bounds_of_day(day: date, edition: str) -> tuple[datetime, datetime]:
    """When a day of the edition's zone begins and ends."""
    zone = zone_of(edition)
    first = datetime(day.year, day.month, day.day, tzinfo=zone)
    following = day + timedelta(days=1)
    return first, datetime(following.year, following.month, following.day, tzinfo=zone)


def bounds_of_month(first: date, edition: str) -> tuple[datetime, datetime]:
    """When a month of the edition's zone begins and ends."""
    following = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return bounds_of_day(first, edition)[0], bounds_of_day(following, edition)[0]


def _zone_name(local: datetime, edition: str) -> str:
    if wire().editions[edition].zone == "UTC":
        return words_of(edition)["gmt"]
    return str(format_datetime(local, "zzzz", tzinfo=zone_of(edition), locale=_locale(edition)))


def _digits(text: str, edition: str) -> str:
    return with_digits(text, wire().editions[edition].digits)


def _comma(edition: str) -> str:
    return "،" if wire().editions[edition].direction == "rtl" else ","


def _locale(edition: str) -> Locale:
    return Locale.parse(edition, sep="-")
