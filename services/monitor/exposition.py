"""`/metrics`: what every process counted, and what the ledger says now, in Prometheus' own words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from services.monitor.knowing import Known
from shared.archive.audit import Fault
from shared.contracts.item import Doubt
from shared.metrics import BUCKETS, METRICS, Kind
from shared.metrics import Metric as Declared
from shared.status import Census

_BOUNDS = (*(str(bound) for bound in BUCKETS), "+Inf")


def exposition(known: Known) -> bytes:
    """The whole page. What the ledger would say is left out while the database does not answer."""
    registry = CollectorRegistry()
    registry.register(_Wire(known))
    return generate_latest(registry)


class _Wire(Collector):
    def __init__(self, known: Known) -> None:
        self._counted: dict[str, dict[tuple[str, ...], dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
        for field, amount in known.sums.items():
            name, pairs, part = field.split("|")
            labels = tuple(pair.partition("=")[2] for pair in pairs.split(",")) if pairs else ()
            self._counted[name][labels][part] = amount
        self._known = known

    def collect(self) -> Iterator[Metric]:
        for declared in METRICS:
            match declared.kind:
                case Kind.COUNTER:
                    yield self._counter(declared)
                case Kind.HISTOGRAM:
                    yield self._histogram(declared)
                case Kind.GAUGE if declared.name == "barq_up":
                    yield self._up(declared)
                case Kind.GAUGE:
                    yield self._gauge(declared, self._known.census)

    def _counter(self, declared: Declared) -> Metric:
        family = CounterMetricFamily(declared.name, declared.help, labels=declared.labels)
        for labels, parts in sorted(self._counted[declared.name].items()):
            family.add_metric(labels, parts[""])
        return family

    def _histogram(self, declared: Declared) -> Metric:
        family = HistogramMetricFamily(declared.name, declared.help, labels=declared.labels)
        for labels, parts in sorted(self._counted[declared.name].items()):
            buckets, so_far = [], 0.0
            for bound in _BOUNDS:
                so_far += parts.get(f"le={bound}", 0.0)
                buckets.append((bound, so_far))
            family.add_metric(labels, buckets, parts.get("sum", 0.0))
        return family

    def _up(self, declared: Declared) -> Metric:
        family = GaugeMetricFamily(declared.name, declared.help, labels=declared.labels)
        for part, trouble in (("database", self._known.database), ("broker", self._known.broker), ("disk", self._known.disk)):
            family.add_metric([part], 0.0 if trouble else 1.0)
        return family

    def _gauge(self, declared: Declared, census: Census | None) -> Metric:
        family = GaugeMetricFamily(declared.name, declared.help, labels=declared.labels)
        if census is None:
            return family
        queues = census.queues
        match declared.name:
            case "barq_queue_depth":
                rows = [(row.queue, float(row.depth)) for row in queues]
            case "barq_queue_oldest_seconds":
                rows = [(row.queue, row.oldest_s) for row in queues]
            case "barq_workers":
                rows = [(row.queue, float(row.workers)) for row in queues]
            case "barq_dead_letters":
                stages = dict.fromkeys(row.stage.value for row in queues)
                rows = [(stage, float(census.dead_count.get(stage, 0))) for stage in stages]
            case "barq_source_failures":
                rows = [(row.name, float(row.failures)) for row in census.sources]
            case "barq_source_ill":
                for row in census.sources:
                    if row.is_ill:
                        family.add_metric([row.name, row.health], 1.0)
                return family
            case "barq_source_silent_seconds":
                rows = [(row.name, row.silent_s) for row in census.sources]
            case "barq_subscribers":
                rows = [(state, float(census.subscribers.get(state, 0))) for state in ("well", "failing")]
            case "barq_receivers":
                rows = [(state, float(census.receivers.get(state, 0))) for state in ("well", "failing", "disabled")]
            case "barq_stories_held":
                rows = [(doubt.value, float(census.held.get(doubt.value, 0))) for doubt in Doubt]
            case "barq_out_of_sight":
                rows = [(fault.value, float(census.out_of_sight.get(fault.value, 0))) for fault in Fault]
            case "barq_deliveries_parked":
                family.add_metric([], float(census.parked))
                return family
            case "barq_heartbeat_seconds":
                age_s = census.heartbeat_s
                family.add_metric([], -1.0 if age_s is None else age_s)
                return family
            case unknown:
                raise ValueError(f"{unknown} is declared and nobody measures it")
        for label, value in rows:
            family.add_metric([label], value)
        return family
