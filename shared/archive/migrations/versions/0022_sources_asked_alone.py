"""sources that end the process which looks at them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sources", sa.Column("looking_since", sa.DateTime(timezone=True)))
    op.add_column("sources", sa.Column("ended_count", sa.Integer(), server_default="0", nullable=False))
    op.add_column("sources", sa.Column("alone_since", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("sources", "alone_since")
    op.drop_column("sources", "ended_count")
    op.drop_column("sources", "looking_since")
