"""Celery and the broker, built from the pipeline and nothing else.

A message is a bell: it says that a queue has work, and carries nothing. Losing one, or ringing one too many, is harmless.
So nobody waits for a bell: who has caused work leaves its bells with a thread that rings them. A broker that hangs holds up
that thread alone, and every wait for it has an end.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache
from math import ceil
from urllib.parse import parse_qs, urlsplit

from celery import Celery
from kombu.entity import Queue
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as ConnectionBroken
from redis.retry import Retry

from shared import log
from shared.embedded.runfile import read_runfile
from shared.errors import ConfigurationError
from shared.pipeline import Lane, Stage, queue_name, queues, spec_of, task_name
from shared.queue.bells import Bells
from shared.queue.turns import Turns
from shared.settings import settings

#: more bells than this in a row for one queue wake no one sooner
MOST_BELLS = 200

#: how long anything waits for the broker to take a connection, or to answer; one that works answers in milliseconds
PATIENCE_S = 2.0

_log = log.get("broker")


def broker_url() -> str:
    """The broker that this process belongs to: `BARQ_BROKER_URL`, else the embedded wire's under `BARQ_HOME`."""
    if url := settings().broker_url:
        return url
    if run := read_runfile(settings().home):
        return run.broker_url
    raise ConfigurationError(f"no wire runs in {settings().home}: start one with `barq up`, or set BARQ_HOME or BARQ_BROKER_URL")


def kombu_url(url: str) -> str:
    """The address in kombu's spelling: redis-py's `unix:///path?db=1` is its `redis+socket:///path?virtual_host=1`."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    database = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{parts.netloc}{parts.path}?virtual_host={database}"


def make_app(url: str, probe_queue: str | None = None) -> Celery:
    """A Celery app that knows the pipeline's queues, express lanes first, and a worker's own probe queue if it has one."""
    app = Celery("barq", broker=kombu_url(url))
    names = [*([probe_queue] if probe_queue else []), *(queue_name(stage, lane) for stage, lane in queues())]
    app.conf.update(
        # a bell needs no acknowledgement; one that is lost would keep the worker from hearing any other
        task_queues=[Queue(name, no_ack=True) for name in names],  # type: ignore[no-untyped-call]  # kombu has no types
        task_create_missing_queues=False,  # a mistyped queue raises at once instead of filling where no one reads
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        result_backend=None,
        task_acks_late=True,
        worker_prefetch_multiplier=1,  # a message in a busy worker's hands cannot be overtaken
        worker_enable_remote_control=settings().celery_control,
        worker_send_task_events=settings().celery_control,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        task_publish_retry=False,  # the pulse rings again; nobody waits for a broker that is away
        broker_connection_retry=True,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options={
            "queue_order_strategy": f"{Turns.__module__}:{Turns.__qualname__}",
            "socket_connect_timeout": PATIENCE_S,
            "socket_timeout": PATIENCE_S,
            "socket_keepalive": True,
            "health_check_interval": 10,
        },
    )
    return app


@cache
def app() -> Celery:
    """This process's app for sending."""
    return make_app(broker_url())


@cache
def client() -> Redis:
    """This process's plain connection to the broker: queue lengths and metrics."""
    return Redis.from_url(
        broker_url(),
        socket_connect_timeout=PATIENCE_S,
        socket_timeout=PATIENCE_S,
        # one that was cut is opened again at once; one that is silent is not asked over and over
        retry=Retry(NoBackoff(), 1, supported_errors=(ConnectionBroken,)),
    )


class Ringer:
    """Rings in a thread of its own, so that nobody waits for the broker.

    What comes while it rings is added up, and is never more than a number for each queue. What cannot be rung is dropped:
    the pulse rings again, and workers look for themselves.
    """

    def __init__(self, sender: Callable[[], Celery]) -> None:
        self._sender = sender
        self._left = Bells()
        self._rings = False
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def ring(self, bells: Bells) -> None:
        """Leave bells to be rung, after the commit of what they ring for."""
        with self._changed:
            self._left.update(bells)
            if self._thread is None:
                self._thread = threading.Thread(target=self._go_on, name="ringer", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def all_rung(self, timeout_s: float) -> bool:
        """Wait until all that was left is rung or lost; False if that takes longer."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._left and not self._rings, timeout_s)

    def _go_on(self) -> None:
        while True:
            with self._changed:
                self._rings = False
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._left)
                bells, self._left, self._rings = self._left, Bells(), True
            try:
                send(self._sender(), bells)
            except Exception as broken:  # one bell that is lost must not end the thread that rings all others
                _log.warning("bell.lost", error=repr(broken))


_ringer = Ringer(lambda: app())  # the app that is this process's when it rings


def ring(bells: Bells) -> None:
    """Leave bells to be rung, after the commit; returns at once, whatever the broker does."""
    _ringer.ring(bells)


def all_rung(timeout_s: float = 2 * PATIENCE_S) -> bool:
    """Wait until everything that this process left is rung or lost; False if that takes longer."""
    return _ringer.all_rung(timeout_s)


def send(sender: Celery, bells: Bells) -> None:
    """Ring through a given app, one message for each chunk of work. A broker that is away is logged."""
    for (stage, lane), count in bells.items():
        for _ in range(min(ceil(count / spec_of(stage).chunk), MOST_BELLS)):
            try:
                sender.send_task(task_name(stage), args=[lane.value], queue=queue_name(stage, lane), ignore_result=True)
            except Exception as away:
                _log.warning("bell.lost", stage=stage, lane=lane, error=repr(away))
                return


def waiting_messages() -> dict[tuple[Stage, Lane], int]:
    """How many messages wait in each queue. Raises redis.RedisError if the broker is away."""
    pairs = list(queues())
    pipeline = client().pipeline(transaction=False)
    for stage, lane in pairs:
        pipeline.llen(queue_name(stage, lane))
    return {(stage, lane): int(length) for (stage, lane), length in zip(pairs, pipeline.execute(), strict=True)}
