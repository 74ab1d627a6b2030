"""`python -m services.ingest.worker_alone NAME`: one look at one source, in this process, which may die of it."""

from __future__ import annotations

import os
import signal
import sys

from services.ingest import store_sources
from services.ingest.alone import Report, longest_s
from services.ingest.looking import look
from services.ingest.stages import visit_of
from shared import log, metrics
from shared.archive.database import engine
from shared.queue import broker
from shared.settings import settings

#: others come first
_NICE = 5


def main(name: str) -> int:
    """Look, and say what came of it."""
    log.configure(settings().log_level)
    os.nice(_NICE)
    with engine().connect() as connection:
        source = store_sources.find_source(connection, name=name)
    if source is None:
        return 1
    visit = visit_of(source)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # it ends this process, whatever it is at, and also if nobody waits any more
    signal.setitimer(signal.ITIMER_REAL, longest_s(visit))
    seen = look(visit)
    metrics.flush(broker.client)
    sys.stdout.write(Report.of(visit, seen).model_dump_json())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
