"""The one way in: whatever brings a payload (the API, a folder, a poll, a mailbox), this takes its items in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from services.ingest import store, store_kept
from services.ingest.acceptance import Candidate, Rejection, read_items, with_provider, without_repeats
from services.ingest.formats.payload import Payload
from services.ingest.store import Acceptance
from shared import broker, disk, log, metrics
from shared.clock import utc_now
from shared.contracts.item import WireItem
from shared.contracts.problem import Refused
from shared.database import engine
from shared.ledger import Bells
from shared.settings import settings
from shared.wire import wire

_log = log.get("ingest")


@dataclass(frozen=True, kw_only=True)
class Intake:
    """What became of a payload's items."""

    accepted: Sequence[Acceptance]
    rejected: Sequence[Rejection]


def take_in(
    body: bytes,
    content_type: str,
    *,
    source: str,
    provider: str,
    is_attended: bool,
    permits: Callable[[WireItem], None] | None = None,
) -> Intake:
    """Take a payload's items in; `source` is the key or the way by which it came, `provider` who wrote what names none.

    What an attended source sends wrong it is told, and sends again. An unattended one is told nothing: what was refused of
    its payload is kept in quarantine. So is, from everyone, a version that contradicts the one that is known.
    `permits` raises Refused for an item that its sender may not send.
    Raises Refused if nothing can be made of an attended payload as a whole.
    """
    whole = Payload(raw=body, media_type=content_type.partition(";")[0].strip().lower())
    candidates: list[Candidate] = []
    rejected: list[Rejection] = []
    try:
        for result in read_items(body, content_type, most=settings().max_batch_items):
            if isinstance(result, Candidate):
                result = _permitted(with_provider(result, provider), permits)
            if isinstance(result, Candidate):
                candidates.append(result)
            else:
                rejected.append(result)
    except Refused as refused:
        if is_attended:
            raise
        rejected.append(Rejection(index=0, problem=refused.problem))
    candidates = _with_room(candidates, rejected, is_attended=is_attended)
    return accept(candidates, rejected, source=source, kept_whole=None if is_attended else whole)


def _with_room(candidates: list[Candidate], rejected: list[Rejection], *, is_attended: bool) -> list[Candidate]:
    """What may be kept on a disk that is nearly full: what takes text back, which is little and must not wait.

    What an unattended source has is left where it is, and found again. Raises Refused for that.
    """
    if not disk.trouble():
        return candidates
    waiting = [candidate for candidate in candidates if not candidate.item.retracts]
    if waiting and not is_attended:
        raise disk.no_room()
    rejected += [Rejection(index=candidate.index, problem=disk.no_room().problem) for candidate in waiting]
    return [candidate for candidate in candidates if candidate.item.retracts]


def _permitted(
    candidate: Candidate, permits: Callable[[WireItem], None] | None
) -> Candidate | Rejection:
    try:
        if permits:
            permits(candidate.item)
    except Refused as refused:
        return Rejection(index=candidate.index, problem=refused.problem)
    return candidate


def accept(
    candidates: Sequence[Candidate], rejected: Iterable[Rejection], *, source: str, kept_whole: Payload | None = None
) -> Intake:
    """Keep what was read; `kept_whole` is the payload under which refusals without one of their own are kept."""
    now = utc_now()
    first, repeats, contradictions = without_repeats(candidates)
    bells = Bells()
    with engine().begin() as connection:
        accepted, refused = store.accept(
            connection,
            first,
            wire=wire(),
            key_name=source,
            express_per_minute=settings().express_per_minute,
            now=now,
            bells=bells,
        )
        rejections = [*rejected, *contradictions, *refused]
        store_kept.quarantine(connection, rejections, source=source, kept_whole=kept_whole, now=now)
    broker.ring(bells)
    accepted += _repeated(repeats, accepted)
    _count(accepted, rejections)
    return Intake(accepted=accepted, rejected=rejections)


def _repeated(repeats: Sequence[tuple[Candidate, Candidate]], accepted: Sequence[Acceptance]) -> list[Acceptance]:
    """What was sent twice in one payload has the answer of its first, marked as a duplicate."""
    by_index = {row.index: row for row in accepted}
    return [
        replace(row, index=again.index, duplicate=True)
        for again, first in repeats
        if (row := by_index.get(first.index))
    ]


def _count(accepted: Sequence[Acceptance], rejections: Sequence[Rejection]) -> None:
    for row in accepted:
        if not row.duplicate:
            metrics.count("barq_items_accepted_total", provider=row.provider)
            _log.info("item.accepted", item=str(row.item), story=row.story, version=row.version)
    for rejection in rejections:
        kind = rejection.problem.type.rpartition(":")[2]
        metrics.count("barq_items_rejected_total", problem=kind)
        _log.info("item.rejected", problem=kind, detail=rejection.problem.detail)

