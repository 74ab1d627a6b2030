"""Translation's stage: finds a story's text for an edition."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from services.translation import store
from services.translation.engines import EngineError, Text, engine_of
from services.translation.store import Source, Translation
from shared import log
from shared.contracts.story import StoryState
from shared.contracts.work import Done, Failed, Follow, Later, Outcome, Work
from shared.markup import plain_text, safe_html
from shared.pipeline import Stage
from shared.settings import settings
from shared.text import clean, clean_line
from shared.wire import wire

#: a chunk stops asking engines after this long and leaves the rest for the next, so that no transaction grows old
_LONGEST_S = 10.0

_log = log.get("translation")


def translate(connection: Connection, chunk: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
    """A person's text if there is one, else the engine's; without an engine the edition waits for people."""
    sources = store.read_sources(connection, [work.item for work in chunk])
    ends_s = time.monotonic() + _LONGEST_S
    outcomes: dict[int, Outcome] = {}
    for work in chunk:
        source = sources[work.item]
        if source.state is not StoryState.PUBLISHED:
            outcomes[work.id] = Done()
        elif store.is_translated(connection, source.story, work.edition, source.revision):
            outcomes[work.id] = _rendered_next(work)
        elif time.monotonic() > ends_s:
            outcomes[work.id] = Later(timedelta(0), "the engine is busy with others")
        else:
            outcomes[work.id] = _by_engine(connection, work, source, now)
    return outcomes


def _by_engine(connection: Connection, work: Work, source: Source, now: datetime) -> Outcome:
    engine = engine_of(
        wire().editions[work.edition],
        api_key=os.environ.get(f"BARQ_ENGINE_KEY_{work.edition.upper()}", ""),
        timeout_s=settings().engine_timeout_s,
    )
    if engine is None:
        return Done()
    try:
        answer = engine.translate(source.text, source=source.language.split("-")[0], target=work.edition.split("-")[0])
    except EngineError as silent:
        return Failed(str(silent))
    text = Text(
        headline=clean_line(answer.headline), summary=clean(answer.summary), body_html=safe_html(answer.body_html)
    )
    if not text.headline or not plain_text(text.body_html):
        return Failed(f"{engine.name} answered with an empty text")
    store.write_translation(
        connection,
        Translation(
            story=source.story,
            edition=work.edition,
            revision=source.revision,
            method="machine",
            translator=engine.name,
            text=text,
        ),
        now,
    )
    _log.info("edition.translated", story=source.story, edition=work.edition, by=engine.name)
    return _rendered_next(work)


def _rendered_next(work: Work) -> Done:
    return Done((Follow(stage=Stage.RENDER, item=work.item, revision=work.revision, edition=work.edition),))


HANDLERS = {Stage.TRANSLATE: translate}
