"""The content API's SQL: what a story's entry was made of, and its revisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, text

from services.edge.content.revisions import Revision
from shared.archive.story_text import NEWEST_TRANSLATION, STORY_CONTENT
from shared.archive.visible import PUBLIC
from shared.contracts.feeds import READ_FROM
from shared.contracts.item import WireItem
from shared.contracts.story import Act, StoryState


@dataclass(frozen=True, kw_only=True)
class TranslatedText:
    """A story's newest text in an edition that readers may see, if it was written in another language."""

    method: str  #: `human`, `machine`, or `memory`
    translator: str
    reviewed_by: str
    headline: str
    summary: str
    body_html: str
    made_at: datetime


@dataclass(frozen=True, kw_only=True)
class Details:
    """What an entry was made of, for formats that say more than a feed does."""

    version: int
    item: WireItem | None  #: None: taken back
    is_own: bool  #: is this the edition of the story's own language?
    last_act: Act
    correction_notes: tuple[str, ...]
    translation: TranslatedText | None


def read_details(connection: Connection, stories: Sequence[str], edition: str) -> dict[str, Details]:
    """The details of some stories in an edition."""
    rows = connection.execute(_DETAILS, {"stories": list(stories), "edition": edition})
    return {row.id: _details(row, edition) for row in rows}


def _details(row: Row[tuple[Any, ...]], edition: str) -> Details:
    return Details(
        version=row.version,
        item=WireItem.model_validate(row.content) if row.content else None,
        is_own=row.own_edition == edition,
        last_act=Act(row.act),
        correction_notes=tuple(row.correction_notes),
        translation=TranslatedText(
            method=row.method,
            translator=row.translator,
            reviewed_by=row.reviewed_by,
            headline=row.headline,
            summary=row.summary,
            body_html=row.body_html,
            made_at=row.made_at,
        )
        if row.method
        else None,
    )


_DETAILS = text(f"""
    SELECT stories.id, entries.version, CASE WHEN {PUBLIC} THEN {STORY_CONTENT} END AS content,
           stories.edition AS own_edition, stories.correction_notes,
           (SELECT act FROM revisions WHERE revisions.story = stories.id ORDER BY revisions.revision DESC LIMIT 1) AS act,
           t.method, t.translator, t.reviewed_by, t.headline, t.summary, t.body_html, t.made_at
    FROM stories JOIN items ON items.id = stories.item
    JOIN entries ON entries.story = stories.id AND entries.edition = :edition AND entries.format = '{READ_FROM}'
    LEFT JOIN LATERAL ({NEWEST_TRANSLATION}) AS t ON true
    WHERE stories.id = ANY(CAST(:stories AS varchar[]))
""")


@dataclass(frozen=True, kw_only=True)
class Story:
    """A story beside its entries."""

    state: StoryState
    edition: str | None  #: of its own language
    published_at: datetime | None  #: None: it has never been public


def find_story(connection: Connection, story: str) -> Story | None:
    """A story; None if there is none of that identifier."""
    row = connection.execute(
        text("SELECT state, edition, published_at FROM stories WHERE id = :story"), {"story": story}
    ).one_or_none()
    return Story(state=StoryState(row.state), edition=row.edition, published_at=row.published_at) if row else None


def read_revisions(connection: Connection, story: str) -> list[Revision]:
    """Every revision of a story, the first one first."""
    rows = connection.execute(
        text("""
            SELECT revisions.revision, act, state, made_at, items.id AS item, items.version, items.key_name AS sent_by,
                   items.content
            FROM revisions JOIN items ON items.id = revisions.item
            WHERE revisions.story = :story ORDER BY revision
        """),
        {"story": story},
    )
    return [
        Revision(
            **row._asdict()
            | {
                "act": Act(row.act),
                "state": StoryState(row.state),
                "item": str(row.item),
                "content": WireItem.model_validate(row.content),
            }
        )
        for row in rows
    ]
