"""which stories say the same"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fingerprints",
        sa.Column("item", sa.UUID(), nullable=False),
        sa.Column("story", sa.String(), nullable=False),
        sa.Column("headline", sa.String(), nullable=False),
        sa.Column("keys", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("sketch", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["item"], ["items.id"]),
        sa.PrimaryKeyConstraint("item"),
    )
    op.create_index("fingerprints_keys", "fingerprints", ["keys"], postgresql_using="gin")
    op.create_table(
        "likenesses",
        sa.Column("item", sa.UUID(), nullable=False),
        sa.Column("story", sa.String(), nullable=False),
        sa.Column("likeness", sa.Float(), nullable=False),
        sa.Column("is_same", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["item"], ["items.id"]),
        sa.PrimaryKeyConstraint("item", "story"),
    )
    op.create_index("likenesses_of_story", "likenesses", ["story"])
