"""Stories, and the feeds that they belong to."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, UUID

from shared.archive.tables.declaring import READS, metadata, moment, written_by

stories = Table(
    "stories",
    metadata,
    Column("id", String, primary_key=True),
    Column("uri", String, nullable=False, unique=True),
    Column("state", String, nullable=False),
    Column("generation", Integer, nullable=False),  # the newest item's identity's
    Column("version", Integer, nullable=False),  # the newest item's
    Column("revision", Integer, nullable=False),
    Column("item", UUID, nullable=False),  # the newest usable item: the text; a kill's own item if there was none
    Column("adds", ARRAY(UUID), nullable=False, server_default="{}"),  # the items that continue it, in their order
    Column("content_hash", LargeBinary, nullable=False),  # of that item, as it was applied
    Column("edition", String),  # the edition of its own language; null: none has it
    moment("published_at", nullable=True),
    moment("updated_at"),
    moment("embargoed_until", nullable=True),  # the year 9999: no end yet
    moment("scheduled_for", nullable=True),
    moment("expires_at", nullable=True),
    Column("kill_reason", String),
    Column("correction_notes", ARRAY(String), nullable=False, server_default="{}"),
    Column("doubt", String),  # why it is held: an item's `Doubt`
    Column("doubt_note", String, nullable=False, server_default=""),
    Column("is_desk_hold", Boolean, nullable=False, server_default=text("false")),  # withheld by a person: so released
    # the audit asks which minute has come and gone
    Index("stories_embargoed", "embargoed_until", postgresql_where=text("state = 'embargoed'")),
    Index("stories_expiring", "expires_at", postgresql_where=text("expires_at IS NOT NULL")),
    Column("held_by", String, nullable=False, server_default=""),  # the sender that withholds it: so released too
    Index("stories_held", "updated_at", postgresql_where=text("state = 'held'")),
    # ops ask every second how old the newest heartbeat is
    Index("stories_heartbeats", "updated_at", postgresql_where=text("uri LIKE 'urn:barq:heartbeat:%'")),
    info=written_by("publish", edge=READS),
    comment="A story as it stands now.",
)

decisions = Table(
    "decisions",
    metadata,
    Column("item", UUID, ForeignKey("items.id"), primary_key=True),
    Column("outcome", String, nullable=False),  # `applied`, `kept` for later, `unchanged`, `refused`
    Column("reason", String, nullable=False, server_default=""),  # in words for who sent it
    moment("decided_at"),
    CheckConstraint("outcome IN ('applied', 'kept', 'unchanged', 'refused')", name="decision_outcome"),
    Index("decisions_refused", "decided_at", postgresql_where=text("outcome = 'refused'")),
    Index("decisions_kept", "decided_at", postgresql_where=text("outcome = 'kept'")),
    info=written_by("publish"),
    comment="What became of an item at its story, for those who ask where it is.",
)

revisions = Table(
    "revisions",
    metadata,
    Column("story", String, ForeignKey("stories.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("item", UUID, nullable=False),
    Column("act", String, nullable=False),
    Column("state", String, nullable=False),
    moment("made_at"),
    PrimaryKeyConstraint("story", "revision"),
    info=written_by("publish", edge=READS),
    comment="A state that a story has had: what was done, and with which item.",
)

memberships = Table(
    "memberships",
    metadata,
    Column("story", String, ForeignKey("stories.id"), nullable=False),
    Column("feed", String, nullable=False),
    Column("moved_out", Boolean, nullable=False, server_default=text("false")),  # by an editor: shown there only if taken back
    PrimaryKeyConstraint("story", "feed"),
    Index("memberships_of_feed", "feed", "story"),
    info=written_by("publish", edge=READS),
    comment="A feed that a story belongs to.",
)
