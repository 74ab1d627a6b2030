"""SQL of learning: the stories that somebody has sorted in, and what was learnt of them out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection, text

from shared.archive.locks import Lock
from shared.contracts.item import WireItem
from shared.pipeline import Stage

#: versions that can be gone back to; of older ones the report stays
_MOST_KEPT = 10
#: the newest items among which those are looked for that their senders have sorted
_MOST_LOOKED_THROUGH = 50_000


@dataclass(frozen=True, kw_only=True)
class SortedText:
    """A story that somebody has sorted: its sender by subjects, or an editor."""

    item: WireItem
    sections: tuple[str, ...]
    is_editors: bool


def lock(connection: Connection) -> None:
    """Be the only one who says which version is used, until the transaction ends."""
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('', :lock))"), {"lock": Lock.MODELS})


def read_sorted(connection: Connection, *, limit: int) -> list[SortedText]:
    """Stories that somebody has sorted: first what editors said, then what was sent with subjects, each the newest first."""
    rows = connection.execute(_SORTED, {"limit": limit, "looked_through": _MOST_LOOKED_THROUGH})
    return [
        SortedText(item=WireItem.model_validate(row.content), sections=tuple(row.sections), is_editors=row.rank == 0)
        for row in rows
    ]


# A story that was taken back is nothing to learn from.
_SORTED = text("""
    SELECT items.content, said.sections, said.rank FROM (
        (SELECT stories.item, sortings.sections, 0 AS rank FROM sortings JOIN stories ON stories.id = sortings.story
         WHERE sortings.sections IS NOT NULL AND stories.state = 'published' ORDER BY sorted_at DESC LIMIT :limit)
        UNION ALL
        (SELECT newest.item, newest.sections, 1 FROM (
             SELECT item, sections, findings FROM enrichments ORDER BY item DESC LIMIT :looked_through
         ) AS newest JOIN stories ON stories.item = newest.item AND stories.state = 'published'
         WHERE findings #>> '{sections,0,method}' = 'subject'
           AND NOT EXISTS (SELECT FROM sortings WHERE sortings.story = stories.id AND sortings.sections IS NOT NULL)
         LIMIT :limit)
    ) AS said JOIN items ON items.id = said.item ORDER BY rank, items.id DESC LIMIT :limit
""")


class Report(BaseModel):
    """What came of learning, for who must decide whether to trust it."""

    model_config = ConfigDict(frozen=True)

    stories: int  #: from so many it was learnt
    editors: int = 0  #: of these so many were sorted by editors
    before: float | None = None  #: so many were right by what was used then; None: there was too little to learn from
    after: float | None = None  #: and by what was learnt from the others, never from themselves
    says: str  #: in words, what was done


@dataclass(frozen=True, kw_only=True)
class Model:
    """One try to learn."""

    version: int
    made_at: datetime
    report: Report
    is_used: bool
    can_be_used: bool


def list_models(connection: Connection, *, limit: int = 20) -> Sequence[Model]:
    """The newest first."""
    rows = connection.execute(
        text("""
            SELECT version, made_at, report, is_used, content IS NOT NULL AS can_be_used
            FROM models ORDER BY version DESC LIMIT :limit
        """),
        {"limit": limit},
    )
    return [Model(**{**row._mapping, "report": Report.model_validate(row.report)}) for row in rows]


def used_version(connection: Connection) -> int | None:
    """The version that is in use; None: nothing that was learnt is."""
    version: int | None = connection.execute(text("SELECT version FROM models WHERE is_used")).scalar_one_or_none()
    return version


def read_content(connection: Connection, version: int) -> bytes | None:
    """What was learnt; None if it is not there any more."""
    content: bytes | None = connection.execute(
        text("SELECT content FROM models WHERE version = :version"), {"version": version}
    ).scalar_one_or_none()
    return content


def write_model(connection: Connection, content: bytes | None, report: Report, *, is_used: bool, now: datetime) -> int:
    """Keep a try; the older ones' contents but the newest ten's are forgotten. Returns its version."""
    if is_used:
        connection.execute(text("UPDATE models SET is_used = false WHERE is_used"))
    version: int = connection.execute(
        text("""
            INSERT INTO models (made_at, report, content, is_used) VALUES (:now, CAST(:report AS jsonb), :content, :is_used)
            RETURNING version
        """),
        {"now": now, "report": report.model_dump_json(), "content": content, "is_used": is_used},
    ).scalar_one()
    connection.execute(
        text("UPDATE models SET content = NULL WHERE version <= :oldest AND NOT is_used AND content IS NOT NULL"),
        {"oldest": version - _MOST_KEPT},
    )
    return version


def use_model(connection: Connection, version: int | None) -> bool:
    """Use a version from now on; None: nothing that was learnt. False: there is no such version any more."""
    connection.execute(text("UPDATE models SET is_used = false WHERE is_used"))
    if version is None:
        return True
    used = connection.execute(
        text("UPDATE models SET is_used = true WHERE version = :version AND content IS NOT NULL"), {"version": version}
    )
    return used.rowcount == 1


def is_behind(connection: Connection, since: datetime) -> bool:
    """Has anything waited for a worker since that moment?"""
    found: bool = connection.execute(_IS_BEHIND, {"since": since, "itself": Stage.LEARN.value}).scalar_one()
    return found


_IS_BEHIND = text("""
    SELECT EXISTS (SELECT FROM work WHERE state = 'due' AND held_until IS NULL AND due_at < :since AND stage <> :itself)
""")
