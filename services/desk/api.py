"""Desk's pages: each is whole without a script; the live parts are fetched again by the one script that there is."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from fastapi import Depends, FastAPI, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from services.desk import api_comments, api_feeds, api_translating, calling, store
from services.desk.api_pages import HEADERS, SignedIn, note, page, screens, templates
from services.desk.store import Filter, Story
from services.desk.writing import DeskAct, FormError, decided, form_of, written
from shared.archive.database import engine
from shared.clock import utc_now
from shared.contracts.item import KillReason, WireItem
from shared.contracts.problem import Conflict, Gone, InvalidRequest, MissingRight, NotFound, Refused
from shared.contracts.story import StoryState
from shared.language.difference import difference
from shared.language.markup import plain_text
from shared.web.keys import Right
from shared.web.problems import answer_problems
from shared.web.sessions import SignInFirst, Visitor, check_form
from shared.wire.config import wire

_MOST_ITEMS = 60
app = FastAPI(title="Barq desk", docs_url=None, redoc_url=None)
answer_problems(app)
for part in (api_feeds, api_translating, api_comments):
    app.include_router(part.router)

# ── Signing in ───────────────────────────────────────────────────────────────────────────────────────────────────


@app.exception_handler(SignInFirst)
async def sign_in_first(request: Request, _: SignInFirst) -> Response:
    """The page to sign in, in place of the one that was asked for; a live part is told by its status."""
    return _sign_in_page(request.url.path)


@app.exception_handler(Refused)
async def refused(request: Request, error: Refused) -> Response:
    """What was refused, as a page."""
    with suppress(SignInFirst):
        editor = await run_in_threadpool(screens.signed_in, request)
        return page("refused.html", editor, status=error.problem.status, problem=error.problem)
    return _sign_in_page("/desk", error.problem.detail)


@app.post("/desk/sign-in", include_in_schema=False)
def sign_in(request: Request, key: Annotated[str, Form()], to: Annotated[str, Form()] = "/desk") -> Response:
    """Show a newsroom key once and get a session for it."""
    try:
        with engine().begin() as connection:
            editor = screens.begin(request, connection, key)
            store.note_action(connection, key=editor.key.name, action="signed in", now=utc_now())
    except Refused as refused:
        return _sign_in_page(to, refused.problem.detail)
    return screens.send_in(request, editor, to)


@app.post("/desk/sign-out", include_in_schema=False)
def sign_out(request: Request, editor: SignedIn, token: Annotated[str, Form()]) -> Response:
    """End the session."""
    check_form(request, editor, token)
    with engine().begin() as connection:
        store.note_action(connection, key=editor.key.name, action="signed out", now=utc_now())
        return screens.send_out(connection, editor)


def _sign_in_page(to: str, complaint: str = "") -> Response:
    html = templates.get_template("sign_in.html").render(complaint=complaint, to=to)
    return HTMLResponse(html, 401, headers=HEADERS)


# ── The wire ─────────────────────────────────────────────────────────────────────────────────────────────────────


def wanted(
    provider: str = "",
    region: str = "",
    section: str = "",
    urgency: int = 9,
    state: str = "",
    words: str = "",
    before: UUID | None = None,
) -> Filter:
    """The filter that a page's address has."""
    return Filter(
        provider=provider, region=region, section=section, urgency=urgency, state=state, words=words.strip(), before=before
    )


Wanted = Annotated[Filter, Depends(wanted)]


@app.get("/desk", include_in_schema=False)
def the_wire(editor: SignedIn, wanted: Wanted) -> Response:
    """The wire as it comes."""
    with engine().connect() as connection:
        items = store.read_wire_items(connection, wanted, _MOST_ITEMS)
        providers = store.read_providers(connection)
        waiting = store.count_for_people(connection)
    return page(
        "wire.html",
        editor,
        items=items,
        wanted=wanted,
        providers=providers,
        states=["accepted", *StoryState, "refused", "dead"],
        waiting=waiting,
        older=_address(wanted, before=items[-1].id) if len(items) == _MOST_ITEMS else "",
        live=_address(wanted, path="/desk/live"),
    )


@app.get("/desk/live", include_in_schema=False)
def live_wire(editor: SignedIn, wanted: Wanted) -> Response:
    """The wire's rows alone."""
    with engine().connect() as connection:
        items = store.read_wire_items(connection, wanted, _MOST_ITEMS)
    return page("wire_rows.html", editor, items=items)


def _address(wanted: Filter, *, path: str = "/desk", before: UUID | None = None) -> str:
    said = {name: value for name, value in vars(wanted).items() if value and (name, value) != ("urgency", 9)}
    return f"{path}?{urlencode({**said, **({'before': before} if before else {})})}"


# ── A story ──────────────────────────────────────────────────────────────────────────────────────────────────────


@app.get("/desk/stories/{story}", include_in_schema=False)
def story_page(editor: SignedIn, story: str, compare: str = "") -> Response:
    """A story with all that happened to it, and all that can be done to it."""
    return _story_page(editor, story, compare=compare)


@app.get("/desk/stories/{story}/live", include_in_schema=False)
def live_story(editor: SignedIn, story: str) -> Response:
    """The part of a story's page that changes by itself."""
    with engine().connect() as connection:
        found = _found(connection, story)
        history = store.read_history(connection, found)
    return page("story_live.html", editor, story=found, history=history)


def _story_page(
    editor: Visitor,
    story: str,
    *,
    compare: str = "",
    fault: FormError | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> Response:
    with engine().connect() as connection:
        found = _found(connection, story)
        history = store.read_history(connection, found)
        compared = _compared(connection, found, history, compare)
    return page(
        "story.html",
        editor,
        status=status,
        story=found,
        history=history,
        compared=compared,
        kill_reasons=list(KillReason),
        fault=fault,
        refusal=refusal,
        form=form_of(found.item, wire()),
        two_person_kills=wire().desk.two_person_kills,
    )


def _found(connection: Any, story: str) -> Story:
    found = store.find_story(connection, story)
    if found is None:
        raise NotFound(f"There is no story {story[:80]!r}.")
    return found


def _compared(connection: Any, story: Story, history: store.History, compare: str) -> dict[str, Any] | None:
    """The difference of two revisions with a text; of the newest two if none are named."""
    texts = [row.revision for row in history.revisions if row.headline][:2]
    pair = [int(part) for part in compare.split(",") if part.strip().isdecimal()] or sorted(texts)
    if len(pair) != 2:
        return None
    before, after = (store.read_item(connection, story.id, revision) for revision in pair)
    if before is None or after is None:
        return None
    fields = {
        "headline": (before.headline, after.headline),
        "summary": (before.summary, after.summary),
        "text": (plain_text(before.body_html), plain_text(after.body_html)),
    }
    return {
        "pair": pair,
        "changes": {name: difference(old, new) for name, (old, new) in fields.items() if old != new},
    }


@app.post("/desk/stories/{story}/act", include_in_schema=False)
async def act_on_story(request: Request, editor: SignedIn, story: str) -> Response:
    """Hold, release, embargo or kill; a kill waits for a second person where the wire's file says so."""
    form = await request.form()
    check_form(request, editor, str(form.get("token", "")))
    act = _act(str(form.get("act", "")))
    editor.key.must(act.right)
    if act.is_written:
        raise InvalidRequest("This act needs a text: use the editor.")
    found = await run_in_threadpool(_read_story, story)
    values = _values(form)
    try:
        before = await run_in_threadpool(_version_of, found, values)
        fields = decided(act, values, uri=found.uri, version=found.next_version, before=before)
    except FormError as fault:
        return await run_in_threadpool(_story_page, editor, story, fault=fault, status=422)
    if act is DeskAct.KILL and wire().desk.two_person_kills:
        await run_in_threadpool(_ask_for_second, editor, found, act, values)
        return RedirectResponse(f"/desk/stories/{story}", 303)
    try:
        await calling.push(fields, editor)
    except Refused as refusal:
        if refusal.problem.status not in (409, 422):
            raise
        return await run_in_threadpool(_story_page, editor, story, refusal=refusal, status=refusal.problem.status)
    await run_in_threadpool(note, editor, act.value, story, str(values.get("reason", "")))
    return RedirectResponse(f"/desk/stories/{story}", 303)


def _version_of(story: Story, values: Mapping[str, Any]) -> WireItem:
    """The text that an act is about: the story's, or that of a version which it did not take."""
    if not values.get("item"):
        return story.item
    with suppress(ValueError), engine().connect() as connection:
        if found := store.find_version(connection, story.id, UUID(str(values["item"]))):
            return found
    raise NotFound("This version is not one of the story's.")


def _read_story(story: str) -> Story:
    with engine().connect() as connection:
        return _found(connection, story)


def _ask_for_second(editor: Visitor, story: Story, act: DeskAct, values: Mapping[str, Any]) -> None:
    now = utc_now()
    with engine().begin() as connection:
        store.write_draft(
            connection,
            draft=None,
            uri=story.uri,
            story=story.id,
            act=act.value,
            fields={**values, "headline": story.item.headline},
            state="asked",
            author=editor.key.name,
            now=now,
        )
        store.note_action(connection, key=editor.key.name, action=f"asked for {act.value}", story=story.id, now=now)


# ── Writing ──────────────────────────────────────────────────────────────────────────────────────────────────────


@app.get("/desk/write", include_in_schema=False)
def write(editor: SignedIn, story: str = "", act: DeskAct = DeskAct.NEW, item: str = "") -> Response:
    """The editor: a new story, the newest text of one to be updated or corrected, or that of a version it did not take."""
    editor.key.must(Right.EDIT)
    found = _read_story(story) if story else None
    if found and found.is_final:
        raise Gone("This story was killed, which is final: a substitute is a new story.")
    text = _version_of(found, {"item": item}) if found else None
    return _editor_page(editor, act, form_of(text, wire()), story=found)


@app.get("/desk/drafts", include_in_schema=False)
def drafts_page(editor: SignedIn) -> Response:
    """What is being written, and what waits for a second pair of eyes."""
    with engine().connect() as connection:
        return page("drafts.html", editor, drafts=store.list_drafts(connection))


@app.get("/desk/drafts/{draft}", include_in_schema=False)
def draft_page(editor: SignedIn, draft: UUID) -> Response:
    """A draft, to be gone on with, sent or dropped."""
    with engine().connect() as connection:
        row = _draft(connection, draft)
        found = store.find_story(connection, row.story) if row.story else None
    act = DeskAct(row.act)
    if not act.is_written or row.state in ("sent", "dropped"):
        return page("draft_decision.html", editor, draft=row, story=found)
    return _editor_page(editor, act, row.fields, story=found, draft=row)


@app.post("/desk/write", include_in_schema=False)
async def write_on(request: Request, editor: SignedIn) -> Response:
    """Preview, save, ask for a second pair of eyes, or send."""
    form = await request.form()
    check_form(request, editor, str(form.get("token", "")))
    act, button = _act(str(form.get("act", ""))), str(form.get("do", "preview"))
    editor.key.must(act.right)
    values = _values(form)
    draft, found = await run_in_threadpool(_behind, values)
    uri = found.uri if found else draft.uri if draft else f"urn:barq:desk:{uuid4()}"
    version = found.next_version if found else 1
    shown: dict[str, Any] = {"story": found, "draft": draft}
    try:
        said = {**values, "correction_note": values.get("correction_note") or "…"} if button == "preview" else values
        fields = written(act, said, uri=uri, version=version, before=found.item if found else None, wire=wire())
        if button in ("save", "ask"):
            state = "asked" if button == "ask" else "open"
            kept = await run_in_threadpool(_save, editor, draft, found, uri, act, values, state)
            return RedirectResponse(f"/desk/drafts/{kept}", 303)
        item = await calling.check(fields, editor)
        if button == "send" and (moved := _moved_meanwhile(values, found)):
            raise FormError("version", moved)
        if button == "send":
            sent = await calling.push(fields, editor)
            await run_in_threadpool(_sent, editor, draft, act, sent["story"], str(values.get("correction_note", "")))
            return RedirectResponse(f"/desk/stories/{sent['story']}", 303)
    except FormError as fault:
        return _editor_page(editor, act, values, **shown, fault=fault, status=422)
    except Refused as refusal:
        return _editor_page(editor, act, values, **shown, refusal=refusal, status=refusal.problem.status)
    notes = [*found.correction_notes] if found else []
    notes += [item.correction_note] if act is DeskAct.CORRECTION else []
    previewed = await calling.preview(item, notes, found.id if found else "", editor)
    if request.headers.get("accept", "").startswith("text/html+part"):
        return page("preview.html", editor, preview=previewed, editions=wire().editions)
    return _editor_page(editor, act, values, **shown, preview=previewed)


def _behind(values: Mapping[str, Any]) -> tuple[Any, Story | None]:
    """The draft and the story that a form is about."""
    with engine().connect() as connection:
        draft = _draft(connection, UUID(values["draft"])) if values.get("draft") else None
        found = _found(connection, values["story"]) if values.get("story") else None
    return draft, found


def _moved_meanwhile(values: Mapping[str, Any], story: Story | None) -> str:
    """What to say if the story has moved since the form was opened."""
    if story is None or values.get("version") == str(story.next_version):
        return ""
    return (
        "This story has moved since you opened it. Compare your text with the newest revision; "
        "sending once more puts yours over it."
    )


def _save(
    editor: Visitor, draft: Any, story: Story | None, uri: str, act: DeskAct, values: Mapping[str, Any], state: str
) -> UUID:
    now = utc_now()
    with engine().begin() as connection:
        kept = store.write_draft(
            connection,
            draft=draft.id if draft else None,
            uri=uri,
            story=story.id if story else None,
            act=act.value,
            fields=values,
            state=state,
            author=editor.key.name,
            now=now,
        )
        action = "asked for a second pair of eyes" if state == "asked" else "saved a draft"
        store.note_action(
            connection,
            key=editor.key.name,
            action=action,
            story=story.id if story else None,
            detail=str(values["headline"]),
            now=now,
        )
    return kept


def _sent(editor: Visitor, draft: Any, act: DeskAct, story: str, detail: str) -> None:
    now = utc_now()
    with engine().begin() as connection:
        if draft:
            store.close_draft(connection, draft.id, state="sent", by=editor.key.name, now=now)
        store.note_action(connection, key=editor.key.name, action=act.value, story=story, detail=detail, now=now)


@app.post("/desk/drafts/{draft}/drop", include_in_schema=False)
def drop_draft(request: Request, editor: SignedIn, draft: UUID, token: Annotated[str, Form()]) -> Response:
    """Drop a draft, or say no to what somebody asked for."""
    check_form(request, editor, token)
    editor.key.must(Right.EDIT, Right.KILL)
    now = utc_now()
    with engine().begin() as connection:
        row = _draft(connection, draft)
        if store.close_draft(connection, draft, state="dropped", by=editor.key.name, now=now):
            store.note_action(connection, key=editor.key.name, action=f"dropped {row.act}", story=row.story, now=now)
    return RedirectResponse("/desk/drafts", 303)


@app.post("/desk/drafts/{draft}/agree", include_in_schema=False)
async def agree(request: Request, editor: SignedIn, draft: UUID) -> Response:
    """The second person says yes to a kill: it is sent, signed by the one who agreed."""
    form = await request.form()
    check_form(request, editor, str(form.get("token", "")))
    row = await run_in_threadpool(_read_draft, draft)
    act = DeskAct(row.act)
    editor.key.must(act.right)
    if row.state != "asked" or act.is_written:
        raise Conflict("Somebody has decided this already.")
    if row.author == editor.key.name:
        raise MissingRight("Whoever asked for a kill cannot be who agrees to it.")
    found = await run_in_threadpool(_read_story, row.story)
    fields = decided(act, row.fields, uri=found.uri, version=found.next_version, before=found.item)
    sent = await calling.push(fields, editor)
    await run_in_threadpool(_sent, editor, row, act, sent["story"], f"asked for by {row.author}")
    return RedirectResponse(f"/desk/stories/{row.story}", 303)


def _draft(connection: Any, draft: UUID) -> Any:
    row = store.find_draft(connection, draft)
    if row is None:
        raise NotFound("This draft is not there.")
    return row


def _read_draft(draft: UUID) -> Any:
    with engine().connect() as connection:
        return _draft(connection, draft)


@app.get("/desk/actions", include_in_schema=False)
def actions_page(editor: SignedIn) -> Response:
    """Who did what at the desk."""
    editor.key.must(Right.ADMIN)
    with engine().connect() as connection:
        return page("actions.html", editor, actions=store.list_actions(connection, 500))


# ── Pages ────────────────────────────────────────────────────────────────────────────────────────────────────────


@app.get("/desk/desk.css", include_in_schema=False)
def style() -> Response:
    """How the desk looks."""
    return Response(templates.get_template("desk.css").render(), media_type="text/css", headers=HEADERS)


@app.get("/desk/desk.js", include_in_schema=False)
def script() -> Response:
    """The only script: live parts, previews while writing, and keys."""
    return Response(templates.get_template("desk.js").render(), media_type="text/javascript", headers=HEADERS)


def _act(word: str) -> DeskAct:
    try:
        return DeskAct(word)
    except ValueError:
        raise InvalidRequest(f"The desk cannot {word[:40]!r} a story.") from None


def _values(form: FormData) -> dict[str, Any]:
    """What a form holds, without the token; sections may be several."""
    values: dict[str, Any] = {name: str(value) for name, value in form.items() if name not in ("token", "do", "sections")}
    values["sections"] = [str(value) for value in form.getlist("sections")]
    return values


def _editor_page(
    editor: Visitor,
    act: DeskAct,
    form: Mapping[str, Any],
    *,
    story: Story | None,
    draft: Any = None,
    fault: FormError | None = None,
    refusal: Refused | None = None,
    preview: dict[str, Any] | None = None,
    status: int = 200,
) -> Response:
    blank = dict.fromkeys(
        ("headline", "slugline", "byline", "dateline", "summary", "body", "language", "urgency", "places", "keywords",
         "labels", "provider", "credit_line", "ednote", "embargoed_until", "scheduled_for", "expires_at",
         "correction_note"), "",
    )  # fmt: skip
    return page(
        "editor.html",
        editor,
        status=status,
        act=act,
        form={**blank, "sections": [], **form},
        story=story,
        draft=draft,
        fault=fault,
        refusal=refusal,
        preview=preview,
    )
