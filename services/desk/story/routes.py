"""A story's page with its live part, and the acts that write no text: hold, release, embargo, kill."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from services.desk import wire_client
from services.desk.frame import SignedIn, fields_of, note, page
from services.desk.record.queries import note_action
from services.desk.story import queries
from services.desk.story.comparison import Comparison, choose_revisions, find_changes
from services.desk.story.queries import History, Story
from services.desk.writing.act_form import ActForm, DeskAct, FormError, ItemFields, build_act, read_act
from services.desk.writing.queries import insert_draft
from services.desk.writing.story_form import fill_form
from shared.archive.database import engine
from shared.clock import utc_now
from shared.contracts.item import KillReason
from shared.contracts.problem import InvalidRequest, Refused
from shared.web.paths import address_of
from shared.web.sessions import Visitor, check_form
from shared.wire.config import wire

router = APIRouter(include_in_schema=False)


@router.get("/desk/stories/{story_id}")
def show_story(editor: SignedIn, story_id: str, compare: str = "") -> Response:
    """A story with all that happened to it, and all that can be done to it."""
    return _story_page(editor, story_id, compare=compare)


@router.get("/desk/stories/{story_id}/live")
def show_live_part(editor: SignedIn, story_id: str) -> Response:
    """The part of a story's page that changes by itself."""
    with engine().connect() as connection:
        story = queries.require_story(connection, story_id)
        history = queries.read_history(connection, story)
    return page("story_live.html", editor, story=story, history=history)


def _story_page(
    editor: Visitor,
    story_id: str,
    *,
    compare: str = "",
    fault: FormError | None = None,
    refusal: Refused | None = None,
) -> Response:
    with engine().connect() as connection:
        story = queries.require_story(connection, story_id)
        history = queries.read_history(connection, story)
        comparison = _compare(connection, story, history, compare)
    return page(
        "story.html",
        editor,
        status=422 if fault else refusal.problem.status if refusal else 200,
        story=story,
        history=history,
        comparison=comparison,
        kill_reasons=list(KillReason),
        fault=fault,
        refusal=refusal,
        form=fill_form(story.item, wire()),
        two_person_kills=wire().desk.two_person_kills,
    )


def _compare(connection: Connection, story: Story, history: History, asked_for: str) -> Comparison | None:
    """The difference of two revisions with a text; of the newest two if none are named."""
    pair = choose_revisions(asked_for, [row.revision for row in history.revisions if row.headline])
    if pair is None:
        return None
    before, after = (queries.find_revision(connection, story.id, revision) for revision in pair)
    if before is None or after is None:
        return None
    return Comparison(before=pair[0], after=pair[1], changes=find_changes(before, after))


@router.post("/desk/stories/{story_id}/act")
async def act_on_story(request: Request, editor: SignedIn, story_id: str) -> Response:
    """Hold, release, embargo or kill; a kill waits for a second person where the wire file says so."""
    data = await request.form()
    check_form(request, editor, str(data.get("token", "")))
    act = read_act(str(data.get("act", "")))
    editor.key.must(act.right)
    if act.is_written:
        raise InvalidRequest("This act needs a text: use the editor.")
    form = ActForm.model_validate(fields_of(data))
    try:
        story, fields = await run_in_threadpool(_build, act, form, story_id)
        if act is DeskAct.KILL and wire().desk.two_person_kills:
            await run_in_threadpool(_ask_for_second, editor, story, act, form)
            return RedirectResponse(address_of("desk", "stories", story_id), 303)
        await wire_client.push(fields, editor)
    except FormError as fault:
        return await run_in_threadpool(_story_page, editor, story_id, fault=fault)
    except Refused as refusal:
        if refusal.problem.status not in (409, 422):
            raise
        return await run_in_threadpool(_story_page, editor, story_id, refusal=refusal)
    await run_in_threadpool(note, editor, act.value, story_id, form.reason)
    return RedirectResponse(address_of("desk", "stories", story_id), 303)


def _build(act: DeskAct, form: ActForm, story_id: str) -> tuple[Story, ItemFields]:
    """The story, and the item that does this to it: to its text, or to that of a version which it did not take."""
    with engine().connect() as connection:
        story = queries.require_story(connection, story_id)
        before = queries.require_version(connection, story.id, form.item) if form.item else story.item
    return story, build_act(act, form, uri=story.uri, version=story.next_version, before=before)


def _ask_for_second(editor: Visitor, story: Story, act: DeskAct, form: ActForm) -> None:
    now = utc_now()
    with engine().begin() as connection:
        insert_draft(
            connection,
            uri=story.uri,
            story=story.id,
            act=act,
            form=form.model_copy(update={"headline": story.item.headline}),
            state="asked",
            author=editor.key.name,
            now=now,
        )
        note_action(connection, key=editor.key.name, action=f"asked for {act.value}", story=story.id, now=now)
