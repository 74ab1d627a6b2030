"""Rendering's stages: a story's entries, then the documents of every feed that holds them."""

from __future__ import annotations

import math
import time
import traceback
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from heapq import merge
from itertools import groupby
from operator import itemgetter
from uuid import UUID

from sqlalchemy import Connection

from services.rendering import queries
from services.rendering.advisories import MOST_ADVISORIES, Advised, RenderedAdvisories
from services.rendering.datelines import place_name
from services.rendering.documents import FORMATS, MOST_NOTICES, NOTICE_STAYS, build_document, build_head
from services.rendering.entries import Entry, build_entry, is_news
from services.rendering.queries import EntryVersion, RenderedEntry, Window
from shared import metrics
from shared.clock import SMALLEST_STEP
from shared.contracts.feeds import READ_FROM, WINDOW, FeedFormat
from shared.contracts.work import EVERY_ITEM, Done, Failed, Follow, Outcome, Work, cache_id, feed_id
from shared.pipeline import Lane, Stage
from shared.settings import settings
from shared.wire.config import SEARCH, wire

#: this process's
_advisories = RenderedAdvisories()

#: the edge has a new document within this time, and serves nothing older from then on
_PURGE_AGAIN = timedelta(seconds=2)

#: a regular chunk begins no other feed after this long, and looks again when for one that another had in hand
_LONGEST_S = 0.5
_LOCKED_AGAIN = timedelta(seconds=0.2)


def render(connection: Connection, chunk: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
    """Render each story's entry, as the story is now, in every format; what a reader would not notice is left alone.

    An entry that is new in its edition is named by the story's entries in the others, so these are rendered again. Receivers are
    notified of a revision of the story only where the text of an entry is another one; all else is a refresh of no revision.
    """
    outcomes: dict[int, Outcome] = {}
    siblings: dict[str, list[Work]] = {}
    for edition, works in _by_edition(chunk):
        for work, others in _render_edition(connection, edition, works, outcomes).items():
            for other in others:
                siblings.setdefault(other, []).append(work)
    for edition in sorted(siblings):
        again: dict[int, Outcome] = {}
        _render_edition(connection, edition, siblings[edition], again)
        for work in siblings[edition]:
            own, sibling = outcomes[work.id], again[work.id]
            if isinstance(own, Done):
                outcomes[work.id] = Done((*own.follows, *sibling.follows)) if isinstance(sibling, Done) else sibling
    return outcomes


def _render_edition(
    connection: Connection, edition: str, works: Sequence[Work], outcomes: dict[int, Outcome]
) -> dict[Work, tuple[str, ...]]:
    """Render one edition's entries. Returns the works whose entry is new there, with the story's other editions."""
    rendered: list[RenderedEntry] = []
    new: dict[Work, tuple[str, ...]] = {}
    stories = queries.read_stories(connection, [work.item for work in works], edition)
    stored = queries.lock_entries(connection, [story.id for story in stories.values()], edition)
    for work in works:
        story = stories.get(work.item)
        outcomes[work.id] = Done()
        if story is None:  # translated before it was published; publishing asks again
            continue
        try:
            entry = build_entry(story, edition, wire=wire(), public_url=settings().public_url, has_entry=story.id in stored)
            if entry is None:
                continue
            revision = entry.revision if _is_notified(work, entry, stored.get(story.id)) else 0
            entry = _in_its_time(entry, stored.get(story.id))
            bodies = list(_in_every_format(entry))
        except Exception:
            outcomes[work.id] = Failed(traceback.format_exc())
            continue
        rendered += bodies
        if story.id not in stored:
            new[work] = story.languages
        outcomes[work.id] = Done((Follow(stage=Stage.REFRESH, item=work.item, revision=revision, edition=edition),))
    queries.write_entries(connection, rendered)
    return new


def _is_notified(work: Work, entry: Entry, stored: EntryVersion | None) -> bool:
    """Are receivers to hear of it? Of a notice on the express lane always, whoever rendered it before: no kill takes another."""
    return (
        stored is None
        or (entry.is_notice and work.lane is Lane.EXPRESS)
        or is_news(entry, revision=stored.revision, text_revision=stored.text_revision, was_notice=stored.is_notice)
    )


def _in_every_format(entry: Entry) -> Iterable[RenderedEntry]:
    """An entry as it stands in documents; in the format that pages are made of also whole."""
    shortened = entry.in_feeds()
    for feed_format in FORMATS:
        extension, in_feeds = feed_format.EXTENSION, feed_format.render_entry(shortened)
        if shortened is not entry and extension == READ_FROM:
            whole = feed_format.render_entry(entry)
            yield RenderedEntry(entry=entry, format=extension, body=whole, in_feeds=in_feeds)
        else:
            yield RenderedEntry(entry=entry, format=extension, body=in_feeds)


def _in_its_time(entry: Entry, stored: EntryVersion | None) -> Entry:
    """`published` never changes; `updated` moves only if a reader should look again, and then strictly onward."""
    if stored is None:
        return replace(entry, updated_at=max(entry.updated_at, entry.published_at))
    if stored.content_hash == entry.content_hash():
        return replace(entry, published_at=stored.published_at, updated_at=stored.updated_at, version=stored.version)
    later = max(entry.updated_at, stored.updated_at + SMALLEST_STEP)
    return replace(entry, published_at=stored.published_at, updated_at=later, version=stored.version + 1)


def refresh(connection: Connection, chunk: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
    """Put together each feed that holds a new entry, once for the whole chunk.

    A feed is locked until the commit, and a kill may want it: a regular chunk stops after a moment, and waits for no feed that
    another has in hand. What it leaves is work of its own, by the feed.
    """
    follows: dict[str, list[Follow]] = {}
    subscribed = queries.subscribed_feeds(connection)
    lane = min((work.lane for work in chunk), key=list(Lane).index)
    ends_s = time.monotonic() + _LONGEST_S if lane is Lane.REGULAR else math.inf
    for edition, works in _by_edition(chunk):
        items = [work.item for work in works]
        follows[edition] = list(_refresh_edition(connection, edition, items, lane, subscribed, now=now, ends_s=ends_s))
        for accepted_at in queries.read_accepted_times(connection, items, edition):
            metrics.observe("barq_end_to_end_seconds", (now - accepted_at).total_seconds(), edition=edition)
    fans_out = bool(wire().webhooks) or queries.has_receivers(connection)
    purges = _purges(connection, chunk, now)
    outcomes: dict[int, Outcome] = {}
    for work in chunk:  # what follows for a whole edition follows from its first work
        own = [*follows.pop(work.edition, ()), *purges.pop(work.edition, ())]
        if fans_out and work.revision:  # else there is nothing to tell: a feed was put together again, or an entry rendered again
            own.insert(0, Follow(stage=Stage.FAN_OUT, item=work.item, revision=work.revision, edition=work.edition))
        outcomes[work.id] = Done(tuple(own))
    return outcomes


def _refresh_edition(
    connection: Connection,
    edition: str,
    items: Sequence[UUID],
    lane: Lane,
    subscribed: Collection[UUID],
    *,
    now: datetime,
    ends_s: float,
) -> Iterator[Follow]:
    """Refresh an edition's feeds, beginning none after `ends_s` (of the monotonic clock). Yields what is left to do for them."""
    feeds = _feeds_to_refresh(connection, edition, items)
    for feed in sorted(feeds) if lane is Lane.EXPRESS else feeds:  # who waits locks in one order: no circles
        id_ = feed_id(edition, feed)
        again = partial(Follow, stage=Stage.REFRESH, item=id_, revision=0, edition=edition, lane=lane)
        if time.monotonic() > ends_s:
            yield again()
        elif not queries.lock_feed(connection, feed, edition, waits=lane is Lane.EXPRESS):
            yield again(due_at=now + _LOCKED_AGAIN)
        elif _refresh_feed(connection, feed, edition, now) and id_ in subscribed:
            yield Follow(stage=Stage.WEBSUB, item=id_, revision=0, edition=edition, lane=lane)


def _feeds_to_refresh(connection: Connection, edition: str, items: Sequence[UUID]) -> list[str]:
    """The feeds that a chunk's work in an edition is about; first those that were left before."""
    feeds = [*wire().feed_names(), SEARCH]
    if EVERY_ITEM in items:
        return sorted(feeds)
    left = [feed for feed in sorted(feeds) if feed_id(edition, feed) in {*items}]
    # stories stay members of feeds that are no more, or that this process does not know yet
    return list(dict.fromkeys((*left, *(feed for feed in queries.feeds_of(connection, items) if wire().has_feed(feed)))))


def _purges(connection: Connection, chunk: Sequence[Work], now: datetime) -> dict[str, list[Follow]]:
    """By edition: which caches to empty, if something was taken back. A second time for what a cache has fetched meanwhile."""
    if not wire().caches:
        return {}
    taken_back = queries.find_taken_back(connection, [work.item for work in chunk])
    return {
        work.edition: [
            Follow(stage=Stage.PURGE, item=cache_id(name), revision=round_, due_at=now + round_ * _PURGE_AGAIN, lane=Lane.EXPRESS)
            for name in wire().caches
            for round_ in (0, 1)
        ]
        for work in chunk
        if work.item in taken_back
    }


def _refresh_feed(connection: Connection, feed: str, edition: str, now: datetime) -> bool:
    """Put the documents together of a feed that is locked. Has any of them changed?"""
    windows = queries.read_windows(
        connection, feed, edition, size=WINDOW, notices_since=now - NOTICE_STAYS, most_notices=MOST_NOTICES
    )
    validators = queries.read_validators(connection, feed, edition)
    documents = []
    is_full = any(len(window.entries) >= WINDOW for window in windows.values())
    advised = _advised(connection, feed, edition, since=now - NOTICE_STAYS)
    archive = queries.close_archives(connection, feed, edition, size=WINDOW) if is_full else 0
    for feed_format in FORMATS:
        extension = feed_format.EXTENSION
        etag, modified_at = validators.get(extension, (None, None))
        window = windows.get(extension, Window(entries=(), updated_at=None))
        head = build_head(
            feed,
            edition,
            extension,
            window.updated_at or modified_at or now.replace(microsecond=0),
            is_full=len(window.entries) >= WINDOW,
            archive=archive,
            wire=wire(),
            public_url=settings().public_url,
        )
        advisories = [(one.at, bodies[extension]) for one, bodies in advised]
        entries = [body for _, body in merge(window.entries, advisories, key=itemgetter(0), reverse=True)]
        fresh = build_document(feed_format, head, entries, previous_modified_at=modified_at, now=now)
        if fresh.etag != etag:
            documents.append(fresh)
    queries.write_documents(connection, feed, edition, documents, now)
    return bool(documents)


def _advised(
    connection: Connection, feed: str, edition: str, *, since: datetime
) -> list[tuple[Advised, Mapping[FeedFormat, bytes]]]:
    """What a feed says as entries of their own, the newest first: kills, and corrections where the wire file wants them."""
    advised = []
    if wire().advisories:
        advised += queries.read_killed(connection, feed, edition, since=since, most=MOST_ADVISORIES)
    if wire().correction_advisories:
        advised += queries.read_corrected(connection, feed, edition, since=since, most=MOST_ADVISORIES)
    newest = sorted(advised, key=lambda one: one.at, reverse=True)[:MOST_ADVISORIES]
    return [(one, _advisories.of(one, edition, wire=wire(), public_url=settings().public_url)) for one in newest]


def _by_edition(chunk: Sequence[Work]) -> Iterable[tuple[str, list[Work]]]:
    """The chunk's work, edition by edition, always in the same order: two workers never wait in a circle."""
    by_edition = sorted(chunk, key=lambda work: (work.edition, work.id))
    return [(edition, list(works)) for edition, works in groupby(by_edition, key=lambda work: work.edition)]


def warm_up() -> None:
    """Load names of places before the first story needs them."""
    for edition in wire().editions:
        place_name("warm up", edition)


HANDLERS = {Stage.RENDER: render, Stage.REFRESH: refresh}
