"""Documents that are put together for a request: the head of the newest one, with other links, titles and entries."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from lxml import etree

from services.edge.feeds.older import assemble
from services.edge.feeds.queries import FeedEntry
from services.rendering.documents import FORMATS, build_head
from services.rendering.formats import Format
from shared.contracts.feeds import FeedFormat
from shared.wire.config import ALL, DEFAULT_FILE, SEARCH, read_wire

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
EARLIER = NOON - timedelta(days=3)
WIRE = read_wire(DEFAULT_FILE)
OWN = "https://wire.example/en/feeds/all"
ATOM = "{http://www.w3.org/2005/Atom}"

ENTRIES = {
    FeedFormat.RSS: [b"<item><title>b</title></item>", b"<item><title>a</title></item>"],
    FeedFormat.ATOM: [
        b'<at:deleted-entry ref="b"><at:comment>b</at:comment></at:deleted-entry><entry><title>b</title></entry>',
        b"<entry><title>a</title></entry>",
    ],
    FeedFormat.JSON: [b'{"id":"b"}', b'{"id":"a"}'],
}
by_format = pytest.mark.parametrize("feed_format", FORMATS, ids=lambda feed_format: str(feed_format.EXTENSION))


def newest(feed_format: Format, feed: str = ALL) -> bytes:
    """A feed's own document as rendering makes it, with links to older entries."""
    extension = feed_format.EXTENSION
    head = build_head(feed, "en", extension, NOON, is_full=True, archive=7, wire=WIRE, public_url="https://wire.example")
    return feed_format.render_document(head, ENTRIES[extension])


def links_of(body: bytes, extension: FeedFormat) -> dict[str, str]:
    """What a document says of where it is and where it goes on."""
    if extension is FeedFormat.JSON:
        feed = json.loads(body)
        names = {"self": "feed_url", "next": "next_url"}
        return {rel: feed[name] for rel, name in names.items() if name in feed}
    root = etree.fromstring(body)
    parent = root[0] if extension is FeedFormat.RSS else root
    links = {link.get("rel", ""): link.get("href", "") for link in parent.findall(f"{ATOM}link")}
    return {rel: href for rel, href in links.items() if rel not in ("alternate", "related")}


def titles(body: bytes, extension: FeedFormat) -> list[str]:
    """The entries, in their order."""
    if extension is FeedFormat.JSON:
        return [item["id"] for item in json.loads(body)["items"]]
    root = etree.fromstring(body)
    if extension is FeedFormat.RSS:
        return [item.findtext("title", "") for item in root[0].findall("item")]
    return [entry.findtext(f"{ATOM}title", "") for entry in root.findall(f"{ATOM}entry")]


@by_format
@pytest.mark.parametrize(
    "links",
    [
        {"self": f"{OWN}?page=2", "first": OWN, "previous": OWN, "next": f"{OWN}?page=3"},
        {"self": f"{OWN}?page=9", "first": OWN, "previous": f"{OWN}?page=8"},
        {"self": f"{OWN}?archive=1&x=<", "current": OWN, "next-archive": f"{OWN}?archive=2"},
    ],
)
@pytest.mark.parametrize("names", ["", "a", "b a"])
def test_a_page_has_its_own_links_and_entries_and_no_hub(feed_format: Format, links: dict[str, str], names: str) -> None:
    extension = feed_format.EXTENSION
    bodies = {"b": ENTRIES[extension][0], "a": ENTRIES[extension][1]}
    entries = [FeedEntry(body=bodies[name], updated_at=EARLIER) for name in names.split()]
    page = assemble(newest(feed_format), extension, entries, links)
    assert titles(page, extension) == names.split()
    known = {"self", "next"} if extension is FeedFormat.JSON else set(links)
    assert links_of(page, extension) == {rel: href for rel, href in links.items() if rel in known}
    assert (b"history/1.0" in page) == ("current" in links and extension is not FeedFormat.JSON)
    assert (b"tombstones" in page) == (extension is FeedFormat.ATOM and "b" in names)


@by_format
def test_a_page_is_as_new_as_its_newest_entry(feed_format: Format) -> None:
    entries = [FeedEntry(body=ENTRIES[feed_format.EXTENSION][1], updated_at=at) for at in (EARLIER - timedelta(days=1), EARLIER)]
    page = assemble(newest(feed_format), feed_format.EXTENSION, entries, {"self": OWN}).decode()
    when = "Sun, 22 Nov 2026 12:00:00" if feed_format.EXTENSION is FeedFormat.RSS else "2026-11-22T12:00:00.000Z"
    assert when in page


@by_format
@pytest.mark.parametrize("words", ["oil", "a < b & c", '"x" > \\1', "نفط"])
def test_a_search_says_its_words_in_its_title(feed_format: Format, words: str) -> None:
    extension, title = feed_format.EXTENSION, f"Barq Newswire: {words}"
    own_title = ("Barq Newswire", title)
    document = assemble(newest(feed_format, SEARCH), extension, [], {"self": OWN}, title=own_title)
    if extension is FeedFormat.JSON:
        assert json.loads(document)["title"] == title
    else:
        root = etree.fromstring(document)
        shown = root.findtext("channel/title") if extension is FeedFormat.RSS else root.findtext(f"{ATOM}title")
        assert shown == title
