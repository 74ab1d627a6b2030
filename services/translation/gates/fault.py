"""What a gate has to say of a text: the type that all gates share."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One reason why a text is not published."""

    gate: str
    reason: str  #: for a person, with what was looked for
