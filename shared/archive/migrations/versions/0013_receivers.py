"""receivers of webhooks, and the ledger of what each was told"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        "receivers",
        sa.Column("id", sa.UUID(), server_default=sa.text("uuidv7()"), nullable=False),
        *_words("key", "name", "url", "secret"),
        sa.Column("old_secret", sa.String(), server_default="", nullable=False),
        _moment("old_secret_until", nullable=True),
        *(sa.Column(name, ARRAY(sa.String()), nullable=False) for name in ("editions", "feeds", "events")),
        _moment("added_at"),
        _moment("ended_at", nullable=True),
        sa.Column("sequence", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        _moment("failing_since", nullable=True),
        _moment("disabled_at", nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        _moment("due_at"),
        _moment("held_until", nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key", "name", name="receiver_once"),
    )
    op.rename_table("deliveries", "told_before")
    op.execute("ALTER INDEX deliveries_pkey RENAME TO told_before_pkey")
    op.create_table(
        "deliveries",
        sa.Column("receiver", sa.UUID(), sa.ForeignKey("receivers.id"), nullable=False),
        *_words("story", "edition"),
        sa.Column("revision", sa.Integer(), nullable=False),
        *_words("event"),
        sa.Column("lane", sa.SmallInteger(), nullable=False),
        *_words("state"),
        sa.Column("sequence", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        _moment("asked_at"),
        _moment("due_at"),
        _moment("tried_at", nullable=True),
        _moment("acknowledged_at", nullable=True),
        sa.CheckConstraint("state IN ('due', 'acknowledged', 'parked', 'superseded')", name="delivery_state"),
        sa.PrimaryKeyConstraint("receiver", "story", "edition", "revision"),
    )
    # what was told before this is kept, and who had it must hear of its kill still
    op.execute("""
        INSERT INTO receivers (key, name, url, secret, editions, feeds, events, added_at, ended_at, due_at, sequence)
        SELECT DISTINCT ON (destination) '', destination, url, '', '{}', '{}', '{}', min(tried_at) OVER w, now(), now(),
               count(acknowledged_at) OVER w
        FROM told_before WINDOW w AS (PARTITION BY destination) ORDER BY destination, tried_at DESC
    """)
    op.execute("""
        INSERT INTO deliveries (receiver, story, edition, revision, event, lane, state, sequence, attempts, status, error,
                                asked_at, due_at, tried_at, acknowledged_at)
        SELECT receivers.id, story, edition, revision, event, CASE WHEN event = 'story.killed' THEN 0 ELSE 1 END,
               CASE WHEN acknowledged_at IS NULL THEN 'due' ELSE 'acknowledged' END,
               CASE WHEN acknowledged_at IS NOT NULL THEN row_number() OVER
                   (PARTITION BY destination, acknowledged_at IS NULL ORDER BY acknowledged_at) END,
               attempts, status, told_before.error, tried_at, tried_at, tried_at, acknowledged_at
        FROM told_before JOIN receivers ON receivers.name = destination
    """)
    op.drop_table("told_before")
    op.create_index("deliveries_due", "deliveries", ["receiver", "lane", "asked_at"], postgresql_where=sa.text("state = 'due'"))
    op.create_index("deliveries_parked", "deliveries", ["receiver"], postgresql_where=sa.text("state = 'parked'"))
    op.create_index("deliveries_sequence", "deliveries", ["receiver", "sequence"])
    op.create_index("deliveries_of_story", "deliveries", ["story"])
    for table in ("intents", "subscriptions"):
        op.add_column(table, sa.Column("key", sa.String(), server_default="", nullable=False))
