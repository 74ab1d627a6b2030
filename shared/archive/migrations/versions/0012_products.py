"""subscribers' products"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("keys", sa.Column("products", ARRAY(sa.String()), server_default="{}", nullable=False))
