"""Ingest's SQL for what was refused, and for what is read again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Row, text

from services.ingest.acceptance import Candidate, Rejection
from services.ingest.formats.payload import Payload
from services.ingest.store import keep_payloads
from shared import ledger
from shared.contracts.work import Follow
from shared.ledger import Bells
from shared.pipeline import FIRST_STAGE_OF_NEWS, FIRST_STAGE_OF_RETRACTIONS, Lane

# ── What was refused ─────────────────────────────────────────────────────────────────────────────────────────────


def quarantine(
    connection: Connection,
    rejections: Sequence[Rejection],
    *,
    source: str,
    kept_whole: Payload | None,
    now: datetime,
) -> None:
    """Keep what contradicts a known version; and all else that was refused, if `kept_whole` says of which payload."""
    kept = [
        (payload, rejection)
        for rejection in rejections
        if (rejection.is_contradiction or kept_whole) and (payload := rejection.payload or kept_whole)
    ]
    if not kept:
        return
    keep_payloads(connection, [payload for payload, _ in kept], now=now)
    connection.execute(
        text("""
            INSERT INTO quarantine (payload, position, source, problem, refused_at)
            VALUES (:payload, :position, :source, CAST(:problem AS jsonb), :now)
            ON CONFLICT ON CONSTRAINT quarantine_once DO NOTHING
        """),
        [
            {
                "payload": payload.digest,
                "position": rejection.position,
                "source": source,
                "problem": rejection.problem.model_dump_json(),
                "now": now,
            }
            for payload, rejection in kept
        ],
    )


def list_quarantine(connection: Connection, *, most: int) -> list[Row[tuple[object, ...]]]:
    """What was refused and kept, newest first."""
    return list(
        connection.execute(
            text("""
                SELECT quarantine.id, position, source, problem, refused_at, payloads.media_type
                FROM quarantine JOIN payloads ON digest = payload ORDER BY refused_at DESC LIMIT :most
            """),
            {"most": most},
        )
    )


def find_quarantined(connection: Connection, entry: UUID) -> Row[tuple[object, ...]] | None:
    """One refused item with its payload."""
    return connection.execute(
        text("""
            SELECT quarantine.id, position, source, problem, refused_at, payloads.media_type, payloads.body
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
                       items.key_name, payloads.media_type, payloads.body
                FROM items JOIN payloads ON digest = payload
                WHERE items.id = ANY(CAST(:items AS uuid[])) OR accepted_at >= :since ORDER BY items.id LIMIT :most
            """),
            {"items": list(items), "since": since, "most": most},
        )
    )


def write_reread(
    connection: Connection, item: UUID, candidate: Candidate, *, now: datetime, bells: Bells
) -> None:
    """Keep an item as it is understood now, and let it go its way again."""
    connection.execute(
        text("UPDATE items SET content = CAST(:content AS jsonb), content_hash = :content_hash WHERE id = :item"),
        {
            "item": item,
            "content": candidate.item.model_dump_json(exclude_defaults=True),
            "content_hash": candidate.content_hash,
        },
    )
    stage = FIRST_STAGE_OF_RETRACTIONS if candidate.item.retracts else FIRST_STAGE_OF_NEWS
    follow = Follow(stage=stage, item=item, revision=candidate.item.version)
    ledger.record(connection, [follow], lane=Lane.REGULAR, now=now, bells=bells)
