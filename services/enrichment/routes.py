"""Enrichment's HTTP: what would be said of an item that nobody has sent yet."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI
from pydantic import BaseModel

import services.enrichment.sorting.routes as sorting
import services.enrichment.training.routes as training
from services.enrichment.about import about, warm_up
from services.enrichment.training.learner import UsedModel
from shared.archive.database import engine
from shared.contracts.finding import values_of
from shared.contracts.item import WireItem
from shared.web.keys import Key, Role
from shared.web.problems import answer_problems, needs
from shared.wire.config import ALL, wire
from shared.wire.matching import facts_of


@asynccontextmanager
async def _lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Warm up meanwhile, not with the first preview."""
    threading.Thread(target=warm_up, args=(wire(),), name="warm-up", daemon=True).start()
    yield


app = FastAPI(title="Barq enrichment", docs_url=None, redoc_url=None, lifespan=_lifespan)
answer_problems(app)
app.include_router(sorting.router)
app.include_router(training.router)


_used_model = UsedModel()


class AboutAnswer(BaseModel):
    """What an item is about, and the feeds that it would be in."""

    language: str
    edition: str | None
    countries: tuple[str, ...]
    regions: tuple[str, ...]
    sections: tuple[str, ...]
    tags: tuple[str, ...]
    labels: tuple[str, ...]
    feeds: tuple[str, ...]


@app.post("/v1/about")
def say_about(item: WireItem, _: Annotated[Key, Depends(needs(Role.NEWSROOM))]) -> AboutAnswer:
    """What enrichment would say of this item, and which feeds it would be in. Nothing is kept."""
    with engine().connect() as connection:
        learnt = _used_model.read(connection, wire())
    described = about(item, wire(), learnt=learnt)
    facts = facts_of(
        item,
        language=described.language,
        regions=values_of(described.regions),
        sections=values_of(described.sections),
        tags=described.tags,
        labels=values_of(described.labels),
        topics=wire().topics,
    )
    wanting = {ALL, *wire().feed_index.wanting(facts)}
    return AboutAnswer(
        language=described.language,
        edition=wire().edition_of(described.language),
        countries=values_of(described.countries),
        regions=values_of(described.regions),
        sections=values_of(described.sections),
        tags=described.tags,
        labels=values_of(described.labels),
        feeds=tuple(feed for feed in wire().feed_names() if feed in wanting),
    )
