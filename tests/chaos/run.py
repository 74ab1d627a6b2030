"""One run: load, faults one after the other, checks after each, and a report.

    .venv/bin/python -m tests.chaos.run --items 50000

The order of faults and the load are the same for the same seed. Exits 1 if anything was lost, came twice or out of order, or was
seen when it should not be.
"""

from __future__ import annotations

import argparse
import math
import signal
import sys
import threading
import time
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.chaos import checks
from tests.chaos.faults import Fault, all_faults
from tests.chaos.readers import lookers
from tests.chaos.report import Report
from tests.chaos.scene import Scene, Skipped, a_scene

#: a fault strikes when this share of its turn's items was accepted
_STRIKES_AT = 0.3
#: items of one turn, unless there are more faults than that gives turns to
_ITEMS_OF_A_TURN = 1000
#: how long writers may take for a turn's items
_TURN_PATIENCE_S = 600.0
#: items are looked at again that were accepted so long before a turn: clocks, and answers that were lost
_OVERLAP = timedelta(seconds=30)


def main() -> None:
    """Run it, write the report, and say how it ended."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="only faults with one of these words in their names, with commas between")
    parser.add_argument("--minutes", type=float, default=math.inf, help="no further fault strikes after so long")
    parser.add_argument("--report", type=Path, default=Path("var/chaos.md"))
    arguments = parser.parse_args()
    words = arguments.only.split(",")
    kinds = [fault for fault in all_faults(arguments.seed) if any(word in fault.name for word in words)]
    turns = max(len(kinds), arguments.items // _ITEMS_OF_A_TURN)
    is_enough = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: is_enough.set())  # not without the last checks, and taking the wire down
    with a_scene(arguments.seed) as scene:
        faults = (kinds * math.ceil(turns / len(kinds)))[:turns]
        report = run(scene, faults, items=arguments.items, minutes=arguments.minutes, is_enough=is_enough, write=arguments.report)
    sys.stdout.write(report)
    sys.exit(1 if scene.complaints.told else 0)


def run(
    scene: Scene,
    faults: Sequence[Fault],
    *,
    items: int,
    minutes: float = math.inf,
    is_enough: threading.Event | None = None,
    write: Path | None = None,
) -> str:
    """Let each fault strike while its share of the items is sent. Returns the report, which is written after each turn too."""
    report = Report()
    looking = lookers(scene.wire.url, scene.sights)
    for looker in looking:
        looker.start()
    began_s = time.monotonic()

    def told() -> str:
        scene_told = scene.complaints
        report.facts = {
            "begun": datetime.now(UTC).isoformat(timespec="minutes"), "seed": scene.seed,
            "items accepted": f"{len(scene.load.known.accepted)}, of {len(scene.load.known.stories)} stories",
            "requests that were asked again": scene.load.known.asked_again, "looks of the crawler": scene.sights.looks,
            "notifications acknowledged": f"{scene.subscribers.told}, and {scene.subscribers.told_again} again, by the same id",
            "took": f"{(time.monotonic() - began_s) / 60:.0f} minutes",
        }  # fmt: skip
        markdown = report.markdown(scene_told.counts, scene_told.told, scene.notes)
        if write:
            write.parent.mkdir(parents=True, exist_ok=True)
            write.write_text(markdown, encoding="utf-8")
        return markdown

    try:
        for number, fault in enumerate(faults):
            if time.monotonic() > began_s + minutes * 60 or (is_enough and is_enough.is_set()):
                break
            scene.complaints.during = fault.name
            try:
                _turn(scene, fault, report, number, items=items // len(faults) + (number < items % len(faults)))
            except Exception:  # a run of hours goes on, and says what it could not do
                scene.complaints.say("harness", traceback.format_exc())
            told()
        scene.complaints.during = "at the end"
        checks.at_the_end(scene)
    finally:
        for looker in looking:
            looker.end()
    return told()


def _turn(scene: Scene, fault: Fault, report: Report, number: int, *, items: int) -> None:
    since = datetime.now(UTC) - _OVERLAP
    before = scene.load.given
    scene.load.give(items)
    scene.load.wait_until_accepted(before + math.ceil(items * _STRIKES_AT), _TURN_PATIENCE_S)
    in_flight = scene.in_flight()
    try:
        fault.strike(scene)
    except Skipped as lacking:
        report.of(fault.name).skipped = str(lacking)
    else:
        time.sleep(fault.lasts_s)
        fault.mend(scene)
        report.of(fault.name).in_flight.append(in_flight)
        report.of(fault.name).recovered_s.append(checks.recovery_s(scene, number))
    if not scene.load.wait_until_sent(_TURN_PATIENCE_S):
        scene.complaints.say("unaccepted", "writers were not answered 202 until the end of their patience")
    checks.after_a_fault(scene, since)


if __name__ == "__main__":
    main()
