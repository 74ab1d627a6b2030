"""stories that the wire doubts; what became of each item"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("stories", sa.Column("doubt", sa.String()))
    op.add_column("stories", sa.Column("doubt_note", sa.String(), server_default="", nullable=False))
    op.add_column("stories", sa.Column("is_desk_hold", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.create_index("stories_held", "stories", ["updated_at"], postgresql_where=sa.text("state = 'held'"))
    op.create_table(
        "decisions",
        sa.Column("item", sa.UUID(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("outcome IN ('applied', 'kept', 'unchanged', 'refused')", name="decision_outcome"),
        sa.ForeignKeyConstraint(["item"], ["items.id"]),
        sa.PrimaryKeyConstraint("item"),
    )
    op.create_index("decisions_refused", "decisions", ["decided_at"], postgresql_where=sa.text("outcome = 'refused'"))


def downgrade() -> None:
    op.drop_table("decisions")
    op.drop_index("stories_held", "stories")
    for column in ("is_desk_hold", "doubt_note", "doubt"):
        op.drop_column("stories", column)
