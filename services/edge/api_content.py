"""The content API: stories for programs. Lists with filters, search and cursors; one story; its revisions."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import AwareDatetime
from starlette.datastructures import URL

from services.edge import described, revisions, store
from services.edge.api_outputs import EXTENSIONS, many_stories, one_story, output_for
from services.edge.outputs import Output
from services.edge.revisions import Revision
from services.edge.store import Page, Place, Wanted
from services.edge.validated import validated
from shared.archive.visible import GONE, shows_text
from shared.contracts.problem import ProblemType, Refused
from shared.database import engine
from shared.http import must_be_edition
from shared.keys import Role, bearer, check_key
from shared.settings import settings
from shared.wire import wire

_NDJSON = "application/x-ndjson"
_EXPORT_PAGE = 500

Extension = Annotated[str, Path(description=f"of {', '.join(EXTENSIONS)}")]

router = APIRouter()


@dataclass(frozen=True)
class Listed:
    """What a list is asked for."""

    edition: Annotated[str | None, Query(description="`en`, `ar`, …; left out: the wire's own")] = None
    region: str = ""
    section: str = ""
    tag: str = ""
    label: str = ""
    provider: str = ""
    q: Annotated[str, Query(max_length=500, description='words, as search engines take them: `"exact words"`, `-not`, `or`')] = ""
    since: Annotated[AwareDatetime | None, Query(description="published then or later, with a zone")] = None
    until: Annotated[AwareDatetime | None, Query(description="published before then, with a zone")] = None
    limit: Annotated[int, Query(ge=1, le=500)] = 50
    cursor: Annotated[str, Query(max_length=200, description="from `next` of an answer, as it stands")] = ""
    fields: Annotated[str, Query(max_length=500, description="`headline,url`: these only")] = ""

    def wanted(self) -> Wanted:
        """Raises Refused (404, 422)."""
        return wanted_of(
            self.edition or wire().own_edition,
            region=self.region,
            section=self.section,
            tag=self.tag,
            label=self.label,
            provider=self.provider,
            words=self.q,
            since=self.since,
            until=self.until,
        )


Asked = Annotated[Listed, Depends()]


@router.get("/v1/stories", responses=described.OF_LIST)
def list_stories(request: Request, asked: Asked) -> Response:
    """Stories of an edition, the newest first.

    `next` is the address of the stories after these; it stays valid while the wire moves. With `Accept: application/x-ndjson` all
    come, one a line; with the media type of ninjs or of a NewsML-G2 message they come in that format.
    """
    return _list(request, asked, output_for(request, ""))


@router.get("/v1/stories.{extension}", response_class=Response, responses=described.OF_LIST_IN_A_FORMAT)
def list_stories_in_a_format(request: Request, extension: Extension, asked: Asked) -> Response:
    """The same in a format of the trade: ninjs, one a line, or a newsMessage of NewsML-G2. `Link: rel="next"` leads on."""
    return _list(request, asked, output_for(request, extension))


def _list(request: Request, asked: Listed, output: Output | None) -> Response:
    wanted, chosen = asked.wanted(), _fields(asked.fields)
    if output is None and _NDJSON in request.headers.get("accept", ""):
        return StreamingResponse(_export(wanted, chosen), media_type=_NDJSON, headers={"Cache-Control": "no-store"})
    with engine().connect() as connection:
        pages = store.list_pages(connection, wanted, after=place_of(asked.cursor), count=asked.limit + 1)
        more = cursor_of(pages[asked.limit - 1]) if len(pages) > asked.limit else None
        following = more and _address(request.url.include_query_params(cursor=more))
        if output:
            return many_stories(request, connection, pages[: asked.limit], output, following)
    answer = {"stories": [_chosen(as_json(page), chosen) for page in pages[: asked.limit]], "next": following}
    return validated(
        request,
        json.dumps(answer, ensure_ascii=False).encode(),
        media_type="application/json",
        headers={"Cache-Control": "public, max-age=1", "Vary": "Accept"},
    )


def _address(url: URL) -> str:
    """A request's address as its sender sees it, whatever is in between."""
    return f"{settings().public_url}{url.path}?{url.query}"


def wanted_of(edition: str, **fields: Any) -> Wanted:
    """What a list is asked for. Raises Refused (404) for an edition or a feed that is not there."""
    must_be_edition(edition)
    for name in ("region", "section"):
        if wire().is_private(fields.get(name, "")):
            raise Refused(ProblemType.NOT_FOUND, 404, "No such feed", f"There is no public feed {fields[name]!r}.")
    return Wanted(edition=edition, **fields)


def cursor_of(page: Page) -> str:
    """Where a list goes on after this story."""
    return base64.urlsafe_b64encode(f"{page.published_at.isoformat()} {page.story}".encode()).decode().rstrip("=")


def place_of(cursor: str) -> Place | None:
    """The place that a cursor stands for. Raises Refused (422)."""
    if not cursor:
        return None
    try:
        moment, _, story = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition(" ")
        return Place(published_at=datetime.fromisoformat(moment), story=story)
    except ValueError as wrong:
        raise Refused(
            ProblemType.INVALID_REQUEST, 422, "No cursor", "`cursor` is taken from `next` of an answer, as it stands."
        ) from wrong


def _export(wanted: Wanted, chosen: Sequence[str]) -> Iterator[bytes]:
    """Everything that is wanted, a line each, page by page, so that no transaction grows old."""
    after: Place | None = None
    while True:
        with engine().connect() as connection:
            pages = store.list_pages(connection, wanted, after=after, count=_EXPORT_PAGE)
        for page in pages:
            yield json.dumps(_chosen(as_json(page), chosen), ensure_ascii=False).encode() + b"\n"
        if len(pages) < _EXPORT_PAGE:
            return
        after = Place(published_at=pages[-1].published_at, story=pages[-1].story)


def _fields(fields: str) -> tuple[str, ...]:
    return tuple(name for part in fields.split(",") if (name := part.strip()))


def _chosen(told: dict[str, Any], fields: Sequence[str]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name in fields} if fields else told


def as_json(page: Page) -> dict[str, Any]:
    """A story as the API answers it. What was taken back has no text, whether its notice is rendered already or not."""
    entry = page.entry
    return {
        "story": page.story,
        "edition": page.edition,
        "revision": entry.barq.revision,
        "published": entry.date_published.isoformat(),
        "updated": entry.date_modified.isoformat(),
        "url": entry.url,
        "state": page.state,
        "pubstatus": page.pubstatus,
        "headline": "" if page.is_notice else entry.title,
        "summary": "" if page.is_notice else entry.summary,
        "body_html": "" if page.is_notice else entry.content_html,
        "notice": entry.summary if page.is_notice else None,
        "categories": entry.barq.categories,
        "media": [one.model_dump() for one in entry.attachments],
        "editions": {tag: story_url(tag, page.story) for tag in page.editions},
        "translation": entry.barq.translation and entry.barq.translation.model_dump(),
        "rights": entry.barq.rights,
    }


def story_url(edition: str, story: str) -> str:
    """A story's page."""
    return f"{settings().public_url}/{edition}/stories/{story}"


@router.get("/v1/stories/{story}.{extension}", response_class=Response, responses=described.OF_STORY_IN_A_FORMAT)
def story_in_a_format(request: Request, story: str, extension: Extension, edition: str | None = None) -> Response:
    """A story in a format of the trade: `.ninjs`, `.newsml` (NewsML-G2), `.nitf`."""
    return _story(request, story, edition, output_for(request, extension))


@router.get("/v1/stories/{story}", responses=described.OF_STORY)
def story_for_programs(request: Request, story: str, edition: str | None = None) -> Response:
    """A story in one edition (its own if none is named). A killed or expired one answers 410 and nothing of its text."""
    return _story(request, story, edition, output_for(request, ""))


def _story(request: Request, story: str, edition: str | None, output: Output | None) -> Response:
    with engine().connect() as connection:
        tags = [edition] if edition else list(wire().editions)
        page = next((found for tag in tags if (found := store.find_page(connection, story, tag))), None)
        if page and output:
            return one_story(request, connection, page, output)
    if page is None:
        raise Refused(ProblemType.NOT_FOUND, 404, "No such story", f"There is no published story {story[:80]!r}.")
    headers = {"Cache-Control": "no-store" if page.is_notice else "public, max-age=1", "Vary": "Accept"}
    return JSONResponse(as_json(page), 410 if page.is_gone else 200, headers=headers)


@router.get("/v1/stories/{story}/revisions", responses=described.OF_REVISIONS)
def revisions_of_a_story(request: Request, story: str, compare: str = "") -> Response:
    """A story's revisions; `compare=1,3` says what the third changed of the first.

    Readers see those that were public, with their text for as long as the story is. A newsroom key sees them all, with who
    sent each.
    """
    secret = bearer(request.headers.get("authorization"))
    with engine().connect() as connection:
        is_newsroom = secret is not None and bool(check_key(connection, secret, Role.NEWSROOM))
        found = store.read_revisions(connection, story)
        row = store.find_story(connection, story)  # last: of what was taken back meanwhile no text is told
    if row is None or not (is_newsroom or row.published_at):
        raise Refused(ProblemType.NOT_FOUND, 404, "No such story", f"There is no published story {story[:80]!r}.")
    shown = found if is_newsroom else revisions.public(found, row.published_at)
    with_text = is_newsroom or shows_text(row.state)
    listed = shown if with_text else found
    answer: dict[str, Any] = {
        "story": story,
        "state": row.state,
        "revisions": [revisions.as_json(r, with_text=with_text, for_newsroom=is_newsroom) for r in listed],
    }
    if compare:
        answer["changes"] = _compared(compare, shown if with_text else [])
    is_gone = row.state in GONE and not is_newsroom
    return JSONResponse(answer, 410 if is_gone else 200, headers={"Cache-Control": "no-store"})


def _compared(which: str, shown: Sequence[Revision]) -> list[dict[str, Any]]:
    by_number = {str(revision.revision): revision for revision in shown}
    before, _, after = (part.strip() for part in which.partition(","))
    if before not in by_number or after not in by_number:
        raise Refused(
            ProblemType.INVALID_REQUEST,
            422,
            "Nothing to compare",
            f"`compare` takes two of the revisions {', '.join(by_number) or '(none is shown)'}, as in compare=1,2.",
        )
    return revisions.changes(by_number[before], by_number[after])
