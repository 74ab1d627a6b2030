"""What a section of the wire is: its name, its subjects, and what is known of it to sort a text that comes without subjects."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

#: words and phrases in any language
Words = Annotated[tuple[Annotated[str, StringConstraints(min_length=1, max_length=80)], ...], Field(max_length=2_000)]
#: sentences in English about what stands there, as news would put it
Descriptions = Annotated[tuple[Annotated[str, StringConstraints(min_length=3, max_length=400)], ...], Field(max_length=60)]


class NoSection(BaseModel):
    """What belongs to none of the sections, so that it is not put into the one that is least unlike it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: Words = ()
    descriptions: Descriptions = ()


class Section(BaseModel):
    """A subject with a feed of its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: dict[str, str]  #: in each edition's language
    subjects: tuple[str, ...] = ()  #: codes of IPTC's Media Topics
    words: Words = ()
    descriptions: Descriptions = ()
