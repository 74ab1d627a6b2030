"""A year of polling: every mixture of validators, deltas and codings, and what each costs in bytes.

    python -m bench.polling [DAYS]

Documents and answers are the wire's own; time and readers are simulated (`tests/support/polling.py`).
"""

from __future__ import annotations

import sys

from services.rendering.documents import FORMATS
from tests.support.polling import simulate


def main() -> None:
    """Print one row for each format and kind of reader; exit 1 if one lacks a story."""
    days = int(sys.argv[1]) if len(sys.argv) > 1 else 365
    lacking = 0
    print("| format | reader | polls | 200 | 226 | 304 | kB | has all |\n|---|---|---:|---:|---:|---:|---:|---|")
    for feed_format in FORMATS:
        feed, pollers = simulate(feed_format, days=days, seed=7)
        for poller in pollers:
            has_all = poller.has == feed.versions
            lacking += not has_all
            seen = poller.statuses
            print(
                f"| {feed_format.EXTENSION} | {poller.name} | {seen.total()} | {seen[200]} | {seen[226]} | {seen[304]} "
                f"| {poller.bytes_got / 1000:.0f} | {'yes' if has_all else 'no'} |"
            )
        print(f"{feed_format.EXTENSION}: {len(feed.versions)} stories, {sum(feed.versions.values())} versions", file=sys.stderr)
    sys.exit(1 if lacking else 0)


if __name__ == "__main__":
    main()
