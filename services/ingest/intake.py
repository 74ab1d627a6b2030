"""The one way in: whatever brings a payload (the API, a folder, a poll, a mailbox), this takes its items in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from services.ingest.acceptance import (
    PUSHED,
    Acceptance,
    Arrival,
    Candidate,
    Rejection,
    with_provider,
    without_repeats,
)
from services.ingest.archiving import NumberTaken, archive_items
from services.ingest.forecast import forecast, without_late_embargoes
from services.ingest.formats.payload import Payload
from services.ingest.formats.refusals import invalid
from services.ingest.numbering.queries import number_items
from services.ingest.quarantine.queries import keep_refused
from services.ingest.queries import find_stories, find_story_states
from services.ingest.reading.readers import Busy, Limits, read
from shared import log, metrics
from shared.archive import disk
from shared.contracts.item import Doubt, WireItem
from shared.contracts.problem import FieldError, Refused
from shared.queue.unit_of_work import unit_of_work
from shared.settings import settings
from shared.wire.config import wire

_log = log.get("ingest")

_LONGEST_MEDIA_TYPE = 300
#: for a reader that is free
_WAIT_ATTENDED_S, _WAIT_UNATTENDED_S = 5.0, 20.0
#: so often is a payload numbered anew because another one took a number of its story's in the same moment
_MAX_RENUMBERINGS = 3


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
    is_from_desk: bool = False,
    permits: Callable[[WireItem], None] | None = None,
    arrival: Arrival = PUSHED,
) -> Intake:
    """Take a payload's items in; `source` is the key or the source by which it came, `provider` who wrote what names none.

    Whoever configured a source knows the provider; where nobody does it is empty, and readers see the wire's own agency.

    What an attended source sends wrong it is answered, and sends again. An unattended one is answered nothing: what was refused
    of its payload is kept in quarantine. So is, from everyone, a version that contradicts the one that is known.
    `is_from_desk` says that a person pressed a button for it. `permits` raises Refused for an item that its sender may not send.
    Raises Refused if nothing can be made of an attended payload as a whole, and Busy if there is nobody to read it now.
    """
    candidates: list[Candidate] = []
    rejected: list[Rejection] = []
    try:
        for result in _read(body, content_type, arrival, is_attended=is_attended):
            if isinstance(result, Candidate):
                result = _check_permission(with_provider(result, provider), permits)
            if isinstance(result, Candidate):
                candidates.append(result.from_desk() if is_from_desk else result.from_a_system())
            elif is_attended or not result.is_nothing:
                rejected.append(result)
    except Refused as refused:
        if is_attended or isinstance(refused, Busy):
            raise
        rejected.append(Rejection(index=0, problem=refused.problem))
    candidates = _with_room(candidates, rejected, is_attended=is_attended)
    whole = Payload(raw=body, media_type=content_type.strip().lower()[:_LONGEST_MEDIA_TYPE])
    return accept(candidates, rejected, source=source, kept_whole=None if is_attended else whole, arrival=arrival)


def _read(body: bytes, content_type: str, arrival: Arrival, *, is_attended: bool) -> Iterator[Candidate | Rejection]:
    return read(
        body,
        content_type,
        address=arrival.address,
        most=settings().max_batch_items,
        limits=reading_limits(is_attended=is_attended),
    )


def reading_limits(*, is_attended: bool) -> Limits:
    """What reading one document may cost. Who pushes is answered soon that nobody is free; who is polled can wait."""
    return Limits(
        seconds=settings().reading_s,
        memory_bytes=settings().reading_memory_bytes,
        wait_s=_WAIT_ATTENDED_S if is_attended else _WAIT_UNATTENDED_S,
    )


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


def _check_permission(candidate: Candidate, permits: Callable[[WireItem], None] | None) -> Candidate | Rejection:
    try:
        if permits:
            permits(candidate.item)
    except Refused as refused:
        return Rejection(index=candidate.index, problem=refused.problem)
    return candidate


def _each_alone_if_need_be(accept: Callable[..., Intake]) -> Callable[..., Intake]:
    """What the archive cannot hold is found by halves, and is the one item's refusal: the others of its payload are taken."""

    @wraps(accept)
    def accept_apart(candidates: Sequence[Candidate], rejected: Iterable[Rejection], **how: Any) -> Intake:
        try:
            return accept(candidates, rejected, **how)
        except DBAPIError as fault:
            if not candidates or not _is_of_an_item(fault):
                raise
            if len(candidates) == 1:
                _log.exception("item.too_much", payload=candidates[0].payload.digest.hex())
                return accept((), [*rejected, _too_much(candidates[0])], **how)
        half = len(candidates) // 2
        first = accept_apart(candidates[:half], rejected, **how)
        second = accept_apart(candidates[half:], (), **how)
        return Intake(accepted=[*first.accepted, *second.accepted], rejected=[*first.rejected, *second.rejected])

    return accept_apart


def _is_of_an_item(fault: DBAPIError) -> bool:
    """Does the archive refuse what it was given, and not its giver? SQLSTATE's classes 22, 23 and 54 do."""
    state = getattr(fault.orig, "sqlstate", None) or ""
    return isinstance(fault, DataError | IntegrityError) or state[:2] in ("22", "23", "54")


def _too_much(candidate: Candidate) -> Rejection:
    say = "a value in it is longer than the archive can hold or search, or cannot be stored"
    problem = invalid([FieldError.at("", say)]).problem
    return Rejection(index=candidate.index, problem=problem, payload=candidate.payload, position=candidate.position)


@_each_alone_if_need_be
def accept(
    candidates: Sequence[Candidate],
    rejected: Iterable[Rejection],
    *,
    source: str,
    kept_whole: Payload | None = None,
    arrival: Arrival = PUSHED,
) -> Intake:
    """Keep what was read; `kept_whole` is the payload under which refusals without one of their own are kept."""
    rejected = tuple(rejected)
    for _ in range(_MAX_RENUMBERINGS):
        with suppress(NumberTaken):
            return _accept_once(
                candidates, rejected, source=source, kept_whole=kept_whole, arrival=arrival, may_number_again=True
            )
    return _accept_once(candidates, rejected, source=source, kept_whole=kept_whole, arrival=arrival, may_number_again=False)


def _accept_once(
    candidates: Sequence[Candidate],
    rejected: Sequence[Rejection],
    *,
    source: str,
    kept_whole: Payload | None,
    arrival: Arrival,
    may_number_again: bool,
) -> Intake:
    with unit_of_work() as work:
        connection, now = work.connection, work.now
        numbered, unnumbered = number_items(connection, candidates, source=source, arrival=arrival, now=now)
        first, repeats, contradictions = without_repeats(numbered)
        stories = find_story_states(connection, first)
        # nobody hears what an unattended source is answered: what it asks for too late is said on the story's page
        taken, late = (first, []) if kept_whole else without_late_embargoes(first, stories, now)
        unknown = _find_unknown(connection, taken)
        accepted, refused = archive_items(
            work,
            taken,
            wire=wire(),
            key_name=source,
            express_per_minute=settings().express_per_minute,
            arrival=arrival,
            may_number_again=may_number_again,
        )
        # a name that replaces another has its story only now
        stories |= find_story_states(connection, [candidate for candidate in taken if candidate.item.replaces])
        rejections = [*rejected, *unnumbered, *contradictions, *late, *refused]
        keep_refused(connection, rejections, source=source, kept_whole=kept_whole, address=arrival.address, now=now)
    items = {candidate.index: candidate.item for candidate in taken}
    accepted = [
        forecast(row, item, stories.get(item.uri), is_new_uri=item.uri in unknown, sender=source, wire=wire())
        for row in accepted
        for item in (items[row.index],)
    ]
    accepted += _answer_repeats(repeats, accepted)
    _report(accepted, rejections)
    return Intake(accepted=accepted, rejected=rejections)


def _find_unknown(connection: Connection, candidates: Sequence[Candidate]) -> set[str]:
    """The names under which something is taken back that nobody has ever sent, neither before nor in the same payload."""
    taken_back = {candidate.item.uri for candidate in candidates if candidate.item.retracts and not candidate.item.replaces}
    taken_back -= {candidate.item.uri for candidate in candidates if not candidate.item.retracts}
    return taken_back - find_stories(connection, sorted(taken_back)).keys() if taken_back else set()


def _answer_repeats(repeats: Sequence[tuple[Candidate, Candidate]], accepted: Sequence[Acceptance]) -> list[Acceptance]:
    """What was sent twice in one payload has the answer of its first, marked as a duplicate."""
    by_index = {row.index: row for row in accepted}
    return [replace(row, index=again.index, duplicate=True) for again, first in repeats if (row := by_index.get(first.index))]


def _report(accepted: Sequence[Acceptance], rejections: Sequence[Rejection]) -> None:
    for row in accepted:
        if not row.duplicate:
            metrics.count("barq_items_accepted_total", provider=row.provider)
            _log.info("item.accepted", item=str(row.item), story=row.story, version=row.version)
        if row.held and not row.duplicate:
            metrics.count("barq_items_held_total", doubt=row.held)
            # a story that its sender wants gone is public until somebody has read this
            alarm = _log.error if row.held is Doubt.KILL_IN_WORDS else _log.warning
            alarm("item.held", doubt=row.held, item=str(row.item), story=row.story, notes=row.notes)
    for rejection in rejections:
        kind = rejection.kind
        metrics.count("barq_items_rejected_total", problem=kind)
        _log.info("item.rejected", problem=kind, detail=rejection.problem.detail)
