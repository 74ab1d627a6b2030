"""A story's entry as it is stored: rendering writes it, the edge reads it, and it stands in JSON feeds byte for byte.

It is an item of JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/); what that has no field for is under `_barq`. Every field
that an older Barq did not write has a default, and a field that is not known is passed over: entries are read by the version
before and by the version after. A new field belongs into `tests/integration/edge/test_taken_back.py`, or that test fails.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema

from shared.clock import rfc3339

#: a time as feeds write it: `2026-11-25T09:12:31.104Z`
Moment = Annotated[
    datetime,
    PlainSerializer(rfc3339, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]


def _is_empty(value: object) -> bool:
    return not value


def _is_organization(value: object) -> bool:
    """Of an author, or of its kind: is it what an author was before there were kinds?"""
    return value in ("organization", OwnOfAuthor())


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


AuthorKind = Literal["person", "organization"]


class OwnOfAuthor(_Part):
    """What JSON Feed has no field for in an author."""

    kind: AuthorKind = Field("organization", exclude_if=_is_organization)
    language: str = Field("", exclude_if=_is_empty)  #: that the name is written in, where that is not the edition's


class Author(_Part):
    """Who wrote it, as it is shown: a reporter, else the provider."""

    name: str
    barq: OwnOfAuthor = Field(OwnOfAuthor(), alias="_barq", exclude_if=_is_organization)


class Attachment(_Part):
    """A picture, sound or video that goes with a story."""

    url: str
    mime_type: str
    title: str = Field("", exclude_if=_is_empty)
    size_in_bytes: int | None = Field(None, exclude_if=_is_empty)


class Picture(_Part):
    """A picture, with what a page shows of it. Widths and heights are in pixels."""

    url: str
    width: int | None = None
    height: int | None = None
    caption: str = ""
    credit: str = ""


class Translation(_Part):
    """Where an edition's text is from, if the story was written in another language."""

    of_revision: int  #: the story's revision that it renders
    method: str  #: `human`, `machine`, or `memory`
    by: str
    reviewed_by: str  #: the person who signed a machine's text; empty: nobody


#: most adults read so many of a news text
_WORDS_A_MINUTE = 220


class StoryConcept(_Part):
    """A subject or a place: a name, a code, or both, as IPTC's formats have them."""

    name: str = ""  #: in the edition's language, as far as anybody knows it
    code: str = ""  #: `medtop:20000256`, `SA`, or a URI
    scheme: str = Field("", exclude_if=_is_empty)  #: the vocabulary that the code is from, where the code does not say it


class Facts(_Part):
    """What a story says to programs beside its text, in the words of its edition. Of one that was taken back: nothing."""

    byline: str = Field("", exclude_if=_is_empty)  #: who reported it; empty: nobody is named
    provider: str = Field("", exclude_if=_is_empty)  #: who wrote it; the agency where its sender names none
    credit: str = Field("", exclude_if=_is_empty)  #: the line that the provider wants to be credited by
    dateline: str = Field("", exclude_if=_is_empty)  #: the place that its text starts with
    urgency: int | None = Field(None, exclude_if=_is_empty)  #: 1 to 9, 1 highest
    subjects: tuple[StoryConcept, ...] = Field((), exclude_if=_is_empty)
    places: tuple[StoryConcept, ...] = Field((), exclude_if=_is_empty)
    word_count: int | None = Field(None, exclude_if=_is_empty)  #: of the whole text, without the wire's notes around it

    @property
    def reading_minutes(self) -> int | None:
        """How long most people read, in begun minutes; None where it is not known how much there is."""
        return self.word_count and -(-self.word_count // _WORDS_A_MINUTE)


class Own(Facts):
    """What JSON Feed has no field for."""

    story: str
    revision: int
    status: Literal["usable", "notice", "advisory"]  #: the last in documents alone, of a story that was killed or corrected
    rights: str
    editions: dict[str, str] = {}  #: its pages in other editions, by their tags
    translation: Translation | None = None
    names: dict[str, str] = {}  #: tags and labels that the edition says in another word, by their terms
    pictures: tuple[Picture, ...] = ()
    categories: dict[str, tuple[str, ...]] = {}  #: terms by scheme: `region`, `section`, `tag`, `label`, IPTC's


class StoredEntry(_Part):
    """All that readers of an edition may see of a story."""

    id: str  #: permanent; feeds' readers know an entry again by it
    url: str
    title: str
    summary: str
    content_html: str
    date_published: Moment
    date_modified: Moment
    authors: tuple[Author, ...]
    language: str  #: the edition's
    tags: tuple[str, ...] = ()  #: labels of all categories
    image: str | None = Field(None, exclude_if=_is_empty)
    attachments: tuple[Attachment, ...] = Field((), exclude_if=_is_empty)
    barq: Own = Field(alias="_barq")

    @classmethod
    def notice(
        cls,
        *,
        id: str,
        url: str,
        story: str,
        edition: str,
        revision: int,
        author: str,
        rights: str,
        published_at: datetime,
        updated_at: datetime,
        title: str = "",
        summary: str = "",
        content_html: str = "",
    ) -> Self:
        """What stands in place of a text that was taken back: this and nothing else. Every field that is not named stays empty.

        `author` and `rights` are the agency's own; without `title`, `summary` and `content_html` it says nothing at all, as long
        as its words are not rendered yet.
        """
        return cls(
            id=id,
            url=url,
            title=title,
            summary=summary,
            content_html=content_html,
            date_published=published_at,
            date_modified=updated_at,
            authors=(Author(name=author),),
            language=edition,
            barq=Own(story=story, revision=revision, status="notice", rights=rights),
        )

    @classmethod
    def read(cls, stored: bytes) -> Self:
        """An entry out of the archive."""
        return cls.model_validate_json(stored)

    def stored(self) -> bytes:
        """The entry as it is kept, and as it stands in documents."""
        return self.model_dump_json(by_alias=True).encode()
