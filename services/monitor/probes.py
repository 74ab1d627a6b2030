"""What can be known of the wire within a moment, whatever hangs: each part is asked in a thread of its own, once at a time.

A thread that waits for a database that is frozen is left waiting; who asks again meanwhile waits with it and starts no other.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Generic, TypeVar

from redis import RedisError
from sqlalchemy.exc import SQLAlchemyError

from services.monitor import queries
from services.monitor.known import Known, Troubles
from shared import metrics
from shared.archive import disk
from shared.archive.database import engine
from shared.clock import utc_now
from shared.queue import broker
from shared.queue.broker_state import broker_trouble
from shared.settings import settings
from shared.status import Census, take_census
from shared.wire.config import wire

T = TypeVar("T")


class Probe(Generic[T]):
    """A question whose answer may never come."""

    def __init__(self, ask: Callable[[], T]) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._pending: Future[T] | None = None

    def begin(self) -> Future[T]:
        """Ask, or wait with those who have asked already."""
        with self._lock:
            if self._pending is None or self._pending.done():
                self._pending = Future()
                threading.Thread(target=self._answer, args=[self._pending], daemon=True).start()
            return self._pending

    def _answer(self, pending: Future[T]) -> None:
        try:
            pending.set_result(self._ask())
        except Exception as failed:
            pending.set_exception(failed)


@dataclass(frozen=True, kw_only=True)
class Readiness:
    """What whoever starts processes waits for."""

    troubles: Troubles
    unheard: tuple[str, ...]  #: queues that no worker hears; none while the database does not answer


async def probe_readiness(within_s: float) -> Readiness:
    """Ask what may be asked many times a second: no count of anything. Waits for no longer than `within_s`; never raises."""
    unheard, broker_says = _unheard.begin(), _broker.begin()
    await _wait([unheard, broker_says], within_s)
    trouble = _result(broker_says)
    troubles = Troubles(
        database=_database_trouble(unheard, "the look for workers"),
        broker=_BROKER_SILENT if trouble is None else trouble,
        disk=disk.trouble(),
    )
    return Readiness(troubles=troubles, unheard=() if troubles.database else unheard.result())


async def probe_everything(within_s: float) -> Known:
    """Ask for the census and all sums. Waits for no longer than `within_s`, and leaves out what has not come; never raises."""
    counted, summed = _census.begin(), _sums.begin()
    await _wait([counted, summed], within_s)
    trouble, sums = _result(summed) or (_BROKER_SILENT, {})
    troubles = Troubles(database=_database_trouble(counted, "the census"), broker=trouble, disk=disk.trouble())
    census = None if troubles.database else counted.result().with_troubles(disk=troubles.disk, broker=troubles.broker)
    return Known(census=census, sums=sums, troubles=troubles)


def read_census() -> Census:
    """The census now, for who waits until it is there. Raises SQLAlchemyError."""
    return _read_census().with_troubles(disk=disk.trouble(), broker=_read_broker_trouble())


# ── The questions ────────────────────────────────────────────────────────────────────────────────────────────────


def _read_broker_trouble() -> str:
    return broker_trouble(broker.client())


def _read_sums() -> tuple[str, dict[str, float]]:
    """What is wrong with the broker, and what it has summed up."""
    trouble = _read_broker_trouble()
    if trouble:  # one that hangs is waited for once, and does late what was sent to it meanwhile
        return trouble, {}
    try:
        metrics.flush(broker.client)
        return "", metrics.read_sums(broker.client())
    except (RedisError, OSError) as away:
        return f"{_BROKER_SILENT}: {away.__class__.__name__}", {}


def _read_census() -> Census:
    with engine().connect() as connection:
        return take_census(connection, wire=wire(), broker_answers=True, now=utc_now())


def _read_unheard() -> tuple[str, ...]:
    since = utc_now() - timedelta(seconds=settings().deaf_after_s)
    with engine().connect() as connection:
        return queries.find_unheard_queues(connection, since)


_BROKER_SILENT = "the broker does not answer"

_broker = Probe(_read_broker_trouble)
_sums = Probe(_read_sums)
_census = Probe(_read_census)
_unheard = Probe(_read_unheard)


# ── Their answers ────────────────────────────────────────────────────────────────────────────────────────────────


async def _wait(pending: Sequence[Future[Any]], within_s: float) -> None:
    waiting = [asyncio.wrap_future(future) for future in pending]
    await asyncio.wait(waiting, timeout=within_s)
    for future in waiting:  # neither cancelled, which would end it for all who wait, nor complained about
        future.add_done_callback(lambda done: done.cancelled() or done.exception())


def _result(pending: Future[T]) -> T | None:
    """None if it has not come, or failed."""
    return pending.result() if pending.done() and not pending.exception() else None


def _database_trouble(pending: Future[Any], question: str) -> str:
    """Empty if the answer has come and can be had: an answer that comes a moment later is of no use any more."""
    if not pending.done():
        return "the database does not answer"
    match pending.exception():
        case None:
            return ""
        case SQLAlchemyError() as failed:
            return f"the database does not answer: {failed.__class__.__name__}"
        case failed:
            return f"{question} fails: {failed.__class__.__name__}"
