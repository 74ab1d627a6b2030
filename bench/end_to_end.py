"""From the 202 to the feed: an embedded wire of real processes, ten items a second, each read back from its feed by HTTP.

    make bench

Beside it, in the same run and on the same broker, Celery's rate for empty tasks (one solo worker), and one NDJSON push of a
thousand items with the number of Celery messages that it took. Quote the ratios.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

import httpx
import psycopg
from redis import Redis

from bench.wires import a_wire
from shared.pipeline import STAGES
from shared.queue import broker

_EMPTY_TASKS = 2000


def main() -> None:
    """Run all three and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=float, default=10.0, help="items a second")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--port", type=int, default=8970)
    arguments = parser.parse_args()
    with a_wire(arguments.port) as wire:
        run = wire.run
        lags_s = latencies(run.url, wire.key, rate=arguments.rate, seconds=arguments.seconds)
        burst_s, messages = burst(run.url, wire.key, run.database_url, run.broker_url)
        empty_rate = empty_tasks(run.broker_url)
    report(lags_s, burst_s, messages, empty_rate)


def p99_of(values: Sequence[float]) -> float:
    """What 99 of a hundred are no more than."""
    return sorted(values)[int(len(values) * 0.99) - 1]


def latencies(url: str, key: str, *, rate: float, seconds: float, name: str = "bench") -> list[float]:
    """Seconds from each 202 to the feed document that holds the story, while items keep coming at `rate`."""
    count = int(rate * seconds)
    accepted_s: dict[str, float] = {}
    seen_s: dict[str, float] = {}
    items = httpx.Client(base_url=url, headers={"authorization": f"Bearer {key}"}, timeout=30, trust_env=False)
    feeds = httpx.Client(base_url=url, timeout=30, trust_env=False)
    etag = ""
    started_s = time.perf_counter()
    pushed = 0
    while (pushed < count or accepted_s.keys() - seen_s.keys()) and time.perf_counter() < started_s + seconds + 30:
        if pushed < count and time.perf_counter() >= started_s + pushed / rate:
            answer = items.post("/v1/items", json=story(f"urn:{name}:{pushed}", f"Story {name} {pushed}"))
            accepted_s[answer.json()["accepted"][0]["story"]] = time.perf_counter()
            pushed += 1
        answer = feeds.get("/en/feeds/all.json", headers={"if-none-match": etag})
        if answer.status_code == 200:
            now_s, etag = time.perf_counter(), answer.headers["etag"]
            for entry in answer.json()["items"]:
                seen_s.setdefault(entry["_barq"]["story"], now_s)
        time.sleep(0.002)
    items.close()
    feeds.close()
    return sorted(seen_s[name] - moment for name, moment in accepted_s.items() if name in seen_s)


def burst(url: str, key: str, database_url: str, broker_url: str, count: int = 1000) -> tuple[float, int]:
    """Seconds from the 202 of `count` items in one request until all work is done, and the Celery messages it took."""
    client = Redis.from_url(broker_url)
    before = _pushes(client)
    body = "\n".join(json.dumps(story(f"urn:burst:{n}", f"Burst story {n}")) for n in range(count))
    headers = {"authorization": f"Bearer {key}", "content-type": "application/x-ndjson"}
    httpx.post(f"{url}/v1/items", content=body, headers=headers, timeout=60, trust_env=False).raise_for_status()
    started_s = time.perf_counter()
    with psycopg.connect(database_url, autocommit=True) as connection:
        _until(lambda: not connection.execute("SELECT 1 FROM work WHERE state = 'due' AND stage <> 'learn' LIMIT 1").fetchone())
    return time.perf_counter() - started_s, _pushes(client) - before


def empty_tasks(broker_url: str) -> float:
    """Empty Celery tasks that one solo worker does in a second on this broker, sending not counted."""
    url = broker_url.replace("db=0", "db=1")
    app = broker.make_app(url)
    queue = app.conf.task_queues[0].name
    for _ in range(_EMPTY_TASKS):
        app.send_task("bench.empty", queue=queue)
    client = Redis.from_url(url)
    with subprocess.Popen([sys.executable, "-m", "bench.empty_worker", url, queue], stderr=subprocess.DEVNULL) as worker:
        _until(lambda: client.llen(queue) < _EMPTY_TASKS)
        started_s, left = time.perf_counter(), client.llen(queue)
        _until(lambda: client.llen(queue) == 0)
        rate = left / (time.perf_counter() - started_s)
        worker.kill()
    return rate


def _until(holds: Callable[[], bool], patience_s: float = 120.0) -> None:
    ends_s = time.perf_counter() + patience_s
    while not holds():
        if time.perf_counter() > ends_s:
            sys.exit("the wire did not get there in time; nothing was measured")
        time.sleep(0.005)


def _pushes(client: Redis) -> int:
    """Messages sent so far: every LPUSH that the broker counted."""
    return int(client.info("commandstats").get("cmdstat_lpush", {}).get("calls", 0))


def story(uri: str, headline: str) -> dict[str, object]:
    """An item of a usual size: 400 words."""
    text = "\n\n".join(
        "Ministers from Saudi Arabia and Iraq met on Tuesday to speak of crude oil exports. " * 6 for _ in range(5)
    )
    return {"uri": uri, "version": 1, "language": "en", "urgency": 4, "headline": headline, "body_text": text}


def report(lags_s: list[float], burst_s: float, messages: int, empty_rate: float) -> None:
    """The table of docs/performance.md."""
    p50, p99 = statistics.median(lags_s), p99_of(lags_s)
    one = 1 / empty_rate
    print(f"items read back                      {len(lags_s)}")
    print(f"Celery's empty task (its rate)       {one * 1000:.2f} ms ({empty_rate:.0f}/s)")
    print(f"202 to feed, median                  {p50 * 1000:.0f} ms = {p50 / one:.0f} empty tasks")
    print(f"202 to feed, p99                     {p99 * 1000:.0f} ms = {p99 / one:.0f} empty tasks")
    print(f"202 to feed, worst                   {lags_s[-1] * 1000:.0f} ms")
    rate = 1000 / burst_s
    print(
        f"1,000 items in one request           {burst_s:.1f} s = {rate:.0f} items/s = {rate / empty_rate:.2f} of the empty rate"
    )
    print(f"Celery messages for them             {messages} = {messages / (1000 * len(STAGES)):.3f} per item and stage")


if __name__ == "__main__":
    main()
