"""The `barq` command's first step: health checks and keepers, which are many, do without what all other commands load."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command."""
    # numpy's threads would be forked from, and take processors from other roles; its matrices here are small
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if sys.argv[1:2] == ["health"]:
        from services.console.supervision.health import main as health

        raise SystemExit(health(sys.argv[2:]))
    if sys.argv[1:2] == ["kept"]:
        from services.console.supervision.keeper import main as kept

        raise SystemExit(kept(sys.argv[2:]))
    from services.console.main import main as everything_else

    everything_else()
