"""Ingest's stage: looks at a source, takes in what is there, and is due again. The ledger is its clock."""

from __future__ import annotations

import os
import random
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from services.ingest import store_sources
from services.ingest.looking import look
from services.ingest.sources import next_look_in, secret_name
from services.ingest.ways import Visit
from shared import log, metrics
from shared.contracts.work import Done, Later, Outcome, Work
from shared.pipeline import Stage
from shared.settings import settings

_log = log.get("ingest")
_chance = random.SystemRandom()


def poll(connection: Connection, chunk: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
    """Look at each source. A source that was removed is done for good; all others are looked at again."""
    outcomes: dict[int, Outcome] = {}
    for work in chunk:
        source = store_sources.find_source(connection, id_=work.item)
        if source is None:
            outcomes[work.id] = Done()
            continue
        visit = Visit(
            source=source,
            memory=dict(source.memory),
            secret=os.environ.get(secret_name(source.name), ""),
            now=now,
            timeout_s=settings().source_timeout_s,
            most_bytes=settings().max_body_bytes,
            drop_folder=settings().drop_folder or settings().home / "drop",
        )
        seen = look(visit)
        failures = source.failures + 1 if seen.fault else 0
        store_sources.note_look(
            connection,
            source.id,
            memory=visit.memory,
            failures=failures,
            error=seen.fault or ("; ".join(seen.refused[:3]) or None),
            new_items=seen.new_items,
            now=now,
        )
        metrics.count("barq_source_looks_total", source=source.name, outcome="failed" if seen.fault else "looked")
        if seen.fault:
            _log.warning("source.failed", source=source.name, failures=failures, error=seen.fault)
        wait = next_look_in(source, failures=failures, asked_to_wait=visit.asked_to_wait, chance=_chance)
        outcomes[work.id] = Later(wait, seen.fault or "looks again")
    return outcomes


HANDLERS = {Stage.POLL: poll}
