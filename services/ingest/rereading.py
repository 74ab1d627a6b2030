"""Reading stored payloads again, after a reader has learned something; and giving what was refused another chance."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from services.ingest import store_kept, store_sources
from services.ingest.acceptance import Arrival, Candidate, Rejection, with_provider
from services.ingest.intake import Intake, accept, reading_limits
from services.ingest.readers import read
from shared.archive.database import engine
from shared.contracts.item import Doubt
from shared.contracts.problem import InvalidItem, Refused
from shared.errors import BarqError
from shared.queue.unit_of_work import unit_of_work

_MOST = 100_000


@dataclass(frozen=True, kw_only=True)
class Reread:
    """What became of an item that was read again."""

    item: UUID
    uri: str
    changed: tuple[str, ...]  #: the fields that are understood otherwise now
    fault: str = ""  #: why it was left as it is


def reread(items: Sequence[UUID], *, since: datetime | None, is_rehearsal: bool) -> Iterator[Reread]:
    """Read items again: those named, or all since a moment. What is understood as before stays as it is."""
    with engine().connect() as connection:
        rows = store_kept.items_to_reread(connection, items=items, since=since, most=_MOST)
    for row, found in _read_again(rows):
        if found is None:
            yield Reread(item=row.id, uri=row.uri, changed=(), fault="its payload is not read as an item any more")
            continue
        found = with_provider(found, _provider_before(row))
        if row.content.get("is_from_desk"):
            found = found.from_desk()
        if found.item.version == row.content.get("sent_version"):
            found = replace(found, sent_version=found.item.version)
        if found.needs_number or found.sent_version is not None:
            found = replace(found, item=found.item.model_copy(update={"version": row.version}))
        if (found.item.uri, found.item.version) != (row.uri, row.version):
            fault = f"it would be {found.item.uri} version {found.item.version} now: push it instead"
            yield Reread(item=row.id, uri=row.uri, changed=(), fault=fault)
            continue
        if found.content_hash == row.content_hash:
            continue
        if row.content.get("doubt") == Doubt.UNSTEADY_SOURCE:
            found = replace(found, doubt=Doubt.UNSTEADY_SOURCE, doubt_note=row.content.get("doubt_note", ""))
        now_content = found.kept(row.accepted_at).model_dump(mode="json", exclude_defaults=True)
        changed = sorted(name for name in {*now_content, *row.content} if now_content.get(name) != row.content.get(name))
        if not is_rehearsal:
            with unit_of_work() as work:
                store_kept.write_reread(work, row.id, found, accepted_at=row.accepted_at)
        yield Reread(item=row.id, uri=row.uri, changed=tuple(changed))


def replay(entry: UUID) -> Intake:
    """Take in what was refused, if it can be by now; then it is in quarantine no more.

    Raises BarqError if there is none, and Refused, as the first push did, if nothing can be made of it as a whole.
    """
    with engine().connect() as connection:
        row = store_kept.find_quarantined(connection, entry)
        source = store_sources.find_source(connection, name=row.source) if row else None
    if row is None:
        raise BarqError(f"there is nothing in quarantine under {entry}")
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
            store_kept.discard_quarantined(connection, entry)
    return intake


def _read(body: bytes, media_type: str, address: str) -> list[Candidate | Rejection]:
    limits = reading_limits(is_attended=False)
    return list(read(zlib.decompress(body), media_type, address=address, most=_MOST, limits=limits))


def _provider_before(row: Row[tuple[Any, ...]]) -> str:
    """Who wrote it, as whoever configured its source said; a name of the key or the source alone was never meant for readers."""
    name = str(row.content.get("provider", {}).get("name", ""))
    return "" if name == row.key_name else name


def _read_again(rows: Iterable[Row[tuple[Any, ...]]]) -> Iterator[tuple[Row[tuple[Any, ...]], Candidate | None]]:
    """Each item with what is read at its place now; a payload of many items is read once for all that stand together."""
    for (body, media_type, address), group in groupby(rows, key=lambda row: (row.body, row.media_type, row.address)):
        results: Sequence[Candidate | Rejection] = ()
        with suppress(Refused):  # one that cannot be read any more must not stop the others
            results = _read(body, media_type, address)
        by_position = {result.position: result for result in results if isinstance(result, Candidate)}
        for row in group:
            yield row, by_position.get(row.position)
