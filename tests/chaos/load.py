"""What senders send: stories with every fate, pushed by several writers who ask again until they are answered 202.

Each version carries a mark, a word that stands nowhere else, so that whoever reads a text knows whose it is, of which version,
and whether it may be there at all.
"""

from __future__ import annotations

import json
import queue
import random
import re
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

#: a mark as it stands in headlines, texts and, in small letters, in addresses
MARK = re.compile(r"QX(\d{7})V(\d)", re.IGNORECASE)

#: where stories happen, and the feed that they belong to for it, beside `all`; those of the first are translated
PLACES = {"EG": "arab", "JP": "asia", "KE": "africa", "DE": "europe", "US": "us"}
TRANSLATED = "arab"

#: how many of a hundred stories have which fate, and what is sent of each in which order: version numbers, or what is done
FATES: dict[str, tuple[int, tuple[str, ...]]] = {
    "plain": (38, ("1",)),
    "updated": (14, ("1", "2", "3")),
    "late": (4, ("2", "1")),  # a version overtakes the one before it
    "corrected": (8, ("1", "2 correction")),
    "killed": (10, ("1", "2 kill")),
    "held": (4, ("1", "2 hold")),
    "released": (4, ("1", "2 hold", "3")),
    "embargoed": (8, ("1 embargo",)),
    "embargoed, killed": (2, ("1 embargo", "2 kill")),
    "expiring": (4, ("1 expiry",)),
    "test": (2, ("1 test",)),
    "doubted": (2, ("1 doubt",)),
}
WRITERS = 4
MOST_IN_A_BATCH = 12
_AGAIN_S = (0.2, 2.0)  #: how long a writer waits before it asks again, and at most


@dataclass
class TakenBack:
    """A text that is to be gone: every version up to this one."""

    version: int
    at: float  #: when that was accepted, or when its rights were over
    gone_at: float | None = None  #: when its address was first seen to say so


@dataclass
class Story:
    """What one sender says of one thing."""

    number: int
    fate: str
    place: str
    id: str = ""
    sent: set[int] = field(default_factory=set)  #: versions that were accepted
    taken_back: TakenBack | None = None
    not_before: float = 0.0  #: an embargo's end
    expires_at: float = 0.0

    @property
    def uri(self) -> str:
        """Its name at its sender."""
        return f"urn:chaos:{self.number}"

    @property
    def is_never_shown(self) -> bool:
        """Is it for nobody to read?"""
        return self.fate in ("test", "doubted")

    def shown(self, now: float) -> set[int | None]:
        """What readers may have once all is at rest: a version, 0 for a notice in its place, None for nothing at all."""
        if not self.sent or self.is_never_shown or now < self.not_before or (self.expires_at and now > self.expires_at):
            return {None}
        if self.taken_back and self.taken_back.at <= now and max(self.sent) == self.taken_back.version:
            return {0, None}  # nothing where it overtook what it takes back, which then never was public
        return {max(self.sent)}


@dataclass
class Known:
    """What the senders know: what was accepted, and what may be seen of it when. Shared by all threads."""

    stories: dict[int, Story] = field(default_factory=dict)
    accepted: dict[str, tuple[int, int]] = field(default_factory=dict)  #: story and version, by item
    refused: list[str] = field(default_factory=list)
    asked_again: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def back_in_sight(self) -> list[Story]:
        """The stories that were taken back and whose addresses were not seen to say so yet."""
        now = time.time()
        with self.lock:
            return [s for s in self.stories.values() if s.taken_back and s.taken_back.gone_at is None and s.taken_back.at < now]


def mark_of(number: int, version: int) -> str:
    """The word of a version."""
    return f"QX{number:07d}V{version}"


def item_of(story: Story, step: str, chance: random.Random, longest_wait_s: float) -> dict[str, Any]:
    """One sending, by its step in `FATES`."""
    version, _, act = step.partition(" ")
    mark = mark_of(story.number, int(version))
    item: dict[str, Any] = {
        "uri": story.uri, "version": int(version), "language": "en", "urgency": chance.choice((4, 5, 6)),
        "headline": f"{mark} Ministers agree on output", "body_text": f"{mark} They will meet again in June.",
        "place": [{"code": story.place}], "provider": {"name": "Levant Press Agency"},
    }  # fmt: skip
    now = time.time()
    match act:
        case "kill":
            return {"uri": story.uri, "version": int(version), "pubstatus": "canceled"}
        case "hold":
            item["pubstatus"] = "withheld"
        case "correction":
            item["correction"] = {"note": "The date was wrong."}
        case "embargo":
            story.not_before = now + chance.uniform(2.0, longest_wait_s)
            item["embargoed"] = _iso(story.not_before)
        case "expiry":
            story.expires_at = now + chance.uniform(5.0, longest_wait_s)
            item["expires"] = _iso(story.expires_at)
        case "test":
            item["test"] = True
        case "doubt":
            item["ednote"] = "Embargo applies"
    return item


def _iso(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat()


class Writer(threading.Thread):
    """One sender's system: stories and their versions in order, a batch at a time, each until it was answered 202."""

    def __init__(self, number: int, seed: int, known: Known, *, client: httpx.Client, longest_wait_s: float) -> None:
        super().__init__(name=f"writer-{number}", daemon=True)
        self._number, self._known, self._client, self._longest_wait_s = number, known, client, longest_wait_s
        self._chance = random.Random(f"{seed}/{number}")  # noqa: S311  repeatable, no secret
        self._steps = self._all_steps()
        self._asked: queue.Queue[int | None] = queue.Queue()
        self._is_over = threading.Event()
        self.is_idle = threading.Event()
        self.is_idle.set()

    def give(self, count: int) -> None:
        """Let it send so many items more."""
        self.is_idle.clear()
        self._asked.put(count)

    def end(self) -> None:
        """Send nothing more."""
        self._is_over.set()
        self._asked.put(None)
        self.join()
        self._client.close()

    def run(self) -> None:
        """Send what was asked for."""
        while (left := self._asked.get()) is not None:
            while left > 0 and not self._is_over.is_set():
                batch = [next(self._steps) for _ in range(min(left, self._chance.randint(1, MOST_IN_A_BATCH)))]
                left -= len(batch)
                for part in _each_story_once(batch):
                    self._push_until_accepted(part)
                time.sleep(self._chance.uniform(0.0, 0.15))
            if self._asked.empty():
                self.is_idle.set()

    def _all_steps(self) -> Iterator[tuple[Story, str]]:
        """Without end: later versions come a while after earlier ones, those of other stories in between."""
        waiting: list[tuple[Story, str]] = []
        number = 0
        names, weights = list(FATES), [weight for weight, _ in FATES.values()]
        while True:
            number += 1
            story = Story(
                number=number * WRITERS + self._number,
                fate=self._chance.choices(names, weights)[0],
                place=self._chance.choice(list(PLACES)),
            )
            first, *others = FATES[story.fate][1]
            yield story, first
            waiting += [(story, step) for step in others]
            while waiting and self._chance.random() < 0.45:
                yield waiting.pop(0)

    def _push_until_accepted(self, batch: list[tuple[Story, str]]) -> None:
        items = [(story, item_of(story, step, self._chance, self._longest_wait_s), step) for story, step in batch]
        with self._known.lock:
            self._known.stories.update({story.number: story for story, _ in batch})
        pause_s = _AGAIN_S[0]
        while items and not self._is_over.is_set():
            answer = self._post([item for _, item, _ in items])
            taken = {row["index"]: row for row in answer.get("accepted", ())}
            for row in answer.get("rejected", ()):
                if row["problem"]["status"] < 500:
                    self._known.refused.append(f"{items[row['index']][1]['uri']}: {row['problem']}")
                    taken[row["index"]] = {}
            now = time.time()
            for index, row in taken.items():
                if row:
                    self._accepted(*items[index], row, now)
            items = [entry for index, entry in enumerate(items) if index not in taken]
            if items:
                self._known.asked_again += 1
                time.sleep(pause_s)
                pause_s = min(pause_s * 2, _AGAIN_S[1])

    def _post(self, items: list[dict[str, Any]]) -> dict[str, Any]:
        body = "\n".join(json.dumps(item) for item in items)
        try:
            answer = self._client.post("/v1/items", content=body, headers={"content-type": "application/x-ndjson"})
            told: dict[str, Any] = answer.json()
        except (httpx.HTTPError, ValueError):
            return {}
        return told

    def _accepted(self, story: Story, item: dict[str, Any], step: str, row: dict[str, Any], now: float) -> None:
        with self._known.lock:
            story.id = row["story"]
            story.sent.add(int(item["version"]))
            self._known.accepted[row["item"]] = (story.number, int(item["version"]))
            if story.expires_at:
                story.taken_back = TakenBack(version=1, at=story.expires_at)
            elif step.endswith(("kill", "hold", "correction")):
                # a correction takes back what was there before it, and has words of its own
                version = int(item["version"])
                story.taken_back = TakenBack(version=version - 1 if step.endswith("correction") else version, at=now)


def _each_story_once(batch: list[tuple[Story, str]]) -> Iterable[list[tuple[Story, str]]]:
    """In requests with one version of a story at most: its versions are answered one after the other."""
    while batch:
        first = list({story.number: (story, step) for story, step in reversed(batch)}.values())[::-1]
        yield first
        batch = [entry for entry in batch if entry not in first]


class Load:
    """All writers together."""

    def __init__(self, newsroom: httpx.Client, seed: int, known: Known, longest_wait_s: float) -> None:
        self.known = known
        self.given = 0
        self._writers = [
            Writer(
                n, seed, known, longest_wait_s=longest_wait_s,
                client=httpx.Client(base_url=newsroom.base_url, headers=newsroom.headers, timeout=30, trust_env=False),
            )
            for n in range(WRITERS)
        ]  # fmt: skip
        for writer in self._writers:
            writer.start()

    def give(self, count: int) -> None:
        """Let so many items be sent, by all together."""
        self.given += count
        for n, writer in enumerate(self._writers):
            writer.give(count // WRITERS + (n < count % WRITERS))

    def end(self) -> None:
        """Let no writer go on."""
        for writer in self._writers:
            writer.end()

    def wait_until_accepted(self, count: int, timeout_s: float) -> bool:
        """Until so many of them all were accepted; False if it takes too long, as it does while nothing is taken in."""
        ends_s = time.monotonic() + timeout_s
        while len(self.known.accepted) < count:
            if time.monotonic() > ends_s:
                return False
            time.sleep(0.02)
        return True

    def wait_until_sent(self, timeout_s: float) -> bool:
        """Until every writer has sent what it was given."""
        return all(writer.is_idle.wait(timeout_s) for writer in self._writers)
