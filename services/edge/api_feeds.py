"""Feeds that are put together when they are asked for: of searches (`search.atom?q=…`), and older pages (`all.atom?page=2`).

The head is that of a document that rendering made (for searches one without entries), the entries were rendered long ago.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping, Sequence
from email.utils import format_datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from services.edge import store
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
    own_url = f"{settings().public_url}{request.url.path}?{request.url.query}"
    body = (_json if form == "json" else _xml)(skeleton.body, found, edition=edition, form=form, said=said, own_url=own_url)
    return _answer(request, body, form, own_url)


def _answer(request: Request, body: bytes, form: str, own_url: str) -> Response:
    """The document with its validator, or that the reader has it."""
    headers = {
        "Cache-Control": "public, max-age=10, stale-while-revalidate=60",
        "Access-Control-Allow-Origin": "*",
        "X-Content-Type-Options": "nosniff",
        "Link": f'<{own_url}>; rel="self"',
    }
    return validated(request, body, media_type=MEDIA_TYPES[form], headers=headers)


@router.api_route("/{edition}/feeds/{feed}.{form}", methods=["GET", "HEAD"], include_in_schema=False)
def older_page(
    request: Request, edition: str, feed: str, form: str, page: Annotated[int, Query(ge=1, le=10_000)] = 1
) -> Response:
    """A page of a feed, the newest first (RFC 5005, 3): page 2 begins where the feed's own document ends."""
    newest = documents.get((edition, feed, form))
    if newest is None or feed == SEARCH:
        raise HTTPException(404, "Not Found")
    with engine().connect() as connection:
        found = store.find_feed_page(connection, edition, feed, form, page=page, size=_WINDOW)
    if page > 1 and not found:
        raise HTTPException(404, "Not Found")
    own = f"{settings().public_url}/{edition}/feeds/{feed}.{form}"
    links = {"self": f"{own}?page={page}", "first": own}
    if page > 1:
        links["previous"] = f"{own}?page={page - 1}" if page > 2 else own
    if len(found) == _WINDOW:
        links["next"] = f"{own}?page={page + 1}"
    body = (_json_page if form == "json" else _xml_page)(newest.body, found, links, form)
    return _answer(request, body, form, links["self"])


_ENTRIES = {
    "rss": re.compile(r"<item>.*</item>", re.DOTALL),
    "atom": re.compile(r"(?:<at:deleted-entry|<entry).*(?:</entry>|</at:deleted-entry>)", re.DOTALL),
}
_LINK = re.compile(r'<(?:atom:)?link [^>]*rel="(?:self|next|hub)"[^>]*/>')


def _xml_page(newest: bytes, found: Sequence[Found], links: Mapping[str, str], form: str) -> bytes:
    """The newest document's head with this page's links, and this page's entries. It has no hub: nobody is told of old pages."""
    head = _ENTRIES[form].sub("", newest.decode())
    element = "atom:link" if form == "rss" else "link"
    own = "".join(f'<{element} rel="{rel}" href="{html.escape(href)}"/>' for rel, href in links.items())
    at = _LINK.search(head)
    head = _LINK.sub("", head)
    head = f"{head[: at.start()]}{own}{head[at.start() :]}" if at else head
    return _joined_xml(head, found, form)


def _json_page(newest: bytes, found: Sequence[Found], links: Mapping[str, str], form: str) -> bytes:
    feed = json.loads(newest)
    feed.pop("hubs", None)
    feed.pop("next_url", None)
    feed["feed_url"] = links["self"]
    if "next" in links:
        feed["next_url"] = links["next"]
    return _joined_json(feed, found)


def _names(edition: str, form: str, said: str) -> tuple[str, str, str]:
    """The title and the address of the document without entries, and the title that it gets."""
    title = wire().feed_title(SEARCH, edition)
    own = f"{settings().public_url}/{edition}/feeds/{SEARCH}.{form}"
    return title, own, f"{title}: {said}" if said else title


def _xml(skeleton: bytes, found: Sequence[Found], *, edition: str, form: str, said: str, own_url: str) -> bytes:
    title, own, new_title = (html.escape(name, quote=False) for name in _names(edition, form, said))
    text = skeleton.decode().replace(f">{title}<", f">{new_title}<")
    text = text.replace(f'"{own}"', f'"{html.escape(own_url)}"')
    if found:
        newest = max(entry.updated_at for entry in found)
        text = re.sub(r"<updated>[^<]*", f"<updated>{newest.isoformat()}", text, count=1)
        text = re.sub(r"<lastBuildDate>[^<]*", f"<lastBuildDate>{format_datetime(newest)}", text, count=1)
    return _joined_xml(text, found, form)


def _json(skeleton: bytes, found: Sequence[Found], *, edition: str, form: str, said: str, own_url: str) -> bytes:
    feed = json.loads(skeleton)
    feed["title"], feed["feed_url"] = _names(edition, form, said)[2], own_url
    if found:
        feed["_barq"]["updated"] = max(entry.updated_at for entry in found).isoformat()
    return _joined_json(feed, found)


def _joined_xml(document: str, found: Sequence[Found], form: str) -> bytes:
    """A document without entries, and entries in it."""
    head, end, tail = document.rpartition("</channel>" if form == "rss" else "</feed>")
    return b"\n".join((head.encode(), *(entry.body for entry in found), f"{end}{tail}".encode()))


def _joined_json(feed: dict[str, Any], found: Sequence[Found]) -> bytes:
    feed["items"] = [json.loads(entry.body) for entry in found]
    return json.dumps(feed, ensure_ascii=False, separators=(",", ":")).encode()
