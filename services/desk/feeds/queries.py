"""SQL of the feeds that are defined at the desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue
from sqlalchemy import Connection, text

from shared.wire.config import FeedRow


@dataclass(frozen=True, kw_only=True)
class DefinedFeed:
    """A feed as it was defined, whether today's configuration could still have it or not."""

    name: str
    titles: Mapping[str, str]  #: by edition
    filter: Mapping[str, JsonValue]
    changed_by: str
    changed_at: datetime


def list_feeds(connection: Connection) -> list[DefinedFeed]:
    """The feeds that are defined at the desk, by name."""
    return [DefinedFeed(**row._mapping) for row in connection.execute(_FEEDS)]


# a definition is a feed of the wire file as JSON
_FEEDS = text("""
    SELECT name, definition -> 'name' AS titles, definition -> 'filter' AS filter, changed_by, changed_at
    FROM feeds ORDER BY name
""")


def keep_feed(connection: Connection, name: str, row: FeedRow, *, by: str, now: datetime) -> None:
    """Keep a feed's definition in place of the one before."""
    definition = row.model_dump_json(exclude_defaults=True, by_alias=True)
    connection.execute(_KEEP, {"name": name, "definition": definition, "by": by, "now": now})


# a name that is defined already is defined anew
_KEEP = text("""
    INSERT INTO feeds (name, definition, changed_by, changed_at) VALUES (:name, CAST(:definition AS jsonb), :by, :now)
    ON CONFLICT (name) DO UPDATE SET definition = excluded.definition, changed_by = excluded.changed_by,
        changed_at = excluded.changed_at
""")


def remove_feed(connection: Connection, name: str) -> None:
    """Forget a feed's definition; which stories were in it stays known."""
    connection.execute(_REMOVE, {"name": name})


# memberships name the feed, and stay
_REMOVE = text("DELETE FROM feeds WHERE name = :name")


def count_to_refile(connection: Connection) -> int:
    """How many stories of the archive are still to be asked whether feeds that were defined want them."""
    count: int = connection.execute(_TO_REFILE).scalar_one()
    return count


# by the index of work that is due
_TO_REFILE = text("SELECT count(*) FROM work WHERE stage = 'refile' AND state = 'due'")
