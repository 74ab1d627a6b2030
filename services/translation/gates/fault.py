"""What a gate says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One reason why a text is not published."""

    gate: str
    said: str  #: for a person, with what was looked for
