"""The wire item: one message as a provider sent it, after its format was understood and its text made safe.

Names follow IPTC's (ninjs, NewsML-G2) in Python's spelling. An item is never changed; a newer version is another item.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
)

from shared.pipeline import Lane, lane_of
from shared.text import clean, clean_line


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
    return value.astimezone(UTC)


Line = Annotated[str, BeforeValidator(lambda value: clean_line(value) if isinstance(value, str) else value)]
Text = Annotated[str, BeforeValidator(lambda value: clean(value) if isinstance(value, str) else value)]
Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]


class Concept(BaseModel):
    """A subject, place, genre, person or organisation: a name, a code, or both."""

    model_config = ConfigDict(frozen=True)

    name: Line = ""
    code: Line = ""  #: `medtop:20000022`, `LB`, or a URI


class Provider(BaseModel):
    """Who wrote it."""

    model_config = ConfigDict(frozen=True)

    name: Line = Field("", max_length=200)
    code: Line = Field("", max_length=100)


class WireItem(BaseModel):
    """One version of one story, as sent."""

    model_config = ConfigDict(frozen=True)

    uri: Line = Field(min_length=1, max_length=2000)
    version: int = Field(1, ge=1, le=2**31 - 1)
    pubstatus: PubStatus = PubStatus.USABLE
    signal: Signal | None = None
    urgency: int = Field(5, ge=1, le=9)
    language: Line = Field("", max_length=35, pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$|^$")

    headline: Line = Field("", max_length=2000)
    slugline: Line = Field("", max_length=500)
    byline: Line = Field("", max_length=500)
    dateline: Line = Field("", max_length=500)  #: the place that the text starts with
    summary: Text = Field("", max_length=20_000)
    body_html: Text = ""  #: sanitised HTML, block elements

    version_created_at: Moment | None = None
    first_created_at: Moment | None = None
    embargoed_until: Moment | None = None
    embargo_cleared: bool = False  #: the sender said in so many words that there is no embargo (any more)
    expires_at: Moment | None = None

    subjects: tuple[Concept, ...] = ()
    places: tuple[Concept, ...] = ()
    people: tuple[Concept, ...] = ()
    organisations: tuple[Concept, ...] = ()
    genres: tuple[Concept, ...] = ()
    keywords: tuple[Line, ...] = ()
    labels: tuple[Line, ...] = ()

    provider: Provider = Provider(name="", code="")
    copyright_notice: Text = ""
    usage_terms: Text = ""
    ednote: Text = ""  #: for the receiving desk only, never published
    correction_note: Text = ""  #: what was wrong, in the readers' words

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
    def lane(self) -> Lane:
        """The lane that this item asks for."""
        return lane_of(urgency=self.urgency, retracts=self.retracts)
