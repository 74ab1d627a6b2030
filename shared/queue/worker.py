"""A worker: some services' stages, done in one process, and the watch that it keeps on its own liveness.

Alive means consuming. Celery workers on Redis are known to stay up and silently stop hearing after a broken connection
(celery issues 8030, 10205, 10302). So each worker sends a probe through a queue of its own every few seconds; hearing it,
or any message, proves the whole way. A worker that hears nothing although its probes were sent ends itself, and whoever
supervises it (the embedded supervisor, a container's restart policy) starts it afresh. While the broker is away, nobody
is deaf. A worker at one chunk for too long is taken for stuck and ends the same way; its work is due again at once. That is
for one that nobody watches: its parent, if it has one, ends it sooner (`in_hand.py`), and also one that cannot end itself.

A broker that hangs brings no bells and takes none, and Celery's main thread may wait on it. So a worker that has nothing to
do also looks at the ledger itself, in a thread of its own: whatever the broker does, work that is due is done.

One worker is one process with Celery's solo pool: feedgen calls `setlocale` and must not share a process with another
rendering, and a process that ends takes exactly one chunk with it. For more of them, start more.
"""

from __future__ import annotations

import os
import threading
import time
import warnings
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from importlib import import_module

from celery import Celery, signals
from celery.exceptions import SecurityWarning
from sqlalchemy import text

from shared import log, metrics
from shared.archive.database import engine
from shared.clock import utc_now
from shared.contracts.work import Work
from shared.pipeline import Lane, Stage, StageSpec, lanes_down_to, queue_name, queues, spec_of, stages_of_all, task_name
from shared.queue import broker, ledger, operations
from shared.queue.broker import Ringer
from shared.queue.in_hand import InHand, Slate, in_hand_file
from shared.queue.ledger import Handler
from shared.queue.liveness import Liveness, heard_file
from shared.queue.turns import Turns
from shared.settings import settings
from shared.wire import defined_feeds

#: how a worker ends that does not hear or is stuck; supervisors restart it like any other exit
EXIT_DEAF = 75

#: how often a worker with nothing in hand looks at the ledger itself: with the broker away, what each stage waits at most
LOOK_EVERY_S = 0.5

_PROBE_TASK = "worker.probe"

_log = log.get("worker")


def handler_of(spec: StageSpec) -> Handler:
    """The function in the service's `stages.py` that does a stage: `HANDLERS[stage]`. Loaded by name, as services stay apart."""
    handler: Handler = import_module(f"services.{spec.service}.stages").HANDLERS[spec.stage]
    return handler


def warm_up(services: Sequence[str]) -> None:
    """Let each service that offers it load what it needs, so that the first item does not wait for that."""
    for service in services:
        getattr(import_module(f"services.{service}.stages"), "warm_up", _nothing)()


def _nothing() -> None:
    """What most services need to load."""


class Watch(threading.Thread):
    """Sends probes, writes down when the worker was last heard, and ends a process that is deaf or stuck."""

    def __init__(self, app: Celery, name: str, services: Sequence[str], lanes: Sequence[Lane], liveness: Liveness) -> None:
        super().__init__(name="watch", daemon=True)
        self._app, self._worker_name, self._services, self._liveness = app, name, list(services), liveness
        self._lanes = [lane.value for lane in lanes]
        self._started_at = utc_now()
        self._file = heard_file(settings().home, name)
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._last_written_s = 0.0

    def run(self) -> None:
        """Look once a second, probe every few."""
        limits = settings()
        next_probe_s = 0.0
        while True:
            now_s = time.monotonic()
            if now_s >= next_probe_s:
                next_probe_s = now_s + limits.probe_interval_s
                self._probe()
                metrics.flush(broker.client)
            complaint = self._liveness.complaint(
                time.monotonic(), deaf_after_s=limits.deaf_after_s, stuck_after_s=limits.stuck_after_s
            )
            if complaint:
                _log.error(complaint, worker=self._worker_name)
                os._exit(EXIT_DEAF)
            self._write_down()
            defined_feeds.look()
            time.sleep(min(1.0, limits.probe_interval_s))

    def _probe(self) -> None:
        try:
            with self._app.connection_for_write() as connection:
                self._app.send_task(
                    _PROBE_TASK,
                    queue=probe_queue(self._worker_name),
                    connection=connection,
                    ignore_result=True,
                    expires=settings().deaf_after_s,
                )
            self._liveness.probe_sent(time.monotonic())
        except Exception as away:
            if not self._liveness.broker_away:
                _log.warning("broker.away", worker=self._worker_name, error=repr(away))
            self._liveness.probe_not_sent()

    def _write_down(self) -> None:
        heard_at_s = self._liveness.heard_at_s
        busy = self._liveness.busy_since_s is not None
        if heard_at_s == self._last_written_s and not busy:
            return
        with suppress(OSError):  # a disk without room must not end the watch
            self._file.touch()
        try:
            with engine().begin() as connection:
                connection.execute(
                    _HEARD,
                    {
                        "name": self._worker_name,
                        "services": self._services,
                        "lanes": self._lanes,
                        "started_at": self._started_at,
                        "now": utc_now(),
                    },
                )
            self._last_written_s = heard_at_s
        except Exception as away:
            _log.warning("database.away", worker=self._worker_name, error=repr(away))


_HEARD = text("""
    INSERT INTO workers (name, services, lanes, started_at, heard_at) VALUES (:name, :services, :lanes, :started_at, :now)
    ON CONFLICT (name) DO UPDATE
    SET services = excluded.services, lanes = excluded.lanes, started_at = excluded.started_at, heard_at = excluded.heard_at
""")


class Doing:
    """Does chunks of a worker's stages, one at a time whoever asks: Celery's thread, or the one that looks for itself."""

    def __init__(
        self, specs: Sequence[StageSpec], ringer: Ringer, liveness: Liveness, slate: Slate, *, name: str, lanes: Collection[Lane]
    ) -> None:
        self._handlers = {spec.stage: (spec, handler_of(spec)) for spec in specs}
        self._worker_name = name
        mine = (queue for queue in queues() if queue[0] in self._handlers and queue[1] in lanes)
        self._turns = Turns(queue_name(*queue) for queue in mine)
        self._ringer, self._liveness, self._slate = ringer, liveness, slate
        self._begun = 0
        # feedgen's `setlocale` is the whole process's: no two handlers at once
        self._in_hand = threading.Lock()
        self._is_over = False

    def heard(self, stage: Stage, lane: Lane) -> None:
        """A bell was heard: do a chunk of its queue."""
        self._liveness.hears(time.monotonic())
        with self._in_hand:
            self._do(stage, lane)

    def look(self) -> bool:
        """Do a chunk of the first queue with work that is due, if nothing is in hand. Says whether anything was done."""
        if not self._in_hand.acquire(blocking=False):
            return False
        try:
            return not self._is_over and any(self._do(stage, lane) for stage, lane in self._due())
        finally:
            self._in_hand.release()

    def finish(self, timeout_s: float) -> None:
        """Let the chunk in hand come to its end, begin no other, and ring what is left to be rung."""
        if self._in_hand.acquire(timeout=timeout_s):
            self._is_over = True
            self._in_hand.release()
        self._ringer.all_rung(broker.PATIENCE_S)

    def _due(self) -> list[tuple[Stage, Lane]]:
        """This worker's queues that have work, in the order of their turns."""
        try:
            with engine().connect() as connection:
                rows = operations.due_and_unheld(connection, utc_now(), bound=1)
            self._liveness.looks(time.monotonic())
        except Exception as away:
            _log.warning("database.away", error=repr(away))
            return []
        due = {queue_name(row.stage, row.lane): (row.stage, row.lane) for row in rows}
        return [due[name] for name in self._turns.all() if name in due]

    def _do(self, stage: Stage, lane: Lane) -> int:
        spec, handler = self._handlers[stage]
        self._turns.rotate(queue_name(stage, lane))
        self._liveness.begins(time.monotonic())
        try:
            count = ledger.do_chunk(
                engine(), spec, lane, handler, self._ringer.ring, begins=self._begins, worker=self._worker_name
            )
            if count:
                _log.info("chunk.done", stage=stage, lane=lane, count=count)
            return count
        except Exception as error:
            # the database is away, or the ledger itself is wrong; nothing is lost, it is looked for again
            _log.error("chunk.lost", stage=stage, lane=lane, error=repr(error))
            return 0
        finally:
            self._slate.wipe()
            self._liveness.ends(time.monotonic())

    def _begins(self, works: Sequence[Work]) -> None:
        """A chunk, or one of it alone: its time counts from now, for this process's own watch and for its parent's."""
        now_s = time.monotonic()
        self._liveness.ends(now_s)
        self._liveness.begins(now_s)
        self._begun += 1
        self._slate.write(
            InHand(
                pid=os.getpid(),
                serial=self._begun,
                stage=works[0].stage,
                pieces=len(works),
                work=works[0].id,
                attempts=works[0].attempts,
                item=str(works[0].item),
                deadline_s=spec_of(works[0].stage).deadline_s * settings().deadline_factor,
            )
        )


def look_for_work(doing: Doing) -> None:
    """Look at the ledger for as long as this process runs: again at once while there is work, else now and then."""
    while True:
        if not doing.look():
            time.sleep(LOOK_EVERY_S)


def probe_queue(name: str) -> str:
    """A worker's own queue, which carries nothing but its probes."""
    return f"probe.{name}"


def make_worker_app(url: str, name: str, specs: Sequence[StageSpec], doing: Doing, liveness: Liveness) -> Celery:
    """The Celery app of a worker: one task for each stage it does, and the probe."""
    signals.setup_logging.connect(_leave_logging_alone)  # this process has its own
    app = broker.make_app(url, probe_queue(name))
    for spec in specs:
        app.task(name=task_name(spec.stage))(_stage_task(spec.stage, doing))

    def probe() -> None:
        liveness.hears(time.monotonic())

    app.task(name=_PROBE_TASK)(probe)
    return app


def _leave_logging_alone(**_: object) -> None:
    return None


def _stage_task(stage: Stage, doing: Doing) -> Callable[[str], None]:
    def do(lane: str) -> None:
        doing.heard(stage, Lane(lane))

    return do


def run(services: Sequence[str], name: str, lane: Lane) -> None:
    """Work for some services, in one lane and those before it, until SIGTERM, which lets the chunk in hand finish."""
    lanes = lanes_down_to(lane)
    specs = stages_of_all(services)
    defined_feeds.look()
    warm_up(services)
    liveness = Liveness(time.monotonic())
    slate = Slate(in_hand_file(settings().home, name))
    doing = Doing(specs, Ringer(lambda: app), liveness, slate, name=name, lanes=lanes)
    app = make_worker_app(broker.broker_url(), name, specs, doing, liveness)
    mine = {spec.stage for spec in specs}
    stage_queues = [queue_name(*queue) for queue in queues() if queue[0] in mine and queue[1] in lanes]
    Watch(app, name, services, lanes, liveness).start()
    threading.Thread(target=look_for_work, args=[doing], name="looker", daemon=True).start()
    # as root, Celery warns of pickles; these queues take JSON only
    warnings.simplefilter("ignore", SecurityWarning)
    app.Worker(
        pool="solo",
        hostname=f"{name}@barq",
        queues=[probe_queue(name), *stage_queues],
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=not settings().celery_control,  # for Flower; the wire itself goes by what it hears
        loglevel="WARNING",
        quiet=True,
    ).start()
    doing.finish(settings().stuck_after_s)
    metrics.flush(broker.client)
