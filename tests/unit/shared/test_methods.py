"""What follows from what an app declares: HEAD, OPTIONS, `Allow`."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI

from shared.web.methods import as_get, methods_at

APP = FastAPI()
ROUTER = APIRouter()


@ROUTER.get("/things/{name}")
@ROUTER.put("/things/{name}")
@APP.get("/things/special")
@APP.delete("/things/{name}")
@APP.post("/only")
def nothing(name: str = "") -> str:
    return name


APP.include_router(ROUTER)


@pytest.mark.parametrize(
    ("path", "takes"),
    [
        ("/things/a", {"GET", "HEAD", "PUT", "DELETE", "OPTIONS"}),  # of routes in several places
        ("/things/special", {"GET", "HEAD", "PUT", "DELETE", "OPTIONS"}),
        ("/only", {"POST", "OPTIONS"}),
        ("/elsewhere", set()),
        ("", set()),
    ],
)
def test_an_address_takes_what_any_of_its_routes_does(path: str, takes: set[str]) -> None:
    assert set(methods_at(APP, path)) == takes


def test_an_answer_without_end_ends_for_head_where_its_body_would_begin() -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def answers() -> None:
        scope, reduced = as_get({"type": "http", "method": "HEAD", "path": "/"}, send)
        assert scope["method"] == "GET"
        await reduced({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"9")]})
        for _ in range(3):
            await reduced({"type": "http.response.body", "body": b"abc", "more_body": True})

    asyncio.run(answers())
    assert sent == [
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"9")]},
        {"type": "http.response.body", "body": b"", "more_body": False},
    ]
