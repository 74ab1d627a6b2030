"""Atom, RFC 4287, with the tombstones of RFC 6721."""

from __future__ import annotations

from services.rendering.formats.feedgen_xml import atom_document as render_document
from services.rendering.formats.feedgen_xml import atom_entry as render_entry
from shared.contracts.feeds import FeedFormat

EXTENSION = FeedFormat.ATOM

__all__ = ["EXTENSION", "render_document", "render_entry"]
