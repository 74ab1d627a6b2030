"""`python -m services.ingest.sources.poll_one NAME`: one poll of one source, in this process, which may die of it."""

from __future__ import annotations

import os
import signal
import sys

from services.ingest.sources import queries
from services.ingest.sources.own_process import Report, longest_s
from services.ingest.sources.polling import poll
from services.ingest.sources.stages import build_context
from shared import log, metrics
from shared.archive.database import engine
from shared.queue import broker
from shared.settings import settings

#: others come first
_NICE = 5


def main(name: str) -> int:
    """Poll, and say what came of it. Returns the exit code."""
    log.configure(settings().log_level)
    os.nice(_NICE)
    with engine().connect() as connection:
        source = queries.find_source(connection, name=name)
    if source is None:
        return 1
    context = build_context(source)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # it ends this process, whatever it is at, and also if nobody waits any more
    signal.setitimer(signal.ITIMER_REAL, longest_s(context))
    result = poll(context)
    metrics.flush(broker.client)
    sys.stdout.write(Report.of(context, result).model_dump_json())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
