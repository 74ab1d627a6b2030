"""A broker that is away for minutes: what pushes wait meanwhile, how long a kill takes, and that all is published by itself.

    .venv/bin/python -m bench.broker_away --minutes 10

First a minute as usual, then the broker of an embedded wire is frozen for so long, then let go on.
"""

from __future__ import annotations

import argparse
import signal
import statistics
import time
from collections.abc import Callable

import httpx
import psutil

from bench.end_to_end import p99_of, story
from bench.wires import BenchWire, a_wire
from tests.support.running_wire import free_port

#: between two kills, and between two pushes
_KILL_EVERY_S, _PUSH_EVERY_S = 15.0, 0.25
_PATIENCE_S = 60.0


def main() -> None:
    """Run it and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0)
    arguments = parser.parse_args()
    with a_wire(free_port()) as wire:
        (broker,) = (child for child in psutil.Process(wire.run.pid).children() if "valkey" in child.name())
        rows = [("usual", *_minutes(wire, "usual", 1.0))]
        broker.send_signal(signal.SIGSTOP)
        try:
            rows.append(("broker away", *_minutes(wire, "away", arguments.minutes)))
        finally:
            broker.send_signal(signal.SIGCONT)
        rows.append(("back again", *_minutes(wire, "back", 1.0)))
        for name, answers_s, kills_s, lost in rows:
            p99_s = p99_of(answers_s)
            print(
                f"{name:<12} {len(answers_s)} answered 202, median {statistics.median(answers_s) * 1000:.0f} ms,"
                f" p99 {p99_s * 1000:.0f} ms; {len(kills_s)} kills complete after {min(kills_s):.1f} to {max(kills_s):.1f} s;"
                f" {lost} not published"
            )


def _minutes(wire: BenchWire, name: str, minutes: float) -> tuple[list[float], list[float], int]:
    """Push, and kill now and then: seconds of each answer, seconds of each kill, and what was not published in the end."""
    answers_s: list[float] = []
    kills_s: list[float] = []
    accepted: list[str] = []
    headers = {"authorization": f"Bearer {wire.key}"}
    with httpx.Client(base_url=wire.run.url, headers=headers, timeout=60, trust_env=False) as client:
        began_s = time.perf_counter()
        kill_at_s = began_s + _KILL_EVERY_S
        while time.perf_counter() < began_s + minutes * 60:
            uri = f"urn:{name}:{len(answers_s)}"
            asked_s = time.perf_counter()
            answer = client.post("/v1/items", json=story(uri, f"Story {name} {len(answers_s)}"))
            answers_s.append(time.perf_counter() - asked_s)
            accepted.append(answer.raise_for_status().json()["accepted"][0]["story"])
            if time.perf_counter() > kill_at_s:
                kill_at_s = time.perf_counter() + _KILL_EVERY_S
                kills_s.append(_kill(client, len(kills_s), name))
            time.sleep(_PUSH_EVERY_S)
        return answers_s, kills_s, _unpublished(client, accepted)


def _kill(client: httpx.Client, number: int, name: str) -> float:
    uri, headline = f"urn:killed:{name}:{number}", f"Abracadabra {name} {number}"
    client.post("/v1/items", json=story(uri, headline)).raise_for_status()
    _until(lambda: headline in client.get("/en/feeds/all.json").text)
    client.post("/v1/items", json={"uri": uri, "version": 2, "pubstatus": "canceled"}).raise_for_status()
    began_s = time.perf_counter()
    _until(lambda: headline not in client.get("/en/feeds/all.json").text)
    return time.perf_counter() - began_s


def _unpublished(client: httpx.Client, stories: list[str]) -> int:
    left = set(stories)

    def are_public() -> bool:
        left.difference_update([story for story in left if client.get(f"/v1/stories/{story}").status_code == 200])
        return not left

    _until(are_public)
    return len(left)


def _until(holds: Callable[[], bool]) -> None:
    ends_s = time.perf_counter() + _PATIENCE_S
    while not holds() and time.perf_counter() < ends_s:
        time.sleep(0.02)


if __name__ == "__main__":
    main()
