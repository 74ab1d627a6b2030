"""The accounts by which processes come to the database, each with the rights that it needs and no others.

Tables are the owner's, who is there to migrate. The wire itself reads and writes them all and changes no schema; the edge, to
which strangers speak, may do with each table what stands beside it in `tables.py`. Keys and sessions it does not read: functions
of the database answer for them. Made and granted anew at each start or `barq migrate`, so that what is declared is what there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from shared.archive.tables import metadata


class Account(StrEnum):
    """Who comes to the database, beside the owner."""

    WIRE = "barq_wire"  #: workers, the pulse, the newsroom's and ops' pages
    EDGE = "barq_edge"  #: whatever answers readers and subscribers


#: what every account may call
FUNCTIONS = (
    "key_behind(bytea)",
    "begin_session(bytea, bytea, interval, integer)",
    "end_session(bytea)",
    "key_was_used(varchar, timestamptz, varchar)",
)
_EVERYTHING = ("SELECT", "INSERT", "UPDATE", "DELETE")
_LOCK = 0x62617272  # any number that nothing else locks


def grants() -> dict[tuple[Account, str], tuple[str, ...]]:
    """What each account may do with each table."""
    declared: dict[tuple[Account, str], tuple[str, ...]] = {}
    for table in metadata.sorted_tables:
        declared[Account.WIRE, table.name] = _EVERYTHING
        declared[Account.EDGE, table.name] = table.info["edge"]
    return declared


def url_of(account: Account, owners: str) -> str:
    """The same database by another account, where the system says who is there and no password is asked for."""
    return make_url(owners).set(username=account.value, password=None).render_as_string(hide_password=False)


def make_accounts(owners_url: str, passwords: Mapping[Account, str | None]) -> None:
    """Make the accounts and grant them what is declared, all at once. Safe to do again, and by several at a time.

    An account without a password can come only where the system says who is there.
    """
    address = make_url(owners_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, connect_timeout=10) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        known = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
        for account in Account:
            role = sql.Identifier(account.value)
            if account.value not in known:
                connection.execute(sql.SQL("CREATE ROLE {}").format(role))
            connection.execute(
                sql.SQL("ALTER ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION {} PASSWORD {}").format(
                    role,
                    # what strangers ask for is all that the edge sees of work; a worker sees all of it
                    sql.SQL("BYPASSRLS" if account is Account.WIRE else "NOBYPASSRLS"),
                    sql.Literal(_as_kept(connection, account, passwords.get(account))),
                )
            )
            connection.execute(sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(role))
            connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role))
            for statement in _grants_of(account):
                connection.execute(statement.format(role))
        wire = sql.Identifier(Account.WIRE.value)
        connection.execute(sql.SQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {}").format(wire))


def _as_kept(connection: psycopg.Connection, account: Account, password: str | None) -> str | None:
    """A password in the form in which the database keeps it, so that it stands in no statement and in no log."""
    if not password:
        return None
    return connection.pgconn.encrypt_password(password.encode(), account.value.encode(), b"scram-sha-256").decode()


def _grants_of(account: Account) -> Iterable[sql.SQL]:
    for (whose, table), rights in grants().items():
        if whose is account and rights:
            yield sql.SQL(f'GRANT {", ".join(rights)} ON "{table}" TO {{}}')
    for function in FUNCTIONS:
        yield sql.SQL(f"GRANT EXECUTE ON FUNCTION {function} TO {{}}")
