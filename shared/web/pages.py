"""Pages for people: how every service's templates are read, and the page of a problem."""

from __future__ import annotations

import json

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import escape
from starlette.types import Message, Send

from shared.web.headers import page_headers


def templates_of(package: str) -> Environment:
    """The templates of a service, `services.<service>`: escaped, and loud about a name that is not there."""
    return Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


_PROBLEM = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>
<style>body{{font:1.05rem/1.5 system-ui,sans-serif;max-width:38rem;margin:15vh auto;padding:0 1rem}}</style>
<h1>{title}</h1><p>{detail}</p><p><a href="/">To the front page</a></p></html>
"""
_OF_A_PAGE = (
    (b"content-type", b"text/html; charset=utf-8"),
    *((name.lower().encode(), value.encode()) for name, value in page_headers().items()),
)


class ProblemPage:
    """ASGI: an answer that is a problem, on its way to a person."""

    def __init__(self, start: Message, send: Send) -> None:
        self._start, self._send = start, send
        self._body = b""

    async def add(self, message: Message) -> None:
        """A part of the problem; with its last one the page is sent."""
        self._body += message.get("body", b"")
        if message.get("more_body", False):
            return
        problem = json.loads(self._body)
        page = _PROBLEM.format(title=escape(problem["title"]), detail=escape(problem["detail"])).encode("utf-8", "replace")
        made = (*_OF_A_PAGE, (b"content-length", str(len(page)).encode()))
        names = {name for name, _ in made}
        headers = [*made, *((name, value) for name, value in self._start["headers"] if name.lower() not in names)]
        await self._send({**self._start, "headers": headers})
        await self._send({"type": "http.response.body", "body": page})
