"""A random hour: thousands of items of every format and oddity, sources that misbehave, and the broker wiped twice.

    .venv/bin/python -m bench.random_hour --items 20000

Afterwards, by the public surface alone: every item that was accepted is read in some edition's feed `all` or its archives, or
says why not; and what was taken back is in none of them. Exits 1 if one is neither.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

import httpx
import psycopg
from redis import Redis

from bench.wires import BenchWire, a_wire
from tests.support.loopback import serving
from tests.support.oddities import sendings

#: states that explain themselves; the others owe a reason
_PLAIN = {"published", "superseded", "killed", "withheld", "expired", "embargoed", "accepted"}
_TAKEN_BACK = {"killed", "withheld", "expired"}
_PATIENCE_S = 300.0


@dataclass
class Tally:
    """What became of everything."""

    pushed: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


class Site(BaseHTTPRequestHandler):
    """Sources that misbehave, one at each path; `/good` has a new entry at each look."""

    looks = 0

    def do_GET(self) -> None:
        """Answer as the path says."""
        kind = self.path.strip("/")
        if kind == "hang":
            time.sleep(40)
        if kind in ("500", "410", "204"):
            self.send_response(int(kind))
            self.end_headers()
            return
        Site.looks += 1
        entries = "" if kind == "empty" else self._entry(kind)
        self.send_response(200)
        self.send_header("content-type", "application/rss+xml")
        self.end_headers()
        head = f"<title>{kind}</title><link>/</link><description>d</description>"
        document = f'<rss version="2.0"><channel>{head}{entries}</channel></rss>'
        with suppress(OSError):  # whoever asked has given up by now
            self.wfile.write(document[: len(document) // 2 if kind == "cut" else None].encode())

    def _entry(self, kind: str) -> str:
        number = Site.looks
        name = number if kind in ("good", "renames") else 1
        title = "A story under many names" if kind == "renames" else f"Harbour report {number}"
        text = f"{title}: the port of Latakia was open for {7 if kind == 'renames' else number} hours on Monday."
        guid = f"<guid isPermaLink='false'>tag:site.example,2026:{kind}:{name}</guid>"
        return f"<item><title>{title}</title>{guid}<description>{text}</description></item>"

    def log_message(self, *_: object) -> None:
        """Quiet."""


SOURCES = ("good", "edits", "renames", "empty", "cut", "hang", "500", "410", "204")


def main() -> None:
    """Run it, and print what became of everything."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--port", type=int, default=8972)
    arguments = parser.parse_args()
    tally = Tally()
    with (
        serving(Site) as site,
        a_wire(arguments.port, BARQ_PRIVATE_ADDRESSES="true", BARQ_SOURCE_TIMEOUT_S="5") as wire,
        httpx.Client(
            base_url=wire.run.url, headers={"authorization": f"Bearer {wire.key}"}, timeout=120, trust_env=False
        ) as newsroom,
    ):
        for name in SOURCES:
            newsroom.post(
                "/v1/sources", json={"name": f"site-{name}", "url": f"{site}/{name}", "interval_s": 5}
            ).raise_for_status()
        started_s = time.monotonic()
        push(newsroom, wire, tally, count=arguments.items, seed=arguments.seed)
        for name in SOURCES:
            newsroom.delete(f"/v1/sources/site-{name}").raise_for_status()
        wait_until_quiet(wire)
        took_s = time.monotonic() - started_s
        check(newsroom, tally)
    accepted = sum(tally.states.values())
    print(f"{tally.pushed} payloads in {took_s:.0f} s: {accepted} items accepted, {tally.refused.total()} refused")
    print(f"refused: {dict(tally.refused.most_common())}")
    print(f"states: {dict(tally.states.most_common())}")
    print(f"{len(tally.faults)} items neither read nor say why, or read and taken back")
    for fault in tally.faults[:30]:
        print(f"  {fault}")
    sys.exit(1 if tally.faults else 0)


def push(newsroom: httpx.Client, wire: BenchWire, tally: Tally, *, count: int, seed: int) -> None:
    """Push everything, and wipe the broker at one third and at two thirds."""
    wipes = {count // 3, 2 * count // 3}
    for number, payload in enumerate(sendings(seed, count)):
        answer = newsroom.post("/v1/items", content=payload.body, headers={"content-type": payload.media_type})
        tally.pushed += 1
        if answer.status_code >= 500:
            tally.faults.append(f"{payload.media_type}: answered {answer.status_code}: {answer.text[:200]}")
        else:
            told = answer.json()
            tally.refused.update(row["problem"]["title"] for row in told.get("rejected", ()))
        if number in wipes:
            Redis.from_url(wire.run.broker_url).flushall()


def wait_until_quiet(wire: BenchWire) -> None:
    """Until nothing is due now; what waits for its time is left."""
    ends_s = time.monotonic() + _PATIENCE_S
    with psycopg.connect(wire.run.database_url, autocommit=True) as connection:
        while connection.execute(
            "SELECT 1 FROM work WHERE state = 'due' AND stage <> 'poll' AND due_at < now() + interval '1 minute' LIMIT 1"
        ).fetchone():
            if time.monotonic() > ends_s:
                return
            time.sleep(1)


def check(newsroom: httpx.Client, tally: Tally) -> None:
    """Every item of every sender, by the list of them and by what the feeds hold."""
    shown = {story: edition for edition in ("en", "ar") for story in crawl(newsroom, edition)}
    for told in every_item(newsroom):
        tally.states[told["state"]] += 1
        if fault := fault_of(told, shown, newsroom):
            tally.faults.append(f"{told['uri']} version {told['version']}, {told['state']}: {fault}")


def every_item(newsroom: httpx.Client) -> Iterator[dict[str, Any]]:
    """The list of what was sent, page by page to its end."""
    address = "/v1/items?everyone=true&limit=500"
    while address:
        told = newsroom.get(address).raise_for_status().json()
        yield from told["items"]
        address = told.get("next") or ""


def fault_of(told: dict[str, Any], shown: dict[str, str], newsroom: httpx.Client) -> str:
    """What is wrong with where an item is; empty where nothing is."""
    state = told["state"]
    if state == "published" and told["story"] not in shown:
        return "published, and in no feed that was read"
    if state in _TAKEN_BACK and told["story"] in shown:
        return f"still shown in {shown[told['story']]}"
    if state not in _PLAIN and not told["reason"]:
        return "does not say why"
    if state == "accepted":
        stages = newsroom.get(f"/v1/items/{told['item']}").json()["stages"]
        return "" if any(stage["state"] == "due" for stage in stages) else "nothing is due for it"
    return ""


def crawl(reader: httpx.Client, edition: str) -> Iterator[str]:
    """The stories whose texts stand in an edition's feed of all, page by page to its end; notices are none."""
    address = f"/{edition}/feeds/all.json"
    while address:
        document = reader.get(address).raise_for_status().json()
        for entry in document["items"]:
            if entry["_barq"]["status"] == "usable":
                yield entry["_barq"]["story"]
        address = document.get("next_url", "")


if __name__ == "__main__":
    main()
