"""Sources, polls and candidates as unit tests need them: made of values, with no database and no server."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from services.ingest.acceptance import Candidate
from services.ingest.connectors.connector import PollContext
from services.ingest.formats.payload import Payload
from services.ingest.sources.source import Source
from shared.contracts.item import WireItem

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)

_SOURCE = Source(
    id=UUID(int=1),
    name="agency",
    url="https://agency.example/feed",
    provider="Levant Press Agency",
    interval=timedelta(seconds=60),
    quiet_after=timedelta(days=1),
    added_at=NOW - timedelta(days=30),
    brought_at=NOW - timedelta(minutes=5),
)


def source(**fields: Any) -> Source:
    """A source that is well, but for what is named."""
    return replace(_SOURCE, **fields)


def context(
    polled: Source | None = None, *, memory: dict[str, Any] | None = None, drop_folder: Path = Path("/nowhere"), **fields: Any
) -> PollContext:
    """What a poll is given."""
    given: dict[str, Any] = {"secret": "", "now": NOW, "timeout_s": 30, "max_bytes": 1_000_000, **fields}
    return PollContext(source=polled or source(), memory={} if memory is None else memory, drop_folder=drop_folder, **given)


def candidate(index: int = 0, *, needs_number: bool = False, **fields: Any) -> Candidate:
    """An item that was understood."""
    given: dict[str, Any] = {"uri": f"urn:newsroom:{index}", "version": 1, "headline": f"Headline {index}", **fields}
    item = WireItem.model_validate({"language": "en", "version_created_at": NOW, **given})
    return Candidate(index=index, item=item, payload=Payload(raw=b"x", media_type=""), position=index, needs_number=needs_number)
