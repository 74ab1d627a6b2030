"""Whatever dies while items are in flight, every accepted item is published exactly once, in every feed it belongs to."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable

import psycopg
import pytest
from redis import Redis

from shared.roles import EMBEDDED_ROLES
from tests.support.factories import sent
from tests.support.running_wire import RunningWire

ITEMS = 500

#: where the stories happen, and the feed that they belong to for it
PLACES = {"EG": "arab", "JP": "asia", "KE": "africa", "DE": "europe", "US": "us"}


def any_worker(wire: RunningWire) -> None:
    assert wire.kills("worker", "--name wire-1") == 1


def all_workers(wire: RunningWire) -> None:
    assert wire.kills("worker", "--name") == len([role for role in EMBEDDED_ROLES if role.command[0] == "worker"])


def the_broker(wire: RunningWire) -> None:
    assert wire.kills("valkey-server") == 1


def the_brokers_memory(wire: RunningWire) -> None:
    run = json.loads((wire.home / "run" / "wire.json").read_text())
    Redis.from_url(run["broker_url"]).flushall()


def the_database(wire: RunningWire) -> None:
    assert wire.kills("postgres", "-D") == 1


def the_pulse(wire: RunningWire) -> None:
    assert wire.kills("main", "pulse") == 1


@pytest.mark.parametrize("loses", [any_worker, all_workers, the_broker, the_brokers_memory, the_database, the_pulse])
def test_every_accepted_item_is_published_exactly_once(wire: RunningWire, loses: Callable[[RunningWire], None]) -> None:
    countries = list(PLACES)
    items = [
        sent(uri=f"urn:{n}", headline=f"Story {n}", place=[{"code": countries[n % 5]}], body_text="It was said.")
        for n in range(ITEMS)
    ]
    with wire.client() as client:
        body = "\n".join(json.dumps(item) for item in items)
        answer = client.post("/v1/items", content=body, headers={"content-type": "application/x-ndjson"})
        accepted = answer.json()["accepted"]
    assert len(accepted) == ITEMS
    database_url = json.loads((wire.home / "run" / "wire.json").read_text())["database_url"]
    with psycopg.connect(database_url) as connection:
        (undone,) = connection.execute("SELECT count(*) FROM work WHERE state = 'due'").fetchone() or (0,)
    assert undone > 0, "they are in flight"

    loses(wire)

    def settled() -> bool:
        try:
            with psycopg.connect(database_url, connect_timeout=5) as connection:
                rows = connection.execute("SELECT state, count(*) FROM work GROUP BY state").fetchall()
                entries = connection.execute("SELECT count(*) FROM entries WHERE format = 'rss'").fetchone()
        except psycopg.OperationalError:
            return False
        return dict(rows).keys() == {"done"} and entries == (ITEMS,)

    wire.eventually(settled, 120)

    with psycopg.connect(database_url) as connection:
        acts = Counter(connection.execute("SELECT story, act FROM revisions").fetchall())
        order = [
            title
            for (title,) in connection.execute("""
                SELECT items.content ->> 'headline' FROM entries JOIN items USING (story)
                WHERE format = 'rss' ORDER BY published_at DESC, story DESC
            """)
        ]
        memberships = Counter(connection.execute("SELECT feed, count(*) FROM memberships GROUP BY feed").fetchall())
    assert acts == Counter({(row["story"], "new"): 1 for row in accepted})
    assert sorted(order) == sorted(item["headline"] for item in items)
    assert memberships == Counter({("all", ITEMS): 1} | {(feed, ITEMS // 5): 1 for feed in PLACES.values()})
    # the window of a feed is its newest hundred: each region has exactly that many
    wire.eventually(lambda: wire.titles("/en/feeds/all.rss") == order[:100])
    for country, feed in PLACES.items():
        mine = {f"Story {n}" for n in range(ITEMS) if countries[n % 5] == country}
        for form in ("rss", "atom", "json"):
            wire.eventually(lambda f=feed, m=mine, x=form: set(wire.titles(f"/en/feeds/{f}.{x}")) == m)  # type: ignore[misc]
