"""Stories in the formats of the trade, for other newsrooms' own ingest: one module each, with the same names.

`ExportedStory` is all that a format may say. Of what was taken back it holds no item, so that no format can say a word of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from shared.contracts.item import WireItem

#: IPTC's: what readers may do with a story now
PublishingStatus = Literal["usable", "withheld", "canceled"]


@dataclass(frozen=True, kw_only=True)
class Topic:
    """A region, a section or another word of the wire's own that a story is filed under."""

    uri: str
    name: str


_SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"


def source_type_of(*, method: str, translator: str, reviewed_by: str) -> str:
    """IPTC's digital source type of a translation: rules, a trained model, or either with a person's hand in it."""
    if method != "machine":
        return ""
    if reviewed_by:
        return f"{_SOURCE_TYPES}compositeWithTrainedAlgorithmicMedia"
    return _SOURCE_TYPES + ("algorithmicMedia" if translator == "apertium" else "trainedAlgorithmicMedia")


@dataclass(frozen=True, kw_only=True)
class Contributor:
    """Who made an edition's text out of another's; its name is empty for a machine, which is nobody."""

    name: str
    role: Literal["translator", "editor"]  #: who translated it, or who has signed what a machine wrote
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Text:
    """What a story says in its edition."""

    item: WireItem
    headline: str
    summary: str
    body_html: str  #: sanitised; the text alone, without the wire's notes around it
    byline: str
    byline_language: str  #: that the byline is written in, where that is not the edition's
    dateline: str
    contributor: Contributor | None  #: None: the story was written in this edition's language, or readers do not learn it
    source_type: str  #: IPTC's digital source type of a machine's text, as a URI; empty: people wrote it
    correction_note: str  #: the newest; empty: there is none
    disclaimers: tuple[str, ...]
    topics: tuple[Topic, ...]


@dataclass(frozen=True, kw_only=True)
class ExportedStory:
    """A story in one edition, as it is now: all that a format may say of it."""

    uri: str  #: permanent; of this story in this edition
    version: int  #: grows with every change
    story_id: str
    edition: str
    direction: str
    pubstatus: PublishingStatus
    signal: str  #: `update`, `correction`, or nothing
    published_at: datetime
    updated_at: datetime
    url: str
    agency: str
    provider: str
    rights: str
    notice: str  #: what stands in place of a text that was taken back
    text: Text | None  #: None: it was taken back


class Output(Protocol):
    """A format of the trade."""

    EXTENSION: str
    MEDIA_TYPE: str

    def write(self, story: ExportedStory) -> bytes:
        """One story, as a document of its own that is valid in this format."""
