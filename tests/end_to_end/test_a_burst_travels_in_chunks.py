"""A burst needs few messages: bells for chunks, not one for each item and stage."""

from __future__ import annotations

import json

from redis import Redis

from shared.pipeline import STAGES
from tests.support.factories import sent
from tests.support.running_wire import RunningWire

ITEMS = 500


def messages_sent(broker: Redis) -> int:
    """Every message that Celery ever sent, as the broker itself counted."""
    return int(broker.info("commandstats").get("cmdstat_lpush", {}).get("calls", 0))


def test_hundreds_of_items_in_one_request_take_far_fewer_messages_than_items_times_stages(wire: RunningWire) -> None:
    broker = Redis.from_url(wire.run.broker_url)
    before = messages_sent(broker)
    body = "\n".join(json.dumps(sent(uri=f"urn:{n}", headline=f"Story {n}")) for n in range(ITEMS))
    with wire.client() as client:
        answer = client.post("/v1/items", content=body, headers={"content-type": "application/x-ndjson"})
    assert len(answer.json()["accepted"]) == ITEMS

    def published() -> bool:
        status = wire.status()
        return status["stories"] == ITEMS and not any(queue["depth"] for queue in status["queues"])

    wire.eventually(published, 120)
    assert messages_sent(broker) - before < ITEMS * len(STAGES) / 10
    broker.close()
