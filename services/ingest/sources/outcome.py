"""What came of a poll, and what a source is after it. Values only."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from services.ingest.connectors.connector import PollContext
from services.ingest.sources.source import Source

LONGEST_ERROR = 1_000
#: so many of a poll's refusals are named
_MAX_NAMED = 3


@dataclass
class PollResult:
    """What came of a poll."""

    new_items: int = 0
    accepted: int = 0  #: items that were taken, or known already
    unsteady: int = 0  #: entries that came under another name before: held, or refused for it
    refused: list[str] = field(default_factory=list)  #: why, for each item that was
    fault: str = ""  #: why the poll could not be finished; what was taken before stays
    is_gone: bool = False  #: the fault is for good
    is_ended: bool = False  #: it ended the process that was at it


def source_after(context: PollContext, result: PollResult, now: datetime) -> Source:
    """A source as a poll leaves it; `context` is what the poll was given and what its connector left in it."""
    source = context.source
    if result.is_ended:
        return source.having_ended_its_process(now)
    if not result.fault:
        source = source.having_ended_nothing()
    refusals, refusal = _refusals_after(source, result)
    is_moved = bool(context.moved_to) and context.moved_to != source.url and not result.fault and not refusals
    error = _error_of(context, result, refusal if refusals else None)
    return replace(
        source,
        memory=context.memory,
        failures=source.failures + 1 if result.fault else 0,
        error=error[:LONGEST_ERROR] or None,
        refusals=refusals,
        refusal=refusal[:LONGEST_ERROR] if refusal else None,
        url=context.moved_to if is_moved else source.url,
        moved_from=source.url if is_moved else source.moved_from,
        gone_at=now if result.is_gone else None,
        unsteady_at=now if result.unsteady else source.unsteady_at,
    )


def _refusals_after(source: Source, result: PollResult) -> tuple[int, str | None]:
    """How many items in a row were refused, and why the newest was; one that is accepted ends the row."""
    newest = result.refused[-1] if result.refused else None
    if result.accepted:
        return 0, newest
    return source.refusals + len(result.refused), newest or source.refusal


def _error_of(context: PollContext, result: PollResult, refusal: str | None) -> str:
    """The one thing that is said of a source, the worst first; empty where nothing is wrong."""
    unsteady = (
        f"{result.unsteady} entries came under another name before: they are held, and the source is asked for names that stay"
        if result.unsteady
        else ""
    )
    return result.fault or unsteady or "; ".join(result.refused[:_MAX_NAMED]) or refusal or context.remark
