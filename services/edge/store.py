"""Edge's SQL: reading only, what readers may see and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, text

from services.edge.revisions import Revision
from shared.contracts.item import WireItem
from shared.contracts.story import StoryState


@dataclass(frozen=True, kw_only=True)
class Page:
    """A story as an edition's readers see it: the entry that rendering made."""

    story: str
    edition: str
    state: str
    is_notice: bool
    published_at: datetime
    updated_at: datetime
    entry: bytes  #: the JSON Feed item: everything that a page shows
    editions: tuple[str, ...]  #: the other editions that have it


def find_page(connection: Connection, story: str, edition: str) -> Page | None:
    """A story's entry in an edition; None if its readers see nothing of it."""
    rows = _pages(connection, "entries.story = :story AND entries.edition = :edition", story=story, edition=edition)
    return rows[0] if rows else None


def newest_pages(connection: Connection, edition: str, count: int) -> Sequence[Page]:
    """The newest entries of an edition, for its front page."""
    return _pages(connection, "entries.edition = :edition AND NOT entries.has_left", edition=edition, count=count)


def _pages(connection: Connection, which: str, **parameters: object) -> list[Page]:
    rows = connection.execute(
        text(f"""
            SELECT entries.story, entries.edition, stories.state, is_notice, entries.published_at, entries.updated_at,
                   body, ARRAY(SELECT others.edition FROM entries AS others WHERE others.story = entries.story
                               AND others.format = 'json' AND others.edition <> entries.edition ORDER BY 1) AS editions
            FROM entries JOIN stories ON stories.id = entries.story
            WHERE format = 'json' AND {which} ORDER BY entries.published_at DESC, entries.story DESC LIMIT :count
        """),
        {"count": 1, **parameters},
    )
    return [
        Page(
            story=row.story,
            edition=row.edition,
            state=row.state,
            is_notice=row.is_notice,
            published_at=row.published_at,
            updated_at=row.updated_at,
            entry=row.body,
            editions=tuple(row.editions),
        )
        for row in rows
    ]


def find_story(connection: Connection, story: str) -> Row[tuple[object, ...]] | None:
    """A story's state and when it became public."""
    return connection.execute(
        text("SELECT id, state, published_at FROM stories WHERE id = :story"), {"story": story}
    ).one_or_none()


def read_revisions(connection: Connection, story: str) -> list[Revision]:
    """Every revision of a story, the first one first."""
    rows = connection.execute(
        text("""
            SELECT revisions.revision, act, state, made_at, items.id, items.version, items.key_name, items.content
            FROM revisions JOIN items ON items.id = revisions.item
            WHERE revisions.story = :story ORDER BY revision
        """),
        {"story": story},
    )
    return [
        Revision(
            revision=row.revision,
            act=row.act,
            state=StoryState(row.state),
            made_at=row.made_at,
            item=str(row.id),
            version=row.version,
            sent_by=row.key_name,
            content=WireItem.model_validate(row.content),
        )
        for row in rows
    ]
