"""SQL of a story's page: the story, and all that happened to it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from services.desk.record.queries import Action, list_actions_on
from services.desk.writing.queries import OpenDraft, list_drafts_of
from shared.archive.sorting import REGIONS, SECTIONS, TAGS
from shared.archive.story_text import STORY_CONTENT
from shared.contracts.finding import Findings
from shared.contracts.item import WireItem
from shared.contracts.problem import NotFound

# ── The story ────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Story:
    """A story as the desk sees it: as publish left it, or as it was accepted and waits."""

    id: str
    uri: str
    state: str  #: a `StoryState`, or "accepted"
    revision: int  #: 0: none yet
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
    regions: tuple[str, ...]
    sections: tuple[str, ...]
    tags: tuple[str, ...]
    findings: Findings  #: what was found of it, and why, whether it stands or not
    sorted_by: str  #: the editor whose word on these stands; empty: nobody's does
    sorted_at: datetime | None
    item: WireItem
    next_version: int  #: of its `uri`

    @property
    def is_final(self) -> bool:
        """Can nothing be done to it any more?"""
        return self.state == "killed"


def find_story(connection: Connection, story_id: str) -> Story | None:
    """A story; one that was accepted and not yet published counts."""
    row = connection.execute(_STORY, {"story": story_id}).one_or_none()
    if row is None:
        return None
    lists = {name: tuple(row._mapping[name]) for name in ("correction_notes", "regions", "sections", "tags")}
    fields = {**row._mapping, **lists, "findings": Findings.model_validate(row.findings)}
    return Story(item=WireItem.model_validate(fields.pop("content")), **fields)


def require_story(connection: Connection, story_id: str) -> Story:
    """The same. Raises NotFound where there is none."""
    story = find_story(connection, story_id)
    if story is None:
        raise NotFound(f"There is no story {story_id[:80]!r}.")
    return story


# from the newest item that was accepted for it, whether publish has come to it or not
_STORY = text(f"""
    SELECT newest.story AS id, coalesce(stories.uri, newest.uri) AS uri, coalesce(stories.state, 'accepted') AS state,
           coalesce(stories.revision, 0) AS revision, stories.edition, stories.published_at,
           coalesce(stories.updated_at, newest.accepted_at) AS updated_at, stories.embargoed_until,
           stories.scheduled_for, stories.expires_at, stories.kill_reason, stories.doubt,
           coalesce(stories.doubt_note, '') AS doubt_note, coalesce(stories.is_desk_hold, false) AS is_desk_hold,
           coalesce(stories.held_by, '') AS held_by, coalesce(enrichments.language, '') AS language,
           coalesce(enrichments.language_by = 'guess', false) AS is_language_guessed,
           {REGIONS} AS regions, {SECTIONS} AS sections, {TAGS} AS tags, coalesce(enrichments.findings, '{{}}') AS findings,
           coalesce(sortings.key_name, '') AS sorted_by, sortings.sorted_at,
           coalesce(stories.correction_notes, '{{}}') AS correction_notes,
           CASE WHEN stories.id IS NULL THEN newest.content ELSE {STORY_CONTENT} END AS content,
           (SELECT max(version) + 1 FROM items AS own
            WHERE own.uri = coalesce(stories.uri, newest.uri)) AS next_version
    FROM items AS newest LEFT JOIN stories ON stories.id = newest.story LEFT JOIN items ON items.id = stories.item
    LEFT JOIN enrichments ON enrichments.item = coalesce(stories.item, newest.id)
    LEFT JOIN sortings ON sortings.story = newest.story
    WHERE newest.story = :story ORDER BY newest.id DESC LIMIT 1
""")


def require_version(connection: Connection, story: str, item: str) -> WireItem:
    """One of a story's items by its id, whether the story took it or not. Raises NotFound where it is none of them."""
    with suppress(ValueError):
        if row := connection.execute(_VERSION, {"item": UUID(item), "story": story}).one_or_none():
            return WireItem.model_validate(row.content)
    raise NotFound("This version is not one of the story's.")


# by the item's own id; the story is asked for so that nobody reads another one's text under its name
_VERSION = text("SELECT content FROM items WHERE id = :item AND story = :story")


def find_revision(connection: Connection, story: str, revision: int) -> WireItem | None:
    """The item that a revision of a story has its text from."""
    row = connection.execute(_REVISION, {"story": story, "revision": revision}).one_or_none()
    return WireItem.model_validate(row.content) if row else None


# the one item of a revision
_REVISION = text("""
    SELECT items.content FROM revisions JOIN items ON items.id = revisions.item
    WHERE revisions.story = :story AND revisions.revision = :revision
""")

# ── All that happened to it ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Revision:
    """A revision of a story, and the item that made it."""

    revision: int
    act: str
    made_at: datetime
    key_name: str  #: who sent the item
    headline: str | None  #: None: the item has no text, as a kill has none


@dataclass(frozen=True, kw_only=True)
class ShownEdition:
    """What an edition's readers see of a story."""

    edition: str
    revision: int
    updated_at: datetime
    is_notice: bool
    has_left: bool  #: they see nothing any more
    method: str | None  #: how it was translated; None: it was not
    translator: str | None


@dataclass(frozen=True, kw_only=True)
class TimelineRow:
    """A piece of work that a version of a story made."""

    version: int
    stage: str
    edition: str
    state: str
    due_at: datetime
    done_at: datetime | None
    error: str | None


@dataclass(frozen=True, kw_only=True)
class Notification:
    """A receiver that was sent word of a story, and what it answered."""

    destination: str
    edition: str
    revision: int
    event: str
    status: int | None
    error: str | None
    tried_at: datetime | None  #: None: not yet
    acknowledged_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class LeftVersion:
    """A version that the story did not take, or keeps from readers."""

    item: UUID
    version: int
    key_name: str  #: who sent it
    outcome: str  #: kept or refused
    reason: str
    decided_at: datetime
    headline: str | None
    is_open: bool  #: Is it newer than what the story has?


@dataclass(frozen=True, kw_only=True)
class Ancestor:
    """The story that another evolved from."""

    id: str
    state: str


@dataclass(frozen=True, kw_only=True)
class Descendant:
    """A story that evolved from another."""

    id: str
    state: str
    headline: str | None


@dataclass(frozen=True, kw_only=True)
class SimilarStory:
    """A story whose text shares much with another's."""

    id: str
    state: str
    headline: str | None
    provider: str
    likeness: float  #: how much of the shorter text is in the other, 0 to 1
    is_same: bool  #: word by word and figure by figure
    is_own_providers: bool


@dataclass(frozen=True, kw_only=True)
class History:
    """What happened to a story, and what there is of it."""

    revisions: Sequence[Revision]  #: the newest first
    uris: Sequence[str]  #: every name that it came under, the first one first
    editions: Sequence[ShownEdition]
    feeds: Sequence[str]
    timeline: Sequence[TimelineRow]  #: the newest first
    notifications: Sequence[Notification]  #: those that wait first, then the newest
    actions: Sequence[Action]  #: the newest first
    drafts: Sequence[OpenDraft]  #: the newest first
    left_versions: Sequence[LeftVersion]  #: the newest first
    descendants: Sequence[Descendant]  #: of a killed story alone
    ancestor: Ancestor | None
    alike: Sequence[SimilarStory]  #: the likest first


def read_history(connection: Connection, story: Story) -> History:
    """Everything about a story, each part by a query of its own; long ones are cut to what a page has room for."""
    of = {"story": story.id}
    return History(
        revisions=[Revision(**row._mapping) for row in connection.execute(_REVISIONS, of)],
        uris=connection.execute(_URIS, of).scalars().all(),
        editions=[ShownEdition(**row._mapping) for row in connection.execute(_EDITIONS, of)],
        feeds=connection.execute(_FEEDS, of).scalars().all(),
        timeline=[TimelineRow(**row._mapping) for row in connection.execute(_TIMELINE, of)],
        notifications=[Notification(**row._mapping) for row in connection.execute(_NOTIFICATIONS, of)],
        actions=list_actions_on(connection, story.id, limit=50),
        drafts=list_drafts_of(connection, story.id),
        left_versions=[LeftVersion(**row._mapping) for row in connection.execute(_LEFT_VERSIONS, of)],
        # no index leads from a story to those that evolved from it, and only a kill asks for them
        descendants=[Descendant(**row._mapping) for row in connection.execute(_DESCENDANTS, of)] if story.is_final else (),
        ancestor=_find_ancestor(connection, story.item.evolved_from),
        alike=[SimilarStory(**row._mapping) for row in connection.execute(_ALIKE, of)],
    )


def _find_ancestor(connection: Connection, uri: str) -> Ancestor | None:
    if not uri:
        return None
    row = connection.execute(_ANCESTOR, {"uri": uri}).one_or_none()
    return Ancestor(**row._mapping) if row else None


# what the story became, step by step
_REVISIONS = text("""
    SELECT revisions.revision, act, made_at, items.key_name, items.content ->> 'headline' AS headline
    FROM revisions JOIN items ON items.id = revisions.item
    WHERE revisions.story = :story ORDER BY revision DESC
""")

# a story that is sent again under another `uri` replaces the one before and has a higher generation
_URIS = text("SELECT uri FROM identities WHERE story = :story ORDER BY generation")

# one format stands for all; of translations of one revision a person's comes first
_EDITIONS = text("""
    SELECT entries.edition, entries.revision, entries.updated_at, is_notice, has_left, t.method, t.translator
    FROM entries LEFT JOIN LATERAL (
        SELECT method, translator FROM translations WHERE translations.story = entries.story
          AND translations.edition = entries.edition AND translations.state = 'ready'
        ORDER BY revision DESC, method = 'human' DESC LIMIT 1
    ) AS t ON true
    WHERE entries.story = :story AND format = 'json' ORDER BY entries.edition
""")

# the feeds that the story came into
_FEEDS = text("SELECT feed FROM memberships WHERE story = :story AND NOT moved_out ORDER BY feed")

# what the stages did with each of the story's items
_TIMELINE = text("""
    SELECT items.version, work.stage, work.edition, work.state, work.due_at, work.done_at, work.error
    FROM work JOIN items ON items.id = work.item WHERE items.story = :story ORDER BY work.id DESC LIMIT 60
""")

# what a newer notification overtook before it was sent was never one
_NOTIFICATIONS = text("""
    SELECT concat_ws(': ', nullif(key, ''), name) AS destination, edition, revision, event, status, deliveries.error,
           tried_at, acknowledged_at
    FROM deliveries JOIN receivers ON receivers.id = receiver
    WHERE story = :story AND state <> 'superseded' ORDER BY tried_at DESC NULLS FIRST LIMIT 100
""")

# versions that publish decided against, and whether the story has moved beyond them since
_LEFT_VERSIONS = text("""
    SELECT items.id AS item, items.version, items.key_name, outcome, reason, decided_at,
           items.content ->> 'headline' AS headline,
           (identities.generation, items.version) > (stories.generation, stories.version) AS is_open
    FROM decisions JOIN items ON items.id = decisions.item JOIN identities ON identities.uri = items.uri
    JOIN stories ON stories.id = items.story
    WHERE items.story = :story AND outcome IN ('kept', 'refused') ORDER BY decided_at DESC LIMIT 20
""")

# stories whose newest text names one of this story's names as what it evolved from
_DESCENDANTS = text("""
    SELECT DISTINCT items.story AS id, stories.state, items.content ->> 'headline' AS headline
    FROM identities JOIN items ON items.content ->> 'evolved_from' = identities.uri
    JOIN stories ON stories.id = items.story AND stories.item = items.id
    WHERE identities.story = :story
""")

# the story that has this name, whichever of its names it is
_ANCESTOR = text("""
    SELECT stories.id, stories.state FROM identities JOIN stories ON stories.id = identities.story WHERE identities.uri = :uri
""")

# likenesses are kept with the story that came later: so those that it has to earlier ones, and those of later ones to it
_ALIKE = text("""
    SELECT other.id, other.state, items.content ->> 'headline' AS headline, items.provider,
           max(links.likeness) AS likeness, bool_or(links.is_same) AS is_same,
           items.provider = (SELECT provider FROM items WHERE items.story = :story ORDER BY id DESC LIMIT 1) AS is_own_providers
    FROM (SELECT likenesses.story AS other, likeness, is_same FROM likenesses JOIN items ON items.id = item
          WHERE items.story = :story
          UNION ALL
          SELECT items.story, likeness, is_same FROM likenesses JOIN items ON items.id = item
          WHERE likenesses.story = :story) AS links
    JOIN stories AS other ON other.id = links.other JOIN items ON items.id = other.item
    GROUP BY other.id, other.state, headline, items.provider ORDER BY likeness DESC LIMIT 20
""")
