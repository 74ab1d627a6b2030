"""Whatever is sent to whatever address, by whoever: it is never a fault of the wire, and a person is answered by a page.

Every route of every app is tried: values that break programs, in its path, query, headers, cookies, forms and JSON, with each
kind of key and none; and by Schemathesis, for what its own types allow, also the pages and forms that the description leaves out.
`BARQ_HOSTILE=all` tries every value in every place.
"""

from __future__ import annotations

import copy
import json
import os
import random
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar
from urllib.parse import quote

import hypothesis
import pytest
import schemathesis
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from starlette.routing import Route

from shared.roles import WEB_ROLES
from shared.web.keys import Role
from shared.web.origin import Origin
from tests.support.every_route import every_route, filled
from tests.support.house import House

T = TypeVar("T")

ORIGIN = Origin(WEB_ROLES)
EVERY_ROUTE = {(method, route.path): route for _, method, route in reversed([*every_route()])}

#: as bytes: what of it is no text is the more hostile
HOSTILE = [
    b"\0", b"a\0b", b"\xff\xfe", b"\xed\xa0\x80", "\U0001f600".encode(), "é".encode(), b"-1", b"0", str(2**31).encode(),
    str(2**63).encode(), str(2**70).encode(), b"9" * 400, b"1e999", b"NaN", b"null", b"", b" ", b"x" * 3000, b"../../etc/passwd",
    b"..%2f..%2f", b"%00", b"%", b"\r\nSet-Cookie: a=b", b"' OR 1=1 --", b"${7*7}{{7*7}}", b"<script>alert(1)</script>",
    b"2026-13-45", b"9999-12-31T23:59:59Z", b"0001-01-01T00:00:00-23:59", b"00000000-0000-0000-0000-000000000000", b"[", b'{"a":',
    "\u202e\u2066\ufeff\u0000".encode(), "٣".encode(),
]  # fmt: skip
HEADERS = (
    "accept", "accept-language", "accept-encoding", "authorization", "content-type", "cookie", "if-none-match",
    "if-modified-since", "range", "a-im", "origin", "referer", "sec-fetch-site", "x-forwarded-for", "x-forwarded-proto", "expect",
)  # fmt: skip


def _visitor(house: House, role: Role | None) -> TestClient:
    """Somebody with a key of this role, signed in wherever it opens a screen; or with nothing."""
    client = TestClient(ORIGIN, raise_server_exceptions=False, follow_redirects=False, base_url="http://wire.test")
    if role:
        secret = house.key(role, role.value)
        for path in ("/desk", "/ops", "/subscriber"):
            client.cookies.update(client.post(f"{path}/sign-in", data={"key": secret}).cookies)
        client.headers["authorization"] = f"Bearer {secret}"
    return client


def _some(values: Sequence[T], count: int, chance: random.Random) -> Sequence[T]:
    return values if os.environ.get("BARQ_HOSTILE") == "all" else chance.sample(values, count)


def _requests(method: str, route: Route, chance: random.Random) -> Iterator[dict[str, Any]]:
    """Requests to a route with one odd value each."""

    def some(count: int) -> Sequence[bytes]:
        return _some(HOSTILE, count, chance)

    plain = filled(route.path, "a")
    names = _names(route, "query_params") or ["q"]
    fields = _names(route, "body_params") or ["token", "name", "text", "key"]
    yield from ({"url": filled(route.path, quote(value) or "%20")} for value in some(2) if "{" in route.path)
    yield from ({"url": f"{plain}?{chance.choice(names)}={quote(value)}"} for value in some(2))
    yield from ({"url": plain, "headers": {chance.choice(HEADERS): value}} for value in some(2) if b"\n" not in value)
    cookies = ("barq_desk", "barq_ops", "barq_subscriber")
    for value in some(1):
        yield {"url": plain, "headers": {"cookie": b"%b=barq_session_%b" % (chance.choice(cookies).encode(), value)}}
    if method == "GET":
        return
    for value in some(2):
        form = "&".join(f"{field}={quote(value if number else value * 2)}" for number, field in enumerate(fields))
        yield {"url": plain, "content": form.encode(), "headers": {"content-type": "application/x-www-form-urlencoded"}}
    for value in some(1):
        odd: Any = value.decode("utf-8", "surrogatepass" if b"\xed" in value else "replace")
        for body in (json.dumps(dict.fromkeys(fields, odd)), json.dumps([odd]), value):
            yield {"url": plain, "content": body, "headers": {"content-type": "application/json"}}


def _names(route: Route, kind: str) -> list[str]:
    dependant = getattr(route, "dependant", None)
    return [field.alias for field in getattr(dependant, kind, [])]


@pytest.mark.parametrize("role", [None, *Role], ids=lambda role: role.value if role else "nobody")
def test_no_value_in_any_place_is_a_fault_of_the_wire(house: House, role: Role | None) -> None:
    chance = random.Random(f"hostile {role}")  # noqa: S311  the same at every run
    client = _visitor(house, role)
    mine = dict(client.cookies)
    faults = []
    for (method, _), route in EVERY_ROUTE.items():
        for asked in _requests(method, route, chance):
            answer = client.request(method, **asked)
            if answer.status_code >= 500 and route.path != "/readyz":  # which says that no workers run here
                faults.append((method, asked, answer.status_code))
        if dict(client.cookies) != mine:  # signed out
            client = _visitor(house, role)
            mine = dict(client.cookies)
    assert faults == []


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "X" * 50])
def test_no_method_is_a_fault_of_the_wire(house: House, method: str) -> None:
    client = _visitor(house, None)
    paths = dict.fromkeys(path for _, path in EVERY_ROUTE if path != "/readyz")
    assert [path for path in paths if client.request(method, filled(path, "a")).status_code >= 500] == []


_IN_ADDRESSES = ("%00", "x" * 1000, "x" * 9000, "%ff", "9" * 400, "-1", "%ED%A0%80", "junk")
BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.mark.parametrize("role", [None, *Role], ids=lambda role: role.value if role else "nobody")
def test_a_person_is_answered_by_a_page_whatever_stands_in_the_address(house: House, role: Role | None) -> None:
    story = house.pushes()["story"]
    house.works()
    client = _visitor(house, role)
    if role:
        del client.headers["authorization"]  # a browser has a session
    faults, chance = [], random.Random(f"page {role}")  # noqa: S311  the same at every run
    for (method, path), route in EVERY_ROUTE.items():
        plain = filled(path, story if "{story}" in path else "a")
        if method != "GET" or path.startswith("/v1/"):
            continue
        if "text/html" not in client.get(plain, headers=BROWSER).headers.get("content-type", ""):
            continue
        for name in [*_names(route, "query_params"), "anything"]:
            for value in _some(_IN_ADDRESSES, 3, chance):
                answer = client.get(f"{plain}?{name}={value}", headers=BROWSER)
                if answer.status_code >= 500 or not (answer.is_redirect or "text/html" in answer.headers["content-type"]):
                    faults.append((plain, name, value[:20], answer.status_code, answer.headers["content-type"]))
    assert faults[:5] == []


def test_a_problems_page_says_what_the_problem_says_and_a_program_is_told_as_ever(house: House) -> None:
    client = _visitor(house, None)
    page = client.get("/en/feeds/all.atom?page=0", headers=BROWSER)
    assert (page.status_code, page.headers["content-type"]) == (422, "text/html; charset=utf-8")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "<h1>Invalid request</h1>" in page.text
    program = client.get("/en/feeds/all.atom?page=0", headers={"accept": "*/*"})
    assert (program.status_code, program.headers["content-type"]) == (422, "application/problem+json")
    assert client.get("/v1/stories?limit=junk", headers=BROWSER).headers["content-type"] == "application/problem+json"


# ── What the types of each route allow ───────────────────────────────────────────────────────────────────────────


def _every_description() -> dict[str, Any]:
    """Every route, the pages and forms among them, as its types describe it."""
    shown = []
    for (method, path), there in EVERY_ROUTE.items():
        route = copy.copy(there)
        if isinstance(route, APIRoute) and path != "/readyz":  # which says that no workers run here
            route.include_in_schema, route.methods = True, {method}
            route.operation_id = f"{method} {path}"
            shown.append(route)
    return get_openapi(title="every door", version="1", routes=shown)


SCHEMA = schemathesis.openapi.from_dict(_every_description())
SCHEMA.app = ORIGIN
ROLES_AT = {"/ops": Role.OPS, **dict.fromkeys(("/subscriber", "/v1/webhooks", "/hub"), Role.SUBSCRIBER)}


@SCHEMA.parametrize()
@hypothesis.settings(max_examples=4, deadline=None, suppress_health_check=list(hypothesis.HealthCheck), derandomize=True)
def test_no_request_that_the_types_allow_is_a_fault_of_the_wire(case: schemathesis.Case, house: House) -> None:
    path = case.operation.path
    role = next((role for start, role in ROLES_AT.items() if path.startswith(start)), Role.NEWSROOM)
    case.headers = {**(case.headers or {}), "Authorization": f"Bearer {house.key(role, f'of {role}')}"}
    assert case.call().status_code < 500
