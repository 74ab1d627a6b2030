"""A Celery worker that does empty tasks: what the broker and Celery cost alone."""

from __future__ import annotations

import sys

from shared.queue import broker


def main(url: str, queue: str) -> None:
    """Work until killed."""
    app = broker.make_app(url)

    def empty() -> None:
        """Nothing."""

    app.task(name="bench.empty")(empty)
    app.Worker(pool="solo", queues=[queue], without_gossip=True, without_mingle=True, without_heartbeat=True, quiet=True).start()


if __name__ == "__main__":
    main(*sys.argv[1:])
