"""what a source's health knows; one row in quarantine for each source and reason; where a payload stood"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("payloads", sa.Column("address", sa.String(), server_default="", nullable=False))
    op.add_column("items", sa.Column("words_hash", sa.LargeBinary()))
    op.create_index("items_same_words", "items", ["key_name", "words_hash"], postgresql_where=sa.text("words_hash IS NOT NULL"))
    op.add_column("sources", sa.Column("refusals", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("sources", sa.Column("refusal", sa.String()))
    op.add_column("sources", sa.Column("encoding", sa.String(), server_default="", nullable=False))
    op.add_column("sources", sa.Column("moved_from", sa.String()))
    op.add_column("sources", sa.Column("gone_at", sa.DateTime(timezone=True)))
    op.add_column("sources", sa.Column("unsteady_at", sa.DateTime(timezone=True)))
    _one_row_for_each_reason()


def _one_row_for_each_reason() -> None:
    op.add_column("quarantine", sa.Column("reason", sa.String()))
    op.add_column("quarantine", sa.Column("count", sa.BigInteger(), server_default="1", nullable=False))
    op.add_column("quarantine", sa.Column("first_refused_at", sa.DateTime(timezone=True)))
    op.execute("""
        UPDATE quarantine SET first_refused_at = refused_at,
            reason = left(split_part(problem ->> 'type', ':', 4) || ': ' || (problem ->> 'detail'), 500)
    """)
    op.execute("""
        UPDATE quarantine SET count = counted.count, first_refused_at = counted.first_refused_at
        FROM (SELECT source, reason, count(*) AS count, min(refused_at) AS first_refused_at
              FROM quarantine GROUP BY source, reason) AS counted
        WHERE quarantine.source = counted.source AND quarantine.reason = counted.reason
    """)
    op.execute("""
        DELETE FROM quarantine USING quarantine AS newer
        WHERE quarantine.source = newer.source AND quarantine.reason = newer.reason
          AND (quarantine.refused_at, quarantine.id) < (newer.refused_at, newer.id)
    """)
    op.alter_column("quarantine", "reason", nullable=False)
    op.alter_column("quarantine", "first_refused_at", nullable=False)
    op.drop_constraint("quarantine_once", "quarantine")
    op.create_unique_constraint("quarantine_once", "quarantine", ["source", "reason"])


def downgrade() -> None:
    op.drop_constraint("quarantine_once", "quarantine")
    for column in ("first_refused_at", "count", "reason"):
        op.drop_column("quarantine", column)
    op.create_unique_constraint("quarantine_once", "quarantine", ["payload", "position", "source"])
    for column in ("unsteady_at", "gone_at", "moved_from", "encoding", "refusal", "refusals"):
        op.drop_column("sources", column)
    op.drop_index("items_same_words", "items")
    op.drop_column("items", "words_hash")
    op.drop_column("payloads", "address")
