"""What translation's API answers, as far as the translators' screens show it."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class WaitingStory(_Answer):
    """A story that an edition's readers do not have in its newest revision."""

    story: str
    headline: str
    urgency: int
    language: str
    revision: int
    shown_revision: int | None  #: the older one that readers see meanwhile
    prepared_by: str | None
    gates: tuple[str, ...]


class WaitingList(_Answer):
    """Stories that wait for a person."""

    waiting: tuple[WaitingStory, ...]


class Term(_Answer):
    """A term and its translations, the approved one first."""

    source: str
    targets: tuple[str, ...]
    kind: str


class Glossary(_Answer):
    """The terms of an edition."""

    terms: tuple[Term, ...]


class Match(_Answer):
    """A sentence of the memory that is like one of the story."""

    source: str
    target: str
    by: str
    likeness: float  #: 0 to 1


class Segment(_Answer):
    """A sentence of a story, and its translation as far as there is one."""

    place: int  #: its number in the story, from 0
    part: str
    source: str
    target: str
    origin: str
    by: str
    is_changed: bool  #: Is it new since the story was last translated?
    faults: tuple[tuple[str, str], ...]  #: the gate that found it, and what it says
    matches: tuple[Match, ...]
    terms: tuple[Term, ...]


class WholeText(_Answer):
    """A person's text that cannot be laid beside its source, to be taken over by hand."""

    headline: str
    body_html: str


class SegmentedStory(_Answer):
    """A story, sentence by sentence."""

    story: str
    language: str | None
    direction: str  #: of the edition's script
    revision: int
    translated_revision: int | None  #: None: nobody has translated it yet
    state: str | None
    translator: str
    reviewed_by: str
    as_a_whole: WholeText | None
    segments: tuple[Segment, ...]

    def with_targets(self, targets: Sequence[str]) -> SegmentedStory:
        """The same with what somebody typed, if that is one target for each sentence."""
        if len(targets) != len(self.segments):
            return self
        rows = zip(self.segments, targets, strict=True)
        return self.model_copy(
            update={"segments": tuple(segment.model_copy(update={"target": target}) for segment, target in rows)}
        )
