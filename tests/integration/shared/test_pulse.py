"""The pulse makes good whatever the broker lost."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import text

from shared.contracts.work import Follow
from shared.pipeline import Lane, Stage, queue_name, spec_of
from shared.queue import broker, pulse
from tests.support.house import House


def due(count: int) -> list[Follow]:
    return [Follow(stage=Stage.ENRICH, item=uuid4(), revision=1) for _ in range(count)]


def test_work_whose_bell_was_lost_is_rung_for_again(house: House) -> None:
    house.asks(*due(1))  # nobody rings
    assert pulse.beat(house.engine).keys() == {(Stage.ENRICH, Lane.REGULAR)}
    assert house.bells_waiting() == 1


def test_a_bell_that_waits_is_not_rung_again_by_any_number_of_pulses(house: House) -> None:
    house.asks(*due(1))
    for _ in range(5):
        pulse.beat(house.engine)
    assert house.bells_waiting() == 1


def test_after_the_broker_was_wiped_there_are_bells_for_a_whole_backlog(house: House) -> None:
    chunk = spec_of(Stage.ENRICH).chunk
    broker.send(broker.app(), house.asks(*due(3 * chunk)))
    assert house.bells_waiting() == 3
    broker.client().flushall()
    pulse.beat(house.engine)
    assert house.bells_waiting() == 3


def test_a_burst_is_rung_for_once_a_chunk(house: House) -> None:
    chunk = spec_of(Stage.ENRICH).chunk
    broker.send(broker.app(), house.asks(*due(2 * chunk + 1)))
    assert broker.client().llen(queue_name(Stage.ENRICH, Lane.REGULAR)) == 3


def test_a_pulse_without_work_rings_nothing(house: House) -> None:
    assert pulse.beat(house.engine) == {}
    assert house.bells_waiting() == 0


def test_work_that_an_older_version_recorded_under_a_stages_former_name_is_done(house: House) -> None:
    with house.engine.begin() as connection:
        connection.execute(
            text("""
                INSERT INTO work (stage, lane, item, revision, edition, due_at, asked_at)
                VALUES ('deliver', 0, gen_random_uuid(), 1, '', now(), now()),
                    ('push', 1, gen_random_uuid(), 1, 'en', now(), now())
            """)
        )
    pulse.beat(house.engine)
    assert [(row.stage, row.lane) for row in house.work()] == [("fan_out", 0), ("websub", 1)]
    assert house.bells_waiting() == 2
