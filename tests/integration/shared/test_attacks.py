"""What somebody tried on a running wire, as far as no other test has it (docs/security.md names the test of each try)."""

from __future__ import annotations

import socket
import tarfile
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import event, text
from typer.testing import CliRunner

from services.console.commands.models import model_app
from services.ingest.acceptance import read_items
from shared.roles import WEB_ROLES
from shared.settings import settings
from shared.web.keys import Role
from shared.web.origin import Origin
from shared.web.problems import answer_problems
from tests.integration.shared.test_connections import served
from tests.support.crawling import crawl
from tests.support.every_route import every_route, filled
from tests.support.house import House

ORIGIN = Origin(WEB_ROLES)
CODE = """"><script>alert(1)</script><img src=x onerror=alert(1)><svg/onload=alert(1)>'"""
SCREENS = {"/desk": Role.NEWSROOM, "/ops": Role.OPS, "/subscriber": Role.SUBSCRIBER}


@pytest.fixture
def anyone(house: House) -> Iterator[TestClient]:
    with TestClient(ORIGIN, raise_server_exceptions=False, follow_redirects=False) as client:
        yield client


def keyed(house: House, role: Role) -> TestClient:
    headers = {"authorization": f"Bearer {house.key(role, role.value)}"}
    return TestClient(ORIGIN, raise_server_exceptions=False, follow_redirects=False, headers=headers)


# ── Code of others in our pages ──────────────────────────────────────────────────────────────────────────────────


class _Acting(HTMLParser):
    """What a browser would run of a page, or be led by."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        is_ours = tag == "script" and (str(said.get("src", "")).startswith("/") or said.get("type") == "application/ld+json")
        if (tag == "script" and not is_ours) or tag in ("iframe", "object", "embed", "base"):
            self.found.append(f"<{tag} {said}>")
        self.found += [f"{tag} {name}" for name in said if name.startswith("on")]
        led = [str(value).strip().lower() for value in said.values()]
        self.found += [f"{tag} {value}" for value in led if value.startswith(("javascript:", "data:t"))]


def acting(page: str) -> list[str]:
    parser = _Acting()
    parser.feed(page)
    return parser.found


def test_no_word_of_anybody_becomes_code_on_any_page(house: House, anyone: TestClient) -> None:
    item = {
        "uri": "urn:code", "version": 1, "language": "en", "places": [{"code": "SA", "name": CODE}], "provider": {"name": CODE},
        "body_html": f"<p>Ministers agreed.</p>{CODE}<a href='javascript:alert(1)'>there</a><p onclick=alert(1)>x</p>",
        "keywords": [CODE], "labels": [CODE], "subjects": [{"name": CODE}], "people": [{"name": CODE}],
        "associations": [{"item_class": "picture", "href": "https://pictures.example/a.jpg", "media_type": "image/jpeg",
                          "caption": CODE, "credit": CODE}],
        **dict.fromkeys(("headline", "slugline", "byline", "dateline", "located", "summary", "copyright_notice", "credit_line",
                         "copyright_holder", "usage_terms", "disclaimer", "ednote"), CODE),
    }  # fmt: skip
    sent = house.newsroom().post("/v1/items", json={"wire_item": item})
    assert sent.status_code == 202, sent.text
    story = sent.json()["accepted"][0]["story"]
    house.works()
    assert house.translates(story, translator=CODE, headline=f"اتفاق {CODE}").status_code < 500
    anyone.post(f"/en/stories/{story}/comments", data={"name": CODE[:60], "text": CODE})
    with house.engine.begin() as connection:
        connection.execute(text("UPDATE comments SET state = 'shown'"))
    house.works()
    pages = {path: said for path, said in crawl(anyone, story).items() if "<html" in said[:200].lower()}
    for path, role in SCREENS.items():
        inside = TestClient(ORIGIN, raise_server_exceptions=False)
        inside.post(f"{path}/sign-in", data={"key": house.key(role, role.value)})
        for _, method, route in every_route():
            if method == "GET" and route.path.startswith(path):
                pages[f"{role} {route.path}"] = inside.get(filled(route.path, story)).text
    assert any("alert(1)" in page for page in pages.values())  # as text
    assert {path: found for path, page in pages.items() if (found := acting(page))} == {}


def test_no_word_of_an_address_becomes_code_on_the_page_that_answers_it(house: House, anyone: TestClient) -> None:
    for _, method, route in every_route():
        dependant: Any = getattr(route, "dependant", None)
        names = [field.alias for field in getattr(dependant, "query_params", [])] or ["q"]
        if method == "GET":
            for path in (filled(route.path, "%3Cscript%3Ealert(1)%3C%2Fscript%3E"), filled(route.path, "a")):
                answer = anyone.get(path, params=dict.fromkeys(names, CODE), headers={"accept": "text/html"})
                if "text/html" in answer.headers.get("content-type", ""):
                    assert acting(answer.text) == [], path
                    assert "default-src 'none'" in answer.headers["content-security-policy"], path


# ── Doors ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("role", [None, *Role], ids=lambda role: role.value if role else "nobody")
def test_a_key_of_another_role_opens_nothing(house: House, anyone: TestClient, role: Role | None) -> None:
    client = keyed(house, role) if role else anyone
    for web, method, route in every_route():
        wanted = web.key or {"services.ingest.routes:app": "newsroom"}.get(web.app, "")
        path = filled(route.path, "a")
        is_open = not wanted or wanted == role or path.endswith((".css", ".js", "/sign-in", "/openapi.json"))
        is_open |= (role, method, path) == (Role.OPS, "GET", "/v1/items/a")  # where an item is, without its text
        if not is_open:
            assert client.request(method, path, json={}).status_code in (401, 403), (method, path)


def test_a_screens_session_opens_no_screen_of_another_role(house: House) -> None:
    for path, role in SCREENS.items():
        client = TestClient(ORIGIN, raise_server_exceptions=False)
        client.post(f"{path}/sign-in", data={"key": house.key(role, role.value)}, follow_redirects=False)
        (session,) = client.cookies.values()
        for other in SCREENS.keys() - {path}:
            cookie = {"cookie": f"barq_{other[1:]}={session}"}
            assert TestClient(ORIGIN, raise_server_exceptions=False).get(other, headers=cookie).status_code in (401, 403)


@pytest.mark.parametrize(
    "to",
    [
        "//evil.example",
        "https://evil.example",
        "/desk@evil.example",
        "/desk/../..//evil.example",
        "/desk\r\nLocation: https://evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
    ],
)
def test_who_signs_in_is_sent_to_a_page_of_ours(house: House, anyone: TestClient, to: str) -> None:
    answer = anyone.post("/desk/sign-in", data={"key": house.key(), "to": to})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/desk")
    assert answer.headers.get_list("location") == [answer.headers["location"]]


@pytest.mark.parametrize(
    "path",
    [
        "/static/../../shared/keys.py",
        "/.git/config",
        "/.env",
        "/wire.toml",
        "/en/feeds/..%2f..%2fetc.rss",
        "/..%2f..%2fetc%2fpasswd",
        "/en/%2e%2e/%2e%2e/etc/passwd",
        "/desk/..%5c..%5cdesk.css",
    ],
)
def test_no_path_leads_out_of_what_is_served(anyone: TestClient, path: str) -> None:
    answer = anyone.get(path)
    assert answer.status_code in (307, 308, 401, 404), path
    assert not any(words in answer.text for words in ("root:", "[core]", "import annotations", "[editions"))


@pytest.mark.parametrize("path", ["/x%0d%0aSet-Cookie:%20a=b", "/en%0d%0aX:%20b", "/en/stories/a%0d%0aX:%20b/comments"])
def test_no_line_of_an_address_becomes_a_header(anyone: TestClient, path: str) -> None:
    answer = anyone.get(path)
    assert not {"set-cookie", "x"} & set(answer.headers)
    assert all("\n" not in value for value in answer.headers.values())


def test_a_wrong_key_is_looked_for_as_any_other_with_one_question(house: House) -> None:
    """So that the time of an answer says nothing of how near a guess was: there is only a hash, which is there or is not."""
    statements: list[str] = []
    event.listen(house.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    client = TestClient(ORIGIN, raise_server_exceptions=False)
    asked = []
    for key in (f"{house.key(Role.SUBSCRIBER, 'a')[:-1]}!", "barq_subscriber_", "é" * 200, "x" * 5000):
        statements.clear()
        assert client.get("/v1/webhooks", headers={"authorization": f"Bearer {key}".encode()}).status_code == 401
        asked.append(list(statements))
    assert all(each == asked[0] for each in asked)
    assert len(asked[0]) == 1


# ── What is said ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_fault_says_nothing_of_our_inside() -> None:
    app = FastAPI()
    answer_problems(app)

    @app.get("/")
    def broken() -> None:
        raise ValueError("postgresql://barq:a-password@postgres/barq")

    answer = TestClient(app, raise_server_exceptions=False).get("/")
    assert answer.status_code == 500
    assert not any(words in answer.text for words in ("password", "postgres", "Traceback", "ValueError", ".py"))


def test_no_secret_is_in_a_log_whatever_is_asked_with_it(
    house: House, anyone: TestClient, capfd: pytest.CaptureFixture[str]
) -> None:
    secrets = []
    for path, role in SCREENS.items():
        secret = house.key(role, role.value)
        secrets += [secret, *anyone.post(f"{path}/sign-in", data={"key": secret}).cookies.values()]
    for secret in secrets:
        for path in (f"/private/{secret}/en/feeds.opml", f"/private/{secret}/en/feeds/all.atom", f"/v1/stories?q={secret}%00"):
            anyone.get(path)
        anyone.post("/hub", data={"hub.mode": "subscribe", "hub.topic": f"https://wire.example/private/{secret}/en/feeds/all.atom",
                                  "hub.callback": f"https://reader.example/{secret}", "hub.secret": secret})  # fmt: skip
        anyone.get("/v1/webhooks", headers={"authorization": f"Bearer {secret}", "cookie": f"barq_desk={secret}"})
    said = "".join(capfd.readouterr())
    assert [secret for secret in secrets if secret in said] == []


def test_of_an_embargoed_story_nobody_finds_a_word_anywhere(house: House, anyone: TestClient) -> None:
    mark = "zyxwv"
    item = {
        "uri": "urn:later", "version": 1, "language": "en", "embargoed_until": "2099-01-01T00:00:00Z", "places": [{"code": "SA"}],
        "body_html": f"<p>{mark}</p>", **dict.fromkeys(("headline", "summary", "byline", "slugline", "dateline"), mark),
        "keywords": [mark], "subjects": [{"name": mark}], "people": [{"name": mark}], "provider": {"name": mark},
    }  # fmt: skip
    story = house.newsroom().post("/v1/items", json={"wire_item": item}).json()["accepted"][0]["story"]
    house.pushes(place=[{"code": "SA"}])  # what is beside it is public
    house.works()
    for reader in (anyone, keyed(house, Role.SUBSCRIBER)):
        found = crawl(reader, story, [mark])
        assert [path for path, said in found.items() if mark in said] == []
    assert any("Ministers agree" in said for said in crawl(anyone, story).values())


# ── Bytes ────────────────────────────────────────────────────────────────────────────────────────────────────────

SMUGGLED = {
    "two lengths": b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
    "length and chunks": b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n",
    "a space before the colon": b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "chunks that are not": b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "a length below nothing": b"Content-Length: -1\r\n\r\n",
    "a chunk below nothing": b"Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
    "a chunk without end": b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n\r\n",
    "a folded line": b"X: a\r\n b\r\nContent-Length : 3\r\n\r\nabc",
}


@pytest.mark.parametrize("how", SMUGGLED)
def test_a_request_that_can_be_read_in_two_ways_is_refused(monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    with served(monkeypatch) as port, socket.create_connection(("127.0.0.1", port), 10) as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: a\r\n" + SMUGGLED[how])
        said = b""
        while part := client.recv(10_000):
            said += part
    assert said.startswith(b"HTTP/1.1 400")
    assert said.count(b"HTTP/1.1") == 1


def test_a_name_of_an_attachment_is_no_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    mail = (
        b"From: a@b.example\r\nSubject: A story\r\nDate: Wed, 25 Nov 2026 10:00:00 +0000\r\nMessage-ID: <1@b.example>\r\n"
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nMinisters agreed on Friday.\r\n"
        b'--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename="../../../barq-attached"\r\n\r\n'
        b"written\r\n--b--\r\n"
    )
    list(read_items(mail, "message/rfc822", most=10))
    assert [path for folder in (tmp_path, *tmp_path.parents[:3]) for path in folder.glob("barq-attached")] == []


@pytest.mark.parametrize("declared", ['<!ENTITY a "b">', '<!ENTITY x SYSTEM "file:///etc/hostname">'])
def test_a_translators_document_declares_no_entities(house: House, declared: str) -> None:
    story = house.pushes()["story"]
    house.works()
    body = f'<!DOCTYPE xliff [{declared}]><xliff version="2.0" xmlns="urn:oasis:names:tc:xliff:document:2.0">&a;&x;</xliff>'
    client = keyed(house, Role.NEWSROOM)
    answer = client.put(f"/v1/stories/{story}/editions/ar/xliff", content=body)
    assert 400 <= answer.status_code < 500
    assert Path("/etc/hostname").read_text(encoding="utf-8").strip() not in answer.text


@pytest.mark.parametrize("kind", ["zip", "tar", "link"])
def test_no_archive_of_a_model_writes_elsewhere(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    inside = tmp_path / "deep" / "home"
    inside.mkdir(parents=True)
    monkeypatch.setenv("BARQ_HOME", str(inside))
    settings.cache_clear()
    archive = tmp_path / ("m.zip" if kind == "zip" else "m.tar.gz")
    if kind == "zip":
        with zipfile.ZipFile(archive, "w") as zipped:
            zipped.writestr("../../../out", b"x")
            zipped.writestr("model/model.bin", b"x")
    else:
        with tarfile.open(archive, "w:gz") as tar:
            member = tarfile.TarInfo("link" if kind == "link" else "../../../out")
            if kind == "link":
                member.type, member.linkname = tarfile.SYMTYPE, str(tmp_path)
            tar.addfile(member)
            if kind == "link":
                tar.addfile(tarfile.TarInfo("link/out"))
    CliRunner().invoke(model_app, ["add", str(archive)])
    assert [path for path in tmp_path.rglob("out") if not path.is_relative_to(inside)] == []
    assert not (tmp_path.parent / "out").exists()
