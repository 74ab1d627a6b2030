"""The migrations make the tables that the code knows."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from shared.archive.database import database_url, migrate
from shared.archive.tables import metadata
from tests.support.house import House


def test_the_migrated_schema_is_the_one_that_the_code_knows(house: House) -> None:
    with house.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_migrating_again_changes_nothing(house: House) -> None:
    migrate(database_url())
