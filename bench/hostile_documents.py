"""What hostile documents cost everybody else: how long each takes to be refused or read, and how fast feeds are served meanwhile.

    .venv/bin/python -m bench.hostile_documents --megabytes 1 2 4 8

Each kind is pushed in each size, one after the other, into an embedded wire that somebody reads all the time; first without any.
"""

from __future__ import annotations

import argparse
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from bench.end_to_end import p99_of, story
from bench.wires import BenchWire, a_wire
from tests.support.hostile import KINDS
from tests.support.running_wire import free_port

#: four times as long a document may take so many times as long, and what is done within the floor is not measured
_LINEAR, _FLOOR_S = 8.0, 0.5


def main() -> None:
    """Measure all and print what is worst."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, nargs="+", default=[1, 2, 4, 8])
    parser.add_argument("--usual", type=float, default=20.0, help="seconds of reading without any")
    parser.add_argument("--only", default="", help="kinds with this word in their names")
    arguments = parser.parse_args()
    with a_wire(free_port(), BARQ_MAX_BODY_BYTES="20000000") as wire:
        with _reading(wire) as usual_s:
            time.sleep(arguments.usual)
        took_s: dict[str, list[float]] = {}
        with _reading(wire) as beside_s:
            for kind in [kind for kind in KINDS if arguments.only in kind]:
                took_s[kind] = [_push(wire, kind, int(size * 1_000_000)) for size in arguments.megabytes]
    for kind, times_s in sorted(took_s.items(), key=lambda row: -row[1][-1])[:12]:
        print(f"{kind:<45}" + " ".join(f"{time_s:6.2f}" for time_s in times_s))
    slower = [kind for kind, times_s in took_s.items() if _is_worse_than_linear(arguments.megabytes, times_s)]
    print(f"{len(took_s)} kinds, longest {max(max(row) for row in took_s.values()):.1f} s, worse than linear: {slower or 'none'}")
    for name, lags_s in (("without", usual_s), ("beside", beside_s)):
        p99_s = p99_of(lags_s)
        print(f"{name:<8} {len(lags_s)} feeds read, median {statistics.median(lags_s) * 1000:.1f} ms, p99 {p99_s * 1000:.1f} ms")


def _push(wire: BenchWire, kind: str, size: int) -> float:
    body, content_type = KINDS[kind](size)
    headers = {"authorization": f"Bearer {wire.key}", "content-type": content_type}
    began_s = time.perf_counter()
    answer = httpx.post(f"{wire.run.url}/v1/items", content=body, headers=headers, timeout=120, trust_env=False)
    took_s = time.perf_counter() - began_s
    if answer.status_code >= 500:
        print(f"{kind}, {size} bytes: {answer.status_code} {answer.text[:200]}")
    return took_s


def _is_worse_than_linear(sizes: list[float], times_s: list[float]) -> bool:
    pairs = [(sizes.index(size), sizes.index(size * 4)) for size in sizes if size * 4 in sizes]
    return any(times_s[more] > max(times_s[less], _FLOOR_S) * _LINEAR for less, more in pairs)


@contextmanager
def _reading(wire: BenchWire) -> Iterator[list[float]]:
    """Somebody reads a feed without a pause longer than some milliseconds; how long each answer took."""
    lags_s: list[float] = []
    is_over = threading.Event()

    def read() -> None:
        with httpx.Client(base_url=wire.run.url, timeout=60, trust_env=False, headers={"if-none-match": '"x"'}) as reader:
            while not is_over.wait(0.005):
                began_s = time.perf_counter()
                reader.get("/en/feeds/all.rss").raise_for_status()
                lags_s.append(time.perf_counter() - began_s)

    headers = {"authorization": f"Bearer {wire.key}"}
    httpx.post(f"{wire.run.url}/v1/items", json=story("urn:read", "Read"), headers=headers, trust_env=False).raise_for_status()
    thread = threading.Thread(target=read)
    thread.start()
    yield lags_s
    is_over.set()
    thread.join()


if __name__ == "__main__":
    main()
