"""The content API's answers: made as these models, and described by them. A field that is not set is not answered."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from services.edge.outputs import PublishingStatus, newsml_g2, ninjs, nitf
from shared.contracts.entry import Attachment, Moment, StoryConcept, Translation
from shared.contracts.story import Act, StoryState


class StoryAnswer(BaseModel):
    """A story in one edition. With `fields`, those that were asked for."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "story": "BARQ25112026000000000017ID0000000042",
                "edition": "en",
                "revision": 2,
                "published": "2026-11-25T09:00:00+00:00",
                "updated": "2026-11-25T09:12:31.000104+00:00",
                "url": "https://wire.example/en/stories/BARQ25112026000000000017ID0000000042",
                "state": "published",
                "pubstatus": "usable",
                "headline": "Ministers agree on output",
                "summary": "They meet again in June.",
                "body_html": '<div lang="en" dir="ltr"><p>Ministers agreed in Vienna.</p></div>',
                "byline": "Mona Haddad",
                "provider": "Levant Press Agency",
                "credit": "Levant Press Agency/Mona Haddad",
                "dateline": "VIENNA",
                "urgency": 3,
                "word_count": 4,
                "reading_minutes": 1,
                "subjects": [{"name": "oil and gas", "code": "medtop:20000256"}],
                "places": [{"name": "Saudi Arabia", "code": "SA"}],
                "tags": ["OPEC"],
                "labels": [],
                "notice": None,
                "categories": {"region": ["arab"], "section": ["oil-energy"], "tag": ["OPEC"]},
                "media": [],
                "editions": {"ar": "https://wire.example/ar/stories/BARQ25112026000000000017ID0000000042"},
                "translation": None,
                "rights": "Copyright Barq and its providers",
            }
        },
    )

    story: str = ""
    edition: str = ""
    revision: int = 1
    published: Moment | None = None
    updated: Moment | None = None
    url: str = ""
    state: StoryState = StoryState.PUBLISHED
    pubstatus: PublishingStatus = "usable"
    headline: str = ""
    summary: str = ""
    body_html: str = ""
    byline: str = Field("", description="who reported it, as the edition says it; empty: nobody is named")
    provider: str = Field("", description="who wrote it, as `?provider=` takes it; the agency where its sender names none")
    credit: str = Field("", description="the line that the provider wants to be credited by")
    dateline: str = Field("", description="the place that the text starts with, as the edition says it")
    urgency: int | None = Field(None, description="IPTC's: 1 to 9, 1 is the highest")
    word_count: int | None = Field(None, description="of the text, without the wire's notes around it")
    reading_minutes: int | None = Field(None, description="as long as most people read, in begun minutes")
    subjects: tuple[StoryConcept, ...] = ()
    places: tuple[StoryConcept, ...] = ()
    tags: tuple[str, ...] = Field((), description="as `?tag=` takes them")
    labels: tuple[str, ...] = Field((), description="as `?label=` takes them")
    notice: str | None = Field(None, description="what stands in place of a text that was taken back")
    categories: dict[str, tuple[str, ...]] = Field({}, description="terms by scheme")
    media: tuple[Attachment, ...] = ()
    editions: dict[str, str] = Field({}, description="its page in the other editions that have it")
    translation: Translation | None = Field(None, description="where the text is from, if it was written in another language")
    rights: str = ""


class StoryList(BaseModel):
    """Stories, the newest first."""

    stories: list[StoryAnswer]
    next: str | None = Field(
        description="the address of those that follow; its `cursor` is that parameter; null: these are the last"
    )


class RevisionAnswer(BaseModel):
    """What a story was. Its text is shown for as long as the story is public; who sent it, to a newsroom alone."""

    revision: int
    act: Act
    state: StoryState
    made_at: Moment
    item: str = ""
    uri: str = ""
    version: int = 0
    sent_by: str = ""
    headline: str = ""
    byline: str = ""
    dateline: str = ""
    summary: str = ""
    body: str = ""
    body_html: str = ""
    correction_note: str = ""


class Passage(BaseModel):
    """A piece of a text that is the same, was removed or was added."""

    kind: str
    text: str


class Change(BaseModel):
    """What another revision says in a field."""

    field: str
    passages: list[Passage]


class RevisionList(BaseModel):
    """A story's revisions, the first one first."""

    story: str
    state: StoryState
    revisions: list[RevisionAnswer]
    changes: list[Change] = []


#: a media type without a schema is anything at all, and what may be anything is checked by no compiler
_TEXT = {"schema": {"type": "string"}}
_TRADE: dict[str, dict[str, Any]] = {
    ninjs.MEDIA_TYPE: {"schema": {"type": "object"}},
    newsml_g2.MEDIA_TYPE: _TEXT,
    nitf.MEDIA_TYPE: _TEXT,
}
_LISTS: dict[str, dict[str, Any]] = {"application/x-ndjson": _TEXT, newsml_g2.MESSAGE_MEDIA_TYPE: _TEXT}
#: first of all: the first is what a generated client reads
_OWN: dict[str, dict[str, Any]] = {"application/json": {}}
_UNCHANGED = {"description": "The reader has it: `If-None-Match` names its `ETag`"}

Responses = dict[int | str, dict[str, Any]]
OF_LIST: Responses = {200: {"model": StoryList, "content": {**_OWN, **_LISTS}}, 304: _UNCHANGED}
OF_LIST_IN_A_FORMAT: Responses = {200: {"description": "Stories", "content": _LISTS}, 304: _UNCHANGED}
OF_STORY: Responses = {
    200: {"model": StoryAnswer, "content": {**_OWN, **_TRADE}},
    304: _UNCHANGED,
    410: {
        "model": StoryAnswer,
        "content": {**_OWN, **_TRADE},
        "description": "Taken back for good: `state`, `pubstatus` and `notice` say so, and not a word more",
    },
}
OF_REVISIONS: Responses = {
    200: {"model": RevisionList},
    410: {"model": RevisionList, "description": "Taken back for good: what was done, without a text"},
}
