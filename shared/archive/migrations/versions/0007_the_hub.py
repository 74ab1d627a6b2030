"""the WebSub hub"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        "intents",
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        *_words("mode", "edition", "feed", "format", "topic", "callback", "secret"),
        sa.Column("lease_s", sa.Integer(), nullable=False),
        _moment("asked_at"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("feed_id", sa.UUID(), nullable=False),
        *_words("edition", "feed", "format", "topic", "callback", "secret"),
        _moment("verified_at"),
        _moment("lease_ends_at"),
        _moment("ended_at", nullable=True),
        sa.Column("end_reason", sa.String(), nullable=True),
        sa.Column("sent_etag", sa.String(), nullable=True),
        sa.Column("sequence", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("error", sa.String(), nullable=True),
        _moment("due_at"),
        _moment("held_until", nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("callback", "edition", "feed", "format", name="subscription_once"),
    )
    op.create_index("subscriptions_of_feed", "subscriptions", ["feed_id"], postgresql_where=sa.text("ended_at IS NULL"))
    op.create_table(
        "pushes",
        sa.Column("subscription", sa.UUID(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("etag", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        _moment("tried_at"),
        _moment("acknowledged_at", nullable=True),
        sa.ForeignKeyConstraint(["subscription"], ["subscriptions.id"]),
        sa.PrimaryKeyConstraint("subscription", "sequence"),
    )
