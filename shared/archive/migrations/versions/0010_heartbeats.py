"""the newest heartbeat without a look at every story"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("stories_heartbeats", "stories", ["updated_at"], postgresql_where=sa.text("uri LIKE 'urn:barq:heartbeat:%'"))
