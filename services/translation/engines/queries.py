"""The SQL of what engines were asked."""

from __future__ import annotations

from sqlalchemy import Connection, text


def characters_in_month(connection: Connection, engine: str, month: str) -> int:
    """How many characters an engine was sent in a month (`2026-11`)."""
    return (
        connection.execute(
            text("SELECT characters FROM engine_months WHERE engine = :engine AND month = :month"),
            {"engine": engine, "month": month},
        ).scalar()
        or 0
    )


def add_characters(connection: Connection, engine: str, month: str, characters: int) -> None:
    """Count that an engine was sent so many more characters in a month (`2026-11`)."""
    connection.execute(
        text("""
            INSERT INTO engine_months (engine, month, characters) VALUES (:engine, :month, :characters)
            ON CONFLICT (engine, month) DO UPDATE SET characters = engine_months.characters + excluded.characters
        """),
        {"engine": engine, "month": month, "characters": characters},
    )
