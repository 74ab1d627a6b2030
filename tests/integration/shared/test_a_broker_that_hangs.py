"""A broker that takes connections and answers nothing, as one that is frozen or swapped out: nobody waits for it."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator

import pytest
from redis import RedisError

from shared import metrics
from shared.contracts.work import Follow
from shared.embedded.servers import Valkey
from shared.pipeline import Lane, Stage, lanes_down_to, queue_name, services, stages_of_all
from shared.queue import broker, pulse
from shared.queue.bells import Bells
from shared.queue.in_hand import Slate, in_hand_file
from shared.queue.liveness import Liveness
from shared.queue.worker import Doing
from tests.support.house import House


@pytest.fixture
def frozen(own_broker: Valkey) -> Iterator[Valkey]:
    broker.client().ping()
    own_broker.process.send_signal(signal.SIGSTOP)  # type: ignore[attr-defined]
    yield own_broker
    own_broker.process.send_signal(signal.SIGCONT)  # type: ignore[attr-defined]


def test_a_push_is_answered_before_anybody_has_waited_for_the_broker(house: House, frozen: Valkey) -> None:
    house.newsroom()  # its key is made
    began_s = time.monotonic()
    for n in range(20):
        house.pushes(uri=f"urn:{n}")
    assert time.monotonic() - began_s < 20 * broker.PATIENCE_S / 2
    assert not broker.all_rung(0.0), "the first bell is still being rung"


def test_bells_left_with_a_frozen_broker_never_grow_beyond_a_number_for_each_queue(house: House, frozen: Valkey) -> None:
    ringer = broker.Ringer(broker.app)
    for _ in range(10_000):
        ringer.ring(Bells({(Stage.ENRICH, Lane.REGULAR): 1}))
    assert len(ringer._left) <= 1
    assert ringer.all_rung(10 * broker.PATIENCE_S), "what cannot be rung is dropped"


def test_a_bell_after_the_broker_goes_on_is_rung(house: House, frozen: Valkey) -> None:
    broker.ring(Bells({(Stage.ENRICH, Lane.REGULAR): 1}))
    assert broker.all_rung(10 * broker.PATIENCE_S)
    frozen.process.send_signal(signal.SIGCONT)  # type: ignore[attr-defined]
    broker.client().delete(queue_name(Stage.ENRICH, Lane.REGULAR))
    broker.ring(Bells({(Stage.ENRICH, Lane.REGULAR): 1}))
    assert broker.all_rung()
    assert broker.client().llen(queue_name(Stage.ENRICH, Lane.REGULAR)) == 1


def test_the_plain_client_asks_a_silent_broker_once_and_gives_up(own_broker: Valkey, frozen: Valkey) -> None:
    began_s = time.monotonic()
    with pytest.raises(RedisError):
        broker.client().ping()
    assert time.monotonic() - began_s < 2 * broker.PATIENCE_S


def test_the_plain_client_opens_a_connection_that_was_cut_again(own_broker: Valkey) -> None:
    broker.client().ping()
    broker.client().client_kill_filter(_type="normal", skipme=False)
    assert broker.client().ping()


def test_the_pulse_misses_a_beat_and_beats_again(house: House, frozen: Valkey) -> None:
    item = house.pushes()
    assert broker.all_rung(10 * broker.PATIENCE_S)
    with pytest.raises(RedisError):
        pulse.beat(house.engine)
    frozen.process.send_signal(signal.SIGCONT)  # type: ignore[attr-defined]
    broker.client().flushall()
    assert pulse.beat(house.engine).keys() == {(Stage.ENRICH, Lane.REGULAR)}, item


def doing_everything(house: House, lane: Lane = Lane.REGULAR) -> Doing:
    slate = Slate(in_hand_file(house.home, "w"))
    lanes = lanes_down_to(lane)
    return Doing(stages_of_all(services()), broker.Ringer(broker.app), Liveness(time.monotonic()), slate, name="w", lanes=lanes)


def test_what_could_not_be_counted_is_counted_once_when_the_broker_goes_on(house: House, frozen: Valkey) -> None:
    metrics.count("barq_items_rejected_total", problem="test")
    for _ in range(3):
        metrics.flush(broker.client)
    frozen.process.send_signal(signal.SIGCONT)  # type: ignore[attr-defined]
    metrics.flush(broker.client)
    sums = metrics.read_sums(broker.client())
    assert [amount for field, amount in sums.items() if "problem=test" in field] == [1.0]


def test_a_worker_with_nothing_in_hand_finds_what_is_due_itself_express_first(house: House, frozen: Valkey) -> None:
    regular, express = house.pushes(uri="urn:regular", urgency=5), house.pushes(uri="urn:express", urgency=1)
    doing = doing_everything(house)
    assert doing.look()
    done = house.rows("SELECT item FROM work WHERE state = 'done'")
    assert [str(row.item) for row in done] == [express["item"]]
    while doing.look():
        pass
    assert {row.state for row in house.work()} == {"done"}
    assert len(house.titles()) == 2, regular


def test_a_worker_that_is_told_to_end_finds_nothing_more(house: House, own_broker: Valkey) -> None:
    house.pushes()
    doing = doing_everything(house)
    doing.finish(1)
    assert not doing.look()
    house.asks(Follow(stage=Stage.ENRICH, item=house.work()[0].item, revision=1))
    assert {row.state for row in house.work()} == {"due"}
