"""The audit: what was accepted is read by somebody or says why not, and what was taken back is gone. The wire checks itself.

Work follows work in one transaction each, so at any moment an item either has work that is due, or has come to an end that its
sender can hear. One query asks for items of which neither is true; whatever it finds is a fault of the wire: it is written
down, counted for ops, and mended by asking again for the work that should have been done.

Every look sees what came since the last one, a slice of the archive in turn, what was found before, and stories whose minute has
come and gone; so the cost of a look does not grow with the archive.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from shared import log
from shared.contracts.work import Follow
from shared.pipeline import FIRST_STAGE_OF_NEWS, FIRST_STAGE_OF_RETRACTIONS, Lane, Stage
from shared.queue.unit_of_work import unit_of_work
from shared.wire.config import ALL, wire

#: items of one walk that one look examines
SLICE = 2_000
#: faults that are kept, and examined again at each look
MOST_FOUND = 1_000
#: how often what should have been done is asked for again; after that a person must look
MOST_MENDS = 3
#: an item is examined once it is this old, and a minute that came is overdue after so long
GRACE = timedelta(seconds=30)
#: a failed piece of work is due again within this time; what is due later waits for its own minute and moves nothing now
_RETRIES_WITHIN = timedelta(minutes=15)

_log = log.get("audit")


class Fault(StrEnum):
    """How an item can be out of sight, or in sight where it must not be."""

    UNDECIDED = "undecided"  #: accepted; nothing is due for it, and nothing became of it
    UNREAD = "unread"  #: its story is published, and no edition shows it
    STALE = "stale"  #: readers of its own edition have an older revision
    STILL_SHOWN = "still-shown"  #: taken back, and an edition shows it
    OVERDUE = "overdue"  #: its embargo or its rights are over, and nothing happened


@dataclass(frozen=True, kw_only=True)
class Found:
    """An item with a fault."""

    item: UUID
    story: str
    fault: Fault
    version: int  #: the item's
    revision: int  #: its story's; 0 if there is none
    retracts: bool
    is_embargoed: bool
    mends: int  #: how often it was mended before


def look(database: Engine) -> int:
    """Examine the next slice, keep what is found, and ask again for the work that is missing. Returns how many faults there are.

    Two that look at once see the same and ask for the same, which is asked for once.
    """
    with unit_of_work(database) as work:
        connection, now = work.connection, work.now
        items = [
            *_walk(connection, "fresh", before=now - GRACE, wraps=False),
            *_walk(connection, "archive", before=now - GRACE, wraps=True),
            *connection.execute(text("SELECT item FROM out_of_sight LIMIT :most"), {"most": MOST_FOUND}).scalars(),
            *connection.execute(_OVERDUE, {"before": now - GRACE, "most": MOST_FOUND}).scalars(),
        ]
        found = find_faults(connection, items, now)
        connection.execute(
            text("DELETE FROM out_of_sight WHERE item = ANY(CAST(:well AS uuid[]))"),
            {"well": list({*items} - {row.item for row in found})},
        )
        for row in found[:MOST_FOUND]:
            _log.error("item.out_of_sight", item=str(row.item), story=row.story, fault=row.fault, mends=row.mends)
            connection.execute(_KEEP, {"item": row.item, "story": row.story, "fault": row.fault.value, "now": now})
            if row.mends < MOST_MENDS:
                work.follows(list(_mended_by(row)), lane=Lane.EXPRESS)
    return len(found)


def _walk(connection: Connection, name: str, *, before: datetime, wraps: bool) -> Sequence[UUID]:
    """The next items of a walk through all of them, in the order in which they came; one that wraps begins anew at its end."""
    at = connection.execute(text("SELECT at FROM audits WHERE walk = :walk"), {"walk": name}).scalar_one_or_none()
    items = (
        connection.execute(
            text("""
                SELECT id FROM items WHERE (CAST(:at AS uuid) IS NULL OR id > :at) AND accepted_at < :before
                ORDER BY id LIMIT :slice
            """),
            {"at": at, "before": before, "slice": SLICE},
        )
        .scalars()
        .all()
    )
    reached = items[-1] if items else (None if wraps else at)
    connection.execute(
        text("""
            INSERT INTO audits (walk, at) VALUES (:walk, :at) ON CONFLICT (walk) DO UPDATE SET at = excluded.at
        """),
        {"walk": name, "at": reached},
    )
    return items


_OVERDUE = text("""
    (SELECT item FROM stories WHERE state = 'embargoed'
       AND greatest(embargoed_until, scheduled_for) < :before LIMIT :most)
    UNION ALL
    (SELECT item FROM stories WHERE state IN ('published', 'embargoed', 'withheld') AND expires_at < :before LIMIT :most)
""")

_KEEP = text("""
    INSERT INTO out_of_sight (item, story, fault, found_at, mends) VALUES (:item, :story, :fault, :now, 1)
    ON CONFLICT (item) DO UPDATE SET fault = excluded.fault, mends = out_of_sight.mends + 1
""")


def find_faults(connection: Connection, items: Sequence[UUID], now: datetime) -> list[Found]:
    """Of some items, those for which nothing is due and of which nothing can be said; or whose story is shown and must not be."""
    rows = connection.execute(
        _FAULTS,
        {
            "items": list(dict.fromkeys(items)),
            "editions": list(wire().editions),
            "all": ALL,
            "moves": [stage.value for stage in _MOVES],
            "until": now + _RETRIES_WITHIN,
            "overdue": now - GRACE,
        },
    )
    return [
        Found(
            item=row.id,
            story=row.story,
            fault=Fault(row.fault),
            version=row.version,
            revision=row.revision or 0,
            retracts=row.retracts,
            is_embargoed=row.state == "embargoed",
            mends=row.mends or 0,
        )
        for row in rows
    ]


#: the stages that bring an item to its readers in its own language
_MOVES = (
    Stage.ENRICH, Stage.PUBLISH, Stage.LIFT, Stage.OPEN, Stage.EXPIRE, Stage.REFILE, Stage.RENDER, Stage.REFRESH,
)  # fmt: skip

# A story without an edition of its own is moved by translation, too; after a correction a notice stands for it until it is
# translated again. An entry is one for each edition and format, and all
# formats are written at once: RSS stands for them.
_FAULTS = text("""
    SELECT * FROM (
        SELECT asked.id, asked.story, asked.version, s.revision, s.state, o.mends,
               coalesce(asked.content ->> 'pubstatus', 'usable') <> 'usable' AS retracts,
               CASE
                   WHEN EXISTS (
                       SELECT FROM items AS own JOIN work ON work.item = own.id
                       WHERE own.story = asked.story AND (work.state = 'dead' OR work.state = 'due' AND work.due_at <= :until)
                         AND (work.stage = ANY(:moves) OR work.stage = 'translate' AND s.edition IS NULL)
                   ) THEN NULL
                   WHEN s.id IS NULL THEN 'undecided'
                   WHEN s.state <> 'killed' AND s.uri = asked.uri AND s.version < asked.version
                        AND NOT EXISTS (SELECT FROM decisions WHERE decisions.item = asked.id) THEN 'undecided'
                   WHEN s.state IN ('published', 'embargoed', 'withheld') AND s.expires_at < :overdue THEN 'overdue'
                   WHEN s.state = 'embargoed' AND greatest(s.embargoed_until, s.scheduled_for) < :overdue THEN 'overdue'
                   WHEN s.state = 'published' AND NOT (
                       EXISTS (SELECT FROM memberships WHERE memberships.story = s.id AND feed = :all)
                       AND EXISTS (SELECT FROM entries WHERE entries.story = s.id AND format = 'rss'
                                   AND (NOT is_notice OR s.edition IS NULL)
                                   AND edition = ANY(CAST(:editions AS varchar[])) AND (edition = s.edition OR s.edition IS NULL
                                        OR NOT s.edition = ANY(CAST(:editions AS varchar[]))))
                   ) THEN 'unread'
                   WHEN s.state = 'published' AND EXISTS (
                       SELECT FROM entries WHERE entries.story = s.id AND format = 'rss' AND edition = s.edition
                         AND entries.revision < s.revision) THEN 'stale'
                   WHEN s.state IN ('killed', 'withheld', 'expired') AND EXISTS (
                       SELECT FROM entries WHERE entries.story = s.id AND format = 'rss' AND NOT is_notice
                         AND edition = ANY(CAST(:editions AS varchar[]))) THEN 'still-shown'
               END AS fault
        FROM items AS asked LEFT JOIN stories AS s ON s.id = asked.story LEFT JOIN out_of_sight AS o ON o.item = asked.id
        WHERE asked.id = ANY(CAST(:items AS uuid[]))
    ) AS examined WHERE fault IS NOT NULL
""")


def _mended_by(found: Found) -> Iterator[Follow]:
    """The work that should have been done."""

    def again(stage: Stage, edition: str = "", revision: int = found.revision) -> Follow:
        return Follow(stage=stage, item=found.item, revision=revision, edition=edition)

    if found.fault is Fault.UNDECIDED:
        stage = FIRST_STAGE_OF_RETRACTIONS if found.retracts else FIRST_STAGE_OF_NEWS
        yield again(stage, revision=found.version)
    elif found.fault is Fault.OVERDUE:
        yield again(Stage.EXPIRE)
        if found.is_embargoed:
            yield again(Stage.LIFT)
    else:
        if found.fault is Fault.UNREAD:
            yield again(Stage.REFILE)
        yield from (again(Stage.RENDER, edition) for edition in wire().editions)
