"""What to ring once a transaction is committed: how many pieces of work became due in each queue."""

from __future__ import annotations

from collections import Counter

from shared.pipeline import Lane, Stage

Bells = Counter[tuple[Stage, Lane]]
