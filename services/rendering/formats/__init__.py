"""Feed formats, one module each, all with `EXTENSION`, `render_entry()` and `render_document()`: the same behaviour suite.

An entry is rendered once and kept as bytes; a document is its head and the newest entries, joined.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.rendering.entries import Entry
from shared.contracts.feeds import FeedFormat


@dataclass(frozen=True, kw_only=True)
class Head:
    """What a document says of its feed."""

    id: str
    format: FeedFormat
    title: str
    description: str
    edition: str
    direction: str
    link: str  #: the page for people
    self_link: str  #: where this very document is
    logo: str  #: a square picture of the agency
    hub_link: str  #: the WebSub hub; empty: nobody can subscribe to this feed there
    alternates: tuple[tuple[str, str], ...]  #: the same feed in other editions: tag and address
    author: str
    rights: str
    next_link: str  #: the page with older entries; empty: there is none
    archive_link: str  #: the newest archive; empty: there is none
    updated_at: datetime  #: the newest of its entries


class Format(Protocol):
    """A feed format."""

    EXTENSION: FeedFormat

    def render_entry(self, entry: Entry) -> bytes:
        """One entry, as it stands in every document of this format: the same bytes for the same entry."""

    def render_document(self, head: Head, entries: Sequence[bytes]) -> bytes:
        """A whole document: the head, and entries that `render_entry` made, in this order."""
