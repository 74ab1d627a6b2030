"""When a source is polled: how often if nobody says, how often at the most, and when the next time is. Values only."""

from __future__ import annotations

import random
from datetime import timedelta

from services.ingest.sources.source import Source

#: how often each kind is polled if nobody says, and the least that may be said, in seconds
_USUAL_S = {"drop": 1, "heartbeat": 60}
_USUAL_OTHERS_S = 60
_LEAST_S = {"drop": 1, "heartbeat": 1}
_LEAST_OTHERS_S = 5

#: no source is left alone for longer for its failures, however often it failed
LONGEST_FOR_FAILURES = timedelta(hours=1)
LONGEST_INTERVAL = timedelta(days=1)
#: doublings of the interval are counted no further: it is longer than any wait by then
_MAX_DOUBLINGS = 20


def usual_interval_s(scheme: str) -> int:
    """How often a source of this scheme is polled if nobody says, in seconds."""
    return _USUAL_S.get(scheme, _USUAL_OTHERS_S)


def least_interval_s(scheme: str) -> int:
    """How often a source of this scheme may be polled at the most, as seconds from one poll to the next."""
    return _LEAST_S.get(scheme, _LEAST_OTHERS_S)


def next_poll_in(source: Source, *, failures: int, asked_to_wait: timedelta | None, chance: random.Random) -> timedelta:
    """When to poll again: at its interval, less and less often while it fails, never sooner than it asked for.

    `failures` are those in a row. A tenth more or less, so that sources which were added together do not stay together.
    """
    wait = source.interval * 2.0 ** min(failures, _MAX_DOUBLINGS)
    wait = min(wait, max(LONGEST_FOR_FAILURES, source.interval)) * chance.uniform(0.9, 1.1)
    return max(wait, asked_to_wait or timedelta())
