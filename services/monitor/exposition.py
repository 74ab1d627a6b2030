"""`/metrics`: what every process counted, and what the ledger says now, in Prometheus' own words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from services.monitor.known import Known, Troubles
from shared.archive.audit import Fault
from shared.contracts.item import Doubt
from shared.metrics import BUCKETS, METRICS, Kind
from shared.metrics import Metric as Declared
from shared.status import Census

_BOUNDS = (*(str(bound) for bound in BUCKETS), "+Inf")

#: values of a metric's labels, and its value: one line of the page
Sample: TypeAlias = tuple[tuple[str, ...], float]

#: what was counted, by the values of a metric's labels and then by part: empty, `sum`, or `le=` and a bucket's upper bound
Counted: TypeAlias = dict[tuple[str, ...], dict[str, float]]


def exposition(known: Known) -> bytes:
    """The whole page, UTF-8. What the ledger would say is left out while the database does not answer."""
    registry = CollectorRegistry()
    registry.register(_Wire(known))
    return generate_latest(registry)


def read_counted(sums: Mapping[str, float]) -> dict[str, Counted]:
    """The sums of all processes (`name|label=value,…|part` to amount), by the metric's name."""
    counted: dict[str, Counted] = defaultdict(lambda: defaultdict(dict))
    for field, amount in sums.items():
        name, pairs, part = field.split("|")
        labels = tuple(pair.partition("=")[2] for pair in pairs.split(",")) if pairs else ()
        counted[name][labels][part] = amount
    return counted


class _Wire(Collector):
    def __init__(self, known: Known) -> None:
        self._known = known
        self._counted = read_counted(known.sums)

    def collect(self) -> Iterator[Metric]:
        for declared in METRICS:
            counted = self._counted.get(declared.name, {})
            match declared.kind:
                case Kind.COUNTER:
                    yield _counter(declared, counted)
                case Kind.HISTOGRAM:
                    yield _histogram(declared, counted)
                case Kind.GAUGE:
                    yield _gauge(declared, measure(declared.name, self._known))


def _counter(declared: Declared, counted: Counted) -> Metric:
    family = CounterMetricFamily(declared.name, declared.help, labels=declared.labels)
    for labels, parts in sorted(counted.items()):
        family.add_metric(labels, parts[""])
    return family


def _histogram(declared: Declared, counted: Counted) -> Metric:
    """Its buckets are kept apart and shown as Prometheus wants them: each with those below it."""
    family = HistogramMetricFamily(declared.name, declared.help, labels=declared.labels)
    for labels, parts in sorted(counted.items()):
        buckets, so_far = [], 0.0
        for bound in _BOUNDS:
            so_far += parts.get(f"le={bound}", 0.0)
            buckets.append((bound, so_far))
        family.add_metric(labels, buckets, parts.get("sum", 0.0))
    return family


def _gauge(declared: Declared, samples: Iterable[Sample]) -> Metric:
    family = GaugeMetricFamily(declared.name, declared.help, labels=declared.labels)
    for labels, value in samples:
        family.add_metric(labels, value)
    return family


# ── Gauges ───────────────────────────────────────────────────────────────────────────────────────────────────────


def measure(name: str, known: Known) -> list[Sample]:
    """The samples of a gauge; none of what the database would have to say while it does not. Raises KeyError for a gauge that
    is declared and that nobody measures."""
    if name == "barq_up":
        return _up(known.troubles)
    measured = MEASURED[name]
    return [] if known.census is None else measured(known.census)


def _up(troubles: Troubles) -> list[Sample]:
    parts = (("database", troubles.database), ("broker", troubles.broker), ("disk", troubles.disk))
    return [((part,), 0.0 if trouble else 1.0) for part, trouble in parts]


def _named(values: Mapping[str, int], names: Iterable[str]) -> list[Sample]:
    """A sample for each name, 0 where there is no value: a line that vanishes would look like a process that is away."""
    return [((name,), float(values.get(name, 0))) for name in names]


#: how each gauge but `barq_up` is read off a census
MEASURED: Mapping[str, Callable[[Census], list[Sample]]] = {
    "barq_queue_depth": lambda census: [((row.queue,), float(row.depth)) for row in census.queues],
    "barq_queue_oldest_seconds": lambda census: [((row.queue,), row.oldest_s) for row in census.queues],
    "barq_workers": lambda census: [((row.queue,), float(row.workers)) for row in census.queues],
    "barq_dead_letters": lambda census: _named(census.dead_count, dict.fromkeys(row.stage.value for row in census.queues)),
    "barq_source_failures": lambda census: [((row.name,), float(row.failures)) for row in census.sources],
    "barq_source_ill": lambda census: [((row.name, row.health.value), 1.0) for row in census.sources if row.is_ill],
    "barq_source_silent_seconds": lambda census: [((row.name,), row.quiet_s) for row in census.sources],
    "barq_subscribers": lambda census: _named(census.subscribers, ("well", "failing")),
    "barq_receivers": lambda census: _named(census.receivers, ("well", "failing", "disabled")),
    "barq_stories_held": lambda census: _named(census.held, Doubt),
    "barq_out_of_sight": lambda census: _named(census.out_of_sight, Fault),
    "barq_deliveries_parked": lambda census: [((), float(census.parked))],
    "barq_heartbeat_seconds": lambda census: [((), -1.0 if census.heartbeat_s is None else census.heartbeat_s)],
}
