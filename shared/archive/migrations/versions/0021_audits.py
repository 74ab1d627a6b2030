"""the audit: how far it has walked, what it found"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audits",
        sa.Column("walk", sa.String(), nullable=False),
        sa.Column("at", sa.UUID()),
        sa.PrimaryKeyConstraint("walk"),
    )
    op.create_table(
        "out_of_sight",
        sa.Column("item", sa.UUID(), nullable=False),
        sa.Column("story", sa.String(), nullable=False),
        sa.Column("fault", sa.String(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mends", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["item"], ["items.id"]),
        sa.PrimaryKeyConstraint("item"),
    )
    op.create_index("stories_embargoed", "stories", ["embargoed_until"], postgresql_where=sa.text("state = 'embargoed'"))
    op.create_index("stories_expiring", "stories", ["expires_at"], postgresql_where=sa.text("expires_at IS NOT NULL"))


def downgrade() -> None:
    op.drop_index("stories_expiring", "stories")
    op.drop_index("stories_embargoed", "stories")
    op.drop_table("out_of_sight")
    op.drop_table("audits")
