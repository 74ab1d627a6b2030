"""Delivery's SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Row, text

from services.delivery.webhooks import Notification, Receipt
from shared.contracts.story import Act


def read_notifications(
    connection: Connection, items: Sequence[UUID], edition: str, public_url: str
) -> dict[UUID, Notification]:
    """What there is to tell of some items' stories in an edition, by item."""
    rows = connection.execute(
        text("""
            SELECT items.id AS item, stories.id, stories.uri, stories.revision, stories.edition, revisions.act
            FROM items JOIN stories ON stories.id = items.story
            JOIN revisions ON revisions.story = stories.id AND revisions.revision = stories.revision
            WHERE items.id = ANY(CAST(:items AS uuid[]))
        """),
        {"items": list(items)},
    )
    return {
        row.item: Notification(
            story=row.id,
            uri=row.uri,
            edition=edition,
            revision=row.revision,
            act=Act(row.act),
            is_own_edition=row.edition == edition,
            url=f"{public_url}/{edition}/stories/{row.id}",
        )
        for row in rows
    }


def reached(connection: Connection, notification: Notification) -> dict[str, str]:
    """Every destination that was told any version of this story in this edition, and where. The ledger forgets none."""
    rows = connection.execute(
        text("""
            SELECT DISTINCT ON (destination) destination, url FROM deliveries
            WHERE story = :story AND edition = :edition ORDER BY destination, tried_at DESC
        """),
        {"story": notification.story, "edition": notification.edition},
    )
    return {row.destination: row.url for row in rows}


def is_acknowledged(connection: Connection, destination: str, notification: Notification) -> bool:
    """Has this receiver acknowledged this revision in this edition?"""
    return bool(
        connection.execute(
            text("""
                SELECT 1 FROM deliveries WHERE destination = :destination AND story = :story AND edition = :edition
                  AND revision = :revision AND acknowledged_at IS NOT NULL
            """),
            {
                "destination": destination,
                "story": notification.story,
                "edition": notification.edition,
                "revision": notification.revision,
            },
        ).first()
    )


def write_delivery(
    connection: Connection, destination: str, url: str, notification: Notification, receipt: Receipt, now: datetime
) -> None:
    """Keep what came of an attempt."""
    connection.execute(
        text("""
            INSERT INTO deliveries (destination, story, edition, revision, url, event, attempts, status, error,
                                    tried_at, acknowledged_at)
            VALUES (:destination, :story, :edition, :revision, :url, :event, 1, :status, :error, :now, :acknowledged_at)
            ON CONFLICT (destination, story, edition, revision) DO UPDATE SET attempts = deliveries.attempts + 1,
                url = excluded.url,
                status = excluded.status, error = excluded.error, tried_at = excluded.tried_at,
                acknowledged_at = excluded.acknowledged_at
        """),
        {
            "destination": destination,
            "url": url,
            "story": notification.story,
            "edition": notification.edition,
            "revision": notification.revision,
            "event": notification.event,
            "status": receipt.status,
            "error": receipt.error,
            "now": now,
            "acknowledged_at": now if receipt.acknowledged else None,
        },
    )


def read_receipt(connection: Connection, story: str) -> list[Row[tuple[object, ...]]]:
    """Who was told what of a story: every delivery there ever was, by destination and edition, oldest revision first."""
    return list(
        connection.execute(
            text("""
                SELECT destination, url, edition, deliveries.revision, event, attempts, status, error, tried_at,
                       acknowledged_at
                FROM deliveries WHERE story = :story ORDER BY destination, edition, revision
            """),
            {"story": story},
        )
    )


def read_subscribers(connection: Connection, story: str) -> list[Row[tuple[object, ...]]]:
    """The WebSub subscribers of every feed that has or had the story, and whether they have been sent what it says now."""
    return list(
        connection.execute(
            text("""
                SELECT subscriptions.topic, callback, ended_at, end_reason, failures, subscriptions.error,
                       (SELECT min(acknowledged_at) FROM pushes
                        WHERE subscription = subscriptions.id AND acknowledged_at >= stories.updated_at) AS acknowledged_at
                FROM stories JOIN memberships ON memberships.story = stories.id
                JOIN subscriptions ON subscriptions.feed = memberships.feed
                JOIN entries ON entries.story = stories.id AND entries.edition = subscriptions.edition
                  AND entries.format = subscriptions.format
                WHERE stories.id = :story AND (ended_at IS NULL OR ended_at > stories.published_at)
                ORDER BY subscriptions.topic, callback
            """),
            {"story": story},
        )
    )


def knows_story(connection: Connection, story: str) -> bool:
    """Is there such a story?"""
    return bool(connection.execute(text("SELECT 1 FROM stories WHERE id = :story"), {"story": story}).first())
