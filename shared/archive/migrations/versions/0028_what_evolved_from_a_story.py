"""what evolved from a story is found without a walk through the archive"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One index, of the few items that name what they evolved from."""
    op.create_index(
        "items_evolved_from",
        "items",
        [sa.text("(content ->> 'evolved_from')")],
        postgresql_where=sa.text("(content ->> 'evolved_from') IS NOT NULL"),
    )


def downgrade() -> None:
    """Without it."""
    op.drop_index("items_evolved_from", "items")
