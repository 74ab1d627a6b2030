"""Documents that are put together when they are asked for: of searches, older pages, archives (RFC 5005).

The head is that of a document that rendering made (for searches one without entries), the entries were rendered long ago.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import format_datetime

from services.edge.feeds import queries
from services.edge.feeds.queries import FeedEntry
from shared.archive.database import engine
from shared.contracts.feeds import WINDOW, FeedFormat
from shared.settings import settings


@dataclass(frozen=True, kw_only=True)
class Older:
    """A page or an archive of a feed."""

    body: bytes
    own_url: str


def find_older(
    newest: bytes, edition: str, feed: str, feed_format: FeedFormat, *, page: int | None, archive: int | None
) -> Older | None:
    """An archive if one is named, else a page; None if it is not there. `newest` is the feed's own document."""
    own = f"{settings().public_url}/{edition}/feeds/{feed}.{feed_format}"
    with engine().connect() as connection:
        if archive is not None:
            entries, is_newest = queries.find_feed_archive(connection, edition, feed, feed_format, number=archive)
            links = _links_of_archive(own, archive, is_newest=is_newest)
        else:
            number = page or 1
            entries = queries.find_feed_page(connection, edition, feed, feed_format, page=number, size=WINDOW)
            links = _links_of_page(own, number, is_full=len(entries) == WINDOW)
    if not entries and page != 1:
        return None
    return Older(body=assemble(newest, feed_format, entries, links), own_url=links["self"])


def _links_of_page(own: str, page: int, *, is_full: bool) -> dict[str, str]:
    """Paging (RFC 5005, 3)."""
    links = {"self": f"{own}?page={page}", "first": own}
    if page > 1:
        links["previous"] = f"{own}?page={page - 1}" if page > 2 else own
    if is_full:
        links["next"] = f"{own}?page={page + 1}"
    return links


def _links_of_archive(own: str, number: int, *, is_newest: bool) -> dict[str, str]:
    """Archives (RFC 5005, 4): each names the one before it and the one after it, and where the feed goes on."""
    links = {"self": f"{own}?archive={number}", "current": own}
    if number > 1:
        links["prev-archive"] = f"{own}?archive={number - 1}"
    if not is_newest:
        links["next-archive"] = f"{own}?archive={number + 1}"
    return links


def assemble(
    newest: bytes,
    feed_format: FeedFormat,
    entries: Sequence[FeedEntry],
    links: Mapping[str, str],
    *,
    title: tuple[str, str] = ("", ""),
) -> bytes:
    """A document with these links and entries, under the head of `newest`. `title` says which title becomes which."""
    return (_json if feed_format == FeedFormat.JSON else _xml)(newest, feed_format, entries, links, title)


_ENTRIES = {
    FeedFormat.RSS: re.compile(r"<item>.*</item>", re.DOTALL),
    FeedFormat.ATOM: re.compile(r"(?:<at:deleted-entry|<entry).*(?:</entry>|</at:deleted-entry>)", re.DOTALL),
}
#: what the newest document says of where it is, and of what is before it; nobody subscribes to old pages, so they name no hub
_LINK = re.compile(r'<(?:atom:)?link [^>]*rel="(?:self|next|prev-archive|hub)"[^>]*/>')
_TOMBSTONES = ' xmlns:at="http://purl.org/atompub/tombstones/1.0"'
_ARCHIVE = '<fh:archive xmlns:fh="http://purl.org/syndication/history/1.0"/>'


def _xml(
    newest: bytes, feed_format: FeedFormat, entries: Sequence[FeedEntry], links: Mapping[str, str], title: tuple[str, str]
) -> bytes:
    head = _ENTRIES[feed_format].sub("", newest.decode())
    element = "atom:link" if feed_format == FeedFormat.RSS else "link"
    own = "".join(f'<{element} rel="{rel}" href="{html.escape(href)}"/>' for rel, href in links.items())
    if "current" in links:
        own += _ARCHIVE
    at = _LINK.search(head)
    start = at.start() if at else len(head)
    head = head[:start] + own + _LINK.sub("", head[start:])
    if feed_format == FeedFormat.ATOM:  # declared where there are some
        head = head.replace(_TOMBSTONES, "", 1)
        if any(b"<at:" in entry.body for entry in entries):
            head = head.replace("<feed", f"<feed{_TOMBSTONES}", 1)
    old_title, new_title = (html.escape(name, quote=False) for name in title)
    new_title = new_title.replace("&lt;", "&#x3C;").replace("&amp;", "&#x26;")
    head = head.replace(f">{old_title}<", f">{new_title}<") if old_title else head
    if entries:
        updated = max(entry.updated_at for entry in entries)
        head = re.sub(r"<updated>[^<]*", f"<updated>{updated.isoformat()}", head, count=1)
        head = re.sub(r"<lastBuildDate>[^<]*", f"<lastBuildDate>{format_datetime(updated)}", head, count=1)
    head, end, tail = head.rpartition("</channel>" if feed_format == FeedFormat.RSS else "</feed>")
    return b"\n".join((head.encode(), *(entry.body for entry in entries), f"{end}{tail}".encode()))


def _json(
    newest: bytes, feed_format: FeedFormat, entries: Sequence[FeedEntry], links: Mapping[str, str], title: tuple[str, str]
) -> bytes:
    """JSON Feed knows one way to older entries: `next_url`."""
    feed = json.loads(newest)
    for name in ("hubs", "next_url"):
        feed.pop(name, None)
    feed["title"] = title[1] or feed["title"]
    feed["feed_url"] = links["self"]
    if following := links.get("next") or links.get("prev-archive"):
        feed["next_url"] = following
    if entries:
        feed["_barq"]["updated"] = max(entry.updated_at for entry in entries).isoformat()
    feed["items"] = [json.loads(entry.body) for entry in entries]
    return json.dumps(feed, ensure_ascii=False, separators=(",", ":")).encode()
