"""Translation's SQL."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, text

from services.translation.engines import Text
from shared.archive.story_text import STORY_CONTENT
from shared.contracts.item import Doubt, WireItem
from shared.contracts.story import StoryState


@dataclass(frozen=True, kw_only=True)
class Source:
    """What is to be translated: a story as it is now."""

    story: str
    state: StoryState
    doubt: Doubt | None  #: why it is held
    revision: int
    item: UUID
    language: str
    text: Text
    feeds: frozenset[str]  #: that it belongs to

    @property
    def may_be_translated(self) -> bool:
        """Is it public, or will its first translation make it so?"""
        return self.state is StoryState.PUBLISHED or waits_for_text(self.state, self.doubt)


def waits_for_text(state: StoryState | None, doubt: Doubt | None) -> bool:
    """Does a story wait for its first translation to be public?"""
    return state is StoryState.HELD and doubt is Doubt.NO_EDITION


def read_sources(connection: Connection, items: Sequence[UUID]) -> dict[UUID, Source]:
    """The stories that some items belong to, by item, each with its present text."""
    rows = connection.execute(
        text(f"""
            SELECT asked.id AS asked, stories.id, stories.state, stories.doubt, stories.revision, stories.item,
                   {STORY_CONTENT} AS content,
                   coalesce(nullif(stories.edition, ''), enrichments.language, '') AS language,
                   ARRAY(SELECT feed FROM memberships WHERE memberships.story = stories.id) AS feeds
            FROM items AS asked JOIN stories ON stories.id = asked.story JOIN items ON items.id = stories.item
            LEFT JOIN enrichments ON enrichments.item = stories.item
            WHERE asked.id = ANY(CAST(:ids AS uuid[]))
        """),
        {"ids": list(items)},
    )
    sources = {}
    for row in rows:
        sources[row.asked] = Source(
            story=row.id,
            state=StoryState(row.state),
            doubt=row.doubt and Doubt(row.doubt),
            revision=row.revision,
            item=row.item,
            language=row.language,
            text=_text_of(row.content),
            feeds=frozenset(row.feeds),
        )
    return sources


def _text_of(content: Any) -> Text:
    item = WireItem.model_validate(content)
    return Text(headline=item.headline, summary=item.summary, body_html=item.body_html)


def is_translated(connection: Connection, story: str, edition: str, revision: int) -> bool:
    """Has the edition a text for readers, anyone's, of this revision?"""
    return bool(
        connection.execute(
            text("""
                SELECT 1 FROM translations
                WHERE story = :story AND edition = :edition AND revision = :revision AND state = 'ready'
            """),
            {"story": story, "edition": edition, "revision": revision},
        ).first()
    )


def tries(connection: Connection, story: str, edition: str, revision: int) -> int:
    """How often engines were asked in vain for a text of this revision that passes."""
    return (
        connection.execute(
            text("""
                SELECT max(tries) FROM translations
                WHERE story = :story AND edition = :edition AND revision = :revision AND state = 'waiting'
            """),
            {"story": story, "edition": edition, "revision": revision},
        ).scalar()
        or 0
    )


def was_translated_as_a_whole(connection: Connection, story: str, edition: str) -> bool:
    """Is the newest text for readers a person's that cannot be laid beside its source, sentence by sentence?"""
    row = connection.execute(
        text("""
            SELECT method, segments = '[]' AS is_whole FROM translations
            WHERE story = :story AND edition = :edition AND state = 'ready'
            ORDER BY revision DESC, method = 'human' DESC LIMIT 1
        """),
        {"story": story, "edition": edition},
    ).one_or_none()
    return row is not None and row.method == "human" and bool(row.is_whole)


@dataclass(frozen=True, kw_only=True)
class Translation:
    """One text of one revision in one edition."""

    story: str
    edition: str
    revision: int
    method: str  #: `human`, `machine`, or `memory` where every sentence is remembered of people
    translator: str
    text: Text
    segments: Sequence[Mapping[str, object]] = ()  #: as the translators' desk shows them; none: it is known as a whole only
    is_ready: bool = True  #: for readers; else it waits for a person
    reviewed_by: str = ""  #: who signed a machine's text
    tries: int = 0


def read_translation(connection: Connection, story: str, edition: str) -> Row[Any] | None:
    """The newest text of a story in an edition, for readers or not; of one revision what a person has begun comes first."""
    return connection.execute(
        text("""
            SELECT * FROM translations WHERE story = :story AND edition = :edition
            ORDER BY revision DESC, method = 'human' DESC, state = 'waiting' DESC LIMIT 1
        """),
        {"story": story, "edition": edition},
    ).one_or_none()


def list_waiting(connection: Connection, edition: str, *, count: int) -> list[Row[Any]]:
    """Stories whose newest revision has no text for this edition's readers, the newest first: those that are public, and those
    that no reader has because they are in no edition's language.

    Each with what readers see meanwhile (`shown_revision`), and what stands ready for a person: whose, and which gates held it.
    """
    return list(
        connection.execute(
            text("""
                SELECT stories.id AS story, stories.revision, items.content ->> 'headline' AS headline,
                       coalesce((items.content ->> 'urgency')::int, 5) AS urgency,
                       coalesce(stories.edition, enrichments.language, '') AS language,
                       ready.revision AS shown_revision, waiting.translator,
                       (SELECT array_agg(DISTINCT fault ->> 0) FROM jsonb_array_elements(waiting.segments) AS segment,
                        jsonb_array_elements(segment -> 'faults') AS fault) AS gates
                FROM stories JOIN items ON items.id = stories.item LEFT JOIN enrichments ON enrichments.item = items.id
                LEFT JOIN LATERAL (
                    SELECT revision FROM translations WHERE translations.story = stories.id AND translations.edition = :edition
                      AND translations.state = 'ready' ORDER BY revision DESC LIMIT 1
                ) AS ready ON true
                LEFT JOIN LATERAL (
                    SELECT * FROM translations WHERE translations.story = stories.id AND translations.edition = :edition
                      AND translations.state = 'waiting' ORDER BY revision DESC, method = 'human' DESC LIMIT 1
                ) AS waiting ON true
                WHERE (stories.state = 'published' OR (stories.state = 'held' AND stories.doubt = 'no-edition'))
                  AND stories.edition IS DISTINCT FROM :edition
                  AND ready.revision IS DISTINCT FROM stories.revision
                ORDER BY stories.updated_at DESC LIMIT :count
            """),
            {"edition": edition, "count": count},
        )
    )


def write_translation(connection: Connection, translation: Translation, now: datetime) -> None:
    """Keep a translation; a newer one of the same revision by the same method replaces the older.

    What waited waits no more when there is a text for readers; but what a person has begun or signed, only a person ends.
    """
    if translation.is_ready:
        connection.execute(
            text("""
                DELETE FROM translations WHERE story = :story AND edition = :edition AND revision <= :revision
                  AND state = 'waiting' AND (method <> 'human' OR :by_a_person)
            """),
            {
                "story": translation.story,
                "edition": translation.edition,
                "revision": translation.revision,
                "by_a_person": translation.method == "human" or bool(translation.reviewed_by),
            },
        )
    connection.execute(
        text("""
            INSERT INTO translations (story, edition, revision, method, state, translator, reviewed_by, headline, summary,
                                      body_html, segments, tries, made_at)
            VALUES (:story, :edition, :revision, :method, :state, :translator, :reviewed_by, :headline, :summary,
                    :body_html, CAST(:segments AS jsonb), :tries, :now)
            ON CONFLICT (story, edition, revision, method) DO UPDATE SET state = excluded.state,
                translator = excluded.translator, reviewed_by = excluded.reviewed_by, headline = excluded.headline,
                summary = excluded.summary, body_html = excluded.body_html, segments = excluded.segments,
                tries = excluded.tries, made_at = excluded.made_at
            WHERE translations.reviewed_by = '' OR excluded.reviewed_by <> ''
        """),
        {
            "story": translation.story,
            "edition": translation.edition,
            "revision": translation.revision,
            "method": translation.method,
            "state": "ready" if translation.is_ready else "waiting",
            "translator": translation.translator,
            "reviewed_by": translation.reviewed_by,
            "headline": translation.text.headline,
            "summary": translation.text.summary,
            "body_html": translation.text.body_html,
            "segments": json.dumps(list(translation.segments), ensure_ascii=False),
            "tries": translation.tries,
            "now": now,
        },
    )


@dataclass(frozen=True, kw_only=True)
class Translatable:
    """What a translator's text is for."""

    item: UUID  #: the newest item of the story; its timeline shows the edition's work
    revision: int  #: of its text
    newest_revision: int  #: counts what is accepted and not yet published too
    state: StoryState | None  #: None: accepted and not yet published
    doubt: Doubt | None  #: why it is held
    edition: str | None  #: the story's own, once it is known
    language: str  #: its text's, as far as it is known
    text: Text  #: its newest public text; the newest item's before there is one


def find_translatable(connection: Connection, story: str) -> Translatable | None:
    """The story that a translator names, also if it is accepted and not yet published."""
    row = connection.execute(
        text(f"""
            SELECT items.id AS item, coalesce(stories.revision, count(*) OVER ()) AS revision,
                   greatest(stories.revision, count(*) OVER ()) AS newest_revision, stories.state, stories.doubt,
                   stories.edition, coalesce(stories.edition, enrichments.language, items.content ->> 'language') AS language,
                   coalesce((SELECT {STORY_CONTENT} FROM items AS own WHERE own.id = stories.item), items.content) AS content
            FROM items LEFT JOIN stories ON stories.id = items.story LEFT JOIN enrichments ON enrichments.item = items.id
            WHERE items.story = :story ORDER BY items.version DESC LIMIT 1
        """),
        {"story": story},
    ).one_or_none()
    if row is None:
        return None
    return Translatable(
        item=row.item,
        revision=row.revision,
        newest_revision=row.newest_revision,
        state=row.state and StoryState(row.state),
        doubt=row.doubt and Doubt(row.doubt),
        edition=row.edition,
        language=row.language or "",
        text=_text_of(row.content),
    )
