"""Enrichment's SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Connection, text

from services.enrichment.about import About
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
