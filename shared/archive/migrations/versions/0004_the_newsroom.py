"""rights and sessions of keys; sources; where receivers were told"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.add_column("keys", sa.Column("rights", postgresql.ARRAY(sa.String()), nullable=False, server_default="{}"))
    op.execute("UPDATE keys SET rights = '{push,edit,kill,translate,admin}' WHERE role = 'newsroom'")
    op.alter_column("keys", "rights", server_default=None)
    op.create_table(
        "sessions",
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        _moment("begun_at"),
        _moment("ends_at"),
        sa.ForeignKeyConstraint(["key"], ["keys.name"]),
        sa.PrimaryKeyConstraint("secret_hash"),
    )
    op.create_table(
        "sources",
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("interval_s", sa.Integer(), nullable=False),
        sa.Column("quiet_after_s", sa.Integer(), nullable=False),
        sa.Column("memory", postgresql.JSONB(), nullable=False, server_default="{}"),
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("items_count", sa.BigInteger(), nullable=False, server_default="0"),
        _moment("added_at"),
        _moment("looked_at", nullable=True),
        _moment("brought_at", nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.add_column("deliveries", sa.Column("url", sa.String(), nullable=False, server_default=""))
    op.alter_column("deliveries", "url", server_default=None)
