"""How tables are declared: who writes one, and what the account to which strangers speak may do with it."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, MetaData

metadata = MetaData()

#: what the edge's account may do with a table, which only its own few commands need (`accounts.py`)
READS = ("SELECT",)
ADDS = ("SELECT", "INSERT")
CHANGES = ("SELECT", "INSERT", "UPDATE")


def written_by(writer: str, *, edge: tuple[str, ...] = ()) -> dict[str, object]:
    """A table's `info`: the one service, or module of `shared`, that writes it, and the rights of the edge's account."""
    return {"written_by": writer, "edge": edge}


def moment(name: str, *, nullable: bool = False) -> Column[object]:
    """A column of moments: `timestamptz`, always UTC."""
    return Column(name, DateTime(timezone=True), nullable=nullable)
