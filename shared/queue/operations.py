"""What operators, the pulse and idle workers ask of the ledger: what waits, and to try, drop, pause or resume it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from shared.contracts.work import EVERY_ITEM, Follow
from shared.pipeline import STAGES, Lane, Stage
from shared.queue.bells import Bells
from shared.queue.ledger import record


@dataclass(frozen=True, kw_only=True)
class DueCount:
    """How much work of a queue is due and not in a worker's hands, counted up to a bound."""

    stage: Stage
    lane: Lane
    count: int


def due_and_unheld(connection: Connection, now: datetime, bound: int) -> list[DueCount]:
    """For every queue: how many pieces of work wait for a bell, counted up to `bound` each. Paused stages wait."""
    rows = connection.execute(_DUE_AND_UNHELD, {"stages": [stage.value for stage in Stage], "now": now, "bound": bound})
    return [DueCount(stage=Stage(row.stage), lane=Lane.of_number(row.lane), count=row.due) for row in rows]


_DUE_AND_UNHELD = text("""
    SELECT stage, lane, due FROM unnest(CAST(:stages AS varchar[])) AS stage CROSS JOIN (VALUES (0), (1)) AS lanes(lane)
    CROSS JOIN LATERAL (
        SELECT count(*) AS due FROM (
            SELECT FROM work WHERE work.stage = stage.stage AND work.lane = lanes.lane AND state = 'due'
              AND due_at <= :now AND (held_until IS NULL OR held_until <= :now) LIMIT :bound) AS bounded
    ) AS counted
    WHERE due > 0 AND NOT EXISTS (SELECT FROM pauses WHERE pauses.stage = stage.stage)
""")


def replay(connection: Connection, work_ids: Sequence[int], now: datetime) -> Bells:
    """Make dead work due again, from its first attempt. Ring the bells that it returns after the commit."""
    bells = Bells()
    rows = connection.execute(
        text("""
            UPDATE work SET state = 'due', attempts = 0, stuck = 0, due_at = :now, done_at = NULL
            WHERE id = ANY(CAST(:ids AS bigint[])) AND state = 'dead' RETURNING stage, lane
        """),
        {"ids": list(work_ids), "now": now},
    )
    for row in rows:
        bells[Stage(row.stage), Lane.of_number(row.lane)] += 1
    return bells


def discard(connection: Connection, work_ids: Sequence[int]) -> int:
    """Remove dead work for good. Returns how many pieces there were."""
    return connection.execute(
        text("DELETE FROM work WHERE id = ANY(CAST(:ids AS bigint[])) AND state = 'dead'"), {"ids": list(work_ids)}
    ).rowcount


def pause(connection: Connection, stage: Stage, now: datetime) -> None:
    """Let no worker take work of a stage until it is resumed; what comes meanwhile is kept."""
    connection.execute(
        text("INSERT INTO pauses (stage, since) VALUES (:stage, :now) ON CONFLICT DO NOTHING"),
        {"stage": stage.value, "now": now},
    )


def resume(connection: Connection, stage: Stage) -> None:
    """Let work of a stage go on; the next pulse rings for it."""
    connection.execute(text("DELETE FROM pauses WHERE stage = :stage"), {"stage": stage.value})


def ask_standing(connection: Connection, now: datetime) -> None:
    """See to it that the work is there of which there is always one piece; who does it says when it is due again."""
    follows = [Follow(stage=spec.stage, item=EVERY_ITEM, revision=0) for spec in STAGES if spec.stands]
    record(connection, follows, lane=Lane.REGULAR, now=now)


#: what stages were called before migration 0026: a worker of a version before it may still record these while an upgrade rolls
_FORMER_NAMES = {"sort": Stage.REFILE, "deliver": Stage.FAN_OUT, "notify": Stage.WEBHOOK, "push": Stage.WEBSUB}


def adopt_renamed(connection: Connection, now: datetime) -> None:
    """Record due work under its stage's name of today where an older version's worker used the former."""
    rows = connection.execute(_TAKE_RENAMED, {"names": list(_FORMER_NAMES), "now": now}).all()
    follows = [
        Follow(
            stage=_FORMER_NAMES[row.stage],
            item=row.item,
            revision=row.revision,
            edition=row.edition,
            lane=Lane.of_number(row.lane),
            due_at=row.due_at,
        )
        for row in rows
    ]
    record(connection, follows, lane=Lane.REGULAR, now=now)  # the pulse, which asks for this, rings for all that is due


# Passes over what the older worker has locked: it is doing that itself.
_TAKE_RENAMED = text("""
    WITH renamed AS (
        SELECT id FROM work WHERE stage = ANY(CAST(:names AS varchar[])) AND state = 'due'
          AND (held_until IS NULL OR held_until <= :now) FOR UPDATE SKIP LOCKED
    )
    DELETE FROM work USING renamed WHERE work.id = renamed.id
    RETURNING stage, lane, item, revision, edition, due_at
""")
