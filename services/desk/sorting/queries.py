"""The SQL of stories that wait for somebody to say what they are about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from shared.contracts.finding import Finding, Findings


@dataclass(frozen=True, kw_only=True)
class UnsortedStory:
    """A story that is in no section, and those that are likely."""

    id: str
    headline: str
    provider: str
    language: str
    state: str
    came_at: datetime
    regions: tuple[str, ...]
    likely: tuple[Finding, ...]  #: the likeliest first


def list_unsorted(connection: Connection, *, limit: int) -> Sequence[UnsortedStory]:
    """The newest stories of which enrichment is not sure, of the last days; what is taken back needs no section."""
    rows = connection.execute(_UNSORTED, {"limit": limit})
    return [
        UnsortedStory(
            **{name: value for name, value in row._mapping.items() if name not in ("findings", "regions")},
            regions=tuple(row.regions),
            likely=Findings.model_validate(row.findings).likely_sections,
        )
        for row in rows
    ]


# along the index of those that are unsure, the newest first
_UNSORTED = text("""
    SELECT stories.id, coalesce(items.content ->> 'headline', items.uri) AS headline, items.provider, enrichments.language,
           stories.state, items.accepted_at AS came_at, enrichments.regions, enrichments.findings
    FROM enrichments JOIN items ON items.id = enrichments.item JOIN stories ON stories.item = items.id
    LEFT JOIN sortings ON sortings.story = stories.id
    WHERE is_unsure AND sortings.sections IS NULL AND stories.state IN ('published', 'embargoed', 'held')
      AND items.accepted_at > now() - interval '3 days'
    ORDER BY enrichments.item DESC LIMIT :limit
""")
