"""The ledger: work recorded with its cause, taken once, marked with its result. The truth; the queue is only a bell.

The life of a piece of work:

    It is recorded in the transaction that causes it, and a bell is rung after that commit. A worker that hears the bell
    takes what is due of its stage, up to a chunk, express first. A bell names no work, so any bell serves any work, one too
    many costs one look, and one too few is made good by the pulse. Taking commits at once: the
    attempt is counted and the row is held for a moment. Then, in ONE transaction, the worker locks the rows, does the
    work, marks it, and records what follows; if it dies anywhere in there, Postgres forgets all of it and the rows are
    due again when the hold ends. If one of a chunk breaks the transaction, each is done again alone, so only the bad one
    fails. A failed one waits longer each time and is dead after its stage's number of attempts, with the error kept.
    One that was begun before and is not done (it failed, or its worker died) is taken alone. One that held its worker beyond
    the stage's deadline when it was alone is stuck (`stuck.py`): dead after the third time, and until then only one of
    these is in anybody's hands, so that the other workers go on however many there are.

    A lost bell costs nothing: the pulse rings for everything that is due and not held.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from time import perf_counter

from sqlalchemy import Connection, Engine, text

from shared import log, metrics
from shared.archive.locks import Lock
from shared.clock import utc_now
from shared.contracts.work import Dead, Done, Failed, Follow, Later, Outcome, Work
from shared.language.characters import clean
from shared.pipeline import Lane, Stage, StageSpec, queue_name, spec_of
from shared.queue.bells import Bells

#: how long taken work is held before its worker must have locked it; a worker that dies delays it by this much
HOLD = timedelta(seconds=2)

_log = log.get("ledger")

#: what a service's worker module offers for each of its stages; one outcome for each piece of work, in any order
Handler = Callable[[Connection, Sequence[Work], datetime], Mapping[int, Outcome]]


@dataclass(frozen=True)
class InTwoSteps:
    """A handler of a stage that asks other machines: first it gets ready what it can while no transaction is open, then it
    writes that down. The first step is done well within the stage's `hold`, or prolongs it (`shared/queue/holding.py`).
    """

    prepare: Callable[[Sequence[Work]], Handler]

    def __call__(self, connection: Connection, chunk: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
        """Both steps at once, for who has no reason to part them."""
        return self.prepare(chunk)(connection, chunk, now)


# ── Recording ────────────────────────────────────────────────────────────────────────────────────────────────────


def record(connection: Connection, follows: Sequence[Follow], *, lane: Lane, now: datetime) -> Bells:
    """Record work in the transaction of its cause. Returns the bells of what is due now, to be rung after the commit.

    Asking again for work that was done makes it due again. Keys are taken in order, so that two that record the same
    work never wait for each other in a circle. Outside the ledger `unit_of_work` calls this, and rings.
    """
    bells = Bells()
    if not follows:
        return bells
    newest_by_key = {(f.stage, str(f.item), f.revision, f.edition): f for f in follows}
    rows = [newest_by_key[key] for key in sorted(newest_by_key)]
    recorded = connection.execute(
        _RECORD,
        {
            "stage": [f.stage.value for f in rows],
            "lane": [(f.lane or lane).number for f in rows],
            "item": [f.item for f in rows],
            "revision": [f.revision for f in rows],
            "edition": [f.edition for f in rows],
            "due_at": [f.due_at or now for f in rows],
            "now": now,
        },
    )
    for row in recorded:
        if row.due_at <= now:
            bells[Stage(row.stage), Lane.of_number(row.lane)] += 1
    return bells


_RECORD = text("""
    INSERT INTO work (stage, lane, item, revision, edition, due_at, asked_at)
    SELECT *, CAST(:now AS timestamptz) FROM unnest(
        CAST(:stage AS varchar[]), CAST(:lane AS smallint[]), CAST(:item AS uuid[]), CAST(:revision AS int[]),
        CAST(:edition AS varchar[]), CAST(:due_at AS timestamptz[]))
    ON CONFLICT ON CONSTRAINT work_key DO UPDATE
    SET state = 'due', lane = least(work.lane, excluded.lane), due_at = excluded.due_at, asked_at = excluded.asked_at,
        attempts = 0, stuck = 0, held_until = NULL, done_at = NULL, error = NULL
    RETURNING stage, lane, due_at
""")


# ── Taking and doing ─────────────────────────────────────────────────────────────────────────────────────────────


#: hears what a worker begins, before it does: a chunk, or one piece alone
Begins = Callable[[Sequence[Work]], None]


def do_chunk(
    engine: Engine,
    spec: StageSpec,
    lane: Lane,
    handler: Handler,
    ring: Callable[[Bells], None],
    *,
    begins: Begins = lambda _: None,
    worker: str = "",
) -> int:
    """Take a chunk of due work, do it, and ring for what follows. Returns how many pieces were done.

    Before a chunk of what was never begun, those are done that were and come first: each is taken by itself, so that one that
    sticks holds no other, and no more of them than a chunk has.
    """
    done_count, takes_stuck = 0, True
    for _ in range(spec.chunk):
        taken = _take(engine, spec, lane, worker, takes_stuck)
        if taken is None:
            break
        if not taken.works:
            continue
        started = perf_counter()
        with _the_only_stuck(engine, taken.works[0]) if taken.is_stuck else nullcontext(True) as is_only:
            if is_only:
                done_count += _do_together(engine, spec, taken.works, handler, ring, begins)
            else:
                takes_stuck = False
                _leave(engine, taken.works)
        metrics.observe("barq_stage_seconds", perf_counter() - started, stage=spec.stage.value)
        if not taken.is_alone:
            break
    return done_count


def _do_together(
    engine: Engine,
    spec: StageSpec,
    taken: Sequence[Work],
    handler: Handler,
    ring: Callable[[Bells], None],
    begins: Begins,
) -> int:
    begins(taken)
    bells = Bells()
    try:
        write = handler.prepare(taken) if isinstance(handler, InTwoSteps) else handler
        with engine.begin() as connection:
            done_count = _do(connection, spec, taken, write, bells)
    except Exception as broken:
        if _is_the_databases_own(broken):
            _put_back(engine, taken, broken)
            return 0
        if len(taken) > 1:
            _log.warning("chunk.broken", stage=spec.stage, size=len(taken), error=repr(broken))
            return sum(_do_together(engine, spec, [work], handler, ring, begins) for work in taken)
        with engine.begin() as connection:
            mine = _lock(connection, taken)
            _mark_failed(connection, spec, mine, {w.id: traceback.format_exc() for w in mine}, utc_now())
        return 0
    ring(bells)
    return done_count


#: SQLSTATEs of what no piece of work is to blame for: a full disk, no memory, no connection left; a crash or a shutdown;
#: somebody else's lock; two that got in each other's way; the system's own errors
_DATABASES_OWN = ("53", "57P", "55P03", "40", "58")


def _is_the_databases_own(broken: Exception) -> bool:
    state = getattr(getattr(broken, "orig", None), "sqlstate", None)
    return isinstance(state, str) and state.startswith(_DATABASES_OWN)


def _put_back(engine: Engine, taken: Sequence[Work], broken: Exception) -> None:
    """Let work be due again, without an attempt counted, as soon as it would have been had its worker died."""
    _log.warning("chunk.put_back", stage=taken[0].stage, size=len(taken), error=repr(broken))
    with engine.begin() as connection:
        connection.execute(_PUT_BACK, {"ids": [work.id for work in taken], "due_at": utc_now() + HOLD})


_PUT_BACK = text("""
    UPDATE work SET attempts = greatest(attempts - 1, 0), held_until = NULL, due_at = :due_at
    WHERE id = ANY(CAST(:ids AS bigint[])) AND state = 'due'
""")


def _do(connection: Connection, spec: StageSpec, taken: Sequence[Work], handler: Handler, bells: Bells) -> int:
    """Lock, work, mark and record what follows: the one transaction."""
    now = utc_now()
    mine = _lock(connection, taken)
    if not mine:
        return 0
    if spec.chunk_bytes is not None and len(mine) > 1:
        mine = _what_fits(connection, mine, spec.chunk_bytes, bells)
    outcomes = handler(connection, mine, now)
    done = [work for work in mine if isinstance(outcomes[work.id], Done)]
    _mark_done(connection, done, now)
    for lane in Lane:
        follows = [
            follow
            for work in done
            if work.lane is lane and isinstance(outcome := outcomes[work.id], Done)
            for follow in outcome.follows
        ]
        if strays := {follow.stage for follow in follows} - {spec.stage, *spec.then}:
            raise ValueError(f"{spec.stage} asked for {sorted(strays)}, which the pipeline does not let it")
        bells.update(record(connection, follows, lane=lane, now=now))
    failures = {work.id: o.error for work in mine if isinstance(o := outcomes[work.id], Failed)}
    _mark_failed(connection, spec, [work for work in mine if work.id in failures], failures, now)
    hopeless = {work.id: o.reason for work in mine if isinstance(o := outcomes[work.id], Dead)}
    _mark_failed(connection, spec, [work for work in mine if work.id in hopeless], hopeless, now, dead=True)
    for work in mine:
        if isinstance(outcome := outcomes[work.id], Later):
            connection.execute(_POSTPONE, {"id": work.id, "due_at": now + outcome.delay, "reason": outcome.reason})
    return len(done)


def _what_fits(connection: Connection, mine: list[Work], most_bytes: int, bells: Bells) -> list[Work]:
    """As many of a chunk as its texts let one do in time and memory, at least one; the rest is due as it was, and unbegun."""
    rows = connection.execute(_SIZES, {"items": [work.item for work in mine]}).all()
    size_of = {row.id: row.size for row in rows}
    sizes = accumulate(size_of.get(work.item, 0) for work in mine)
    count = max(1, sum(size <= most_bytes for size in sizes))
    if left := mine[count:]:
        connection.execute(_NOT_BEGUN, {"ids": [work.id for work in left]})
        bells.update((work.stage, work.lane) for work in left)
    return mine[:count]


# What an item asks for is done with its story's text, which may be another's.
_SIZES = text("""
    SELECT items.id, greatest(octet_length(CAST(items.content AS text)), octet_length(CAST(own.content AS text))) AS size
    FROM items LEFT JOIN stories ON stories.id = items.story LEFT JOIN items AS own ON own.id = stories.item
    WHERE items.id = ANY(CAST(:items AS uuid[]))
""")

_NOT_BEGUN = text("""
    UPDATE work SET attempts = greatest(attempts - 1, 0), held_until = NULL WHERE id = ANY(CAST(:ids AS bigint[]))
""")


@dataclass(frozen=True, kw_only=True)
class _Taken:
    """What was taken at once: a chunk, or one piece that was begun before and so is done alone."""

    works: Sequence[Work]  #: without those that died too often
    is_alone: bool
    is_stuck: bool  #: alone, it has held a worker beyond its deadline before


def _take(engine: Engine, spec: StageSpec, lane: Lane, worker: str, takes_stuck: bool) -> _Taken | None:
    """Count the attempt and hold the rows for a moment, in a commit of its own; what died too often is declared dead.

    The commit need not reach the disk: if it is lost with the machine, the work is simply due.
    """
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL synchronous_commit = off"))
        now = utc_now()
        parameters = {
            "stage": spec.stage.value,
            "lane": lane.number,
            "chunk": spec.chunk,
            "now": now,
            "held_until": now + (spec.hold or HOLD),
            "hold": spec.hold or HOLD,
            "nobody_came_back": now - _COMES_BACK_WITHIN,
            "worker": worker,
            "takes_stuck": takes_stuck,
        }
        rows = connection.execute(_TAKE, parameters).all()
        if not rows:
            return None
        taken = [_work(row) for row in sorted(rows, key=lambda row: (row.lane, row.id))]
        exhausted = [work for work in taken if spec.is_hopeless(work.attempts - 1)]
        errors = {w.id: f"the worker died {w.attempts - 1} times while it held this piece of work" for w in exhausted}
        _mark_failed(connection, spec, exhausted, errors, now, dead=True)
        return _Taken(
            works=[work for work in taken if not spec.is_hopeless(work.attempts - 1)],
            is_alone=taken[0].attempts > 1,
            is_stuck=rows[0].stuck > 0,
        )


#: whose worker died with it has its next try when that worker is back, or after this: one that kills whoever takes it must
#: never have a second worker while the first is still being started
_COMES_BACK_WITHIN = timedelta(seconds=10)

_WHOSE_WORKER_IS_BACK = """(
              attempts = 0 OR held_until IS NULL OR coalesce(held_by, '') IN ('', :worker) OR held_until <= :nobody_came_back
              OR EXISTS (SELECT FROM workers WHERE name = held_by AND started_at > held_until - :hold)
          )"""

# An express bell takes express work only, so that its chunk stays small; a regular one takes express work first.
# Whoever is first decides: what was begun before is taken alone.
_TAKE = text(f"""
    WITH first AS (
        SELECT attempts > 0 AS is_alone FROM work
        WHERE stage = :stage AND state = 'due' AND lane <= :lane AND due_at <= :now
          AND (held_until IS NULL OR held_until <= :now)
          AND {_WHOSE_WORKER_IS_BACK}
          AND (:takes_stuck OR stuck = 0)
          AND NOT EXISTS (SELECT FROM pauses WHERE pauses.stage = :stage)
        ORDER BY lane, due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
    ), chosen AS (
        SELECT id FROM work
        WHERE stage = :stage AND state = 'due' AND lane <= :lane AND due_at <= :now
          AND (held_until IS NULL OR held_until <= :now)
          AND {_WHOSE_WORKER_IS_BACK}
          AND (:takes_stuck OR stuck = 0)
          AND (attempts > 0) = (SELECT is_alone FROM first)
        ORDER BY lane, due_at, id
        LIMIT CASE WHEN (SELECT is_alone FROM first) THEN 1 ELSE CAST(:chunk AS int) END FOR UPDATE SKIP LOCKED
    )
    UPDATE work SET attempts = least(attempts + 1, 30000), held_until = :held_until, held_by = :worker
    FROM chosen WHERE work.id = chosen.id
    RETURNING work.id, work.stage, work.lane, work.item, work.revision, work.edition, work.attempts, work.stuck,
        work.asked_at, work.due_at
""")


def taken_at(stage: Stage, held_until: datetime) -> datetime:
    """When work was taken that is held until then."""
    return held_until - (spec_of(stage).hold or HOLD)


@contextmanager
def _the_only_stuck(engine: Engine, work: Work) -> Iterator[bool]:
    """Is nobody else at one that is stuck, of this stage and lane? Known until the end of the block, or of this process."""
    lock = {"queue": queue_name(work.stage, work.lane), "number": Lock.STUCK}
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        is_only = connection.execute(text("SELECT pg_try_advisory_lock(hashtextextended(:queue, :number))"), lock).scalar_one()
        try:
            yield is_only
        finally:
            if is_only:
                connection.execute(text("SELECT pg_advisory_unlock(hashtextextended(:queue, :number))"), lock)


def _leave(engine: Engine, stuck: Sequence[Work]) -> None:
    """Let one that is stuck be due again after a moment, without an attempt counted."""
    with engine.begin() as connection:
        connection.execute(_LEAVE, {"ids": [work.id for work in stuck], "until": utc_now() + _LEFT_FOR})


#: one that is stuck, while another of them is in hand, is looked at again after this
_LEFT_FOR = timedelta(seconds=1)

_LEAVE = text("""
    UPDATE work SET attempts = attempts - 1, held_until = :until, held_by = NULL
    WHERE id = ANY(CAST(:ids AS bigint[])) AND state = 'due'
""")


def _work(row: object) -> Work:
    return Work(
        id=row.id,  # type: ignore[attr-defined]
        stage=Stage(row.stage),  # type: ignore[attr-defined]
        lane=Lane.of_number(row.lane),  # type: ignore[attr-defined]
        item=row.item,  # type: ignore[attr-defined]
        revision=row.revision,  # type: ignore[attr-defined]
        edition=row.edition,  # type: ignore[attr-defined]
        attempts=row.attempts,  # type: ignore[attr-defined]
        asked_at=row.asked_at,  # type: ignore[attr-defined]
        due_at=row.due_at,  # type: ignore[attr-defined]
    )


def _lock(connection: Connection, taken: Sequence[Work]) -> list[Work]:
    """Of what was taken, what is still this worker's: nobody has asked for it again, taken it or done it since."""
    rows = connection.execute(_LOCK, {"ids": [work.id for work in taken]})
    still = {(row.id, row.attempts, row.asked_at) for row in rows}
    return [work for work in taken if (work.id, work.attempts, work.asked_at) in still]


# Waits where another worker, looking for work, has a lock for a moment. Keys in the order of `record`: no circles.
_LOCK = text("""
    SELECT id, attempts, asked_at FROM work WHERE id = ANY(CAST(:ids AS bigint[])) AND state = 'due'
    ORDER BY item, revision, edition FOR UPDATE
""")


def _mark_done(connection: Connection, done: Sequence[Work], now: datetime) -> None:
    if done:
        connection.execute(_MARK_DONE, {"ids": [work.id for work in done], "now": now})


_MARK_DONE = text("""
    UPDATE work SET state = 'done', done_at = :now, held_until = NULL, error = NULL
    WHERE id = ANY(CAST(:ids AS bigint[]))
""")


def _mark_failed(
    connection: Connection,
    spec: StageSpec,
    failed: Sequence[Work],
    errors: Mapping[int, str],
    now: datetime,
    *,
    dead: bool = False,
) -> None:
    for work in failed:
        is_dead = dead or spec.is_hopeless(work.attempts)
        connection.execute(
            _MARK_FAILED,
            {
                "id": work.id,
                "state": "dead" if is_dead else "due",
                "due_at": now + spec.retry_in(work.attempts),
                "done_at": now if is_dead else None,
                "error": clean(errors[work.id]),
            },
        )
        _log.error(
            "work.dead" if is_dead else "work.failed",
            stage=spec.stage,
            item=str(work.item),
            revision=work.revision,
            edition=work.edition,
            attempts=work.attempts,
            error=errors[work.id].strip().rsplit("\n", 1)[-1],
        )


_MARK_FAILED = text("""
    UPDATE work SET state = :state, due_at = :due_at, held_until = NULL, error = :error,
        done_at = :done_at
    WHERE id = :id
""")

_POSTPONE = text("""
    UPDATE work SET due_at = :due_at, held_until = NULL, attempts = attempts - 1, error = :reason WHERE id = :id
""")
