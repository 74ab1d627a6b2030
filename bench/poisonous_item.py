"""What a poisonous item costs all others: one that holds its worker for ever, pushed into an embedded wire that has other work.

    .venv/bin/python -m bench.poisonous_item

First as many stories without it, then with it, in one run; and a kill right behind the poison, until no feed has a word of it.
"""

from __future__ import annotations

import argparse
import statistics
import threading
import time

import httpx

from bench.end_to_end import latencies, p99_of, story
from bench.wires import a_wire
from tests.support.poison import poisoned


def main() -> None:
    """Run both and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=float, default=10.0, help="items a second")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--poisons", type=int, default=1)
    parser.add_argument("--port", type=int, default=8971)
    arguments = parser.parse_args()
    with a_wire(arguments.port, **{**poisoned(), "BARQ_DEADLINE_FACTOR": "1"}) as wire:
        how = {"rate": arguments.rate, "seconds": arguments.seconds}
        client = httpx.Client(base_url=wire.run.url, headers={"authorization": f"Bearer {wire.key}"}, timeout=30, trust_env=False)
        usual = latencies(wire.run.url, wire.key, name="usual", **how)
        client.post("/v1/items", json=story("urn:killed", "Abracadabra")).raise_for_status()
        _until_feed(client, has=True)
        kills: list[float] = []
        behind = threading.Thread(target=_poison_and_kill, args=[client, arguments.poisons, kills])
        behind.start()
        poisonous = latencies(wire.run.url, wire.key, name="beside", **how)
        behind.join()
    for name, lags_s in (("without", usual), ("with", poisonous)):
        p99, most = p99_of(lags_s), lags_s[-1]
        print(
            f"{name:<8} {len(lags_s)} read back, median {statistics.median(lags_s) * 1000:.0f} ms,"
            f" p99 {p99 * 1000:.0f} ms, worst {most * 1000:.0f} ms"
        )
    print(f"kill behind the poison: {kills[0] * 1000:.0f} ms")


def _poison_and_kill(client: httpx.Client, poisons: int, kills: list[float]) -> None:
    time.sleep(3)
    for n in range(poisons):
        client.post("/v1/items", json=story(f"urn:poison:{n}", f"Poison {n}")).raise_for_status()
    time.sleep(1)  # it is in some worker's hands
    client.post("/v1/items", json={"uri": "urn:killed", "version": 2, "pubstatus": "canceled"}).raise_for_status()
    began_s = time.perf_counter()
    _until_feed(client, has=False)
    kills.append(time.perf_counter() - began_s)


def _until_feed(client: httpx.Client, *, has: bool) -> None:
    """Until the feed of everything has the story that is killed, or has not."""
    ends_s = time.perf_counter() + 60
    while ("Abracadabra" in client.get("/en/feeds/all.json").text) is not has and time.perf_counter() < ends_s:
        time.sleep(0.005)


if __name__ == "__main__":
    main()
