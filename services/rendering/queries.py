"""Rendering's SQL: stories in, entries and documents out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from babel import Locale
from sqlalchemy import Connection, Row, text

from services.rendering.advisories import Advised
from services.rendering.credits import without_tags
from services.rendering.documents import Document
from services.rendering.entries import Entry, Story, TranslatedText
from shared.archive.locks import Lock
from shared.archive.sorting import ABOUT
from shared.archive.story_text import NEWEST_TRANSLATION, STORY_CONTENT
from shared.archive.visible import IN_FEED, IN_FEEDS, IN_PLACE, KILLED, NOTICE, READABLE, WITH_TEXT
from shared.contracts.entry import StoredEntry
from shared.contracts.feeds import DOCUMENTS_CHANNEL, READ_FROM, FeedFormat
from shared.contracts.item import KillReason, WireItem
from shared.contracts.story import TAKES_BACK, StoryState
from shared.language.searching import configuration_of, searchable

#: a tsvector has room for a megabyte; what stands after so many characters is not found
_MAX_SEARCHED = 200_000


def read_stories(connection: Connection, items: Sequence[UUID], edition: str) -> dict[UUID, Story]:
    """The stories that some items belong to, by item, with their newest translation into an edition.

    Of one revision a person's text comes before a machine's; of two revisions the newer, whoever wrote it.
    """
    rows = connection.execute(_STORIES, {"items": list(items), "edition": edition}).all()
    words = {word for row in rows for word in (*row.tags, *row.labels, *row.content.get("labels", ()))}
    bylines = {without_tags(row.content.get("byline", "")) for row in rows} - {""}
    glossary = _read_glossary(connection, words | bylines, edition)
    names = _names_of(words, glossary, edition)
    return {row.asked: _story(row, names, glossary) if row.edition != edition else _story(row, {}, {}) for row in rows}


def _story(row: Row[tuple[Any, ...]], names: Mapping[str, str], glossary: Mapping[str, str]) -> Story:
    return Story(
        id=row.id,
        state=StoryState(row.state),
        revision=row.revision,
        edition=row.edition,
        published_at=row.published_at,
        updated_at=row.updated_at,
        kill_reason=KillReason(row.kill_reason) if row.kill_reason else None,
        correction_notes=tuple(row.correction_notes),
        corrected_at_revision=row.corrected_at_revision,
        item=WireItem.model_validate(row.content),
        tags=tuple(row.tags),
        labels=tuple(row.content.get("labels") or row.labels),
        regions=tuple(row.regions),
        sections=tuple(row.sections),
        languages=tuple(row.languages),
        comments_count=row.comments_count,
        names=names,
        byline=glossary.get(without_tags(row.content.get("byline", "")).lower(), ""),
        translated=TranslatedText(
            revision=row.t_revision,
            method=row.method,
            translator=row.translator,
            reviewed_by=row.reviewed_by,
            headline=row.headline,
            summary=row.summary,
            body_html=row.body_html,
            made_at=row.made_at,
        )
        if row.t_revision is not None
        else None,
    )


def _read_glossary(connection: Connection, words: Iterable[str], edition: str) -> dict[str, str]:
    """How the translators' glossary says words in an edition, by these in lower case; what it does not have is left out."""
    rows = connection.execute(
        text("""
            SELECT source, targets[1] AS target FROM terms
            WHERE edition = :edition AND lower(source) = ANY(CAST(:words AS varchar[]))
        """),
        {"edition": edition, "words": sorted({word.lower() for word in words})},
    )
    return {row.source.lower(): row.target for row in rows}


def _names_of(tags: Iterable[str], glossary: Mapping[str, str], edition: str) -> dict[str, str]:
    """How an edition says tags and labels: as the translators' glossary does, else as CLDR names countries."""
    names = {tag: glossary.get(tag.lower()) or country_names(edition).get(tag.casefold()) for tag in tags}
    return {tag: name for tag, name in names.items() if name}


@cache
def country_names(edition: str) -> dict[str, str]:
    """Countries' names in an edition's language by their English ones, in lower case."""
    theirs = Locale.parse(edition, sep="-").territories
    return {str(name).casefold(): str(theirs[code]) for code, name in Locale("en").territories.items() if code in theirs}


_WORDS = "jsonb_build_array(content -> 'headline', content -> 'body_html')"
#: what was held back and comes back with other words than were translated was wrong, whatever its sender calls it
_HAS_OTHER_WORDS = f"""
    (SELECT {_WORDS} FROM items WHERE items.id = revisions.item) <> (
        SELECT {_WORDS} FROM revisions AS translated JOIN items ON items.id = translated.item
        WHERE translated.story = stories.id AND translated.revision = t.revision)
"""

_STORIES = text(f"""
    SELECT asked.id AS asked, stories.*, {STORY_CONTENT} AS content, {ABOUT},
           coalesce((SELECT max(revision) FROM revisions
                     WHERE revisions.story = stories.id AND (act = 'correction' OR act = 'release' AND {_HAS_OTHER_WORDS})), 0)
               AS corrected_at_revision,
           ARRAY(SELECT entries.edition FROM entries
                 WHERE entries.story = stories.id AND entries.format = '{READ_FROM}' AND entries.edition <> :edition
                   AND {WITH_TEXT} ORDER BY 1) AS languages,
           (SELECT count(*) FROM comments WHERE comments.story = stories.id AND comments.edition = :edition
              AND comments.state = 'shown') AS comments_count,
           t.revision AS t_revision, t.method, t.translator, t.reviewed_by, t.headline, t.summary, t.body_html, t.made_at
    FROM items AS asked JOIN stories ON stories.id = asked.story JOIN items ON items.id = stories.item
    LEFT JOIN enrichments ON enrichments.item = stories.item LEFT JOIN sortings ON sortings.story = stories.id
    LEFT JOIN LATERAL ({NEWEST_TRANSLATION}) AS t ON true
    WHERE asked.id = ANY(CAST(:items AS uuid[]))
""")


@dataclass(frozen=True, kw_only=True)
class EntryVersion:
    """The version of a story's entry that an edition has already."""

    revision: int
    version: int
    text_revision: int | None  #: None: not known, rendered by an older Barq
    is_notice: bool
    content_hash: bytes
    published_at: datetime
    updated_at: datetime


def lock_entries(connection: Connection, stories: Iterable[str], edition: str) -> dict[str, EntryVersion]:
    """The entries that are there, with nobody else able to change them until this transaction ends."""
    rows = connection.execute(
        text("""
            SELECT story, revision, version, text_revision, is_notice, content_hash, published_at, updated_at FROM entries
            WHERE story = ANY(CAST(:stories AS varchar[])) AND edition = :edition ORDER BY story, format FOR UPDATE
        """),
        {"stories": sorted(set(stories)), "edition": edition},
    )
    return {row.story: _version(row) for row in rows}


def _version(row: Row[tuple[Any, ...]]) -> EntryVersion:
    """A row whose columns are the version's fields, and `story`."""
    return EntryVersion(**{name: value for name, value in row._asdict().items() if name != "story"})


@dataclass(frozen=True, kw_only=True)
class RenderedEntry:
    """An entry in one format, as bytes."""

    entry: Entry
    format: FeedFormat
    body: bytes
    in_feeds: bytes | None = None  #: as it stands in documents, where that is not the body


def write_entries(connection: Connection, entries: Sequence[RenderedEntry]) -> None:
    """Keep rendered entries. An older revision never replaces a newer one."""
    if entries:
        connection.execute(
            _WRITE_ENTRY,
            [
                {
                    "story": e.story,
                    "edition": e.edition,
                    "format": rendered.format,
                    "revision": e.revision,
                    "version": e.version,
                    "text_revision": e.text_revision,
                    "published_at": e.published_at,
                    "updated_at": e.updated_at,
                    "is_notice": e.is_notice,
                    "has_left": e.has_left,
                    "content_hash": e.content_hash(),
                    "body": rendered.body,
                    "in_feeds": rendered.in_feeds,
                    **(_searched(e) if rendered.format == READ_FROM else _NOT_SEARCHED),
                }
                for rendered in sorted(entries, key=lambda one: (one.entry.story, one.entry.edition, one.format))
                for e in [rendered.entry]
            ],
        )


#: one format of an entry is enough to find it by
_NOT_SEARCHED: dict[str, object] = {"facets": [], "configuration": "simple", "text": None}


def _searched(entry: Entry) -> dict[str, object]:
    """What an entry is found by."""
    return {
        "facets": entry.facets(),
        "configuration": configuration_of(entry.edition),
        "text": searchable(entry.text())[:_MAX_SEARCHED],
    }


_WRITE_ENTRY = text("""
    INSERT INTO entries (story, edition, format, revision, version, text_revision, first_revision, published_at, updated_at,
                         is_notice, has_left, content_hash, body, in_feeds, facets, words)
    VALUES (:story, :edition, :format, :revision, :version, :text_revision, :revision, :published_at, :updated_at,
            :is_notice, :has_left, :content_hash, :body, :in_feeds, CAST(:facets AS varchar[]),
            to_tsvector(CAST(:configuration AS regconfig), CAST(:text AS text)))
    ON CONFLICT (story, edition, format) DO UPDATE SET revision = excluded.revision, version = excluded.version,
        text_revision = excluded.text_revision, updated_at = excluded.updated_at, is_notice = excluded.is_notice,
        has_left = excluded.has_left, content_hash = excluded.content_hash, body = excluded.body,
        in_feeds = excluded.in_feeds, facets = excluded.facets, words = excluded.words
    WHERE entries.revision <= excluded.revision
""")


def feeds_of(connection: Connection, items: Sequence[UUID]) -> list[str]:
    """The feeds that hold a story of one of these items."""
    return list(
        connection.execute(
            text("""
                SELECT DISTINCT feed FROM memberships JOIN items ON items.story = memberships.story
                WHERE items.id = ANY(CAST(:items AS uuid[])) ORDER BY feed
            """),
            {"items": list(items)},
        ).scalars()
    )


def subscribed_feeds(connection: Connection) -> set[UUID]:
    """The feeds that somebody is subscribed to by WebSub, as the ledger names them."""
    return set(connection.execute(text("SELECT DISTINCT feed_id FROM subscriptions WHERE ended_at IS NULL")).scalars())


def has_receivers(connection: Connection) -> bool:
    """Is there a receiver of webhooks, or was there one, which must hear of what is taken back?"""
    return bool(connection.execute(text("SELECT EXISTS (SELECT FROM receivers)")).scalar_one())


def find_taken_back(connection: Connection, items: Sequence[UUID]) -> set[UUID]:
    """Those items to whose stories was done last what nobody should see the earlier text after."""
    return set(
        connection.execute(
            text("""
                SELECT items.id FROM items JOIN stories ON stories.id = items.story
                JOIN revisions ON revisions.story = stories.id AND revisions.revision = stories.revision
                WHERE items.id = ANY(CAST(:items AS uuid[])) AND act = ANY(CAST(:acts AS varchar[]))
            """),
            {"items": list(items), "acts": [act.value for act in TAKES_BACK]},
        ).scalars()
    )


def lock_feed(connection: Connection, feed: str, edition: str, *, waits: bool) -> bool:
    """Let no one else put this feed's documents together until this transaction ends, so that the newer one stands.

    Who does not wait gets False if another has it.
    """
    lock = {"lock": Lock.FEED, "name": f"{edition}/{feed}"}
    if not waits:
        is_ours: bool = connection.execute(_TRY_FEED, lock).scalar_one()
        return is_ours
    connection.execute(_LOCK_FEED, lock)
    return True


_LOCK_FEED = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, :lock))")
_TRY_FEED = text("SELECT pg_try_advisory_xact_lock(hashtextextended(:name, :lock))")


@dataclass(frozen=True, kw_only=True)
class Window:
    """The entries of one format that belong into a feed's document now, newest first."""

    entries: tuple[tuple[datetime, bytes], ...]  #: each with when it was published
    updated_at: datetime | None


def read_windows(
    connection: Connection, feed: str, edition: str, *, size: int, notices_since: datetime, most_notices: int
) -> dict[str, Window]:
    """By format: the newest entries of a feed, and the notices since a moment beside them, so many at most, the newest."""
    windows: dict[str, list[tuple[datetime, bytes, datetime]]] = {}
    which = {"feed": feed, "edition": edition, "size": size, "since": notices_since, "most": most_notices}
    rows = connection.execute(_WINDOW, which)
    for row in rows:
        windows.setdefault(row.format, []).append((row.published_at, row.body, row.updated_at))
    return {
        extension: Window(
            entries=tuple((published, body) for published, body, _ in rows), updated_at=max(updated for *_, updated in rows)
        )
        for extension, rows in windows.items()
    }


_WINDOW = text(f"""
    WITH newest AS (
        SELECT entries.story FROM memberships JOIN entries USING (story)
        WHERE feed = :feed AND edition = :edition AND format = '{READ_FROM}' AND {IN_PLACE} AND {IN_FEED}
        ORDER BY published_at DESC, entries.story DESC LIMIT :size
    ), staying AS (
        SELECT entries.story FROM memberships JOIN entries USING (story)
        WHERE feed = :feed AND edition = :edition AND format = '{READ_FROM}' AND {NOTICE} AND updated_at > :since
        ORDER BY has_left, updated_at DESC LIMIT :most  -- what was taken back before what has merely left
    )
    SELECT format, {IN_FEEDS} AS body, entries.published_at, entries.updated_at
    FROM entries JOIN stories ON stories.id = entries.story
    WHERE entries.edition = :edition AND story IN (SELECT story FROM newest UNION SELECT story FROM staying)
      AND ({IN_PLACE} OR format = '{FeedFormat.ATOM}')  -- where what left is a tombstone, and no entry
      AND {READABLE}
    ORDER BY entries.published_at DESC, story DESC
""")


def read_killed(connection: Connection, feed: str, edition: str, *, since: datetime, most: int) -> list[Advised]:
    """What was killed since a moment and stands in a feed as a notice, so many at most, the newest first."""
    rows = connection.execute(_KILLED, {"feed": feed, "edition": edition, "since": since, "most": most})
    return [
        Advised(
            story=row.id, revision=row.revision, at=row.updated_at, kill_reason=row.kill_reason and KillReason(row.kill_reason)
        )
        for row in rows
    ]


_KILLED = text(f"""
    SELECT stories.id, stories.revision, stories.kill_reason, entries.updated_at
    FROM memberships JOIN entries USING (story) JOIN stories ON stories.id = entries.story
    WHERE feed = :feed AND entries.edition = :edition AND format = '{READ_FROM}' AND {KILLED} AND entries.updated_at > :since
    ORDER BY entries.updated_at DESC, stories.id LIMIT :most
""")


def read_corrected(connection: Connection, feed: str, edition: str, *, since: datetime, most: int) -> list[Advised]:
    """What was corrected since a moment and has its corrected text in a feed, so many at most, the newest first."""
    rows = connection.execute(_CORRECTED, {"feed": feed, "edition": edition, "since": since, "most": most})
    return [
        Advised(story=row.id, revision=row.revision, at=row.made_at, headline=StoredEntry.read(row.body).title, note=row.note)
        for row in rows
    ]


_CORRECTED = text(f"""
    SELECT stories.id, corrections.revision, corrections.made_at, entries.body,
           CASE WHEN stories.edition = entries.edition THEN coalesce(correction_notes[array_upper(correction_notes, 1)], '')
                ELSE '' END AS note
    FROM memberships JOIN entries USING (story) JOIN stories ON stories.id = entries.story
    JOIN LATERAL (
        SELECT revision, made_at FROM revisions WHERE revisions.story = stories.id AND act = 'correction'
        ORDER BY revision DESC LIMIT 1
    ) AS corrections ON true
    WHERE feed = :feed AND entries.edition = :edition AND format = '{READ_FROM}' AND {WITH_TEXT} AND {IN_FEED}
      AND entries.updated_at > :since AND corrections.made_at > :since
    ORDER BY corrections.made_at DESC, stories.id LIMIT :most
""")


def close_archives(connection: Connection, feed: str, edition: str, *, size: int) -> int:
    """Close an archive over every `size` entries that stand in none yet, the oldest first. Returns the newest one's number."""
    parameters = {"feed": feed, "edition": edition, "size": size}
    connection.execute(_CLOSE_ARCHIVES, parameters)
    newest: int = connection.execute(
        text("SELECT coalesce(max(number), 0) FROM archives WHERE edition = :edition AND feed = :feed"), parameters
    ).scalar_one()
    return newest


_CLOSE_ARCHIVES = text(f"""
    WITH newest AS (
        SELECT coalesce(max(number), 0) AS number, coalesce(max(ends_at), '-infinity') AS ends_at,
               coalesce(max(ends_story), '') AS ends_story
        FROM (SELECT * FROM archives WHERE edition = :edition AND feed = :feed ORDER BY number DESC LIMIT 1) AS last
    ), open AS (
        SELECT row_number() OVER (ORDER BY published_at, entries.story) AS place, published_at, entries.story
        FROM newest, memberships JOIN entries USING (story)
        WHERE feed = :feed AND edition = :edition AND format = '{READ_FROM}' AND {IN_PLACE} AND published_at >= ends_at
          AND (published_at, entries.story) > (ends_at, ends_story)
    )
    INSERT INTO archives (edition, feed, number, ends_at, ends_story)
    SELECT :edition, :feed, newest.number + place / :size, published_at, open.story FROM newest, open WHERE place % :size = 0
""")


def read_validators(connection: Connection, feed: str, edition: str) -> dict[str, tuple[str, datetime]]:
    """The etag and modification time of each of a feed's documents."""
    rows = connection.execute(
        text("SELECT format, etag, modified_at FROM documents WHERE feed = :feed AND edition = :edition"),
        {"feed": feed, "edition": edition},
    )
    return {row.format: (row.etag, row.modified_at) for row in rows}


def write_documents(connection: Connection, feed: str, edition: str, documents: Sequence[Document], now: datetime) -> None:
    """Keep a feed's new documents, and tell the edge as this transaction commits."""
    if not documents:
        return
    connection.execute(
        _WRITE_DOCUMENT,
        [
            {
                "edition": edition,
                "feed": feed,
                "format": d.format,
                "etag": d.etag,
                "modified_at": d.modified_at,
                "refreshed_at": now,
                "entry_count": d.entry_count,
                "body_gzip": d.body_gzip,
                "body_br": d.body_br,
            }
            for d in documents
        ],
    )
    connection.execute(text("SELECT pg_notify(:channel, :feed)"), {"channel": DOCUMENTS_CHANNEL, "feed": f"{edition}/{feed}"})


_WRITE_DOCUMENT = text("""
    INSERT INTO documents (edition, feed, format, etag, modified_at, refreshed_at, entry_count, body_gzip, body_br)
    VALUES (:edition, :feed, :format, :etag, :modified_at, :refreshed_at, :entry_count, :body_gzip, :body_br)
    ON CONFLICT (edition, feed, format) DO UPDATE SET etag = excluded.etag, modified_at = excluded.modified_at,
        refreshed_at = excluded.refreshed_at, entry_count = excluded.entry_count, body_gzip = excluded.body_gzip,
        body_br = excluded.body_br
""")


def read_accepted_times(connection: Connection, items: Sequence[UUID], edition: str) -> list[datetime]:
    """When the items were accepted whose own edition this is and that were published straight on; for the lag."""
    return list(
        connection.execute(
            text("""
                SELECT items.accepted_at FROM items JOIN stories ON stories.id = items.story AND stories.item = items.id
                WHERE items.id = ANY(CAST(:items AS uuid[])) AND stories.edition = :edition
                  AND stories.embargoed_until IS NULL
            """),
            {"items": list(items), "edition": edition},
        ).scalars()
    )
