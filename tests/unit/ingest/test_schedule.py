"""When a source is polled next: at its interval, less and less often while it fails, never sooner than it asked for."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from services.ingest.sources.schedule import least_interval_s, next_poll_in, usual_interval_s
from tests.unit.ingest.made_sources import source


class Middle(random.Random):
    """Chance that is always the middle."""

    def uniform(self, a: float, b: float) -> float:
        return (a + b) / 2


@pytest.mark.parametrize(
    ("interval_s", "failures", "asked_s", "expected_s"),
    [
        (60, 0, None, 60),
        (60, 1, None, 120),
        (60, 2, None, 240),
        (60, 5, None, 1_920),
        (60, 6, None, 3_600),  # an hour at the most
        (60, 1_000_000, None, 3_600),
        (1, 0, None, 1),
        (1, 11, None, 2_048),
        (7_200, 0, None, 7_200),
        (7_200, 3, None, 7_200),  # its own interval is longer: it is kept
        (60, 0, 600, 600),
        (60, 0, 5, 60),  # asked for less: no reason to hurry
        (60, 6, 86_400, 86_400),  # more than failures would do
        (60, 0, 0, 60),
    ],
)
def test_the_wait_for_the_next_poll(interval_s: int, failures: int, asked_s: int | None, expected_s: int) -> None:
    asked = None if asked_s is None else timedelta(seconds=asked_s)
    polled = source(interval=timedelta(seconds=interval_s))
    assert next_poll_in(polled, failures=failures, asked_to_wait=asked, chance=Middle()) == timedelta(seconds=expected_s)


def test_sources_that_were_added_together_do_not_stay_together() -> None:
    chance = random.Random(1)  # noqa: S311  not a secret
    waits = {
        next_poll_in(source(interval=timedelta(seconds=100)), failures=0, asked_to_wait=None, chance=chance) for _ in range(50)
    }
    assert len(waits) == 50
    assert timedelta(seconds=90) <= min(waits) < timedelta(seconds=95)
    assert timedelta(seconds=105) < max(waits) <= timedelta(seconds=110)


def test_who_asks_to_be_left_alone_is_never_asked_sooner_by_chance() -> None:
    asked = timedelta(seconds=60)
    chance = random.Random(1)  # noqa: S311  not a secret
    assert all(next_poll_in(source(), failures=0, asked_to_wait=asked, chance=chance) >= asked for _ in range(50))


@pytest.mark.parametrize(
    ("scheme", "usual_s", "least_s"),
    [("drop", 1, 1), ("heartbeat", 60, 1), ("https", 60, 5), ("ftp", 60, 5), ("imaps", 60, 5), ("ap+https", 60, 5)],
)
def test_each_kind_has_its_usual_and_its_least_interval(scheme: str, usual_s: int, least_s: int) -> None:
    assert (usual_interval_s(scheme), least_interval_s(scheme)) == (usual_s, least_s)
