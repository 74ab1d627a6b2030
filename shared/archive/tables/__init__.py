"""Every table, a file for each writer. A table says what one of its rows is, who writes it, and what strangers' account may do.

The migrations under `migrations/` make these tables; a test compares the two. Everybody may read; nobody writes another's.
"""

from shared.archive.tables import (
    comments,
    delivery,
    desk,
    enrichment,
    ingest,
    keys,
    publish,
    queue,
    rendering,
    translation,
)
from shared.archive.tables.declaring import metadata

__all__ = [
    "comments",
    "delivery",
    "desk",
    "enrichment",
    "ingest",
    "keys",
    "metadata",
    "publish",
    "queue",
    "rendering",
    "translation",
]
