"""feedparser, for documents that it does not expect: what breaks it costs one entry, and what it returns is of the kind that its
name says.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence, Set
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import feedparser
from lxml import etree

from services.ingest.formats.xml import Element, child, name_of

#: of what is read of entries and feeds: lists of parts, parts, and texts
ROWS = {"links", "content", "authors", "contributors", "tags", "media_content", "media_thumbnail", "media_credit"}
PARTS = {"title_detail", "summary_detail", "author_detail", "rights_detail", "source", "publisher_detail", "subtitle_detail"}
TEXTS = {
    "id", "link", "title", "summary", "author", "updated", "published", "created", "expired", "rights", "publisher", "language",
    "media_description", "credit", "subtitle",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ReadFeed:
    """A feed and its entries as feedparser has them."""

    feed: Any
    entries: Sequence[Any]
    broken: Sequence[Element] = ()  #: entries that cannot be read


def read_feed(root: Element, entries: Sequence[Element]) -> ReadFeed:
    """Read a document, of which these are the entries. What cannot be read costs itself."""
    try:
        read = _read(root)
    except Exception:  # an element within another that it does not expect there; which one, it does not say
        return _read_one_by_one(root, entries)
    return ReadFeed(feed=read.feed, entries=read.entries)


def _read_one_by_one(root: Element, entries: Sequence[Element]) -> ReadFeed:
    frame = _without_entries(root, {name_of(entry) for entry in entries})
    read, broken = [], []
    for entry in entries:
        parent = entry.getparent()
        place = child(frame, "channel") if parent is not None and name_of(parent) == "channel" else None
        place = frame if place is None else place
        alone = copy.deepcopy(entry)
        place.append(alone)
        try:
            read += _read(frame).entries
        except Exception:
            broken.append(entry)
        place.remove(alone)
    return ReadFeed(feed=_read(frame).feed, entries=read, broken=broken)


def _without_entries(root: Element, names: Set[str]) -> Element:
    """The feed alone; of one that cannot be read itself, its bare elements."""
    frame = copy.deepcopy(root)
    for element in list(frame.iter(*(f"{{*}}{name}" for name in names))):
        if (parent := element.getparent()) is not None:
            parent.remove(element)
    try:
        _read(frame)
    except Exception:
        has_channel = child(frame, "channel") is not None
        frame = etree.Element(root.tag, nsmap=root.nsmap)
        if has_channel:
            etree.SubElement(frame, "channel")
    return frame


def _read(root: Element) -> Any:
    # as a stream: given a name or an address feedparser would open it. Its own bases leak from one entry into the next.
    parsed = feedparser.parse(BytesIO(etree.tostring(root, encoding="utf-8")), sanitize_html=False, resolve_relative_uris=False)
    for read in (parsed.feed, *parsed.entries):
        _leave_out_what_it_is_not(read)
    return parsed


def _leave_out_what_it_is_not(read: Any) -> None:
    """Take out what is not of the kind that feedparser has under its name: of elements that happen to be called as it calls its
    own (`links`, `tags`), or that began within another's text, so that there is a name and no value.
    """
    for name, value in list(read.items()):
        if name in ROWS:
            read[name] = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
            for row in read[name]:
                _leave_out_nothings(row)
        elif isinstance(value, dict):
            _leave_out_nothings(value)
        if (name in PARTS and not isinstance(value, dict)) or (name in TEXTS and not isinstance(value, str)):
            del read[name]


def _leave_out_nothings(part: Any) -> None:
    for name in [name for name, value in part.items() if value is None]:
        del part[name]
