"""Zones as wires write them: by letters, whose offset a reader has to know."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_HOURS_FROM_UTC = {
    "GMT": 0, "UTC": 0, "Z": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
    "BST": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2, "EET": 2, "EEST": 3, "MSK": 3, "AEST": 10, "AEDT": 11,
}  # fmt: skip


def moment_in_zone(zone: str | None, *, year: int, month: int, day: int, hour: int, minute: int) -> datetime | None:
    """A time in UTC; None if there is no such time or nobody knows the zone. Without a zone it is UTC."""
    if (zone or "UTC").upper() not in _HOURS_FROM_UTC:
        return None
    try:
        local = datetime(year, month, day, hour, minute, tzinfo=UTC)
        return local - timedelta(hours=_HOURS_FROM_UTC[(zone or "UTC").upper()])
    except (ValueError, OverflowError):
        return None
