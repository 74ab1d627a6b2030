"""Rendering's HTTP: an item as readers of an edition would see it, before anybody has sent it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, FastAPI
from pydantic import BaseModel

from services.rendering.entries import Story, entry_of
from shared.clock import utc_now
from shared.contracts.item import WireItem
from shared.contracts.story import StoryState
from shared.settings import settings
from shared.web.keys import Key, Role
from shared.web.problems import answer_problems, must_be_edition, needs
from shared.wire.config import wire

app = FastAPI(title="Barq rendering", docs_url=None, redoc_url=None)
answer_problems(app)


class ToPreview(BaseModel):
    """An item, what it is about, and the notes of earlier corrections that it would carry."""

    item: WireItem
    edition: str
    story: str = ""
    regions: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    correction_notes: tuple[str, ...] = ()


class Previewed(BaseModel):
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
def preview(asked: ToPreview, _: Annotated[Key, Depends(needs(Role.NEWSROOM))]) -> Previewed:
    """The entry that would be rendered. Nothing is kept."""
    must_be_edition(asked.edition)
    now = utc_now()
    story = Story(
        id=asked.story or "–",
        state=StoryState.PUBLISHED,
        revision=1,
        edition=asked.edition,
        published_at=now,
        updated_at=now,
        kill_reason=None,
        correction_notes=asked.correction_notes,
        corrected_at_revision=0,
        item=asked.item,
        tags=asked.tags,
        regions=asked.regions,
        sections=asked.sections,
        languages=(),
        translated=None,
    )
    entry = entry_of(story, asked.edition, wire=wire(), public_url=settings().public_url, has_entry=False)
    assert entry is not None  # noqa: S101  a published story of the edition's own language has one
    return Previewed(
        edition=entry.edition,
        direction=entry.direction,
        title=entry.title,
        summary=entry.summary,
        content_html=entry.content_html,
        author=entry.author,
        rights=entry.rights,
        categories=[category.label for category in entry.categories],
    )
