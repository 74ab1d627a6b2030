"""The fast path: what a request for a feed's document is answered, and how often without a validator."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import brotli
import pytest

from services.edge.feeds.documents import Documents, Served, make_served
from services.edge.feeds.fast_path import FeedFastPath, answer_to
from shared.clock import utc_now
from shared.contracts.feeds import FeedFormat
from shared.settings import settings

MODIFIED = datetime(2026, 3, 1, 12, tzinfo=UTC)
BODY, OLDER = b"<rss><item>b</item><item>a</item></rss>", b"<rss><item>a</item></rss>"
DATE = b"Sun, 01 Mar 2026 12:00:00 GMT"


def served(body: bytes = BODY, etag: str = "new", modified_at: datetime = MODIFIED) -> Served:
    return make_served(
        "en", "all", FeedFormat.RSS, etag=etag, modified_at=modified_at, body_gzip=gzip.compress(body),
        body_br=brotli.compress(body),
    )  # fmt: skip


def documents() -> Documents:
    """One feed in one format, which has changed once."""
    kept = Documents()
    kept.keep("en", "all", "rss", served(OLDER, "old"))
    kept.keep("en", "all", "rss", served())
    return kept


@pytest.mark.parametrize(
    ("headers", "status", "etag", "is_unasked_for"),
    [
        ({}, 200, '"new"', True),
        ({"accept-encoding": "gzip"}, 200, '"new-gzip"', True),
        ({"accept-encoding": "gzip, br"}, 200, '"new-br"', True),
        ({"accept-encoding": "zstd"}, 200, '"new"', True),
        # it has it, in this coding or in any for a reader that says so
        ({"if-none-match": '"new"'}, 304, '"new"', False),
        ({"if-none-match": '"new-br"', "accept-encoding": "br"}, 304, '"new-br"', False),
        ({"if-none-match": 'W/"new-br"', "accept-encoding": "br"}, 304, '"new-br"', False),
        ({"if-none-match": '"x", "new"'}, 304, '"new"', False),
        ({"if-modified-since": DATE.decode()}, 304, '"new"', False),
        # it has another
        ({"if-none-match": '"old"'}, 200, '"new"', False),
        ({"if-none-match": '"new-br"', "accept-encoding": "gzip"}, 200, '"new-gzip"', False),
        ({"if-none-match": '"old"', "if-modified-since": DATE.decode()}, 200, '"new"', False),
        ({"if-modified-since": "Sun, 01 Mar 2026 11:59:59 GMT"}, 200, '"new"', False),
        # what is new since
        ({"if-none-match": '"old"', "a-im": "feed"}, 226, '"new"', False),
        ({"if-none-match": '"old-gzip"', "a-im": "feed, gzip", "accept-encoding": "gzip"}, 226, '"new-gzip"', False),
        ({"if-none-match": '"x"', "a-im": "feed"}, 200, '"new"', False),
        ({"if-none-match": '"old"', "a-im": "diffe"}, 200, '"new"', False),
        ({"a-im": "feed"}, 200, '"new"', True),
    ],
)
def test_the_answer_to_a_request(headers: dict[str, str], status: int, etag: str, is_unasked_for: bool) -> None:
    document = documents().at("/en/feeds/all.rss")
    assert document is not None
    answer = answer_to(document, [(name.encode(), value.encode()) for name, value in headers.items()], client=uuid4().hex)
    got = {name.decode(): value.decode() for name, value in answer.headers}
    assert (answer.status, got["etag"], answer.is_unasked_for) == (status, etag, is_unasked_for)
    if status == 304:
        assert answer.body == b""
        assert not {"content-type", "content-length", "content-encoding"} & set(got)
    else:
        assert int(got["content-length"]) == len(answer.body)
    if status == 226:
        assert answer.body == b"<rss><item>b</item></rss>"
        assert (got["im"], got["cache-control"]) == ("feed", "no-store, im")
        assert "content-encoding" not in got


def test_a_delta_that_is_more_than_the_whole_in_the_readers_coding_is_not_sent() -> None:
    kept, before = Documents(), b"".join(b"<item>item %d</item>" % number for number in range(20)) + b"</rss>"
    kept.keep("en", "all", "rss", served(b"<rss>" + before, "old"))
    kept.keep("en", "all", "rss", served(b"<rss><item>" + b"easy to compress " * 40 + b"</item>" + before))
    document = kept.at("/en/feeds/all.rss")
    assert document is not None
    asks = [(b"if-none-match", b'"old"'), (b"a-im", b"feed")]
    assert answer_to(document, [*asks, (b"accept-encoding", b"gzip")], client="a").status == 200
    assert answer_to(document, asks, client="a").status == 226


def test_a_program_that_takes_a_delta_for_an_error_is_sent_the_whole_at_its_next_look() -> None:
    """It keeps its version and asks again; one that understands has the new version by then."""
    document = documents().at("/en/feeds/all.rss")
    assert document is not None
    other_feed = replace(document, path="/en/feeds/asia.rss")
    asks = [(b"if-none-match", b'"old"'), (b"a-im", b"feed"), (b"user-agent", b"Reader/1")]
    assert [answer_to(document, asks, client="a").status for _ in range(4)] == [226, 200, 200, 200]
    other = [(b"user-agent", b"Other/1") if name == b"user-agent" else (name, value) for name, value in asks]
    assert answer_to(document, other, client="a").status == 226
    assert answer_to(other_feed, asks, client="a").status == 200, "nor of another feed"
    assert answer_to(document, asks, client="b").status == 226


@pytest.mark.parametrize(
    ("agent", "status"), [("feedparser/6.0.10 +https://github.com", 200), ("python-reader/3.26 (feedparser/6)", 226), ("", 226)]
)
def test_deltas_are_for_programs_with_a_name_of_their_own(agent: str, status: int) -> None:
    document = documents().at("/en/feeds/all.rss")
    assert document is not None
    asks = [(b"if-none-match", b'"old"'), (b"a-im", b"feed"), (b"user-agent", agent.encode())]
    assert answer_to(document, asks, client=uuid4().hex).status == status


@pytest.mark.parametrize("versions", [["old", "new", "new"], ["old", "old", "new"], ["old", "new", "new", "newest", "newest"]])
def test_a_version_that_is_loaded_again_takes_no_delta_away(versions: list[str]) -> None:
    """A feed's formats are loaded together, though perhaps one alone has changed."""
    kept = Documents()
    bodies = {"old": OLDER, "new": BODY, "newest": BODY.replace(b"<item>b", b"<item>c</item><item>b")}
    for version in versions:
        kept.keep("en", "all", "rss", served(bodies[version], version))
    document = kept.get(("en", "all", "rss"))
    assert document
    for version in dict.fromkeys(versions):
        assert document.since(f'"{version}"') is not None


def test_a_document_that_is_ahead_of_the_clock_has_no_date() -> None:
    ahead = served(modified_at=utc_now() + timedelta(seconds=30))
    for headers in ([], [(b"if-none-match", b'"new"')]):
        assert b"last-modified" not in dict(answer_to(ahead, headers, client="").headers)
    assert answer_to(ahead, [(b"if-modified-since", b"Sun, 01 Mar 2099 12:00:00 GMT")], client="").status == 200


# ── Limits ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def two_a_minute(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("BARQ_FEED_FETCHES_PER_MINUTE", "BARQ_REQUESTS_PER_MINUTE"):
        monkeypatch.setenv(name, "2")
    settings.cache_clear()
    yield
    settings.cache_clear()


async def _page(_: Any, __: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"a page"})


async def _unchanged(_: Any, __: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 304, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def statuses(app: Any, path: str, times: int, *, query: bytes = b"", client: str = "192.0.2.1", **headers: str) -> list[int]:
    """What a client gets that asks so often."""
    path_in_front = FeedFastPath(app, documents())
    got: list[int] = []

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            got.append(message["status"])

    scope = {
        "type": "http", "method": "GET", "path": path, "query_string": query, "client": (client, 1),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    for _ in range(times):
        asyncio.run(path_in_front(scope, None, send))  # type: ignore[arg-type]
    return got


@pytest.mark.usefixtures("two_a_minute")
@pytest.mark.parametrize(
    ("app", "path", "options", "got"),
    [
        (_page, "/en/feeds/all.rss", {}, [200, 200, 429, 429]),  # whole documents, without a validator
        (_page, "/en/feeds/all.rss", {"if_none_match": '"new"'}, [304, 304, 304, 304]),
        (_page, "/en/feeds/all.rss", {"if_none_match": '"x"'}, [200, 200, 200, 200]),  # who polls well is never limited
        (_page, "/en/feeds/all.rss", {"query": b"page=2"}, [200, 200, 429, 429]),
        (_page, "/en/", {}, [200, 200, 429, 429]),
        (_unchanged, "/en/", {}, [304, 304, 304, 304]),
        (_page, "/en/", {"client": "127.0.0.1"}, [200, 200, 200, 200]),
    ],
)
def test_who_asks_too_often_waits(app: Any, path: str, options: dict[str, Any], got: list[int]) -> None:
    assert statuses(app, path, 4, **options) == got


@pytest.mark.parametrize(
    ("query", "headers", "is_for_pages"),
    [
        (b"", {}, False),
        (b"utm_source=x", {}, False),
        (b"page=2", {}, True),
        (b"archive=7", {}, True),
        (b"", {"sec_fetch_dest": "document"}, True),  # a person's browser
        (b"as=feed", {"sec_fetch_dest": "document"}, False),
        (b"", {"sec_fetch_dest": "empty"}, False),
    ],
)
def test_older_pages_and_people_go_on_to_the_pages(query: bytes, headers: dict[str, str], is_for_pages: bool) -> None:
    async def page(_: Any, __: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 299, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    assert statuses(page, "/en/feeds/all.rss", 1, query=query, **headers) == [299 if is_for_pages else 200]
