"""Pages and acts of sorting: one click says where a story belongs, on its page or in the list of those that wait for it."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict
from starlette.concurrency import run_in_threadpool

from services.desk import wire_client
from services.desk.frame import SignedIn, note, page
from services.desk.sorting import queries
from services.desk.sorting.queries import UnsortedStory
from services.desk.story.queries import Story, require_story
from shared.archive.database import engine
from shared.contracts.problem import InvalidRequest
from shared.web.keys import Right
from shared.web.paths import address_of
from shared.web.sessions import check_form

router = APIRouter(include_in_schema=False)

#: stories on one page
_MAX_LISTED = 60


@router.get("/desk/sorting")
async def show_unsorted(editor: SignedIn) -> Response:
    """Stories that are in no section, each with the likely ones; and what the wire has learnt."""
    stories = await run_in_threadpool(_list_unsorted)
    models = await wire_client.list_models(editor)
    return page("sorting.html", editor, stories=stories, models=models)


def _list_unsorted() -> Sequence[UnsortedStory]:
    with engine().connect() as connection:
        return queries.list_unsorted(connection, limit=_MAX_LISTED)


@router.post("/desk/sorting/model")
async def use_model(request: Request, editor: SignedIn) -> Response:
    """Use another version of what the wire has learnt, or none."""
    data = await request.form()
    check_form(request, editor, str(data.get("token", "")))
    version = str(data.get("version", ""))
    await wire_client.use_model(int(version) if version.isdecimal() else None, editor)
    await run_in_threadpool(note, editor, "chose what was learnt", None, f"version {version}" if version else "none")
    return RedirectResponse("/desk/sorting", 303)


class SortForm(BaseModel):
    """One click: a name that is put on or taken off, or the only one, or none."""

    model_config = ConfigDict(frozen=True)

    kind: str = "sections"  #: or regions, tags
    toggle: str = ""  #: off if the story has it, else on
    only: str = ""  #: this one and no other; empty, without `toggle`: none at all

    def applied_to(self, story: Story) -> list[str]:
        """What a story has of this kind after the click. Raises InvalidRequest."""
        names = {"sections": story.sections, "regions": story.regions, "tags": story.tags}.get(self.kind)
        if names is None:
            raise InvalidRequest(f"A story is not sorted by {self.kind[:40]!r}.")
        toggled = self.toggle.strip()
        if not toggled:
            return [self.only] if self.only else []
        return [name for name in names if name != toggled] if toggled in names else [*names, toggled]


@router.post("/desk/stories/{story_id}/sort")
async def sort_story(request: Request, editor: SignedIn, story_id: str) -> Response:
    """Say what a story is about, for good. Back to the page where it was said."""
    data = await request.form()
    check_form(request, editor, str(data.get("token", "")))
    editor.key.must(Right.EDIT)
    form = SortForm.model_validate({name: str(data[name]) for name in ("kind", "toggle", "only") if name in data})
    names = await run_in_threadpool(_apply, form, story_id)
    await wire_client.send("PUT", address_of("v1", "stories", story_id, "about"), editor, body={form.kind: [*names]})
    await run_in_threadpool(note, editor, f"sorted {form.kind}", story_id, ", ".join(names) or "none")
    back = address_of("desk", "sorting") if data.get("from") == "list" else address_of("desk", "stories", story_id)
    return RedirectResponse(back, 303)


def _apply(form: SortForm, story_id: str) -> list[str]:
    with engine().connect() as connection:
        return form.applied_to(require_story(connection, story_id))
