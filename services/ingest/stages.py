"""Ingest's stage: looks at a source, takes in what is there, and is due again. The ledger is its clock."""

from __future__ import annotations

import atexit
import os
import random
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from services.ingest import alone, store_sources
from services.ingest.looking import after, look
from services.ingest.side_by_side import Look, Looks, wait_for
from services.ingest.sources import Source, next_look_in, secret_name
from services.ingest.ways import Visit
from shared import log, metrics
from shared.archive.database import engine
from shared.clock import utc_now
from shared.contracts.work import Done, Later, Outcome, Work
from shared.pipeline import Stage
from shared.queue import holding
from shared.queue.ledger import Handler, InTwoSteps
from shared.settings import settings

#: looks that have not ended by then are left to their threads: most end sooner, and no other source waits for the rest
_PATIENCE_S = 0.25
#: a source for which there is no place is asked for again
_NO_PLACE = timedelta(seconds=1)
#: beyond its own limit, a look may take so long to be taken in and written down
_TO_WRITE_DOWN = timedelta(seconds=30)
_UNDER_WAY = "is being looked at"

_log = log.get("ingest")
_chance = random.SystemRandom()
looks = Looks()


def poll(chunk: Sequence[Work]) -> Handler:
    """Look at each source, side by side and in no transaction; then write down what has ended by now."""
    with engine().begin() as connection:
        sources = {work.id: _found(connection, work) for work in chunk}
        beside = [source.id for source in sources.values() if source and _is_begun_beside_others(source)]
        store_sources.note_begun(connection, beside, utc_now())
    begun: dict[int, Look | Outcome] = {}
    for work in chunk:
        source = sources[work.id]
        # one that was removed is done for good; so is one that is gone, until somebody says so
        begun[work.id] = _begin(source, work) if source and not source.gone_at else Done()
    wait_for((one for one in begun.values() if isinstance(one, Look)), _PATIENCE_S)

    def write(connection: Connection, mine: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
        outcomes = {}
        for work in chunk:
            outcome = begun[work.id]
            if isinstance(outcome, Look):
                is_held = any(work.id == other.id for other in mine)
                outcome = _written(connection, outcome, now) if is_held and outcome.is_mine() else _under_way(outcome)
            outcomes[work.id] = outcome
        return {work.id: outcomes[work.id] for work in mine}

    return write


def _found(connection: Connection, work: Work) -> Source | None:
    """A source; marked, if the look before ended the process that was at it."""
    source = store_sources.find_source(connection, id_=work.item)
    if source is None or source.looking_since is None or looks.running(source.id):
        return source
    marked = source.having_ended_its_process(utc_now())
    store_sources.note_look(connection, source, marked, new_items=0, now=utc_now())
    _log.error("source.ended_its_process", source=source.name, error=marked.error)
    return marked


def _is_begun_beside_others(source: Source) -> bool:
    return not source.gone_at and not source.alone_since and not looks.running(source.id)


def _begin(source: Source, work: Work) -> Look | Outcome:
    if running := looks.running(source.id):
        if time.monotonic() - running.began_s > running.visit.timeout_s + _TO_WRITE_DOWN.total_seconds():
            _note_endless(source)
        # asked for in the middle of a look: what came meanwhile is not missed
        return Later(_NO_PLACE, "waits for the end of the look before")
    how = alone.look if source.alone_since else look
    if begun := looks.begin(visit_of(source), work, how, _write_down):
        return begun
    with engine().begin() as connection:
        store_sources.note_left(connection, [source.id])
    return Later(_NO_PLACE, "waits for a place: many sources are slow")


def visit_of(source: Source) -> Visit:
    """A look at a source that begins now."""
    return Visit(
        source=source,
        memory=dict(source.memory),
        secret=os.environ.get(secret_name(source.name), ""),
        now=utc_now(),
        timeout_s=settings().source_timeout_s,
        most_bytes=settings().max_body_bytes,
        drop_folder=settings().drop_folder or settings().home / "drop",
    )


def _leave() -> None:
    """This process is told to end: the looks that it leaves amid are no fault of their sources."""
    if left := looks.underway():
        with suppress(SQLAlchemyError), engine().begin() as connection:
            store_sources.note_left(connection, left)


atexit.register(_leave)


def _under_way(look: Look) -> Later:
    look.is_mine()  # whoever has it now, it is not written down here
    return Later(timedelta(seconds=look.visit.timeout_s) + _TO_WRITE_DOWN, _UNDER_WAY)


def _write_down(look: Look) -> None:
    """In the look's own thread, long after its work was put off."""
    now = utc_now()
    with engine().begin() as connection:
        outcome = _written(connection, look, now)
        # of one that is gone the next take finds that it is
        wait = outcome.delay if isinstance(outcome, Later) else timedelta()
        holding.postpone(connection, look.work, was=_UNDER_WAY, due_at=now + wait, reason="looks again")


def _written(connection: Connection, look: Look, now: datetime) -> Outcome:
    visit, seen = look.visit, look.seen
    before, source = visit.source, after(visit, seen, now)
    store_sources.note_look(connection, before, source, new_items=seen.new_items, now=now)
    metrics.count("barq_source_looks_total", source=source.name, outcome="failed" if seen.fault else "looked")
    if source.gone_at:
        _log.error("source.gone", source=source.name, error=source.error)
        return Done()
    if seen.fault:
        _log.warning("source.failed", source=source.name, failures=source.failures, error=seen.fault)
    if source.url != before.url:
        _log.warning("source.moved", source=source.name, was=before.url, now=source.url)
    wait = next_look_in(source, failures=source.failures, asked_to_wait=visit.asked_to_wait, chance=_chance)
    return Later(wait, (source.error if seen.is_ended else seen.fault) or "looks again")


def _note_endless(source: Source) -> None:
    """A look that nothing ends is told of once for each time that it is asked for; the others go on beside it."""
    said = "the look that is under way does not end: restart the ingest worker, and tell who looks after the wire"
    with engine().begin() as connection:
        ill = replace(source, failures=source.failures + 1, error=said)
        store_sources.note_look(connection, source, ill, new_items=0, now=utc_now())


HANDLERS = {Stage.POLL: InTwoSteps(poll)}
