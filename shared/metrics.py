"""Every metric of the wire, declared once, with what to do when it moves. `docs/operations.md` has the same list.

Counters and histograms are gathered in each process and added up in the broker now and then, so that one `/metrics`
speaks for every process on every machine. A wiped broker sets them back to zero, which Prometheus knows how to read.
Gauges (queue depth, ages, dead letters, workers) are asked of the ledger at each scrape.
"""

from __future__ import annotations

import threading
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from redis import Redis


class Kind(StrEnum):
    """How Prometheus reads it."""

    COUNTER = "counter"
    HISTOGRAM = "histogram"
    GAUGE = "gauge"


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One metric: its name, labels, meaning and the first thing to do when it moves."""

    name: str
    kind: Kind
    labels: tuple[str, ...]
    help: str
    do: str


METRICS = (
    Metric(
        name="barq_items_accepted_total",
        kind=Kind.COUNTER,
        labels=("provider",),
        help="Items accepted, duplicates left out",
        do="falls to nothing: ask the newsroom, then look at ingest's log",
    ),
    Metric(
        name="barq_items_rejected_total",
        kind=Kind.COUNTER,
        labels=("problem",),
        help="Items refused, by problem type",
        do="rises: a sender changed its format; its answer says what is wrong",
    ),
    Metric(
        name="barq_items_held_total",
        kind=Kind.COUNTER,
        labels=("doubt",),
        help="Items that the wire shows to nobody until a person has looked, by what it doubts",
        do="rises: look at the desk's held items; for `kill-in-words` at once, the story that is meant is still public",
    ),
    Metric(
        name="barq_stage_seconds",
        kind=Kind.HISTOGRAM,
        labels=("stage",),
        help="Seconds that a worker spends on one chunk of a stage",
        do="rises: look at that service's log and the database",
    ),
    Metric(
        name="barq_end_to_end_seconds",
        kind=Kind.HISTOGRAM,
        labels=("edition",),
        help="Seconds from acceptance to the feed documents that hold the story",
        do="rises: see which queue is old",
    ),
    Metric(
        name="barq_queue_depth",
        kind=Kind.GAUGE,
        labels=("queue",),
        help="Work that is due in a queue",
        do="grows: more workers of that role, or a stage that fails",
    ),
    Metric(
        name="barq_queue_oldest_seconds",
        kind=Kind.GAUGE,
        labels=("queue",),
        help="How long the oldest due work of a queue has waited",
        do="grows: is a worker of that service alive, is it paused?",
    ),
    Metric(
        name="barq_dead_letters",
        kind=Kind.GAUGE,
        labels=("stage",),
        help="Work that failed for good",
        do="not zero: `barq dead show`, mend the cause, `barq dead replay`",
    ),
    Metric(
        name="barq_stuck_total",
        kind=Kind.COUNTER,
        labels=("stage",),
        help="Times that a worker was ended because a chunk or a piece of work took longer than its stage's deadline",
        do="rises: `role.stuck` in the log names the item; a slow machine needs a higher `BARQ_DEADLINE_FACTOR`",
    ),
    Metric(
        name="barq_workers",
        kind=Kind.GAUGE,
        labels=("queue",),
        help="Workers that heard a message through their own queue lately",
        do="zero: start a worker of that role",
    ),
    Metric(
        name="barq_feed_requests_total",
        kind=Kind.COUNTER,
        labels=("format", "status"),
        help="Feed requests by format and status",
        do="few 304 among many 200: a reader ignores validators",
    ),
    Metric(
        name="barq_deliveries_total",
        kind=Kind.COUNTER,
        labels=("channel", "outcome"),
        help="Pushes to subscribers",
        do="failures rise: a receiver is down; its deliveries say which",
    ),
    Metric(
        name="barq_kills_unacknowledged_total",
        kind=Kind.COUNTER,
        labels=(),
        help="Times that a kill was sent again in vain, long after it was made",
        do="rises: call the receiver; the log names it, and the story's receipt who has not answered",
    ),
    Metric(
        name="barq_subscribers",
        kind=Kind.GAUGE,
        labels=("state",),
        help="WebSub subscribers: well, or failing at their last document",
        do="many failing at once: our network, or a host that many of them share",
    ),
    Metric(
        name="barq_receivers",
        kind=Kind.GAUGE,
        labels=("state",),
        help="Receivers of webhooks: well, failing, or disabled after three days of failing",
        do="disabled: tell its subscriber; it gets what it missed once it is enabled",
    ),
    Metric(
        name="barq_deliveries_parked",
        kind=Kind.GAUGE,
        labels=(),
        help="Notifications that a receiver refused",
        do="not zero: the log names receiver and answer; its subscriber mends it and asks for a replay",
    ),
    Metric(
        name="barq_engine_requests_total",
        kind=Kind.COUNTER,
        labels=("engine", "outcome"),
        help="Questions to a translation engine, by outcome",
        do="failed rises: the log says what it answers; stories come back by themselves when it does",
    ),
    Metric(
        name="barq_segments_total",
        kind=Kind.COUNTER,
        labels=("edition", "origin"),
        help="Sentences of an edition, by where they are from: memory, engine, or held by a gate",
        do="held rises: `/desk/translate` has the reasons; an engine may be ill, or a term missing",
    ),
    Metric(
        name="barq_source_looks_total",
        kind=Kind.COUNTER,
        labels=("source", "outcome"),
        help="Looks at a source",
        do="failed rises: `barq source list` says why; its secret, its server, its network",
    ),
    Metric(
        name="barq_source_failures",
        kind=Kind.GAUGE,
        labels=("source",),
        help="Looks at a source that failed, one after the other",
        do="not zero for long: `barq source list` says why; `barq source check NAME` looks again at once",
    ),
    Metric(
        name="barq_source_ill",
        kind=Kind.GAUGE,
        labels=("source", "health"),
        help="1 for each source that is failing, refused, unsteady or gone",
        do="`barq source list` says what ails it; gone: ask the provider, then `barq source check NAME` or `remove`",
    ),
    Metric(
        name="barq_source_silent_seconds",
        kind=Kind.GAUGE,
        labels=("source",),
        help="How long a source has brought nothing new",
        do="longer than its usual pause: ask the provider; for a heartbeat, see which stage is stuck",
    ),
    Metric(
        name="barq_heartbeat_seconds",
        kind=Kind.GAUGE,
        labels=(),
        help="How long ago the newest heartbeat came through publishing; -1 if there never was one",
        do="grows beyond its interval: items that come now are not published; see which queue is old",
    ),
    Metric(
        name="barq_stories_held",
        kind=Kind.GAUGE,
        labels=("doubt",),
        help="Stories that the wire doubts and shows to nobody until a person has looked",
        do="not zero: somebody at `/desk?state=held` decides; `kill-in-words` and `embargo` at once",
    ),
    Metric(
        name="barq_out_of_sight",
        kind=Kind.GAUGE,
        labels=("fault",),
        help="Items that were accepted and are neither read nor say why, or that are taken back and still read",
        do="not zero for minutes: the wire asked for the missing work and it did not help; the log names item and fault",
    ),
    Metric(
        name="barq_up",
        kind=Kind.GAUGE,
        labels=("part",),
        help="Whether a part that the wire stands on is well: database, broker, disk",
        do="zero: `/readyz` says what is wrong with it, in words",
    ),
)

#: upper bounds in seconds; the last bucket is +Inf
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0)

#: where the sums are kept in the broker
HASH = "barq:metrics"

_DECLARED = {metric.name: metric for metric in METRICS}
_gathered: Counter[str] = Counter()
_lock = threading.Lock()


def count(name: str, amount: float = 1, **labels: str) -> None:
    """Add to a counter. Raises KeyError for a metric that is not declared above."""
    _add({_field(name, labels): amount})


def counter(name: str, **labels: str) -> Callable[[], None]:
    """A counter with its labels, looked up once: for what is counted tens of thousands of times a second."""
    field = _field(name, labels)

    def count_one() -> None:
        with _lock:
            _gathered[field] += 1

    return count_one


def observe(name: str, value: float, times: int = 1, **labels: str) -> None:
    """Add `times` observations of `value` to a histogram."""
    bucket = bisect_left(BUCKETS, value)
    bound = "+Inf" if bucket == len(BUCKETS) else str(BUCKETS[bucket])
    _add({_field(name, labels, f"le={bound}"): times, _field(name, labels, "sum"): value * times})


def flush(client: Callable[[], Redis]) -> None:
    """Add what this process gathered to the sums in the broker; kept for the next time if that is away, or not known."""
    with _lock:
        gathered = _gathered.copy()
        _gathered.clear()
    if not gathered:
        return
    try:
        broker = client()
        broker.ping()  # one that hangs would do later what was taken for lost, and count it again and again
        pipeline = broker.pipeline(transaction=False)
        for field, amount in gathered.items():
            pipeline.hincrbyfloat(HASH, field, amount)
        pipeline.execute()
    except Exception:
        _add(gathered)


def forget() -> None:
    """Drop what this process gathered and has not flushed."""
    with _lock:
        _gathered.clear()


def flush_every(interval_s: float, client: Callable[[], Redis]) -> None:
    """Flush in the background for as long as this process runs: for processes that answer requests."""

    def go_on() -> None:
        while True:
            time.sleep(interval_s)
            flush(client)

    threading.Thread(target=go_on, name="metrics", daemon=True).start()


def read_sums(broker: Redis) -> dict[str, float]:
    """The sums of all processes: `name|label=value,…|part` to amount."""
    return {key.decode(): float(value) for key, value in broker.hgetall(HASH).items()}  # type: ignore[union-attr]


def _field(name: str, labels: dict[str, str], part: str = "") -> str:
    metric = _DECLARED[name]
    # a provider's name may hold anything; the three signs that mean something here are taken out
    pairs = ",".join(f"{label}={labels[label].translate(_SIGNS)}" for label in metric.labels)
    return f"{name}|{pairs}|{part}"


_SIGNS = str.maketrans("|,=", "   ")


def _add(amounts: dict[str, float] | Counter[str]) -> None:
    with _lock:
        for field, amount in amounts.items():
            _gathered[field] += amount  # type: ignore[assignment]
