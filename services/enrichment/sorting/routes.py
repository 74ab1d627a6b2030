"""Sorting's HTTP: what a story is about and why, and an editor's word for it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from services.enrichment.sorting import queries
from services.enrichment.sorting.queries import SortedStory, Sorting
from shared import log
from shared.archive.database import engine
from shared.contracts.finding import Findings
from shared.contracts.item import Line
from shared.contracts.problem import Conflict, FieldError, InvalidRequest, NotFound
from shared.contracts.story import KILLED_FOR_GOOD, StoryState
from shared.contracts.work import Follow
from shared.pipeline import Lane, Stage
from shared.queue.unit_of_work import unit_of_work
from shared.web.keys import Key, Right, Role
from shared.web.problems import needs
from shared.wire.config import wire

router = APIRouter()
_log = log.get("enrichment")

#: of each kind that may be said, and letters of a tag
_MOST_NAMES, _LONGEST_TAG = 50, 100
Name = Annotated[Line, Field(min_length=1, max_length=_LONGEST_TAG)]
Names = Annotated[tuple[Name, ...], Field(max_length=_MOST_NAMES)]

Reader = Annotated[Key, Depends(needs(Role.NEWSROOM))]
Editor = Annotated[Key, Depends(needs(Role.NEWSROOM, Right.EDIT))]


class StoryAbout(BaseModel):
    """What a story is about, who says so, and why."""

    story: str
    language: str
    regions: tuple[str, ...]
    sections: tuple[str, ...]
    tags: tuple[str, ...]
    found: Findings = Field(
        description="what was found of each kind by itself: method, confidence from 0 to 1, and the words that decided"
    )
    sorted_by: str | None = Field(description="the editor's key whose word stands; null: nobody's does")
    sorted_at: datetime | None


class SentSorting(BaseModel):
    """An editor's word; of a kind that is left out the earlier word stands, and an empty list means none."""

    model_config = ConfigDict(extra="forbid")

    sections: Names | None = Field(None, description="names of the wire's sections, the main one first")
    regions: Names | None = Field(None, description="names of the wire's regions, the main one first")
    tags: Names | None = None


@router.get("/v1/stories/{story}/about")
def read_about(story: str, _: Reader) -> StoryAbout:
    """What a story is about, and why."""
    with engine().connect() as connection:
        return _answer(story, _require(connection, story))


@router.put("/v1/stories/{story}/about", status_code=202)
def sort_story(story: str, sent: SentSorting, key: Editor) -> StoryAbout:
    """Say what a story is about. It wins over every machine, also in the story's next versions, and moves the story's feeds.

    A feed that it leaves shows it no more, but for the notice if it is killed or held later: its readers had it.
    """
    said = Sorting(sections=sent.sections, regions=sent.regions, tags=sent.tags)
    _check(said)
    with unit_of_work() as work:
        found = _require(work.connection, story)
        if found.state is StoryState.KILLED:
            raise Conflict(f"{KILLED_FOR_GOOD[0].upper()}{KILLED_FOR_GOOD[1:]}.")
        queries.write_sorting(work.connection, story, said, key_name=key.name, now=work.now)
        if found.state:
            work.follows([Follow(stage=Stage.REFILE, item=found.item, revision=found.revision)], lane=Lane.EXPRESS)
        answer = _answer(story, _require(work.connection, story))
    _log.info("story.sorted", story=story, sections=answer.sections, regions=answer.regions, key=key.name)
    return answer


def _check(said: Sorting) -> None:
    """Raises InvalidRequest for names that the wire does not have, and where nothing is said."""
    if said == Sorting():
        raise InvalidRequest("Say something of its sections, regions or tags.")
    errors = tuple(
        FieldError.at(f"{kind}.{place}", f"{name!r} is none of the wire's: {', '.join(known)}")
        for kind, names, known in (("sections", said.sections, wire().sections), ("regions", said.regions, wire().regions))
        for place, name in enumerate(names or ())
        if name not in known
    )
    if errors:
        raise InvalidRequest("A name is not known.", errors=errors)


def _require(connection: Connection, story: str) -> SortedStory:
    found = queries.find_story(connection, story)
    if found is None:
        raise NotFound(f"There is no story {story[:80]!r}.")
    return found


def _answer(story: str, found: SortedStory) -> StoryAbout:
    return StoryAbout(
        story=story,
        language=found.language,
        regions=found.regions,
        sections=found.sections,
        tags=found.tags,
        found=found.findings,
        sorted_by=found.sorted_by or None,
        sorted_at=found.sorted_at,
    )
