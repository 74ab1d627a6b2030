"""Feeds of searches: `/{edition}/feeds/search.atom?q=…`. The one kind of feed that is put together when it is asked for.

Rendering keeps a document without entries for it in every format; the entries that are found, rendered long ago, go in between.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Sequence
from email.utils import format_datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from services.edge import store
from services.edge.api_content import wanted_of
from services.edge.conditional import is_unchanged
from services.edge.documents import MEDIA_TYPES, documents
from services.edge.store import Found
from shared.clock import utc_now
from shared.database import engine
from shared.settings import settings
from shared.wire import SEARCH, wire

_WINDOW = 100

router = APIRouter()


@router.get("/{edition}/feeds/search.{form}", include_in_schema=False)
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
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {
        "ETag": etag,
        "Cache-Control": "public, max-age=10, stale-while-revalidate=60",
        "Access-Control-Allow-Origin": "*",
        "X-Content-Type-Options": "nosniff",
        "Link": f'<{own_url}>; rel="self"',
    }
    if is_unchanged({"if-none-match": request.headers.get("if-none-match", "")}, etag, utc_now()):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=MEDIA_TYPES[form], headers=headers)


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
    head, end, tail = text.rpartition("</channel>" if form == "rss" else "</feed>")
    return b"\n".join((head.encode(), *(entry.body for entry in found), f"{end}{tail}".encode()))


def _json(skeleton: bytes, found: Sequence[Found], *, edition: str, form: str, said: str, own_url: str) -> bytes:
    feed = json.loads(skeleton)
    feed["title"], feed["feed_url"] = _names(edition, form, said)[2], own_url
    if found:
        feed["_barq"]["updated"] = max(entry.updated_at for entry in found).isoformat()
    feed["items"] = [json.loads(entry.body) for entry in found]
    return json.dumps(feed, ensure_ascii=False, separators=(",", ":")).encode()
