"""What a story costs in feeds: one new entry in three documents of a hundred, beside making the three anew with feedgen; and how
often a feed is put together when a thousand stories come at once.

    .venv/bin/python -m bench.rendering
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import httpx
import psycopg
from feedgen.feed import FeedGenerator

from bench.wires import a_wire
from services.rendering.documents import FORMATS, build_document, build_head
from services.rendering.entries import Category, Entry
from services.rendering.formats import Format, Head
from shared.contracts.feeds import DOCUMENTS_CHANNEL
from shared.wire.config import wire

_ENTRIES = 100
_TEXT = "".join(f"<p>{'Ministers from Saudi Arabia and Iraq met to speak of exports. ' * 6}</p>" for _ in range(6))
_BEGUN = datetime(2026, 11, 25, 9, tzinfo=UTC)


def main() -> None:
    """Measure both and print them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--port", type=int, default=8973)
    arguments = parser.parse_args()
    entries = [_entry(number) for number in range(_ENTRIES + 1)]
    kept = {form.EXTENSION: [form.render_entry(entry) for entry in entries[1:]] for form in FORMATS}
    ways = {
        "one new story": lambda: _one_more(entries[0], kept),
        "all anew with feedgen": lambda: _anew(entries[:_ENTRIES]),
        "all anew, the same bytes": lambda: [form.render_entry(entry) for form in FORMATS for entry in entries[:_ENTRIES]],
        "compressing, in two codings": lambda: _compressed(kept),
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(arguments.rounds):
        for name, way in ways.items():
            taken[name].append(_timed(way))
    medians = {name: statistics.median(times) for name, times in taken.items()}
    for name, median in medians.items():
        print(f"{name:<28} {median * 1000:6.2f} ms, one new story is {medians['one new story'] / median:.3f} of it")
    with a_wire(arguments.port) as here:
        renderings = _burst(here.run.url, here.run.database_url, here.key)
    print(f"1,000 stories in one request: {max(renderings.values())} renderings of the feed that was rendered most")
    print(", ".join(f"{feed} {count}" for feed, count in renderings.most_common(6)))


def _timed(act: object) -> float:
    started = time.perf_counter()
    act()  # type: ignore[operator]
    return time.perf_counter() - started


def _entry(number: int) -> Entry:
    at = _BEGUN + timedelta(seconds=number)
    story = f"BARQ25112026000000000001ID{number:010d}"
    return Entry(
        id=f"tag:barq.example,2024:{story}:en",
        story=story,
        edition="en",
        direction="ltr",
        link=f"https://wire.example/en/stories/{story}",
        title=f"Ministers agree on output, {number}",
        summary="They meet again in June.",
        content_html=_TEXT,
        author="Rana Haddad",
        provider="Levant Press Agency",
        rights="Copyright Barq and its providers",
        categories=tuple(Category(scheme="tag", term=word, label=word) for word in ("OPEC", "oil", "exports")),
        media=(),
        alternates=(),
        is_notice=False,
        has_left=False,
        revision=1,
        published_at=at,
        updated_at=at,
    )


def _head(form: Format) -> Head:
    return build_head(
        "all", "en", form.EXTENSION, _BEGUN, is_full=True, archive=1, wire=wire(), public_url="https://wire.example"
    )


def _one_more(entry: Entry, kept: dict[str, list[bytes]]) -> None:
    """As rendering does it: the new entry in each format, then each document from kept bytes."""
    for form in FORMATS:
        form.render_document(_head(form), [form.render_entry(entry), *kept[form.EXTENSION][:-1]])


def _compressed(kept: dict[str, list[bytes]]) -> None:
    """What is done to every document after that, however it was made."""
    for form in FORMATS:
        build_document(form, _head(form), kept[form.EXTENSION], previous_modified_at=None, now=_BEGUN)


def _anew(entries: list[Entry]) -> None:
    """As feedgen is used in most places: everything into a generator, and the documents out of it."""
    generator = FeedGenerator()
    generator.id("https://wire.example/")
    generator.title("Barq Newswire")
    generator.link(href="https://wire.example/")
    generator.description("The Middle East wire, as it happens")
    for told in entries:
        item = generator.add_entry()
        item.id(told.id)
        item.title(told.title)
        item.link(href=told.link)
        item.author(name=told.author)
        item.summary(told.summary)
        item.content(told.content_html, type="html")
        item.published(told.published_at)
        item.updated(told.updated_at)
        for category in told.categories:
            item.category(term=category.term, label=category.label)
    generator.rss_str()
    generator.atom_str()
    json.dumps([{"id": told.id, "title": told.title, "content_html": told.content_html} for told in entries])


def _burst(url: str, database_url: str, key: str) -> Counter[str]:
    """How often each feed was put together for a thousand stories in one request."""
    counted: Counter[str] = Counter()
    ready, done = Event(), Event()

    def listen() -> None:
        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute(f"LISTEN {DOCUMENTS_CHANNEL}")
            ready.set()
            while not done.is_set():
                counted.update(notice.payload for notice in connection.notifies(timeout=0.2))

    listener = Thread(target=listen)
    listener.start()
    ready.wait()
    items = [
        {"uri": f"urn:bench:{n}", "version": 1, "headline": f"Number {n}", "body_html": _TEXT, "language": "en"}
        for n in range(1000)
    ]
    body = "\n".join(json.dumps(item) for item in items)
    headers = {"authorization": f"Bearer {key}", "content-type": "application/x-ndjson"}
    httpx.post(f"{url}/v1/items", content=body, headers=headers, timeout=120, trust_env=False).raise_for_status()
    while True:
        with psycopg.connect(database_url, autocommit=True) as connection:
            waiting = connection.execute(
                "SELECT 1 FROM work WHERE state = 'due' AND stage NOT IN ('poll', 'learn') LIMIT 1"
            ).fetchone()
        if not waiting:
            break
        time.sleep(0.2)
    time.sleep(0.5)
    done.set()
    listener.join()
    return counted


if __name__ == "__main__":
    main()
