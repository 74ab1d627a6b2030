"""The SQL of the translators' desk: what waits for a person, and the story and text that one works on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection, text

from services.translation.queries import Method, text_of_content
from services.translation.targets import KeptSegment
from services.translation.text.segments import StoryText
from shared.archive.story_text import STORY_CONTENT
from shared.contracts.item import Doubt
from shared.contracts.story import StoryState


@dataclass(frozen=True, kw_only=True)
class KeptTranslation:
    """A text of a story in an edition, as it is kept."""

    revision: int  #: of the story, that it renders
    method: Method
    state: Literal["ready", "waiting"]
    translator: str
    reviewed_by: str  #: who signed a machine's text
    text: StoryText
    segments: tuple[KeptSegment, ...]  #: none: it is known as a whole only


def read_translation(connection: Connection, story: str, edition: str) -> KeptTranslation | None:
    """The newest text of a story in an edition, for readers or not; of one revision what a person has begun comes first."""
    row = connection.execute(
        text("""
            SELECT revision, method, state, translator, reviewed_by, headline, summary, body_html, segments
            FROM translations WHERE story = :story AND edition = :edition
            ORDER BY revision DESC, method = 'human' DESC, state = 'waiting' DESC LIMIT 1
        """),
        {"story": story, "edition": edition},
    ).one_or_none()
    if row is None:
        return None
    return KeptTranslation(
        revision=row.revision,
        method=row.method,
        state=row.state,
        translator=row.translator,
        reviewed_by=row.reviewed_by,
        text=StoryText(headline=row.headline, summary=row.summary, body_html=row.body_html),
        segments=tuple(KeptSegment.from_record(record) for record in row.segments),
    )


@dataclass(frozen=True, kw_only=True)
class WaitingStory:
    """A story that an edition's readers do not have in its newest revision."""

    story: str
    headline: str
    urgency: int
    language: str
    revision: int
    shown_revision: int | None  #: what readers see meanwhile
    prepared_by: str | None  #: whose text stands ready for a person
    gates: tuple[str, ...]  #: which held that, in the order of the alphabet


#: each with what readers see meanwhile, and what stands ready for a person: whose, and which gates held it
_WAITING = text("""
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
    ORDER BY stories.updated_at DESC LIMIT :limit
""")


def list_waiting(connection: Connection, edition: str, *, limit: int) -> list[WaitingStory]:
    """Stories whose newest revision has no text for this edition's readers, the newest first: those that are public, and those
    that no reader has because they are in no edition's language.
    """
    rows = connection.execute(_WAITING, {"edition": edition, "limit": limit})
    return [
        WaitingStory(
            story=row.story,
            headline=row.headline or "",
            urgency=row.urgency,
            language=row.language,
            revision=row.revision,
            shown_revision=row.shown_revision,
            prepared_by=row.translator,
            gates=tuple(sorted(row.gates or ())),
        )
        for row in rows
    ]


@dataclass(frozen=True, kw_only=True)
class Translatable:
    """The story that a translator's text is for, also if it is accepted and not yet published."""

    story: str
    item: UUID  #: the newest item of the story; its timeline shows the edition's work
    revision: int  #: of its text
    newest_revision: int  #: counts what is accepted and not yet published too
    state: StoryState | None  #: None: accepted and not yet published
    doubt: Doubt | None  #: why it is held
    edition: str | None  #: the story's own, once it is known
    language: str  #: its text's, as far as it is known
    text: StoryText  #: its newest public text; the newest item's before there is one


def find_translatable(connection: Connection, story: str) -> Translatable | None:
    """The story that a translator names, with its newest text."""
    row = connection.execute(
        text(f"""
            SELECT items.id AS item, coalesce(stories.revision, count(*) OVER ()) AS revision,
                   greatest(stories.revision, count(*) OVER ()) AS newest_revision, stories.state, stories.doubt,
                   stories.edition, coalesce(stories.edition, enrichments.language, items.content ->> 'language') AS language,
                   coalesce((SELECT {STORY_CONTENT} FROM items WHERE items.id = stories.item), items.content) AS content
            FROM items LEFT JOIN stories ON stories.id = items.story LEFT JOIN enrichments ON enrichments.item = items.id
            WHERE items.story = :story ORDER BY items.version DESC LIMIT 1
        """),
        {"story": story},
    ).one_or_none()
    if row is None:
        return None
    return Translatable(
        story=story,
        item=row.item,
        revision=row.revision,
        newest_revision=row.newest_revision,
        state=row.state and StoryState(row.state),
        doubt=row.doubt and Doubt(row.doubt),
        edition=row.edition,
        language=row.language or "",
        text=text_of_content(row.content),
    )
