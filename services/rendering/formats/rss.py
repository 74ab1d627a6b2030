"""RSS 2.0, by the RSS Advisory Board's profile."""

from __future__ import annotations

from services.rendering.formats.feedgen_xml import rss_document as document
from services.rendering.formats.feedgen_xml import rss_entry as entry

EXTENSION = "rss"
MEDIA_TYPE = "application/rss+xml; charset=utf-8"

__all__ = ["EXTENSION", "MEDIA_TYPE", "document", "entry"]
