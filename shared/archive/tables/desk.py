"""What the newsroom writes, defines and does."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Identity, Index, String, Table, text
from sqlalchemy.dialects.postgresql import JSONB, UUID

from shared.archive.tables.declaring import READS, metadata, moment, written_by

drafts = Table(
    "drafts",
    metadata,
    Column("id", UUID, primary_key=True, server_default=text("uuidv7()")),
    Column("uri", String, nullable=False),
    Column("story", String),  # null: it is to be a new one
    Column("act", String, nullable=False),  # new, update, correction, kill
    Column("fields", JSONB, nullable=False),  # what the form holds
    Column("state", String, nullable=False, server_default="open"),
    Column("author", String, nullable=False),
    Column("decided_by", String),
    moment("made_at"),
    moment("changed_at"),
    CheckConstraint("state IN ('open', 'asked', 'sent', 'dropped')", name="draft_state"),
    Index("drafts_open", "changed_at", postgresql_where=text("state IN ('open', 'asked')")),
    info=written_by("desk"),
    comment="What an editor writes at the desk: before it is sent, it is no item.",
)

feeds = Table(
    "feeds",
    metadata,
    Column("name", String, primary_key=True),
    Column("definition", JSONB, nullable=False),  # as a feed in the wire file
    Column("changed_by", String, nullable=False),
    moment("changed_at"),
    info=written_by("desk", edge=READS),
    comment="A feed that was defined at the desk.",
)

actions = Table(
    "actions",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    moment("done_at"),
    Column("key", String, nullable=False),  # who
    Column("action", String, nullable=False),
    Column("story", String),
    Column("detail", String, nullable=False, server_default=""),
    Index("actions_of_story", "story"),
    info=written_by("desk"),
    comment="Something that a person did at the desk.",
)
