"""facets and words of entries, to search by; `barq feed rebuild` fills those of older stories"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("entries", sa.Column("facets", postgresql.ARRAY(sa.String()), nullable=False, server_default="{}"))
    op.add_column("entries", sa.Column("words", postgresql.TSVECTOR(), nullable=True))
    op.create_index("entries_facets", "entries", ["facets"], postgresql_using="gin")
    op.create_index("entries_words", "entries", ["words"], postgresql_using="gin")
