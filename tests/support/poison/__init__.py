"""A worker that is poisoned, for tests of what then happens to it."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).parents[3]


def poisoned() -> dict[str, str]:
    """The environment of such a worker, with deadlines of some seconds."""
    return {"PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), str(ROOT)]), "BARQ_DEADLINE_FACTOR": "0.25"}
