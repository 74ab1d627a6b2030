"""Feed deltas: who says which version it has is sent the entries that are new since."""

from __future__ import annotations

import json

import pytest
from lxml import etree

from services.edge.feeds.deltas import _MAX_READERS, _MAX_VERSIONS, History, Readers
from shared.contracts.feeds import FeedFormat

RSS, ATOM, JSON = FeedFormat.RSS, FeedFormat.ATOM, FeedFormat.JSON


def entry(feed_format: FeedFormat, name: str) -> bytes:
    """An entry; with a `!` its notice, with a `-` what is left of one that has gone."""
    title = name.strip("!-")
    if feed_format is JSON:
        return json.dumps({"id": title, "title": name}, separators=(",", ":")).encode()
    if feed_format is RSS:
        return f"<item><title>{name}</title></item>".encode()
    tombstone = f'<at:deleted-entry ref="{title}"><at:comment>{name}</at:comment></at:deleted-entry>'
    whole = f'<entry xml:lang="en"><title>{name}</title></entry>'
    return {"!": tombstone + whole, "-": tombstone}.get(name[-1], whole).encode()


def document(feed_format: FeedFormat, names: str) -> bytes:
    """A document as rendering joins it, of entries that are named by single letters."""
    entries = [entry(feed_format, name) for name in names.split()]
    if feed_format is JSON:
        return b'{"version":"1.1","items":[\n' + b",\n".join(entries) + b"\n]}\n"
    if feed_format is RSS:
        return b"\n".join((b"<rss><channel>", *entries, b"</channel></rss>"))
    return b"\n".join((b'<feed xmlns:at="http://purl.org/atompub/tombstones/1.0">', *entries, b"</feed>"))


@pytest.mark.parametrize("feed_format", list(FeedFormat))
@pytest.mark.parametrize(
    ("versions", "known", "new"),
    [
        (["b a", "c b a"], 0, "c"),
        (["b a", "c b a", "d c b"], 0, "d c"),
        (["b a", "c b a", "d c b"], 1, "d"),
        (["b a", "c b a"], 1, ""),  # it has the newest
        (["b a", "c b a", "b a"], 0, ""),  # what came has gone again
        (["b a", "b! a"], 0, "b!"),  # a kill is a new entry
        (["b a", "a b"], 0, ""),
        (["", "a"], 0, "a"),
        (["a", ""], 0, ""),
    ],
)
def test_a_delta_has_the_entries_that_are_new(feed_format: FeedFormat, versions: list[str], known: int, new: str) -> None:
    bodies = [document(feed_format, names) for names in versions]
    history = History(feed_format, "0", bodies[0])
    for number, body in enumerate(bodies[1:], start=1):
        history.goes_on(str(number), body)
    delta = history.since(str(known), bodies[-1])
    assert delta is not None
    assert _entries(feed_format, delta) == [entry(feed_format, name) for name in new.split()]


def _entries(feed_format: FeedFormat, body: bytes) -> list[bytes]:
    """The entries of a document, which must be one that a reader can read."""
    if feed_format is JSON:
        return [json.dumps(item, separators=(",", ":")).encode() for item in json.loads(body)["items"]]
    etree.fromstring(body)
    return [line for line in body.splitlines()[1:-1] if line]


def test_what_has_left_is_a_tombstone_in_the_delta() -> None:
    history = History(ATOM, "0", document(ATOM, "b a"))
    newest = document(ATOM, "b- a")
    history.goes_on("1", newest)
    assert _entries(ATOM, history.since("0", newest) or b"") == [entry(ATOM, "b-")]


def test_a_version_that_nobody_remembers_has_no_delta() -> None:
    history = History(RSS, "0", document(RSS, "a"))
    assert history.since("x", document(RSS, "a")) is None


def test_the_oldest_versions_are_forgotten_first() -> None:
    body = document(RSS, "a")
    history = History(RSS, "0", body)
    for number in range(1, _MAX_VERSIONS + 1):
        history.goes_on(str(number), body)
    assert history.since("0", body) is None
    assert history.since("1", body) is not None


def test_no_more_readers_are_remembered_than_there_is_room_for() -> None:
    readers = Readers()
    for number in range(_MAX_READERS + 5):
        assert readers.may_have(f"{number}", b"", "/", "v", not_for="")
    assert not readers.may_have(f"{_MAX_READERS}", b"", "/", "v", not_for="")
    assert readers.may_have("0", b"", "/", "v", not_for=""), "the first one is forgotten"
    assert len(readers._answered) == _MAX_READERS


@pytest.mark.parametrize(
    ("not_for", "agent", "has"),
    [
        ("", "a/1", True),
        ("a/", "a/1", False),
        ("a/, b/", "b/2", False),
        ("a/", "c a/1", True),
        ("*", "", False),
        ("a/", "", True),
    ],
)
def test_some_programs_are_named_that_have_none(not_for: str, agent: str, has: bool) -> None:
    assert Readers().may_have("1.2.3.4", agent.encode(), "/", "v", not_for=not_for) == has
