"""Work that asks for what exists to be made again: after a change of feeds, of the wire file, or of its public address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, text

from shared.contracts.work import EVERY_ITEM, Follow
from shared.pipeline import Stage


def every_entry(connection: Connection, editions: Sequence[str]) -> list[Follow]:
    """Every story's entry, in every edition."""
    rows = connection.execute(text("SELECT item, revision FROM stories")).all()
    return [
        Follow(stage=Stage.RENDER, item=row.item, revision=row.revision, edition=edition) for row in rows for edition in editions
    ]


def every_filing(connection: Connection, *, due_at: datetime | None = None) -> list[Follow]:
    """Every story that has been public, to be put into the feeds that it belongs to."""
    rows = connection.execute(text("SELECT item, revision FROM stories WHERE published_at IS NOT NULL")).all()
    return [Follow(stage=Stage.REFILE, item=row.item, revision=row.revision, due_at=due_at) for row in rows]


def every_feed(editions: Sequence[str], *, due_at: datetime | None = None) -> list[Follow]:
    """Every feed's documents; one piece of work for each edition."""
    return [Follow(stage=Stage.REFRESH, item=EVERY_ITEM, revision=0, edition=edition, due_at=due_at) for edition in editions]
