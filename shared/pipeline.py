"""START HERE: the way of an item. Every stage, the service that does it, its queues, its retries, and what follows it.

A stage knows what it consumes and what it produces, never who comes next: that is said here and nowhere else. Queues,
Celery's routes, the roles' commands, the monitor's rows and the README's picture are all derived from this table.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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


#: a wait has doubled often enough by then to have reached its longest, whatever the first was
_MOST_DOUBLINGS = 20


class Lane(StrEnum):
    """Which of a stage's two queues: urgent copy overtakes ordinary copy at every stage."""

    EXPRESS = "express"  #: urgency 1 to 3, and kills
    REGULAR = "regular"  #: everything else

    @property
    def number(self) -> int:
        """How tables keep it: as a number that sorts as it overtakes."""
        return list(Lane).index(self)

    @classmethod
    def of_number(cls, number: int) -> Lane:
        """The lane that a table's number stands for."""
        return list(cls)[number]


class Stage(StrEnum):
    """One step on an item's way. The value is used in queues, tables, metrics, logs and screens."""

    POLL = "poll"
    ENRICH = "enrich"
    LEARN = "learn"
    PUBLISH = "publish"
    LIFT = "lift"
    OPEN = "open"
    EXPIRE = "expire"
    REFILE = "refile"
    TRANSLATE = "translate"
    RENDER = "render"
    REFRESH = "refresh"
    FAN_OUT = "fan_out"
    WEBHOOK = "webhook"
    VERIFY = "verify"
    WEBSUB = "websub"
    PURGE = "purge"


@dataclass(frozen=True, kw_only=True)
class StageSpec:
    """What the wire needs to know of a stage to run it."""

    stage: Stage
    service: str  #: the service under `services/` whose `stages.py` has the handler
    does: str  #: one line for people
    then: tuple[Stage, ...] = ()  #: the stages that its outcomes may ask for, beside its own: what it leaves
    chunk: int = 50  #: how many pieces of work one message may take at most
    chunk_bytes: int | None = None  #: as much of items may one take at most, and always one; None: it reads no texts
    attempts: int | None = 8  #: begun this many times without success, it is dead; None: never
    asked_by: str = ""  #: who outside the pipeline asks for it, in the README's picture
    reaches: str = ""  #: whom outside the wire it tells, in the README's picture
    stands: bool = False  #: is one piece of it always there, due at its own times? The pulse asks for it at its start
    hold: timedelta | None = None  #: how long taken work is kept for its worker until it locks it; None: the ledger's usual
    backoff: timedelta = timedelta(seconds=1)  #: wait before the second attempt; doubles with each further one
    deadline_s: float = _OWN_DEADLINE_S  #: a chunk, or one piece alone, that takes longer is ended with its worker

    def retry_in(self, attempts: int) -> timedelta:
        """How long to wait after the `attempts`-th failed attempt; at most ten minutes."""
        return min(self.backoff * 2.0 ** min(max(attempts - 1, 0), _MOST_DOUBLINGS), timedelta(minutes=10))

    def is_hopeless(self, attempts: int) -> bool:
        """Was it tried as often as it may be?"""
        return self.attempts is not None and attempts >= self.attempts


STAGES: tuple[StageSpec, ...] = (
    StageSpec(
        stage=Stage.POLL,
        service="ingest",
        does="polls a source and takes in what is new; never done, only due again",
        asked_by="sources([sources])",
        then=(Stage.ENRICH, Stage.PUBLISH),
        chunk=32,
        hold=timedelta(seconds=10),  # looks begin, and most end, before the transaction
        attempts=None,  # a source counts its own failures; its work never dies, or nobody would look again
        deadline_s=_OTHERS_DEADLINE_S,
    ),
    StageSpec(
        stage=Stage.ENRICH,
        service="enrichment",
        does="says what an item is about: language, regions, sections, tags",
        then=(Stage.PUBLISH,),
        chunk_bytes=_CHUNK_BYTES,
    ),
    StageSpec(
        stage=Stage.LEARN,
        service="enrichment",
        does="begins, at night, to learn from what senders and editors have sorted; never done, only due again",
        asked_by="night([night])",
        stands=True,
        chunk=1,
        attempts=None,
    ),
    StageSpec(
        stage=Stage.PUBLISH,
        service="publish",
        does="moves the story through its life and decides which feeds it belongs to",
        then=(Stage.RENDER, Stage.TRANSLATE, Stage.LIFT, Stage.EXPIRE),
        chunk_bytes=_CHUNK_BYTES,
    ),
    StageSpec(
        stage=Stage.LIFT,
        service="publish",
        does="publishes a story at the end of its embargo",
        then=(Stage.RENDER, Stage.TRANSLATE, Stage.EXPIRE),
    ),
    StageSpec(
        stage=Stage.EXPIRE,
        service="publish",
        does="takes a story away at the end of its rights",
        then=(Stage.RENDER,),
    ),
    StageSpec(
        stage=Stage.REFILE,
        service="publish",
        does="puts stories of the archive into feeds that were defined since, or that an editor says",
        asked_by="operator([operator])",
        then=(Stage.RENDER, Stage.REFRESH),
        chunk_bytes=_CHUNK_BYTES,
    ),
    StageSpec(
        stage=Stage.TRANSLATE,
        service="translation",
        does="finds the story's text for another edition: a person's, else an engine's",
        then=(Stage.RENDER, Stage.OPEN),
        chunk=10,
        hold=timedelta(seconds=5),  # prolonged while engines are asked
        deadline_s=280,  # a long text is many questions, for two minutes, and an engine has two more for the last of them
    ),
    StageSpec(
        stage=Stage.OPEN,
        service="publish",
        does="publishes a story that no edition has the language of, with its first translation",
        then=(Stage.RENDER,),
    ),
    StageSpec(
        stage=Stage.RENDER,
        service="rendering",
        does="renders a story's entry once for each format",
        then=(Stage.REFRESH,),
        chunk_bytes=_CHUNK_BYTES,
    ),
    StageSpec(
        stage=Stage.REFRESH,
        service="rendering",
        does="puts together each feed document that has new entries, once for a whole chunk",
        reaches="edge --> readers([readers])",
        then=(Stage.FAN_OUT, Stage.WEBSUB, Stage.PURGE),
        chunk=500,
        deadline_s=20,  # every document of every feed, when all are made anew
    ),
    StageSpec(
        stage=Stage.FAN_OUT,
        service="delivery",
        does="decides who is to be notified of a story by a webhook",
        then=(Stage.WEBHOOK,),
    ),
    StageSpec(
        stage=Stage.WEBHOOK,
        service="delivery",
        does="sends each receiver what it has not acknowledged, in order",
        reaches="subscribers",
        attempts=None,  # each receiver's failures are counted with it
        deadline_s=_OTHERS_DEADLINE_S,
    ),
    StageSpec(
        stage=Stage.VERIFY,
        service="delivery",
        does="asks a WebSub subscriber whether it meant what was asked in its name",
        asked_by="subscribers([subscribers])",
        attempts=3,
        backoff=timedelta(seconds=10),
        chunk=100,
        deadline_s=_OTHERS_DEADLINE_S,
    ),
    StageSpec(
        stage=Stage.WEBSUB,
        service="delivery",
        does="sends a feed that has changed to its WebSub subscribers",
        reaches="subscribers",
        attempts=None,  # each subscriber's failures are counted with its subscription
        chunk=50,
        deadline_s=_OTHERS_DEADLINE_S,
    ),
    StageSpec(
        stage=Stage.PURGE,
        service="delivery",
        does="empties the caches in front of the wire when something is taken back",
        reaches="caches([caches])",
        attempts=None,  # until it is acknowledged, as with all who must hear of a kill; `/ops` names a cache that is not
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


def stages_of(service: str) -> tuple[StageSpec, ...]:
    """The stages that a service does, in the pipeline's order."""
    return tuple(spec for spec in STAGES if spec.service == service)


def stages_of_all(services: Sequence[str]) -> list[StageSpec]:
    """The stages of several services, in the order in which these are named."""
    return [spec for service in services for spec in stages_of(service)]


def services() -> tuple[str, ...]:
    """Every service that works on a queue, in the pipeline's order."""
    return tuple(dict.fromkeys(spec.service for spec in STAGES))


def queue_name(stage: Stage, lane: Lane) -> str:
    """`publish.express`: the same name in the broker, the metrics and on the screens."""
    return f"{stage}.{lane}"


def task_name(stage: Stage) -> str:
    """`publish.lift`: the Celery task that does a stage."""
    return f"{spec_of(stage).service}.{stage}"


def lane_of(*, urgency: int, retracts: bool) -> Lane:
    """The lane that an item asks for; acceptance may still send it to the regular one (fair share)."""
    return Lane.EXPRESS if retracts or urgency <= 3 else Lane.REGULAR


def queues() -> Iterator[tuple[Stage, Lane]]:
    """Every queue, all express lanes first; in which order a worker takes from them is in `shared/queue/turns.py`."""
    for lane in Lane:
        for spec in STAGES:
            yield spec.stage, lane


def lanes_down_to(lane: Lane) -> tuple[Lane, ...]:
    """The lanes of a worker that takes this one: whoever takes regular work takes express work before it."""
    return tuple(Lane)[: lane.number + 1]


def mermaid() -> str:
    """The README's picture of the way of an item."""
    lines = ["flowchart LR", f"  newsroom([newsroom]) --> ingest --> {FIRST_STAGE_OF_NEWS}"]
    lines.append(f"  ingest -- kill, hold --> {FIRST_STAGE_OF_RETRACTIONS}")
    lines += [f"  {spec.asked_by} --> {spec.stage}" for spec in STAGES if spec.asked_by]
    lines += [f"  {spec.stage} --> {follower}" for spec in STAGES for follower in spec.then]
    lines += [f"  {spec.stage} --> {spec.reaches}" for spec in STAGES if spec.reaches]
    return "\n".join(lines)


def stages_table() -> str:
    """The README's table of stages, without its head."""
    return "\n".join(f"| `{spec.stage}` | {spec.does} |" for spec in STAGES)
