"""The ledger's promises, kept on a real PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, text

from shared.clock import utc_now
from shared.contracts.work import Dead, Done, Failed, Follow, Later, Outcome, Work
from shared.pipeline import Lane, Stage, spec_of
from shared.queue import ledger, operations
from shared.queue.bells import Bells
from shared.queue.stuck import note_stuck
from tests.support.house import House

ENRICH = spec_of(Stage.ENRICH)


def follow(item: UUID | None = None, stage: Stage = Stage.ENRICH, **fields: object) -> Follow:
    return Follow(stage=stage, item=item or uuid4(), revision=1, **fields)  # type: ignore[arg-type]


class Service:
    """A handler that writes down what it was given, and does with it what the test says."""

    def __init__(self, outcome: Outcome | None = None) -> None:
        self.chunks: list[list[Work]] = []
        self.outcome = outcome or Done()
        self.breaks_on: set[UUID] = set()

    def __call__(self, connection: Connection, chunk: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
        self.chunks.append(list(chunk))
        if self.breaks_on & {work.item for work in chunk}:
            connection.execute(text("SELECT 1 / 0"))
        return {work.id: self.outcome for work in chunk}

    @property
    def done(self) -> list[UUID]:
        return [work.item for chunk in self.chunks for work in chunk]


def do(house: House, service: Service, lane: Lane = Lane.REGULAR, rung: Bells | None = None) -> int:
    return ledger.do_chunk(house.engine, ENRICH, lane, service, rung.update if rung is not None else lambda _: None)


def test_work_is_recorded_with_its_cause_or_not_at_all(house: House) -> None:
    with house.engine.connect() as connection:
        ledger.record(connection, [follow()], lane=Lane.REGULAR, now=utc_now())
        connection.rollback()  # the cause failed
    assert house.work() == []


def test_a_bell_rung_twice_does_nothing_twice(house: House) -> None:
    house.asks(follow())
    service = Service()
    assert [do(house, service), do(house, service)] == [1, 0]
    assert len(service.done) == 1


def test_what_follows_is_recorded_with_the_work_and_rung_for_after_it(house: House) -> None:
    item = uuid4()
    house.asks(follow(item))
    rung = Bells()
    do(house, Service(Done((follow(item, Stage.PUBLISH),))), rung=rung)
    assert rung == {(Stage.PUBLISH, Lane.REGULAR): 1}
    assert [(row.stage, row.state) for row in house.work()] == [("enrich", "done"), ("publish", "due")]


def test_a_stage_asks_only_for_what_the_pipeline_lets_follow(house: House) -> None:
    house.asks(follow())
    do(house, Service(Done((follow(stage=Stage.FAN_OUT),))))
    (row,) = house.work()
    assert row.state == "due"
    assert "which the pipeline does not let it" in row.error


def test_work_asked_for_again_after_it_was_done_is_due_again(house: House) -> None:
    item = uuid4()
    service = Service()
    for _ in range(2):
        house.asks(follow(item))
        do(house, service)
    assert service.done == [item, item]
    assert len(house.work()) == 1


def test_one_bad_item_never_holds_the_others_back(house: House) -> None:
    items = [uuid4() for _ in range(10)]
    house.asks(*(follow(item) for item in items))
    service = Service()
    service.breaks_on = {items[3]}
    assert do(house, service) == 9
    states = {row.item: row.state for row in house.work()}
    assert {item for item, state in states.items() if state == "due"} == {items[3]}
    assert [len(chunk) for chunk in service.chunks] == [10] + [1] * 10


def test_a_failed_item_waits_longer_each_time_and_is_dead_in_the_end_with_its_error(house: House) -> None:
    house.asks(follow())
    service = Service(Failed("Traceback: no such place"))
    waits = []
    for _ in range(ENRICH.attempts):
        do(house, service)
        (row,) = house.work()
        waits.append(round((row.due_at - utc_now()).total_seconds()))
        house.time_passes(hours=1)
    assert waits[:4] == [1, 2, 4, 8]
    assert (row.state, row.attempts, row.error) == ("dead", ENRICH.attempts, "Traceback: no such place")
    assert do(house, service) == 0


def test_what_can_never_succeed_is_dead_at_once(house: House) -> None:
    house.asks(follow())
    do(house, Service(Dead("published already")))
    (row,) = house.work()
    assert (row.state, row.error) == ("dead", "published already")


def test_a_dead_letter_replayed_begins_anew(house: House) -> None:
    house.asks(follow())
    do(house, Service(Dead("mend me")))
    with house.engine.begin() as connection:
        assert operations.replay(connection, [house.work()[0].id], utc_now()) == {(Stage.ENRICH, Lane.REGULAR): 1}
    service = Service()
    assert do(house, service) == 1
    assert service.chunks[0][0].attempts == 1


def test_a_discarded_dead_letter_is_gone_and_living_work_is_not(house: House) -> None:
    house.asks(follow(), follow())
    do(house, Service(Dead("no")))
    house.asks(follow())
    with house.engine.begin() as connection:
        assert operations.discard(connection, [row.id for row in house.work()]) == 2
    assert [row.state for row in house.work()] == ["due"]


def test_what_is_put_off_does_not_count_as_an_attempt(house: House) -> None:
    house.asks(follow())
    for _ in range(20):
        do(house, Service(Later(timedelta(0), "busy")))
    (row,) = house.work()
    assert (row.state, row.attempts, row.error) == ("due", 0, "busy")


def test_nothing_is_taken_before_its_time(house: House) -> None:
    assert house.asks(follow(due_at=utc_now() + timedelta(minutes=5))) == {}
    service = Service()
    assert do(house, service) == 0
    house.time_passes(minutes=5)
    assert do(house, service) == 1


def test_a_worker_that_dies_in_the_middle_leaves_its_work_due(house: House) -> None:
    house.asks(follow())

    class Killed(BaseException):
        """Stands for SIGKILL: nothing after it runs."""

    def dies(connection: Connection, chunk: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
        raise Killed

    with pytest.raises(Killed):
        ledger.do_chunk(house.engine, ENRICH, Lane.REGULAR, dies, lambda _: None)
    service = Service()
    assert do(house, service) == 0, "it is held for a moment"
    house.time_passes(seconds=ledger.HOLD.total_seconds())
    assert do(house, service) == 1
    assert service.chunks[0][0].attempts == 2


def test_work_that_kills_its_worker_is_taken_alone_and_is_dead_in_the_end(house: House) -> None:
    poison, good = uuid4(), uuid4()
    house.asks(follow(poison))
    with house.engine.begin() as connection:
        connection.execute(text("UPDATE work SET attempts = 3"))
    house.asks(follow(good))
    service = Service()
    do(house, service)
    assert sorted(len(chunk) for chunk in service.chunks) == [1, 1]
    house.asks(follow(poison))
    with house.engine.begin() as connection:
        connection.execute(text("UPDATE work SET attempts = :most WHERE item = :item"), {"most": 8, "item": poison})
    assert do(house, service) == 0
    dead = next(row for row in house.work() if row.item == poison)
    assert (dead.state, dead.error) == ("dead", "the worker died 8 times while it held this piece of work")


def suspects(house: House, count: int) -> None:
    """Work whose worker was ended in the middle of a chunk of it."""
    house.asks(*(follow() for _ in range(count)))
    with house.engine.begin() as connection:
        connection.execute(text("UPDATE work SET attempts = 1, held_until = now() - interval '1 second'"))


class Stuck(BaseException):
    """Stands for a worker that is ended in the middle of a piece of work."""


def test_one_that_sticks_the_second_time_holds_no_other_of_its_chunk(house: House) -> None:
    suspects(house, 20)

    def sticks(connection: Connection, chunk: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
        raise Stuck

    with pytest.raises(Stuck):
        ledger.do_chunk(house.engine, ENRICH, Lane.REGULAR, sticks, lambda _: None)
    with house.engine.begin() as connection:  # a slow machine's holds end late too
        connection.execute(text("UPDATE work SET held_until = held_until + interval '1 hour' WHERE attempts = 2"))
    service = Service()
    assert do(house, service) == 19, "nobody waits for the end of a hold"
    assert [len(chunk) for chunk in service.chunks] == [1] * 19
    assert [row.attempts for row in house.work() if row.state == "due"] == [2]


def test_only_one_that_is_stuck_is_in_hand_at_a_time_and_all_other_work_goes_on(house: House) -> None:
    suspects(house, 5)
    with house.engine.begin() as connection:
        connection.execute(text("UPDATE work SET stuck = 1"))
    fresh = [uuid4() for _ in range(10)]
    house.asks(*(follow(item) for item in fresh))
    begun, goes_on = threading.Event(), threading.Event()

    def slow(connection: Connection, chunk: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
        begun.set()
        assert goes_on.wait(60)
        return {work.id: Done() for work in chunk}

    thread = threading.Thread(target=ledger.do_chunk, args=[house.engine, ENRICH, Lane.REGULAR, slow, lambda _: None])
    thread.start()
    assert begun.wait(60)
    with house.engine.begin() as connection:  # an innocent one of a worker that was ended
        connection.execute(text("UPDATE work SET attempts = 1, held_until = due_at WHERE item = :item"), {"item": fresh[0]})
    service = Service()
    while do(house, service):
        pass
    assert sorted(service.done) == sorted(fresh)
    goes_on.set()
    thread.join()
    house.time_passes(seconds=5)
    while do(house, service):
        pass
    assert {row.state for row in house.work()} == {"done"}


def test_what_is_urgent_and_stuck_waits_for_nothing_regular(house: House) -> None:
    urgent = uuid4()
    suspects(house, 1)
    service, urgent_done = Service(), list[int]()

    def meanwhile(connection: Connection, chunk: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
        house.asks(follow(urgent), lane=Lane.EXPRESS)
        with house.engine.begin() as other:
            other.execute(text("UPDATE work SET attempts = 1, stuck = 1 WHERE item = :item"), {"item": urgent})
        urgent_done.append(do(house, service, Lane.EXPRESS))
        return {work.id: Done() for work in chunk}

    with house.engine.begin() as connection:
        connection.execute(text("UPDATE work SET stuck = 1"))
    ledger.do_chunk(house.engine, ENRICH, Lane.REGULAR, meanwhile, lambda _: None)
    assert (urgent_done, service.done) == ([1], [urgent])


def test_what_took_its_worker_with_it_takes_no_second_before_the_first_is_back(house: House) -> None:
    suspects(house, 1)
    with house.engine.begin() as connection:
        connection.execute(text("UPDATE work SET held_by = 'first', held_until = now() - interval '1 second'"))
        connection.execute(
            text("""
                INSERT INTO workers (name, services, lanes, started_at, heard_at)
                VALUES ('first', '{}', '{}', now() - interval '1 hour', now())
            """)
        )
    fresh = uuid4()
    house.asks(follow(fresh))
    service = Service()

    def second_does() -> None:
        ledger.do_chunk(house.engine, ENRICH, Lane.REGULAR, service, lambda _: None, worker="second")

    second_does()
    assert service.done == [fresh], "the second may be held by it before the first is there again"
    with house.engine.begin() as connection:
        connection.execute(text("UPDATE workers SET started_at = now()"))
    second_does()
    assert len(service.done) == 2


def test_what_took_a_worker_that_never_comes_back_is_done_by_another(house: House) -> None:
    suspects(house, 2)
    with house.engine.begin() as connection:
        connection.execute(text("UPDATE work SET held_by = 'gone', held_until = now() - interval '1 minute'"))
    assert do(house, Service()) == 2


def sticks_alone(house: House, times: int) -> None:
    for _ in range(times):
        with house.engine.begin() as connection:
            (row,) = house.work()
            note_stuck(connection, row.id, attempts=row.attempts, longer_than_s=12.0, now=utc_now())


def test_what_sticks_alone_is_dead_after_the_third_time_and_begins_anew_when_it_is_replayed(house: House) -> None:
    house.asks(follow())
    sticks_alone(house, 2)
    (row,) = house.work()
    assert (row.state, row.stuck, row.error) == ("due", 2, "took longer than 12 s twice")
    sticks_alone(house, 1)
    (row,) = house.work()
    assert (row.state, row.stuck, row.error) == ("dead", 3, "took longer than 12 s three times")
    with house.engine.begin() as connection:
        operations.replay(connection, [row.id], utc_now())
    sticks_alone(house, 1)
    (row,) = house.work()
    assert (row.state, row.stuck) == ("due", 1)


def test_what_was_done_or_asked_for_anew_meanwhile_is_not_stuck(house: House) -> None:
    item = uuid4()
    house.asks(follow(item))
    do(house, Service(Failed("no luck")))
    (before,) = house.work()
    house.asks(follow(item))
    with house.engine.begin() as connection:
        note_stuck(connection, before.id, attempts=before.attempts, longer_than_s=12.0, now=utc_now())
    do(house, Service())
    sticks_alone(house, 1)
    (row,) = house.work()
    assert (row.state, row.stuck) == ("done", 0)


def test_a_worker_is_told_what_it_begins_a_chunk_or_each_alone(house: House) -> None:
    items = [uuid4() for _ in range(4)]
    house.asks(*(follow(item) for item in items))
    service, begun = Service(), list[int]()
    service.breaks_on = {items[1]}
    ledger.do_chunk(
        house.engine, ENRICH, Lane.REGULAR, service, lambda _: None, begins=lambda works: begun.append(len(works)), worker="w"
    )
    assert begun == [4, 1, 1, 1, 1]
    assert {row.held_by for row in house.work()} == {"w"}


def test_express_work_is_taken_before_older_regular_work(house: House) -> None:
    regular = [uuid4() for _ in range(ENRICH.chunk)]
    house.asks(*(follow(item) for item in regular))
    urgent = uuid4()
    house.asks(follow(urgent), lane=Lane.EXPRESS)
    service = Service()
    do(house, service)
    assert service.chunks[0][0].item == urgent


def test_an_express_bell_takes_express_work_only(house: House) -> None:
    house.asks(*(follow() for _ in range(5)))
    urgent = uuid4()
    house.asks(follow(urgent), lane=Lane.EXPRESS)
    service = Service()
    do(house, service, Lane.EXPRESS)
    assert service.done == [urgent]


def test_two_workers_never_do_the_same_work(house: House) -> None:
    items = [uuid4() for _ in range(400)]
    house.asks(*(follow(item) for item in items))
    services = [Service() for _ in range(4)]

    def until_empty(service: Service) -> None:
        while do(house, service):
            pass

    threads = [threading.Thread(target=until_empty, args=[service]) for service in services]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(item for service in services for item in service.done) == sorted(items)


def test_a_paused_stage_keeps_its_work_until_it_is_resumed(house: House) -> None:
    house.asks(follow())
    with house.engine.begin() as connection:
        operations.pause(connection, Stage.ENRICH, utc_now())
    service = Service()
    assert do(house, service) == 0
    with house.engine.connect() as connection:
        assert operations.due_and_unheld(connection, utc_now(), 100) == []
    with house.engine.begin() as connection:
        operations.resume(connection, Stage.ENRICH)
    assert do(house, service) == 1


def test_one_that_failed_for_good_takes_no_other_with_it(house: House) -> None:
    house.asks(follow(), follow())
    with house.engine.begin() as connection:
        connection.execute(
            text("UPDATE work SET attempts = :nearly WHERE id = (SELECT min(id) FROM work)"),
            {"nearly": ENRICH.attempts - 1},
        )
    service = Service(Failed("no luck"))
    do(house, service)
    assert sorted(row.state for row in house.work()) == ["dead", "due"]


@pytest.mark.parametrize("state", ["53100", "53300", "55P03", "40001", "57P01"])
def test_what_the_database_is_to_blame_for_counts_as_no_attempt(house: House, state: str) -> None:
    house.asks(Follow(stage=Stage.ENRICH, item=uuid4(), revision=1))
    broken = [True]

    def handler(connection: Connection, chunk: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
        if broken[0]:
            connection.execute(text(f"DO $$ BEGIN RAISE EXCEPTION 'not now' USING ERRCODE = '{state}'; END $$"))
        return {work.id: Done() for work in chunk}

    for _ in range(20):
        assert ledger.do_chunk(house.engine, spec_of(Stage.ENRICH), Lane.REGULAR, handler, lambda _: None) == 0
        house.time_passes(seconds=3)
    (work,) = house.work()
    assert (work.state, work.attempts) == ("due", 0)
    broken[0] = False
    assert ledger.do_chunk(house.engine, spec_of(Stage.ENRICH), Lane.REGULAR, handler, lambda _: None) == 1


def test_an_error_that_is_kept_has_no_word_of_the_text_that_was_written(house: House) -> None:
    house.asks(follow())
    word = "".join(reversed("arbadacarbA"))  # which is not in the traceback as a line of this file

    def breaks(connection: Connection, _: Sequence[Work], __: datetime) -> Mapping[int, Outcome]:
        connection.execute(text("SELECT 1 / (length(CAST(:body AS varchar)) - 11)"), {"body": word})
        raise AssertionError("unreachable")

    ledger.do_chunk(house.engine, ENRICH, Lane.REGULAR, breaks, lambda _: None)
    (work,) = house.work()
    assert "division by zero" in work.error
    assert word not in work.error


def test_a_chunk_has_as_many_as_its_texts_let_one_do_and_the_rest_is_unbegun(house: House) -> None:
    long = "<p>" + "word " * 95_000 + "</p>"
    for number in range(6):
        house.pushes(uri=f"urn:long:{number}", body_text=None, body_html=long)
    service = Service()
    rung = Bells()
    do(house, service, rung=rung)
    (chunk,) = service.chunks
    assert 1 <= len(chunk) < 6
    assert rung == {(Stage.ENRICH, Lane.REGULAR): 6 - len(chunk)}
    assert {(row.attempts, row.state) for row in house.work() if row.id not in {work.id for work in chunk}} == {(0, "due")}
    while do(house, service):
        pass
    assert [work.id for chunk in service.chunks for work in chunk] == sorted(row.id for row in house.work())
