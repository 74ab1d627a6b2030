"""Who comes to the database may do what is declared, and nothing else; who has taken over the edge finds no key and no draft.

That the edge can do its work so is seen by every other test of it: they all come by its account (`tests/support/accounts.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from shared.archive.accounts import FUNCTIONS, Account, grants, make_accounts, url_of
from shared.archive.tables import metadata
from shared.settings import settings
from shared.web.keys import Role, begin_session
from tests.support.house import House

RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")


@pytest.fixture
def edge(house: House) -> Iterator[psycopg.Connection[Any]]:
    """Somebody who has all that the edge has: a login that nothing turns into another."""
    with psycopg.connect(url_of(Account.EDGE, str(settings().database_url)), autocommit=True) as connection:
        yield connection


@pytest.mark.parametrize("account", Account)
def test_an_account_may_do_what_is_declared_and_nothing_else(house: House, account: Account) -> None:
    there = {
        row.table: tuple(right for right in RIGHTS if getattr(row, right.lower()))
        for row in house.rows(
            "SELECT relname AS table, "
            + ", ".join(f"has_table_privilege(:account, oid, '{right}') AS {right.lower()}" for right in RIGHTS)
            + " FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm', 'p')",
            account=account.value,
        )
    }
    declared = {table.name: grants()[account, table.name] for table in metadata.sorted_tables}
    assert there == {**declared, "alembic_version": ()}
    (role,) = house.rows("SELECT * FROM pg_roles WHERE rolname = :account", account=account.value)
    assert not any((role.rolsuper, role.rolcreaterole, role.rolcreatedb, role.rolreplication))
    assert house.rows("SELECT FROM pg_auth_members WHERE member = to_regrole(:account)", account=account.value) == []


def test_no_function_of_ours_is_for_everybody(house: House) -> None:
    found = house.rows("""
        SELECT proname, proacl::text AS acl, prosecdef FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND prosecdef
    """)
    assert {row.proname for row in found} == {name.partition("(")[0] for name in FUNCTIONS}
    assert [row.proname for row in found if "{=" in row.acl or ",=" in row.acl] == []


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM keys",
        "SELECT secret_hash FROM keys",
        "SELECT name FROM keys",
        "SELECT * FROM sessions",
        "INSERT INTO sessions (secret_hash, key, begun_at, ends_at) SELECT '\\x00', 'desk', now(), now() + interval '1 day'",
        "UPDATE keys SET role = 'newsroom'",
        "INSERT INTO keys (name, role, rights, secret_hash, created_at) VALUES ('mine', 'newsroom', '{kill}', '\\x00', now())",
        "SELECT * FROM drafts",
        "SELECT * FROM payloads",
        "SELECT * FROM quarantine",
        "SELECT * FROM sources",
        "SELECT * FROM actions",
        "SELECT * FROM pushes",
        "UPDATE items SET content = '{}'",
        "UPDATE stories SET state = 'published'",
        "UPDATE documents SET etag = 'mine'",
        "UPDATE entries SET body = ''",
        "UPDATE comments SET state = 'shown'",
        "UPDATE subscriptions SET callback = 'https://elsewhere.example/'",
        "DELETE FROM work",
        "DELETE FROM receivers",
        "DELETE FROM comments",
        "TRUNCATE documents",
        "DROP TABLE documents",
        "CREATE TABLE mine (a int)",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "ALTER TABLE work DISABLE ROW LEVEL SECURITY",
        "SET ROLE barq_wire",
        "SET SESSION AUTHORIZATION postgres",
        "COPY (SELECT 1) TO PROGRAM 'cat'",
        "SELECT pg_read_file('PG_VERSION')",
        "GRANT barq_wire TO barq_edge",
    ],
)
def test_who_has_taken_over_the_edge_is_refused(edge: psycopg.Connection[Any], statement: str) -> None:
    with pytest.raises(InsufficientPrivilege):
        edge.execute(statement.encode())


def test_who_has_taken_over_the_edge_sees_and_asks_for_no_work_but_what_strangers_ask_for(
    house: House, edge: psycopg.Connection[Any]
) -> None:
    house.pushes()
    assert house.work()
    assert edge.execute("SELECT * FROM work").fetchall() == []
    assert edge.execute("UPDATE work SET state = 'dead'").rowcount == 0
    with pytest.raises(InsufficientPrivilege, match="row-level security"):
        edge.execute("""
            INSERT INTO work (stage, lane, item, revision, edition, due_at, asked_at)
            SELECT 'publish', 0, gen_random_uuid(), 1, '', now(), now()
        """)


def test_a_session_is_begun_by_who_knows_a_key_and_by_nobody_else(house: House, edge: psycopg.Connection[Any]) -> None:
    """Whoever has the edge's rights can begin none for a name: only for the hash of a secret, which is to be found nowhere."""
    key = house.key()
    with house.engine.begin() as connection:
        _, session = begin_session(connection, key, Role.NEWSROOM, lasts=timedelta(hours=1))
    edge.execute("SELECT begin_session('\\x00', '\\x01', interval '1 hour', 10)")
    edge.execute("SELECT begin_session(sha256(%s), '\\x01', interval '1 hour', 10)", [session.encode()])
    assert len(house.rows("SELECT * FROM sessions")) == 1
    assert edge.execute("SELECT name FROM key_behind(sha256(%s))", [key.encode()]).fetchall() == [("desk",)]
    assert edge.execute("SELECT name FROM key_behind('\\x00')").fetchall() == []


def test_the_feeds_are_loaded_by_the_edges_own_login(house: House, edge: psycopg.Connection[Any]) -> None:
    house.pushes()
    house.works()
    edge.execute("LISTEN barq_documents")
    assert edge.execute("SELECT count(*) FROM documents").fetchone() != (0,)


def test_accounts_are_made_again_without_harm_and_have_passwords_that_stand_nowhere(house: House) -> None:
    owners = str(settings().database_url)
    make_accounts(owners, {Account.EDGE: "a word of the edge's"})
    with psycopg.connect(owners) as owner:
        (kept,) = owner.execute("SELECT rolpassword FROM pg_authid WHERE rolname = 'barq_edge'").fetchone() or ("",)
        assert kept.startswith("SCRAM-SHA-256$")
        assert owner.execute("SELECT count(*) FROM pg_authid WHERE rolname LIKE 'barq!_%' ESCAPE '!'").fetchone() == (2,)
    make_accounts(owners, {})
