"""HTTP of what the wire has learnt: the versions, and which is used."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from services.enrichment.training import queries
from services.enrichment.training.queries import Report
from shared import log
from shared.archive.database import engine
from shared.contracts.problem import NotFound
from shared.web.keys import Key, Right, Role
from shared.web.problems import needs

router = APIRouter()
_log = log.get("enrichment")

Reader = Annotated[Key, Depends(needs(Role.NEWSROOM))]
Admin = Annotated[Key, Depends(needs(Role.NEWSROOM, Right.ADMIN))]


class ModelRow(BaseModel):
    """One try to learn."""

    version: int
    made_at: datetime
    used: bool
    usable: bool = Field(description="of old ones, and where there was too little to learn from, there is a report alone")
    report: Report


class Models(BaseModel):
    """What the wire has learnt, the newest first."""

    models: list[ModelRow]


class ChosenModel(BaseModel):
    """Which version is to be used."""

    model_config = ConfigDict(extra="forbid")

    version: int | None = Field(
        ge=1, le=2**31 - 1, description="null: nothing that was learnt, but what the wire's file says alone"
    )


@router.get("/v1/models")
def list_models(_: Reader) -> Models:
    """What the wire has learnt of its sections, with how well each version did when it was made."""
    return _list()


@router.put("/v1/models/used")
def use_model(chosen: ChosenModel, key: Admin) -> Models:
    """Use another version from now on, for what comes; what was sorted stays."""
    with engine().begin() as connection:
        queries.lock(connection)
        if not queries.use_model(connection, chosen.version):
            raise NotFound(f"There is no version {chosen.version} that could be used.")
    _log.info("model.chosen", version=chosen.version, key=key.name)
    return _list()


def _list() -> Models:
    with engine().connect() as connection:
        rows = queries.list_models(connection)
    return Models(
        models=[
            ModelRow(version=row.version, made_at=row.made_at, used=row.is_used, usable=row.can_be_used, report=row.report)
            for row in rows
        ]
    )
