"""The SQL of texts in editions: the stories that are to be translated, and what is kept of their translations."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection, text

from services.translation.policy import SourceStory
from services.translation.targets import KeptSegment
from services.translation.text.segments import StoryText
from shared.archive.story_text import STORY_CONTENT
from shared.contracts.item import Doubt, WireItem
from shared.contracts.story import StoryState

#: `memory`: every sentence is remembered of people
Method = Literal["human", "machine", "memory"]


def read_sources(connection: Connection, items: Sequence[UUID]) -> dict[UUID, SourceStory]:
    """The stories that some items belong to, by item, each with its present text."""
    rows = connection.execute(
        text(f"""
            SELECT given.id AS given, stories.id, stories.state, stories.doubt, stories.revision, stories.item,
                   {STORY_CONTENT} AS content,
                   coalesce(nullif(stories.edition, ''), enrichments.language, '') AS language,
                   ARRAY(SELECT feed FROM memberships WHERE memberships.story = stories.id AND NOT moved_out) AS feeds
            FROM items AS given JOIN stories ON stories.id = given.story JOIN items ON items.id = stories.item
            LEFT JOIN enrichments ON enrichments.item = stories.item
            WHERE given.id = ANY(CAST(:ids AS uuid[]))
        """),
        {"ids": list(items)},
    )
    return {
        row.given: SourceStory(
            story=row.id,
            state=StoryState(row.state),
            doubt=row.doubt and Doubt(row.doubt),
            revision=row.revision,
            item=row.item,
            language=row.language,
            text=text_of_content(row.content),
            feeds=frozenset(row.feeds),
        )
        for row in rows
    }


def text_of_content(content: object) -> StoryText:
    """What is translated of an item, as the column `items.content` has it."""
    item = WireItem.model_validate(content)
    return StoryText(headline=item.headline, summary=item.summary, body_html=item.body_html)


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


def was_translated(connection: Connection, story: str, edition: str) -> bool:
    """Has the edition a text for readers, anyone's, of this or an earlier revision?"""
    return bool(
        connection.execute(
            text("SELECT 1 FROM translations WHERE story = :story AND edition = :edition AND state = 'ready' LIMIT 1"),
            {"story": story, "edition": edition},
        ).first()
    )


def count_tries(connection: Connection, story: str, edition: str, revision: int) -> int:
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
class NewTranslation:
    """One text of one revision in one edition, to be kept."""

    story: str
    edition: str
    revision: int
    method: Method
    translator: str
    text: StoryText
    segments: Sequence[KeptSegment] = ()  #: as the translators' desk shows them; none: it is known as a whole only
    is_ready: bool = True  #: for readers; else it waits for a person
    reviewed_by: str = ""  #: who signed a machine's text
    tries: int = 0  #: of engines, while it waits


def write_translation(connection: Connection, translation: NewTranslation, now: datetime) -> None:
    """Keep a translation; a newer one of the same revision by the same method replaces the older.

    What waited waits no more when there is a text for readers; but what a person has begun or signed, only a person ends.
    """
    if translation.is_ready:
        _delete_waiting(connection, translation)
    _insert_translation(connection, translation, now)


def _delete_waiting(connection: Connection, translation: NewTranslation) -> None:
    """What no person has begun makes room for any text that is ready, what one has begun for a person's alone."""
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


def _insert_translation(connection: Connection, translation: NewTranslation, now: datetime) -> None:
    """A machine's text never takes the place of one that a person has signed."""
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
            "segments": json.dumps([segment.as_record() for segment in translation.segments], ensure_ascii=False),
            "tries": translation.tries,
            "now": now,
        },
    )
