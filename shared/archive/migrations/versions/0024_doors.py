"""keys end by themselves, are for some networks alone, have two secrets while they are changed, and say when they were used

The functions are the only way to keys and sessions for who serves strangers: they find a key by the hash of a secret that was
shown, and begin a session for who has one. Nobody needs to read the table for that, nor may write it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_DEFINER = "SECURITY DEFINER SET search_path = public, pg_temp"

_KEY_BEHIND = f"""
    CREATE FUNCTION key_behind(shown bytea) RETURNS TABLE (
        name varchar, role varchar, rights varchar[], products varchar[], networks varchar[], created_at timestamptz,
        revoked_at timestamptz, expires_at timestamptz, old_secret_until timestamptz, last_used_at timestamptz,
        last_used_from varchar, is_person boolean, secret_ended_at timestamptz
    ) LANGUAGE sql STABLE {_DEFINER} AS $$
        SELECT k.name, k.role, k.rights, k.products, k.networks, k.created_at, k.revoked_at, k.expires_at, k.old_secret_until,
               k.last_used_at, k.last_used_from, s.is_person, s.ended_at
        FROM (
            SELECT keys.name AS key, false AS is_person, NULL::timestamptz AS ended_at FROM keys WHERE secret_hash = shown
            UNION ALL
            SELECT keys.name, false, CASE WHEN keys.old_secret_until <= now() THEN keys.old_secret_until END
            FROM keys WHERE old_secret_hash = shown
            UNION ALL
            SELECT sessions.key, true, NULL FROM sessions WHERE secret_hash = shown AND ends_at > now()
        ) AS s JOIN keys AS k ON k.name = s.key
    $$
"""

_BEGIN_SESSION = f"""
    CREATE FUNCTION begin_session(shown bytea, session bytea, lasts interval, most integer) RETURNS void
    LANGUAGE sql {_DEFINER} AS $$
        DELETE FROM sessions WHERE ends_at <= now();
        DELETE FROM sessions WHERE secret_hash IN (
            SELECT old.secret_hash FROM sessions AS old JOIN key_behind(shown) AS k ON k.name = old.key
            ORDER BY old.begun_at DESC, old.secret_hash OFFSET greatest(most, 1) - 1);
        INSERT INTO sessions (secret_hash, key, begun_at, ends_at)
        SELECT session, k.name, now(), now() + lasts FROM key_behind(shown) AS k
        WHERE NOT k.is_person AND k.secret_ended_at IS NULL AND k.revoked_at IS NULL
          AND (k.expires_at IS NULL OR k.expires_at > now());
    $$
"""

_END_SESSION = f"""
    CREATE FUNCTION end_session(session bytea) RETURNS void LANGUAGE sql {_DEFINER} AS $$
        DELETE FROM sessions WHERE secret_hash = session
    $$
"""

_KEY_WAS_USED = f"""
    CREATE FUNCTION key_was_used(key varchar, used_at timestamptz, used_from varchar) RETURNS void
    LANGUAGE sql {_DEFINER} AS $$
        UPDATE keys SET last_used_at = used_at, last_used_from = used_from
        WHERE name = key AND (last_used_at IS NULL OR last_used_at <= used_at - interval '1 minute')
    $$
"""

_FUNCTIONS = {
    "key_behind(bytea)": _KEY_BEHIND,
    "begin_session(bytea, bytea, interval, integer)": _BEGIN_SESSION,
    "end_session(bytea)": _END_SESSION,
    "key_was_used(varchar, timestamptz, varchar)": _KEY_WAS_USED,
}


def upgrade() -> None:
    op.add_column("keys", sa.Column("networks", postgresql.ARRAY(sa.String()), server_default="{}", nullable=False))
    op.add_column("keys", sa.Column("expires_at", sa.DateTime(timezone=True)))
    op.add_column("keys", sa.Column("old_secret_hash", sa.LargeBinary()))
    op.add_column("keys", sa.Column("old_secret_until", sa.DateTime(timezone=True)))
    op.add_column("keys", sa.Column("last_used_at", sa.DateTime(timezone=True)))
    op.add_column("keys", sa.Column("last_used_from", sa.String(), server_default="", nullable=False))
    op.create_unique_constraint("keys_old_secret_hash_key", "keys", ["old_secret_hash"])
    op.create_index("sessions_of_key", "sessions", ["key", "begun_at"])
    for name, function in _FUNCTIONS.items():
        op.execute(function)
        op.execute(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC")
    # who serves strangers asks for these stages of work, and sees and changes none of the others
    op.execute("ALTER TABLE work ENABLE ROW LEVEL SECURITY")
    asked_for = "stage IN ('notify', 'verify')"
    op.execute(f"CREATE POLICY what_strangers_ask_for ON work USING ({asked_for}) WITH CHECK ({asked_for})")


def downgrade() -> None:
    op.execute("DROP POLICY what_strangers_ask_for ON work")
    op.execute("ALTER TABLE work DISABLE ROW LEVEL SECURITY")
    for name in reversed(_FUNCTIONS):
        op.execute(f"DROP FUNCTION {name}")
    op.drop_index("sessions_of_key", "sessions")
    op.drop_constraint("keys_old_secret_hash_key", "keys")
    for column in ("last_used_from", "last_used_at", "old_secret_until", "old_secret_hash", "expires_at", "networks"):
        op.drop_column("keys", column)
