"""The stage that polls sources: each is polled, what is there is taken in, and it is due again. The ledger is its clock."""

from __future__ import annotations

import atexit
import os
import random
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from services.ingest.connectors.connector import PollContext
from services.ingest.sources import own_process, polling, queries
from services.ingest.sources.outcome import source_after
from services.ingest.sources.running import TO_WRITE_DOWN, RunningPoll, RunningPolls, wait_for
from services.ingest.sources.schedule import next_poll_in
from services.ingest.sources.source import Source, secret_variable
from shared import log, metrics
from shared.archive.database import engine
from shared.clock import utc_now
from shared.contracts.work import Done, Later, Outcome, Work
from shared.queue import holding
from shared.queue.ledger import Handler
from shared.settings import settings

#: polls that have not ended by then are left to their threads: most end sooner, and no other source waits for the rest
_PATIENCE_S = 0.25
#: a source for which there is no place is asked for again
_NO_PLACE = timedelta(seconds=1)
_UNDER_WAY = "is being looked at"

_log = log.get("ingest")
_chance = random.SystemRandom()
running_polls = RunningPolls()


def poll(chunk: Sequence[Work]) -> Handler:
    """Poll each source, side by side and in no transaction; then write down what has ended by now."""
    with engine().begin() as connection:
        sources = {work.id: _find_source(connection, work) for work in chunk}
        beside = [source.id for source in sources.values() if source and _is_begun_beside_others(source)]
        queries.record_begun(connection, beside, utc_now())
    begun: dict[int, RunningPoll | Outcome] = {}
    for work in chunk:
        source = sources[work.id]
        # one that was removed is done for good; so is one that is gone, until somebody says so
        begun[work.id] = _begin(source, work) if source and not source.gone_at else Done()
    wait_for((one for one in begun.values() if isinstance(one, RunningPoll)), _PATIENCE_S)

    def write(connection: Connection, mine: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
        outcomes = {}
        for work in chunk:
            outcome = begun[work.id]
            if isinstance(outcome, RunningPoll):
                is_held = any(work.id == other.id for other in mine)
                outcome = _record(connection, outcome, now) if is_held and outcome.is_mine() else _leave_running(outcome)
            outcomes[work.id] = outcome
        return {work.id: outcomes[work.id] for work in mine}

    return write


def _find_source(connection: Connection, work: Work) -> Source | None:
    """A source; marked, if the poll before ended the process that was at it."""
    source = queries.find_source(connection, id_=work.item)
    if source is None or source.looking_since is None or running_polls.find(source.id):
        return source
    marked = source.having_ended_its_process(utc_now())
    queries.record_poll(connection, source, marked, new_items=0, now=utc_now())
    _log.error("source.ended_its_process", source=source.name, error=marked.error)
    return marked


def _is_begun_beside_others(source: Source) -> bool:
    return not source.gone_at and not source.alone_since and not running_polls.find(source.id)


def _begin(source: Source, work: Work) -> RunningPoll | Outcome:
    if running := running_polls.find(source.id):
        if running.mark_endless():
            _record_endless(source)
        # asked for in the middle of a poll: what came meanwhile is not missed
        return Later(_NO_PLACE, "waits for the end of the look before")
    how = own_process.poll if source.alone_since else polling.poll
    if begun := running_polls.begin(build_context(source), work, how, _record_later):
        return begun
    with engine().begin() as connection:
        queries.record_left(connection, [source.id])
    return Later(_NO_PLACE, "waits for a place: many sources are slow")


def build_context(source: Source) -> PollContext:
    """What a poll that begins now is given."""
    return PollContext(
        source=source,
        memory=dict(source.memory),
        secret=os.environ.get(secret_variable(source.name), ""),
        now=utc_now(),
        timeout_s=settings().source_timeout_s,
        max_bytes=settings().max_body_bytes,
        drop_folder=settings().drop_folder or settings().home / "drop",
    )


def _leave() -> None:
    """This process is to end: the polls that it leaves amid are no fault of their sources."""
    if left := running_polls.underway():
        with suppress(SQLAlchemyError), engine().begin() as connection:
            queries.record_left(connection, left)


atexit.register(_leave)


def _leave_running(poll: RunningPoll) -> Later:
    poll.is_mine()  # whoever has it now, it is not written down here
    return Later(timedelta(seconds=poll.context.timeout_s) + TO_WRITE_DOWN, _UNDER_WAY)


def _record_later(poll: RunningPoll) -> None:
    """In the poll's own thread, long after its work was put off."""
    now = utc_now()
    with engine().begin() as connection:
        outcome = _record(connection, poll, now)
        # of one that is gone the next take finds that it is
        wait = outcome.delay if isinstance(outcome, Later) else timedelta()
        holding.postpone(connection, poll.work, was=_UNDER_WAY, due_at=now + wait, reason="looks again")


def _record(connection: Connection, poll: RunningPoll, now: datetime) -> Outcome:
    context, result = poll.context, poll.result
    before, source = context.source, source_after(context, result, now)
    queries.record_poll(connection, before, source, new_items=result.new_items, now=now)
    metrics.count("barq_source_looks_total", source=source.name, outcome="failed" if result.fault else "looked")
    if source.gone_at:
        _log.error("source.gone", source=source.name, error=source.error)
        return Done()
    if result.fault:
        _log.warning("source.failed", source=source.name, failures=source.failures, error=result.fault)
    if source.url != before.url:
        _log.warning("source.moved", source=source.name, was=before.url, now=source.url)
    wait = next_poll_in(source, failures=source.failures, asked_to_wait=context.asked_to_wait, chance=_chance)
    return Later(wait, (source.error if result.is_ended else result.fault) or "looks again")


def _record_endless(source: Source) -> None:
    """A poll that nothing ends is reported once, as a failure; the others go on beside it."""
    error = "the look that is under way does not end: restart the ingest worker, and tell who looks after the wire"
    with engine().begin() as connection:
        ill = replace(source, failures=source.failures + 1, error=error)
        queries.record_poll(connection, source, ill, new_items=0, now=utc_now())
