"""One transaction and the work that it causes: it commits, then workers are woken; on an exception neither happens.

    with unit_of_work() as work:
        row = queries.decide(work.connection, comment, state, work.now)
        work.follows([Follow(stage=Stage.RENDER, item=row.item, revision=row.revision)])

A bell that rings before its commit finds nothing; one that is forgotten costs half a second, and no test would notice. So
whoever records work outside the ledger does it here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Engine

from shared.archive.database import engine
from shared.clock import utc_now
from shared.contracts.work import Follow
from shared.pipeline import Lane
from shared.queue import broker, ledger, operations
from shared.queue.bells import Bells


@dataclass(frozen=True, kw_only=True)
class UnitOfWork:
    """What a writer has in its hands: a connection within the transaction, and the moment at which all of it happens."""

    connection: Connection
    now: datetime
    _bells: Bells = field(default_factory=Bells)

    def follows(self, follows: Sequence[Follow], *, lane: Lane = Lane.REGULAR) -> None:
        """Record work that follows from this transaction, in `lane` where it names none itself."""
        self._bells.update(ledger.record(self.connection, follows, lane=lane, now=self.now))

    def replay(self, work_ids: Sequence[int]) -> int:
        """Make dead work due again, from its first attempt. Returns how many pieces there were."""
        bells = operations.replay(self.connection, work_ids, self.now)
        self._bells.update(bells)
        return bells.total()


@contextmanager
def unit_of_work(database: Engine | None = None) -> Iterator[UnitOfWork]:
    """Begin a transaction, of this process's database if none is given; commit at the end of the block, and wake workers."""
    with (database or engine()).begin() as connection:
        work = UnitOfWork(connection=connection, now=utc_now())
        yield work
    broker.ring(work._bells)
