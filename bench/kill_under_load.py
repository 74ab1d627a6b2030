"""How long a kill takes, with items queued: until no feed, page or answer has a word of it, and its push was received.

.venv/bin/python -m bench.kill_under_load --backlog 5000
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from tests.support.kill_under_load import kill_under_load, receiver_in_wire_file
from tests.support.running_wire import RunningWire, free_port


def main() -> None:
    """Run it with an idle wire and with a backlog, and print both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--backlog", type=int, default=5000)
    parser.add_argument("--times", type=int, default=3)
    arguments = parser.parse_args()
    for backlog in (1, arguments.backlog):
        for _ in range(arguments.times):
            with tempfile.TemporaryDirectory(prefix="barq-bench-") as folder:
                wire = RunningWire(home=Path(folder) / "home", port=free_port())
                with receiver_in_wire_file(Path(folder)) as wire_file:
                    wire.starts(BARQ_CONFIG=str(wire_file))
                    try:
                        told = kill_under_load(wire, backlog=backlog)
                    finally:
                        wire.stops()
            print(
                f"{backlog:>6} queued: gone everywhere after {told.everywhere_s * 1000:.0f} ms, "
                f"push received after {told.pushed_s * 1000:.0f} ms, {told.waiting} still waiting"
            )


if __name__ == "__main__":
    main()
