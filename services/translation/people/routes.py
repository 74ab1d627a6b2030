"""The translators' desk by HTTP: what waits, a text as a whole or sentence by sentence, XLIFF out and in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from services.translation.glossary.queries import read_terms
from services.translation.memory.queries import find_alike, recall
from services.translation.people import queries, saving
from services.translation.people.queries import Translatable
from services.translation.people.worksheet import Known, Worksheet, as_document, build_worksheet
from services.translation.text import xliff
from services.translation.text.segments import StoryText
from shared import log
from shared.archive.database import engine
from shared.contracts.item import Line, Text
from shared.contracts.problem import InvalidRequest
from shared.language.markup import plain_text, safe_html
from shared.queue.unit_of_work import unit_of_work
from shared.web.keys import Key, Right, Role
from shared.web.problems import must_be_edition, needs
from shared.wire.config import wire

router = APIRouter()

Reader = Annotated[Key, Depends(needs(Role.NEWSROOM))]
#: whoever may write an edition's own text
Translator = Annotated[Key, Depends(needs(Role.NEWSROOM, Right.TRANSLATE))]

#: sentences of the memory that are shown beside one of a story: so much alike, and so many of them
_ALIKE, _MAX_MATCHES = 0.5, 3

_XLIFF = {"content": {xliff.MEDIA_TYPE: {"schema": {"type": "string"}}}}
_TAKES_XLIFF = {"requestBody": {"required": True, **_XLIFF}}

_log = log.get("translation")


def _read_source(connection: Connection, story: str, edition: str) -> Translatable:
    must_be_edition(edition)
    return saving.require_translatable(queries.find_translatable(connection, story), story, edition)


# ── What waits ───────────────────────────────────────────────────────────────────────────────────────────────────


class WaitingStory(BaseModel):
    """A story that an edition's readers do not have in its newest revision."""

    story: str
    headline: str
    urgency: int
    language: str
    revision: int
    shown_revision: int | None = Field(description="the older revision that readers see meanwhile")
    prepared_by: str | None = Field(description="whose text stands ready for a person: an engine's, or one that was begun")
    gates: list[str] = Field(description="which gates held it")


class WaitingStories(BaseModel):
    """What an edition's translators have to do."""

    waiting: list[WaitingStory]


@router.get("/v1/translations")
def list_waiting(edition: str, _: Reader, count: Annotated[int, Query(ge=1, le=500)] = 100) -> WaitingStories:
    """Stories that wait for a person, the newest first."""
    must_be_edition(edition)
    with engine().connect() as connection:
        stories = queries.list_waiting(connection, edition, limit=count)
    return WaitingStories(
        waiting=[
            WaitingStory(
                story=story.story,
                headline=story.headline,
                urgency=story.urgency,
                language=story.language,
                revision=story.revision,
                shown_revision=story.shown_revision,
                prepared_by=story.prepared_by,
                gates=list(story.gates),
            )
            for story in stories
        ]
    )


# ── A text as a whole ────────────────────────────────────────────────────────────────────────────────────────────


class SentTranslation(BaseModel):
    """A translation as a whole."""

    model_config = ConfigDict(extra="forbid")

    headline: Line = Field(min_length=1, max_length=2000)
    body_html: str = Field(min_length=1)
    summary: Text = Field("", max_length=20_000)
    translator: Line = Field(min_length=1, max_length=200)
    revision: int | None = Field(None, ge=1, description="the story's revision that was translated; left out: the newest")

    @field_validator("body_html")
    @classmethod
    def _body_is_safe(cls, source: str) -> str:
        safe = safe_html(source)
        if not plain_text(safe):
            raise ValueError("has no words in it")
        return safe


class TakenTranslation(BaseModel):
    """The answer: what the edition now has."""

    story: str
    edition: str
    revision: int
    translator: str


@router.put("/v1/stories/{story}/editions/{edition}", status_code=202)
def put_translation(story: str, edition: str, sent: SentTranslation, key: Translator) -> TakenTranslation:
    """Keep a person's translation and have it rendered; it outranks the machine's.

    What it says sentence by sentence is remembered, if its paragraphs are those of the story: after a correction these stand.
    """
    with unit_of_work() as work:
        source = _read_source(work.connection, story, edition)
        revision = saving.require_revision(source, sent.revision)
        text = StoryText(headline=sent.headline, summary=sent.summary, body_html=sent.body_html)
        persons = saving.build_from_whole(source, edition, text, translator=sent.translator, revision=revision)
        saving.keep(work, source, persons)
    _log.info("edition.translated", story=story, edition=edition, by=sent.translator, key=key.name)
    return TakenTranslation(story=story, edition=edition, revision=revision, translator=sent.translator)


# ── A text sentence by sentence ──────────────────────────────────────────────────────────────────────────────────


@router.get("/v1/stories/{story}/editions/{edition}/segments")
def read_segments(story: str, edition: str, _: Reader) -> Worksheet:
    """A story's sentences, each with its translation as far as there is one, likenesses from the memory, terms, and faults."""
    return _read_worksheet(story, edition)


def _read_worksheet(story: str, edition: str) -> Worksheet:
    with engine().begin() as connection:
        source = _read_source(connection, story, edition)
        language, text = source.language, saving.segments_of(source, edition)
        known = Known(
            kept=queries.read_translation(connection, story, edition),
            remembered=recall(connection, text, language=language, edition=edition),
            glossary=read_terms(connection, language=language, edition=edition),
            matches=[
                find_alike(connection, one.source, language=language, edition=edition, at_least=_ALIKE, limit=_MAX_MATCHES)
                for one in text.segments
            ],
        )
    return build_worksheet(source, edition, direction=wire().editions[edition].direction, text=text, known=known)


class SentSegments(BaseModel):
    """A translation sentence by sentence."""

    model_config = ConfigDict(extra="forbid")

    revision: int = Field(ge=1, description="the revision whose sentences these are")
    targets: list[str] = Field(max_length=5_000, description="one for each sentence, in their order; empty: not yet")
    translator: Line = Field(min_length=1, max_length=200)
    sign: bool = Field(False, description="publish it; else it is kept for later")


class TakenSegments(BaseModel):
    """The answer: whether readers have it (`ready`) or it is kept for later (`waiting`)."""

    story: str
    edition: str
    revision: int
    state: str


@router.put("/v1/stories/{story}/editions/{edition}/segments", status_code=202)
def put_segments(story: str, edition: str, sent: SentSegments, key: Translator) -> TakenSegments:
    """Keep a person's work on a translation, or sign it: then readers have it, and its sentences are remembered."""
    return _take_segments(story, edition, sent, key)


def _take_segments(story: str, edition: str, sent: SentSegments, key: Key) -> TakenSegments:
    with unit_of_work() as work:
        source = _read_source(work.connection, story, edition)
        persons = saving.build_from_sentences(
            source,
            edition,
            sent.targets,
            kept=queries.read_translation(work.connection, story, edition),
            revision=sent.revision,
            translator=sent.translator,
            is_signed=sent.sign,
        )
        saving.keep(work, source, persons)
    if sent.sign:
        _log.info("edition.translated", story=story, edition=edition, by=sent.translator, key=key.name)
    return TakenSegments(story=story, edition=edition, revision=source.revision, state="ready" if sent.sign else "waiting")


# ── XLIFF ────────────────────────────────────────────────────────────────────────────────────────────────────────


@router.get("/v1/stories/{story}/editions/{edition}/xliff", response_class=Response, responses={200: _XLIFF})
def export_xliff(story: str, edition: str, _: Reader) -> Response:
    """The sentences as an XLIFF 2.1 document, for translators with tools of their own."""
    return Response(
        xliff.write(as_document(_read_worksheet(story, edition))),
        media_type=xliff.MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{story}.{edition}.xlf"'},
    )


@router.put("/v1/stories/{story}/editions/{edition}/xliff", status_code=202, openapi_extra=_TAKES_XLIFF)
async def import_xliff(
    story: str, edition: str, request: Request, translator: str, key: Translator, sign: bool = False
) -> TakenSegments:
    """The same document with its targets filled in. Raises a problem (422) if it is not this story's, or not XLIFF 2."""
    try:
        document = xliff.read(await request.body())
    except xliff.NotXliff as wrong:
        raise InvalidRequest(str(wrong)) from wrong
    if document.story != story:
        raise InvalidRequest(f"The document is of {document.story or 'no story'}, not {story}.")
    try:
        sent = SentSegments(revision=document.revision, targets=document.targets, translator=translator, sign=sign)
    except ValidationError as wrong:
        raise RequestValidationError(wrong.errors()) from wrong
    return await run_in_threadpool(_take_segments, story, edition, sent, key)
