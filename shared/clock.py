"""The time, asked for once at the edge of the house and handed on as `now`; and as readers get it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def utc_now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def rfc3339(moment: datetime) -> str:
    """A moment as readers get it: `2026-11-25T09:12:31.104Z`, in UTC, what is below a millisecond cut off.

    Some readers take more than three digits for something else, and sort a feed by it.
    """
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


#: by how much one moment must be later than another for `rfc3339` to tell them apart
SMALLEST_STEP = timedelta(milliseconds=1)
