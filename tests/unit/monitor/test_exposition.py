"""`/metrics`, line by line: what was counted, what the census says, and what is left out while nobody can say it."""

from __future__ import annotations

from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from services.monitor.exposition import MEASURED, exposition, measure, read_counted
from services.monitor.known import Known, Troubles
from shared.archive.audit import Fault
from shared.contracts.item import Doubt
from shared.contracts.source import Health
from shared.metrics import METRICS, Kind
from shared.pipeline import Lane, Stage
from tests.support.census import census, queue_row, source_row

WELL = Troubles()


def known(**fields: Any) -> Known:
    return Known(census=census(**fields), sums={}, troubles=WELL)


def samples(page: bytes) -> dict[str, list[tuple[dict[str, str], float]]]:
    """By the line's own name: labels and value, in the page's order."""
    found: dict[str, list[tuple[dict[str, str], float]]] = {}
    for family in text_string_to_metric_families(page.decode()):
        for sample in family.samples:
            found.setdefault(sample.name, []).append((sample.labels, sample.value))
    return found


TWO_QUEUES = (
    queue_row(Stage.PUBLISH, Lane.EXPRESS, depth=3, oldest_s=1.5, workers=2),
    queue_row(Stage.RENDER, depth=0, oldest_s=0.0, workers=0),
)
TWO_SOURCES = (source_row(), source_row(name="drop", failures=4, quiet_s=90.0, health=Health.FAILING))


@pytest.mark.parametrize(
    ("gauge", "fields", "expected"),
    [
        ("barq_queue_depth", {"queues": TWO_QUEUES}, [(("publish.express",), 3.0), (("render.regular",), 0.0)]),
        ("barq_queue_oldest_seconds", {"queues": TWO_QUEUES}, [(("publish.express",), 1.5), (("render.regular",), 0.0)]),
        ("barq_workers", {"queues": TWO_QUEUES}, [(("publish.express",), 2.0), (("render.regular",), 0.0)]),
        (
            "barq_dead_letters",
            {"queues": (*TWO_QUEUES, queue_row(Stage.PUBLISH)), "dead_count": {"render": 2}},
            [(("publish",), 0.0), (("render",), 2.0)],
        ),
        ("barq_source_failures", {"sources": TWO_SOURCES}, [(("agency",), 0.0), (("drop",), 4.0)]),
        ("barq_source_silent_seconds", {"sources": TWO_SOURCES}, [(("agency",), 60.0), (("drop",), 90.0)]),
        ("barq_source_ill", {"sources": TWO_SOURCES}, [(("drop", "failing"), 1.0)]),
        ("barq_source_ill", {"sources": (source_row(health=Health.QUIET, is_quiet=True),)}, []),
        ("barq_source_ill", {"sources": (source_row(health=Health.GONE),)}, [(("agency", "gone"), 1.0)]),
        ("barq_subscribers", {}, [(("well",), 0.0), (("failing",), 0.0)]),
        ("barq_subscribers", {"subscribers": {"well": 5}}, [(("well",), 5.0), (("failing",), 0.0)]),
        ("barq_receivers", {"receivers": {"disabled": 1}}, [(("well",), 0.0), (("failing",), 0.0), (("disabled",), 1.0)]),
        ("barq_stories_held", {"held": {"embargo": 2}}, [((doubt,), 2.0 if doubt == "embargo" else 0.0) for doubt in Doubt]),
        ("barq_stories_held", {"held": {"": 1}}, [((doubt,), 0.0) for doubt in Doubt]),
        ("barq_out_of_sight", {"out_of_sight": {"undecided": 1}}, [((f,), 1.0 if f == "undecided" else 0.0) for f in Fault]),
        ("barq_deliveries_parked", {"parked": 3}, [((), 3.0)]),
        ("barq_heartbeat_seconds", {}, [((), -1.0)]),
        ("barq_heartbeat_seconds", {"heartbeat_s": 0.0}, [((), 0.0)]),
    ],
)
def test_a_gauge_is_read_off_the_census(gauge: str, fields: dict[str, Any], expected: list[Any]) -> None:
    assert measure(gauge, known(**fields)) == expected


@pytest.mark.parametrize(
    ("troubles", "expected"),
    [
        (WELL, {"database": 1.0, "broker": 1.0, "disk": 1.0}),
        (Troubles(broker="broker full"), {"database": 1.0, "broker": 0.0, "disk": 1.0}),
        (Troubles(database="away", disk="full"), {"database": 0.0, "broker": 1.0, "disk": 0.0}),
    ],
)
def test_each_part_that_the_wire_stands_on_is_up_or_not(troubles: Troubles, expected: dict[str, float]) -> None:
    for known_census in (census(), None):
        rows = measure("barq_up", Known(census=known_census, sums={}, troubles=troubles))
        assert {labels[0]: value for labels, value in rows} == expected


def test_every_gauge_that_is_declared_is_measured_and_no_other() -> None:
    declared = {metric.name for metric in METRICS if metric.kind is Kind.GAUGE}
    assert set(MEASURED) | {"barq_up"} == declared
    with pytest.raises(KeyError):
        measure("barq_nobody_measures_it", known())


def test_a_sample_has_a_value_for_each_label_that_its_metric_declares() -> None:
    labels_of = {metric.name: metric.labels for metric in METRICS}
    everything = known(sources=TWO_SOURCES, heartbeat_s=1.0)
    for gauge in MEASURED:
        assert [labels for labels, _ in measure(gauge, everything) if len(labels) != len(labels_of[gauge])] == [], gauge


@pytest.mark.parametrize(
    ("sums", "expected"),
    [
        ({}, {}),
        ({"a||": 2.0}, {"a": {(): {"": 2.0}}}),
        ({"a|stage=render|": 1.0, "a|stage=publish|": 4.0}, {"a": {("render",): {"": 1.0}, ("publish",): {"": 4.0}}}),
        ({"a|x=1,y=|": 1.0}, {"a": {("1", ""): {"": 1.0}}}),
        ({"h|e=en|le=0.5": 3.0, "h|e=en|sum": 1.2}, {"h": {("en",): {"le=0.5": 3.0, "sum": 1.2}}}),
    ],
)
def test_sums_are_read_by_name_labels_and_part(sums: dict[str, float], expected: dict[str, Any]) -> None:
    assert read_counted(sums) == expected


def test_buckets_are_shown_with_those_below_them() -> None:
    sums = {
        f"barq_stage_seconds|stage=render|{part}": amount for part, amount in (("le=0.1", 2.0), ("le=+Inf", 1.0), ("sum", 9.5))
    }
    page = samples(exposition(Known(census=None, sums=sums, troubles=WELL)))
    buckets = {labels["le"]: value for labels, value in page["barq_stage_seconds_bucket"]}
    assert (buckets["0.05"], buckets["0.1"], buckets["60.0"], buckets["+Inf"]) == (0.0, 2.0, 2.0, 3.0)
    assert page["barq_stage_seconds_count"] == [({"stage": "render"}, 3.0)]
    assert page["barq_stage_seconds_sum"] == [({"stage": "render"}, 9.5)]


def test_a_page_without_a_database_has_what_was_counted_and_no_gauge_but_up() -> None:
    sums = {'barq_items_accepted_total|provider=Levant "Press"|': 7.0, "barq_gone_metric|x=1|": 1.0}
    page = samples(exposition(Known(census=None, sums=sums, troubles=Troubles(database="away"))))
    assert page["barq_items_accepted_total"] == [({"provider": 'Levant "Press"'}, 7.0)]
    gauges = {metric.name for metric in METRICS if metric.kind is Kind.GAUGE}
    assert gauges & set(page) == {"barq_up"}
    assert "barq_gone_metric" not in page, "an older version of the wire counted it"


def test_every_metric_is_on_the_page_of_an_empty_wire() -> None:
    page = exposition(known()).decode()
    assert [metric.name for metric in METRICS if f"# TYPE {metric.name.removesuffix('_total')}" not in page] == []
