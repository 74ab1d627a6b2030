"""Who reads: a crawler that looks all the time, and subscribers by webhook and WebSub. They judge each thing as they see it."""

from __future__ import annotations

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit

import httpx

from tests.chaos.load import MARK, PLACES, Known, Story

FORMS = ("rss", "atom", "json")
EDITIONS = ("en", "ar")
FEEDS = ("all", *PLACES.values())
DOCUMENTS = [f"/{edition}/feeds/{feed}.{form}" for edition in EDITIONS for feed in FEEDS for form in FORMS]
#: what is put together when it is asked for
_ASSEMBLED = [
    *(f"/{edition}/{page}" for edition in EDITIONS for page in ("", "all/", "arab/", "feeds.opml")),
    *(f"/{edition}/feeds/search.{form}?region=arab" for edition in EDITIONS for form in FORMS),
    *(f"/v1/stories{form}?edition={edition}&limit=100" for edition in EDITIONS for form in ("", ".ninjs", ".newsml")),
    *(f"/en/feeds/all.{form}?{which}" for form in FORMS for which in ("page=2", "archive=1")),
    "/v1/stories?region=europe", "/en/search?q=ministers", "/sitemap.xml", "/news-sitemap.xml",
]  # fmt: skip
#: addresses of one story; `revisions` tells of older versions as long as the story is public
_OWN = ("/v1/stories/{}", "/v1/stories/{}/revisions", "/en/stories/{}", "/ar/stories/{}", "/v1/stories/{}.nitf")
_LOOKERS = 2
_PAUSE_S = 0.08

Marks = set[tuple[int, int]]


def marks_in(text: str) -> Marks:
    """Story and version of every marked word."""
    return {(int(story), int(version)) for story, version in MARK.findall(text)}


@dataclass
class Complaints:
    """What should not have been, counted by what was going on."""

    during: str = "before the first fault"
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def say(self, kind: str, what: str) -> None:
        """Keep one."""
        with self.lock:
            self.counts.setdefault(self.during, Counter())[kind] += 1
            self.told.append(f"[{self.during}] {kind}: {what}")


@dataclass
class Sights:
    """What was seen where, and the rules for it."""

    known: Known
    complaints: Complaints
    looks: int = 0
    _newest: dict[tuple[str, int], int] = field(default_factory=dict)
    _last: dict[str, tuple[float, Marks]] = field(default_factory=dict)
    _ever: dict[str, Marks] = field(default_factory=dict)

    def saw(self, where: str, text: str, begun: float, *, is_document: bool, is_history: bool = False) -> None:
        """Judge one answer. Each place is looked at by one thread only."""
        done, marks = time.time(), marks_in(text)
        before, previous = self._last.get(where, (0.0, marks))
        ever = self._ever.setdefault(where, set())
        self._last[where] = (begun, marks)
        self.looks += 1
        for number, version in sorted(marks):
            story = self.known.stories.get(number)
            if story is None or story.is_never_shown:
                self.complaints.say("early", f"{where} shows story {number}, which is for nobody")
            elif done < story.not_before:
                self.complaints.say("early", f"{where} shows story {number} {story.not_before - done:.3f} s before its time")
            else:
                self._judge_order(where, story, version, is_history=is_history)
                is_back = (number, version) in ever and (number, version) not in previous
                self._judge_gone(where, story, version, begun, before if is_back else None, is_document=is_document)
        ever |= marks

    def _judge_order(self, where: str, story: Story, version: int, *, is_history: bool) -> None:
        newest = self._newest.get((where, story.number), 0)
        if version < newest and not is_history:
            self.complaints.say("order", f"{where} shows version {version} of story {story.number} after version {newest}")
        self._newest[where, story.number] = max(newest, version)

    def _judge_gone(
        self, where: str, story: Story, version: int, begun: float, came_back_after: float | None, *, is_document: bool
    ) -> None:
        back = story.taken_back
        if back is None or version > back.version:
            return
        if back.gone_at and begun > back.gone_at and not is_document:
            age_s = begun - back.gone_at
            self.complaints.say("late", f"{where} shows story {story.number} {age_s:.3f} s after its address had it no more")
        elif came_back_after and came_back_after > back.at:
            self.complaints.say("late", f"{where} shows story {story.number} again, which was gone from there")


class Looker(threading.Thread):
    """Looks at its share of all addresses, one after the other, for as long as the run lasts."""

    def __init__(self, url: str, paths: Iterable[str], sights: Sights, *, looks_at_stories: bool) -> None:
        super().__init__(name="looker", daemon=True)
        self._client = httpx.Client(base_url=url, timeout=15, trust_env=False)
        self._paths, self._sights, self._looks_at_stories = list(paths), sights, looks_at_stories
        self._chance = random.Random(1)  # noqa: S311  where to look next is no secret
        self.is_over = threading.Event()

    def run(self) -> None:
        """Look."""
        while not self.is_over.is_set():
            for path in self._chance.sample(self._paths, len(self._paths)):
                self._look(path, is_document=path in DOCUMENTS)
                if self._looks_at_stories:
                    self._look_at_stories()
                if self.is_over.wait(_PAUSE_S):
                    break

    def end(self) -> None:
        """Look no more."""
        self.is_over.set()
        self.join()
        self._client.close()

    def _look(self, path: str, *, is_document: bool = False) -> httpx.Response | None:
        begun = time.time()
        try:
            answer = self._client.get(path)
        except httpx.HTTPError:
            return None
        if answer.status_code == 200 or (answer.status_code < 500 and not is_document):  # a feed that is not there hides nothing
            # a site map is of all editions, of which one may have an older text than another
            is_history = path.endswith(("/revisions", "sitemap.xml"))
            self._sights.saw(path, answer.text, begun, is_document=is_document, is_history=is_history)
        return answer

    def _look_at_stories(self) -> None:
        """At those that are being taken back, until they are; and at one that is under embargo."""
        known = self._sights.known
        going = known.back_in_sight()
        for story in self._chance.sample(going, min(5, len(going))):
            answer = self._look(f"/v1/stories/{story.id}")
            back = story.taken_back
            if answer is not None and answer.status_code in (200, 410) and back:  # 404: it was not public yet
                own = {version for number, version in marks_in(answer.text) if number == story.number}
                if not any(version <= back.version for version in own):
                    back.gone_at = time.time()
        waiting = [s for s in list(known.stories.values())[-400:] if s.id and (s.is_never_shown or s.not_before > time.time())]
        for story in self._chance.sample(waiting, min(1, len(waiting))):
            answer = self._look(self._chance.choice(_OWN).format(story.id))
            is_hidden = answer is None or answer.status_code in (404, 410) or answer.status_code >= 500
            if not is_hidden and answer is not None and time.time() < story.not_before:
                self._sights.complaints.say("early", f"story {story.number} has an address before its time: {answer.status_code}")


def lookers(url: str, sights: Sights) -> list[Looker]:
    """The crawler: every address belongs to one of its threads."""
    paths = DOCUMENTS + _ASSEMBLED
    return [
        Looker(url, paths[n::_LOOKERS], sights, looks_at_stories=n == 0)
        for n in range(_LOOKERS)
    ]  # fmt: skip


class Subscribers:
    """Receivers by webhook and by WebSub. What they are told in which order, and what is wrong with it."""

    def __init__(self, sights: Sights) -> None:
        self._sights, self._complaints = sights, sights.complaints
        self._chance = random.Random(2)  # noqa: S311
        self._lock = threading.Lock()
        self._highest: Counter[str] = Counter()  #: sequence, by receiver
        self._ids: dict[str, dict[str, int]] = {}  #: how often each notification was acknowledged, by receiver
        self._newest: dict[tuple[str, str, str], tuple[int, str]] = {}  #: revision and event, by receiver, story and edition
        self.trouble = 0.0  #: the share of letters that are answered 503

    @property
    def told_again(self) -> int:
        """Notifications that came again under the same id, as their acknowledgement was lost."""
        return sum(count - 1 for ids in self._ids.values() for count in ids.values())

    @property
    def told(self) -> int:
        """Notifications that were acknowledged."""
        return sum(len(ids) for ids in self._ids.values())

    def newest(self, receiver: str, story: str, edition: str) -> tuple[int, str]:
        """The revision and the event that a receiver was told last of a story."""
        return self._newest.get((receiver, story, edition), (0, ""))

    def takes_it(self) -> bool:
        """Is a letter taken this time?"""
        return self._chance.random() >= self.trouble

    def notified(self, receiver: str, message_id: str, told: dict[str, object]) -> None:
        """A webhook that is acknowledged."""
        data = told["data"]
        assert isinstance(data, dict)
        with self._lock:
            self._count(receiver, int(data["sequence"]))
            ids = self._ids.setdefault(receiver, {})
            is_again = message_id in ids
            ids[message_id] = ids.get(message_id, 0) + 1
            key = (receiver, data["story"], data["edition"])
            newest, _ = self._newest.get(key, (0, ""))
            if data["revision"] < newest and not is_again:
                self._complaints.say("order", f"{receiver} was told {message_id} after revision {newest}")
            if data["revision"] >= newest:
                self._newest[key] = (data["revision"], str(told["type"]))

    def pushed(self, receiver: str, sequence: int, body: str) -> None:
        """A document that is acknowledged. Whoever is sent one after the other sees what a reader of that feed sees."""
        with self._lock:
            self._count(receiver, sequence)
            self._sights.saw(receiver, body, time.time(), is_document=True)

    def _count(self, receiver: str, sequence: int) -> None:
        """A sequence may be repeated where an acknowledgement was lost; it never leaves one out."""
        if sequence > self._highest[receiver] + 1:
            self._complaints.say("gap", f"{receiver} was told {sequence} after {self._highest[receiver]}")
        self._highest[receiver] = max(self._highest[receiver], sequence)

    def handler(self) -> type[BaseHTTPRequestHandler]:
        """A server's: webhooks at `/webhook/NAME`, WebSub's callbacks at `/websub/NAME`."""
        subscribers = self

        class Receiver(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                challenge = parse_qs(urlsplit(self.path).query).get("hub.challenge", [""])[0]
                self.send_response(200)
                self.end_headers()
                self.wfile.write(challenge.encode())

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                takes_it = subscribers.takes_it()
                if takes_it and self.path.startswith("/webhook/"):
                    subscribers.notified(self.path, self.headers["webhook-id"], json.loads(body))
                elif takes_it:
                    subscribers.pushed(self.path, int(self.headers["barq-sequence"]), body.decode())
                with suppress(OSError):
                    self.send_response(204 if takes_it else 503)
                    self.end_headers()

            def log_message(self, *_: object) -> None:
                """Quiet."""

        return Receiver
