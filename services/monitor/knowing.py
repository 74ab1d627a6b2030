"""What can be known of the wire within a moment, whatever hangs: each part is asked in a thread of its own, once at a time.

A thread that waits for a database that is frozen is left waiting; who asks again meanwhile waits with it and starts no other.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Generic, TypeVar

from redis import RedisError
from sqlalchemy.exc import SQLAlchemyError

from shared import metrics
from shared.archive import disk
from shared.archive.database import engine
from shared.clock import utc_now
from shared.queue import broker
from shared.queue.broker_state import broker_trouble
from shared.status import Census, take_census
from shared.wire.config import wire

T = TypeVar("T")


class Part(Generic[T]):
    """Something that is asked, and may not answer."""

    def __init__(self, ask: Callable[[], T]) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._asked: Future[T] | None = None

    def begin(self) -> Future[T]:
        """Ask, or wait with those who have asked already."""
        with self._lock:
            if self._asked is None or self._asked.done():
                self._asked = Future()
                threading.Thread(target=self._answer, args=[self._asked], daemon=True).start()
            return self._asked

    def _answer(self, asked: Future[T]) -> None:
        try:
            asked.set_result(self._ask())
        except Exception as failed:
            asked.set_exception(failed)


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known: the census if the database answered, and what each part's trouble is."""

    census: Census | None
    sums: dict[str, float]
    database: str
    broker: str
    disk: str

    @property
    def troubles(self) -> list[str]:
        """All of them, in words."""
        return [trouble for trouble in (self.disk, self.database, self.broker) if trouble]


def _ask_broker() -> tuple[str, dict[str, float]]:
    trouble = broker_trouble(broker.client())
    if trouble:  # one that hangs is waited for once, and does late what it was told meanwhile
        return trouble, {}
    try:
        metrics.flush(broker.client)
        return "", metrics.read_sums(broker.client())
    except (RedisError, OSError) as away:
        return f"the broker does not answer: {away.__class__.__name__}", {}


def _ask_database() -> Census:
    with engine().connect() as connection:
        return take_census(connection, wire=wire(), broker_answers=True, now=utc_now())


_broker = Part(_ask_broker)
_database = Part(_ask_database)


async def look(within_s: float) -> Known:
    """Ask every part at once, and wait for no longer than `within_s`."""
    asked_broker, asked_database = _broker.begin(), _database.begin()
    waiting = [asyncio.wrap_future(asked) for asked in (asked_broker, asked_database)]
    await asyncio.wait(waiting, timeout=within_s)
    for future in waiting:  # neither cancelled, which would end it for all who wait, nor complained about
        future.add_done_callback(lambda done: done.cancelled() or done.exception())
    broker_says, sums = "the broker does not answer", dict[str, float]()
    if asked_broker.done() and not asked_broker.exception():
        broker_says, sums = asked_broker.result()
    database_says, census = "the database does not answer", None
    if asked_database.done():
        failed = asked_database.exception()
        if failed is None:
            database_says = ""
            census = asked_database.result().model_copy(update={"broker": not broker_says})
        elif isinstance(failed, SQLAlchemyError):
            database_says = f"the database does not answer: {failed.__class__.__name__}"
        else:
            database_says = f"the census fails: {failed.__class__.__name__}"
    known = Known(census=None, sums=sums, database=database_says, broker=broker_says, disk=disk.trouble())
    if census:
        census = census.model_copy(update={"troubles": (*known.troubles, *census.troubles)})
    return Known(census=census, sums=sums, database=database_says, broker=broker_says, disk=known.disk)
