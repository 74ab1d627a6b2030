"""Keeping items: their identities, the items themselves and their first work, in the transaction that accepts them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from services.ingest import queries
from services.ingest.acceptance import Acceptance, Arrival, Candidate, Rejection, provider_of, version_conflict
from services.ingest.identity import in_order_of_replacement
from services.ingest.lanes import assign_lanes, providers_in_express
from services.ingest.numbering.renames import could_be_renamed
from services.ingest.queries import ArchivedItem, Identity, NewIdentity, NewItem
from shared.contracts.item import WireItem
from shared.contracts.story import story_id
from shared.contracts.work import Follow
from shared.pipeline import FIRST_STAGE_OF_NEWS, FIRST_STAGE_OF_RETRACTIONS, Lane
from shared.queue.unit_of_work import UnitOfWork
from shared.wire.config import Wire

#: over which a provider's share of the express lane is counted
_SHARE_OF = timedelta(minutes=1)


class NumberTaken(Exception):
    """Somebody else has used a number in the moment between looking for it and using it."""


def archive_items(
    work: UnitOfWork,
    candidates: Sequence[Candidate],
    *,
    wire: Wire,
    key_name: str,
    express_per_minute: int,
    arrival: Arrival,
    may_number_again: bool = False,
) -> tuple[list[Acceptance], list[Rejection]]:
    """Keep the items and record their first work. Each candidate has its number, and an identity of its own in the request.

    What is there already with the same content is a duplicate; with other content it is rejected. Raises NumberTaken where
    the number of such a one was taken since it was looked for, if `may_number_again`.
    """
    if not candidates:
        return [], []
    connection, now = work.connection, work.now
    items = [candidate.item_to_keep(now) for candidate in candidates]
    stories = _identify(work, items, wire=wire)
    used = queries.count_express(connection, providers_in_express(candidates), since=now - _SHARE_OF)
    lanes = assign_lanes(candidates, used, express_per_minute=express_per_minute)
    queries.keep_payloads(connection, [candidate.payload for candidate in candidates], address=arrival.address, now=now)
    new = [
        NewItem(
            candidate=candidate,
            item=item,
            story=stories[item.uri],
            provider=provider_of(item),
            lane=lane,
            words_hash=candidate.words_hash if could_be_renamed(candidate, arrival) else None,
        )
        for candidate, item, lane in zip(candidates, items, lanes, strict=True)
    ]
    fresh = queries.insert_items(connection, new, key_name=key_name, now=now)
    _record_first_work(work, candidates, lanes, fresh)
    archived = queries.find_archived(connection, [c for c in candidates if _identity(c) not in fresh])
    return _judge(new, fresh, archived, may_number_again=may_number_again)


def _identity(candidate: Candidate) -> Identity:
    return candidate.item.uri, candidate.item.version


def _record_first_work(
    work: UnitOfWork, candidates: Sequence[Candidate], lanes: Sequence[Lane], fresh: Mapping[Identity, UUID]
) -> None:
    for candidate, lane in zip(candidates, lanes, strict=True):
        if item_id := fresh.get(_identity(candidate)):
            stage = FIRST_STAGE_OF_RETRACTIONS if candidate.item.retracts else FIRST_STAGE_OF_NEWS
            work.follows([Follow(stage=stage, item=item_id, revision=candidate.item.version)], lane=lane)


def _judge(
    items: Sequence[NewItem],
    fresh: Mapping[Identity, UUID],
    archived: Mapping[Identity, ArchivedItem],
    *,
    may_number_again: bool,
) -> tuple[list[Acceptance], list[Rejection]]:
    """What became of each item: kept, known already, or another than the one that is there under its identity."""
    accepted: list[Acceptance] = []
    rejected: list[Rejection] = []
    for new in items:
        candidate, identity = new.candidate, _identity(new.candidate)
        there = archived.get(identity)
        if there and not _is_the_same(candidate, there):
            if may_number_again and _may_have_another_number(candidate, there):
                raise NumberTaken
            rejected.append(version_conflict(candidate))
            continue
        accepted.append(
            Acceptance(
                index=candidate.index,
                item=there.id if there else fresh[identity],
                story=new.story,
                version=candidate.item.version,
                provider=new.provider,
                duplicate=identity not in fresh,
                notes=new.item.notes,
                ignored=tuple(sorted(new.item.unplaced)),
                held=new.item.doubt,
            )
        )
    return accepted, rejected


def _may_have_another_number(candidate: Candidate, there: ArchivedItem) -> bool:
    """Was a number taken that is the archive's to give, or is taken by one that is none of the sender's sequence?"""
    is_given = candidate.needs_number or candidate.item.retracts or candidate.sent_version is not None
    return is_given or (not candidate.item.is_from_desk and there.is_no_senders)


def _is_the_same(candidate: Candidate, there: ArchivedItem) -> bool:
    return candidate.content_hash == there.content_hash or candidate.place == there.place


def _identify(work: UnitOfWork, items: Sequence[WireItem], *, wire: Wire) -> dict[str, str]:
    """Each `uri`'s story identifier, made on first sight. It carries the day of first publication: an embargo's, if any.

    A `uri` that replaces a known one is the same story's next generation; one that was replaced before it came is an
    earlier generation of the story that did.
    """
    connection = work.connection
    if any(item.replaces for item in items):
        queries.lock_identities(connection)
    known = queries.find_stories(connection, sorted({item.uri for item in items}))
    first_by_uri: dict[str, WireItem] = {}
    for item in items:
        if item.uri not in known:
            first_by_uri.setdefault(item.uri, item)
    if not first_by_uri:
        return known
    new = in_order_of_replacement(first_by_uri.values())
    # one that is looked for behind another finds it only when that one is written
    alone = [item for item in new if item.replaces or item.is_add]
    for group in ([item for item in new if item not in alone], *([item] for item in alone)):
        _write_identities(work, group, wire=wire)
    # another request may have been first with the same uri; its identifier stands
    return known | queries.find_stories(connection, [item.uri for item in new])


def _write_identities(work: UnitOfWork, items: Sequence[WireItem], *, wire: Wire) -> None:
    serials = queries.take_serials(work.connection, len(items)) if items else []
    identities = [
        NewIdentity(item=item, story=_new_story_id(work, item, serial, wire=wire), provider=provider_of(item))
        for item, serial in zip(items, serials, strict=True)
    ]
    queries.write_identities(work.connection, identities, now=work.now)


def _new_story_id(work: UnitOfWork, item: WireItem, serial: int, *, wire: Wire) -> str:
    provider = wire.provider(item.provider.name, item.provider.code)
    return story_id(
        agency=wire.agency.code,
        day=max(work.now, item.embargoed_until or work.now),
        provider_code=provider.code if provider else 0,
        serial=serial,
    )
