"""Edge's SQL: reading only, what readers may see and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import Connection, text

from services.edge.outputs import PublishingStatus
from shared.archive.visible import GONE, LISTED, NOTICE, READABLE
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
    which = condition_of(wanted)
    if after is None:
        return pages_where(connection, which.sql, which.values, count=count)
    older = "(entries.published_at, entries.story) < (:after_at, :after_story)"
    values = {**which.values, "after_at": after.published_at, "after_story": after.story}
    return pages_where(connection, f"{which.sql} AND {older}", values, count=count)


@dataclass(frozen=True, kw_only=True)
class Condition:
    """A condition in SQL on `entries` and `stories`, and the values that are bound in it."""

    sql: str
    values: Mapping[str, object]


def condition_of(wanted: Wanted) -> Condition:
    """The condition of what is wanted."""
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
    values: dict[str, object] = {
        "edition": wanted.edition,
        "facets": facets,
        "configuration": configuration_of(wanted.edition),
        "words": searchable(wanted.words),
        "since": wanted.since,
        "until": wanted.until,
        **{f"feed{number}": feed for number, feed in enumerate(feeds)},
    }
    return Condition(sql=" AND ".join(which), values=values)


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
