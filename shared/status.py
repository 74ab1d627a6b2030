"""The state of the wire in numbers: queues, workers, dead letters, editions. What `/ops`, `/metrics` and `barq status` show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection, Row, text

from shared.contracts.source import Health, health_of
from shared.pipeline import Lane, Stage, queue_name, queues, spec_of
from shared.queue.concerning import host_of, subjects
from shared.queue.ledger import taken_at
from shared.settings import settings
from shared.wire.config import Wire


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True)


class QueueRow(_Row):
    """One queue of the pipeline."""

    queue: str
    stage: Stage
    depth: int  #: work that is due
    oldest_s: float  #: how long the oldest of it has waited
    later: int  #: work whose time has not come: retries, embargoes
    workers: int
    paused: bool


class Doing(_Row):
    """What a worker has in hand."""

    stage: Stage
    pieces: int
    item: str  #: of the first of them
    since_s: float

    def words(self) -> str:
        """One line, for a screen."""
        others = f" and {self.pieces - 1} more" if self.pieces > 1 else ""
        return f"{self.stage} of {self.item}{others} for {self.since_s:.0f} s"


class WorkerRow(_Row):
    """One worker that was heard of within the last day."""

    name: str
    services: tuple[str, ...]
    lanes: tuple[str, ...]
    heard_s: float  #: seconds since its own last message came through
    alive: bool
    doing: Doing | None  #: what it has in hand

    def takes(self, stage: Stage, lane: Lane) -> bool:
        """Is this queue one of its own?"""
        return spec_of(stage).service in self.services and lane in self.lanes


class DeadRow(_Row):
    """One dead letter."""

    id: int
    stage: Stage
    item: str
    revision: int
    edition: str
    attempts: int
    died_at: datetime
    error: str
    about: str  #: the headline of its item, or what it is that is no item
    is_item: bool  #: has it a timeline?


class FailingRow(_Row):
    """Somebody who is to be notified, and does not acknowledge."""

    name: str  #: of a webhook; of a subscriber, the feed
    key: str  #: whose; empty: the newsroom's own, or nobody's
    at: str  #: the host
    failures: int  #: in a row
    answered: str  #: the last answer
    again_at: datetime | None  #: None: disabled


class EditionRow(_Row):
    """One edition: its translated stories and those that wait."""

    edition: str
    engine: str  #: its name, or `people`
    stories: int
    waiting: int  #: published stories of other editions that have no text here
    silent: str  #: why engines do not answer; empty: they do, or nothing is asked of them


class SourceRow(_Row):
    """One source that is looked at."""

    name: str
    url: str
    looked_s: float | None  #: seconds since the last look
    quiet_s: float  #: seconds since it brought something new, or was added
    failures: int
    error: str
    is_quiet: bool
    health: Health

    @property
    def is_ill(self) -> bool:
        """Is something the matter that a person should mend?"""
        return self.health not in (Health.WELL, Health.QUIET)


class Census(_Row):
    """The whole wire at one moment."""

    taken_at: datetime
    queues: tuple[QueueRow, ...]
    workers: tuple[WorkerRow, ...]
    dead_count: dict[str, int]
    dead: tuple[DeadRow, ...]  #: the newest of them
    editions: tuple[EditionRow, ...]
    sources: tuple[SourceRow, ...]
    subscribers: dict[str, int]  #: of the hub: well, failing
    receivers: dict[str, int]  #: of webhooks: well, failing, disabled
    failing: tuple[FailingRow, ...]  #: the worst of both
    parked: int  #: notifications that a receiver refused
    heartbeat_s: float | None  #: seconds since the newest heartbeat came through publishing
    held: dict[str, int]  #: stories that the wire doubts and a person must look at, by doubt
    out_of_sight: dict[str, int]  #: items that the audit found, by fault
    items: int
    stories: int
    broker: bool  #: does it answer, and take what it is given?
    troubles: tuple[str, ...] = ()  #: of what the wire stands on and is in front of it, in words: disk, broker, caches

    def with_troubles(self, *, disk: str, broker: str) -> Census:
        """The same, with what is wrong beside the database, in words; what is well is empty."""
        beside = (trouble for trouble in (disk, broker) if trouble)
        return self.model_copy(update={"broker": not broker, "troubles": (*beside, *self.troubles)})


#: the largest number that a piece of work can have
_MAX_ID = 2**63 - 1


def take_census(connection: Connection, *, wire: Wire, broker_answers: bool, now: datetime, dead: int = 20) -> Census:
    """Count everything. `dead` bounds how many dead letters are shown in full."""
    workers = _workers(connection, now)
    return Census(
        taken_at=now,
        queues=_queues(connection, workers, now),
        workers=workers,
        dead_count=_counts(connection, "SELECT stage, count(*) FROM work WHERE state = 'dead' GROUP BY stage"),
        dead=tuple(dead_letters(connection, wire, dead)),
        editions=_editions(connection, wire),
        sources=_sources(connection, now),
        subscribers=_counts(
            connection,
            """
            SELECT CASE WHEN failures = 0 THEN 'well' ELSE 'failing' END, count(*) FROM subscriptions
            WHERE ended_at IS NULL AND lease_ends_at > now() GROUP BY 1
            """,
        ),
        receivers=_counts(
            connection,
            """
            SELECT CASE WHEN disabled_at IS NOT NULL THEN 'disabled' WHEN failures = 0 THEN 'well' ELSE 'failing' END, count(*)
            FROM receivers WHERE ended_at IS NULL GROUP BY 1
            """,
        ),
        failing=_failing(connection),
        parked=connection.execute(text("SELECT count(*) FROM deliveries WHERE state = 'parked'")).scalar_one(),
        heartbeat_s=_heartbeat_s(connection, now),
        held=_counts(connection, "SELECT coalesce(doubt, ''), count(*) FROM stories WHERE state = 'held' GROUP BY 1"),
        out_of_sight=_counts(connection, "SELECT fault, count(*) FROM out_of_sight GROUP BY 1"),
        items=connection.execute(text("SELECT count(*) FROM items")).scalar_one(),
        stories=connection.execute(text("SELECT count(*) FROM stories")).scalar_one(),
        broker=broker_answers,
        troubles=_caches_that_are_full(connection, wire),
    )


def _workers(connection: Connection, now: datetime) -> tuple[WorkerRow, ...]:
    rows = connection.execute(
        text("SELECT name, services, lanes, heard_at FROM workers WHERE heard_at > :since ORDER BY name"),
        {"since": now - timedelta(days=1)},
    )
    doing = _doing(connection, now)
    return tuple(
        WorkerRow(
            name=row.name,
            services=tuple(row.services),
            lanes=tuple(row.lanes),
            heard_s=max((now - row.heard_at).total_seconds(), 0.0),
            alive=(now - row.heard_at).total_seconds() <= settings().deaf_after_s,
            doing=doing.get(row.name),
        )
        for row in rows
    )


def _doing(connection: Connection, now: datetime) -> dict[str, Doing]:
    """By worker: what it took last and has not brought to an end. What it took before it was started anew is not in its hands."""
    rows = connection.execute(
        text("""
            SELECT DISTINCT ON (held_by) held_by, stage, held_until, count(*) AS pieces, min(CAST(item AS varchar)) AS item
            FROM work JOIN workers ON workers.name = held_by
            WHERE state = 'due' AND held_until > workers.started_at
            GROUP BY held_by, stage, held_until ORDER BY held_by, held_until DESC
        """)
    )
    return {
        row.held_by: Doing(
            stage=Stage(row.stage),
            pieces=row.pieces,
            item=row.item,
            since_s=max((now - taken_at(Stage(row.stage), row.held_until)).total_seconds(), 0.0),
        )
        for row in rows
    }


def _queues(connection: Connection, workers: tuple[WorkerRow, ...], now: datetime) -> tuple[QueueRow, ...]:
    counted = {
        (row.stage, row.lane): row
        for row in connection.execute(
            text("""
                SELECT stage, lane, count(*) FILTER (WHERE due_at <= :now) AS depth,
                       count(*) FILTER (WHERE due_at > :now) AS later,
                       min(due_at) FILTER (WHERE due_at <= :now) AS oldest_at
                FROM work WHERE state = 'due' GROUP BY stage, lane
            """),
            {"now": now},
        )
    }
    paused = set(connection.execute(text("SELECT stage FROM pauses")).scalars())
    rows = []
    for stage, lane in queues():
        row = counted.get((stage.value, lane.number))
        rows.append(
            QueueRow(
                queue=queue_name(stage, lane),
                stage=stage,
                depth=row.depth if row else 0,
                oldest_s=max((now - row.oldest_at).total_seconds(), 0.0) if row and row.oldest_at else 0.0,
                later=row.later if row else 0,
                workers=sum(1 for worker in workers if worker.alive and worker.takes(stage, lane)),
                paused=stage.value in paused,
            )
        )
    return tuple(rows)


def dead_letters(connection: Connection, wire: Wire, most: int, stage: Stage | None = None) -> list[DeadRow]:
    """Dead letters with their full error and what they are about, the newest first."""
    rows = connection.execute(
        text("""
            SELECT id, stage, item, revision, edition, attempts, done_at, error FROM work
            WHERE state = 'dead' AND (CAST(:stage AS varchar) IS NULL OR stage = :stage)
            ORDER BY done_at DESC LIMIT :most
        """),
        {"most": most, "stage": stage and stage.value},
    ).all()
    return _dead_rows(connection, wire, rows)


def dead_letter(connection: Connection, wire: Wire, work_id: int) -> DeadRow | None:
    """One of them; None if this work is not dead, or not there."""
    if not 0 < work_id <= _MAX_ID:
        return None
    rows = connection.execute(
        text("""
            SELECT id, stage, item, revision, edition, attempts, done_at, error FROM work WHERE id = :id AND state = 'dead'
        """),
        {"id": work_id},
    ).all()
    return next(iter(_dead_rows(connection, wire, rows)), None)


def _dead_rows(connection: Connection, wire: Wire, rows: Sequence[Row[Any]]) -> list[DeadRow]:
    known = subjects(connection, wire, {row.item for row in rows})
    return [
        DeadRow(
            about=known[row.item].said if row.item in known else "what is not there any more",
            is_item=row.item in known and known[row.item].is_item,
            id=row.id,
            stage=Stage(row.stage),
            item=str(row.item),
            revision=row.revision,
            edition=row.edition,
            attempts=row.attempts,
            died_at=row.done_at,
            error=row.error or "",
        )
        for row in rows
    ]


def _editions(connection: Connection, wire: Wire) -> tuple[EditionRow, ...]:
    entries = _counts(connection, "SELECT edition, count(*) FROM entries WHERE format = 'rss' GROUP BY edition")
    waiting = _counts(
        connection,
        """
        SELECT tag, count(*) FROM stories CROSS JOIN unnest(CAST(:tags AS varchar[])) AS tag
        WHERE state = 'published' AND tag IS DISTINCT FROM stories.edition
          AND NOT EXISTS (SELECT FROM entries WHERE entries.story = stories.id AND entries.edition = tag
                          AND format = 'rss' AND NOT is_notice)
        GROUP BY tag
        """,
        tags=list(wire.editions),
    )
    # a story that waits for an engine says why; what a gate held is at the translators' desk
    silent = {
        row.edition: row.error
        for row in connection.execute(
            text("""
                SELECT DISTINCT ON (edition) edition, error FROM work
                WHERE stage = 'translate' AND state = 'due' AND error IS NOT NULL AND error NOT LIKE 'did not pass%'
                ORDER BY edition, asked_at DESC
            """)
        )
    }
    return tuple(
        EditionRow(
            edition=tag,
            silent=silent.get(tag, ""),
            engine=", ".join(wire.engines[name].title for name in edition.engines) or "people",
            stories=entries.get(tag, 0),
            waiting=waiting.get(tag, 0),
        )
        for tag, edition in wire.editions.items()
    )


def _sources(connection: Connection, now: datetime) -> tuple[SourceRow, ...]:
    rows = connection.execute(
        text("""
            SELECT name, url, looked_at, coalesce(brought_at, added_at) AS brought_at, quiet_after_s, failures, error, refusals,
                   gone_at, unsteady_at
            FROM sources ORDER BY failures = 0 AND refusals = 0 AND gone_at IS NULL, name
        """)
    )
    return tuple(_source(row, now) for row in rows)


def _source(row: Row[tuple[Any, ...]], now: datetime) -> SourceRow:
    quiet_s = (now - row.brought_at).total_seconds()
    is_quiet = quiet_s > row.quiet_after_s
    return SourceRow(
        name=row.name,
        url=row.url,
        looked_s=(now - row.looked_at).total_seconds() if row.looked_at else None,
        quiet_s=quiet_s,
        failures=row.failures,
        error=row.error or "",
        is_quiet=is_quiet,
        health=health_of(
            gone_at=row.gone_at,
            failures=row.failures,
            refusals=row.refusals,
            unsteady_at=row.unsteady_at,
            is_quiet=is_quiet,
            now=now,
        ),
    )


def _heartbeat_s(connection: Connection, now: datetime) -> float | None:
    """The age of the newest heartbeat that publishing has seen: the whole way in, proved by an item of our own."""
    made_at = connection.execute(text("SELECT max(updated_at) FROM stories WHERE uri LIKE 'urn:barq:heartbeat:%'")).scalar_one()
    return (now - made_at).total_seconds() if made_at else None


def _failing(connection: Connection) -> tuple[FailingRow, ...]:
    """Receivers and subscribers that do not acknowledge, those who have failed most often first."""
    rows = connection.execute(
        text("""
            SELECT name, key, url, failures, error, CASE WHEN disabled_at IS NULL THEN due_at END AS again_at FROM receivers
            WHERE ended_at IS NULL AND (failures > 0 OR disabled_at IS NOT NULL)
            UNION ALL
            SELECT edition || '/' || feed || '.' || format, key, callback, failures, error, due_at FROM subscriptions
            WHERE ended_at IS NULL AND lease_ends_at > now() AND failures > 0
            ORDER BY failures DESC, name LIMIT :most
        """),
        {"most": _MOST_FAILING},
    )
    return tuple(
        FailingRow(
            name=row.name,
            key=row.key,
            at=host_of(row.url),
            failures=row.failures,
            answered=(row.error or "")[:200],
            again_at=row.again_at,
        )
        for row in rows
    )


#: so many of them are named
_MOST_FAILING = 20


def _caches_that_are_full(connection: Connection, wire: Wire) -> tuple[str, ...]:
    """Caches that were asked to empty themselves and have not: readers may be shown there what was taken back."""
    rows = connection.execute(
        text("""
            SELECT item, attempts, error FROM work WHERE stage = 'purge' AND state = 'due' AND attempts >= :many
            ORDER BY due_at LIMIT 10
        """),
        {"many": _MANY_PURGES},
    ).all()
    known = subjects(connection, wire, {row.item for row in rows})
    return tuple(
        f"{known[row.item].said} was asked {row.attempts} times to empty itself: {(row.error or '')[:200]}"
        for row in rows
        if row.item in known
    )


#: asked so often in vain, a cache is in trouble
_MANY_PURGES = 3


def _counts(connection: Connection, query: str, **parameters: object) -> dict[str, int]:
    """The rows of a query that counts by name."""
    return {row[0]: row[1] for row in connection.execute(text(query), parameters)}
