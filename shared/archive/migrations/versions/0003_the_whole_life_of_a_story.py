"""generations, schedules, expiry, reasons for kills; a quarantine for what is refused"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint("identities_story_key", "identities", type_="unique")
    _add("identities", sa.Column("generation", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("identities", sa.Column("replaces", sa.String(), nullable=False, server_default=""))
    op.create_index("identities_of_story", "identities", ["story"])
    op.create_index("identities_replaces", "identities", ["replaces"], postgresql_where=sa.text("replaces <> ''"))
    _add("stories", sa.Column("generation", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("stories", sa.Column("content_hash", sa.LargeBinary(), nullable=True))
    op.execute("UPDATE stories SET content_hash = items.content_hash FROM items WHERE items.id = stories.item")
    op.alter_column("stories", "content_hash", nullable=False)
    op.add_column("stories", sa.Column("adds", postgresql.ARRAY(sa.UUID()), nullable=False, server_default="{}"))
    op.add_column("stories", sa.Column("scheduled_for", sa.DateTime(timezone=True), nullable=True))
    op.add_column("stories", sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("stories", sa.Column("kill_reason", sa.String(), nullable=True))
    _add("entries", sa.Column("has_left", sa.Boolean(), nullable=False, server_default="false"))
    op.create_table(
        "quarantine",
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("problem", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["payload"], ["payloads.digest"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("payload", "position", "source", name="quarantine_once"),
        info={"written_by": "ingest"},
    )
    op.create_index("quarantine_newest", "quarantine", ["refused_at"])


def _add(table: str, column: sa.Column[object]) -> None:
    """A column that old rows get a value for, and new rows must bring."""
    op.add_column(table, column)
    op.alter_column(table, column.name, server_default=None)
