"""One poll of a source: everything that is there is taken in, in transactions of its own, and then put away."""

from __future__ import annotations

from typing import cast

from services.ingest.connectors import ap, drop, ftp, heartbeat, imap, sftp, web
from services.ingest.connectors.connector import Connector, Gone, NotPutAway, PollContext, SourceDocument
from services.ingest.connectors.names import printable_name
from services.ingest.intake import take_in
from services.ingest.reading.readers import Busy
from services.ingest.sources.outcome import LONGEST_ERROR, PollResult
from shared import log
from shared.contracts.item import Doubt
from shared.contracts.problem import ProblemType
from shared.errors import BarqError

_CONNECTORS: dict[str, Connector] = {
    scheme: cast(Connector, connector)
    for connector in (web, ap, drop, ftp, sftp, imap, heartbeat)
    for scheme in connector.SCHEMES
}
SCHEMES = tuple(_CONNECTORS)

_log = log.get("ingest")


def poll(context: PollContext) -> PollResult:
    """Poll a source and take in what it has. Never raises: a source's fault is in the result."""
    result = PollResult()
    try:
        for document in _CONNECTORS[context.source.at.scheme].poll(context):
            _take_in(document, context, result)
            if context.is_over:
                break  # what is left is for the next poll
    except Gone as gone:
        result.fault, result.is_gone = str(gone), True
    except Busy as busy:  # the wire's fault, not the source's: what is there is found again at the next poll
        context.remark = str(busy)
    except (BarqError, OSError) as fault:
        # cut off by the clock with something taken in: the rest is for the next poll
        result.fault = "" if context.is_over and result.accepted else printable_name(str(fault), LONGEST_ERROR)
    except Exception as broken:  # a connector that breaks at one source must not stop the others
        _log.exception("source.broken", source=context.source.name)
        result.fault = f"the way in broke, which is a fault of the wire: {broken!r}"
    return result


def _take_in(document: SourceDocument, context: PollContext, result: PollResult) -> None:
    name = printable_name(document.name)
    if document.fault:
        result.refused.append(f"{name}: {document.fault}")
        _put_away(document, [document.fault], context, result)
        return
    intake = take_in(
        document.body,
        _in_encoding(document.content_type, context.source.encoding),
        source=context.source.name,
        provider=context.source.provider,
        is_attended=False,
        arrival=document.arrival,
    )
    renamed = [rejection for rejection in intake.rejected if rejection.kind == ProblemType.UNSTEADY_SOURCE]
    refused = [f"{name}: {row.problem.detail}" for row in intake.rejected if row not in renamed]
    if document.arrival.is_polled:  # what is there is there at the next poll too: it is polled less and less often
        result.fault = next((row.problem.detail for row in intake.rejected if row.kind == ProblemType.UNREADABLE), "")
    result.new_items += sum(1 for row in intake.accepted if not row.duplicate)
    result.accepted += len(intake.accepted)
    result.unsteady += len(renamed) + sum(1 for row in intake.accepted if row.held is Doubt.UNSTEADY_SOURCE)
    result.refused += refused
    _put_away(document, refused, context, result)


def _put_away(document: SourceDocument, refused: list[str], context: PollContext, result: PollResult) -> None:
    """Put away what was taken in; what cannot be costs itself, and is reported once."""
    try:
        document.put_away(refused)
    except NotPutAway as fault:
        name, why = printable_name(document.name), printable_name(str(fault))
        result.refused.append(f"{name}: left where it is, it cannot be put away: {why}")
        _log.warning("source.left_in_place", source=context.source.name, name=name, error=why)


def _in_encoding(content_type: str, encoding: str) -> str:
    """What is said of a payload, with its text's encoding as whoever added the source knows it."""
    return f"{content_type.partition(';')[0].strip()}; charset={encoding}" if encoding else content_type
