"""Which feeds a story belongs to. Once in a feed, always: a correction or a kill must reach whoever had the story."""

from __future__ import annotations

from shared.wire.config import ALL, Wire
from shared.wire.matching import Facts


def feeds_of(facts: Facts, wire: Wire) -> tuple[str, ...]:
    """The names of the feeds, the same in every edition."""
    return (ALL, *sorted(wire.feed_index.wanting(facts)))
