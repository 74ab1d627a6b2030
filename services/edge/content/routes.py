"""The content API: stories for programs. Lists with filters, search and cursors; one story; its revisions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import AwareDatetime, BaseModel
from starlette.datastructures import URL

from services.edge.content import queries, revisions, schema
from services.edge.content.revisions import Revision
from services.edge.content.schema import Change, RevisionList, StoryAnswer, StoryList
from services.edge.content.trade_formats import EXTENSIONS, many_stories, one_story, output_for
from services.edge.etag import answer_with_etag
from services.edge.lists import FilterParameters, cursor_after, read_cursor, story_url
from services.edge.outputs import Output
from services.edge.queries import Cursor, Page, StoryQuery, find_page, list_pages
from shared.archive.database import engine
from shared.archive.visible import GONE, shows_text
from shared.contracts.entry import Facts, Own
from shared.contracts.problem import InvalidRequest, NotFound
from shared.settings import settings
from shared.web.keys import Role, bearer, check_key
from shared.wire.config import wire

_NDJSON = "application/x-ndjson"
#: stories of an export that are read in one query, and lines that are sent at once
_EXPORT_PAGE, _EXPORT_LINES = 500, 20

Extension = Annotated[str, Path(description=f"of {', '.join(EXTENSIONS)}")]

router = APIRouter()


@dataclass(frozen=True)
class ListParameters:
    """What a list is asked for."""

    filters: Annotated[FilterParameters, Depends()]
    edition: Annotated[str | None, Query(description="`en`, `ar`, …; left out: the wire's own")] = None
    since: Annotated[AwareDatetime | None, Query(description="published then or later, with a zone")] = None
    until: Annotated[AwareDatetime | None, Query(description="published before then, with a zone")] = None
    limit: Annotated[int, Query(ge=1, le=500)] = 50
    cursor: Annotated[str, Query(max_length=200, description="from `next` of an answer, as it stands")] = ""
    fields: Annotated[str, Query(max_length=500, description="`headline,url`: these only")] = ""

    def list_query(self) -> StoryQuery:
        """The stories of the list. Raises Refused (404)."""
        return self.filters.query(self.edition or wire().own_edition, since=self.since, until=self.until)


ListRequest = Annotated[ListParameters, Depends()]


@router.get("/v1/stories", responses=schema.OF_LIST)
def list_stories(request: Request, parameters: ListRequest) -> Response:
    """Stories of an edition, the newest first.

    `next` is the address of the stories after these; it stays valid while the wire moves. With `Accept: application/x-ndjson` all
    come, one a line; with the media type of ninjs or of a NewsML-G2 message they come in that format.
    """
    return _list(request, parameters, output_for(request, ""))


@router.get("/v1/stories.{extension}", response_class=Response, responses=schema.OF_LIST_IN_A_FORMAT)
def list_stories_in_a_format(request: Request, extension: Extension, parameters: ListRequest) -> Response:
    """The same in a format of the trade: ninjs, one a line, or a newsMessage of NewsML-G2. `Link: rel="next"` leads on."""
    return _list(request, parameters, output_for(request, extension))


def _list(request: Request, parameters: ListParameters, output: Output | None) -> Response:
    query, chosen = parameters.list_query(), _fields(parameters.fields)
    if output is None and _NDJSON in request.headers.get("accept", ""):
        return StreamingResponse(_export(query, chosen), media_type=_NDJSON, headers={"Cache-Control": "no-store"})
    with engine().connect() as connection:
        pages = list_pages(connection, query, after=read_cursor(parameters.cursor), limit=parameters.limit + 1)
        more = cursor_after(pages[parameters.limit - 1]) if len(pages) > parameters.limit else None
        following = more and _address(request.url.include_query_params(cursor=more))
        if output:
            return many_stories(request, connection, pages[: parameters.limit], output, following)
    answer = StoryList(stories=[as_response(page) for page in pages[: parameters.limit]], next=following)
    return answer_with_etag(
        request,
        answer.model_dump_json(include={"next": True, "stories": {"__all__": chosen} if chosen else True}).encode(),
        media_type="application/json",
        headers={"Cache-Control": "public, max-age=1", "Vary": "Accept"},
    )


def _address(url: URL) -> str:
    """A request's address as its sender sees it, whatever is in between."""
    return f"{settings().public_url}{url.path}?{url.query}"


def _export(query: StoryQuery, chosen: set[str]) -> Iterator[bytes]:
    """Everything that a query asks for, a line each, page by page, so that no transaction grows old."""
    after: Cursor | None = None
    while True:
        with engine().connect() as connection:
            pages = list_pages(connection, query, after=after, limit=_EXPORT_PAGE)
        for first in range(0, len(pages), _EXPORT_LINES):
            lines = (as_response(page).model_dump_json(include=chosen or None) for page in pages[first : first + _EXPORT_LINES])
            yield "".join(f"{line}\n" for line in lines).encode()
        if len(pages) < _EXPORT_PAGE:
            return
        after = Cursor(published_at=pages[-1].published_at, story=pages[-1].story)


def _fields(fields: str) -> set[str]:
    return {name for part in fields.split(",") if (name := part.strip())}


def as_response(page: Page) -> StoryAnswer:
    """A story as the API answers it. What was taken back has no text, whether its notice is rendered already or not."""
    entry = page.entry
    return StoryAnswer(
        story=page.story,
        edition=page.edition,
        revision=entry.barq.revision,
        published=entry.date_published,
        updated=entry.date_modified,
        url=entry.url,
        state=page.state,
        pubstatus=page.pubstatus,
        headline="" if page.is_notice else entry.title,
        summary="" if page.is_notice else entry.summary,
        body_html="" if page.is_notice else entry.content_html,
        **_facts(entry.barq),
        notice=entry.summary if page.is_notice else None,
        categories=entry.barq.categories,
        media=entry.attachments,
        editions={tag: story_url(tag, page.story) for tag in page.editions},
        translation=entry.barq.translation,
        rights=entry.barq.rights,
    )


def _facts(own: Own) -> dict[str, Any]:
    """What stands beside the text. A notice has nothing of it."""
    facts = {name: getattr(own, name) for name in Facts.model_fields}
    tags, labels = (own.categories.get(scheme, ()) for scheme in ("tag", "label"))
    return {**facts, "reading_minutes": own.reading_minutes, "tags": tags, "labels": labels}


@router.get("/v1/stories/{story}.{extension}", include_in_schema=False)  # it would match what the next one describes
def story_in_a_format(request: Request, story: str, extension: Extension, edition: str | None = None) -> Response:
    """A story in a format of the trade: `.ninjs`, `.newsml` (NewsML-G2), `.nitf`."""
    return _story(request, story, edition, output_for(request, extension))


@router.get("/v1/stories/{story}", responses=schema.OF_STORY)
def story_for_programs(request: Request, story: str, edition: str | None = None) -> Response:
    """A story in one edition (its own if none is named). A killed or expired one answers 410 and nothing of its text.

    In a format of the trade it comes by `Accept`, or by an extension of the address: `.ninjs`, `.newsml` (NewsML-G2), `.nitf`.
    """
    return _story(request, story, edition, output_for(request, ""))


def _story(request: Request, story: str, edition: str | None, output: Output | None) -> Response:
    with engine().connect() as connection:
        tags = [edition] if edition else list(wire().editions)
        page = next(filter(None, (find_page(connection, story, tag) for tag in tags)), None)
        if page and output:
            return one_story(request, connection, page, output)
    if page is None:
        raise NotFound(f"There is no published story {story[:80]!r}.")
    headers = {"Cache-Control": "no-store" if page.is_notice else "public, max-age=1", "Vary": "Accept"}
    return _json(as_response(page), status=410 if page.is_gone else 200, headers=headers)


@router.get("/v1/stories/{story}/revisions", responses=schema.OF_REVISIONS, openapi_extra={"security": [{}, {"key": []}]})
def revisions_of_a_story(request: Request, story: str, compare: str = "") -> Response:
    """A story's revisions; `compare=1,3` says what the third changed of the first.

    Readers see those that were public, with their text for as long as the story is, and without it where a later one took it
    back. A newsroom key sees them all, with who sent each.
    """
    secret = bearer(request.headers.get("authorization"))
    with engine().connect() as connection:
        is_newsroom = secret is not None and bool(check_key(connection, secret, Role.NEWSROOM))
        everything = queries.read_revisions(connection, story)
        row = queries.find_story(connection, story)  # last: of what was taken back meanwhile no text is shown
    if row is None or not (is_newsroom or row.published_at):
        raise NotFound(f"There is no published story {story[:80]!r}.")
    with_text = is_newsroom or shows_text(row.state)
    shown = readable = everything
    if row.published_at and not is_newsroom:
        shown = revisions.public(everything, row.published_at) if with_text else everything
        readable = revisions.readable(everything, row.published_at) if with_text else []
    numbers = {revision.revision for revision in readable}
    listed = [
        revisions.as_response(revision, with_text=revision.revision in numbers, for_newsroom=is_newsroom) for revision in shown
    ]
    answer = RevisionList(story=story, state=row.state, revisions=listed)
    if compare:
        answer = answer.model_copy(update={"changes": _compared(compare, readable)})
    is_gone = row.state in GONE and not is_newsroom
    return _json(answer, status=410 if is_gone else 200, headers={"Cache-Control": "no-store"})


def _json(answer: BaseModel, *, status: int, headers: Mapping[str, str]) -> Response:
    """What is not set is not answered."""
    body = answer.model_dump_json(exclude_unset=True)
    return Response(body, status, media_type="application/json", headers=headers)


def _compared(which: str, shown: Sequence[Revision]) -> list[Change]:
    by_number = {str(revision.revision): revision for revision in shown}
    before, _, after = (part.strip() for part in which.partition(","))
    if before not in by_number or after not in by_number:
        raise InvalidRequest(
            f"`compare` takes two of the revisions {', '.join(by_number) or '(none is shown)'}, as in compare=1,2.",
        )
    return revisions.changes(by_number[before], by_number[after])
