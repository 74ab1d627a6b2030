"""Who was ended with its worker, for taking longer than its deadline, is written down by whoever ended it.

The embedded supervisor does that in a thread; a keeper, which has loaded none of what that needs, by this module as a process.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence

from shared import log, metrics
from shared.archive.database import engine
from shared.clock import utc_now
from shared.queue import broker
from shared.queue.in_hand import Held, InHand
from shared.queue.stuck import note_stuck

#: another worker may have the piece, and its row, in its hands again by now; when the database is away no piece is to blame
_TRIES = 5
_PAUSE_S = 1.0

_log = log.get("stuck")


def write_down(held: Held) -> None:
    """Count it, and in the ledger too if the piece itself is to blame. Never raises: who ends workers goes on."""
    metrics.count("barq_stuck_total", stage=held.in_hand.stage)
    if held.is_stuck_alone:
        for _ in range(_TRIES):
            try:
                _note(held)
                break
            except Exception as away:
                _log.warning("stuck.not_written", work=held.in_hand.work, error=repr(away))
                time.sleep(_PAUSE_S)
    metrics.flush(broker.client)


def _note(held: Held) -> None:
    longer_than_s = min(held.held_s, held.in_hand.deadline_s)
    with engine().begin() as connection:
        note_stuck(
            connection,
            held.in_hand.work,
            attempts=held.in_hand.attempts,
            longer_than_s=round(longer_than_s, 1),
            now=utc_now(),
        )


def main(arguments: Sequence[str]) -> None:
    """Write down a `Held`, given as JSON in the first argument."""
    fields = json.loads(arguments[0])
    write_down(Held(in_hand=InHand(**fields.pop("in_hand")), **fields))


if __name__ == "__main__":
    main(sys.argv[1:])
