"""Where the wire is, who asks it, and what a person reads when it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from services.console import wire_client
from services.console.wire_client import api_path, ask, decode_object, fetch, first_key_file, newsroom_key, wire_url
from shared.embedded.runfile import RunFile, write_runfile
from shared.errors import BarqError
from shared.settings import settings


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("BARQ_HOME", str(tmp_path))
    monkeypatch.setenv("BARQ_PUBLIC_URL", "https://wire.example/")
    monkeypatch.delenv("BARQ_KEY", raising=False)
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


@pytest.mark.parametrize(
    ("parts", "path"),
    [
        (("items",), "/v1/items"),
        (("sources", "a b", "check"), "/v1/sources/a%20b/check"),
        (("sources", "../keys?x#y"), "/v1/sources/..%2Fkeys%3Fx%23y"),
        (("sources", "عاجل"), "/v1/sources/%D8%B9%D8%A7%D8%AC%D9%84"),
    ],
)
def test_what_somebody_typed_is_one_part_of_an_address(parts: tuple[str, ...], path: str) -> None:
    assert api_path(*parts) == path


def test_the_wire_is_the_one_named_or_the_one_that_runs_here_or_the_public_one(home: Path) -> None:
    assert wire_url(None) == "https://wire.example"
    (home / "run").mkdir()
    write_runfile(home, RunFile(pid=1, url="http://127.0.0.1:8001", database_url="", broker_url=""))
    assert wire_url(None) == "http://127.0.0.1:8001"
    assert wire_url("http://other.example/") == "http://other.example"


def test_the_key_is_the_one_named_or_the_environments_or_this_homes_first(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BarqError, match="barq key create"):
        newsroom_key(None)
    file = first_key_file(home, "newsroom")
    file.parent.mkdir()
    file.write_text("first\n")
    assert newsroom_key(None) == "first"
    monkeypatch.setenv("BARQ_KEY", "environment")
    assert newsroom_key(None) == "environment"
    assert newsroom_key("named") == "named"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'{"a": 1}', {"a": 1}),
        (b"[]", {"detail": "the wire answered 418 without JSON; is it a wire at all?"}),
        (b"", {"detail": "the wire answered 418 without JSON; is it a wire at all?"}),
        (b"\xff", {"detail": "the wire answered 418 without JSON; is it a wire at all?"}),
    ],
)
def test_an_answer_is_an_object_or_a_sentence(content: bytes, expected: dict[str, object]) -> None:
    assert decode_object(httpx.Response(418, content=content)) == expected


def answering(monkeypatch: pytest.MonkeyPatch, status: int, content: bytes) -> list[httpx.Request]:
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(status, content=content)

    def connect(key: str | None, url: str | None, *, timeout_s: float = 60) -> httpx.Client:
        return httpx.Client(base_url=wire_url(url), transport=httpx.MockTransport(answer), timeout=timeout_s)

    monkeypatch.setattr(wire_client, "connect", connect)
    return requests


@pytest.mark.parametrize(
    ("status", "content", "expected"),
    [(200, b'{"a": [1]}', {"a": [1]}), (200, b"[]", []), (204, b"", None), (202, b"null", None)],
)
def test_what_the_api_answers_is_decoded(monkeypatch: pytest.MonkeyPatch, status: int, content: bytes, expected: object) -> None:
    requests = answering(monkeypatch, status, content)
    assert ask("POST", api_path("reprocess"), key="k", url="http://w.example/base", body={"x": 1}) == expected
    assert (str(requests[0].url), requests[0].content) == ("http://w.example/base/v1/reprocess", b'{"x":1}')


@pytest.mark.parametrize(
    ("status", "content", "sentence"),
    [
        (404, b'{"detail": "There is no item x."}', "There is no item x."),
        (500, b"{}", "the wire answered 500"),
        (502, b"<html>", "the wire answered 502 without JSON"),
        (404, b'["no"]', "the wire answered 404 without JSON"),
    ],
)
def test_what_the_api_refuses_is_a_sentence(monkeypatch: pytest.MonkeyPatch, status: int, content: bytes, sentence: str) -> None:
    answering(monkeypatch, status, content)
    with pytest.raises(BarqError, match=sentence):
        ask("GET", api_path("items", "x"), key="k", url=None)
    with pytest.raises(BarqError, match=sentence):
        fetch(api_path("items", "x", "raw"), key="k", url=None)


def test_what_is_no_json_is_a_sentence_too(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, 200, b"<html>")
    with pytest.raises(BarqError, match="is it a wire at all"):
        ask("GET", api_path("sources"), key="k", url=None)


def test_raw_bytes_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, 200, b"\xef\xbb\xbf<nitf/>\r\n")
    assert fetch(api_path("items", "x", "raw"), key="k", url=None) == b"\xef\xbb\xbf<nitf/>\r\n"


def test_a_client_shows_the_key_and_asks_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example:1")
    with wire_client.connect("secret", "http://127.0.0.1:1/") as client:
        assert client.headers["authorization"] == "Bearer secret"
        assert client.trust_env is False
