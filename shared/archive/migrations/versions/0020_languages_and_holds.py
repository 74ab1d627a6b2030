"""how an item's language is known; equal texts; who holds a story back; items by their sender"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("enrichments", sa.Column("language_by", sa.String(), server_default="said", nullable=False))
    op.create_check_constraint("language_by", "enrichments", "language_by IN ('said', 'story', 'usual', 'text', 'guess')")
    op.create_table(
        "usual_languages",
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("recent", postgresql.ARRAY(sa.String()), nullable=False),
        sa.PrimaryKeyConstraint("sender", "provider"),
    )
    op.add_column("fingerprints", sa.Column("text_hash", sa.LargeBinary()))
    op.create_index("fingerprints_text", "fingerprints", ["text_hash"])
    op.add_column("likenesses", sa.Column("is_anothers", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("stories", sa.Column("held_by", sa.String(), server_default="", nullable=False))
    op.create_index("decisions_kept", "decisions", ["decided_at"], postgresql_where=sa.text("outcome = 'kept'"))
    op.create_index("items_of_sender", "items", ["key_name", "id"])


def downgrade() -> None:
    op.drop_index("items_of_sender", "items")
    op.drop_index("decisions_kept", "decisions")
    op.drop_column("stories", "held_by")
    op.drop_column("likenesses", "is_anothers")
    op.drop_index("fingerprints_text", "fingerprints")
    op.drop_column("fingerprints", "text_hash")
    op.drop_table("usual_languages")
    op.drop_constraint("language_by", "enrichments")
    op.drop_column("enrichments", "language_by")
