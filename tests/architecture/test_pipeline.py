"""The pipeline's table is whole, and everything that should follow from it does."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest

from shared.pipeline import (
    FIRST_STAGE_OF_NEWS,
    FIRST_STAGE_OF_RETRACTIONS,
    STAGES,
    Lane,
    Stage,
    StageSpec,
    lane_of,
    lanes_down_to,
    mermaid,
    queue_name,
    queues,
    services,
    spec_of,
    stages_table,
)
from shared.queue import broker
from shared.settings import Settings

ROOT = Path(__file__).parents[2]


def followers(stage: Stage) -> set[Stage]:
    """Every stage that can come after one."""
    direct = set(spec_of(stage).then)
    return direct.union(*(followers(follower) for follower in direct))


def test_every_stage_is_in_the_table_once() -> None:
    assert sorted(spec.stage for spec in STAGES) == sorted(Stage)


def test_every_stage_is_reached_by_an_item_or_by_somebody_outside() -> None:
    first = {FIRST_STAGE_OF_NEWS, FIRST_STAGE_OF_RETRACTIONS, Stage.POLL, Stage.VERIFY, Stage.REFILE}
    first |= {spec.stage for spec in STAGES if spec.stands}
    assert first.union(*(followers(stage) for stage in first)) == set(Stage)


def test_no_stage_comes_after_itself() -> None:
    assert [stage for stage in Stage if stage in followers(stage)] == []


@pytest.mark.parametrize("spec", STAGES, ids=lambda spec: spec.stage)
def test_every_stage_is_done_by_its_service(spec: StageSpec) -> None:
    assert callable(import_module(f"services.{spec.service}.stages").HANDLERS[spec.stage])


@pytest.mark.parametrize("service", services())
def test_a_service_does_no_stage_that_the_pipeline_does_not_know(service: str) -> None:
    assert set(import_module(f"services.{service}.stages").HANDLERS) == {s.stage for s in STAGES if s.service == service}


def test_celerys_queues_are_the_pipelines_express_first() -> None:
    names = [queue.name for queue in broker.make_app("redis://nowhere").conf.task_queues]
    assert names == [queue_name(stage, lane) for stage, lane in queues()]
    lanes = [lane for _, lane in queues()]
    assert lanes == sorted(lanes, key=[Lane.EXPRESS, Lane.REGULAR].index)


def test_celery_takes_json_only_acknowledges_late_and_keeps_no_results() -> None:
    conf = broker.make_app("redis://nowhere").conf
    assert (conf.accept_content, conf.task_acks_late, conf.result_backend) == (["json"], True, None)
    assert conf.task_create_missing_queues is False


@pytest.mark.parametrize(
    ("urgency", "retracts", "lane"),
    [(1, False, Lane.EXPRESS), (3, False, Lane.EXPRESS), (4, False, Lane.REGULAR), (9, True, Lane.EXPRESS)],
)
def test_urgent_copy_and_kills_take_the_express_lane(urgency: int, retracts: bool, lane: Lane) -> None:
    assert lane_of(urgency=urgency, retracts=retracts) is lane


def test_a_retry_waits_twice_as_long_each_time_and_ten_minutes_at_most() -> None:
    waits = [spec_of(Stage.ENRICH).retry_in(attempt).total_seconds() for attempt in (1, 2, 3, 4, 40)]
    assert waits == [1, 2, 4, 8, 600]
    assert [spec.retry_in(30_000) for spec in STAGES] == [timedelta(minutes=10)] * len(STAGES)


@pytest.mark.parametrize("spec", STAGES, ids=lambda spec: spec.stage)
def test_every_deadline_lies_between_what_ends_by_itself_and_who_would_end_it_otherwise(spec: StageSpec) -> None:
    limits = Settings()
    assert limits.lock_timeout_s < spec.deadline_s < limits.stuck_after_s
    if spec.service not in {"ingest", "translation", "delivery"} and spec.stage is not Stage.REFRESH:
        assert spec.deadline_s < limits.idle_in_transaction_s


def test_whoever_takes_regular_work_takes_express_work_too() -> None:
    assert [lanes_down_to(lane) for lane in Lane] == [(Lane.EXPRESS,), (Lane.EXPRESS, Lane.REGULAR)]


def test_the_readmes_picture_and_table_are_the_pipelines() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert mermaid() in readme
    assert stages_table() in readme
