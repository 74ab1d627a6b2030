"""Whatever dies while items are in flight, every accepted item is published exactly once, in every feed it belongs to."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from redis import Redis

from shared.roles import EMBEDDED_ROLES
from tests.support.factories import sent
from tests.support.running_wire import RunningWire, running_wire

ITEMS = 125  #: more than a feed's window, which is its newest hundred

#: where the stories happen, and the feed that they belong to for it
PLACES = {"EG": "arab", "JP": "asia", "KE": "africa", "DE": "europe", "US": "us"}


@pytest.fixture(scope="module")
def wire(server_folders: Callable[[], Path]) -> Iterator[RunningWire]:
    """One wire, which stands all of it, one after another."""
    with running_wire(server_folders() / "home") as running:
        yield running


def any_worker(wire: RunningWire) -> None:
    assert wire.kills("worker", "--name wire-1") == 1


def all_workers(wire: RunningWire) -> None:
    assert wire.kills("worker", "--name") == len([role for role in EMBEDDED_ROLES if role.command[0] == "worker"])


def the_broker(wire: RunningWire) -> None:
    assert wire.kills("valkey-server") == 1


def the_brokers_memory(wire: RunningWire) -> None:
    Redis.from_url(wire.run.broker_url).flushall()


def the_database(wire: RunningWire) -> None:
    assert wire.kills("postgres", "-D") == 1


def the_pulse(wire: RunningWire) -> None:
    assert wire.kills("main", "pulse") == 1


@pytest.mark.parametrize("loses", [any_worker, all_workers, the_broker, the_brokers_memory, the_database, the_pulse])
def test_every_accepted_item_is_published_exactly_once(wire: RunningWire, loses: Callable[[RunningWire], None]) -> None:
    countries, mine = list(PLACES), f"urn:{loses.__name__}:"
    items = [
        sent(uri=f"{mine}{n}", headline=f"Story {n} {mine}", place=[{"code": countries[n % 5]}], body_text="It was said.")
        for n in range(ITEMS)
    ]
    with wire.client() as client:
        body = "\n".join(json.dumps(item) for item in items)
        answer = client.post("/v1/items", content=body, headers={"content-type": "application/x-ndjson"})
        accepted = answer.json()["accepted"]
    assert len(accepted) == ITEMS
    stories = [row["story"] for row in accepted]
    database_url = wire.run.database_url
    with psycopg.connect(database_url) as connection:
        (undone,) = connection.execute("SELECT count(*) FROM work WHERE state = 'due' AND stage <> 'learn'").fetchone() or (0,)
    assert undone > 0, "they are in flight"

    loses(wire)

    def settled() -> bool:
        try:
            with psycopg.connect(database_url, connect_timeout=5) as connection:
                rows = connection.execute("SELECT state, count(*) FROM work WHERE stage <> 'learn' GROUP BY state").fetchall()
                entries = connection.execute(_ENTRIES, [stories]).fetchall()
        except psycopg.OperationalError:
            return False
        return dict(rows).keys() == {"done"} and len(entries) == ITEMS

    wire.eventually(settled, 120)

    with psycopg.connect(database_url) as connection:
        acts = Counter(connection.execute("SELECT story, act FROM revisions WHERE story = ANY(%s)", [stories]).fetchall())
        order = [title for (title,) in connection.execute(_ENTRIES, [stories])]
        memberships = Counter(dict(connection.execute(_MEMBERSHIPS, [stories]).fetchall()))
    assert acts == Counter({(story, "new"): 1 for story in stories})
    assert sorted(order) == sorted(item["headline"] for item in items)
    assert memberships == Counter({"all": ITEMS} | dict.fromkeys(PLACES.values(), ITEMS // 5))

    def mine_in(path: str) -> list[str]:
        return sorted(title for title in wire.titles(path) if title.endswith(mine))

    # the window of a feed is its newest hundred: in that of a region are all of these, once each
    wire.eventually(lambda: wire.titles("/en/feeds/all.rss") == order[:100])
    for country, feed in PLACES.items():
        expected = sorted(item["headline"] for item in items if item["place"] == [{"code": country}])
        for form in ("rss", "atom", "json"):
            wire.eventually(lambda f=feed, e=expected, x=form: mine_in(f"/en/feeds/{f}.{x}") == e)  # type: ignore[misc]


_ENTRIES = """
    SELECT items.content ->> 'headline'
    FROM entries JOIN stories ON stories.id = entries.story JOIN items ON items.id = stories.item
    WHERE format = 'rss' AND entries.story = ANY(%s) ORDER BY entries.published_at DESC, entries.story DESC
"""
_MEMBERSHIPS = "SELECT feed, count(*) FROM memberships WHERE story = ANY(%s) GROUP BY feed"
