"""The translators' desk: what waits, a story sentence by sentence beside its source, and the glossary.

Everything is asked of translation's API with the session of who is at the screen (`calling.py`); nothing of it is decided here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from services.desk import calling
from services.desk.api_pages import HEADERS, SignedIn, note, page
from shared.contracts.problem import Refused
from shared.web.keys import Right
from shared.web.sessions import Visitor, check_form
from shared.wire.config import wire

router = APIRouter(include_in_schema=False)


@router.get("/desk/translate")
async def waiting(editor: SignedIn, edition: str = "") -> Response:
    """Stories that wait for a person, of one edition."""
    tags = list(wire().editions)
    edition = edition or next((tag for tag in tags if tag != wire().own_edition), tags[0])
    told = await calling.call("GET", f"/v1/translations?edition={edition}", editor)
    return page("translate.html", editor, edition=edition, waiting=told["waiting"])


@router.get("/desk/translate/{edition}/terms")
async def terms(editor: SignedIn, edition: str, language: str = "en") -> Response:
    """The glossary of an edition."""
    told = await calling.call("GET", f"/v1/terms?edition={edition}&language={language}", editor)
    return page("terms.html", editor, edition=edition, language=language, terms=told["terms"])


@router.post("/desk/translate/{edition}/terms")
async def add_term(
    request: Request,
    editor: SignedIn,
    edition: str,
    token: Annotated[str, Form()],
    source: Annotated[str, Form()],
    targets: Annotated[str, Form()] = "",
    kind: Annotated[str, Form()] = "term",
    language: Annotated[str, Form()] = "en",
    do: Annotated[str, Form()] = "keep",
) -> Response:
    """Add a term, say otherwise how it is translated, or take it out."""
    check_form(request, editor, token)
    editor.key.must(Right.TRANSLATE)
    path = f"/v1/terms?edition={edition}&language={language}"
    if do == "remove":
        await calling.fetch("DELETE", path, editor, params={"edition": edition, "language": language, "source": source})
    else:
        said = [target.strip() for target in targets.splitlines() if target.strip()]
        await calling.call("PUT", path, editor, {"terms": [{"source": source, "targets": said, "kind": kind}]})
    await run_in_threadpool(note, editor, f"{do} term", None, f"{edition}: {source}")
    return RedirectResponse(f"/desk/translate/{edition}/terms?language={language}", 303)


@router.get("/desk/translate/{edition}/{story}.xlf")
async def export(editor: SignedIn, edition: str, story: str) -> Response:
    """The story's sentences for a translator's own tool."""
    answer = await calling.fetch("GET", f"/v1/stories/{story}/editions/{edition}/xliff", editor)
    kept = {name: answer.headers[name] for name in ("content-type", "content-disposition")}
    return Response(answer.content, headers={**HEADERS, **kept})


@router.get("/desk/translate/{edition}/{story}")
async def story_page(editor: SignedIn, edition: str, story: str) -> Response:
    """A story sentence by sentence."""
    return await _story_page(editor, edition, story)


@router.post("/desk/translate/{edition}/{story}")
async def keep(request: Request, editor: SignedIn, edition: str, story: str) -> Response:
    """Save what is there, sign it, or take in what a translator's tool made of it."""
    async with request.form() as form:
        check_form(request, editor, str(form.get("token", "")))
        editor.key.must(Right.TRANSLATE)
        sign = form.get("do") == "sign"
        targets = [str(target) for target in form.getlist("target")]
        revision = str(form.get("revision", ""))
        document = await _read_file(form.get("document"))
    try:
        await _take(editor, edition, story, revision=revision, targets=targets, sign=sign, document=document)
    except Refused as refusal:
        if refusal.problem.status not in (409, 422):
            raise
        return await _story_page(editor, edition, story, typed=targets, refusal=refusal)
    if sign:
        await run_in_threadpool(note, editor, "signed a translation", story, edition)
        return RedirectResponse(f"/desk/translate?edition={edition}", 303)
    return RedirectResponse(f"/desk/translate/{edition}/{story}", 303)


async def _read_file(sent: object) -> bytes:
    """What a form's file holds; nothing if none was chosen."""
    return await sent.read() if isinstance(sent, UploadFile) else b""


async def _take(
    editor: Visitor, edition: str, story: str, *, revision: str, targets: Sequence[str], sign: bool, document: bytes
) -> None:
    path = f"/v1/stories/{story}/editions/{edition}"
    if document:
        await calling.fetch("PUT", f"{path}/xliff", editor, params={"translator": editor.key.name}, content=document)
        return
    body = {
        "revision": int(revision) if revision.isdecimal() else 0,
        "targets": targets,
        "translator": editor.key.name,
        "sign": sign,
    }
    await calling.call("PUT", f"{path}/segments", editor, body)


async def _story_page(
    editor: Visitor, edition: str, story: str, *, typed: Sequence[str] = (), refusal: Refused | None = None
) -> Response:
    """What somebody typed stays, whatever was wrong with it."""
    told = await calling.call("GET", f"/v1/stories/{story}/editions/{edition}/segments", editor)
    segments: list[dict[str, Any]] = told["segments"]
    if len(typed) == len(segments):
        segments = [{**segment, "target": target} for segment, target in zip(segments, typed, strict=True)]
    problem = refusal.problem if refusal else None
    wrong = {
        int(error.field.removeprefix("targets.")): error.detail
        for error in (problem.errors if problem else ())
        if error.field.startswith("targets.")
    }
    return page(
        "translate_story.html",
        editor,
        status=problem.status if problem else 200,
        told={**told, "segments": segments},
        edition=edition,
        problem=problem,
        wrong=wrong,
    )
