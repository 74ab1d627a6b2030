"""Learn once, and say what came of it: what `barq learn` and the night run."""

from __future__ import annotations

import sys

from services.enrichment.training.learner import learn_once
from shared.archive.database import engine
from shared.wire.config import wire


def main() -> None:
    """Learn from this wire's stories."""
    report = learn_once(engine(), wire())
    sys.stdout.write(f"{report.stories} stories, {report.editors} of them sorted by editors: {report.says}\n")
    if report.before is not None and report.after is not None:
        sys.stdout.write(f"right before: {report.before:.1%}, after: {report.after:.1%}, on stories that it had not seen\n")


if __name__ == "__main__":
    main()
