"""Documents that are put together when they are asked for: of searches, older pages, archives (RFC 5005).

The head is that of a document that rendering made (for searches one without entries), the entries were rendered long ago.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import format_datetime

from lxml import etree

from services.edge.feeds import queries
from services.edge.feeds.queries import FeedEntry
from shared.archive.database import engine
from shared.clock import rfc3339
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


_ATOM = "{http://www.w3.org/2005/Atom}"
_TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
_HISTORY = "http://purl.org/syndication/history/1.0"
_ENTRIES = {"item", f"{_ATOM}entry", f"{{{_TOMBSTONES}}}deleted-entry"}
#: what the newest document says of where it is, and of what is before it; nobody subscribes to old pages, so they name no hub
_OWN_LINKS = ("self", "next", "prev-archive", "hub")
#: our own document: it is as large as it is, and names no entities
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)


def _xml(
    newest: bytes, feed_format: FeedFormat, entries: Sequence[FeedEntry], links: Mapping[str, str], title: tuple[str, str]
) -> bytes:
    root = etree.fromstring(newest, _PARSER)
    head = root[0] if feed_format == FeedFormat.RSS else root
    for entry in [child for child in head if child.tag in _ENTRIES]:
        head.remove(entry)
    _put_links(head, links)
    updated = max((entry.updated_at for entry in entries), default=None)
    for element in head.iter():
        if title[0] and element.text == title[0]:
            element.text = title[1]
        elif updated and element.tag == f"{_ATOM}updated":
            element.text = rfc3339(updated)
        elif updated and element.tag == "lastBuildDate":
            element.text = format_datetime(updated)
    if feed_format == FeedFormat.ATOM:
        root = _declaring_tombstones(root, are_there=any(b"<at:" in entry.body for entry in entries))
    start, end, tail = etree.tostring(root, encoding="UTF-8", xml_declaration=True).rpartition(_END[feed_format])
    return b"\n".join((_plainly(start), *(entry.body for entry in entries), end + tail))


_END = {FeedFormat.RSS: b"</channel>", FeedFormat.ATOM: b"</feed>"}


def _put_links(head: etree._Element, links: Mapping[str, str]) -> None:
    """These in the place of the newest document's own; in an archive, that it is one."""
    former = [link for link in head.findall(f"{_ATOM}link") if link.get("rel") in _OWN_LINKS]
    at = head.index(former[0]) if former else len(head)
    for link in former:
        head.remove(link)
    own = [etree.Element(f"{_ATOM}link", rel=rel, href=href) for rel, href in links.items()]
    if "current" in links:
        own.append(etree.Element(f"{{{_HISTORY}}}archive", nsmap={"fh": _HISTORY}))
    head[at:at] = own


def _declaring_tombstones(root: etree._Element, *, are_there: bool) -> etree._Element:
    """The same, with the namespace of tombstones declared if there are some, and otherwise not: validators ask for both."""
    declared = {prefix: uri for prefix, uri in root.nsmap.items() if uri != _TOMBSTONES}
    if are_there:
        declared["at"] = _TOMBSTONES
    fresh = etree.Element(root.tag, dict(root.attrib), declared)
    fresh.text = root.text
    fresh[:] = root[:]
    return fresh


def _plainly(head: bytes) -> bytes:
    """`<` and `&` as numbers, which is the same to whoever parses, and no mark-up to readers that unescape twice."""
    return head.replace(b"&lt;", b"&#x3C;").replace(b"&amp;", b"&#x26;")


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
        feed["_barq"]["updated"] = rfc3339(max(entry.updated_at for entry in entries))
    feed["items"] = [json.loads(entry.body) for entry in entries]
    return json.dumps(feed, ensure_ascii=False, separators=(",", ":")).encode()
