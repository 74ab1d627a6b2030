"""Edge's SQL: reading only, what readers may see and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import Connection, text

from services.edge.outputs import PublishingStatus
from services.edge.revisions import Revision
from shared.archive.story_text import NEWEST_TRANSLATION, STORY_CONTENT
from shared.archive.visible import GONE, LISTED, NOTICE, PUBLIC, READABLE
from shared.contracts.entry import StoredEntry
from shared.contracts.feeds import READ_FROM, FeedFormat, facet
from shared.contracts.item import WireItem
from shared.contracts.story import Act, StoryState
from shared.searching import configuration_of, searchable
from shared.settings import settings
from shared.wire import in_language, wire

NEWEST_FIRST = "entries.published_at DESC, entries.story DESC"


@dataclass(frozen=True, kw_only=True)
class Page:
    """A story as an edition's readers see it."""

    story: str
    edition: str
    state: StoryState
    is_notice: bool
    revision: int
    published_at: datetime
    updated_at: datetime
    body: bytes | None  #: the entry as rendering wrote it; None: taken back, its notice is not rendered yet
    editions: tuple[str, ...]  #: the other editions that have it

    @property
    def is_gone(self) -> bool:
        """Taken back for good."""
        return self.state in GONE

    @property
    def pubstatus(self) -> PublishingStatus:
        """IPTC's publishing status: what readers may do with it now."""
        return "canceled" if self.state == StoryState.KILLED else "withheld" if self.is_notice else "usable"

    @cached_property
    def entry(self) -> StoredEntry:
        """All that readers may see. Of what was taken back that is the notice's own words, whatever else is stored."""
        stored = StoredEntry.read(self.body) if self.body is not None else None
        if stored and not self.is_notice:
            return stored
        agency = wire().agency
        return StoredEntry.notice(
            id=f"tag:{agency.domain},2024:{self.story}:{self.edition}",
            url=f"{settings().public_url}/{self.edition}/stories/{self.story}",
            story=self.story,
            edition=self.edition,
            revision=self.revision,
            author=in_language(agency.name, self.edition),
            rights=in_language(agency.copyright, self.edition),
            published_at=self.published_at,
            updated_at=self.updated_at,
            title=stored.title if stored else "",
            summary=stored.summary if stored else "",
            content_html=stored.content_html if stored else "",
        )


def find_page(connection: Connection, story: str, edition: str) -> Page | None:
    """A story's entry in an edition; None if its readers see nothing of it."""
    which = "entries.story = :story AND entries.edition = :edition"
    rows = pages_where(connection, which, {"story": story, "edition": edition}, count=1)
    return rows[0] if rows else None


@dataclass(frozen=True, kw_only=True)
class Place:
    """A place in a list that stays where it is while the wire moves."""

    published_at: datetime
    story: str


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which stories a list has; empty: all."""

    edition: str
    region: str = ""
    section: str = ""
    tag: str = ""
    label: str = ""
    feed: str = ""  #: any public feed, regions and sections among them
    provider: str = ""
    words: str = ""
    since: datetime | None = None
    until: datetime | None = None


def list_pages(connection: Connection, wanted: Wanted, *, after: Place | None, count: int) -> Sequence[Page]:
    """The stories that are wanted, the newest first. A notice keeps its place in regions and sections."""
    which, parameters = _which(wanted)
    if after:
        which += " AND (entries.published_at, entries.story) < (:after_at, :after_story)"
        parameters |= {"after_at": after.published_at, "after_story": after.story}
    return pages_where(connection, which, parameters, count=count)


def _which(wanted: Wanted) -> tuple[str, dict[str, object]]:
    """The condition on `entries` and `stories` of what is wanted, and its values."""
    facets = [facet(name, value) for name in ("tag", "label", "provider") if (value := getattr(wanted, name))]
    feeds = [feed for feed in (wanted.region, wanted.section, wanted.feed) if feed]
    # what was taken back comes into lists with its notice
    which = [f"entries.edition = :edition AND {LISTED}"]
    if facets:
        which.append("entries.facets @> CAST(:facets AS varchar[])")
    which += [
        f"EXISTS (SELECT FROM memberships AS m WHERE m.story = entries.story AND m.feed = :feed{number})"
        for number in range(len(feeds))
    ]
    if wanted.words:
        which.append("entries.words @@ websearch_to_tsquery(CAST(:configuration AS regconfig), :words)")
    if wanted.since:
        which.append("entries.published_at >= :since")
    if wanted.until:
        which.append("entries.published_at < :until")
    parameters: dict[str, object] = {
        "edition": wanted.edition,
        "facets": facets,
        "configuration": configuration_of(wanted.edition),
        "words": searchable(wanted.words),
        "since": wanted.since,
        "until": wanted.until,
        **{f"feed{number}": feed for number, feed in enumerate(feeds)},
    }
    return " AND ".join(which), parameters


@dataclass(frozen=True, kw_only=True)
class Found:
    """An entry in the format of a feed."""

    body: bytes
    updated_at: datetime


def find_entries(connection: Connection, wanted: Wanted, *, form: FeedFormat, count: int) -> list[Found]:
    """The entries of the stories that are wanted, the newest first. They are found by their JSON, and told in any format."""
    which, parameters = _which(wanted)
    rows = connection.execute(
        text(f"""
            SELECT told.body, told.updated_at FROM entries JOIN stories ON stories.id = entries.story
            JOIN entries AS told ON told.story = entries.story AND told.edition = entries.edition AND told.format = :form
            WHERE entries.format = '{READ_FROM}' AND {which}
            ORDER BY entries.published_at DESC, entries.story DESC LIMIT :count
        """),
        {**parameters, "form": form, "count": count},
    )
    return [Found(body=row.body, updated_at=row.updated_at) for row in rows]


def find_feed_page(
    connection: Connection, edition: str, feed: str, form: FeedFormat, *, page: int, size: int
) -> list[Found]:
    """A page of a feed, the newest entries first. What has left stands on no page."""
    rows = connection.execute(
        text(f"""
            SELECT body, entries.updated_at FROM memberships JOIN entries USING (story)
            JOIN stories ON stories.id = entries.story
            WHERE feed = :feed AND entries.edition = :edition AND format = :form AND {LISTED}
            ORDER BY entries.published_at DESC, entries.story DESC LIMIT :size OFFSET :skipped
        """),
        {"feed": feed, "edition": edition, "form": form, "size": size, "skipped": (page - 1) * size},
    )
    return [Found(body=row.body, updated_at=row.updated_at) for row in rows]


def find_feed_archive(
    connection: Connection, edition: str, feed: str, form: FeedFormat, *, number: int
) -> tuple[list[Found], bool]:
    """An archive's entries, the newest first, and whether it is the newest archive. What has left stands in none."""
    rows = connection.execute(
        text(f"""
            SELECT body, entries.updated_at FROM archives AS this
            LEFT JOIN archives AS last ON last.edition = this.edition AND last.feed = this.feed AND last.number = this.number - 1
            JOIN memberships ON memberships.feed = this.feed
            JOIN entries ON entries.story = memberships.story AND entries.edition = this.edition AND format = :form
            JOIN stories ON stories.id = entries.story
            WHERE this.edition = :edition AND this.feed = :feed AND this.number = :number
              AND (entries.published_at, entries.story) <= (this.ends_at, this.ends_story)
              AND (entries.published_at, entries.story) > (coalesce(last.ends_at, '-infinity'), coalesce(last.ends_story, ''))
              AND {LISTED}
            ORDER BY entries.published_at DESC, entries.story DESC
        """),
        {"edition": edition, "feed": feed, "form": form, "number": number},
    )
    newest = connection.execute(
        text("SELECT max(number) FROM archives WHERE edition = :edition AND feed = :feed"), {"edition": edition, "feed": feed}
    ).scalar_one()
    return [Found(body=row.body, updated_at=row.updated_at) for row in rows], newest == number


def pages_where(
    connection: Connection, which: str, parameters: Mapping[str, object], *, count: int, order: str = NEWEST_FIRST
) -> list[Page]:
    """The entries that a condition on `entries` and `stories` holds for; `which` and `order` are constants of this code."""
    rows = connection.execute(
        text(f"""
            SELECT entries.story, entries.edition, stories.state, entries.revision, entries.published_at, entries.updated_at,
                   {NOTICE} OR NOT {READABLE} AS is_notice, CASE WHEN {READABLE} THEN body END AS body,
                   ARRAY(SELECT others.edition FROM entries AS others WHERE others.story = entries.story
                               AND others.format = '{READ_FROM}' AND others.edition <> entries.edition ORDER BY 1) AS editions
            FROM entries JOIN stories ON stories.id = entries.story
            WHERE format = '{READ_FROM}' AND {which} ORDER BY {order} LIMIT :count
        """),
        {**parameters, "count": count},
    )
    return [
        Page(
            story=row.story,
            edition=row.edition,
            state=StoryState(row.state),
            is_notice=row.is_notice,
            revision=row.revision,
            published_at=row.published_at,
            updated_at=row.updated_at,
            body=row.body,
            editions=tuple(row.editions),
        )
        for row in rows
    ]


@dataclass(frozen=True, kw_only=True)
class TranslatedText:
    """A story's newest text in an edition that readers may see, if it was written in another language."""

    method: str  #: `human`, `machine`, or `memory`
    translator: str
    reviewed_by: str
    headline: str
    summary: str
    body_html: str


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
    return {
        row.id: Details(
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
            )
            if row.method
            else None,
        )
        for row in rows
    }


_DETAILS = text(f"""
    SELECT stories.id, entries.version, CASE WHEN {PUBLIC} THEN {STORY_CONTENT} END AS content,
           stories.edition AS own_edition, stories.correction_notes,
           (SELECT act FROM revisions WHERE revisions.story = stories.id ORDER BY revisions.revision DESC LIMIT 1) AS act,
           t.method, t.translator, t.reviewed_by, t.headline, t.summary, t.body_html
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
            SELECT revisions.revision, act, state, made_at, items.id, items.version, items.key_name, items.content
            FROM revisions JOIN items ON items.id = revisions.item
            WHERE revisions.story = :story ORDER BY revision
        """),
        {"story": story},
    )
    return [
        Revision(
            revision=row.revision,
            act=Act(row.act),
            state=StoryState(row.state),
            made_at=row.made_at,
            item=str(row.id),
            version=row.version,
            sent_by=row.key_name,
            content=WireItem.model_validate(row.content),
        )
        for row in rows
    ]
