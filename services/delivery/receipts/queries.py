"""Delivery's SQL for a story's receipt: who was told what of it, when, and who acknowledged."""

from __future__ import annotations

from sqlalchemy import Connection, Row, text


def read_receipt(connection: Connection, story: str) -> list[Row[tuple[object, ...]]]:
    """Who was told what of a story: every delivery there ever was, by destination and edition, oldest revision first."""
    return list(
        connection.execute(
            text("""
                SELECT concat_ws(': ', nullif(key, ''), name) AS destination, url, edition,
                       deliveries.revision, event, state, attempts, status, deliveries.error, tried_at, acknowledged_at
                FROM deliveries JOIN receivers ON receivers.id = receiver
                WHERE story = :story AND state <> 'superseded' ORDER BY destination, edition, revision
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
