"""Translation's HTTP: a person's translation comes in by `PUT /v1/stories/{story}/editions/{edition}`."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, FastAPI
from pydantic import BaseModel, ConfigDict, Field, field_validator

from services.translation import store
from services.translation.engines import Text
from services.translation.store import Translation
from shared import broker, ledger, log
from shared.clock import utc_now
from shared.contracts.item import Line
from shared.contracts.item import Text as SafeText
from shared.contracts.problem import FieldError, ProblemType, Refused
from shared.contracts.story import StoryState
from shared.contracts.work import Follow
from shared.database import engine
from shared.http import answer_problems, needs, no_such_edition
from shared.keys import Key, Right, Role
from shared.ledger import Bells
from shared.markup import plain_text, safe_html
from shared.pipeline import Lane, Stage
from shared.wire import wire

app = FastAPI(title="Barq translation", docs_url=None, redoc_url=None)
answer_problems(app)

_log = log.get("translation")


class HumanTranslation(BaseModel):
    """What a translator sends."""

    model_config = ConfigDict(extra="forbid")

    headline: Line = Field(min_length=1, max_length=2000)
    body_html: str = Field(min_length=1)
    summary: SafeText = Field("", max_length=20_000)
    translator: Line = Field(min_length=1, max_length=200)
    revision: int | None = Field(
        None, ge=1, description="the story's revision that was translated; left out: the newest"
    )

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
def put_translation(
    story: str, edition: str, sent: HumanTranslation, key: Annotated[Key, Depends(needs(Role.NEWSROOM, Right.TRANSLATE))]
) -> Taken:
    """Keep a person's translation and have it rendered; it outranks the machine's."""
    if edition not in wire().editions:
        raise no_such_edition(edition)
    now = utc_now()
    bells = Bells()
    with engine().begin() as connection:
        target = store.find_target(connection, story)
        if target is None:
            raise Refused(ProblemType.NOT_FOUND, 404, "No such story", f"There is no story {story[:80]!r}.")
        if target.state is StoryState.KILLED:
            raise Refused(
                ProblemType.GONE, 410, "Killed", f"The story {story} was killed; no text of it is taken any more."
            )
        if edition == target.edition:
            raise Refused(
                ProblemType.INVALID_REQUEST,
                409,
                "The story's own edition",
                f"The story was written for the edition {edition!r}: push a new version of it instead.",
            )
        revision = sent.revision or target.newest_revision
        if revision > target.newest_revision:
            raise Refused(
                ProblemType.INVALID_REQUEST,
                422,
                "No such revision",
                f"The story is at revision {target.newest_revision}.",
                errors=(FieldError(at="revision", say=f"at most {target.newest_revision}"),),
            )
        store.write_translation(
            connection,
            Translation(
                story=story,
                edition=edition,
                revision=revision,
                method="human",
                translator=sent.translator,
                text=Text(headline=sent.headline, summary=sent.summary, body_html=sent.body_html),
            ),
            now,
        )
        follow = Follow(stage=Stage.RENDER, item=target.item, revision=revision, edition=edition)
        ledger.record(connection, [follow], lane=Lane.REGULAR, now=now, bells=bells)
    broker.ring(bells)
    _log.info("edition.translated", story=story, edition=edition, by=sent.translator, key=key.name)
    return Taken(story=story, edition=edition, revision=revision, translator=sent.translator)
