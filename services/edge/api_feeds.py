"""Feeds that are put together when they are asked for: of searches (`search.atom?q=…`), older pages (`all.atom?page=2`) and
archives (`all.atom?archive=7`, RFC 5005).

The head is that of a document that rendering made (for searches one without entries), the entries were rendered long ago.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from services.edge import portal, store
from services.edge.api_content import wanted_of
from services.edge.documents import MEDIA_TYPES, documents
from services.edge.store import Found
from services.edge.validated import validated
from shared.database import engine
from shared.settings import settings
from shared.wire import SEARCH, wire

_WINDOW = 100

router = APIRouter()


@router.api_route("/{edition}/feeds/search.{form}", methods=["GET", "HEAD"], include_in_schema=False)
def search_feed(
    request: Request,
    edition: str,
    form: str,
    q: Annotated[str, Query(max_length=500)] = "",
    region: str = "",
    section: str = "",
    tag: str = "",
    provider: str = "",
) -> Response:
    """The newest stories that are found, in any format."""
    skeleton = documents.get((edition, SEARCH, form))
    if skeleton is None:
        raise HTTPException(404, "Not Found")
    wanted = wanted_of(edition, region=region, section=section, tag=tag, provider=provider, words=q)
    with engine().connect() as connection:
        found = store.find_entries(connection, wanted, form=form, count=_WINDOW)
    said = ", ".join(word for word in (q, region, section, tag, provider) if word)
    links = {"self": f"{settings().public_url}{request.url.path}?{request.url.query}"}
    title = wire().feed_title(SEARCH, edition)
    put_together = _json if form == "json" else _xml
    body = put_together(skeleton.body, form, found, links, title=(title, f"{title}: {said}" if said else title))
    return _answer(request, body, form, links["self"])


@router.api_route("/{edition}/feeds/{feed}.{form}", methods=["GET", "HEAD"], include_in_schema=False)
def older(
    request: Request,
    edition: str,
    feed: str,
    form: str,
    page: Annotated[int | None, Query(ge=1, le=10_000)] = None,
    archive: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
) -> Response:
    """A page of a feed, the newest first: page 2 begins where the feed's own document ends. Or one of its archives.

    Or, for a person's browser, what the feed says now and how to subscribe to it.
    """
    newest = documents.get((edition, feed, form))
    if newest is None or feed == SEARCH:
        raise HTTPException(404, "Not Found")
    if page is None and archive is None:
        return _for_a_person(edition, feed, form)
    own = f"{settings().public_url}/{edition}/feeds/{feed}.{form}"
    with engine().connect() as connection:
        if archive is not None:
            found, is_newest = store.find_feed_archive(connection, edition, feed, form, number=archive)
            links = _links_of_archive(own, archive, is_newest=is_newest)
        else:
            number = page or 1
            found = store.find_feed_page(connection, edition, feed, form, page=number, size=_WINDOW)
            links = _links_of_page(own, number, is_full=len(found) == _WINDOW)
    if not found and page != 1:
        raise HTTPException(404, "Not Found")
    put_together = _json if form == "json" else _xml
    return _answer(request, put_together(newest.body, form, found, links), form, links["self"])


def _for_a_person(edition: str, feed: str, form: str) -> Response:
    """Browsers show a feed as the text that it is; whoever opens one gets a page. No cache may take it for the feed."""
    told = documents.get((edition, feed, "json"))
    entries = json.loads(told.body)["items"] if told else []
    for entry in entries:
        entry["time"] = portal.shown_date(datetime.fromisoformat(entry["date_published"]), edition)
    name = wire().feed_title(feed, edition)
    address = f"{settings().public_url}/{edition}/feeds/{feed}"
    answer = portal.page("feed.html", edition, name=name, address=address, form=form, entries=entries)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _links_of_page(own: str, page: int, *, is_full: bool) -> dict[str, str]:
    """Paging (RFC 5005, 3)."""
    links = {"self": f"{own}?page={page}", "first": own}
    if page > 1:
        links["previous"] = f"{own}?page={page - 1}" if page > 2 else own
    if is_full:
        links["next"] = f"{own}?page={page + 1}"
    return links


def _links_of_archive(own: str, number: int, *, is_newest: bool) -> dict[str, str]:
    """Archives (RFC 5005, 4): each names the one before it and the one after it, and where the feed goes on."""
    links = {"self": f"{own}?archive={number}", "current": own}
    if number > 1:
        links["prev-archive"] = f"{own}?archive={number - 1}"
    if not is_newest:
        links["next-archive"] = f"{own}?archive={number + 1}"
    return links


def _answer(request: Request, body: bytes, form: str, own_url: str) -> Response:
    """The document with its validator, or that the reader has it."""
    headers = {
        "Cache-Control": "public, max-age=10, stale-while-revalidate=60",
        "Access-Control-Allow-Origin": "*",
        "X-Content-Type-Options": "nosniff",
        "Link": f'<{own_url}>; rel="self"',
    }
    return validated(request, body, media_type=MEDIA_TYPES[form], headers=headers)


_ENTRIES = {
    "rss": re.compile(r"<item>.*</item>", re.DOTALL),
    "atom": re.compile(r"(?:<at:deleted-entry|<entry).*(?:</entry>|</at:deleted-entry>)", re.DOTALL),
}
#: what the newest document says of where it is, and of what is before it; nobody is told of old pages, so they name no hub
_LINK = re.compile(r'<(?:atom:)?link [^>]*rel="(?:self|next|prev-archive|hub)"[^>]*/>')
_ARCHIVE = '<fh:archive xmlns:fh="http://purl.org/syndication/history/1.0"/>'


def _xml(
    newest: bytes, form: str, found: Sequence[Found], links: Mapping[str, str], *, title: tuple[str, str] = ("", "")
) -> bytes:
    """The head of the feed's newest document with these links, and these entries. `title` says which one becomes which."""
    head = _ENTRIES[form].sub("", newest.decode())
    element = "atom:link" if form == "rss" else "link"
    own = "".join(f'<{element} rel="{rel}" href="{html.escape(href)}"/>' for rel, href in links.items())
    if "current" in links:
        own += _ARCHIVE
    at = _LINK.search(head)
    start = at.start() if at else len(head)
    head = head[:start] + own + _LINK.sub("", head[start:])
    old_title, new_title = (html.escape(name, quote=False) for name in title)
    head = head.replace(f">{old_title}<", f">{new_title}<") if old_title else head
    if found:
        updated = max(entry.updated_at for entry in found)
        head = re.sub(r"<updated>[^<]*", f"<updated>{updated.isoformat()}", head, count=1)
        head = re.sub(r"<lastBuildDate>[^<]*", f"<lastBuildDate>{format_datetime(updated)}", head, count=1)
    head, end, tail = head.rpartition("</channel>" if form == "rss" else "</feed>")
    return b"\n".join((head.encode(), *(entry.body for entry in found), f"{end}{tail}".encode()))


def _json(
    newest: bytes, form: str, found: Sequence[Found], links: Mapping[str, str], *, title: tuple[str, str] = ("", "")
) -> bytes:
    """The same in JSON Feed, which knows one way to older entries: `next_url`."""
    feed = json.loads(newest)
    for name in ("hubs", "next_url"):
        feed.pop(name, None)
    feed["title"] = title[1] or feed["title"]
    feed["feed_url"] = links["self"]
    if following := links.get("next") or links.get("prev-archive"):
        feed["next_url"] = following
    if found:
        feed["_barq"]["updated"] = max(entry.updated_at for entry in found).isoformat()
    feed["items"] = [json.loads(entry.body) for entry in found]
    return json.dumps(feed, ensure_ascii=False, separators=(",", ":")).encode()
