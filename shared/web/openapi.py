"""The whole API's description in OpenAPI: every app's `/v1`, put together. Any web role answers it, `/v1/openapi.json`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI

from shared.contracts.problem import MEDIA_TYPE, Problem
from shared.roles import WEB_APPS
from shared.settings import settings
from shared.wire.config import in_language, wire

_ABOUT = """Newsrooms push items and follow them; subscribers read stories and are notified of them by webhooks.

Keys are sent as `Authorization: Bearer KEY`. Every error is a problem (RFC 9457) whose `detail` says what to do. Feeds are
beside this, at `/{edition}/feeds/`, and the WebSub hub at `/hub`."""

_LICENSE = {"name": "Apache-2.0", "identifier": "Apache-2.0"}

METHODS = ("get", "put", "post", "delete", "patch", "head")

#: what operations are filed under, which generated clients make modules of
_TAGS = {
    "stories": "What everyone may read: stories, their revisions, and who was sent them",
    "items": "What newsrooms push, and what becomes of it",
    "translations": "Texts of other editions, and the glossary",
    "sorting": "What stories are about and why, editors' word for it, and what the wire has learnt",
    "sources": "What is polled, what was refused, and reading again",
    "comments": "What readers write, for editors",
    "webhooks": "What subscribers are notified of",
}
#: by the first part of a path after `/v1/`
_TAG_OF = {
    "stories": "stories", "items": "items", "about": "items", "preview": "items", "translations": "translations",
    "terms": "translations", "sources": "sources", "quarantine": "sources", "reprocess": "sources", "comments": "comments",
    "webhooks": "webhooks", "models": "sorting",
}  # fmt: skip


def description() -> dict[str, Any]:
    """An OpenAPI 3.1 document, of the API at this wire's own address, which its agency answers for."""
    described, url = _description(), settings().public_url
    contact = {"name": in_language(wire().agency.name, wire().own_edition), "url": url}
    return {**described, "info": {**described["info"], "contact": contact}, "servers": [{"url": url}]}


@cache
def _description() -> dict[str, Any]:
    paths: dict[str, Any] = {}
    schemas: dict[str, Any] = {"Problem": Problem.model_json_schema(ref_template="#/components/schemas/{model}")}
    schemas |= schemas["Problem"].pop("$defs", {})
    security: dict[str, Any] = {}
    for name in dict.fromkeys(web.app for web in WEB_APPS):
        described = _app(name).openapi()
        components = described.get("components", {})
        # two apps may call different things by one name: each keeps its own
        own = {schema: f"{_service(name)}{schema}" for schema, said in components.get("schemas", {}).items()
               if schema in schemas and schemas[schema] != said}  # fmt: skip
        for path, operations in described["paths"].items():
            if path.startswith("/v1/"):
                paths[path] = {**paths.get(path, {}), **_renamed(operations, own)}
        schemas |= {own.get(schema, schema): _renamed(said, own) for schema, said in components.get("schemas", {}).items()}
        security |= components.get("securitySchemes", {})
    for schema in ("HTTPValidationError", "ValidationError"):  # what FastAPI would say; ours are problems
        schemas.pop(schema, None)
    for path, operations in paths.items():
        for method in METHODS:
            if method in operations:
                operations[method]["tags"] = [_tag_of(path)]
                operations[method].setdefault("security", [])
                _tell_problems(operations[method], f"{method}{re.sub(r'[^a-z0-9]+', '_', path.lower())}")
    used = _schemas_of(paths, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Barq", "version": version("barq"), "description": _ABOUT, "license": _LICENSE},
        "tags": [{"name": name, "description": about} for name, about in _TAGS.items()],
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": {name: schemas[name] for name in sorted(used)}, "securitySchemes": security},
    }


def _tag_of(path: str) -> str:
    if "/editions/" in path:
        return "translations"
    if path.startswith("/v1/stories/") and path.endswith("/about"):
        return "sorting"
    return _TAG_OF[re.split(r"[/.]", path.removeprefix("/v1/"))[0]]


def _schemas_of(paths: dict[str, Any], schemas: dict[str, Any]) -> set[str]:
    """The schemas that operations refer to, and those that these refer to; an app knows others, for what is beside the API."""
    used: set[str] = set()
    found = set(_references(paths))
    while found:
        used |= found
        found = {name for one in found for name in _references(schemas[one])} - used
    return used


def _references(said: Any) -> Iterator[str]:
    if isinstance(said, dict):
        if isinstance(reference := said.get("$ref"), str):
            yield reference.rpartition("/")[2]
        for value in said.values():
            yield from _references(value)
    elif isinstance(said, list):
        for value in said:
            yield from _references(value)


def _app(name: str) -> FastAPI:
    """The FastAPI app behind a name; what only stands in front of one says which."""
    module, _, attribute = name.partition(":")
    app = getattr(import_module(module), attribute)
    behind: FastAPI = getattr(app, "described_by", app)
    return behind


def _service(name: str) -> str:
    return name.split(".")[1].capitalize()


def _renamed(said: Any, own: dict[str, str]) -> Any:
    """References to schemas under the names that they have in the whole."""
    if isinstance(said, dict):
        return {
            key: f"#/components/schemas/{own.get(value.rpartition('/')[2], value.rpartition('/')[2])}"
            if key == "$ref" and isinstance(value, str)
            else _renamed(value, own)
            for key, value in said.items()
        }
    return [_renamed(each, own) for each in said] if isinstance(said, list) else said


def _tell_problems(operation: dict[str, Any], name: str) -> None:
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    operation["operationId"] = name
    responses = operation["responses"]
    if "422" in responses and MEDIA_TYPE not in responses["422"].get("content", {}):
        del responses["422"]
    for status, said in (("4XX", "What was asked cannot be done; it says why"), ("5XX", "Not now, or a fault of this wire")):
        responses.setdefault(status, {"description": said, "content": {MEDIA_TYPE: problem}})
