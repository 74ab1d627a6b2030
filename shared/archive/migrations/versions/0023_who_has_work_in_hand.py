"""work knows who has it and how often it stuck, workers know their lanes"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("work", sa.Column("stuck", sa.SmallInteger(), nullable=False, server_default="0"))
    op.add_column("work", sa.Column("held_by", sa.String()))
    # a worker of the version before takes both
    op.add_column(
        "workers",
        sa.Column("lanes", postgresql.ARRAY(sa.String()), nullable=False, server_default="{express,regular}"),
    )


def downgrade() -> None:
    op.drop_column("workers", "lanes")
    op.drop_column("work", "held_by")
    op.drop_column("work", "stuck")
