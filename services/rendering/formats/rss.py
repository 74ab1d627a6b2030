"""RSS 2.0, by the RSS Advisory Board's profile."""

from __future__ import annotations

from services.rendering.formats.feedgen_xml import rss_document as document
from services.rendering.formats.feedgen_xml import rss_entry as entry
from shared.contracts.feeds import FeedFormat

EXTENSION = FeedFormat.RSS

__all__ = ["EXTENSION", "document", "entry"]
