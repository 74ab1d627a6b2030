"""One look at a source: everything that is there is taken in, in transactions of its own, and then put away."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

from services.ingest.intake import take_in
from services.ingest.ways import Found, Visit, Way, ap, drop, ftp, heartbeat, imap, sftp, web
from shared import log
from shared.errors import BarqError

_WAYS: dict[str, Way] = {
    scheme: cast(Way, way) for way in (web, ap, drop, ftp, sftp, imap, heartbeat) for scheme in way.SCHEMES
}
SCHEMES = tuple(_WAYS)

_log = log.get("ingest")


@dataclass
class Seen:
    """What came of a look."""

    new_items: int = 0
    refused: list[str] = field(default_factory=list)  #: why, for each item that was
    fault: str = ""  #: why the look could not be finished; what was taken before stays


def look(visit: Visit) -> Seen:
    """Look at a source and take in what it has. Never raises: a source's fault is told, not passed on."""
    seen = Seen()
    try:
        for found in _WAYS[visit.source.at.scheme].look(visit):
            _take(found, visit, seen)
    except (BarqError, OSError) as fault:
        seen.fault = str(fault)
    except Exception as broken:  # a way that breaks at one source must not stop the others
        _log.exception("source.broken", source=visit.source.name)
        seen.fault = f"the way in broke, which is a fault of the wire: {broken!r}"
    return seen


def _take(found: Found, visit: Visit, seen: Seen) -> None:
    intake = take_in(
        found.body,
        found.content_type,
        source=visit.source.name,
        provider=visit.source.provider or visit.source.name,
        is_attended=False,
    )
    refused = [f"{found.name}: {rejection.problem.detail}" for rejection in intake.rejected]
    seen.new_items += sum(1 for row in intake.accepted if not row.duplicate)
    seen.refused += refused
    found.put_away(refused)
