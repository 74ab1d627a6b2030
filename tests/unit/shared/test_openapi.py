"""What the API's description promises of itself, whatever operations it has."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest

from shared.contracts.problem import MEDIA_TYPE
from shared.web.openapi import METHODS, description

DESCRIBED = description()
PARAMETER = re.compile(r"\{[^{}]*\}")


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in DESCRIBED["paths"].items():
        for method in METHODS:
            if method in methods:
                yield path, method, methods[method]


OPERATIONS = [pytest.param(path, operation, id=f"{method} {path}") for path, method, operation in operations()]


@pytest.mark.parametrize(("path", "operation"), OPERATIONS)
def test_an_operation_says_all_that_a_client_is_made_of(path: str, operation: dict[str, Any]) -> None:
    tags = {tag["name"] for tag in DESCRIBED["tags"]}
    assert operation["operationId"]
    assert operation["summary"]
    assert len(operation["tags"]) == 1
    assert set(operation["tags"]) <= tags
    assert {name for one in operation["security"] for name in one} <= set(DESCRIBED["components"]["securitySchemes"])
    assert {parameter["name"] for parameter in operation.get("parameters", ()) if parameter["in"] == "path"} == set(
        re.findall(r"\{([^{}]*)\}", path)
    )
    assert MEDIA_TYPE in operation["responses"]["4XX"]["content"]
    assert all(answer["description"] for answer in operation["responses"].values())


def test_each_operation_has_a_name_of_its_own_and_each_tag_an_operation() -> None:
    names = [operation["operationId"] for _, _, operation in operations()]
    assert len(set(names)) == len(names)
    assert {tag["name"] for tag in DESCRIBED["tags"]} == {operation["tags"][0] for _, _, operation in operations()}


def test_what_everyone_may_read_asks_for_no_key_and_all_else_does() -> None:
    public = {path for path, _, operation in operations() if operation["security"] in ([], [{}, {"key": []}])}
    assert public == {"/v1/stories", "/v1/stories.{extension}", "/v1/stories/{story}", "/v1/stories/{story}/revisions"}


def _matches(path: str, other: str) -> bool:
    """Is a request that fits `other` one that fits `path` too, and no part of it decides between them?"""
    parts, others = path.split("/"), other.split("/")
    if len(parts) != len(others):
        return False
    pattern = "/".join("[^/]+".join(map(re.escape, PARAMETER.split(part))) for part in parts)
    is_decided = any(("{" in part) != ("{" in another) for part, another in zip(parts, others, strict=True))
    return bool(re.fullmatch(pattern, PARAMETER.sub("x", other))) and not is_decided


@pytest.mark.parametrize(
    ("path", "other", "both"),
    [
        ("/v1/a/{x}", "/v1/a/{y}", True),
        ("/v1/a/{x}", "/v1/a/{x}.{y}", True),
        ("/v1/a/{x}", "/v1/a/check", False),  # which is the more concrete
        ("/v1/a/{x}", "/v1/b/{x}", False),
        ("/v1/a", "/v1/a.{y}", False),
        ("/v1/a/{x}", "/v1/a/{x}/b", False),
    ],
)
def test_it_is_seen_when_one_request_fits_two_paths(path: str, other: str, both: bool) -> None:
    assert (_matches(path, other) or _matches(other, path)) == both


def test_no_request_fits_two_paths() -> None:
    assert [pair for pair in combinations(DESCRIBED["paths"], 2) if _matches(*pair) or _matches(*reversed(pair))] == []


def test_every_schema_is_used_and_there() -> None:
    text = json.dumps(DESCRIBED)
    used = set(re.findall(r'"#/components/schemas/([^"]+)"', text))
    assert used == set(DESCRIBED["components"]["schemas"])


def _schemas_in(said: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Everything in the description that has a type, wherever it stands."""
    if isinstance(said, dict):
        if isinstance(said.get("type"), str):
            yield path, said
        for key, value in said.items():
            yield from _schemas_in(value, f"{path}/{key}")
    elif isinstance(said, list):
        for place, value in enumerate(said):
            yield from _schemas_in(value, f"{path}/{place}")


def test_every_list_says_what_is_in_it() -> None:
    """Linters and generators look for `items`, also where a tuple says its parts one by one."""
    assert [path for path, schema in _schemas_in(DESCRIBED) if schema["type"] == "array" and not schema.get("items")] == []


@pytest.mark.parametrize(("path", "operation"), OPERATIONS)
def test_a_client_is_told_what_every_answer_is(path: str, operation: dict[str, Any]) -> None:
    """An answer without a media type is thrown away by who reads the description, one without a schema is anything."""
    for status, answer in operation["responses"].items():
        assert bool(answer.get("content")) != (status in ("204", "304")), status
        assert [media_type for media_type, said in answer.get("content", {}).items() if not said.get("schema")] == []


def test_what_takes_a_document_says_so() -> None:
    """What has none does what its address says."""
    without = {path for path, method, said in operations() if method in ("put", "post") and "requestBody" not in said}
    assert without == {
        "/v1/quarantine/{entry}/replay", "/v1/sources/{name}/check", "/v1/webhooks/{name}/enable", "/v1/webhooks/{name}/secret",
        "/v1/webhooks/{name}/test",
    }  # fmt: skip


def test_a_killed_story_is_described_with_what_its_answer_has() -> None:
    """A generated client reads the first media type: that of the API's own answers."""
    for path, status in (("/v1/stories/{story}", "200"), ("/v1/stories/{story}", "410"), ("/v1/stories", "200")):
        media_type, content = next(iter(DESCRIBED["paths"][path]["get"]["responses"][status]["content"].items()))
        assert media_type == "application/json"
        assert content["schema"]["$ref"].rpartition("/")[2] in ("StoryAnswer", "StoryList")


def test_the_description_names_the_address_that_readers_see(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.web.openapi.settings", lambda: type("Set", (), {"public_url": "https://news.example"}))
    told = description()
    assert told["servers"] == [{"url": "https://news.example"}]
    assert told["info"]["contact"] == {"name": "Barq", "url": "https://news.example"}
