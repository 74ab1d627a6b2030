"""Messages of a real broker are heard in the order of turns."""

from __future__ import annotations

import pytest

from shared.pipeline import Lane, Stage, queue_name
from shared.queue import broker
from shared.queue.bells import Bells
from tests.support.house import House


@pytest.mark.parametrize("lane", Lane)
def test_a_stage_that_always_has_work_keeps_none_behind_it_waiting(house: House, lane: Lane) -> None:
    app, heard = broker.make_app(broker.broker_url()), list[str]()
    broker.send(app, Bells({(Stage.ENRICH, lane): 250, (Stage.RENDER, lane): 50, (Stage.REFRESH, lane): 500}))
    with app.connection_for_read() as connection, connection.channel() as channel:
        consumer = app.amqp.TaskConsumer(channel, queues=[app.amqp.queues[queue_name(stage, lane)] for stage in Stage])
        consumer.register_callback(lambda _, message: heard.append(message.delivery_info["routing_key"]))
        consumer.qos(prefetch_count=1)
        with consumer:
            while len(heard) < 7:
                connection.drain_events(timeout=5)
    enrich, render, refresh = (queue_name(stage, lane) for stage in (Stage.ENRICH, Stage.RENDER, Stage.REFRESH))
    assert {*heard[:3]} == {enrich, render, refresh}
    assert heard[3:] == [enrich] * 4
