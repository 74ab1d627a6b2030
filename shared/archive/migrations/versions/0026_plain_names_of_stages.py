"""stages have the names that say what they do, and a worker does services

Workers of the version before may still record the former names while an upgrade rolls: the pulse renames these
(`operations.adopt_renamed`). They cannot write their own row in `workers` any more, and say so in their log.
"""

from __future__ import annotations

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_RENAMED = {"sort": "refile", "deliver": "fan_out", "notify": "webhook", "push": "websub"}


def _rename(names: dict[str, str]) -> None:
    for old, new in names.items():
        for table in ("work", "pauses"):
            op.execute(f"UPDATE {table} SET stage = '{new}' WHERE stage = '{old}'")  # noqa: S608


def _policy(stages: str) -> None:
    op.execute("DROP POLICY what_strangers_ask_for ON work")
    op.execute(f"CREATE POLICY what_strangers_ask_for ON work USING (stage IN ({stages})) WITH CHECK (stage IN ({stages}))")


def upgrade() -> None:
    """Names in work and pauses, and what strangers may ask for."""
    _rename(_RENAMED)
    _policy("'webhook', 'notify', 'verify'")
    op.alter_column("workers", "rooms", new_column_name="services")


def downgrade() -> None:
    """The former names."""
    op.alter_column("workers", "services", new_column_name="rooms")
    _policy("'notify', 'verify'")
    _rename({new: old for old, new in _RENAMED.items()})
