"""While the broker is frozen, items are answered, read and taken back; afterwards all is as before."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator

import pytest

from shared.queue.broker import PATIENCE_S
from tests.support.factories import sent
from tests.support.running_wire import RunningWire

FEED = "/en/feeds/all.rss"


@pytest.fixture
def frozen(wire: RunningWire) -> Iterator[RunningWire]:
    (valkey,) = wire.processes("valkey-server")
    valkey.send_signal(signal.SIGSTOP)
    yield wire
    valkey.send_signal(signal.SIGCONT)


def pushes(wire: RunningWire, **fields: object) -> float:
    """Push an item; how long the answer took."""
    with wire.client() as client:
        began_s = time.monotonic()
        answer = client.post("/v1/items", json=sent(**fields))
        assert answer.status_code == 202, answer.text
        return time.monotonic() - began_s


def test_a_story_is_read_and_killed_while_the_broker_is_frozen(frozen: RunningWire) -> None:
    wire = frozen
    for n in range(3):
        took_s = pushes(wire, uri=f"urn:{n}", headline=f"Story {n}")
        assert took_s < PATIENCE_S, "nobody waited for the broker even once"
        wire.eventually(lambda n=n: f"Story {n}" in wire.titles(FEED))  # type: ignore[misc]
        assert pushes(wire, uri=f"urn:{n}", version=2, headline=f"Story {n}", pubstatus="canceled") < PATIENCE_S
        wire.eventually(lambda n=n: f"Story {n}" not in wire.titles(FEED))  # type: ignore[misc]
    with wire.client() as client:
        assert client.get("/readyz").json() == {"ready": False, "lacking": ["the broker does not answer"]}

    (valkey,) = wire.processes("valkey-server")
    valkey.send_signal(signal.SIGCONT)
    pushes(wire, uri="urn:after", headline="Story after")
    wire.eventually(lambda: "Story after" in wire.titles(FEED))
    with wire.client() as client:
        wire.eventually(lambda: client.get("/readyz").status_code == 200)
