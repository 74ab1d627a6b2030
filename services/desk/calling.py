"""The wire's own API, as any sender calls it, with the session of who pressed the button.

The apps of the newsroom's role are in this process, so the request goes to them without a socket; it is HTTP all the same: the
same paths, keys, checks and answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import httpx

from shared.contracts.item import WireItem
from shared.contracts.problem import Problem, Refused
from shared.web.origin import Origin
from shared.web.sessions import Visitor


@cache
def _newsroom() -> Origin:
    return Origin(["newsroom"])


async def fetch(
    method: str,
    path: str,
    editor: Visitor,
    *,
    body: Any = None,
    content: bytes | None = None,
    params: Mapping[str, str] | None = None,
) -> httpx.Response:
    """The API's answer. Raises Refused with its own problem."""
    transport = httpx.ASGITransport(app=_newsroom(), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://newsroom", timeout=60) as client:
        answer = await client.request(
            method,
            path,
            json=body,
            content=content,
            params=params,
            headers={"authorization": f"Bearer {editor.session}"},
        )
    if answer.is_error:
        raise Refused.again(Problem.model_validate(answer.json()))
    return answer


async def call(method: str, path: str, editor: Visitor, body: Any = None) -> Any:
    """The decoded answer. Raises Refused with the API's own problem."""
    answer = await fetch(method, path, editor, body=body)
    return answer.json() if answer.content else None


async def push(fields: dict[str, Any], editor: Visitor) -> dict[str, Any]:
    """Push one wire item. Returns what was accepted; raises Refused."""
    told = await call("POST", "/v1/items", editor, {"wire_item": fields})
    accepted: dict[str, Any] = told["accepted"][0]
    return accepted


async def check(fields: dict[str, Any], editor: Visitor) -> WireItem:
    """The item as ingest would understand it. Raises Refused."""
    (told,) = await call("POST", "/v1/items/check", editor, {"wire_item": fields})
    if told["problem"]:
        raise Refused.again(Problem.model_validate(told["problem"]))
    return WireItem.model_validate(told["item"])


async def preview(item: WireItem, notes: list[str], story: str, editor: Visitor) -> dict[str, Any]:
    """The item's entry as readers of its edition would see it, and where it would be."""
    sent = item.model_dump(mode="json")
    about = await call("POST", "/v1/about", editor, sent)
    entry = None
    if about["edition"]:
        asked = {
            "item": sent,
            "edition": about["edition"],
            "story": story,
            "correction_notes": notes,
            **{name: about[name] for name in ("regions", "sections", "tags")},
        }
        entry = await call("POST", "/v1/preview", editor, asked)
    return {"about": about, "entry": entry}
