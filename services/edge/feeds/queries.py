"""The feeds' SQL: entries for documents that are put together when they are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from services.edge.queries import StoryQuery, condition_of
from shared.archive.visible import IN_FEED, IN_FEEDS, LISTED
from shared.contracts.feeds import READ_FROM, FeedFormat


@dataclass(frozen=True, kw_only=True)
class FeedEntry:
    """An entry in the format of a feed."""

    body: bytes
    updated_at: datetime


def find_entries(connection: Connection, query: StoryQuery, *, feed_format: FeedFormat, limit: int) -> list[FeedEntry]:
    """Entries of the stories that a query asks for, the newest first. They are found by their JSON, and read in any format."""
    which = condition_of(query)
    rows = connection.execute(
        text(f"""
            SELECT coalesce(own.in_feeds, own.body) AS body, own.updated_at
            FROM entries JOIN stories ON stories.id = entries.story
            JOIN entries AS own ON own.story = entries.story AND own.edition = entries.edition AND own.format = :format
            WHERE entries.format = '{READ_FROM}' AND {which.sql}
            ORDER BY entries.published_at DESC, entries.story DESC LIMIT :limit
        """),
        {**which.values, "format": feed_format, "limit": limit},
    )
    return [FeedEntry(**row._asdict()) for row in rows]


def find_feed_page(
    connection: Connection, edition: str, feed: str, feed_format: FeedFormat, *, page: int, size: int
) -> list[FeedEntry]:
    """A page of a feed, the newest entries first. What has left stands on no page."""
    rows = connection.execute(
        text(f"""
            SELECT {IN_FEEDS} AS body, entries.updated_at FROM memberships JOIN entries USING (story)
            JOIN stories ON stories.id = entries.story
            WHERE feed = :feed AND entries.edition = :edition AND format = :format AND {LISTED} AND {IN_FEED}
            ORDER BY entries.published_at DESC, entries.story DESC LIMIT :size OFFSET :skipped
        """),
        {"feed": feed, "edition": edition, "format": feed_format, "size": size, "skipped": (page - 1) * size},
    )
    return [FeedEntry(**row._asdict()) for row in rows]


def find_feed_archive(
    connection: Connection, edition: str, feed: str, feed_format: FeedFormat, *, number: int
) -> tuple[list[FeedEntry], bool]:
    """An archive's entries, the newest first, and whether it is the newest archive. What has left stands in none."""
    rows = connection.execute(
        text(f"""
            SELECT {IN_FEEDS} AS body, entries.updated_at FROM archives AS this
            LEFT JOIN archives AS last ON last.edition = this.edition AND last.feed = this.feed AND last.number = this.number - 1
            JOIN memberships ON memberships.feed = this.feed
            JOIN entries ON entries.story = memberships.story AND entries.edition = this.edition AND format = :format
            JOIN stories ON stories.id = entries.story
            WHERE this.edition = :edition AND this.feed = :feed AND this.number = :number
              AND (entries.published_at, entries.story) <= (this.ends_at, this.ends_story)
              AND (entries.published_at, entries.story) > (coalesce(last.ends_at, '-infinity'), coalesce(last.ends_story, ''))
              AND {LISTED} AND {IN_FEED}
            ORDER BY entries.published_at DESC, entries.story DESC
        """),
        {"edition": edition, "feed": feed, "format": feed_format, "number": number},
    )
    newest = connection.execute(
        text("SELECT max(number) FROM archives WHERE edition = :edition AND feed = :feed"), {"edition": edition, "feed": feed}
    ).scalar_one()
    return [FeedEntry(**row._asdict()) for row in rows], newest == number
