"""an entry that is too long for feeds is kept twice: whole for its page, and as documents have it

Those that were rendered before stand whole in documents until they are rendered again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One column."""
    op.add_column("entries", sa.Column("in_feeds", sa.LargeBinary))


def downgrade() -> None:
    """The version before has each entry whole."""
    op.drop_column("entries", "in_feeds")
