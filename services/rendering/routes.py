"""Rendering's HTTP: an item as readers of an edition would see it, before anybody has sent it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, FastAPI
from pydantic import BaseModel

from services.rendering.entries import Story, build_entry
from shared.clock import utc_now
from shared.contracts.item import WireItem
from shared.contracts.story import StoryState
from shared.settings import settings
from shared.web.keys import Key, Role
from shared.web.problems import answer_problems, must_be_edition, needs
from shared.wire.config import wire

app = FastAPI(title="Barq rendering", docs_url=None, redoc_url=None)
answer_problems(app)


class PreviewRequest(BaseModel):
    """An item, what it is about, and the notes of earlier corrections that it would carry."""

    item: WireItem
    edition: str
    story: str = ""
    regions: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    correction_notes: tuple[str, ...] = ()


class PreviewAnswer(BaseModel):
    """An entry as every format has it."""

    edition: str
    direction: str
    title: str
    summary: str
    content_html: str
    author: str
    rights: str
    categories: list[str]


@app.post("/v1/preview")
def preview(request: PreviewRequest, _: Annotated[Key, Depends(needs(Role.NEWSROOM))]) -> PreviewAnswer:
    """The entry that would be rendered. Nothing is kept."""
    must_be_edition(request.edition)
    now = utc_now()
    story = Story(
        id=request.story or "–",
        state=StoryState.PUBLISHED,
        revision=1,
        edition=request.edition,
        published_at=now,
        updated_at=now,
        kill_reason=None,
        correction_notes=request.correction_notes,
        corrected_at_revision=0,
        item=request.item,
        tags=request.tags,
        labels=request.item.labels or request.labels,
        regions=request.regions,
        sections=request.sections,
        languages=(),
        translated=None,
    )
    entry = build_entry(story, request.edition, wire=wire(), public_url=settings().public_url, has_entry=False)
    assert entry is not None  # noqa: S101  a published story of the edition's own language has one
    return PreviewAnswer(
        edition=entry.edition,
        direction=entry.direction,
        title=entry.title,
        summary=entry.summary,
        content_html=entry.content_html,
        author=entry.author,
        rights=entry.rights,
        categories=[category.label for category in entry.categories],
    )
