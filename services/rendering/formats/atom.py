"""Atom, RFC 4287, with the tombstones of RFC 6721."""

from __future__ import annotations

from services.rendering.formats.feedgen_xml import atom_document as document
from services.rendering.formats.feedgen_xml import atom_entry as entry

EXTENSION = "atom"
MEDIA_TYPE = "application/atom+xml; charset=utf-8"

__all__ = ["EXTENSION", "MEDIA_TYPE", "document", "entry"]
