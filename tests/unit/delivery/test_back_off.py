"""When a receiver that fails is sent to again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.delivery.http_sender import retry_in

HOUR = 3600


@pytest.mark.parametrize(
    ("failures", "about_s"),
    [(1, 5), (2, 10), (3, 20), (4, 40), (8, 640), (10, 2560), (11, HOUR), (12, HOUR), (100, HOUR), (100_000, HOUR)],
)
def test_a_wait_doubles_to_an_hour_and_is_a_fifth_more_or_less_by_chance(failures: int, about_s: float) -> None:
    waits_s = [retry_in(failures, asked_to_wait=None).total_seconds() for _ in range(200)]
    assert 0.8 * about_s <= min(waits_s) < 0.9 * about_s
    assert 1.1 * about_s < max(waits_s) <= 1.2 * about_s


@pytest.mark.parametrize(
    ("failures", "asked_s", "wait_s"),
    [(1, 600, (600, 600)), (1, 86_400, (86_400, 86_400)), (1, 0, (4, 6)), (1, 1, (4, 6)), (20, 600, (2880, 4320))],
)
def test_nobody_is_sent_to_sooner_than_they_asked(failures: int, asked_s: int, wait_s: tuple[int, int]) -> None:
    wait = retry_in(failures, asked_to_wait=timedelta(seconds=asked_s)).total_seconds()
    assert wait_s[0] <= wait <= wait_s[1]
