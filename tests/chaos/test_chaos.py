"""A short run of the proof: a few faults under load, and nothing is lost, twice, out of order, or seen when it should not be."""

from __future__ import annotations

import pytest

from tests.chaos.faults import POSTGRES, ROLES, VALKEY, BellsMuddled, Killed
from tests.chaos.run import run
from tests.chaos.scene import a_scene

pytestmark = pytest.mark.end_to_end

ITEMS = 100


def test_nothing_is_lost_twice_out_of_order_or_seen_when_it_should_not_be() -> None:
    faults = [
        Killed("a worker, the pulse, broker and database killed", ROLES["wire-1"], ROLES["pulse"], VALKEY, POSTGRES),
        BellsMuddled("messages doubled, reordered, unknown"),
    ]
    for fault in faults:
        fault.lasts_s = min(fault.lasts_s, 2.0)
    with a_scene(seed=7, longest_wait_s=8.0) as scene:
        report = run(scene, faults, items=ITEMS)
        assert scene.complaints.told == [], report
        assert len(scene.load.known.accepted) == ITEMS
