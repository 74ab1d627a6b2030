"""What a task of the measurement says: shares with what they are shares of."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass

#: confidences that are told apart, from these up
_STEPS = (0.0, 0.5, 0.7, 0.9, 0.97)


@dataclass(frozen=True)
class Overlap:
    """Of what was asked for and what was found: how much of either is in the other, over all items."""

    both: int
    found: int
    wanted: int

    @property
    def precision(self) -> float:
        """Of what was found, so much was asked for."""
        return self.both / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Of what was asked for, so much was found."""
        return self.both / self.wanted if self.wanted else 1.0

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        return 2 * self.both / (self.found + self.wanted) if self.found + self.wanted else 1.0

    def __str__(self) -> str:
        """As the report has it."""
        return f"F1 {self.f1:.3f} (precision {self.precision:.3f}, recall {self.recall:.3f}, {self.wanted} to find)"


def overlap(pairs: Iterable[tuple[Set[str], Set[str]]]) -> Overlap:
    """Of pairs of what was found and what was wanted."""
    both = found = wanted = 0
    for one, other in pairs:
        both, found, wanted = both + len(one & other), found + len(one), wanted + len(other)
    return Overlap(both, found, wanted)


def calibration(said: Iterable[tuple[float, bool]]) -> str:
    """How sure was said of what, and how much of it is right, as the report has it."""
    steps: dict[float, list[bool]] = {step: [] for step in _STEPS}
    for confidence, is_right in said:
        steps[max(step for step in _STEPS if step <= confidence or step == 0)].append(is_right)
    shares = (f"from {step:.2f} {sum(right) / len(right):.3f} ({len(right)})" for step, right in steps.items() if right)
    return f"right by confidence: {', '.join(shares)}"
