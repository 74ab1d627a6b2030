"""Edge's SQL for the portal alone: what stands around a story, days and months, and what crawlers ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, text

from services.edge.queries import NEWEST_FIRST, Page, pages_where
from shared.archive.visible import LISTED, WITH_TEXT
from shared.contracts.feeds import READ_FROM, facet

_RELATED_WITHIN = timedelta(days=30)

#: comments on a story's page
_MAX_COMMENTS = 500


def related_pages(connection: Connection, page: Page, tags: Sequence[str], *, limit: int) -> Sequence[Page]:
    """Stories of the weeks around it that share tags with this one, those with most of them first."""
    if not tags:
        return []
    shared = "cardinality(ARRAY(SELECT unnest(entries.facets) INTERSECT SELECT unnest(CAST(:tags AS varchar[]))))"
    return pages_where(
        connection,
        f"entries.edition = :edition AND entries.facets && CAST(:tags AS varchar[]) AND entries.story <> :story AND {WITH_TEXT}"
        " AND entries.published_at BETWEEN :since AND :until",
        {
            "edition": page.edition,
            "story": page.story,
            "tags": [facet("tag", tag) for tag in tags],
            "since": page.published_at - _RELATED_WITHIN,
            "until": page.published_at + _RELATED_WITHIN,
        },
        order=f"{shared} DESC, {NEWEST_FIRST}",
        limit=limit,
    )


def earlier_pages(connection: Connection, page: Page, *, limit: int) -> Sequence[Page]:
    """The stories that this one evolved from, the newest first."""
    return pages_where(
        connection,
        f"""
        entries.edition = :edition AND {WITH_TEXT} AND entries.story IN (
            WITH RECURSIVE earlier (story, depth) AS (
                SELECT CAST(:story AS varchar), 0
                UNION ALL
                SELECT older.story, depth + 1 FROM earlier JOIN stories ON stories.id = earlier.story
                JOIN items ON items.id = stories.item JOIN identities AS older ON older.uri = items.content ->> 'evolved_from'
                WHERE depth < 20 AND older.story <> earlier.story
            ) SELECT story FROM earlier WHERE depth > 0)
        """,
        {"edition": page.edition, "story": page.story},
        limit=limit,
    )


@dataclass(frozen=True, kw_only=True)
class Comment:
    """What a reader wrote under a story."""

    name: str
    text: str
    made_at: datetime


def shown_comments(connection: Connection, story: str, edition: str) -> list[Comment]:
    """What readers wrote under a story in an edition and an editor has shown, the first one first."""
    rows = connection.execute(
        text("""
            SELECT name, text, made_at FROM comments
            WHERE story = :story AND edition = :edition AND state = 'shown' ORDER BY made_at LIMIT :limit
        """),
        {"story": story, "edition": edition, "limit": _MAX_COMMENTS},
    )
    return [Comment(**row._asdict()) for row in rows]


def days_with_stories(
    connection: Connection, edition: str, *, since: datetime, until: datetime, zone: str
) -> Sequence[tuple[date, int]]:
    """The days of an edition's zone that have stories, and how many each has, the newest first."""
    rows = connection.execute(
        text(f"""
            SELECT CAST(entries.published_at AT TIME ZONE :zone AS date) AS day, count(*) AS stories
            FROM entries JOIN stories ON stories.id = entries.story
            WHERE entries.edition = :edition AND format = '{READ_FROM}'
              AND entries.published_at >= :since AND entries.published_at < :until AND {LISTED}
            GROUP BY 1 ORDER BY 1 DESC
        """),
        {"edition": edition, "since": since, "until": until, "zone": zone},
    )
    return [(row.day, row.stories) for row in rows]


def neighbours(
    connection: Connection, edition: str, *, since: datetime, until: datetime
) -> tuple[datetime | None, datetime | None]:
    """When the last story before a time was published, and the first after it; None if there is none."""
    row = connection.execute(
        text(f"""
            SELECT (SELECT entries.published_at FROM entries JOIN stories ON stories.id = entries.story
                    WHERE entries.edition = :edition AND format = '{READ_FROM}' AND {LISTED} AND entries.published_at < :since
                    ORDER BY entries.published_at DESC LIMIT 1) AS before,
                   (SELECT entries.published_at FROM entries JOIN stories ON stories.id = entries.story
                    WHERE entries.edition = :edition AND format = '{READ_FROM}' AND {LISTED} AND entries.published_at >= :until
                    ORDER BY entries.published_at LIMIT 1) AS after
        """),
        {"edition": edition, "since": since, "until": until},
    ).one()
    return row.before, row.after


@dataclass(frozen=True, kw_only=True)
class Month:
    """A month (UTC) of an edition that has stories for crawlers."""

    edition: str
    first: date
    stories: int
    updated_at: datetime  #: when one of them changed last


def months_with_stories(connection: Connection) -> list[Month]:
    """Every edition's months, the newest first."""
    rows = connection.execute(
        text(f"""
            SELECT entries.edition, CAST(date_trunc('month', entries.published_at AT TIME ZONE 'UTC') AS date) AS first,
                   count(*) AS stories, max(entries.updated_at) AS updated_at
            FROM entries JOIN stories ON stories.id = entries.story
            WHERE format = '{READ_FROM}' AND {WITH_TEXT}
            GROUP BY 1, 2 ORDER BY 1, 2 DESC
        """)
    )
    return [Month(**row._asdict()) for row in rows]


@dataclass(frozen=True, kw_only=True)
class StoryAddress:
    """A story for crawlers."""

    story: str
    updated_at: datetime
    editions: tuple[str, ...]  #: all that have its text


def addresses_of_month(
    connection: Connection, edition: str, *, since: datetime, until: datetime, skipped: int, limit: int
) -> list[StoryAddress]:
    """The stories of a month, the newest first."""
    rows = connection.execute(
        text(f"""
            SELECT entries.story, entries.updated_at, ARRAY(
                       SELECT entries.edition FROM entries WHERE entries.story = stories.id
                       AND entries.format = '{READ_FROM}' AND {WITH_TEXT} ORDER BY 1) AS editions
            FROM entries JOIN stories ON stories.id = entries.story
            WHERE entries.edition = :edition AND format = '{READ_FROM}' AND {WITH_TEXT}
              AND entries.published_at >= :since AND entries.published_at < :until
            ORDER BY entries.published_at DESC, entries.story DESC OFFSET :skipped LIMIT :limit
        """),
        {"edition": edition, "since": since, "until": until, "skipped": skipped, "limit": limit},
    )
    return [StoryAddress(**row._asdict() | {"editions": tuple(row.editions)}) for row in rows]
