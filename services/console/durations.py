"""How somebody says until when: so long from now, a day, or a moment."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from shared.errors import BarqError

_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_LONGEST = timedelta(days=3650)


def read_duration(text: str) -> timedelta:
    """`90d`, `24h`, `2w`: hours, days or weeks, ten years at most. Raises BarqError."""
    match = re.fullmatch(r"([0-9]{1,5})([hdw])", text.strip())
    if not match or (duration := int(match[1]) * _UNITS[match[2]]) > _LONGEST:
        raise BarqError(f"{text!r} is no time: say hours, days or weeks, as 24h, 90d or 2w, ten years at most")
    return duration


def read_end(text: str, now: datetime) -> datetime:
    """So long from now, or a day (its beginning, UTC) or a moment (UTC if it names no offset). Raises BarqError."""
    if re.fullmatch(r"[0-9]{1,9}[a-z]", text.strip()):
        return now + read_duration(text)
    try:
        end = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BarqError(f"{text!r} is no end: say 90d, or a date as 2027-03-31") from None
    return end if end.tzinfo else end.replace(tzinfo=UTC)
