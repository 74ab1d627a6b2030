"""START HERE: the way of an item. Every stage, the room that does it, its queues, its retries, and what follows it.

A stage knows what it consumes and what it produces, never who comes next: that is said here and nowhere else. Queues,
Celery's routes, the roles' commands, the monitor's rows and the README's picture are all derived from this table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

#: the deadline of the wire's own work, which takes tens of milliseconds: longer than a statement may wait for another's lock
#: (BARQ_LOCK_TIMEOUT_S), so that who only waits ends by itself; shorter than a worker may be silent (BARQ_FROZEN_AFTER_S)
_OWN_DEADLINE_S = 12.0

#: of work that waits for other people's servers: longer than these are waited for
_OTHERS_DEADLINE_S = 60.0


#: of a chunk whose text is read: one long story, or a hundred usual ones; a longer one is left to the next chunk
_CHUNK_BYTES = 2_000_000


class Lane(StrEnum):
    """Which of a stage's two queues: urgent copy overtakes ordinary copy at every stage."""

    EXPRESS = "express"  #: urgency 1 to 3, and kills
    REGULAR = "regular"  #: everything else


class Stage(StrEnum):
    """One step on an item's way. The value is used in queues, tables, metrics, logs and screens."""

    POLL = "poll"
    ENRICH = "enrich"
    PUBLISH = "publish"
    LIFT = "lift"
    OPEN = "open"
    EXPIRE = "expire"
    SORT = "sort"
    TRANSLATE = "translate"
    RENDER = "render"
    REFRESH = "refresh"
    DELIVER = "deliver"
    NOTIFY = "notify"
    VERIFY = "verify"
    PUSH = "push"
    PURGE = "purge"


@dataclass(frozen=True, kw_only=True)
class StageSpec:
    """What the wire needs to know of a stage to run it."""

    stage: Stage
    room: str  #: the room under `services/` whose `worker.py` has the handler
    does: str  #: one line for people
    then: tuple[Stage, ...] = ()  #: the stages that its outcomes may ask for, beside its own: what it leaves
    chunk: int = 50  #: how many pieces of work one message may take at most
    chunk_bytes: int | None = None  #: as much of items may one take at most, and always one; None: it reads no texts
    attempts: int = 8  #: begun this many times without success, it is dead
    hold: timedelta | None = None  #: how long taken work is kept for its worker until it locks it; None: the ledger's usual
    backoff: timedelta = timedelta(seconds=1)  #: wait before the second attempt; doubles with each further one
    deadline_s: float = _OWN_DEADLINE_S  #: a chunk, or one piece alone, that takes longer is ended with its worker

    def retry_in(self, attempts: int) -> timedelta:
        """How long to wait after the `attempts`-th failed attempt; at most ten minutes."""
        return min(self.backoff * 2.0 ** max(attempts - 1, 0), timedelta(minutes=10))


STAGES: tuple[StageSpec, ...] = (
    StageSpec(
        stage=Stage.POLL,
        room="ingest",
        does="looks at a source and takes in what is new; never done, only due again",
        then=(Stage.ENRICH, Stage.PUBLISH),
        chunk=32,
        hold=timedelta(seconds=10),  # looks begin, and most end, before the transaction
        attempts=10_000,  # a source counts its own failures; its work never dies, or nobody would look again
        deadline_s=_OTHERS_DEADLINE_S,
    ),
    StageSpec(
        stage=Stage.ENRICH,
        room="enrichment",
        does="says what an item is about: language, regions, sections, tags",
        then=(Stage.PUBLISH,),
        chunk_bytes=_CHUNK_BYTES,
    ),
    StageSpec(
        stage=Stage.PUBLISH,
        room="publish",
        does="moves the story through its life and decides which feeds it belongs to",
        then=(Stage.RENDER, Stage.TRANSLATE, Stage.LIFT, Stage.EXPIRE),
        chunk_bytes=_CHUNK_BYTES,
    ),
    StageSpec(
        stage=Stage.LIFT,
        room="publish",
        does="publishes a story at the end of its embargo",
        then=(Stage.RENDER, Stage.TRANSLATE, Stage.EXPIRE),
    ),
    StageSpec(
        stage=Stage.EXPIRE,
        room="publish",
        does="takes a story away at the end of its rights",
        then=(Stage.RENDER,),
    ),
    StageSpec(
        stage=Stage.SORT,
        room="publish",
        does="puts stories of the archive into feeds that were defined since",
        then=(Stage.REFRESH,),
        chunk_bytes=_CHUNK_BYTES,
    ),
    StageSpec(
        stage=Stage.TRANSLATE,
        room="translation",
        does="finds the story's text for another edition: a person's, else an engine's",
        then=(Stage.RENDER, Stage.OPEN),
        chunk=10,
        hold=timedelta(seconds=5),  # prolonged while engines are asked
        deadline_s=280,  # a long text is many questions, for two minutes, and an engine has two more for the last of them
    ),
    StageSpec(
        stage=Stage.OPEN,
        room="publish",
        does="publishes a story that no edition has the language of, with its first translation",
        then=(Stage.RENDER,),
    ),
    StageSpec(
        stage=Stage.RENDER,
        room="rendering",
        does="renders a story's entry once for each format",
        then=(Stage.REFRESH,),
        chunk_bytes=_CHUNK_BYTES,
    ),
    StageSpec(
        stage=Stage.REFRESH,
        room="rendering",
        does="puts together each feed document that has new entries, once for a whole chunk",
        then=(Stage.DELIVER, Stage.PUSH, Stage.PURGE),
        chunk=500,
        deadline_s=20,  # every document of every feed, when all are made anew
    ),
    StageSpec(
        stage=Stage.DELIVER,
        room="delivery",
        does="decides who is to be told of a story by a webhook",
        then=(Stage.NOTIFY,),
    ),
    StageSpec(
        stage=Stage.NOTIFY,
        room="delivery",
        does="sends each receiver what it has not been told, in order",
        attempts=10_000,  # each receiver's failures are counted with it
        deadline_s=_OTHERS_DEADLINE_S,
    ),
    StageSpec(
        stage=Stage.VERIFY,
        room="delivery",
        does="asks a WebSub subscriber whether it meant what was asked in its name",
        attempts=3,
        backoff=timedelta(seconds=10),
        chunk=100,
        deadline_s=_OTHERS_DEADLINE_S,
    ),
    StageSpec(
        stage=Stage.PUSH,
        room="delivery",
        does="sends a feed that has changed to its WebSub subscribers",
        attempts=10_000,  # each subscriber's failures are counted with its subscription
        chunk=50,
        deadline_s=_OTHERS_DEADLINE_S,
    ),
    StageSpec(
        stage=Stage.PURGE,
        room="delivery",
        does="empties the caches in front of the wire when something is taken back",
        attempts=10_000,  # until it is acknowledged, as with all who are told of a kill; `/ops` names a cache that is not
        chunk=10,
        deadline_s=_OTHERS_DEADLINE_S,
    ),
)

#: where an item enters. News is enriched first; what takes text back must not wait for that.
FIRST_STAGE_OF_NEWS = Stage.ENRICH
FIRST_STAGE_OF_RETRACTIONS = Stage.PUBLISH

_BY_STAGE = {spec.stage: spec for spec in STAGES}


def spec_of(stage: Stage) -> StageSpec:
    """The table's row for a stage."""
    return _BY_STAGE[stage]


def stages_of(room: str) -> tuple[StageSpec, ...]:
    """The stages that a room does, in the pipeline's order."""
    return tuple(spec for spec in STAGES if spec.room == room)


def rooms() -> tuple[str, ...]:
    """Every room that works on a queue, in the pipeline's order."""
    return tuple(dict.fromkeys(spec.room for spec in STAGES))


def queue_name(stage: Stage, lane: Lane) -> str:
    """`publish.express`: the same name in the broker, the metrics and on the screens."""
    return f"{stage}.{lane}"


def task_name(stage: Stage) -> str:
    """`publish.lift`: the Celery task that does a stage."""
    return f"{spec_of(stage).room}.{stage}"


def lane_of(*, urgency: int, retracts: bool) -> Lane:
    """The lane that an item asks for; acceptance may still send it to the regular one (fair share)."""
    return Lane.EXPRESS if retracts or urgency <= 3 else Lane.REGULAR


def queues() -> Iterator[tuple[Stage, Lane]]:
    """Every queue, all express lanes first: the order in which a worker looks for messages."""
    for lane in Lane:
        for spec in STAGES:
            yield spec.stage, lane


def lanes_down_to(lane: Lane) -> tuple[Lane, ...]:
    """The lanes of a worker that takes this one: whoever takes regular work takes express work before it."""
    return tuple(Lane)[: list(Lane).index(lane) + 1]


def mermaid() -> str:
    """The README's picture of the way of an item."""
    lines = ["flowchart LR", f"  newsroom([newsroom]) --> ingest --> {FIRST_STAGE_OF_NEWS}"]
    lines.append(f"  sources([sources]) --> {Stage.POLL}")
    lines.append(f"  ingest -- kill, hold --> {FIRST_STAGE_OF_RETRACTIONS}")
    lines += [f"  {spec.stage} --> {follower}" for spec in STAGES for follower in spec.then]
    lines += [f"  {Stage.REFRESH} --> edge --> readers([readers])", f"  subscribers([subscribers]) -- hub --> {Stage.VERIFY}"]
    lines += [f"  operator([operator]) --> {Stage.SORT}"]
    lines += [f"  {stage} --> subscribers" for stage in (Stage.NOTIFY, Stage.PUSH)]
    lines += [f"  {Stage.PURGE} --> caches([caches])"]
    return "\n".join(lines)
