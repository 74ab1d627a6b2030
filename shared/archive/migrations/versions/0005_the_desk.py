"""drafts and actions of the desk"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def upgrade() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("uri", sa.String(), nullable=False),
        sa.Column("story", sa.String(), nullable=True),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("fields", postgresql.JSONB(), nullable=False),
        sa.Column("state", sa.String(), nullable=False, server_default="open"),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        _moment("made_at"),
        _moment("changed_at"),
        sa.CheckConstraint("state IN ('open', 'asked', 'sent', 'dropped')", name="draft_state"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("drafts_open", "drafts", ["changed_at"], postgresql_where=sa.text("state IN ('open', 'asked')"))
    op.create_table(
        "actions",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        _moment("done_at"),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("story", sa.String(), nullable=True),
        sa.Column("detail", sa.String(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("actions_of_story", "actions", ["story"])
