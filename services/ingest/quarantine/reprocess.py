"""Reading stored payloads again, after a reader has learned something; and giving what was refused another chance."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from uuid import UUID

from services.ingest.acceptance import Arrival, Candidate, Rejection, with_provider
from services.ingest.intake import Intake, accept, reading_limits
from services.ingest.quarantine import queries
from services.ingest.quarantine.queries import StoredItem
from services.ingest.reading.readers import read
from services.ingest.sources.queries import find_source
from shared.archive.database import engine
from shared.contracts.item import Doubt
from shared.contracts.problem import InvalidItem, NotFound, Refused
from shared.queue.unit_of_work import unit_of_work

#: so many items are read again at once, and may stand in one payload
_MAX_ITEMS = 100_000


@dataclass(frozen=True, kw_only=True)
class Reread:
    """What became of an item that was read again."""

    item: UUID
    uri: str
    changed: tuple[str, ...]  #: the fields that are understood otherwise now
    fault: str = ""  #: why it was left as it is


def reread(items: Sequence[UUID], *, since: datetime | None, is_dry_run: bool) -> Iterator[Reread]:
    """Read items again: those named, or all since a moment. What is understood as before stays as it is, and is left out.

    Each item that changed is a transaction of its own; a dry run writes nothing.
    """
    with engine().connect() as connection:
        stored = queries.find_items_to_reread(connection, items=items, since=since, limit=_MAX_ITEMS)
    for row, candidate in _read_again(stored):
        if candidate is None:
            yield Reread(item=row.id, uri=row.uri, changed=(), fault="its payload is not read as an item any more")
            continue
        candidate = _as_it_came(candidate, row)
        if (candidate.item.uri, candidate.item.version) != (row.uri, row.version):
            fault = f"it would be {candidate.item.uri} version {candidate.item.version} now: push it instead"
            yield Reread(item=row.id, uri=row.uri, changed=(), fault=fault)
            continue
        if candidate.content_hash == row.content_hash:
            continue
        if row.content.get("doubt") == Doubt.UNSTEADY_SOURCE:
            candidate = replace(candidate, doubt=Doubt.UNSTEADY_SOURCE, doubt_note=str(row.content.get("doubt_note", "")))
        changed = _changed_fields(candidate, row)
        if not is_dry_run:
            with unit_of_work() as work:
                queries.write_reread(work, row.id, candidate, accepted_at=row.accepted_at)
        yield Reread(item=row.id, uri=row.uri, changed=changed)


def _as_it_came(candidate: Candidate, row: StoredItem) -> Candidate:
    """An item that is read again, with what was known of it beside its payload: its provider, who sent it, its number."""
    candidate = with_provider(candidate, _provider_before(row))
    if row.content.get("is_from_desk"):
        candidate = candidate.from_desk()
    if candidate.item.version == row.content.get("sent_version"):
        candidate = replace(candidate, sent_version=candidate.item.version)
    if candidate.needs_number or candidate.sent_version is not None:
        candidate = replace(candidate, item=candidate.item.model_copy(update={"version": row.version}))
    return candidate


def _provider_before(row: StoredItem) -> str:
    """Who wrote it, as whoever configured its source said; a name of the key or the source alone was never meant for readers."""
    provider = row.content.get("provider")
    name = str(provider.get("name", "")) if isinstance(provider, dict) else ""
    return "" if name == row.key_name else name


def _changed_fields(candidate: Candidate, row: StoredItem) -> tuple[str, ...]:
    now = candidate.item_to_keep(row.accepted_at).model_dump(mode="json", exclude_defaults=True)
    return tuple(sorted(name for name in {*now, *row.content} if now.get(name) != row.content.get(name)))


def replay(entry: UUID) -> Intake:
    """Take in what was refused, if it can be by now; then it is in quarantine no more.

    Raises NotFound if there is none, and Refused, as the first push did, if nothing can be made of it as a whole.
    """
    with engine().connect() as connection:
        row = queries.find_quarantined(connection, entry)
        source = find_source(connection, name=row.source) if row else None
    if row is None:
        raise NotFound(f"there is nothing in quarantine under {entry}")
    results = _read(row.body, row.media_type, row.address)
    if row.position >= 0:
        results = [result for result in results if result.position == row.position]
        if not results:
            say = "What is read there now has no item at this one's place: discard it, or replay another of the payload."
            raise InvalidItem(say)
    default = source.provider if source else ""
    candidates = [with_provider(result, default) for result in results if isinstance(result, Candidate)]
    refusals = [result for result in results if not isinstance(result, Candidate) and not result.is_nothing]
    intake = accept(candidates, refusals, source=row.source, arrival=Arrival(address=row.address))
    if not intake.rejected:
        with engine().begin() as connection:
            queries.discard_quarantined(connection, entry)
    return intake


def _read(body: bytes, media_type: str, address: str) -> list[Candidate | Rejection]:
    limits = reading_limits(is_attended=False)
    return list(read(zlib.decompress(body), media_type, address=address, most=_MAX_ITEMS, limits=limits))


def _read_again(rows: Iterable[StoredItem]) -> Iterator[tuple[StoredItem, Candidate | None]]:
    """Each item with what is read at its place now; a payload of many items is read once for all that stand together."""
    for (body, media_type, address), group in groupby(rows, key=lambda row: (row.body, row.media_type, row.address)):
        results: Sequence[Candidate | Rejection] = ()
        with suppress(Refused):  # one that cannot be read any more must not stop the others
            results = _read(body, media_type, address)
        by_position = {result.position: result for result in results if isinstance(result, Candidate)}
        for row in group:
            yield row, by_position.get(row.position)
