"""How somebody says until when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.console.durations import read_duration, read_end
from shared.errors import BarqError

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("0h", timedelta(0)),
        ("24h", timedelta(hours=24)),
        (" 90d ", timedelta(days=90)),
        ("2w", timedelta(weeks=2)),
        ("3650d", timedelta(days=3650)),
    ],
)
def test_a_duration_is_hours_days_or_weeks(text: str, duration: timedelta) -> None:
    assert read_duration(text) == duration


@pytest.mark.parametrize("text", ["", "9", "d", "1y", "1D", "-1d", "1.5h", "1d 2h", "99999w", "3651d", "999999h", "١d", "1d\n2"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(BarqError, match="hours, days or weeks"):
        read_duration(text)


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("90d", "2027-02-23T12:00:00+00:00"),
        ("2027-03-31", "2027-03-31T00:00:00+00:00"),
        ("2027-03-31T18:30", "2027-03-31T18:30:00+00:00"),
        ("2027-03-31T18:30:00+03:00", "2027-03-31T18:30:00+03:00"),
        (" 2027-03-31T18:30:00Z ", "2027-03-31T18:30:00+00:00"),
        ("2020-01-01", "2020-01-01T00:00:00+00:00"),  # that it is past is for the key to say
    ],
)
def test_an_end_is_so_long_from_now_or_a_day_or_a_moment(text: str, end: str) -> None:
    assert read_end(text, NOW).isoformat() == end


@pytest.mark.parametrize("text", ["", "soon", "9", "1y", "99999w", "31.03.2027", "2027-13-01", "2027-02-30"])
def test_what_is_no_end_is_refused(text: str) -> None:
    with pytest.raises(BarqError):
        read_end(text, NOW)
