"""SQL of quarantine: what was refused, and what is read again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import JsonValue, ValidationError
from sqlalchemy import Connection, text

from services.ingest.acceptance import Candidate, Rejection
from services.ingest.formats.payload import Payload
from services.ingest.queries import keep_payloads
from shared.contracts.problem import Problem
from shared.contracts.work import Follow
from shared.pipeline import FIRST_STAGE_OF_NEWS, FIRST_STAGE_OF_RETRACTIONS
from shared.queue.unit_of_work import UnitOfWork

# ── What was refused ─────────────────────────────────────────────────────────────────────────────────────────────

#: rows of one source that are kept; the oldest go
_MAX_ROWS = 1_000


@dataclass(frozen=True, kw_only=True)
class QuarantineRow:
    """What was refused of one source for one reason."""

    id: UUID
    position: int  #: the newest one's place in its payload, from 0; -1: the payload as a whole
    source: str  #: the key or the source by which it came
    problem: Problem
    count: int  #: how often it was refused
    first_refused_at: datetime
    refused_at: datetime
    media_type: str


@dataclass(frozen=True, kw_only=True)
class QuarantinedPayload:
    """The newest payload of a row."""

    position: int
    source: str
    body: bytes  #: zlib
    media_type: str
    address: str  #: where it stood; empty where nobody knows


def keep_refused(
    connection: Connection,
    rejections: Sequence[Rejection],
    *,
    source: str,
    kept_whole: Payload | None,
    address: str,
    now: datetime,
) -> None:
    """Keep what contradicts a known version; and all else that was refused, if `kept_whole` says of which payload.

    One row for each reason, with a count and the newest payload: a document that is wrong at every poll must not hide the rest.
    """
    by_reason: dict[str, list[tuple[Payload, Rejection]]] = {}
    for rejection in rejections:
        if (rejection.is_contradiction or kept_whole) and (payload := rejection.payload or kept_whole):
            by_reason.setdefault(rejection.reason, []).append((payload, rejection))
    if not by_reason:
        return
    keep_payloads(connection, [rows[-1][0] for rows in by_reason.values()], address=address, now=now)
    connection.execute(
        _KEEP_REFUSED,
        [  # in order, so that two that refuse for the same reasons never wait for each other in a circle
            _refusal(by_reason[reason], reason=reason, source=source, now=now) for reason in sorted(by_reason)
        ],
    )
    connection.execute(_DROP_OLDEST, {"source": source, "limit": _MAX_ROWS})


def _refusal(rows: Sequence[tuple[Payload, Rejection]], *, reason: str, source: str, now: datetime) -> dict[str, object]:
    payload, newest = rows[-1]
    return {
        "payload": payload.digest,
        "position": newest.position,
        "source": source,
        "problem": newest.problem.model_dump_json(),
        "reason": reason,
        "count": len(rows),
        "now": now,
    }


# One row for each source and reason: it counts on, and its payload is the newest.
_KEEP_REFUSED = text("""
    INSERT INTO quarantine (payload, position, source, problem, reason, count, first_refused_at, refused_at)
    VALUES (:payload, :position, :source, CAST(:problem AS jsonb), :reason, :count, :now, :now)
    ON CONFLICT ON CONSTRAINT quarantine_once DO UPDATE
    SET payload = excluded.payload, position = excluded.position, problem = excluded.problem,
        count = quarantine.count + excluded.count, refused_at = excluded.refused_at
""")

# All rows of a source but the newest.
_DROP_OLDEST = text("""
    DELETE FROM quarantine WHERE id IN (
        SELECT id FROM quarantine WHERE source = :source ORDER BY refused_at DESC, id DESC OFFSET :limit)
""")


def list_quarantine(connection: Connection, *, source: str = "", problem: str = "", limit: int) -> list[QuarantineRow]:
    """What was refused and kept, newest first: of one source or all, of one type of problem (its last word, or whole) or all."""
    rows = connection.execute(_LIST, {"source": source, "problem": problem, "limit": limit})
    return [
        QuarantineRow(
            id=row.id,
            position=row.position,
            source=row.source,
            problem=read_problem(row.problem),
            count=row.times,
            first_refused_at=row.first_refused_at,
            refused_at=row.refused_at,
            media_type=row.media_type,
        )
        for row in rows
    ]


# The newest rows, of one source and one type of problem where these are named.
_LIST = text("""
    SELECT quarantine.id, position, source, problem, count AS times, first_refused_at, refused_at, payloads.media_type
    FROM quarantine JOIN payloads ON digest = payload
    WHERE (:source = '' OR source = :source)
      AND (:problem = '' OR problem ->> 'type' IN (:problem, 'urn:barq:problem:' || :problem))
    ORDER BY refused_at DESC LIMIT :limit
""")


def read_problem(kept: Mapping[str, JsonValue]) -> Problem:
    """A problem as it was kept; of one that was kept in another shape than today's, without its fields' errors."""
    try:
        return Problem.model_validate(kept)
    except ValidationError:
        return Problem.model_validate({**kept, "errors": ()})


def find_quarantined(connection: Connection, entry: UUID) -> QuarantinedPayload | None:
    """The newest payload of a row; None if there is no such row."""
    row = connection.execute(_FIND, {"entry": entry}).one_or_none()
    if row is None:
        return None
    return QuarantinedPayload(
        position=row.position, source=row.source, body=row.body, media_type=row.media_type, address=row.address
    )


# One row's payload.
_FIND = text("""
    SELECT position, source, payloads.media_type, payloads.body, payloads.address
    FROM quarantine JOIN payloads ON digest = payload WHERE quarantine.id = :entry
""")


def discard_quarantined(connection: Connection, entry: UUID) -> bool:
    """Forget that an item was refused; its payload stays. False: there is no such row."""
    return bool(connection.execute(text("DELETE FROM quarantine WHERE id = :entry"), {"entry": entry}).rowcount)


# ── What is read again ───────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class StoredItem:
    """An item with what it was read from."""

    id: UUID
    uri: str
    version: int
    content_hash: bytes
    content: dict[str, JsonValue]  #: the item as it was understood, without what is as by default
    position: int  #: its place in the payload
    key_name: str  #: the key or the source by which it came
    accepted_at: datetime
    body: bytes  #: of the payload, zlib
    media_type: str
    address: str


def find_items_to_reread(
    connection: Connection, *, items: Sequence[UUID], since: datetime | None, limit: int
) -> list[StoredItem]:
    """Items with what they were read from: those named, and those accepted since a moment; oldest first."""
    rows = connection.execute(_TO_REREAD, {"items": list(items), "since": since, "limit": limit})
    return [
        StoredItem(
            id=row.id,
            uri=row.uri,
            version=row.version,
            content_hash=row.content_hash,
            content=row.content,
            position=row.position,
            key_name=row.key_name,
            accepted_at=row.accepted_at,
            body=row.body,
            media_type=row.media_type,
            address=row.address,
        )
        for row in rows
    ]


# Items in the order in which they came, so that those of one payload stand together.
_TO_REREAD = text("""
    SELECT items.id, items.uri, items.version, items.content_hash, items.content, items.position,
           items.key_name, items.accepted_at, payloads.media_type, payloads.body, payloads.address
    FROM items JOIN payloads ON digest = payload
    WHERE items.id = ANY(CAST(:items AS uuid[])) OR accepted_at >= :since ORDER BY items.id LIMIT :limit
""")


def write_reread(work: UnitOfWork, item: UUID, candidate: Candidate, *, accepted_at: datetime) -> None:
    """Keep an item as it is understood now, and let it go its way again."""
    work.connection.execute(
        text("UPDATE items SET content = CAST(:content AS jsonb), content_hash = :content_hash WHERE id = :item"),
        {
            "item": item,
            "content": candidate.item_to_keep(accepted_at).model_dump_json(exclude_defaults=True),
            "content_hash": candidate.content_hash,
        },
    )
    stage = FIRST_STAGE_OF_RETRACTIONS if candidate.item.retracts else FIRST_STAGE_OF_NEWS
    work.follows([Follow(stage=stage, item=item, revision=candidate.item.version)])
