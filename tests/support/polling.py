"""A feed that changes, and readers that poll it with every mixture of validators, deltas and codings; without a network.

Documents are rendering's own, answers are those of the edge's fast path: what is simulated is time, and the readers.
"""

from __future__ import annotations

import gzip
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import product

import brotli

from services.edge.feeds.documents import Documents, make_served
from services.edge.feeds.fast_path import answer_to
from services.rendering.documents import Document, build_document, build_head
from services.rendering.entries import Entry
from services.rendering.formats import Format
from shared.wire.config import ALL, DEFAULT_FILE, Wire, read_wire

START = datetime(2020, 1, 1, tzinfo=UTC)
#: entries in a document here; fewer than a real one has, so that a year's documents are made soon
WINDOW = 30
#: changes of a feed that a reader sleeps through at most; a story is not changed any more when it is about to leave the document
_LONGEST_SLEEP = 10
#: what a story says, in every format: its number and its version
_SAID = re.compile(rb"Story (\d+) v(\d+)")


@dataclass
class Feed:
    """One feed in one format, from its first story on."""

    feed_format: Format
    chance: random.Random
    wire: Wire = field(default_factory=lambda: read_wire(DEFAULT_FILE))
    now: datetime = START
    versions: dict[int, int] = field(default_factory=dict)  #: of every story, in the order of their publication
    documents: Documents = field(default_factory=Documents)
    _bodies: dict[int, bytes] = field(default_factory=dict)
    _newest: Document | None = None

    def goes_on(self) -> None:
        """A new story, or a change of one that is in the window; now and then the edge starts again, and knows no version."""
        self.now += timedelta(minutes=self.chance.randint(1, 300))
        in_window = list(self.versions)[_LONGEST_SLEEP - WINDOW :]
        story = self.chance.choice(in_window) if in_window and self.chance.random() < 0.3 else len(self.versions)
        self.versions[story] = self.versions.get(story, 0) + 1
        self._bodies[story] = self.feed_format.render_entry(self._entry(story))
        bodies = [self._bodies[number] for number in list(self.versions)[-WINDOW:]][::-1]
        head = build_head(
            ALL,
            "en",
            self.feed_format.EXTENSION,
            self.now,
            is_full=False,
            archive=0,
            wire=self.wire,
            public_url="https://x.example",
        )
        before = self._newest.modified_at if self._newest else None
        self._newest = made = build_document(self.feed_format, head, bodies, previous_modified_at=before, now=self.now)
        if self.chance.random() < 0.02:
            self.documents = Documents()
        served = make_served(
            "en", ALL, self.feed_format.EXTENSION, etag=made.etag, modified_at=made.modified_at, body_gzip=made.body_gzip,
            body_br=made.body_br,
        )  # fmt: skip
        self.documents.keep("en", ALL, self.feed_format.EXTENSION, served)

    def _entry(self, story: int) -> Entry:
        said = f"Story {story} v{self.versions[story]}"
        return Entry(
            id=f"tag:x.example,2024:{story}:en", story=str(story), edition="en", direction="ltr",
            link=f"https://x.example/en/stories/{story}", title=said, summary=said, content_html=f"<p>{said} {'word ' * 60}</p>",
            author="A", provider="A", rights="©", categories=(), media=(), alternates=(), is_notice=False, has_left=False,
            revision=self.versions[story], published_at=self.now, updated_at=self.now,
        )  # fmt: skip


@dataclass
class Poller:
    """One reader: what it sends, what it does with 226, what it has, and what it cost."""

    validators: str  #: `none`, `etag`, `weak`, `date`, `both`
    deltas: str  #: `no`; `yes`; `breaks`: its library asks for them, and it takes 226 for an error
    codings: str
    has: dict[int, int] = field(default_factory=dict)  #: versions by story
    statuses: Counter[int] = field(default_factory=Counter)
    bytes_got: int = 0
    slept: int = 0  #: changes of the feed since it asked
    _etag: bytes = b""
    _modified: bytes = b""

    @property
    def name(self) -> str:
        """What it is, for a table."""
        return f"{self.validators}, deltas {self.deltas}, {self.codings or 'no coding'}"

    def polls(self, feed: Feed) -> None:
        """Ask once."""
        served = feed.documents.at(f"/en/feeds/{ALL}.{feed.feed_format.EXTENSION}")
        assert served is not None
        answer = answer_to(served, list(self._headers()), client=f"{self.name} {id(self)}")
        self.statuses[answer.status] += 1
        self.slept = 0
        self.bytes_got += len(answer.body)
        headers = dict(answer.headers)
        if answer.status == 304 or (answer.status == 226 and self.deltas == "breaks"):
            return
        self._etag, self._modified = headers[b"etag"], headers.get(b"last-modified", b"")
        body = {b"gzip": gzip.decompress, b"br": brotli.decompress}.get(headers.get(b"content-encoding", b""), bytes)(answer.body)
        for story, version in _SAID.findall(body):
            self.has[int(story)] = max(self.has.get(int(story), 0), int(version))

    def _headers(self) -> Iterator[tuple[bytes, bytes]]:
        yield b"user-agent", b"Reader/1"
        if self.codings:
            yield b"accept-encoding", self.codings.encode()
        if self.deltas != "no":
            yield b"a-im", b"feed"
        if self._etag and self.validators in ("etag", "both", "weak"):
            yield b"if-none-match", b"W/" + self._etag if self.validators == "weak" else self._etag
        if self._modified and self.validators in ("date", "both"):
            yield b"if-modified-since", self._modified


def every_mixture() -> list[Poller]:
    """One reader of each kind."""
    return [
        Poller(validators, deltas, codings)
        for validators, deltas, codings in product(
            ("none", "etag", "weak", "date", "both"), ("no", "yes", "breaks"), ("", "gzip", "br", "gzip, br")
        )
        if deltas == "no" or validators in ("etag", "weak", "both")
    ]


def simulate(feed_format: Format, *, days: int, seed: int) -> tuple[Feed, list[Poller]]:
    """A feed for some days, and every kind of reader, each in its own rhythm; at the end each asks twice more."""
    chance = random.Random(seed)  # noqa: S311
    feed, pollers = Feed(feed_format, chance), every_mixture()
    feed.goes_on()
    while feed.now < START + timedelta(days=days):
        for poller in pollers:
            if chance.random() < 0.25 or poller.slept >= _LONGEST_SLEEP // 2:  # one that takes a delta for an error asks twice
                poller.polls(feed)
            else:
                poller.slept += 1
        feed.goes_on()
    for poller in pollers * 2:
        poller.polls(feed)
    return feed, pollers
