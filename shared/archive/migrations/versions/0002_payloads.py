"""what was sent is kept once, as a payload of its own"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payloads",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
        info={"written_by": "ingest"},
    )
    op.execute("""
        INSERT INTO payloads (digest, media_type, body, received_at)
        SELECT DISTINCT ON (sha256(raw)) sha256(raw), raw_type, raw, accepted_at FROM items
        ORDER BY sha256(raw), accepted_at
    """)
    op.add_column("items", sa.Column("payload", sa.LargeBinary(), nullable=True))
    op.add_column("items", sa.Column("position", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE items SET payload = sha256(raw)")
    op.alter_column("items", "payload", nullable=False)
    op.alter_column("items", "position", server_default=None)
    op.create_foreign_key("items_payload_fkey", "items", "payloads", ["payload"], ["digest"])
    op.drop_column("items", "raw")
    op.drop_column("items", "raw_type")
