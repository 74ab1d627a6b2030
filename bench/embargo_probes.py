"""Does an embargo leak? A wire of real processes, stories whose embargoes end one after the other, and a million looks.

    .venv/bin/python -m bench.embargo_probes --probes 1000000

Looks go to every surface that a reader has: feeds in every format and edition, their pages, searches, lists of the API, front
pages, the stories' own pages and addresses, revisions, directories. A leak is a word, an identifier or a slug of a story in an
answer that was complete before the story's embargo ended, an answer other than 404 at its own address, or a feed that has had
more validators than embargoes have ended. Embargoes end while the probes run, so that there are looks on both sides of every
boundary. Exits 1 on a leak.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit

import httpx

from bench.wires import a_wire

_READERS = 8


@dataclass
class Embargoed:
    """A story that nobody may know of before its moment."""

    secret: str
    story: str
    ends_at: float  #: seconds since the epoch


@dataclass
class Watch:
    """What was looked at, and what should not have been seen."""

    stories: list[Embargoed]  #: in the order of their moments
    ended: int = 0  #: how many of them have come
    looks: Counter[str] = field(default_factory=Counter)
    near: int = 0  #: looks that were complete within half a second of a boundary
    etags: dict[str, list[str]] = field(default_factory=dict)
    leaks: list[str] = field(default_factory=list)

    def saw(self, path: str, status: int, etag: str, body: bytes, done_at: float) -> None:
        """Judge one answer by when it was complete."""
        self.looks[str(status)] += 1
        while self.ended < len(self.stories) and done_at >= self.stories[self.ended].ends_at:
            self.ended += 1
        around = self.stories[max(self.ended - 1, 0) : self.ended + 1]
        self.near += any(abs(story.ends_at - done_at) < 0.5 for story in around)
        for story in self.stories[self.ended :]:
            is_asked_for = story.story in path  # the answer may repeat what it was asked for
            if story.secret.encode() in body or (story.story.encode() in body and not is_asked_for):
                self.leaks.append(f"{path} tells of {story.secret} {story.ends_at - done_at:.3f} s before its time")
            if is_asked_for and status != 404:
                self.leaks.append(f"{path} answers {status} {story.ends_at - done_at:.3f} s before its time")
        if etag:
            seen = self.etags.setdefault(path, [etag])
            if etag not in seen:
                seen.append(etag)
            if len(seen) > 1 + self.ended:
                self.leaks.append(f"{path} has its validator {len(seen)} when {self.ended} embargoes have ended")


def main() -> None:
    """Start a wire, embargo stories, look, and say what was seen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--probes", type=int, default=20_000)
    parser.add_argument("--stories", type=int, default=40)
    parser.add_argument("--port", type=int, default=8971)
    arguments = parser.parse_args()
    with a_wire(arguments.port) as wire:
        watch = asyncio.run(probe(wire.run.url, wire.key, probes=arguments.probes, count=arguments.stories))
    print(f"{watch.looks.total():,} looks, {watch.near:,} of them within half a second of a boundary, {dict(watch.looks)}")
    print(f"{len(watch.stories)} embargoes ended; {len(watch.leaks)} leaks")
    for leak in watch.leaks[:20]:
        print(leak)
    sys.exit(1 if watch.leaks else 0)


async def probe(url: str, key: str, *, probes: int, count: int) -> Watch:
    """Embargo the stories, and look until there were enough looks and every embargo has ended."""
    rate = await _measure(url)
    lasts_s = max(probes / rate, 10.0)
    watch = Watch(_embargo(url, key, count=count, first_in_s=8.0, every_s=max((lasts_s - 10) / count, 0.2)))
    paths = _paths(url, watch.stories)
    chance = random.Random(1)  # noqa: S311  where to look next is no secret
    await asyncio.sleep(1)
    last = max(story.ends_at for story in watch.stories)

    async def read() -> None:
        reader = Reader(url)
        while watch.looks.total() < probes or time.time() < last + 2:
            path = chance.choice(paths)
            status, etag, body = await reader.get(path, known=watch.etags.get(path, [""])[-1])
            watch.saw(path, status, etag, body, time.time())

    await asyncio.gather(*(read() for _ in range(_READERS)))
    missing = [story for story in watch.stories if not await _is_public(url, story)]
    watch.leaks += [f"{story.secret} never came" for story in missing]
    return watch


def _embargo(url: str, key: str, *, count: int, first_in_s: float, every_s: float) -> list[Embargoed]:
    starts = time.time() + first_in_s
    stories = []
    for number in range(count):
        secret, ends_at = f"Secretword{number:04d}", starts + number * every_s
        item = {
            "uri": f"urn:embargo:{number}", "version": 1, "language": "en", "urgency": 1 + number % 9,
            "headline": f"{secret} headline", "slugline": f"{secret}-SLUG", "body_text": f"{secret} text from Beirut.",
            "keywords": [f"{secret} keyword"], "place": [{"code": "LB"}],
            "embargoed": datetime.fromtimestamp(ends_at, UTC).isoformat(),
        }  # fmt: skip
        answer = httpx.post(
            f"{url}/v1/items", content=json.dumps(item), trust_env=False,
            headers={"authorization": f"Bearer {key}", "content-type": "application/json"},
        )  # fmt: skip
        stories.append(Embargoed(secret, answer.json()["accepted"][0]["story"], ends_at))
    return stories


def _paths(url: str, stories: list[Embargoed]) -> list[str]:
    """Feeds most of all, as readers have them; then pages and addresses."""
    feeds = [
        f"/{edition}/feeds/{feed}.{form}"
        for edition in ("en", "ar")
        for feed in ("all", "arab", "europe", "politics")
        for form in ("rss", "atom", "json")
    ]
    pages = ["/en/", "/ar/", "/en/feeds/", "/en/feeds.opml"]
    lists = ["/v1/stories", "/v1/stories?edition=ar", "/v1/stories?region=arab", "/en/feeds/all.atom?page=1"]
    lists += [f"/en/feeds/search.{form}?region=arab" for form in ("rss", "atom", "json")]
    lists += [f"/v1/stories?q={story.secret}" for story in stories]
    own = [
        address.format(story.story)
        for story in stories
        for address in ("/en/stories/{}", "/ar/stories/{}", "/v1/stories/{}", "/v1/stories/{}/revisions")
    ]
    share = max(len(own) // len(feeds), 1)
    return feeds * share * 6 + pages * share + lists + own


class Reader:
    """The least of an HTTP client: one connection, one request after the other."""

    def __init__(self, url: str) -> None:
        self._at = urlsplit(url)
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str, known: str = "") -> tuple[int, str, bytes]:
        """Status, validator, body."""
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._at.hostname, self._at.port)
        reader, writer = self._streams
        asked = f"GET {path} HTTP/1.1\r\nHost: {self._at.netloc}\r\n"
        if known:
            asked += f"If-None-Match: {known}\r\n"
        writer.write(f"{asked}\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        headers = dict(line.partition(": ")[::2] for line in head.split("\r\n")[1:] if line)
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        return int(head.split(" ")[1]), headers.get("etag", ""), body


async def _measure(url: str) -> float:
    """Looks a second that this machine does."""
    readers = [Reader(url) for _ in range(_READERS)]
    started_s = time.perf_counter()

    async def many(reader: Reader) -> None:
        for _ in range(100):
            await reader.get("/en/feeds/all.json")
            await reader.get("/v1/stories/nothing")

    await asyncio.gather(*(many(reader) for reader in readers))
    return 200 * _READERS / (time.perf_counter() - started_s)


async def _is_public(url: str, story: Embargoed) -> bool:
    _, _, body = await Reader(url).get(f"/v1/stories/{story.story}")
    return story.secret.encode() in body


if __name__ == "__main__":
    main()
