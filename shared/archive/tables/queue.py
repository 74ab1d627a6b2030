"""Work, who does it, and what the audit has seen. The ledger is the truth about work; the queue is transport."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, UUID

from shared.archive.tables.declaring import CHANGES, metadata, moment, written_by

work = Table(
    "work",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("stage", String, nullable=False),
    Column("lane", SmallInteger, nullable=False),  # 0 express, 1 regular: sorts as it overtakes
    Column("item", UUID, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("edition", String, nullable=False),
    Column("state", String, nullable=False, server_default="due"),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    moment("due_at"),
    moment("held_until", nullable=True),  # a worker has just taken it; covers the gap until it locks the row
    moment("asked_at"),
    moment("done_at", nullable=True),
    Column("error", String),
    Column("stuck", SmallInteger, nullable=False, server_default="0"),  # so often it was alone and beyond its deadline
    Column("held_by", String),  # the worker that took it last
    CheckConstraint("state IN ('due', 'done', 'dead')", name="work_state"),
    UniqueConstraint("item", "stage", "revision", "edition", name="work_key"),
    Index("work_due", "stage", "lane", "due_at", "id", postgresql_where=text("state = 'due'")),
    Index("work_dead", "stage", "done_at", postgresql_where=text("state = 'dead'")),
    info=written_by("shared.queue", edge=CHANGES),  # of two stages alone: migration 0023
    comment="A piece of work: one stage to be done, or done, for one item, revision and edition.",
)

workers = Table(
    "workers",
    metadata,
    Column("name", String, primary_key=True),
    Column("services", ARRAY(String), nullable=False),
    moment("started_at"),
    moment("heard_at"),  # when its own last message came through its own queue
    Column("lanes", ARRAY(String), nullable=False, server_default="{express,regular}"),
    info=written_by("shared.queue.worker"),
    comment="A worker process: what it does, and when it last heard its own message.",
)

pauses = Table(
    "pauses",
    metadata,
    Column("stage", String, primary_key=True),
    moment("since"),
    info=written_by("shared.queue"),
    comment="A stage that ops have paused; no row: it runs.",
)

audits = Table(
    "audits",
    metadata,
    Column("walk", String, primary_key=True),
    Column("at", UUID),  # the last item that was examined; null: begins anew
    info=written_by("shared.archive.audit"),
    comment="How far one walk of the audit has come through all items.",
)

out_of_sight = Table(
    "out_of_sight",
    metadata,
    Column("item", UUID, ForeignKey("items.id"), primary_key=True),
    Column("story", String, nullable=False),
    Column("fault", String, nullable=False),
    moment("found_at"),
    Column("mends", Integer, nullable=False),  # how often what is missing was asked for again
    info=written_by("shared.archive.audit"),
    comment="An item that the audit found neither readable nor accounted for.",
)
