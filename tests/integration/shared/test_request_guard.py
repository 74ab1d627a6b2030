"""What every request goes through, whichever app answers it: nothing odd is a fault of the wire, and no body fills its memory."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from shared.roles import WEB_APPS, WEB_ROLES, Body, WebApp
from shared.settings import settings
from shared.web.keys import Role
from shared.web.origin import Origin
from shared.web.request_guard import MOST_FORM_BYTES
from tests.conftest import forget_caches
from tests.support.every_route import every_route, filled
from tests.support.house import House

ORIGIN = Origin(WEB_ROLES)
_JSON = {"content-type": "application/json"}


@pytest.fixture
def anyone(house: House) -> TestClient:
    return TestClient(ORIGIN, raise_server_exceptions=False, follow_redirects=False, base_url="http://wire.test")


def keyed(house: House, role: Role) -> TestClient:
    secret = house.key(role, role.value)
    return TestClient(
        ORIGIN, raise_server_exceptions=False, follow_redirects=False, headers={"authorization": f"Bearer {secret}"}
    )


def routes() -> Iterator[tuple[WebApp, str, str]]:
    """Every method and path of every app."""
    return ((web, method, route.path) for web, method, route in every_route())


def chunks(total: int) -> Iterator[bytes]:
    sent = 0
    while sent < total:
        sent += 65_536
        yield b"x" * 65_536


def problem(answer: Any) -> tuple[int, bool]:
    return answer.status_code, answer.headers["content-type"] == "application/problem+json" and bool(answer.json()["detail"])


def test_every_app_has_paths_that_are_tried_here() -> None:
    assert len({web.app for web, _, _ in routes()}) == len(WEB_APPS)
    assert len(list(routes())) > 70


@pytest.mark.parametrize("role", list(Role))
def test_a_nul_in_an_address_is_the_senders_fault_wherever_it_stands(house: House, role: Role) -> None:
    client = keyed(house, role)
    faults = []
    for _, method, path in routes():
        for address in (filled(path, "a%00b"), f"{filled(path, 'a')}?q=%00", f"{filled(path, 'a')}?cursor=a%00b&words=%00"):
            if "%00" in address and not 400 <= client.request(method, address).status_code < 500:
                faults.append((method, address))
    assert faults == []


@pytest.mark.parametrize(
    ("version", "hosts", "status"),
    [("1.1", [], 400), ("1.1", ["a", "b"], 400), ("1.1", ["a", "a"], 400), ("1.0", ["a", "b"], 400), ("1.1", ["a"], 200),
     ("1.0", [], 200), ("1.0", ["a"], 200)],
)  # fmt: skip
def test_a_request_names_its_host_once_at_every_app(house: House, version: str, hosts: list[str], status: int) -> None:
    for path in {web.app: web.paths[0].replace("*", "a") for web in WEB_APPS}.values():
        said: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": b""}

        async def send(message: Any, said: list[Any] = said) -> None:
            said.append(message)

        scope = {
            "type": "http", "method": "GET", "http_version": version, "scheme": "http", "path": path, "raw_path": path.encode(),
            "query_string": b"", "root_path": "", "headers": [(b"host", host.encode()) for host in hosts], "state": {},
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
        }  # fmt: skip
        asyncio.run(ORIGIN(scope, receive, send))
        assert (said[0]["status"] == 400) == (status == 400), (path, said[0])


_BEYOND_ALL_BOUNDS = (
    str(2**70), "-1", "9" * 400, "%F0%9F%98%80", "%FF%FE", "%ED%A0%80", "..%2f..%2f", "x" * 3000, "%0d%0aa:b",
)  # fmt: skip


@pytest.mark.parametrize("role", list(Role))
def test_numbers_and_words_beyond_all_bounds_are_no_fault_of_the_wire(house: House, role: Role) -> None:
    client = keyed(house, role)
    faults, chance = [], random.Random(role)  # noqa: S311  the same at every run
    for _, method, path in routes():
        for word in chance.sample(_BEYOND_ALL_BOUNDS, 3):
            if client.request(method, filled(path, word)).status_code == 500:
                faults.append((method, path, word[:20]))
    assert faults == []


def test_a_nul_in_a_form_or_in_json_is_the_senders_fault(house: House, anyone: TestClient) -> None:
    forms = {
        "/hub": ("hub.mode", "hub.topic", "hub.callback", "hub.secret"),
        "/en/stories/a/comments": ("name", "text"),
        "/desk/sign-in": ("key", "to"),
        "/ops/sign-in": ("key",),
        "/subscriber/sign-in": ("key",),
    }
    for path, names in forms.items():
        for name in names:
            assert anyone.post(path, data={**dict.fromkeys(names, "a"), name: "a\0b"}).status_code == 422, (path, name)
    subscriber, newsroom = keyed(house, Role.SUBSCRIBER), keyed(house, Role.NEWSROOM)
    for odd in ("a\0b", "\ud800"):
        posts = [
            subscriber.post("/v1/webhooks", content=json.dumps({"name": "news", "url": f"https://news.example/{odd}"})),
            newsroom.post("/v1/sources", content=json.dumps({"name": "x", "url": f"https://news.example/{odd}"})),
            newsroom.post("/v1/sources", content=json.dumps({"name": "y", "url": "https://a.example/", "provider": odd})),
        ]
        assert [answer.status_code for answer in posts if not 400 <= answer.status_code < 500] == []


def test_a_form_token_of_any_letters_is_refused_as_any_other(house: House, anyone: TestClient) -> None:
    for path, role in (("/desk", Role.NEWSROOM), ("/subscriber", Role.SUBSCRIBER), ("/ops", Role.OPS)):
        anyone.cookies.clear()
        signed_in = anyone.post(f"{path}/sign-in", data={"key": house.key(role, role.value)})
        anyone.cookies.update(signed_in.cookies)
        for token in ("é", "\ud7ff", "", "a" * 5000):
            assert anyone.post(f"{path}/sign-out", data={"token": token}).status_code in (401, 403, 422), (path, token)


def test_no_body_is_read_further_than_its_path_takes(house: House, anyone: TestClient) -> None:
    """Chunked: nothing announces how much will come."""
    for web, method, path in routes():
        if method == "GET" or web.body is Body.STREAM:
            continue
        answer = anyone.request(method, filled(path, "a"), content=chunks(2_000_000), headers=_JSON)
        assert answer.status_code in (401, 413), (method, path, answer.status_code)
        assert answer.headers["connection"] == "close"


def test_a_key_is_looked_at_before_a_body(house: House, anyone: TestClient) -> None:
    for path in ("/v1/webhooks", "/v1/about", "/v1/sources", "/v1/preview", "/v1/translations", "/v1/terms", "/v1/items"):
        assert anyone.post(path, content=chunks(1_000_000)).status_code == 401, path
    subscriber = keyed(house, Role.SUBSCRIBER)
    assert subscriber.post("/v1/about", content=chunks(1_000_000)).status_code == 403


def test_who_shows_a_key_may_send_a_text_and_nobody_more_than_ingest_takes(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BARQ_MAX_BODY_BYTES", "1000000")
    settings.cache_clear()
    newsroom = keyed(house, Role.NEWSROOM)
    assert newsroom.post("/v1/about", content=b"x" * 3 * MOST_FORM_BYTES).status_code == 422
    assert problem(newsroom.post("/v1/about", content=b"x" * 1_000_001)) == (413, True)
    assert problem(newsroom.post("/v1/sources", content=b"x" * (MOST_FORM_BYTES + 1))) == (413, True)
    assert newsroom.post("/v1/items", content=chunks(2_000_000)).status_code == 413


def test_a_text_that_comes_while_the_database_is_away_is_to_be_sent_again_and_not_too_large(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom = keyed(house, Role.NEWSROOM)
    house.engine.dispose()
    monkeypatch.setenv("BARQ_DATABASE_URL", "postgresql://postgres@/nowhere?host=/nowhere")
    forget_caches()
    for path in ("/v1/about", "/v1/items", "/v1/preview", "/desk/new", "/v1/stories/a/editions/ar"):
        method = "PUT" if "editions" in path else "POST"
        answer = newsroom.request(method, path, content=b"x" * 2 * MOST_FORM_BYTES, headers=_JSON)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5"), path


def test_an_address_or_headers_without_end_are_refused(anyone: TestClient) -> None:
    assert problem(anyone.get("/v1/stories?q=" + "x" * 9000)) == (414, True)
    assert problem(anyone.get("/v1/stories", headers=[(f"x-{number}", "1") for number in range(200)])) == (431, True)


@pytest.mark.parametrize("path", ["/en", "/ar", "//evil.example", "/en/feeds", "/"])
def test_no_answer_says_the_host_that_it_was_asked_by(anyone: TestClient, path: str) -> None:
    answer = anyone.get(path, headers={"host": "evil.example"})
    told = "".join([*answer.headers.values(), answer.text])
    assert "evil.example" not in told.replace("//evil.example", "", 0 if path != "//evil.example" else -1)
    location = answer.headers.get("location", "/")
    assert location.startswith("/")
    assert not location.startswith("//")


def test_every_answer_says_that_it_is_what_it_says(house: House, anyone: TestClient) -> None:
    for _, method, path in routes():
        for client in (anyone, keyed(house, Role.NEWSROOM)):
            answer = client.request(method, filled(path, "a"))
            assert answer.headers.get_list("x-content-type-options") == ["nosniff"], (method, path)
    for path in ("/healthz", "/v1/openapi.json", "/en/feeds/all.atom", "/nowhere/at/all"):
        assert anyone.get(path).headers.get_list("x-content-type-options") == ["nosniff"]


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        ("/hub", "BARQ_HUB_REQUESTS_PER_MINUTE"),
        ("/desk/sign-in", "BARQ_SIGN_INS_PER_MINUTE"),
        ("/ops/sign-in", "BARQ_SIGN_INS_PER_MINUTE"),
        ("/subscriber/sign-in", "BARQ_SIGN_INS_PER_MINUTE"),
    ],
)
def test_a_door_without_a_key_opens_so_often_and_not_oftener(
    house: House, monkeypatch: pytest.MonkeyPatch, path: str, limit: str
) -> None:
    monkeypatch.setenv(limit, "3")
    settings.cache_clear()
    client = TestClient(ORIGIN, client=(f"203.0.113.{len(path)}", 1), raise_server_exceptions=False)
    answers = [client.post(path, data={"key": "wrong"}) for _ in range(5)]
    assert [answer.status_code == 429 for answer in answers] == [False, False, False, True, True]
    assert int(answers[-1].headers["retry-after"]) > 0
    other = TestClient(ORIGIN, client=(f"198.51.100.{len(path)}", 1), raise_server_exceptions=False)
    assert other.post(path, data={"key": "wrong"}).status_code != 429
