"""what a wire has learnt"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
    op.create_table(
        "models",
        sa.Column("version", sa.Integer(), sa.Identity(), primary_key=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("report", JSONB(), nullable=False),
        sa.Column("content", sa.LargeBinary()),
        sa.Column("is_used", sa.Boolean(), nullable=False, server_default=sa.false()),
        comment="What the wire has learnt of its sections, or tried to learn.",
    )
    op.create_index("models_used", "models", ["is_used"], unique=True, postgresql_where=sa.text("is_used"))
    op.create_table(
        "tag_spellings",
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("spelling", sa.String(), nullable=False),
        comment="How the wire spells a tag.",
    )


def downgrade() -> None:
    """Without it."""
    op.drop_table("tag_spellings")
    op.drop_table("models")
