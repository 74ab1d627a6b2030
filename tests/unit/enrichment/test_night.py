"""When the wire learns: at night by its own clock, once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.enrichment.training.night import is_night, until_night


@pytest.mark.parametrize(
    ("now", "zone", "night", "hours"),
    [
        ("2026-11-30T12:00", "UTC", False, 14),
        ("2026-11-30T01:59", "UTC", False, 1 / 60),
        ("2026-11-30T02:00", "UTC", True, 24),
        ("2026-11-30T04:59", "UTC", True, 21 + 1 / 60),
        ("2026-11-30T05:00", "UTC", False, 21),
        ("2026-11-30T23:00", "Asia/Riyadh", True, 24),  # two in the morning there
        ("2026-10-24T23:30", "Europe/Berlin", False, 0.5),  # the night in which an hour comes twice
        ("2026-10-25T01:30", "Europe/Berlin", True, 23.5),
    ],
)
def test_it_learns_at_night_by_its_own_clock(now: str, zone: str, night: bool, hours: float) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert is_night(moment, zone) is night
    assert until_night(moment, zone) == timedelta(hours=hours)


def test_from_any_moment_the_next_night_is_ahead_and_at_most_a_day_and_an_hour_away() -> None:
    for zone in ("UTC", "Asia/Riyadh", "America/New_York", "Asia/Kathmandu"):
        for step in range(0, 366 * 24 * 60, 97):
            now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=step)
            wait = until_night(now, zone)
            assert timedelta() < wait <= timedelta(hours=25), (zone, now)
            assert is_night(now + wait, zone)
