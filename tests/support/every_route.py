"""Every route of every app of the wire, as a caller could ask for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from starlette.routing import Route

from shared.roles import WEB_APPS, WebApp
from shared.web.origin import _load


def every_route() -> Iterator[tuple[WebApp, str, Route]]:
    """Each app, method and route."""
    for web in WEB_APPS:
        app: Any = getattr(_load(web), "described_by", _load(web))
        for route in _routes_in(app.routes):
            for method in sorted((route.methods or set()) - {"HEAD", "OPTIONS"}):
                yield web, method, route


def _routes_in(found: Any) -> Iterator[Route]:
    for route in found:
        if isinstance(route, Route):
            yield route
        elif hasattr(route, "original_router"):
            yield from _routes_in(route.original_router.routes)


def filled(path: str, word: str) -> str:
    """A path with a word in place of each of its parameters; an edition and a format that there are."""
    for name in ("edition", "form"):
        path = path.replace(f"{{{name}}}", {"edition": "en", "form": "atom"}[name])
    while "{" in path:
        path = path[: path.index("{")] + word + path[path.index("}") + 1 :]
    return path


def every_address(values: Mapping[str, str]) -> dict[str, str]:
    """By each route's path the address of what is there: its parameters have these values, or `a` where none is named."""
    addresses = {}
    for _, _, route in every_route():
        path = route.path.replace(":path}", "}")
        for name in re.findall(r"{(\w+)}", path):
            path = path.replace(f"{{{name}}}", values.get(name, "a"))
        addresses[route.path] = path
    return addresses
