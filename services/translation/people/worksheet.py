"""A story as a translator sees it: sentence by sentence, with what is known of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from services.translation.gates import faults_of
from services.translation.glossary.terms import Term, places, terms_in
from services.translation.memory.queries import Match
from services.translation.people.queries import KeptTranslation, Translatable
from services.translation.queries import Method
from services.translation.targets import Origin, Target
from services.translation.text import xliff
from services.translation.text.segments import SegmentedText, words_of

Direction = Literal["ltr", "rtl"]

_NOT_YET = Target(text="", origin="none", by="")
#: who wrote a sentence as XLIFF's states have it
_STATES: dict[Origin, xliff.State] = {"none": "initial", "machine": "translated", "human": "reviewed"}


class WorksheetMatch(BaseModel):
    """A sentence of the memory that is like the story's."""

    source: str
    target: str
    by: str
    likeness: float = Field(description="from 0 to 1")


class WorksheetTerm(BaseModel):
    """A term that the sentence uses, and how the edition says it."""

    source: str
    targets: list[str] = Field(description="the approved translation first, then others that are as good")
    kind: str


#: a gate, and what it says: two texts, described as a list with `items`, which older tools look for in every array
WorksheetFault = Annotated[tuple[str, ...], Field(min_length=2, max_length=2)]


class WorksheetSegment(BaseModel):
    """A sentence, and what it is in the edition."""

    place: int = Field(description="its number in the story, from 0")
    part: str = Field(description="`headline`, `summary` or `body`")
    block: int = Field(description="sentences of one paragraph have one number")
    source: str = Field(description="HTML in which inline elements have numbers in place of attributes")
    target: str = Field(description="empty: nobody has translated it")
    origin: Origin
    by: str = Field(description="the person or the engine")
    is_changed: bool = Field(description="was it not in the text that was translated last?")
    faults: list[WorksheetFault] = Field(description="which gates would hold it, and why")
    matches: list[WorksheetMatch]
    terms: list[WorksheetTerm]


class WholeText(BaseModel):
    """A person's text that cannot be laid beside its source, to be taken over by hand."""

    headline: str
    summary: str
    body_html: str


class Worksheet(BaseModel):
    """A story's sentences, each with its translation as far as there is one, likenesses from the memory, terms, and faults."""

    story: str
    edition: str
    language: str = Field(description="of the story; empty: nobody knows it")
    direction: Direction
    revision: int
    translated_revision: int | None = Field(description="that the newest text renders")
    state: Literal["ready", "waiting"] | None
    method: Method | None
    translator: str
    reviewed_by: str
    as_a_whole: WholeText | None = Field(description="the newest text, if it is not kept sentence by sentence")
    segments: list[WorksheetSegment]


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the archive has for a story's sentences."""

    kept: KeptTranslation | None  #: the newest text
    remembered: Mapping[str, Target]  #: by sentence
    glossary: Sequence[Term]
    matches: Sequence[Sequence[Match]]  #: of each segment, in their order


def build_worksheet(source: Translatable, edition: str, *, direction: Direction, text: SegmentedText, known: Known) -> Worksheet:
    """Put together what is known of the story `source`, whose sentences are `text`."""
    kept = known.kept
    before = {segment.sentence: segment.target for segment in (kept.segments if kept else ())}
    terms = [*known.glossary, *(places(source.language, edition) if source.language else ())]
    segments = []
    for index, segment in enumerate(text.segments):
        target = _newest(before.get(segment.source), known.remembered.get(segment.source))
        segments.append(
            WorksheetSegment(
                place=index,
                part=segment.part,
                block=segment.block,
                source=segment.source,
                target=target.text,
                origin=target.origin,
                by=target.by,
                is_changed=bool(before) and segment.source not in before,
                faults=_faults(segment.source, target.text, source.language, edition, known.glossary),
                matches=[_match(match) for match in known.matches[index]],
                terms=[_term(term) for term in terms_in(words_of(segment.source), terms)],
            )
        )
    return Worksheet(
        story=source.story,
        edition=edition,
        language=source.language,
        direction=direction,
        revision=source.revision,
        translated_revision=kept.revision if kept else None,
        state=kept.state if kept else None,
        method=kept.method if kept else None,
        translator=kept.translator if kept else "",
        reviewed_by=kept.reviewed_by if kept else "",
        as_a_whole=_as_a_whole(kept),
        segments=segments,
    )


def _newest(kept: Target | None, remembered: Target | None) -> Target:
    """A sentence's translation as it was kept with the text, else as it is remembered."""
    if kept and kept.text:
        return kept
    return remembered or _NOT_YET


def _as_a_whole(kept: KeptTranslation | None) -> WholeText | None:
    if kept is None or kept.segments:
        return None
    return WholeText(headline=kept.text.headline, summary=kept.text.summary, body_html=kept.text.body_html)


def _faults(source: str, target: str, language: str, edition: str, glossary: Sequence[Term]) -> list[WorksheetFault]:
    if not target:
        return []
    faults = faults_of(source, target, source_language=language, target_language=edition, terms=glossary)
    return [(fault.gate, fault.reason) for fault in faults]


def _match(match: Match) -> WorksheetMatch:
    return WorksheetMatch(source=match.source, target=match.target, by=match.translator, likeness=round(match.likeness, 2))


def _term(term: Term) -> WorksheetTerm:
    return WorksheetTerm(source=term.source, targets=list(term.targets), kind=term.kind)


def as_document(worksheet: Worksheet) -> xliff.Document:
    """What of it a translator's own tool is given."""
    return xliff.Document(
        story=worksheet.story,
        revision=worksheet.revision,
        source_language=worksheet.language,
        target_language=worksheet.edition,
        units=[
            xliff.Unit(part=segment.part, source=segment.source, target=segment.target, state=_STATES[segment.origin])
            for segment in worksheet.segments
        ],
    )
