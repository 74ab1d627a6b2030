"""Comments' SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from services.comments.rules import Comment, SentBefore, State
from shared.archive.locks import Lock
from shared.archive.visible import WITH_TEXT


def is_open(connection: Connection, story: str, edition: str) -> bool:
    """Is there a page of this story under which something can be said?"""
    return bool(connection.execute(_IS_OPEN, {"story": story, "edition": edition}).scalar_one())


# only where readers see its text
_IS_OPEN = text(f"""
    SELECT EXISTS (SELECT FROM entries JOIN stories ON stories.id = entries.story WHERE story = :story
                   AND entries.edition = :edition AND {WITH_TEXT})
""")


def read_sent_before(connection: Connection, story: str, comment: Comment, sender: bytes, *, since: datetime) -> SentBefore:
    """What was sent before this comment. Until the transaction ends, the same sender's others wait for it."""
    connection.execute(_ONE_AT_A_TIME, {"sender": sender.hex(), "lock": Lock.COMMENTER})
    values = {"story": story, "text": comment.text, "sender": sender, "since": since}
    row = connection.execute(_SENT_BEFORE, values).one()
    return SentBefore(is_repeated=row.is_repeated, from_sender=row.from_sender, waiting=row.waiting)


# one at a time for each sender, so that many at once do not all find room
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended(:sender, :lock))")

# each by an index: of the story, of the sender
_SENT_BEFORE = text("""
    SELECT EXISTS (SELECT FROM comments WHERE story = :story AND text = :text) AS is_repeated,
           (SELECT count(*) FROM comments WHERE sender_hash = :sender AND made_at > :since) AS from_sender,
           (SELECT count(*) FROM comments WHERE story = :story AND state = 'waiting') AS waiting
""")


def insert_comment(connection: Connection, story: str, edition: str, comment: Comment, sender: bytes, now: datetime) -> None:
    """Keep a comment, to be read by an editor."""
    values = {"story": story, "edition": edition, "name": comment.name, "text": comment.text, "sender": sender, "now": now}
    connection.execute(_INSERT, values)


# it waits, as every comment does at first
_INSERT = text("""
    INSERT INTO comments (story, edition, name, text, sender_hash, made_at)
    VALUES (:story, :edition, :name, :text, :sender, :now)
""")


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


def list_comments(connection: Connection, state: State, *, limit: int) -> list[SentComment]:
    """Comments in a state, the oldest first, each with the headline that it is about."""
    return [SentComment(**row._mapping) for row in connection.execute(_IN_STATE, {"state": state, "limit": limit})]


# the story may be gone; its comments are still to be read
_IN_STATE = text("""
    SELECT comments.id, comments.story, comments.edition, name, comments.text, comments.state, comments.made_at,
           decided_by, items.content ->> 'headline' AS headline
    FROM comments LEFT JOIN stories ON stories.id = comments.story LEFT JOIN items ON items.id = stories.item
    WHERE comments.state = :state ORDER BY comments.made_at LIMIT :limit
""")


@dataclass(frozen=True, kw_only=True)
class ChangedEntry:
    """Whose entry says another number of comments now."""

    edition: str
    item: UUID | None  #: the story's; None: there is no such story any more
    revision: int | None


def set_state(connection: Connection, comment: UUID, state: State, by: str, now: datetime) -> ChangedEntry | None:
    """Show or hide a comment; None if it is not there."""
    row = connection.execute(_SET_STATE, {"id": comment, "state": state, "by": by, "now": now}).one_or_none()
    return ChangedEntry(**row._mapping) if row else None


# whoever decides last has decided
_SET_STATE = text("""
    UPDATE comments SET state = :state, decided_by = :by, decided_at = :now WHERE id = :id
    RETURNING edition,
        (SELECT item FROM stories WHERE stories.id = comments.story) AS item,
        (SELECT revision FROM stories WHERE stories.id = comments.story) AS revision
""")
