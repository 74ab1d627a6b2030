"""What a piece of work is about, in words: the `item` of some work is a feed, a cache, a source or a receiver, or every story.

For operators, who see headlines and never a text.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import Connection, text

from shared.contracts.work import EVERY_ITEM, cache_id, feed_id
from shared.wire.config import Wire


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What one `item` of the ledger stands for."""

    said: str
    is_item: bool = False  #: else it has no timeline


def subjects(connection: Connection, wire: Wire, ids: Collection[UUID]) -> dict[UUID, Subject]:
    """Of these, what is known; what was removed since is left out."""
    known = {EVERY_ITEM: "every story of the edition"}
    known |= {cache_id(name): f"the cache {name} at {host_of(cache.url)}" for name, cache in wire.caches.items()}
    known |= {feed_id(edition, feed): f"the feed {edition}/{feed}" for edition in wire.editions for feed in wire.feed_names()}
    found = {id_: Subject(said=known[id_]) for id_ in ids if id_ in known}
    for row in connection.execute(_SUBJECTS, {"ids": [id_ for id_ in ids if id_ not in known]}):
        said = f"{row.said} at {host_of(row.url)}" if row.url else row.said
        found[row.id] = Subject(said=said, is_item=row.is_item)
    return found


def host_of(url: str) -> str:
    """Where an address leads: what stands behind the host may be a secret."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2] or url[:80]
    except ValueError:
        return url[:80]


_SUBJECTS = text("""
    WITH asked AS (SELECT unnest(CAST(:ids AS uuid[])) AS id)
    SELECT items.id, true AS is_item, NULL AS url,
           coalesce(nullif(items.content ->> 'headline', ''), own.content ->> 'headline', items.uri) AS said
    FROM asked JOIN items USING (id) LEFT JOIN stories ON stories.id = items.story LEFT JOIN items AS own ON own.id = stories.item
    UNION ALL SELECT id, false, url, 'the source ' || name FROM asked JOIN sources USING (id)
    UNION ALL SELECT id, false, url, 'the webhook ' || name || CASE WHEN key = '' THEN '' ELSE ' of ' || key END
    FROM asked JOIN receivers USING (id)
    UNION ALL SELECT id, false, callback, 'a subscriber to ' || edition || '/' || feed FROM asked JOIN intents USING (id)
""")
