"""The translators' screens: what waits, a story sentence by sentence beside its source, and the glossary.

Everything is asked of translation's API with the session of who is at the screen; nothing of it is decided here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import JsonValue
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from services.desk import wire_client
from services.desk.frame import HEADERS, SignedIn, note, page
from services.desk.translating.answers import Glossary, SegmentedStory, WaitingList
from shared.contracts.problem import Refused
from shared.web.keys import Right
from shared.web.paths import address_of
from shared.web.sessions import Visitor, check_form
from shared.wire.config import wire

router = APIRouter(include_in_schema=False)


@router.get("/desk/translate")
async def list_waiting(editor: SignedIn, edition: str = "") -> Response:
    """Stories that wait for a person, of one edition."""
    tags = list(wire().editions)
    edition = edition or next((tag for tag in tags if tag != wire().own_edition), tags[0])
    answer = await wire_client.call("GET", address_of("v1", "translations", edition=edition), editor, returns=WaitingList)
    return page("translate.html", editor, edition=edition, waiting=answer.waiting)


@router.get("/desk/translate/{edition}/terms")
async def show_terms(editor: SignedIn, edition: str, language: str = "en") -> Response:
    """The glossary of an edition."""
    address = address_of("v1", "terms", edition=edition, language=language)
    answer = await wire_client.call("GET", address, editor, returns=Glossary)
    return page("terms.html", editor, edition=edition, language=language, terms=answer.terms)


@router.post("/desk/translate/{edition}/terms")
async def change_terms(
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
    if do == "remove":
        address = address_of("v1", "terms", edition=edition, language=language, source=source)
        await wire_client.send("DELETE", address, editor)
    else:
        lines: list[JsonValue] = [target.strip() for target in targets.splitlines() if target.strip()]
        address = address_of("v1", "terms", edition=edition, language=language)
        await wire_client.send("PUT", address, editor, body={"terms": [{"source": source, "targets": lines, "kind": kind}]})
    await run_in_threadpool(note, editor, f"{do} term", None, f"{edition}: {source}")
    return RedirectResponse(address_of("desk", "translate", edition, "terms", language=language), 303)


@router.get("/desk/translate/{edition}/{story}.xlf")
async def export_story(editor: SignedIn, edition: str, story: str) -> Response:
    """The story's sentences for a translator's own tool."""
    answer = await wire_client.send("GET", _api_address(story, edition, "xliff"), editor)
    kept = {name: answer.headers[name] for name in ("content-type", "content-disposition")}
    return Response(answer.content, headers={**HEADERS, **kept})


@router.get("/desk/translate/{edition}/{story}")
async def show_story(editor: SignedIn, edition: str, story: str) -> Response:
    """A story sentence by sentence."""
    return await _story_page(editor, edition, story)


@router.post("/desk/translate/{edition}/{story}")
async def keep_story(request: Request, editor: SignedIn, edition: str, story: str) -> Response:
    """Save what is there, sign it, or take in what a translator's tool made of it."""
    async with request.form() as form:
        check_form(request, editor, str(form.get("token", "")))
        editor.key.must(Right.TRANSLATE)
        sign = form.get("do") == "sign"
        targets = [str(target) for target in form.getlist("target")]
        revision = str(form.get("revision", ""))
        document = await _read_file(form.get("document"))
    try:
        if document:
            address = _api_address(story, edition, "xliff", translator=editor.key.name)
            await wire_client.send("PUT", address, editor, content=document)
        else:
            await _send_targets(editor, edition, story, revision=revision, targets=targets, sign=sign)
    except Refused as refusal:
        if refusal.problem.status not in (409, 422):
            raise
        return await _story_page(editor, edition, story, typed=targets, refusal=refusal)
    if sign:
        await run_in_threadpool(note, editor, "signed a translation", story, edition)
        return RedirectResponse(address_of("desk", "translate", edition=edition), 303)
    return RedirectResponse(address_of("desk", "translate", edition, story), 303)


def _api_address(story: str, edition: str, *parts: str, **query: str) -> str:
    return address_of("v1", "stories", story, "editions", edition, *parts, **query)


async def _read_file(sent: UploadFile | str | None) -> bytes:
    """What a form's file holds; nothing if none was chosen."""
    return await sent.read() if isinstance(sent, UploadFile) else b""


async def _send_targets(editor: Visitor, edition: str, story: str, *, revision: str, targets: Sequence[str], sign: bool) -> None:
    body: dict[str, JsonValue] = {
        "revision": int(revision) if revision.isdecimal() else 0,
        "targets": [*targets],
        "translator": editor.key.name,
        "sign": sign,
    }
    await wire_client.send("PUT", _api_address(story, edition, "segments"), editor, body=body)


async def _story_page(
    editor: Visitor, edition: str, story: str, *, typed: Sequence[str] = (), refusal: Refused | None = None
) -> Response:
    """What somebody typed stays, whatever was wrong with it."""
    answer = await wire_client.call("GET", _api_address(story, edition, "segments"), editor, returns=SegmentedStory)
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
        translation=answer.with_targets(typed),
        edition=edition,
        problem=problem,
        wrong=wrong,
    )
