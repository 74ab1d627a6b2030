"""What a source is after a poll: what it says of itself, and when it is polled alone, moved, or no more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.ingest.sources.outcome import PollResult, source_after
from shared.contracts.source import Health
from tests.unit.ingest.made_sources import NOW, context, source

MOVED = "https://new.example/feed"


@pytest.mark.parametrize(
    ("before", "result", "left", "expected"),
    [
        pytest.param({}, {"accepted": 2}, {}, {"failures": 0, "error": None, "refusals": 0, "refusal": None}, id="well"),
        pytest.param({"failures": 3, "error": "x"}, {}, {}, {"failures": 0, "error": None}, id="a good poll ends failures"),
        pytest.param({"failures": 3}, {"fault": "silent"}, {}, {"failures": 4, "error": "silent"}, id="one failure more"),
        pytest.param({}, {"refused": ["a", "b"]}, {}, {"refusals": 2, "refusal": "b", "error": "a; b"}, id="refused"),
        pytest.param(
            {"refusals": 2, "refusal": "b"}, {}, {}, {"refusals": 2, "refusal": "b", "error": "b"}, id="nothing new: as it was"
        ),
        pytest.param(
            {"refusals": 2, "refusal": "b"}, {"accepted": 1}, {}, {"refusals": 0, "refusal": None, "error": None}, id="taken"
        ),
        pytest.param(
            {}, {"accepted": 1, "refused": ["a"]}, {}, {"refusals": 0, "refusal": "a", "error": "a"}, id="one of two is taken"
        ),
        pytest.param(
            {}, {"refused": ["a", "b", "c", "d"]}, {}, {"refusals": 4, "refusal": "d", "error": "a; b; c"}, id="three are named"
        ),
        pytest.param({}, {"fault": "gone", "is_gone": True}, {}, {"gone_at": NOW, "failures": 1}, id="gone"),
        pytest.param({"gone_at": NOW}, {}, {}, {"gone_at": None}, id="there again"),
        pytest.param({}, {"unsteady": 2}, {}, {"unsteady_at": NOW, "failures": 0}, id="changes names"),
        pytest.param({}, {}, {"remark": "look here"}, {"error": "look here", "failures": 0}, id="a remark is no failure"),
        pytest.param({}, {"fault": "x" * 2_000}, {}, {"error": "x" * 1_000}, id="long words are cut"),
        pytest.param({}, {}, {"moved_to": MOVED}, {"url": MOVED, "moved_from": "https://agency.example/feed"}, id="moved"),
        pytest.param(
            {}, {"fault": "silent"}, {"moved_to": MOVED}, {"url": "https://agency.example/feed"}, id="not moved by a failure"
        ),
        pytest.param(
            {}, {"refused": ["a"]}, {"moved_to": MOVED}, {"url": "https://agency.example/feed"}, id="nor to what is refused"
        ),
        pytest.param(
            {"moved_from": "https://old.example/"}, {}, {}, {"moved_from": "https://old.example/"}, id="a move is remembered"
        ),
        pytest.param({}, {"is_ended": True}, {}, {"failures": 1, "ended_count": 1, "alone_since": NOW}, id="ended its process"),
        pytest.param(
            {"ended_count": 2, "alone_since": NOW}, {}, {}, {"ended_count": 1, "alone_since": NOW}, id="one of two made good"
        ),
        pytest.param({"ended_count": 1, "alone_since": NOW}, {}, {}, {"ended_count": 0, "alone_since": None}, id="made good"),
        pytest.param(
            {"ended_count": 1, "alone_since": NOW}, {"fault": "silent"}, {}, {"ended_count": 1}, id="a failure makes nothing good"
        ),
    ],
)
def test_a_source_after_a_poll(
    before: dict[str, Any], result: dict[str, Any], left: dict[str, Any], expected: dict[str, Any]
) -> None:
    given = context(source(**before))
    for name, value in left.items():
        setattr(given, name, value)
    after = source_after(given, PollResult(**result), NOW)
    assert {name: getattr(after, name) for name in expected} == expected


def test_what_a_connector_remembers_is_kept_but_for_a_poll_that_ended_its_process() -> None:
    given = context(source(memory={"old": 1}), memory={"new": 1})
    assert source_after(given, PollResult(fault="silent"), NOW).memory == {"new": 1}
    assert source_after(given, PollResult(is_ended=True), NOW).memory == {"old": 1}


@pytest.mark.parametrize(
    ("fields", "health"),
    [
        ({}, Health.WELL),
        ({"brought_at": NOW - timedelta(days=2)}, Health.QUIET),
        ({"brought_at": None, "added_at": NOW}, Health.WELL),
        ({"unsteady_at": NOW - timedelta(hours=1)}, Health.UNSTEADY),
        ({"refusals": 1, "unsteady_at": NOW}, Health.REFUSED),
        ({"failures": 1, "refusals": 1}, Health.FAILING),
        ({"gone_at": NOW, "failures": 1}, Health.GONE),
    ],
)
def test_of_all_that_is_wrong_with_a_source_the_worst_is_its_health(fields: dict[str, Any], health: Health) -> None:
    assert source(**fields).health(NOW) is health
