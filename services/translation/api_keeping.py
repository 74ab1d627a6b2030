"""What every way in of a person's translation does: which story and revision is meant, and keeping what was sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends
from sqlalchemy import Connection

from services.translation import store, store_memory
from services.translation.store import Translatable, Translation
from shared.contracts.problem import Conflict, FieldError, Gone, InvalidRequest, NotFound
from shared.contracts.story import StoryState
from shared.contracts.work import Follow
from shared.pipeline import Stage
from shared.queue.unit_of_work import UnitOfWork
from shared.web.keys import Key, Right, Role
from shared.web.problems import must_be_edition, needs

#: whoever may write an edition's own text
Translator = Annotated[Key, Depends(needs(Role.NEWSROOM, Right.TRANSLATE))]


def translatable(connection: Connection, story: str, edition: str) -> Translatable:
    """The story, if the edition may have a text of it. Raises Refused (404, 409, 410)."""
    must_be_edition(edition)
    found = store.find_translatable(connection, story)
    if found is None:
        raise NotFound(f"There is no story {story[:80]!r}.")
    if found.state is StoryState.KILLED:
        raise Gone(f"The story {story} was killed; no text of it is taken any more.")
    if edition == found.edition:
        raise Conflict(
            f"The story was written for the edition {edition!r}: push a new version of it instead.",
        )
    return found


def revision_of(found: Translatable, asked: int | None) -> int:
    """The revision that a translation is of. Raises Refused (422) for one that is not there yet."""
    revision = asked or found.newest_revision
    if revision > found.newest_revision:
        raise InvalidRequest(
            f"The story is at revision {found.newest_revision}.",
            errors=(FieldError.at("revision", f"at most {found.newest_revision}"),),
        )
    return revision


def keep(
    work: UnitOfWork,
    translation: Translation,
    found: Translatable,
    learnt: Mapping[str, str],
) -> None:
    """Keep a person's text and what it teaches, and have it shown if it is for readers."""
    store.write_translation(work.connection, translation, work.now)
    if not translation.is_ready:
        return
    store_memory.remember(
        work.connection,
        learnt,
        language=found.language,
        edition=translation.edition,
        method="human",
        translator=translation.reviewed_by or translation.translator,
        story=translation.story,
        now=work.now,
    )
    follow = Follow(stage=Stage.RENDER, item=found.item, revision=translation.revision, edition=translation.edition)
    if store.waits_for_text(found.state, found.doubt):  # and is public with this one
        follow = Follow(stage=Stage.OPEN, item=found.item, revision=translation.revision)
    work.follows([follow])
