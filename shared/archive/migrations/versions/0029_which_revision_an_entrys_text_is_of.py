"""which revision an entry's text is of"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Not known of what an older wire rendered; it counts as an update from then on, and is known once it is rendered again."""
    op.add_column("entries", sa.Column("text_revision", sa.Integer()))
    op.add_column("entries", sa.Column("first_revision", sa.Integer()))


def downgrade() -> None:
    """Without them."""
    op.drop_column("entries", "first_revision")
    op.drop_column("entries", "text_revision")
