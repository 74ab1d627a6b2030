"""Feed documents: which formats there are, what a head says, and the validators that HTTP needs. No SQL here."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import brotli

from services.rendering.formats import Format, Head, atom, jsonfeed, rss
from shared.contracts.feeds import FeedFormat
from shared.wire.config import ALL, SEARCH, Wire, in_language

FORMATS: tuple[Format, ...] = (rss, atom, jsonfeed)

#: how long the notice of a kill stays in its feeds at least, so that every reader has polled it
NOTICE_STAYS = timedelta(days=14)

#: and how many of them at most, the newest; a document, and how soon a kill is in it, does not grow with the kills before it
MOST_NOTICES = 200


@dataclass(frozen=True, kw_only=True)
class Document:
    """The bytes of one feed in one format, with its validators."""

    format: str
    etag: str
    modified_at: datetime
    entry_count: int
    body_gzip: bytes
    body_br: bytes


def build_head(
    feed: str,
    edition: str,
    feed_format: FeedFormat,
    updated_at: datetime,
    *,
    is_full: bool,
    archive: int,
    wire: Wire,
    public_url: str,
) -> Head:
    """What a document of this feed says of it.

    One that is full has older entries on further pages (RFC 5005, 3), and in archives (4), of which `archive` is the newest.
    """
    name = wire.feed_title(feed, edition)
    title = wire.editions[edition].title
    own = f"{public_url}/{edition}/feeds/{feed}.{feed_format}"
    return Head(
        id=f"tag:{wire.agency.domain},2024:feed:{edition}:{feed}",
        format=feed_format,
        title=title if feed in (ALL, SEARCH) else f"{title} – {name}",
        description=wire.feed_description(feed, edition),
        edition=edition,
        direction=wire.editions[edition].direction,
        link=f"{public_url}/{edition}/" if feed in (ALL, SEARCH) or wire.is_private(feed) else f"{public_url}/{edition}/{feed}/",
        self_link=own,
        logo=wire.agency.logo or f"{public_url}/barq.png",
        hub_link="" if feed == SEARCH else f"{public_url}/hub",
        alternates=tuple(
            (other, f"{public_url}/{other}/feeds/{feed}.{feed_format}") for other in wire.editions if other != edition
        ),
        author=in_language(wire.agency.name, edition),
        rights=in_language(wire.agency.copyright, edition),
        next_link=f"{own}?page=2" if is_full else "",
        archive_link=f"{own}?archive={archive}" if archive else "",
        updated_at=updated_at,
    )


def build_document(
    feed_format: Format, head: Head, entries: Sequence[bytes], *, previous_modified_at: datetime | None, now: datetime
) -> Document:
    """Put a document together of entries that are rendered already, the newest first, and compress it.

    `ETag` and `Last-Modified` move together: no two versions share a second, even if several are made within one.
    """
    body = feed_format.render_document(head, entries)
    modified_at = now.replace(microsecond=0)
    if previous_modified_at is not None and modified_at <= previous_modified_at:
        modified_at = previous_modified_at + timedelta(seconds=1)
    return Document(
        format=feed_format.EXTENSION,
        etag=hashlib.sha256(body).hexdigest()[:32],
        modified_at=modified_at,
        entry_count=len(entries),
        body_gzip=gzip.compress(body, compresslevel=4, mtime=0),
        body_br=brotli.compress(body, mode=brotli.MODE_TEXT, quality=4),
    )
