"""Enrichment's stage."""

from __future__ import annotations

import traceback
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from services.enrichment import store
from services.enrichment.about import about
from shared.contracts.item import WireItem
from shared.contracts.work import Done, Failed, Follow, Outcome, Work
from shared.pipeline import Stage
from shared.wire import wire


def enrich(connection: Connection, chunk: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
    """Say what each item is about, and send it on to be published."""
    items = store.read_items(connection, [work.item for work in chunk])
    outcomes: dict[int, Outcome] = {}
    found = {}
    for work in chunk:
        try:
            found[work.item] = about(items[work.item], wire())
        except Exception:
            outcomes[work.id] = Failed(traceback.format_exc())
        else:
            outcomes[work.id] = Done((Follow(stage=Stage.PUBLISH, item=work.item, revision=work.revision),))
    store.write_abouts(connection, found)
    return outcomes


def warm_up() -> None:
    """Load names of places and models of languages before the first item comes, not with it."""
    about(WireItem(uri="urn:warm-up", headline="Warm up", dateline="BEIRUT", body_html="<p>Words</p>"), wire())


HANDLERS = {Stage.ENRICH: enrich}
