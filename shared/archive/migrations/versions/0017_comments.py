"""comments under stories"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "comments",
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("story", sa.String(), nullable=False),
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("state", sa.String(), server_default="waiting", nullable=False),
        sa.Column("sender_hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String()),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("state IN ('waiting', 'shown', 'hidden')", name="comment_state"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("comments_of_story", "comments", ["story", "edition", "made_at"])
    op.create_index("comments_waiting", "comments", ["made_at"], postgresql_where=sa.text("state = 'waiting'"))
    op.create_index("comments_of_sender", "comments", ["sender_hash", "made_at"])


def downgrade() -> None:
    op.drop_table("comments")
