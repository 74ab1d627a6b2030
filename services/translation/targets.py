"""What a sentence became, how that is kept with its text, and what a text is whose sentences became these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Self, TypedDict

from services.translation.gates.fault import Fault
from services.translation.text.segments import SegmentedText, StoryText
from shared.language.characters import clean, clean_line
from shared.language.markup import safe_html

Origin = Literal["human", "machine", "none"]


@dataclass(frozen=True, kw_only=True)
class Target:
    """What a sentence became."""

    text: str  #: HTML with the sentence's numbered elements
    origin: Origin  #: who wrote it; none: nobody could
    by: str  #: the person or the engine
    is_remembered: bool = False
    faults: tuple[Fault, ...] = ()


class SegmentRecord(TypedDict):
    """A sentence in the column `translations.segments`, which the queries of what waits look into."""

    source: str
    target: str
    origin: Origin
    by: str
    is_remembered: bool
    faults: list[tuple[str, str]]  #: the gate, and its reason


@dataclass(frozen=True)
class KeptSegment:
    """A sentence as it is kept with its text."""

    sentence: str
    target: Target

    def as_record(self) -> SegmentRecord:
        """As it stands in the archive; `from_record` reads it again."""
        return {
            "source": self.sentence,
            "target": self.target.text,
            "origin": self.target.origin,
            "by": self.target.by,
            "is_remembered": self.target.is_remembered,
            "faults": [(fault.gate, fault.reason) for fault in self.target.faults],
        }

    @classmethod
    def from_record(cls, record: SegmentRecord) -> Self:
        """As `as_record` wrote it."""
        target = Target(
            text=record["target"],
            origin=record["origin"],
            by=record["by"],
            is_remembered=record["is_remembered"],
            faults=tuple(Fault(gate, reason) for gate, reason in record["faults"]),
        )
        return cls(record["source"], target)


def pair_segments(text: SegmentedText, targets: Sequence[Target]) -> tuple[KeptSegment, ...]:
    """A text's sentences with what they became: one target for each, in their order."""
    return tuple(KeptSegment(segment.source, target) for segment, target in zip(text.segments, targets, strict=True))


def build_text(text: SegmentedText, targets: Sequence[Target]) -> StoryText:
    """A text whose sentences became these, as it may be published."""
    filled = text.fill([target.text for target in targets])
    return StoryText(headline=clean_line(filled.headline), summary=clean(filled.summary), body_html=safe_html(filled.body_html))


def signature_of(targets: Sequence[Target]) -> str:
    """Everyone who wrote a sentence of it, people and engines, in the order of their sentences: `Layla, deepl`."""
    return ", ".join(dict.fromkeys(target.by for target in targets if target.by))
