"""The editor, and drafts: previewed, saved, shown to a second pair of eyes, sent, dropped, agreed to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal
from uuid import UUID, uuid4

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from services.desk import wire_client
from services.desk.frame import SignedIn, fields_of, page
from services.desk.record.queries import note_action
from services.desk.story.queries import Story, find_story, require_story, require_version
from services.desk.wire_client import Preview
from services.desk.writing import queries
from services.desk.writing.act_form import ActForm, DeskAct, FormError, ItemFields, build_act, read_act
from services.desk.writing.queries import Draft
from services.desk.writing.story_form import StoryForm, build_item, fill_form
from shared.archive.database import engine
from shared.clock import utc_now
from shared.contracts.item import WireItem
from shared.contracts.problem import Conflict, Gone, MissingRight, NotFound, Refused
from shared.web.keys import Right
from shared.web.paths import address_of
from shared.web.sessions import Visitor, check_form
from shared.wire.config import wire

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, kw_only=True)
class Manuscript:
    """What somebody is writing: the form, the act that it is for, and the story and the draft that it belongs to."""

    act: DeskAct
    form: StoryForm
    story: Story | None = None  #: None: it is to be a new one
    draft: Draft | None = None
    new_uri: str = field(default_factory=lambda: f"urn:barq:desk:{uuid4()}")  #: for what is neither a story nor a draft yet

    @property
    def uri(self) -> str:
        """The name under which it is sent."""
        if self.story:
            return self.story.uri
        return self.draft.uri if self.draft else self.new_uri

    def build(self, *, is_preview: bool) -> ItemFields:
        """The item that it would be. A preview does not ask for the note of a correction. Raises FormError."""
        form = self.form
        if is_preview and not form.correction_note:
            form = form.model_copy(update={"correction_note": "…"})
        version, before = (self.story.next_version, self.story.item) if self.story else (1, None)
        return build_item(self.act, form, uri=self.uri, version=version, before=before, wire=wire())


# ── The editor ───────────────────────────────────────────────────────────────────────────────────────────────────


@router.get("/desk/write")
def show_editor(editor: SignedIn, story: str = "", act: DeskAct = DeskAct.NEW, item: str = "") -> Response:
    """The editor: a new story, the newest text of one to be updated or corrected, or that of a version it did not take."""
    editor.key.must(Right.EDIT)
    if not story:
        return _editor_page(editor, Manuscript(act=act, form=fill_form(None, wire())))
    with engine().connect() as connection:
        known = require_story(connection, story)
        if known.is_final:
            raise Gone("This story was killed, which is final: a substitute is a new story.")
        text = require_version(connection, known.id, item) if item else known.item
    return _editor_page(editor, Manuscript(act=act, form=fill_form(text, wire()), story=known))


def _editor_page(
    editor: Visitor,
    manuscript: Manuscript,
    *,
    fault: FormError | None = None,
    refusal: Refused | None = None,
    preview: Preview | None = None,
) -> Response:
    return page(
        "editor.html",
        editor,
        status=422 if fault else refusal.problem.status if refusal else 200,
        act=manuscript.act,
        form=manuscript.form,
        story=manuscript.story,
        draft=manuscript.draft,
        fault=fault,
        refusal=refusal,
        preview=preview,
    )


@router.post("/desk/write")
async def take_form(request: Request, editor: SignedIn) -> Response:
    """Preview, save, ask for a second pair of eyes, or send."""
    data = await request.form()
    check_form(request, editor, str(data.get("token", "")))
    act, button = read_act(str(data.get("act", ""))), str(data.get("do", "preview"))
    editor.key.must(act.right)
    fields = fields_of(data)
    manuscript = await run_in_threadpool(_read_manuscript, act, fields)
    try:
        item_fields = manuscript.build(is_preview=button == "preview")
        if button in ("save", "ask"):
            draft_id = await run_in_threadpool(_save, editor, manuscript, is_asked=button == "ask")
            return RedirectResponse(address_of("desk", "drafts", str(draft_id)), 303)
        item = await wire_client.check(item_fields, editor)
        if button == "send":
            _check_not_moved(manuscript, str(fields.get("version", "")))
            return await _send(editor, manuscript, item_fields)
    except FormError as fault:
        return _editor_page(editor, manuscript, fault=fault)
    except Refused as refusal:
        return _editor_page(editor, manuscript, refusal=refusal)
    preview = await _preview(editor, manuscript, item)
    if request.headers.get("accept", "").startswith("text/html+part"):
        return page("preview.html", editor, preview=preview, editions=wire().editions)
    return _editor_page(editor, manuscript, preview=preview)


def _read_manuscript(act: DeskAct, fields: dict[str, str | list[str]]) -> Manuscript:
    """What a form of the editor is about. Raises NotFound for a story or a draft that is not there."""
    draft_id, story_id = str(fields.get("draft", "")), str(fields.get("story", ""))
    with engine().connect() as connection:
        return Manuscript(
            act=act,
            form=StoryForm.model_validate(fields),
            draft=queries.require_draft(connection, _read_id(draft_id)) if draft_id else None,
            story=require_story(connection, story_id) if story_id else None,
        )


def _read_id(draft_id: str) -> UUID:
    try:
        return UUID(draft_id)
    except ValueError:
        raise NotFound("This draft is not there.") from None


def _check_not_moved(manuscript: Manuscript, version: str) -> None:
    """Raises FormError if the story has moved since the form was opened: `version` is what its next one was then."""
    if manuscript.story and version != str(manuscript.story.next_version):
        raise FormError(
            "version",
            "This story has moved since you opened it. Compare your text with the newest revision; "
            "sending once more puts yours over it.",
        )


async def _preview(editor: Visitor, manuscript: Manuscript, item: WireItem) -> Preview:
    story = manuscript.story
    notes = [*story.correction_notes] if story else []
    notes += [item.correction_note] if manuscript.act is DeskAct.CORRECTION else []
    return await wire_client.preview(item, notes, story.id if story else "", editor)


async def _send(editor: Visitor, manuscript: Manuscript, fields: ItemFields) -> Response:
    accepted = await wire_client.push(fields, editor)
    detail = manuscript.form.correction_note
    await run_in_threadpool(_note_sent, editor, manuscript.draft, manuscript.act, accepted.story, detail)
    return RedirectResponse(address_of("desk", "stories", accepted.story), 303)


def _note_sent(editor: Visitor, draft: Draft | None, act: DeskAct, story: str, detail: str) -> None:
    now = utc_now()
    with engine().begin() as connection:
        if draft:
            queries.close_draft(connection, draft.id, state="sent", by=editor.key.name, now=now)
        note_action(connection, key=editor.key.name, action=act.value, story=story, detail=detail, now=now)


def _save(editor: Visitor, manuscript: Manuscript, *, is_asked: bool) -> UUID:
    """Keep what is written, as a new draft or in place of the one that it was. Returns the draft's id."""
    now, author, form = utc_now(), editor.key.name, manuscript.form
    story_id = manuscript.story.id if manuscript.story else None
    state: Literal["open", "asked"] = "asked" if is_asked else "open"
    action = "asked for a second pair of eyes" if is_asked else "saved a draft"
    with engine().begin() as connection:
        if manuscript.draft:
            draft_id = manuscript.draft.id
            queries.update_draft(connection, draft_id, form=form, state=state, author=author, now=now)
        else:
            draft_id = queries.insert_draft(
                connection,
                uri=manuscript.uri,
                story=story_id,
                act=manuscript.act,
                form=form,
                state=state,
                author=author,
                now=now,
            )
        note_action(connection, key=author, action=action, story=story_id, detail=form.headline, now=now)
    return draft_id


# ── Drafts ───────────────────────────────────────────────────────────────────────────────────────────────────────


@router.get("/desk/drafts")
def list_drafts(editor: SignedIn) -> Response:
    """What is being written, and what waits for a second pair of eyes."""
    with engine().connect() as connection:
        return page("drafts.html", editor, drafts=queries.list_drafts(connection))


@router.get("/desk/drafts/{draft_id}")
def show_draft(editor: SignedIn, draft_id: UUID) -> Response:
    """A draft, to be gone on with, sent or dropped; or what was asked for or became of it."""
    with engine().connect() as connection:
        draft = queries.require_draft(connection, draft_id)
        story = find_story(connection, draft.story) if draft.story else None
    if not draft.act.is_written or draft.is_over:
        return page("draft_decision.html", editor, draft=draft, form=ActForm.model_validate(draft.fields), story=story)
    form = StoryForm.model_validate(draft.fields)
    return _editor_page(editor, Manuscript(act=draft.act, form=form, story=story, draft=draft))


@router.post("/desk/drafts/{draft_id}/drop")
def drop_draft(request: Request, editor: SignedIn, draft_id: UUID, token: Annotated[str, Form()]) -> Response:
    """Drop a draft, or say no to what somebody asked for."""
    check_form(request, editor, token)
    editor.key.must(Right.EDIT, Right.KILL)
    now = utc_now()
    with engine().begin() as connection:
        draft = queries.require_draft(connection, draft_id)
        if queries.close_draft(connection, draft_id, state="dropped", by=editor.key.name, now=now):
            note_action(connection, key=editor.key.name, action=f"dropped {draft.act}", story=draft.story, now=now)
    return RedirectResponse("/desk/drafts", 303)


@router.post("/desk/drafts/{draft_id}/agree")
async def agree(request: Request, editor: SignedIn, draft_id: UUID) -> Response:
    """The second person says yes to a kill: it is sent, signed by the one who agreed."""
    data = await request.form()
    check_form(request, editor, str(data.get("token", "")))
    draft, story = await run_in_threadpool(_read_decision, editor, draft_id)
    form = ActForm.model_validate(draft.fields)
    fields = build_act(draft.act, form, uri=story.uri, version=story.next_version, before=story.item)
    accepted = await wire_client.push(fields, editor)
    await run_in_threadpool(_note_sent, editor, draft, draft.act, accepted.story, f"asked for by {draft.author}")
    return RedirectResponse(address_of("desk", "stories", story.id), 303)


def _read_decision(editor: Visitor, draft_id: UUID) -> tuple[Draft, Story]:
    """What somebody else asked for, and the story that it is about. Raises Refused for who cannot agree to it."""
    with engine().connect() as connection:
        draft = queries.require_draft(connection, draft_id)
        editor.key.must(draft.act.right)
        if draft.state != "asked" or draft.act.is_written:
            raise Conflict("Somebody has decided this already.")
        if draft.author == editor.key.name:
            raise MissingRight("Whoever asked for a kill cannot be who agrees to it.")
        return draft, require_story(connection, draft.story or "")
