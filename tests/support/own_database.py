"""A database for the tests of one process: as good as new for each, without being made anew each time.

Making one takes half a second, emptying it some milliseconds, and there are thousands of tests. One whose shape a test has
changed, or that has grown, is made anew.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import psycopg

#: of a new one there are 9 MB; what was deleted stays in the files, and is read again and again
_LARGE_BYTES = 20_000_000

#: whatever changes a table, an index, a right, a trigger or a function writes a row into one of these
_CATALOGS = ("pg_class", "pg_attribute", "pg_constraint", "pg_index", "pg_trigger", "pg_proc", "pg_attrdef", "pg_policy")
_SHAPE = "SELECT " + ", ".join(f"(SELECT (count(*), max(xmin::text::bigint))::text FROM {name})" for name in _CATALOGS)

_ALONE = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
_TABLES = (
    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'"
)
_AS_NEW = "SELECT setval(seqrelid, seqstart, false) FROM pg_sequence"


@dataclass
class OwnDatabase:
    """One database of a running server, made from a template."""

    server_url: str  #: of its `postgres`
    name: str
    template: str
    _shape: object = None
    _delete_all: str = field(default="", repr=False)

    @property
    def url(self) -> str:
        """Where it is."""
        return named(self.server_url, self.name)

    def make_as_new(self) -> None:
        """End every connection to it, and let there be nothing in it but what the template has."""
        if self._shape is None or not self._is_emptied():
            self._make()

    def _make(self) -> None:
        run_sql(self.server_url, f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")
        run_sql(self.server_url, f"CREATE DATABASE {self.name} TEMPLATE {self.template}")
        with psycopg.connect(self.url, autocommit=True) as connection:
            self._shape = connection.execute(_SHAPE).fetchone()
            tables = [name for (name,) in connection.execute(_TABLES)]
        self._delete_all = "; ".join(f"DELETE FROM {table}" for table in tables)

    def _is_emptied(self) -> bool:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(_ALONE)
            if connection.execute(_SHAPE).fetchone() != self._shape:
                return False
            connection.execute("SET session_replication_role = replica")  # no trigger, and no look for who refers to a row
            connection.execute(self._delete_all)
            connection.execute(_AS_NEW)
            size = connection.execute("SELECT pg_database_size(current_database())").fetchone()
            return size is not None and size[0] < _LARGE_BYTES


def named(url: str, name: str) -> str:
    """The address of another database of the same server."""
    return url.replace("/postgres?", f"/{name}?")


def run_sql(url: str, statement: str) -> None:
    """Do one statement, outside a transaction."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)
