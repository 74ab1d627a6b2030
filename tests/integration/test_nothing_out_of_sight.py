"""The rule above all: whatever is accepted can be read, or says why not, to the item."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi.testclient import TestClient

from shared.archive import audit
from shared.clock import utc_now
from tests.support.house import House
from tests.support.oddities import Sending, sendings

COUNT = 150

#: states that say by themselves why nobody reads the item
SAYS_ENOUGH = {"embargoed", "withheld", "killed", "expired", "superseded"}
#: states that owe a word of explanation
OWES_A_REASON = {"held", "internal", "dead"}


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a sending was answered."""

    sending: Sending
    status: int
    accepted: Sequence[dict[str, Any]]


def push(newsroom: TestClient, sending: Sending) -> Told:
    answer = newsroom.post("/v1/items", content=sending.body, headers={"content-type": sending.media_type})
    return Told(sending=sending, status=answer.status_code, accepted=answer.json().get("accepted", []))


def out_of_sight(house: House, newsroom: TestClient, item: str) -> str:
    """What is wrong with where an item is; empty if it can be read or says why not."""
    told = newsroom.get(f"/v1/items/{item}").json()
    state, reason = told["state"], told["reason"]
    if state == "published":
        if not told["feeds"]:
            return "published, and in no feed"
        if not any(path.split("/")[3].startswith("all.") for path in told["feeds"]):
            return "published, and not in the feed of all stories"
        (readable,) = house.rows(
            """
            SELECT count(*) AS in_editions FROM entries JOIN memberships USING (story)
            WHERE story = :story AND memberships.feed = 'all' AND format = 'rss'
            """,
            story=told["story"],
        )
        return "" if readable.in_editions else "published, and without an entry in any edition"
    if state == "accepted":
        return "" if any(stage["state"] == "due" for stage in told["stages"]) else "accepted, and nothing is due for it"
    if state in OWES_A_REASON:
        has_word = reason or any(stage["error"] for stage in told["stages"] if state == "dead")
        return "" if has_word else f"{state}, and nobody is told why"
    return "" if state in SAYS_ENOUGH else f"in a state that is not known here: {state}"


def pushed(house: House, newsroom: TestClient, seed: int) -> list[Told]:
    """Everything is sent; some arrives while other is under way."""
    told = []
    for n, sending in enumerate(sendings(seed, COUNT)):
        told.append(push(newsroom, sending))
        if n % 25 == 0:
            house.works()
    house.works()
    return told


SEEDS = (1, 2)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_refused_is_told_why_and_what_is_accepted_is_kept_and_read_or_says_why_not(house: House, seed: int) -> None:
    newsroom = house.newsroom()
    told = pushed(house, newsroom, seed)
    nothing_accepted_is_lost_and_nothing_whole_is_refused(house, told)
    first = {row["item"]: each.sending for each in reversed(told) for row in each.accepted}
    faults = Counter(
        f"{fault}: {sending.form}, {sending.oddity}"
        for item, sending in first.items()
        if (fault := out_of_sight(house, newsroom, item))
    )
    assert not faults, "\n".join(f"{count} x {fault}" for fault, count in sorted(faults.items()))
    with house.engine.connect() as connection:  # and the wire's own check agrees
        assert audit.find_faults(connection, [row.id for row in house.rows("SELECT id FROM items")], utc_now()) == []


def nothing_accepted_is_lost_and_nothing_whole_is_refused(house: House, told: Sequence[Told]) -> None:
    assert [(each.sending.oddity, each.sending.form) for each in told if each.status not in (202, 400, 409, 415, 422)] == []
    kept = {str(row.id) for row in house.rows("SELECT id FROM items")}
    assert kept == {row["item"] for each in told for row in each.accepted}
    assert len(kept) > COUNT / 2, "most is accepted"
    as_it_should_be = [each for each in told if each.sending.oddity == "none"]
    refused = [each.sending for each in as_it_should_be if each.status != 202]
    assert refused == []
