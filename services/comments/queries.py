"""Comments' SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from services.comments.rules import AT_ONCE, MOST_AT_ONCE, MOST_WAITING, Comment, Outcome, State
from shared.archive.locks import Lock
from shared.archive.visible import WITH_TEXT


def is_open(connection: Connection, story: str, edition: str) -> bool:
    """Is there a page of this story under which something can be said?"""
    return bool(
        connection.execute(
            text(f"""
                SELECT EXISTS (SELECT FROM entries JOIN stories ON stories.id = entries.story WHERE story = :story
                               AND entries.edition = :edition AND {WITH_TEXT})
            """),
            {"story": story, "edition": edition},
        ).scalar_one()
    )


def fault_of(connection: Connection, story: str, comment: Comment, sender: bytes, now: datetime) -> Outcome | None:
    """What speaks against one more comment: the same again, too many from one address, too many that wait."""
    # one at a time for each sender, so that many at once do not all find room
    connection.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:sender, :lock))"), {"sender": sender.hex(), "lock": Lock.COMMENTER}
    )
    row = connection.execute(
        text("""
            SELECT EXISTS (SELECT FROM comments WHERE story = :story AND text = :text) AS is_again,
                   (SELECT count(*) FROM comments WHERE sender_hash = :sender AND made_at > :since) AS from_sender,
                   (SELECT count(*) FROM comments WHERE story = :story AND state = 'waiting') AS waiting
        """),
        {"story": story, "text": comment.text, "sender": sender, "since": now - AT_ONCE},
    ).one()
    if row.is_again:
        return Outcome.AGAIN
    return Outcome.OFTEN if row.from_sender >= MOST_AT_ONCE or row.waiting >= MOST_WAITING else None


def write_comment(connection: Connection, story: str, edition: str, comment: Comment, sender: bytes, now: datetime) -> None:
    """Keep a comment, to be read by an editor."""
    connection.execute(
        text("""
            INSERT INTO comments (story, edition, name, text, sender_hash, made_at)
            VALUES (:story, :edition, :name, :text, :sender, :now)
        """),
        {"story": story, "edition": edition, "name": comment.name, "text": comment.text, "sender": sender, "now": now},
    )


@dataclass(frozen=True, kw_only=True)
class SentComment:
    """A comment as editors see it."""

    id: UUID
    story: str
    edition: str
    headline: str | None  #: of the story as it was sent; None: there is no such story any more
    name: str
    text: str
    state: State
    made_at: datetime
    decided_by: str | None


def list_comments(connection: Connection, state: State, *, count: int) -> list[SentComment]:
    """Comments in a state, the oldest first, each with the headline that it is about."""
    rows = connection.execute(
        text("""
            SELECT comments.id, comments.story, comments.edition, name, comments.text, comments.state, comments.made_at,
                   decided_by, items.content ->> 'headline' AS headline
            FROM comments LEFT JOIN stories ON stories.id = comments.story LEFT JOIN items ON items.id = stories.item
            WHERE comments.state = :state ORDER BY comments.made_at LIMIT :count
        """),
        {"state": state, "count": count},
    )
    return [
        SentComment(
            id=row.id,
            story=row.story,
            edition=row.edition,
            headline=row.headline,
            name=row.name,
            text=row.text,
            state=row.state,
            made_at=row.made_at,
            decided_by=row.decided_by,
        )
        for row in rows
    ]


@dataclass(frozen=True, kw_only=True)
class Decided:
    """Whose entry says another number of comments now."""

    edition: str
    item: UUID | None  #: the story's; None: there is no such story any more
    revision: int | None


def decide(connection: Connection, comment: UUID, state: State, by: str, now: datetime) -> Decided | None:
    """Show or hide a comment; None if it is not there."""
    row = connection.execute(
        text("""
            UPDATE comments SET state = :state, decided_by = :by, decided_at = :now WHERE id = :id
            RETURNING edition,
                (SELECT item FROM stories WHERE stories.id = comments.story) AS item,
                (SELECT revision FROM stories WHERE stories.id = comments.story) AS revision
        """),
        {"id": comment, "state": state, "by": by, "now": now},
    ).one_or_none()
    return Decided(edition=row.edition, item=row.item, revision=row.revision) if row else None
