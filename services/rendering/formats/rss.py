"""RSS 2.0, by the RSS Advisory Board's profile."""

from __future__ import annotations

from services.rendering.formats.feedgen_xml import rss_document as render_document
from services.rendering.formats.feedgen_xml import rss_entry as render_entry
from shared.contracts.feeds import FeedFormat

EXTENSION = FeedFormat.RSS

__all__ = ["EXTENSION", "render_document", "render_entry"]
