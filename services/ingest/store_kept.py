"""Ingest's SQL for what was refused, and for what is read again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Row, text

from services.ingest.acceptance import Candidate, Rejection
from services.ingest.formats.payload import Payload
from services.ingest.store import keep_payloads
from shared.contracts.work import Follow
from shared.pipeline import FIRST_STAGE_OF_NEWS, FIRST_STAGE_OF_RETRACTIONS
from shared.queue.unit_of_work import UnitOfWork

# ── What was refused ─────────────────────────────────────────────────────────────────────────────────────────────


#: rows of one source that are kept; the oldest go
_MOST_ROWS = 1_000


def quarantine(
    connection: Connection,
    rejections: Sequence[Rejection],
    *,
    source: str,
    kept_whole: Payload | None,
    address: str,
    now: datetime,
) -> None:
    """Keep what contradicts a known version; and all else that was refused, if `kept_whole` says of which payload.

    One row for each reason, with a count and the newest payload: a document that is wrong at every look must not hide the rest.
    """
    kept: dict[str, list[tuple[Payload, Rejection]]] = {}
    for rejection in rejections:
        if (rejection.is_contradiction or kept_whole) and (payload := rejection.payload or kept_whole):
            kept.setdefault(rejection.reason, []).append((payload, rejection))
    if not kept:
        return
    newest = {reason: rows[-1] for reason, rows in kept.items()}
    keep_payloads(connection, [payload for payload, _ in newest.values()], address=address, now=now)
    connection.execute(
        _QUARANTINE,
        [  # in order, so that two that refuse for the same reasons never wait for each other in a circle
            {
                "payload": newest[reason][0].digest,
                "position": newest[reason][1].position,
                "source": source,
                "problem": newest[reason][1].problem.model_dump_json(),
                "reason": reason,
                "count": len(kept[reason]),
                "now": now,
            }
            for reason in sorted(kept)
        ],
    )
    connection.execute(
        text("""
            DELETE FROM quarantine WHERE id IN (
                SELECT id FROM quarantine WHERE source = :source ORDER BY refused_at DESC, id DESC OFFSET :most)
        """),
        {"source": source, "most": _MOST_ROWS},
    )


_QUARANTINE = text("""
    INSERT INTO quarantine (payload, position, source, problem, reason, count, first_refused_at, refused_at)
    VALUES (:payload, :position, :source, CAST(:problem AS jsonb), :reason, :count, :now, :now)
    ON CONFLICT ON CONSTRAINT quarantine_once DO UPDATE
    SET payload = excluded.payload, position = excluded.position, problem = excluded.problem,
        count = quarantine.count + excluded.count, refused_at = excluded.refused_at
""")


def list_quarantine(connection: Connection, *, source: str = "", problem: str = "", most: int) -> list[Row[tuple[object, ...]]]:
    """What was refused and kept, newest first; of one source, of one type of problem, or all."""
    return list(
        connection.execute(
            text("""
                SELECT quarantine.id, position, source, problem, count, first_refused_at, refused_at, payloads.media_type
                FROM quarantine JOIN payloads ON digest = payload
                WHERE (:source = '' OR source = :source)
                  AND (:problem = '' OR problem ->> 'type' IN (:problem, 'urn:barq:problem:' || :problem))
                ORDER BY refused_at DESC LIMIT :most
            """),
            {"source": source, "problem": problem, "most": most},
        )
    )


def find_quarantined(connection: Connection, entry: UUID) -> Row[tuple[object, ...]] | None:
    """One refused item with its payload."""
    return connection.execute(
        text("""
            SELECT quarantine.id, position, source, problem, refused_at, payloads.media_type, payloads.body, payloads.address
            FROM quarantine JOIN payloads ON digest = payload WHERE quarantine.id = :entry
        """),
        {"entry": entry},
    ).one_or_none()


def discard_quarantined(connection: Connection, entry: UUID) -> bool:
    """Forget that an item was refused; its payload stays."""
    return bool(connection.execute(text("DELETE FROM quarantine WHERE id = :entry"), {"entry": entry}).rowcount)


# ── What is read again ───────────────────────────────────────────────────────────────────────────────────────────


def items_to_reread(
    connection: Connection, *, items: Sequence[UUID], since: datetime | None, most: int
) -> list[Row[tuple[object, ...]]]:
    """Items with what they were read from: those named, or those accepted since a moment; oldest first."""
    return list(
        connection.execute(
            text("""
                SELECT items.id, items.uri, items.version, items.content_hash, items.content, items.position,
                       items.key_name, items.accepted_at, payloads.media_type, payloads.body, payloads.address
                FROM items JOIN payloads ON digest = payload
                WHERE items.id = ANY(CAST(:items AS uuid[])) OR accepted_at >= :since ORDER BY items.id LIMIT :most
            """),
            {"items": list(items), "since": since, "most": most},
        )
    )


def write_reread(work: UnitOfWork, item: UUID, candidate: Candidate, *, accepted_at: datetime) -> None:
    """Keep an item as it is understood now, and let it go its way again."""
    work.connection.execute(
        text("UPDATE items SET content = CAST(:content AS jsonb), content_hash = :content_hash WHERE id = :item"),
        {
            "item": item,
            "content": candidate.kept(accepted_at).model_dump_json(exclude_defaults=True),
            "content_hash": candidate.content_hash,
        },
    )
    stage = FIRST_STAGE_OF_RETRACTIONS if candidate.item.retracts else FIRST_STAGE_OF_NEWS
    work.follows([Follow(stage=stage, item=item, revision=candidate.item.version)])
