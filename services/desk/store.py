"""Desk's SQL: the wire, a story with all that happened to it, drafts, and who did what."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, text

from shared.archive.story_text import STORY_CONTENT
from shared.contracts.item import WireItem
from shared.wire.config import FeedRow

Rows = list[Row[tuple[Any, ...]]]


# ── The wire ─────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which items somebody wants to see; empty: all but tests."""

    provider: str = ""
    region: str = ""
    section: str = ""
    urgency: int = 9  #: this and more urgent
    state: str = ""
    words: str = ""
    before: UUID | None = None  #: older than this item


def read_wire_items(connection: Connection, wanted: Filter, most: int) -> Rows:
    """The items as they came, the newest first, each with what became of its story."""
    return list(
        connection.execute(
            _WIRE,
            {
                "provider": wanted.provider or None,
                "region": wanted.region or None,
                "section": wanted.section or None,
                "urgency": wanted.urgency,
                "state": wanted.state or None,
                "words": f"%{_escaped(wanted.words)}%" if wanted.words else None,
                "before": wanted.before,
                "most": most,
            },
        )
    )


def _escaped(words: str) -> str:
    return words.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


_WIRE = text("""
    SELECT items.id, items.uri, items.version, items.story, items.accepted_at, items.provider, items.key_name,
           items.content ->> 'headline' AS headline, items.content ->> 'slugline' AS slugline,
           coalesce(CAST(items.content ->> 'urgency' AS int), 5) AS urgency,
           coalesce(enrichments.language, items.content ->> 'language') AS language,
           coalesce(items.content ->> 'pubstatus', 'usable') AS pubstatus, items.content ->> 'signal' AS signal,
           enrichments.regions, enrichments.sections, items.id = stories.item AS is_shown,
           enrichments.language_by = 'guess' AS is_language_guessed,
           EXISTS (SELECT FROM likenesses WHERE likenesses.item = items.id AND is_same) AS has_twin,
           CASE WHEN EXISTS (SELECT FROM work WHERE work.item = items.id AND work.state = 'dead') THEN 'dead'
                ELSE fate.state END AS state
    FROM items LEFT JOIN stories ON stories.id = items.story LEFT JOIN enrichments ON enrichments.item = items.id
    LEFT JOIN decisions ON decisions.item = items.id JOIN identities ON identities.uri = items.uri
    CROSS JOIN LATERAL (
        SELECT CASE WHEN stories.id IS NULL THEN 'accepted'
                    WHEN decisions.outcome = 'refused' THEN 'refused'
                    WHEN decisions.outcome = 'kept' AND stories.state <> 'killed'
                         AND (identities.generation, items.version) > (stories.generation, stories.version) THEN 'held'
                    ELSE stories.state END AS state
    ) AS fate
    WHERE (CAST(:before AS uuid) IS NULL OR items.id < :before)
      AND (CAST(:provider AS varchar) IS NULL OR items.provider = :provider)
      AND (CAST(:region AS varchar) IS NULL OR :region = ANY(enrichments.regions))
      AND (CAST(:section AS varchar) IS NULL OR :section = ANY(enrichments.sections))
      AND coalesce(CAST(items.content ->> 'urgency' AS int), 5) <= :urgency
      AND (CAST(:words AS varchar) IS NULL OR items.content ->> 'headline' ILIKE :words
           OR items.content ->> 'slugline' ILIKE :words OR items.story ILIKE :words)
      AND CASE CAST(:state AS varchar)
          WHEN 'dead' THEN EXISTS (SELECT FROM work WHERE work.item = items.id AND work.state = 'dead')
          ELSE (fate.state = :state OR CAST(:state AS varchar) IS NULL)
               AND (:state IN ('internal', 'accepted', 'refused')
                    OR NOT coalesce(CAST(items.content ->> 'is_test' AS boolean), false))
      END
    ORDER BY items.id DESC LIMIT :most
""")


#: more than so many are not counted
_MOST_COUNTED = 1_000


def count_for_people(connection: Connection) -> dict[str, int]:
    """What waits for somebody at the desk: held stories and versions, and what was refused within a day."""
    row = connection.execute(_FOR_PEOPLE, {"most": _MOST_COUNTED}).one()
    return {"held": row.held + row.kept, "refused": row.refused}


_FOR_PEOPLE = text("""
    SELECT (SELECT count(*) FROM (SELECT FROM stories WHERE state = 'held' LIMIT :most) AS stories) AS held,
           (SELECT count(*) FROM (
               SELECT FROM decisions JOIN items ON items.id = decisions.item
               JOIN identities ON identities.uri = items.uri
               JOIN stories ON stories.id = items.story AND stories.state <> 'killed'
                 AND (identities.generation, items.version) > (stories.generation, stories.version)
               WHERE outcome = 'kept' AND decided_at > now() - interval '7 days' LIMIT :most) AS kept) AS kept,
           (SELECT count(*) FROM (
               SELECT FROM decisions WHERE outcome = 'refused' AND decided_at > now() - interval '1 day' LIMIT :most
           ) AS refused) AS refused
""")


def read_providers(connection: Connection) -> Sequence[str]:
    """Who has sent something within a week, by name."""
    return (
        connection.execute(
            text("""
                SELECT DISTINCT provider FROM items WHERE accepted_at > now() - interval '7 days' ORDER BY provider LIMIT 500
            """)
        )
        .scalars()
        .all()
    )


# ── A story ──────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Story:
    """A story as the desk sees it: as publish left it, or as it was accepted and waits."""

    id: str
    uri: str
    state: str
    revision: int
    edition: str | None
    published_at: datetime | None
    updated_at: datetime
    embargoed_until: datetime | None
    scheduled_for: datetime | None
    expires_at: datetime | None
    kill_reason: str | None
    correction_notes: tuple[str, ...]
    doubt: str | None  #: why the wire holds it, or would
    doubt_note: str
    is_desk_hold: bool
    held_by: str  #: the sender that holds it back
    language: str  #: of its text, as far as it is known
    is_language_guessed: bool
    item: WireItem
    next_version: int  #: of its `uri`

    @property
    def is_final(self) -> bool:
        """Can nothing be done to it any more?"""
        return self.state == "killed"


def find_story(connection: Connection, story: str) -> Story | None:
    """A story; one that was accepted and not yet published counts."""
    row = connection.execute(
        text(f"""
            SELECT newest.story AS id, coalesce(stories.uri, newest.uri) AS uri, coalesce(stories.state, 'accepted') AS state,
                   coalesce(stories.revision, 0) AS revision, stories.edition, stories.published_at,
                   coalesce(stories.updated_at, newest.accepted_at) AS updated_at, stories.embargoed_until,
                   stories.scheduled_for, stories.expires_at, stories.kill_reason, stories.doubt,
                   coalesce(stories.doubt_note, '') AS doubt_note, coalesce(stories.is_desk_hold, false) AS is_desk_hold,
                   coalesce(stories.held_by, '') AS held_by, coalesce(enrichments.language, '') AS language,
                   coalesce(enrichments.language_by = 'guess', false) AS is_language_guessed,
                   coalesce(stories.correction_notes, '{{}}') AS correction_notes,
                   CASE WHEN stories.id IS NULL THEN newest.content ELSE {STORY_CONTENT} END AS content,
                   (SELECT max(version) + 1 FROM items AS own
                    WHERE own.uri = coalesce(stories.uri, newest.uri)) AS next_version
            FROM items AS newest LEFT JOIN stories ON stories.id = newest.story LEFT JOIN items ON items.id = stories.item
            LEFT JOIN enrichments ON enrichments.item = coalesce(stories.item, newest.id)
            WHERE newest.story = :story ORDER BY newest.id DESC LIMIT 1
        """),
        {"story": story},
    ).one_or_none()
    if row is None:
        return None
    fields = {**row._mapping, "correction_notes": tuple(row.correction_notes), "item": WireItem.model_validate(row.content)}
    del fields["content"]
    return Story(**fields)


@dataclass(frozen=True, kw_only=True)
class History:
    """What happened to a story, and what there is of it."""

    revisions: Rows
    names: Rows  #: every `uri` that it came under
    editions: Rows
    feeds: Sequence[str]
    timeline: Rows
    told: Rows
    actions: Rows
    drafts: Rows
    events: Rows  #: versions that the story did not take, or keeps from readers
    descendants: Rows  #: stories that evolved from it
    ancestor: Row[tuple[Any, ...]] | None  #: the story that it evolved from
    alike: Rows  #: stories of others whose texts share much with its own


def read_history(connection: Connection, story: Story) -> History:
    """Everything about a story, each part a look of its own."""

    def rows(query: str) -> Rows:
        return list(connection.execute(text(query), {"story": story.id, "from": story.item.evolved_from}))

    return History(
        revisions=rows("""
            SELECT revisions.revision, act, state, made_at, items.id AS item, items.version, items.uri, items.key_name,
                   items.content ->> 'headline' AS headline
            FROM revisions JOIN items ON items.id = revisions.item
            WHERE revisions.story = :story ORDER BY revision DESC
        """),
        names=rows("SELECT uri, generation FROM identities WHERE story = :story ORDER BY generation"),
        editions=rows("""
            SELECT entries.edition, entries.revision, entries.updated_at, is_notice, has_left, t.method, t.translator
            FROM entries LEFT JOIN LATERAL (
                SELECT method, translator FROM translations WHERE translations.story = entries.story
                  AND translations.edition = entries.edition AND translations.state = 'ready'
                ORDER BY revision DESC, method = 'human' DESC LIMIT 1
            ) AS t ON true
            WHERE entries.story = :story AND format = 'json' ORDER BY entries.edition
        """),
        feeds=connection.execute(text("SELECT feed FROM memberships WHERE story = :story ORDER BY feed"), {"story": story.id})
        .scalars()
        .all(),
        timeline=rows("""
            SELECT items.version, work.stage, work.edition, work.state, work.attempts, work.due_at, work.done_at, work.error
            FROM work JOIN items ON items.id = work.item WHERE items.story = :story ORDER BY work.id DESC LIMIT 60
        """),
        told=rows("""
            SELECT concat_ws(': ', nullif(key, ''), name) AS destination, edition, revision, event, status, deliveries.error,
                   tried_at, acknowledged_at
            FROM deliveries JOIN receivers ON receivers.id = receiver
            WHERE story = :story AND state <> 'superseded' ORDER BY tried_at DESC NULLS FIRST LIMIT 100
        """),
        actions=rows("SELECT done_at, key, action, detail FROM actions WHERE story = :story ORDER BY id DESC LIMIT 50"),
        drafts=rows("""
            SELECT id, act, state, author, changed_at FROM drafts
            WHERE story = :story AND state IN ('open', 'asked') ORDER BY changed_at DESC
        """),
        events=rows("""
            SELECT items.id AS item, items.version, items.key_name, outcome, reason, decided_at,
                   items.content ->> 'headline' AS headline,
                   (identities.generation, items.version) > (stories.generation, stories.version) AS is_open
            FROM decisions JOIN items ON items.id = decisions.item JOIN identities ON identities.uri = items.uri
            JOIN stories ON stories.id = items.story
            WHERE items.story = :story AND outcome IN ('kept', 'refused') ORDER BY decided_at DESC LIMIT 20
        """),
        descendants=rows("""
            SELECT DISTINCT items.story, stories.state, items.content ->> 'headline' AS headline
            FROM identities JOIN items ON items.content ->> 'evolved_from' = identities.uri
            JOIN stories ON stories.id = items.story AND stories.item = items.id
            WHERE identities.story = :story
        """),
        alike=rows("""
            SELECT other.id, other.state, items.content ->> 'headline' AS headline, items.provider,
                   max(links.likeness) AS likeness, bool_or(links.is_same) AS is_same
            FROM (SELECT likenesses.story AS other, likeness, is_same FROM likenesses JOIN items ON items.id = item
                  WHERE items.story = :story
                  UNION ALL
                  SELECT items.story, likeness, is_same FROM likenesses JOIN items ON items.id = item
                  WHERE likenesses.story = :story) AS links
            JOIN stories AS other ON other.id = links.other JOIN items ON items.id = other.item
            GROUP BY other.id, other.state, headline, items.provider ORDER BY likeness DESC LIMIT 20
        """),
        ancestor=next(
            iter(
                rows("""
                    SELECT stories.id, stories.state FROM identities JOIN stories ON stories.id = identities.story
                    WHERE identities.uri = :from AND :from <> ''
                """)
            ),
            None,
        ),
    )


def find_version(connection: Connection, story: str, item: UUID) -> WireItem | None:
    """One of a story's items, whether the story took it or not."""
    row = connection.execute(
        text("SELECT content FROM items WHERE id = :item AND story = :story"), {"item": item, "story": story}
    ).one_or_none()
    return WireItem.model_validate(row.content) if row else None


def read_item(connection: Connection, story: str, revision: int) -> WireItem | None:
    """The item of one revision of a story."""
    row = connection.execute(
        text("""
            SELECT items.content FROM revisions JOIN items ON items.id = revisions.item
            WHERE revisions.story = :story AND revisions.revision = :revision
        """),
        {"story": story, "revision": revision},
    ).one_or_none()
    return WireItem.model_validate(row.content) if row else None


# ── Drafts ───────────────────────────────────────────────────────────────────────────────────────────────────────


def write_draft(
    connection: Connection,
    *,
    draft: UUID | None,
    uri: str,
    story: str | None,
    act: str,
    fields: Mapping[str, Any],
    state: str,
    author: str,
    now: datetime,
) -> UUID:
    """Keep a draft, new or changed. What was sent or dropped already is not changed any more."""
    values = {
        "draft": draft,
        "uri": uri,
        "story": story,
        "act": act,
        "fields": json.dumps(fields),
        "state": state,
        "author": author,
        "now": now,
    }
    if draft is None:
        made: UUID = connection.execute(
            text("""
                INSERT INTO drafts (uri, story, act, fields, state, author, made_at, changed_at)
                VALUES (:uri, :story, :act, CAST(:fields AS jsonb), :state, :author, :now, :now) RETURNING id
            """),
            values,
        ).scalar_one()
        return made
    connection.execute(
        text("""
            UPDATE drafts SET fields = CAST(:fields AS jsonb), state = :state, author = :author, changed_at = :now
            WHERE id = :draft AND state IN ('open', 'asked')
        """),
        values,
    )
    return draft


def find_draft(connection: Connection, draft: UUID) -> Row[tuple[Any, ...]] | None:
    """One draft."""
    return connection.execute(
        text("SELECT id, uri, story, act, fields, state, author, decided_by, changed_at FROM drafts WHERE id = :draft"),
        {"draft": draft},
    ).one_or_none()


def close_draft(connection: Connection, draft: UUID, *, state: str, by: str, now: datetime) -> bool:
    """A draft was sent or dropped. False if somebody was first."""
    return bool(
        connection.execute(
            text("""
                UPDATE drafts SET state = :state, decided_by = :by, changed_at = :now
                WHERE id = :draft AND state IN ('open', 'asked')
            """),
            {"draft": draft, "state": state, "by": by, "now": now},
        ).rowcount
    )


def list_drafts(connection: Connection) -> Rows:
    """What is being written or waits for a second pair of eyes, the newest first."""
    return list(
        connection.execute(
            text("""
                SELECT id, story, act, state, author, changed_at, fields ->> 'headline' AS headline FROM drafts
                WHERE state IN ('open', 'asked') ORDER BY state, changed_at DESC LIMIT 200
            """)
        )
    )


# ── Who did what ─────────────────────────────────────────────────────────────────────────────────────────────────


def note_action(
    connection: Connection, *, key: str, action: str, story: str | None = None, detail: str = "", now: datetime
) -> None:
    """Write down what somebody did. Nothing is ever taken out."""
    connection.execute(
        text("INSERT INTO actions (done_at, key, action, story, detail) VALUES (:now, :key, :action, :story, :detail)"),
        {"now": now, "key": key, "action": action, "story": story, "detail": detail},
    )


def list_actions(connection: Connection, most: int) -> Rows:
    """What was done at the desk, the newest first."""
    return list(
        connection.execute(
            text("SELECT done_at, key, action, story, detail FROM actions ORDER BY id DESC LIMIT :most"), {"most": most}
        )
    )


# ── Feeds ────────────────────────────────────────────────────────────────────────────────────────────────────────


def read_feeds(connection: Connection) -> list[Row[Any]]:
    """The feeds that are defined at the desk."""
    return list(connection.execute(text("SELECT name, definition, changed_by, changed_at FROM feeds ORDER BY name")))


def keep_feed(connection: Connection, name: str, row: FeedRow, *, by: str, now: datetime) -> None:
    """Keep a feed's definition in place of the one before."""
    connection.execute(
        text("""
            INSERT INTO feeds (name, definition, changed_by, changed_at) VALUES (:name, CAST(:definition AS jsonb), :by, :now)
            ON CONFLICT (name) DO UPDATE SET definition = excluded.definition, changed_by = excluded.changed_by,
                changed_at = excluded.changed_at
        """),
        {
            "name": name,
            "definition": row.model_dump_json(exclude_defaults=True, by_alias=True),
            "by": by,
            "now": now,
        },
    )


def remove_feed(connection: Connection, name: str) -> None:
    """Forget a feed's definition; which stories were in it stays known."""
    connection.execute(text("DELETE FROM feeds WHERE name = :name"), {"name": name})


def count_to_sort(connection: Connection) -> int:
    """How many stories of the archive are still to be looked at for feeds that were defined."""
    count: int = connection.execute(text("SELECT count(*) FROM work WHERE stage = 'refile' AND state = 'due'")).scalar_one()
    return count
