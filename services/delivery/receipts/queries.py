"""Receipts' SQL: who was sent what of a story, when, and who acknowledged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text


@dataclass(frozen=True, kw_only=True)
class NotifiedDestination:
    """One revision in one edition, sent to one receiver of webhooks or waiting for it."""

    destination: str  #: the receiver's name, after its subscriber's where it has one: `Gulf Daily: news`
    url: str
    edition: str
    revision: int
    event: str
    state: str  #: `due`, `acknowledged` or `parked`
    attempts: int
    status: int | None  #: None: no answer yet
    error: str | None
    tried_at: datetime | None
    acknowledged_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class PushedSubscriber:
    """One WebSub subscriber of a feed that has or had the story."""

    topic: str
    callback: str
    acknowledged_at: datetime | None  #: a document in which the story is as it is now; None: none yet
    ended_at: datetime | None
    end_reason: str | None
    failures: int  #: in a row
    error: str | None


def read_receipt(connection: Connection, story: str) -> list[NotifiedDestination]:
    """Who was sent what of a story: every delivery there ever was, by destination and edition, oldest revision first."""
    rows = connection.execute(
        text("""
            SELECT concat_ws(': ', nullif(key, ''), name) AS destination, url, edition,
                   deliveries.revision, event, state, attempts, status, deliveries.error, tried_at, acknowledged_at
            FROM deliveries JOIN receivers ON receivers.id = receiver
            WHERE story = :story AND state <> 'superseded' ORDER BY destination, edition, revision
        """),
        {"story": story},
    )
    return [NotifiedDestination(**row._mapping) for row in rows]


def read_subscribers(connection: Connection, story: str) -> list[PushedSubscriber]:
    """The WebSub subscribers of every feed that has or had the story, and whether they have been sent what it says now.

    By topic and callback; those who left before the story was published are left out.
    """
    rows = connection.execute(
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
    return [PushedSubscriber(**row._mapping) for row in rows]


def knows_story(connection: Connection, story: str) -> bool:
    """Is there such a story?"""
    return bool(connection.execute(text("SELECT 1 FROM stories WHERE id = :story"), {"story": story}).first())
