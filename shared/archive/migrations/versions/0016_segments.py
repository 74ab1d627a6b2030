"""translations in segments: a memory, terms, what waits for a person"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.add_column("translations", sa.Column("state", sa.String(), nullable=False, server_default="ready"))
    op.add_column("translations", sa.Column("reviewed_by", sa.String(), nullable=False, server_default=""))
    op.add_column("translations", sa.Column("segments", JSONB(), nullable=False, server_default="[]"))
    op.add_column("translations", sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
    op.drop_constraint("translation_method", "translations")
    op.create_check_constraint("translation_method", "translations", "method IN ('human', 'memory', 'machine')")
    op.create_check_constraint("translation_state", "translations", "state IN ('ready', 'waiting')")
    op.create_index("translations_waiting", "translations", ["edition", "made_at"], postgresql_where=sa.text("state = 'waiting'"))
    op.create_table(
        "segments",
        sa.Column("source_language", sa.String(), nullable=False),
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column("source_hash", sa.LargeBinary(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("translator", sa.String(), nullable=False),
        sa.Column("story", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("method IN ('human', 'machine')", name="segment_method"),
        sa.PrimaryKeyConstraint("source_language", "edition", "source_hash", "method"),
    )
    op.create_index("segments_alike", "segments", ["source"], postgresql_using="gin", postgresql_ops={"source": "gin_trgm_ops"})
    op.create_table(
        "terms",
        sa.Column("source_language", sa.String(), nullable=False),
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("targets", ARRAY(sa.String()), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('person', 'organisation', 'place', 'term')", name="term_kind"),
        sa.PrimaryKeyConstraint("source_language", "edition", "source"),
    )
    op.create_table(
        "engine_months",
        sa.Column("engine", sa.String(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("characters", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("engine", "month"),
    )


def downgrade() -> None:
    for table in ("engine_months", "terms", "segments"):
        op.drop_table(table)
    op.drop_index("translations_waiting")
    op.execute("DELETE FROM translations WHERE state = 'waiting' OR method = 'memory'")
    op.drop_constraint("translation_state", "translations")
    op.drop_constraint("translation_method", "translations")
    op.create_check_constraint("translation_method", "translations", "method IN ('human', 'machine')")
    for column in ("tries", "segments", "reviewed_by", "state"):
        op.drop_column("translations", column)
    op.execute("DROP EXTENSION IF EXISTS pg_trgm")
