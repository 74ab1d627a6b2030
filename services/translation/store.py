"""Translation's SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from services.translation.engines import Text
from shared.archive.story_text import STORY_CONTENT
from shared.contracts.item import WireItem
from shared.contracts.story import StoryState


@dataclass(frozen=True, kw_only=True)
class Source:
    """What is to be translated: a story as it is now."""

    story: str
    state: StoryState
    revision: int
    item: UUID
    language: str
    text: Text


def read_sources(connection: Connection, items: Sequence[UUID]) -> dict[UUID, Source]:
    """The stories that some items belong to, by item, each with its present text."""
    rows = connection.execute(
        text(f"""
            SELECT asked.id AS asked, stories.id, stories.state, stories.revision, stories.item,
                   {STORY_CONTENT} AS content,
                   coalesce(stories.edition, enrichments.language, '') AS language
            FROM items AS asked JOIN stories ON stories.id = asked.story JOIN items ON items.id = stories.item
            LEFT JOIN enrichments ON enrichments.item = stories.item
            WHERE asked.id = ANY(CAST(:ids AS uuid[]))
        """),
        {"ids": list(items)},
    )
    sources = {}
    for row in rows:
        item = WireItem.model_validate(row.content)
        sources[row.asked] = Source(
            story=row.id,
            state=StoryState(row.state),
            revision=row.revision,
            item=row.item,
            language=row.language,
            text=Text(headline=item.headline, summary=item.summary, body_html=item.body_html),
        )
    return sources


def is_translated(connection: Connection, story: str, edition: str, revision: int) -> bool:
    """Has the edition a text, anyone's, of this revision?"""
    return bool(
        connection.execute(
            text("SELECT 1 FROM translations WHERE story = :story AND edition = :edition AND revision = :revision"),
            {"story": story, "edition": edition, "revision": revision},
        ).first()
    )


@dataclass(frozen=True, kw_only=True)
class Translation:
    """One text of one revision in one edition."""

    story: str
    edition: str
    revision: int
    method: str  #: `human` or `machine`
    translator: str
    text: Text


def write_translation(connection: Connection, translation: Translation, now: datetime) -> None:
    """Keep a translation; a person's newer text of the same revision replaces the older."""
    connection.execute(
        text("""
            INSERT INTO translations (story, edition, revision, method, translator, headline, summary, body_html, made_at)
            VALUES (:story, :edition, :revision, :method, :translator, :headline, :summary, :body_html, :now)
            ON CONFLICT (story, edition, revision, method) DO UPDATE SET translator = excluded.translator,
                headline = excluded.headline, summary = excluded.summary, body_html = excluded.body_html,
                made_at = excluded.made_at
        """),
        {
            "story": translation.story,
            "edition": translation.edition,
            "revision": translation.revision,
            "method": translation.method,
            "translator": translation.translator,
            "headline": translation.text.headline,
            "summary": translation.text.summary,
            "body_html": translation.text.body_html,
            "now": now,
        },
    )


@dataclass(frozen=True, kw_only=True)
class Target:
    """What a translator's text is for."""

    item: UUID  #: the newest item of the story; its timeline shows the edition's work
    newest_revision: int  #: counts what is accepted and not yet published too
    state: StoryState | None  #: None: accepted and not yet published
    edition: str | None  #: the story's own, once it is known


def find_target(connection: Connection, story: str) -> Target | None:
    """The story that a translator names, also if it is accepted and not yet published."""
    row = connection.execute(
        text("""
            SELECT items.id AS item, greatest(stories.revision, count(*) OVER ()) AS newest_revision, stories.state,
                   stories.edition
            FROM items LEFT JOIN stories ON stories.id = items.story
            WHERE items.story = :story ORDER BY items.version DESC LIMIT 1
        """),
        {"story": story},
    ).one_or_none()
    if row is None:
        return None
    return Target(
        item=row.item,
        newest_revision=row.newest_revision,
        state=row.state and StoryState(row.state),
        edition=row.edition,
    )
