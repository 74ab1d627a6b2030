"""No word of a story is public while one that it evolved from may not be, however they come and whatever they say later."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.clock import utc_now
from shared.contracts.item import Doubt
from shared.pipeline import Lane, Stage, spec_of
from shared.queue import ledger
from shared.queue.worker import handler_of
from tests.support.factories import sent
from tests.support.house import House

CHILD, PARENT = "urn:newsroom:child", "urn:newsroom:parent"


def ahead(hours: float = 1) -> str:
    return (utc_now() + timedelta(hours=hours)).isoformat()


def told(uri: str, **fields: Any) -> dict[str, Any]:
    return sent(uri=uri, headline=f"News of {uri}", body_text=f"Some words of {uri} that nobody said before.", **fields)


def child(**fields: Any) -> dict[str, Any]:
    return told(CHILD, **{"evolvedfrom": PARENT, **fields})


def parent(**fields: Any) -> dict[str, Any]:
    return told(PARENT, **fields)


def states(house: House) -> dict[str, str]:
    return {row.uri: row.state for row in house.rows("SELECT uri, state FROM stories")}


def ends(house: House, uri: str) -> None:
    """The end of an embargo comes: what the item says of it is as old."""
    with house.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE items SET content = content || jsonb_build_object('embargoed_until', now() - interval '1 second') "
            "WHERE uri = %s AND content ? 'embargoed_until'",
            (uri,),
        )
        connection.exec_driver_sql(
            "UPDATE stories SET embargoed_until = now() - interval '1 second' WHERE uri = %s AND embargoed_until < '9999-01-01'",
            (uri,),
        )
        connection.exec_driver_sql("UPDATE work SET due_at = now() WHERE stage = 'lift' AND state = 'due'")


@pytest.mark.parametrize("said", [{"embargoed": ahead()}, {"embargo": True}, {"pubstatus": "withheld"}])
@pytest.mark.parametrize("of_child", [{}, {"embargoed": ahead(-1)}, {"embargoed": None}, {"embargoed": ahead(0.5)}])
@pytest.mark.parametrize("is_child_first", [False, True])
def test_both_in_one_push(house: House, said: dict[str, Any], of_child: dict[str, Any], is_child_first: bool) -> None:
    both = [parent(**said), child(**of_child)]
    house.pushes_many(both[::-1] if is_child_first else both)
    house.works()
    ends(house, CHILD)
    house.works()
    assert states(house)[CHILD] == "embargoed"
    assert house.titles() == []


def test_the_child_waits_while_its_parents_item_is_on_its_way(house: House) -> None:
    house.pushes_many([parent(embargoed=ahead()), child()])
    house.works(Stage.ENRICH)
    (row,) = house.rows(
        "SELECT work.item FROM work JOIN items ON items.id = work.item WHERE uri = :u AND stage = 'publish'", u=PARENT
    )
    with house.engine.begin() as connection:  # another worker has it in hand
        connection.exec_driver_sql(
            "UPDATE work SET held_until = now() + interval '1 hour' WHERE item = %s AND stage = 'publish'", (row.item,)
        )
    house.works()
    assert states(house) == {}
    with house.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE work SET held_until = NULL, attempts = 0, due_at = now() WHERE state = 'due'")
    house.works()
    assert states(house) == {PARENT: "embargoed", CHILD: "embargoed"}


@pytest.mark.parametrize("then", [{"embargoed": ahead(5)}, {"pubstatus": "withheld"}, {"embargo": True, "embargoed": None}])
@pytest.mark.parametrize("is_applied", [True, False])
def test_what_the_parent_says_later_holds_the_child(house: House, then: dict[str, Any], is_applied: bool) -> None:
    house.pushes_many([parent(embargoed=ahead()), child()])
    house.works()
    house.pushes_many([parent(version=2, **then)])
    if is_applied:
        house.works()
    ends(house, CHILD)
    house.works(Stage.LIFT)
    assert states(house)[CHILD] == "embargoed"
    house.works()
    assert house.titles() == []


def test_the_child_is_public_when_its_parent_is(house: House) -> None:
    grandchild = "urn:newsroom:grandchild"
    house.pushes_many([told(grandchild, evolvedfrom=CHILD), child(), parent(embargoed=ahead())])
    house.works()
    assert states(house) == {PARENT: "embargoed", CHILD: "embargoed", grandchild: "embargoed"}
    house.pushes_many([parent(version=2, pubstatus="withheld")])
    house.works()
    house.pushes_many([parent(version=3, embargoed=None)])
    house.works()
    assert set(states(house).values()) == {"published"}


def test_a_system_cannot_say_that_somebody_has_looked(house: House) -> None:
    item = {"uri": PARENT, "version": 1, "headline": "EMBARGOED for later", "body_html": "<p>Words.</p>", "language": "en"}
    answer = house.newsroom().post("/v1/items", json={"wire_item": {**item, "stands_alone": True}})
    assert answer.status_code == 202, answer.text
    house.works()
    assert states(house) == {PARENT: "held"}


def test_families_at_random(house: House) -> None:
    dice = random.Random(7)  # noqa: S311
    for number in range(6):
        uris = [f"urn:family:{number}:{place}" for place in range(dice.randint(2, 4))]
        versions = dict.fromkeys(uris, 0)
        unsent = uris[:]
        for _ in range(8):
            push = []
            for uri in dice.sample(uris, dice.randint(1, len(uris))):
                if uri != uris[0] and not versions[uri] and uris[0] in unsent and dice.random() < 0.7:
                    continue
                versions[uri] += 1
                place = uris.index(uri)
                older: dict[str, Any] = {"evolvedfrom": uris[place - 1]} if place else {}
                said: dict[str, Any] = dice.choice(
                    [
                        {},
                        {},
                        {"embargoed": ahead()},
                        {"embargoed": ahead(-1)},
                        {"embargoed": None},
                        {"embargo": True},
                        {"pubstatus": "withheld"},
                    ]
                )
                push.append(told(uri, version=versions[uri], **older, **said))
                unsent = [other for other in unsent if other != uri]
            before = states(house)
            if push:
                house.pushes_many(push)
            _work_in_any_order(house, dice)
            if dice.random() < 0.3:
                ends(house, dice.choice(uris))
                _work_in_any_order(house, dice)
            _nobody_is_ahead_of_its_ancestors(house, uris, before)


def _work_in_any_order(house: House, dice: random.Random) -> None:
    """Workers that take one at a time, of any stage: as many that cross each other."""
    for _ in range(12):
        spec = spec_of(dice.choice([Stage.ENRICH, Stage.PUBLISH, Stage.LIFT]))
        with house.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE work SET due_at = now() WHERE state = 'due' AND stage = 'publish'")
        ledger.do_chunk(house.engine, replace(spec, chunk=dice.choice([1, 50])), Lane.REGULAR, handler_of(spec), lambda _: None)


def _nobody_is_ahead_of_its_ancestors(house: House, uris: list[str], before: dict[str, str]) -> None:
    """Of those that became public just now: what came after them, or was public before, binds them no more."""
    rows = house.rows("""
        SELECT uri, state, doubt, embargoed_until, published_at,
               (SELECT min(accepted_at) FROM items WHERE items.uri = stories.uri) AS came_at
        FROM stories
    """)
    now = {row.uri: row for row in rows}
    for place, uri in enumerate(uris):
        if uri in now and now[uri].state == "published" and before.get(uri) not in ("published", "withheld"):
            for older in reversed(uris[:place]):
                if older not in now or now[older].came_at >= now[uri].published_at:
                    break  # what lies behind one that was not there could not be known
                ancestor = now[older]
                if ancestor.published_at is None:
                    assert ancestor.state != "withheld", (uri, ancestor)
                    assert not (ancestor.state == "held" and ancestor.doubt == Doubt.EMBARGO), (uri, ancestor)
                    assert not (ancestor.state == "embargoed" and ancestor.embargoed_until > utc_now()), (uri, ancestor)
