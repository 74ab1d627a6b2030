"""One look at a source: everything that is there is taken in, in transactions of its own, and then put away."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import cast

from services.ingest.intake import take_in
from services.ingest.names import sayable
from services.ingest.readers import Busy
from services.ingest.sources import Source
from services.ingest.ways import Found, NotPutAway, Visit, Way, ap, drop, ftp, heartbeat, imap, sftp, web
from shared import log
from shared.contracts.item import Doubt
from shared.contracts.problem import ProblemType
from shared.errors import BarqError

_WAYS: dict[str, Way] = {scheme: cast(Way, way) for way in (web, ap, drop, ftp, sftp, imap, heartbeat) for scheme in way.SCHEMES}
SCHEMES = tuple(_WAYS)

_LONGEST_ERROR = 1_000

_log = log.get("ingest")


@dataclass
class Seen:
    """What came of a look."""

    new_items: int = 0
    accepted: int = 0  #: items that were taken, or known already
    unsteady: int = 0  #: entries that came under another name before: held, or refused for it
    refused: list[str] = field(default_factory=list)  #: why, for each item that was
    fault: str = ""  #: why the look could not be finished; what was taken before stays
    is_gone: bool = False  #: the fault is for good
    is_ended: bool = False  #: it ended the process that was at it


def look(visit: Visit) -> Seen:
    """Look at a source and take in what it has. Never raises: a source's fault is told, not passed on."""
    seen = Seen()
    try:
        for found in _WAYS[visit.source.at.scheme].look(visit):
            _take(found, visit, seen)
            if visit.is_over:
                break  # what is left is for the next look
    except web.Gone as gone:
        seen.fault, seen.is_gone = str(gone), True
    except Busy as busy:  # the wire's fault, not the source's: what is there is found again at the next look
        visit.remark = str(busy)
    except (BarqError, OSError) as fault:
        # cut off by the clock with something taken in: the rest is for the next look
        seen.fault = "" if visit.is_over and seen.accepted else sayable(str(fault), _LONGEST_ERROR)
    except Exception as broken:  # a way that breaks at one source must not stop the others
        _log.exception("source.broken", source=visit.source.name)
        seen.fault = f"the way in broke, which is a fault of the wire: {broken!r}"
    return seen


def _take(found: Found, visit: Visit, seen: Seen) -> None:
    name = sayable(found.name)
    if found.fault:
        seen.refused.append(f"{name}: {found.fault}")
        _put_away(found, [found.fault], visit, seen)
        return
    intake = take_in(
        found.body,
        _in_encoding(found.content_type, visit.source.encoding),
        source=visit.source.name,
        provider=visit.source.provider,
        is_attended=False,
        arrival=found.arrival,
    )
    renamed = [rejection for rejection in intake.rejected if rejection.kind == ProblemType.UNSTEADY_SOURCE]
    refused = [f"{name}: {row.problem.detail}" for row in intake.rejected if row not in renamed]
    if found.arrival.is_polled:  # what is there is there at the next look too: it is looked at less and less often
        seen.fault = next((row.problem.detail for row in intake.rejected if row.kind == ProblemType.UNREADABLE), "")
    seen.new_items += sum(1 for row in intake.accepted if not row.duplicate)
    seen.accepted += len(intake.accepted)
    seen.unsteady += len(renamed) + sum(1 for row in intake.accepted if row.held is Doubt.UNSTEADY_SOURCE)
    seen.refused += refused
    _put_away(found, refused, visit, seen)


def _put_away(found: Found, refused: list[str], visit: Visit, seen: Seen) -> None:
    """Put away what was taken in; what cannot be costs itself, and is told once."""
    try:
        found.put_away(refused)
    except NotPutAway as fault:
        name, why = sayable(found.name), sayable(str(fault))
        seen.refused.append(f"{name}: left where it is, it cannot be put away: {why}")
        _log.warning("source.left_in_place", source=visit.source.name, name=name, error=why)


def _in_encoding(content_type: str, encoding: str) -> str:
    """What is said of a payload, with its text's encoding as whoever added the source knows it."""
    return f"{content_type.partition(';')[0].strip()}; charset={encoding}" if encoding else content_type


def after(visit: Visit, seen: Seen, now: datetime) -> Source:
    """A source as a look leaves it."""
    source = visit.source
    if seen.is_ended:
        return source.having_ended_its_process(now)
    if not seen.fault:
        source = source.having_ended_nothing()
    refusals, refusal = source.refusals, source.refusal
    if seen.accepted:
        refusals, refusal = 0, seen.refused[-1] if seen.refused else None
    elif seen.refused:
        refusals, refusal = source.refusals + len(seen.refused), seen.refused[-1]
    is_moved = bool(visit.moved_to) and visit.moved_to != source.url and not seen.fault and not refusals
    unsteady = (
        f"{seen.unsteady} entries came under another name before: they are held, and the source is asked for names that stay"
        if seen.unsteady
        else ""
    )
    said = seen.fault or unsteady or "; ".join(seen.refused[:3]) or (refusal if refusals else "") or visit.remark
    return replace(
        source,
        memory=visit.memory,
        failures=source.failures + 1 if seen.fault else 0,
        error=(said or "")[:_LONGEST_ERROR] or None,
        refusals=refusals,
        refusal=refusal[:_LONGEST_ERROR] if refusal else None,
        url=visit.moved_to if is_moved else source.url,
        moved_from=source.url if is_moved else source.moved_from,
        gone_at=now if seen.is_gone else None,
        unsteady_at=now if seen.unsteady else source.unsteady_at,
    )
