"""Translation's HTTP: a person's translation comes in by `PUT /v1/stories/{story}/editions/{edition}`.

What the translators' desk asks for is in `api_segments.py`, the glossary in `api_terms.py`.
"""

from __future__ import annotations

from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, Field, field_validator

from services.translation import api_segments, api_terms
from services.translation.api_keeping import Translator, keep, revision_of, translatable
from services.translation.engines import Text
from services.translation.memory import aligned, lessons
from services.translation.segments import cut
from services.translation.store import Translation
from services.translation.translating import Target, segments_json
from shared import log
from shared.contracts.item import Line
from shared.contracts.item import Text as SafeText
from shared.language.markup import plain_text, safe_html
from shared.queue.unit_of_work import unit_of_work
from shared.web.problems import answer_problems

app = FastAPI(title="Barq translation", docs_url=None, redoc_url=None)
answer_problems(app)
app.include_router(api_segments.router)
app.include_router(api_terms.router)

_log = log.get("translation")


class HumanTranslation(BaseModel):
    """What a translator sends."""

    model_config = ConfigDict(extra="forbid")

    headline: Line = Field(min_length=1, max_length=2000)
    body_html: str = Field(min_length=1)
    summary: SafeText = Field("", max_length=20_000)
    translator: Line = Field(min_length=1, max_length=200)
    revision: int | None = Field(None, ge=1, description="the story's revision that was translated; left out: the newest")

    @field_validator("body_html")
    @classmethod
    def _body_is_safe(cls, source: str) -> str:
        safe = safe_html(source)
        if not plain_text(safe):
            raise ValueError("has no words in it")
        return safe


class Taken(BaseModel):
    """The answer: what the edition now has."""

    story: str
    edition: str
    revision: int
    translator: str


@app.put("/v1/stories/{story}/editions/{edition}", status_code=202)
def put_translation(story: str, edition: str, sent: HumanTranslation, key: Translator) -> Taken:
    """Keep a person's translation and have it rendered; it outranks the machine's.

    What it says sentence by sentence is remembered, if its paragraphs are those of the story: after a correction these stand.
    """
    with unit_of_work() as work:
        found = translatable(work.connection, story, edition)
        revision = revision_of(found, sent.revision)
        text = Text(headline=sent.headline, summary=sent.summary, body_html=sent.body_html)
        source = cut(found.text, found.language or edition)
        by_place = aligned(source, text, edition) if revision == found.revision else None
        targets = [
            Target(text=(by_place or {}).get(place, ""), origin="human", by=sent.translator)
            for place in range(len(source.segments))
        ]
        translation = Translation(
            story=story,
            edition=edition,
            revision=revision,
            method="human",
            translator=sent.translator,
            text=text,
            segments=segments_json(source, targets) if by_place else (),
        )
        keep(work, translation, found, lessons(source, by_place or {}))
    _log.info("edition.translated", story=story, edition=edition, by=sent.translator, key=key.name)
    return Taken(story=story, edition=edition, revision=revision, translator=sent.translator)
