"""HEAD wherever GET is, OPTIONS everywhere, `Allow` that is true: at every address of every app."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from shared.roles import WEB_ROLES
from shared.web.keys import Role
from shared.web.origin import Origin
from tests.support.every_route import every_address
from tests.support.house import House
from tests.support.reading import eventually

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
ROLES_AT = {"/ops": Role.OPS, "/metrics": Role.OPS, "/subscriber": Role.SUBSCRIBER, "/v1/webhooks": Role.SUBSCRIBER}
#: what an origin answers by itself
WITHOUT_A_ROUTE = ("/healthz", "/v1/openapi.json", "/nothing.here")
#: what differs between two answers to one question: a form's token has a length of its own, and clocks go on
OF_THE_MOMENT = {"date", "set-cookie"}


@pytest.fixture(scope="module")
def origin() -> Origin:
    return Origin(WEB_ROLES)


@pytest.fixture
def values(house: House) -> dict[str, str]:
    """What is there, by the name that routes call it by."""
    accepted = house.pushes(headline="Fresh", keywords=["Oil"], labels=["Budget"])
    house.works()
    house.translates(accepted["story"])
    house.works()
    return {
        "story": accepted["story"], "item": accepted["item"], "edition": "en", "feed": "all", "feed_format": "atom",
        "extension": "ninjs", "url_slug": "fresh", "tag": "Oil", "label": "Budget", "secret": house.key(Role.SUBSCRIBER, "Gulf"),
    }  # fmt: skip


@pytest.fixture
def visitors(house: House, origin: Origin, values: dict[str, str]) -> Iterator[dict[str, TestClient]]:
    """Somebody signed in at each screen, by the beginning of its addresses."""
    clients = {}
    for start, role in {"": Role.NEWSROOM, **ROLES_AT}.items():
        client = TestClient(origin, raise_server_exceptions=False, follow_redirects=False, base_url="http://wire.test")
        secret = house.key(role, role.value)
        for screen in ("/desk", "/ops", "/subscriber"):
            client.cookies.update(client.post(f"{screen}/sign-in", data={"key": secret}).cookies)
        client.headers["authorization"] = f"Bearer {secret}"
        clients[start] = client
    with clients[""] as client:  # runs the edge's start
        eventually(lambda: "Fresh" in client.get("/en/feeds/all.atom").text)
        yield clients


def visitor_at(path: str, visitors: dict[str, TestClient]) -> TestClient:
    return visitors[max((start for start in visitors if path.startswith(start)), key=len)]


def without_the_moment(answer: Response) -> tuple[int, dict[str, str]]:
    return answer.status_code, {name: value for name, value in answer.headers.items() if name not in OF_THE_MOMENT}


def test_head_is_get_without_the_body_at_every_address(values: dict[str, str], visitors: dict[str, TestClient]) -> None:
    faults, read = [], 0
    for path in (*every_address(values).values(), *WITHOUT_A_ROUTE):
        client = visitor_at(path, visitors)
        for headers in ({}, {"accept": "text/html"}, {"accept": "application/x-ndjson"}):
            whole, head = (client.request(method, path, headers=headers) for method in ("GET", "HEAD"))
            read += whole.status_code == 200
            if without_the_moment(whole) != without_the_moment(head) or head.content:
                faults.append((path, without_the_moment(whole), without_the_moment(head)))
    assert faults == []
    assert read > 100  # most of what is asked for is there


def test_who_polls_by_head_is_told_that_nothing_changed(values: dict[str, str], visitors: dict[str, TestClient]) -> None:
    client = visitors[""]
    for path in ("/v1/stories", f"/v1/stories/{values['story']}.ninjs", "/en/feeds/all.atom?page=1"):
        etag = client.head(path).headers["etag"]
        assert client.head(path, headers={"if-none-match": etag}).status_code == 304


def test_options_names_what_an_address_takes_and_all_else_is_told_the_same(
    values: dict[str, str], visitors: dict[str, TestClient]
) -> None:
    faults = []
    for path in (*every_address(values).values(), *WITHOUT_A_ROUTE):
        client = visitor_at(path, visitors)
        options = client.options(path)
        answers = {method: client.request(method, path) for method in METHODS}
        if options.status_code == 404:
            faults += [(path, method) for method, answer in answers.items() if answer.status_code != 404]
            continue
        allowed = set(options.headers["allow"].split(", "))
        refused = {method for method, answer in answers.items() if answer.status_code == 405}
        if (options.status_code, options.content) != (204, b"") or allowed != {*METHODS, "OPTIONS"} - refused:
            faults.append((path, f"{options.status_code} {allowed} but refused {refused}"))
        faults += [(path, m) for m in refused if {*answers[m].headers.get("allow", "").split(", ")} != allowed]
    assert faults == []
