"""Which lane an item's work takes. Values only.

A provider that marks everything urgent uses up its share of the express lane; what takes text back is never held up by that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from services.ingest.acceptance import Candidate, provider_of
from shared.pipeline import Lane


def providers_in_express(candidates: Sequence[Candidate]) -> list[str]:
    """The providers whose share of the express lane these items would use."""
    return sorted({provider_of(candidate.item) for candidate in candidates if _uses_share(candidate)})


def assign_lanes(candidates: Sequence[Candidate], used: Mapping[str, int], *, express_per_minute: int) -> list[Lane]:
    """Each item's lane, in their order; `used`: how many of each provider's took the express lane within the last minute."""
    counts = Counter(used)
    lanes = []
    for candidate in candidates:
        lane = candidate.item.lane
        if _uses_share(candidate):
            provider = provider_of(candidate.item)
            counts[provider] += 1
            if counts[provider] > express_per_minute:
                lane = Lane.REGULAR
        lanes.append(lane)
    return lanes


def _uses_share(candidate: Candidate) -> bool:
    return candidate.item.lane is Lane.EXPRESS and not candidate.item.retracts
