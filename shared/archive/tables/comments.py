"""What readers write under stories."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, String, Table, text
from sqlalchemy.dialects.postgresql import UUID

from shared.archive.tables.declaring import ADDS, metadata, moment, written_by

comments = Table(
    "comments",
    metadata,
    Column("id", UUID, primary_key=True, server_default=text("uuidv7()")),
    Column("story", String, nullable=False),
    Column("edition", String, nullable=False),  # under whose page it was written
    Column("name", String, nullable=False),  # as its writer gave it
    Column("text", String, nullable=False),
    Column("state", String, nullable=False, server_default="waiting"),
    Column("sender_hash", LargeBinary, nullable=False),  # of address and day: to count by
    moment("made_at"),
    Column("decided_by", String),
    moment("decided_at", nullable=True),
    CheckConstraint("state IN ('waiting', 'shown', 'hidden')", name="comment_state"),
    Index("comments_of_story", "story", "edition", "made_at"),
    Index("comments_waiting", "made_at", postgresql_where=text("state = 'waiting'")),
    Index("comments_of_sender", "sender_hash", "made_at"),
    info=written_by("comments", edge=ADDS),
    comment="A comment by a reader under a story's page.",
)
