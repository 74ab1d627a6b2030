"""Enrichment's stage: what each item is about, and which other stories say the same."""

from __future__ import annotations

import traceback
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from services.enrichment import queries
from services.enrichment.about import About, about, sections_of_items
from services.enrichment.about import warm_up as load
from services.enrichment.duplicates import Fingerprint, fingerprint_of
from services.enrichment.learning import Model
from services.enrichment.sections import Sections
from services.enrichment.tags import respelt
from services.enrichment.training import queries as training
from services.enrichment.training.learner import UsedModel
from services.enrichment.training.night import ASK_AGAIN, BEHIND, Learner, is_night, until_night
from shared.contracts.work import Done, Failed, Follow, Later, Outcome, Work
from shared.pipeline import Stage
from shared.wire.config import wire

#: what was sent longer ago is not taken for the same
_COMPARED_WITHIN = timedelta(days=3)


def enrich(connection: Connection, chunk: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
    """Say what each item is about, and send it on to be published."""
    items = queries.read_items(connection, [work.item for work in chunk])
    evidence = queries.Evidences(connection, list(items.values()))
    outcomes: dict[int, Outcome] = {}
    abouts: dict[UUID, About] = {}
    fingerprints: dict[UUID, Fingerprint] = {}
    learnt = _used_model.read(connection, wire())
    sections = _sections_of(items, learnt)
    for work in sorted(chunk, key=lambda work: items[work.item].version):  # a story's first says what the next are in
        one = items[work.item]
        try:
            abouts[work.item] = about(one.content, wire(), evidence.of(one), sections=sections.get(work.item), learnt=learnt)
            evidence.learn(one, abouts[work.item])
            if mark := fingerprint_of(one.content):
                fingerprints[work.item] = mark
        except Exception:
            outcomes[work.id] = Failed(traceback.format_exc())
        else:
            outcomes[work.id] = Done((Follow(stage=Stage.PUBLISH, item=work.item, revision=work.revision),))
    known = queries.learn_spellings(connection, (tag for one in abouts.values() for tag in one.tags))
    abouts = {id_: replace(one, tags=respelt(one.tags, items[id_].content, known)) for id_, one in abouts.items()}
    queries.write_abouts(connection, abouts)
    evidence.write(connection)
    queries.compare(connection, fingerprints, wire(), within=_COMPARED_WITHIN, now=now)
    return outcomes


def _sections_of(items: Mapping[UUID, queries.Item], learnt: Model | None) -> Mapping[UUID, Sections]:
    """The sections of a chunk, all at once; none where an item spoils it: then each is looked at alone, and that one fails."""
    try:
        return dict(zip(items, sections_of_items([one.content for one in items.values()], wire(), learnt), strict=True))
    except Exception:
        return {}


_learner = Learner()
_used_model = UsedModel()


def learn(connection: Connection, chunk: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
    """Begin to learn if it is night and nothing waits."""
    zone = wire().editions[wire().own_edition].zone
    if is_night(now, zone):
        if training.is_behind(connection, since=now - BEHIND):
            return {work.id: Later(ASK_AGAIN, "the wire is behind") for work in chunk}
        _learner.begin()
    return {work.id: Later(until_night(now, zone), "until the night") for work in chunk}


def warm_up() -> None:
    """What `shared.queue.worker` asks each service for before its first message."""
    load(wire())


HANDLERS = {Stage.ENRICH: enrich, Stage.LEARN: learn}
