"""Feed documents: what a head says of its feed, and validators that move together."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta

import brotli
import pytest

from services.rendering.documents import FORMATS, build_document, build_head
from services.rendering.formats import Format, Head
from shared.contracts.feeds import FeedFormat
from shared.wire.config import ALL, DEFAULT_FILE, SEARCH, read_wire

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
WIRE = read_wire(DEFAULT_FILE)
ADDRESS = "https://wire.example/en/feeds"


def head(feed: str = ALL, *, is_full: bool = False, archive: int = 0, extension: str = "atom") -> Head:
    return build_head(
        feed, "en", extension, NOON, is_full=is_full, archive=archive, wire=WIRE, public_url="https://wire.example"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("feed", "is_full", "archive", "next_link", "archive_link"),
    [
        (ALL, False, 0, "", ""),
        (ALL, True, 0, f"{ADDRESS}/all.atom?page=2", ""),
        (ALL, True, 7, f"{ADDRESS}/all.atom?page=2", f"{ADDRESS}/all.atom?archive=7"),
        ("sport", True, 1, f"{ADDRESS}/sport.atom?page=2", f"{ADDRESS}/sport.atom?archive=1"),
    ],
)
def test_a_head_says_where_older_entries_are(feed: str, is_full: bool, archive: int, next_link: str, archive_link: str) -> None:
    of_feed = head(feed, is_full=is_full, archive=archive)
    assert (of_feed.next_link, of_feed.archive_link) == (next_link, archive_link)
    assert of_feed.self_link == f"{ADDRESS}/{feed}.atom"


@pytest.mark.parametrize(
    ("feed", "has_hub", "title"),
    [(ALL, True, "Barq Newswire"), ("sport", True, "Barq Newswire – Sport"), (SEARCH, False, "Barq Newswire")],
)
def test_a_search_has_no_hub_and_a_feed_of_a_subject_says_which(feed: str, has_hub: bool, title: str) -> None:
    of_feed = head(feed)
    assert (bool(of_feed.hub_link), of_feed.title) == (has_hub, title)
    assert of_feed.id == f"tag:{WIRE.agency.domain},2024:feed:en:{feed}"


def test_a_head_names_the_same_feed_in_the_other_editions() -> None:
    assert dict(head("sport", extension="rss").alternates) == {
        edition: f"https://wire.example/{edition}/feeds/sport.rss" for edition in WIRE.editions if edition != "en"
    }


@pytest.mark.parametrize("feed_format", FORMATS, ids=lambda feed_format: str(feed_format.EXTENSION))
def test_a_document_is_the_same_in_both_codings_and_for_the_same_entries(feed_format: Format) -> None:
    entries = [b'{"id":"1"}'] if feed_format.EXTENSION is FeedFormat.JSON else [b"<entry/>"]
    one, again = (
        build_document(feed_format, head(), entries, previous_modified_at=None, now=NOON + timedelta(seconds=s)) for s in (0, 9)
    )
    assert gzip.decompress(one.body_gzip) == brotli.decompress(one.body_br) == feed_format.render_document(head(), entries)
    assert (one.etag, one.body_gzip, one.entry_count) == (again.etag, again.body_gzip, 1)
    assert entries[0] in gzip.decompress(one.body_gzip)


@pytest.mark.parametrize(
    ("before_s", "moved_s"),
    [(None, 0), (-5, 0), (0, 1), (3, 4)],  # several versions within a second: ahead of the clock
)
def test_no_two_versions_of_a_document_share_a_second(before_s: int | None, moved_s: int) -> None:
    before = None if before_s is None else NOON + timedelta(seconds=before_s)
    made = build_document(FORMATS[0], head(), [], previous_modified_at=before, now=NOON.replace(microsecond=999))
    assert made.modified_at == NOON + timedelta(seconds=moved_s)
