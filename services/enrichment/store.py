"""Enrichment's SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, text

from services.enrichment.about import About
from services.enrichment.duplicates import ALIKE, SAME, Fingerprint, likeness
from shared.contracts.item import WireItem


def read_items(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, WireItem]:
    """The wire items of a chunk."""
    rows = connection.execute(
        text("SELECT id, content FROM items WHERE id = ANY(CAST(:ids AS uuid[]))"), {"ids": list(ids)}
    )
    return {row.id: WireItem.model_validate(row.content) for row in rows}


def write_abouts(connection: Connection, abouts: Mapping[UUID, About]) -> None:
    """Keep what was found; said again, the newer word stands."""
    if abouts:
        connection.execute(
            _WRITE,
            [
                {
                    "item": item,
                    "language": a.language,
                    "countries": list(a.countries),
                    "regions": list(a.regions),
                    "sections": list(a.sections),
                    "tags": list(a.tags),
                }
                for item, a in abouts.items()
            ],
        )


_WRITE = text("""
    INSERT INTO enrichments (item, language, countries, regions, sections, tags)
    VALUES (:item, :language, :countries, :regions, :sections, :tags)
    ON CONFLICT (item) DO UPDATE SET language = excluded.language, countries = excluded.countries,
        regions = excluded.regions, sections = excluded.sections, tags = excluded.tags
""")


def compare(
    connection: Connection, fingerprints: Mapping[UUID, Fingerprint], *, within: timedelta, now: datetime
) -> None:
    """Keep what texts are known by, and which stories that came before say the same; also those of the same chunk."""
    if not fingerprints:
        return
    connection.execute(
        _WRITE_FINGERPRINT,
        [
            {"item": item, "headline": mark.headline, "keys": list(mark.keys), "sketch": list(mark.sketch), "now": now}
            for item, mark in fingerprints.items()
        ],
    )
    found: dict[tuple[UUID, str], tuple[float, bool]] = {}
    for row in connection.execute(_CANDIDATES, {"items": list(fingerprints), "since": now - within}):
        own = fingerprints[row.item]
        alike = likeness(own.sketch, row.sketch)
        if alike >= ALIKE:
            is_same = alike >= SAME and row.headline == own.headline
            found[row.item, row.story] = max(found.get((row.item, row.story), (0.0, False)), (alike, is_same))
    connection.execute(
        text("DELETE FROM likenesses WHERE item = ANY(CAST(:items AS uuid[]))"), {"items": list(fingerprints)}
    )
    if found:
        connection.execute(
            text("INSERT INTO likenesses (item, story, likeness, is_same) VALUES (:item, :story, :likeness, :is_same)"),
            [
                {"item": item, "story": story, "likeness": alike, "is_same": is_same}
                for (item, story), (alike, is_same) in found.items()
            ],
        )


_WRITE_FINGERPRINT = text("""
    INSERT INTO fingerprints (item, story, headline, keys, sketch, made_at)
    SELECT id, story, :headline, CAST(:keys AS bigint[]), CAST(:sketch AS bigint[]), :now FROM items WHERE id = :item
    ON CONFLICT (item) DO UPDATE SET headline = excluded.headline, keys = excluded.keys, sketch = excluded.sketch
""")

# Of each item, some of those that came before it (identifiers grow with time) and share one of its keys. A text that more than
# fifty share is a form that is filled in, and no one's copy.
_CANDIDATES = text("""
    SELECT own.item, other.story, other.headline, other.sketch FROM fingerprints AS own
    CROSS JOIN LATERAL (
        SELECT story, headline, sketch FROM fingerprints
        WHERE keys && own.keys AND story <> own.story AND item < own.item AND made_at > :since
        LIMIT 50
    ) AS other
    WHERE own.item = ANY(CAST(:items AS uuid[]))
""")
