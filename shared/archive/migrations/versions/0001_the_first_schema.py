"""the first schema"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(sa.schema.CreateSequence(sa.Sequence("story_serial")))
    op.create_table(
        "deliveries",
        sa.Column("destination", sa.String(), nullable=False),
        sa.Column("story", sa.String(), nullable=False),
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("destination", "story", "edition", "revision"),
        info={"written_by": "delivery"},
    )
    op.create_table(
        "documents",
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column("feed", sa.String(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("etag", sa.String(), nullable=False),
        sa.Column("modified_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refreshed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry_count", sa.Integer(), nullable=False),
        sa.Column("body_gzip", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("edition", "feed", "format"),
        info={"written_by": "rendering"},
    )
    op.create_index("documents_refreshed", "documents", ["refreshed_at"], unique=False)
    op.create_table(
        "entries",
        sa.Column("story", sa.String(), nullable=False),
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_notice", sa.Boolean(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("story", "edition", "format"),
        info={"written_by": "rendering"},
    )
    op.create_index("entries_newest", "entries", ["edition", "format", "published_at"], unique=False)
    op.create_table(
        "identities",
        sa.Column("uri", sa.String(), nullable=False),
        sa.Column("story", sa.String(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("uri"),
        sa.UniqueConstraint("story"),
        info={"written_by": "ingest"},
    )
    op.create_table(
        "keys",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name"),
        sa.UniqueConstraint("secret_hash"),
        info={"written_by": "shared.web.keys"},
    )
    op.create_table(
        "pauses",
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("stage"),
        info={"written_by": "shared.queue.ledger"},
    )
    op.create_table(
        "stories",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("uri", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("item", sa.UUID(), nullable=False),
        sa.Column("edition", sa.String(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("embargoed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("correction_notes", postgresql.ARRAY(sa.String()), server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("uri"),
        info={"written_by": "publish"},
    )
    op.create_table(
        "translations",
        sa.Column("story", sa.String(), nullable=False),
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("translator", sa.String(), nullable=False),
        sa.Column("headline", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("body_html", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("method IN ('human', 'machine')", name="translation_method"),
        sa.PrimaryKeyConstraint("story", "edition", "revision", "method"),
        info={"written_by": "translation"},
    )
    op.create_table(
        "work",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("lane", sa.SmallInteger(), nullable=False),
        sa.Column("item", sa.UUID(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column("state", sa.String(), server_default="due", nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.CheckConstraint("state IN ('due', 'done', 'dead')", name="work_state"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("item", "stage", "revision", "edition", name="work_key"),
        info={"written_by": "shared.queue.ledger"},
    )
    op.create_index("work_dead", "work", ["stage", "done_at"], unique=False, postgresql_where=sa.text("state = 'dead'"))
    op.create_index(
        "work_due", "work", ["stage", "lane", "due_at", "id"], unique=False, postgresql_where=sa.text("state = 'due'")
    )
    op.create_table(
        "workers",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("rooms", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name"),
        info={"written_by": "shared.queue.worker"},
    )
    op.create_table(
        "items",
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("uri", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("story", sa.String(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("raw_type", sa.String(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("lane", sa.SmallInteger(), nullable=False),
        sa.Column("key_name", sa.String(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["uri"],
            ["identities.uri"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("uri", "version", name="items_identity"),
        info={"written_by": "ingest"},
    )
    op.create_index("items_express", "items", ["provider", "accepted_at"], unique=False, postgresql_where=sa.text("lane = 0"))
    op.create_index("items_of_story", "items", ["story"], unique=False)
    op.create_table(
        "memberships",
        sa.Column("story", sa.String(), nullable=False),
        sa.Column("feed", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["story"],
            ["stories.id"],
        ),
        sa.PrimaryKeyConstraint("story", "feed"),
        info={"written_by": "publish"},
    )
    op.create_index("memberships_of_feed", "memberships", ["feed", "story"], unique=False)
    op.create_table(
        "revisions",
        sa.Column("story", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("item", sa.UUID(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["story"],
            ["stories.id"],
        ),
        sa.PrimaryKeyConstraint("story", "revision"),
        info={"written_by": "publish"},
    )
    op.create_table(
        "enrichments",
        sa.Column("item", sa.UUID(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("countries", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("regions", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("sections", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("tags", postgresql.ARRAY(sa.String()), nullable=False),
        sa.ForeignKeyConstraint(
            ["item"],
            ["items.id"],
        ),
        sa.PrimaryKeyConstraint("item"),
        info={"written_by": "enrichment"},
    )
