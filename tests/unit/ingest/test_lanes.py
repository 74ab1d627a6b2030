"""A provider that marks everything urgent uses up its share of the express lane; what takes text back does not wait for that."""

from __future__ import annotations

from typing import Any

import pytest

from services.ingest.lanes import assign_lanes, providers_in_express
from shared.pipeline import Lane
from tests.unit.ingest.made_sources import candidate

URGENT: dict[str, Any] = {"urgency": 1, "provider": {"name": "a"}}
OTHER: dict[str, Any] = {"urgency": 1, "provider": {"code": "b"}}
CALM: dict[str, Any] = {"urgency": 5, "provider": {"name": "a"}}
KILL: dict[str, Any] = {**URGENT, "pubstatus": "canceled"}


@pytest.mark.parametrize(
    ("items", "used", "lanes"),
    [
        ([], {}, ""),
        ([URGENT, CALM], {}, "er"),
        ([URGENT] * 3, {}, "eer"),
        ([URGENT, OTHER, URGENT, OTHER, URGENT, OTHER], {}, "eeeerr"),
        ([URGENT], {"a": 2}, "r"),
        ([URGENT, OTHER], {"a": 2}, "re"),
        ([KILL, KILL, KILL], {"a": 2}, "eee"),
        ([URGENT, URGENT, KILL, URGENT], {}, "eeer"),
    ],
)
def test_the_lane_of_each_item_where_two_a_minute_may_be_urgent(
    items: list[dict[str, Any]], used: dict[str, int], lanes: str
) -> None:
    candidates = [candidate(index, **fields) for index, fields in enumerate(items)]
    assigned = assign_lanes(candidates, used, express_per_minute=2)
    assert "".join("e" if lane is Lane.EXPRESS else "r" for lane in assigned) == lanes


def test_only_those_who_would_use_the_express_lane_are_asked_for() -> None:
    candidates = [
        candidate(index, **fields) for index, fields in enumerate([URGENT, OTHER, CALM, {**KILL, "provider": {"name": "c"}}])
    ]
    assert providers_in_express(candidates) == ["a", "b"]
