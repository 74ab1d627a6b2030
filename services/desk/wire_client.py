"""The wire's own API, as any sender calls it, with the session of who pressed the button.

The apps of the newsroom's role are in this process, so the request goes to them without a socket; it is HTTP all the same: the
same paths, keys, checks and answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TypeVar

import httpx
from pydantic import BaseModel, JsonValue

from shared.contracts.item import WireItem
from shared.contracts.problem import Problem, Refused
from shared.web.origin import Origin
from shared.web.sessions import Visitor

Answer = TypeVar("Answer", bound=BaseModel)


@cache
def _newsroom() -> Origin:
    return Origin(["newsroom"])


async def send(
    method: str,
    address: str,
    editor: Visitor,
    *,
    body: Mapping[str, JsonValue] | None = None,
    content: bytes | None = None,
) -> httpx.Response:
    """The API's answer to `body` as JSON, or to `content` as it is. Raises Refused with the API's own problem."""
    transport = httpx.ASGITransport(app=_newsroom(), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://newsroom", timeout=60) as client:
        answer = await client.request(
            method,
            address,
            json=body,
            content=content,
            headers={"authorization": f"Bearer {editor.session}"},
        )
    if answer.is_error:
        raise Refused.again(Problem.model_validate(answer.json()))
    return answer


async def call(
    method: str,
    address: str,
    editor: Visitor,
    *,
    returns: type[Answer],
    body: Mapping[str, JsonValue] | None = None,
) -> Answer:
    """The answer, decoded as `returns`: what it has beyond that is left out. Raises Refused with the API's own problem."""
    answer = await send(method, address, editor, body=body)
    return returns.model_validate(answer.json())


# ── Items ────────────────────────────────────────────────────────────────────────────────────────────────────────


class Accepted(BaseModel):
    """An item that was taken."""

    story: str


class _Envelope(BaseModel):
    accepted: tuple[Accepted, ...]


async def push(fields: Mapping[str, JsonValue], editor: Visitor) -> Accepted:
    """Push one wire item. Returns what was accepted; raises Refused."""
    envelope = await call("POST", "/v1/items", editor, body={"wire_item": {**fields}}, returns=_Envelope)
    return envelope.accepted[0]


class _Checked(BaseModel):
    item: WireItem | None = None
    problem: Problem | None = None


async def check(fields: Mapping[str, JsonValue], editor: Visitor) -> WireItem:
    """The item as ingest would understand it. Raises Refused."""
    answer = await send("POST", "/v1/items/check", editor, body={"wire_item": {**fields}})
    (row,) = answer.json()
    checked = _Checked.model_validate(row)
    if checked.problem:
        raise Refused.again(checked.problem)
    return WireItem.model_validate(row["item"])


# ── What the wire has learnt ─────────────────────────────────────────────────────────────────────────────────────


class Learning(BaseModel):
    """How well a version did when it was made."""

    stories: int
    editors: int
    before: float | None
    after: float | None
    says: str


class LearntModel(BaseModel):
    """One try to learn."""

    version: int
    made_at: datetime
    used: bool
    usable: bool
    report: Learning


class _Models(BaseModel):
    models: tuple[LearntModel, ...]


async def list_models(editor: Visitor) -> tuple[LearntModel, ...]:
    """What the wire has learnt, the newest first."""
    return (await call("GET", "/v1/models", editor, returns=_Models)).models


async def use_model(version: int | None, editor: Visitor) -> None:
    """Use another version; None: nothing that was learnt. Raises Refused."""
    await send("PUT", "/v1/models/used", editor, body={"version": version})


# ── A preview ────────────────────────────────────────────────────────────────────────────────────────────────────


class About(BaseModel):
    """What an item is about, and the feeds that it would be in."""

    edition: str | None  #: None: no edition has its language
    regions: tuple[str, ...]
    sections: tuple[str, ...]
    tags: tuple[str, ...]
    labels: tuple[str, ...]
    feeds: tuple[str, ...]


class PreviewedEntry(BaseModel):
    """An entry as readers of an edition would see it."""

    edition: str
    direction: str
    title: str
    content_html: str
    author: str
    categories: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What would become of an item."""

    about: About
    entry: PreviewedEntry | None  #: None: no reader would see it before it is translated


async def preview(item: WireItem, notes: Sequence[str], story: str, editor: Visitor) -> Preview:
    """The item's entry as readers of its edition would see it, and where it would be. Nothing is kept.

    `notes`: of the corrections that the story has had, and of this one; `story`: "" for a new one. Raises Refused.
    """
    fields = item.model_dump(mode="json")
    about = await call("POST", "/v1/about", editor, body=fields, returns=About)
    if about.edition is None:
        return Preview(about=about, entry=None)
    body: dict[str, JsonValue] = {
        "item": fields,
        "edition": about.edition,
        "story": story,
        "correction_notes": [*notes],
        "regions": [*about.regions],
        "sections": [*about.sections],
        "tags": [*about.tags],
        "labels": [*about.labels],
    }
    return Preview(about=about, entry=await call("POST", "/v1/preview", editor, body=body, returns=PreviewedEntry))
