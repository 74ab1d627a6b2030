"""Edge's SQL: reading only, what readers may see and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import Connection, text

from services.edge.outputs import PublishingStatus
from shared.archive.visible import GONE, IN_FEED, LISTED, NOTICE, READABLE
from shared.contracts.entry import StoredEntry
from shared.contracts.feeds import READ_FROM, facet
from shared.contracts.story import StoryState
from shared.language.searching import configuration_of, searchable
from shared.settings import settings
from shared.wire.config import in_language, wire

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
    pages = pages_where(connection, which, {"story": story, "edition": edition}, limit=1)
    return pages[0] if pages else None


@dataclass(frozen=True, kw_only=True)
class Cursor:
    """Where a list goes on: behind this story, however many come before it meanwhile."""

    published_at: datetime
    story: str


@dataclass(frozen=True, kw_only=True)
class StoryQuery:
    """Which stories a list has; what is empty asks for nothing."""

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


def list_pages(connection: Connection, query: StoryQuery, *, after: Cursor | None, limit: int) -> Sequence[Page]:
    """At most `limit` stories that a query asks for, the newest first, beginning behind `after`. A notice keeps its place."""
    which = condition_of(query)
    if after is None:
        return pages_where(connection, which.sql, which.values, limit=limit)
    older = "(entries.published_at, entries.story) < (:after_at, :after_story)"
    values = {**which.values, "after_at": after.published_at, "after_story": after.story}
    return pages_where(connection, f"{which.sql} AND {older}", values, limit=limit)


@dataclass(frozen=True, kw_only=True)
class Condition:
    """A condition in SQL on `entries` and `stories`, and the values that are bound in it."""

    sql: str
    values: Mapping[str, object]


def condition_of(query: StoryQuery) -> Condition:
    """A query as a condition; what was taken back comes with its notice, and nothing that is not public."""
    facets = [facet(name, value) for name in ("tag", "label", "provider") if (value := getattr(query, name))]
    feeds = [feed for feed in (query.region, query.section, query.feed) if feed]
    # what was taken back comes into lists with its notice
    which = [f"entries.edition = :edition AND {LISTED}"]
    if facets:
        which.append("entries.facets @> CAST(:facets AS varchar[])")
    which += [
        f"EXISTS (SELECT FROM memberships WHERE memberships.story = entries.story AND feed = :feed{number} AND {IN_FEED})"
        for number in range(len(feeds))
    ]
    if query.words:
        which.append("entries.words @@ websearch_to_tsquery(CAST(:configuration AS regconfig), :words)")
    if query.since:
        which.append("entries.published_at >= :since")
    if query.until:
        which.append("entries.published_at < :until")
    values: dict[str, object] = {
        "edition": query.edition,
        "facets": facets,
        "configuration": configuration_of(query.edition),
        "words": searchable(query.words),
        "since": query.since,
        "until": query.until,
        **{f"feed{number}": feed for number, feed in enumerate(feeds)},
    }
    return Condition(sql=" AND ".join(which), values=values)


def pages_where(
    connection: Connection, which: str, parameters: Mapping[str, object], *, limit: int, order: str = NEWEST_FIRST
) -> list[Page]:
    """The entries that a condition on `entries` and `stories` holds for; `which` and `order` are constants of this code."""
    rows = connection.execute(
        text(f"""
            SELECT entries.story, entries.edition, stories.state, entries.revision, entries.published_at, entries.updated_at,
                   {NOTICE} OR NOT {READABLE} AS is_notice, CASE WHEN {READABLE} THEN body END AS body,
                   ARRAY(SELECT others.edition FROM entries AS others WHERE others.story = entries.story
                               AND others.format = '{READ_FROM}' AND others.edition <> entries.edition ORDER BY 1) AS editions
            FROM entries JOIN stories ON stories.id = entries.story
            WHERE format = '{READ_FROM}' AND {which} ORDER BY {order} LIMIT :limit
        """),
        {**parameters, "limit": limit},
    )
    return [Page(**row._asdict() | {"state": StoryState(row.state), "editions": tuple(row.editions)}) for row in rows]
