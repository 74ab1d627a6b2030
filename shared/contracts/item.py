"""The wire item: one message as a provider sent it, after its format was understood and its text made safe.

Names follow IPTC's (ninjs, NewsML-G2) in Python's spelling. An item is never changed; a newer version is another item.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, TypeVar
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

from shared.language.characters import clean, clean_identity, clean_line
from shared.pipeline import Lane, lane_of

# ── How much an item holds ───────────────────────────────────────────────────────────────────────────────────────
# In bytes of UTF-8, as the database counts: a row of an index has 2,704 at most, and folding case may make three of one.

LONGEST_URI = 2000
LONGEST_ADDRESS = 4000
LONGEST_WORD = 500  #: a keyword, a label, a concept's name or code: each is searched by an index
LONGEST_SCHEME = 200
LONGEST_LINE = 2000  #: headlines, bylines, sluglines, credits
LONGEST_NOTE = 40_000  #: summaries, notes, notices, captions
LONGEST_BODY = 500_000  #: its words are indexed too, a megabyte of them at most
LONGEST_KEPT = 2_000  #: letters of what the contract has no field for, each
MOST_CONCEPTS = 200  #: in each list of subjects, places, …, keywords and labels
MOST_ASSOCIATIONS = 1000
MOST_LINKS = 50  #: in a chain of providers
MOST_NOTES = 50
MOST_UNPLACED = 100  #: names that mean nothing here
MOST_NESTED = 32  #: objects within objects of a JSON item


class PubStatus(StrEnum):
    """IPTC publishing status."""

    USABLE = "usable"
    WITHHELD = "withheld"
    CANCELED = "canceled"


class Signal(StrEnum):
    """IPTC signal: how this version differs from the one before."""

    UPDATE = "update"
    CORRECTION = "correction"


def _in_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError as outside:  # the first and the last hours of the calendar have no UTC
        raise ValueError("is too far from now") from outside


#: an item is measured on its way in; one that is in the archive is taken as it is
MEASURED = {"measured": True}


def _cleaned_by(clean_text: Callable[[str], str]) -> BeforeValidator:
    return BeforeValidator(lambda value: clean_text(value) if isinstance(value, str) else value)


def _at_most(bytes_: int) -> AfterValidator:
    def check(value: str, info: ValidationInfo) -> str:
        if info.context and len(value) * 4 > bytes_ and (size := len(value.encode())) > bytes_:
            raise PydanticCustomError(
                "too_many_bytes", "has {size} bytes; {most} are the most", {"size": f"{size:,}", "most": f"{bytes_:,}"}
            )
        return value

    return AfterValidator(check)


def _not_more_than(count: int) -> AfterValidator:
    def check(value: _Many, info: ValidationInfo) -> _Many:
        if info.context and len(value) > count:
            many = {"count": len(value), "most": count}
            raise PydanticCustomError("too_many", "has {count} entries; {most} are the most", many)
        return value

    return AfterValidator(check)


_Many = TypeVar("_Many", tuple[object, ...], dict[str, str])
Line = Annotated[str, _cleaned_by(clean_line)]
Text = Annotated[str, _cleaned_by(clean)]
Word = Annotated[Line, _at_most(LONGEST_WORD)]
Headline = Annotated[Line, _at_most(LONGEST_LINE)]
Uri = Annotated[str, _cleaned_by(clean_identity), _at_most(LONGEST_URI)]
Note = Annotated[Text, _at_most(LONGEST_NOTE)]
Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]


class ItemClass(StrEnum):
    """What an item is made of: IPTC's nature of a news item."""

    TEXT = "text"
    PICTURE = "picture"
    GRAPHIC = "graphic"
    AUDIO = "audio"
    VIDEO = "video"
    COMPOSITE = "composite"  #: a package: references to other items, with or without words of its own

    @classmethod
    def of_media_type(cls, media_type: str) -> ItemClass | None:
        """The class of `image/jpeg`, or of the word `image` alone; None for what is no picture, sound or text."""
        kinds = {"image": cls.PICTURE, "video": cls.VIDEO, "audio": cls.AUDIO, "text": cls.TEXT}
        return kinds.get(media_type.strip().partition("/")[0].lower())


class KillReason(StrEnum):
    """Why a story was taken back for good. Readers see a template's words for it, never the sender's."""

    LEGAL = "legal"
    FACTUAL = "factual"
    DUPLICATE = "duplicate"
    SOURCE_WITHDRAWN = "source-withdrawn"
    RIGHTS = "rights"
    TEST = "test"


class Doubt(StrEnum):
    """Why the wire itself shows an item to nobody until a person has looked. Each is explained in `docs/life-of-a-story.md`."""

    NO_EDITION = "no-edition"  #: its language is known, and no edition is in it
    EMBARGO = "embargo"  #: it speaks of an embargo, and not in a way that is understood
    KILL_IN_WORDS = "kill-in-words"  #: it asks in words, where its format has no status, for a story to be taken back
    UNREADABLE_TEXT = "unreadable-text"  #: it has a text, which cannot be read
    ENCODING = "encoding"  #: its bytes are text in no encoding that makes sense
    UNSTEADY_SOURCE = "unsteady-source"  #: it came before under another name, from a source that changes names


class Concept(BaseModel):
    """A subject, place, genre, person or organisation: a name, a code, or both."""

    model_config = ConfigDict(frozen=True)

    name: Line = ""
    code: Line = ""  #: `medtop:20000022`, `LB`, or a URI
    scheme: Line = ""  #: the vocabulary that the code is from, where the code does not say it: `category`, `anpa`


class Association(BaseModel):
    """A picture, a video or another item that belongs to this one: a link with what is said of it."""

    model_config = ConfigDict(frozen=True)

    item_class: ItemClass | None = None
    rel: Line = ""  #: `featuremedia`, `seeAlso`, `main`
    uri: Line = ""  #: the other item's identity
    href: Line = ""  #: where its largest web rendition is; http and https only
    media_type: Line = ""
    width_px: int | None = Field(None, ge=0)
    height_px: int | None = Field(None, ge=0)
    size_bytes: int | None = Field(None, ge=0)
    headline: Line = ""
    caption: Text = ""
    credit: Line = ""

    @field_validator("href")
    @classmethod
    def _only_what_a_browser_may_follow(cls, value: str) -> str:
        """A name of a file beside the item, or a scheme that is not the web's, is no link; it is kept as `uri`."""
        return value if value.startswith(("https://", "http://")) else ""


class Provider(BaseModel):
    """Who wrote it."""

    model_config = ConfigDict(frozen=True)

    name: Line = ""
    code: Line = ""


_CONCEPT_BOUNDS = {"name": LONGEST_WORD, "code": LONGEST_WORD, "scheme": LONGEST_SCHEME}
_PROVIDER_BOUNDS = {"name": LONGEST_WORD, "code": LONGEST_WORD}
_ASSOCIATION_BOUNDS = {
    "rel": LONGEST_WORD, "uri": LONGEST_URI, "href": LONGEST_ADDRESS, "media_type": LONGEST_WORD, "headline": LONGEST_LINE,
    "caption": LONGEST_NOTE, "credit": LONGEST_LINE,
}  # fmt: skip
_Part = TypeVar("_Part", Concept, Association, Provider)


def _within(bounds: dict[str, int]) -> AfterValidator:
    """A part of an item is made of whatever was sent, and measured where it becomes the item's: so it can be left out alone."""

    def check(part: _Part, info: ValidationInfo) -> _Part:
        if not info.context:
            return part
        for name, most in bounds.items():
            if (size := len(getattr(part, name).encode())) > most:
                raise PydanticCustomError(
                    "too_many_bytes",
                    "its {name} has {size} bytes; {most} are the most",
                    {"name": name, "size": f"{size:,}", "most": f"{most:,}"},
                )
        if isinstance(part, Association) and part.href and not _can_be_followed(part.href):
            raise PydanticCustomError("no_address", "its address cannot be followed")
        return part

    return AfterValidator(check)


def _can_be_followed(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


BoundConcept = Annotated[Concept, _within(_CONCEPT_BOUNDS)]
Concepts = Annotated[tuple[BoundConcept, ...], _not_more_than(MOST_CONCEPTS)]
BoundAssociation = Annotated[Association, _within(_ASSOCIATION_BOUNDS)]
Associations = Annotated[tuple[BoundAssociation, ...], _not_more_than(MOST_ASSOCIATIONS)]
Words = Annotated[tuple[Word, ...], _not_more_than(MOST_CONCEPTS)]
Links = Annotated[tuple[Word, ...], _not_more_than(MOST_LINKS)]


class WireItem(BaseModel):
    """One version of one story, as sent."""

    model_config = ConfigDict(frozen=True)

    uri: Uri = Field(min_length=1)
    version: int = Field(1, ge=1, le=2**31 - 1)
    item_class: ItemClass = ItemClass.TEXT
    pubstatus: PubStatus = PubStatus.USABLE
    kill_reason: KillReason | None = None
    signal: Signal | None = None
    urgency: int = Field(5, ge=1, le=9)
    language: Line = Field("", max_length=35, pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$|^$")

    headline: Headline = ""
    subheadline: Headline = ""
    slugline: Headline = ""
    byline: Headline = ""
    dateline: Word = ""  #: the place that the text starts with
    located: BoundConcept = Concept()  #: where it was written
    summary: Note = ""
    body_html: Annotated[Text, _at_most(LONGEST_BODY)] = ""  #: sanitised HTML, block elements

    version_created_at: Moment | None = None
    first_created_at: Moment | None = None
    content_created_at: Moment | None = None
    embargoed_until: Moment | None = None
    embargo_cleared: bool = False  #: the sender said in so many words that there is no embargo (any more)
    embargo_open: bool = False  #: embargoed with no end yet: held until a version sets one, or clears it
    scheduled_for: Moment | None = None  #: our own desk's not-before; nobody has it earlier
    expires_at: Moment | None = None

    subjects: Concepts = ()
    places: Concepts = ()
    people: Concepts = ()
    organisations: Concepts = ()
    genres: Concepts = ()
    keywords: Words = ()
    labels: Words = ()

    associations: Associations = ()

    evolved_from: Uri = ""  #: the `uri` of the story that this one continues as its own
    replaces: Uri = ""  #: the `uri` under which the provider sent this same story before
    take: int | None = Field(None, ge=1, le=1000)  #: which part of a story filed in pieces; an add brings only its part

    provider: Annotated[Provider, _within(_PROVIDER_BOUNDS)] = Provider(name="", code="")
    provider_chain: Links = ()  #: through whose hands it came: `MENAFN`, `GlobeNewsWire`, `Nasdaq`
    credit_line: Headline = ""
    copyright_holder: Headline = ""
    copyright_notice: Note = ""
    usage_terms: Note = ""
    disclaimer: Note = ""  #: the provider's legal disclaimer, as it stands in this item
    ednote: Note = ""  #: for the receiving desk only, never published
    correction_note: Note = ""  #: what was wrong, in the readers' words

    doubt: Doubt | None = None  #: held until a person has looked
    doubt_note: Note = ""  #: what in it is doubted, in words for the desk
    is_from_desk: bool = False  #: a person pressed a button for it; set on the way in, never read from what was sent
    sent_version: int | None = None  #: its sender's number, where the wire gave it another; set on the way in

    is_publishable: bool = True  #: False: an advisory, a package without words, a picture: for desks, never in a feed
    stands_alone: bool = False  #: somebody has looked: published whatever the wire doubts, and beside another with its text
    is_test: bool = False  #: goes the whole way and is shown to nobody but ops

    notes: tuple[Note, ...] = ()  #: what was left out or changed on the way in, in words for who sent it
    unplaced: dict[Line, Text] = {}  #: what the format's reader found and the contract has no field for

    @field_validator("version", mode="before")
    @classmethod
    def _version_is_a_whole_number(cls, value: object) -> object:
        """ninjs writes versions as strings; `"3"` is 3."""
        return int(value) if isinstance(value, str) and value.strip().isdecimal() else value

    @property
    def retracts(self) -> bool:
        """Does this version take text back?"""
        return self.pubstatus is not PubStatus.USABLE

    @property
    def is_add(self) -> bool:
        """Does it continue the takes before it? What retracts, and a first take, concern the whole."""
        return self.take is not None and self.take > 1 and not self.retracts

    @property
    def add_number(self) -> int:
        """Which add it is, from 1; 0 for what is none."""
        return self.take - 1 if self.is_add and self.take else 0

    @property
    def lane(self) -> Lane:
        """The lane that this item asks for."""
        return lane_of(urgency=self.urgency, retracts=self.retracts)
