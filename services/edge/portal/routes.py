"""The portal: front page, pages of feeds, tags, labels and days, search, and the story's own page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Query
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection
from starlette.exceptions import HTTPException

from services.edge.content import queries as content
from services.edge.content import revisions
from services.edge.content.schema import Change
from services.edge.lists import SearchParameters, check_query, cursor_after, read_cursor, story_url
from services.edge.portal import pages, queries
from services.edge.portal.dates import bounds_of_day, bounds_of_month, shown_day, shown_moment, shown_month, zone_of
from services.edge.portal.pages import ListedStory
from services.edge.portal.structured import locale_of, news_article
from services.edge.portal.words import words_of
from services.edge.queries import Page, StoryQuery, find_page, list_pages
from shared.archive.database import engine
from shared.archive.visible import shows_text
from shared.clock import utc_now
from shared.contracts.entry import Own
from shared.settings import settings
from shared.wire.config import wire

_LIST_COUNT, _SECTION_COUNT, _RELATED_COUNT = 40, 4, 5
_NOT_A_WORD = re.compile(r"[^\w]+")

router = APIRouter(include_in_schema=False)

After = Annotated[str, Query(max_length=200)]


# ── Lists ────────────────────────────────────────────────────────────────────────────────────────────────────────


@router.get("/{edition}/")
def front(edition: str) -> Response:
    """The newest stories of an edition, and the newest of each section."""
    pages.check_edition(edition)
    with engine().connect() as connection:
        stories = list_pages(connection, StoryQuery(edition=edition), after=None, limit=_LIST_COUNT)
        blocks = [(name, wire().feed_title(name, edition), _newest(connection, edition, name)) for name in wire().sections]
    has_stories = [block for block in blocks if block[2]]
    return pages.page("front.html", edition, stories=pages.listed(stories, edition), blocks=has_stories)


def _newest(connection: Connection, edition: str, section: str) -> list[ListedStory]:
    query = StoryQuery(edition=edition, section=section)
    return pages.listed(list_pages(connection, query, after=None, limit=_SECTION_COUNT), edition)


@router.get("/{edition}/search")
def search(
    edition: str, parameters: Annotated[SearchParameters, Depends()], since: str = "", until: str = "", after: After = ""
) -> Response:
    """What is found by words, in places, subjects and days. A form sends what was left open too."""
    pages.check_edition(edition)
    first, last = _day_of(since), _day_of(until)
    searched = {"q": parameters.q, "region": parameters.region, "section": parameters.section}
    form = {**searched, "since": first or "", "until": last or ""}
    query = StoryQuery(
        edition=edition,
        words=parameters.q,
        region=parameters.region,
        section=parameters.section,
        since=bounds_of_day(first, edition)[0] if first else None,
        until=bounds_of_day(last, edition)[1] if last else None,
    )
    has_searched = any(form.values())
    stories, older = _list(check_query(query), after) if has_searched else ([], "")
    feed = {name: value for name, value in searched.items() if value}
    return pages.page(
        "search.html",
        edition,
        searched_for=parameters.q,
        form=form,
        has_searched=has_searched,
        stories=pages.listed(stories, edition),
        older=_older(f"/{edition}/search", older, **form),
        feed=f"/{edition}/feeds/search.{{feed_format}}?{urlencode(feed)}" if feed else "",
    )


def _day_of(text: str) -> date | None:
    """A day, if it is one that has a day before and after it."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if date.min < day < date.max else None


@router.get("/{edition}/tags/{tag:path}/")
def tag_page(edition: str, tag: str, after: After = "") -> Response:
    """The stories with a tag."""
    return _filed_page(edition, StoryQuery(edition=edition, tag=tag), after, path=f"tags/{quote(tag)}/", search={"tag": tag})


@router.get("/{edition}/labels/{label:path}/")
def label_page(edition: str, label: str, after: After = "") -> Response:
    """The stories with a label."""
    query = StoryQuery(edition=edition, label=label)
    return _filed_page(edition, query, after, path=f"labels/{quote(label)}/", search={"label": label})


def _filed_page(edition: str, query: StoryQuery, after: str, *, path: str, search: Mapping[str, str]) -> Response:
    pages.check_edition(edition)
    stories, older = _list(query, after)
    if not stories:
        return pages.not_found(edition)
    (term,) = search.values()
    feed = f"/{edition}/feeds/search.{{feed_format}}?{urlencode(search)}"
    return _list_page(edition, stories, older, title=_label_of(stories[0], term), path=path, feed=feed)


def _list_page(
    edition: str, stories: Sequence[Page], older: str, *, title: str, path: str, feed: str = "", here: str = ""
) -> Response:
    """A page of stories; `older` is where the list goes on, `feed` the same list as a feed, `here` its name in the navigation."""
    return pages.page(
        "list.html",
        edition,
        title=title,
        path=path,
        stories=pages.listed(stories, edition),
        older=_older(f"/{edition}/{path}", older),
        feed=feed,
        here=here,
    )


def _label_of(page: Page, filed_under: str) -> str:
    """A tag as the edition says it: as one of its stories has it."""
    return next((name for term, name in page.entry.barq.names.items() if term.casefold() == filed_under.casefold()), filed_under)


@router.get("/{edition}/archive/")
def archive(edition: str) -> Response:
    """To this month's page."""
    pages.check_edition(edition)
    return RedirectResponse(f"/{edition}/archive/{utc_now().astimezone(zone_of(edition)):%Y-%m}/", 307)


@router.get("/{edition}/archive/{when}/")
def archive_page(edition: str, when: str, after: After = "") -> Response:
    """A day's stories (`2026-11-25`), or a month's days (`2026-11`)."""
    pages.check_edition(edition)
    try:
        if len(when) == len("2026-11"):
            return _month_page(edition, date.fromisoformat(f"{when}-01"))
        day = date.fromisoformat(when)
        since, until = bounds_of_day(day, edition)
    except (ValueError, OverflowError) as no_day:
        raise HTTPException(404, "Not Found") from no_day
    stories, older = _list(StoryQuery(edition=edition, since=since, until=until), after)
    return _list_page(edition, stories, older, title=shown_day(day, edition), path=f"archive/{day}/")


def _month_page(edition: str, first: date) -> Response:
    since, until = bounds_of_month(first, edition)
    with engine().connect() as connection:
        days = queries.days_with_stories(connection, edition, since=since, until=until, zone=wire().editions[edition].zone)
        before, after = queries.neighbours(connection, edition, since=since, until=until)
    return pages.page(
        "archive.html",
        edition,
        month=shown_month(first, edition),
        path=f"archive/{first:%Y-%m}/",
        days=[(day, shown_day(day, edition), count) for day, count in days],
        earlier=_month_of(before, edition),
        later=_month_of(after, edition),
    )


def _month_of(moment: datetime | None, edition: str) -> str:
    return f"{moment.astimezone(zone_of(edition)):%Y-%m}" if moment else ""


@router.get("/{edition}/{feed}/")
def feed_page(edition: str, feed: str, after: After = "") -> Response:
    """The stories of a region, a section, or any public feed."""
    pages.check_edition(edition)
    if not wire().has_feed(feed) or wire().is_private(feed):
        return pages.not_found(edition)
    stories, older = _list(StoryQuery(edition=edition, feed=feed), after)
    title, feeds = wire().feed_title(feed, edition), f"/{edition}/feeds/{feed}.{{feed_format}}"
    return _list_page(edition, stories, older, title=title, path=f"{feed}/", feed=feeds, here=feed)


def _list(query: StoryQuery, after: str) -> tuple[Sequence[Page], str]:
    """A list's stories, and where it goes on."""
    with engine().connect() as connection:
        pages = list_pages(connection, query, after=read_cursor(after), limit=_LIST_COUNT + 1)
    older = cursor_after(pages[_LIST_COUNT - 1]) if len(pages) > _LIST_COUNT else ""
    return pages[:_LIST_COUNT], older


def _older(path: str, after: str, **parameters: object) -> str:
    """Where a list goes on; nothing if it does not."""
    given = {name: value for name, value in {**parameters, "after": after}.items() if value}
    return f"{path}?{urlencode(given)}" if after else ""


# ── A story ──────────────────────────────────────────────────────────────────────────────────────────────────────


@router.get("/{edition}/stories/{story}/{url_slug}")
def slugged_story_page(edition: str, story: str, url_slug: str) -> Response:
    """The same page by an address that says what it is about, as it is shared. A story's own address has no words in it."""
    return story_page(edition, story)


@router.get("/{edition}/stories/{story}")
def story_page(edition: str, story: str, comment: Annotated[str, Query(max_length=20)] = "") -> Response:
    """A story; a killed one answers 410 with its notice. `comment` says how it went with one that was sent."""
    pages.check_edition(edition)
    with engine().connect() as connection:
        page = find_page(connection, story, edition)
        if page is None:
            return pages.not_found(edition)
        response = _notice_page(page, edition) if page.is_notice else _story_page(connection, page, edition, comment)
    if page.is_notice or comment:
        response.headers["Cache-Control"] = "no-store"
    return response


def _notice_page(page: Page, edition: str) -> Response:
    """What stands at the address of a story that was taken back. Nothing is looked up for it but the notice itself."""
    return pages.page(
        "notice.html",
        edition,
        status=410 if page.is_gone else 200,
        entry=page.entry,
        others=_other_editions(page),
        time=shown_moment(page.published_at, edition),
        updated=_updated(page, edition),
    )


def _other_editions(page: Page) -> dict[str, str]:
    return {tag: story_url(tag, page.story) for tag in page.editions}


def _updated(page: Page, edition: str) -> str:
    """When it was changed; nothing if it was not."""
    return shown_moment(page.updated_at, edition) if page.updated_at > page.published_at else ""


def _story_page(connection: Connection, page: Page, edition: str, comment: str) -> Response:
    entry = page.entry
    own = entry.barq
    tags = own.categories.get("tag", ())
    day = page.published_at.astimezone(zone_of(edition)).date()
    return pages.page(
        "story.html",
        edition,
        entry=entry,
        others=_other_editions(page),
        time=shown_moment(page.published_at, edition),
        updated=_updated(page, edition),
        changes=_changes(connection, page, edition),
        tags=_named(own, "tag"),
        labels=_named(own, "label"),
        story_regions=_feeds_of(own, "region", edition),
        story_sections=_feeds_of(own, "section", edition),
        day=day,
        day_shown=shown_day(day, edition),
        pictures=own.pictures[1:],
        comments=[
            {"name": one.name, "paragraphs": one.text.split("\n"), "at": one.made_at.isoformat(),
             "time": shown_moment(one.made_at, edition)}
            for one in queries.shown_comments(connection, page.story, edition)
        ],
        comments_open=wire().comments.open,
        comment_outcome=comment if f"comment_{comment}" in words_of(edition) else "",
        related=pages.listed(queries.related_pages(connection, page, tags, limit=_RELATED_COUNT), edition),
        earlier=pages.listed(queries.earlier_pages(connection, page, limit=_RELATED_COUNT), edition),
        shares=shares_of(entry.title, f"{entry.url}/{url_slug_of(entry.title)}"),
        locale=locale_of(edition),
        structured=news_article(entry, edition=edition, wire=wire(), public_url=settings().public_url),
    )  # fmt: skip


def _named(own: Own, kind: str) -> list[tuple[str, str]]:
    """Tags or labels: what they are asked for by, and as the edition says them."""
    return [(term, own.names.get(term, term)) for term in own.categories.get(kind, ())]


def _feeds_of(own: Own, kind: str, edition: str) -> list[tuple[str, str]]:
    names = own.categories.get(kind, ())
    return [(name, wire().feed_title(name, edition)) for name in names if wire().has_feed(name)]


def _changes(connection: Connection, page: Page, edition: str) -> list[Change]:
    """What the newest public revision changed of the one before it, in the story's own language only.

    Nothing where it took that back, or was made for a reason of law: removed words are not to be read then.
    """
    if page.updated_at <= page.published_at:
        return []
    everything = content.read_revisions(connection, page.story)
    row = content.find_story(connection, page.story)
    if row is None or row.published_at is None or row.edition != edition or not shows_text(row.state):
        return []
    shown = revisions.readable(everything, row.published_at)
    return revisions.changes(shown[-2], shown[-1]) if len(shown) > 1 else []


def url_slug_of(title: str) -> str:
    """A title's words as the end of an address, in its own script: `اتفاق-الوزراء`."""
    return _NOT_A_WORD.sub("-", title.lower()).strip("-")[:80].strip("-") or "-"


def shares_of(title: str, address: str) -> list[tuple[str, str]]:
    """Where a story can be passed on to without any script: name and address."""
    url, name, both = quote(address, safe=""), quote(title, safe=""), quote(f"{title} {address}", safe="")
    return [
        ("WhatsApp", f"https://wa.me/?text={both}"),
        ("Telegram", f"https://t.me/share/url?url={url}&text={name}"),
        ("X", f"https://x.com/intent/post?url={url}&text={name}"),
        ("Facebook", f"https://www.facebook.com/sharer/sharer.php?u={url}"),
        ("LinkedIn", f"https://www.linkedin.com/sharing/share-offsite/?url={url}"),
        ("mail", f"mailto:?subject={name}&body={url}"),
    ]
