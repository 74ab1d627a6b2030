"""versions of entries"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # an older wire's entries start where their story is, so that nobody sees a number twice
    op.add_column("entries", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.execute("UPDATE entries SET version = revision")
