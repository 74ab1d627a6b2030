"""why an item is where it is, and what an editor says of that"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Why is not known of what was enriched before; nobody has sorted anything yet, or moved it out of a feed."""
    op.add_column("enrichments", sa.Column("findings", JSONB(), nullable=False, server_default="{}"))
    op.add_column("enrichments", sa.Column("is_unsure", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("enrichments", sa.Column("labels", ARRAY(sa.String()), nullable=False, server_default="{}"))
    op.create_index("enrichments_unsure", "enrichments", ["item"], postgresql_where=sa.text("is_unsure"))
    op.add_column("memberships", sa.Column("moved_out", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "sortings",
        sa.Column("story", sa.String(), primary_key=True),
        sa.Column("sections", ARRAY(sa.String())),
        sa.Column("regions", ARRAY(sa.String())),
        sa.Column("tags", ARRAY(sa.String())),
        sa.Column("key_name", sa.String(), nullable=False),
        sa.Column("sorted_at", sa.DateTime(timezone=True), nullable=False),
        comment="What an editor says that a story is about, for good.",
    )


def downgrade() -> None:
    """Without them."""
    op.drop_table("sortings")
    op.drop_column("memberships", "moved_out")
    op.drop_index("enrichments_unsure")
    op.drop_column("enrichments", "labels")
    op.drop_column("enrichments", "is_unsure")
    op.drop_column("enrichments", "findings")
