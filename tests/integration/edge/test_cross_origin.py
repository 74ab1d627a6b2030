"""What a script on anybody's page may read: feeds and the public content API; nothing that needs a key or a form's token."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from shared.clock import utc_now
from shared.roles import WEB_ROLES
from shared.web.keys import Role, create_key
from shared.web.origin import Origin
from shared.wire.config import DEFAULT_FILE
from tests.support.every_route import every_address
from tests.support.house import House
from tests.support.loopback import PRIVATE_FEED, use_wire_file
from tests.support.reading import eventually

#: the routes that are for scripts of every origin; a new one is closed until it is named here too
OPEN = {
    "/{edition}/feeds/{feed}.{feed_format}", "/{edition}/feeds/search.{feed_format}", "/{edition}/feeds.opml",
    "/sitemap.xml", "/news-sitemap.xml", "/sitemaps/{edition}/{month}-{part}.xml",
    "/v1/stories", "/v1/stories.{extension}", "/v1/stories/{story}", "/v1/stories/{story}.{extension}",
    "/v1/stories/{story}/revisions",
}  # fmt: skip
PREFLIGHT = {"origin": "https://reader.example", "access-control-request-method": "GET"}


@pytest.fixture
def script(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A script on somebody's page; the wire has a story, and a feed that needs a key."""
    use_wire_file(DEFAULT_FILE.read_text(encoding="utf-8") + PRIVATE_FEED, tmp_path, monkeypatch)
    house.pushes(headline="Fresh", keywords=["Oil"])
    house.works()
    client = TestClient(Origin(WEB_ROLES), follow_redirects=False, headers={"origin": "https://reader.example"})
    with client:
        eventually(lambda: "Fresh" in client.get("/en/feeds/all.atom").text)
        yield client


def test_of_all_addresses_those_that_are_for_everybody_and_no_other_are_open(house: House, script: TestClient) -> None:
    (story,) = house.rows("SELECT id FROM stories")
    values = {"edition": "en", "feed": "all", "feed_format": "atom", "story": story.id, "extension": "ninjs", "month": "2026-11"}
    found = {
        route
        for route, path in every_address({**values, "part": "1"}).items()
        for answer in (script.get(path), script.options(path, headers=PREFLIGHT))
        if "access-control-allow-origin" in answer.headers
    }
    assert found == OPEN


def test_a_script_that_polls_with_validators_passes_its_preflight(script: TestClient) -> None:
    for path in ("/en/feeds/all.atom", "/en/feeds/all.json?page=1", "/v1/stories", "/v1/stories.ninjs"):
        asked = {**PREFLIGHT, "access-control-request-headers": "if-none-match,a-im"}
        answer = script.options(path, headers=asked)
        assert answer.status_code == 204
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "GET" in answer.headers["access-control-allow-methods"]
        assert {"if-none-match", "if-modified-since", "a-im", "accept"} <= {
            *answer.headers["access-control-allow-headers"].lower().split(", ")
        }
        assert int(answer.headers["access-control-max-age"]) > 0
        read = script.get(path)
        again = script.get(path, headers={"if-none-match": read.headers["etag"]})
        for told in (read, again):
            assert told.headers["access-control-allow-origin"] == "*"
            assert {"ETag", "Last-Modified", "Link", "IM"} <= {*told.headers["access-control-expose-headers"].split(", ")}
        assert again.status_code == 304


def test_a_feed_that_needs_a_key_is_closed_to_scripts_in_every_way(house: House, script: TestClient) -> None:
    with house.engine.begin() as connection:
        secret = create_key(connection, role=Role.SUBSCRIBER, name="Gulf", now=utc_now(), products=["energy"])
    own = f"/private/{secret}/en/feeds/arab-oil.atom"
    eventually(lambda: script.get(own).status_code == 200)
    key = {"authorization": f"Bearer {secret}"}
    for path in ("/en/feeds/arab-oil.atom", "/en/feeds/arab-oil.atom?page=1", own):
        for answer in (script.options(path, headers=PREFLIGHT), script.get(path), script.get(path, headers=key)):
            assert not [name for name in answer.headers if name.startswith("access-control")], path


def test_what_a_key_sees_of_a_story_is_for_no_script(house: House, script: TestClient) -> None:
    (story,) = house.rows("SELECT id FROM stories")
    path = f"/v1/stories/{story.id}/revisions"
    key = {"authorization": f"Bearer {house.key()}"}
    assert script.get(path).headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in script.get(path, headers=key).headers


# ── Addresses that are nearly right ──────────────────────────────────────────────────────────────────────────────


def test_a_slash_too_few_or_too_many_leads_to_what_is_there_and_to_nothing_else(house: House, script: TestClient) -> None:
    (story,) = house.rows("SELECT id FROM stories")
    there = {
        "/en": "/en/", "/en/all": "/en/all/", "/en/feeds": "/en/feeds/", "/en/feeds?x=1": "/en/feeds/?x=1",
        "/en/tags/oil": "/en/tags/oil/", f"/v1/stories/{story.id}/": f"/v1/stories/{story.id}",
    }  # fmt: skip
    assert {path: script.get(path).headers.get("location") for path in there} == there
    assert {path: script.get(path).status_code for path in there.values()} == dict.fromkeys(there.values(), 200)
    nowhere = [
        "/rss.xml", "/feed", "/fr", "/wp-login.php", "/en/nowhere", "/en/tags/nothing", "/fr/feeds", "/rss.xml/",
        "http://testserver//evil.example", "/v1/stories/nothing/", "/en/archive/x",
    ]  # fmt: skip
    for method in ("GET", "HEAD"):
        assert {path: script.request(method, path).status_code for path in nowhere} == dict.fromkeys(nowhere, 404)


def test_who_looks_for_a_picture_where_browsers_do_finds_it(
    script: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("/favicon.ico", "/apple-touch-icon.png", "/apple-touch-icon-precomposed.png")
    for answer in map(script.get, names):
        assert (answer.status_code, answer.headers["content-type"], answer.content[1:4]) == (200, "image/png", b"PNG")
    own = DEFAULT_FILE.read_text(encoding="utf-8").replace("[agency]\n", '[agency]\nlogo = "https://agency.example/logo.png"\n')
    use_wire_file(own, tmp_path, monkeypatch)
    assert {script.get(name).headers["location"] for name in names} == {"https://agency.example/logo.png"}
