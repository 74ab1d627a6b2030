"""AP's Media API on a real server: pages are followed, texts are fetched, the key goes to its own host alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar

import pytest
from fastapi.testclient import TestClient

from shared.settings import settings
from tests.support.house import House
from tests.support.loopback import serving
from tests.support.upkeep import adds, checks

KEY = "made-up-key"
NITF = """<?xml version="1.0" encoding="{encoding}"?>
<nitf xmlns="http://iptc.org/std/NITF/2006-10-18/"><head><docdata><doc-id regsrc="AP"/></docdata></head><body>
<body.head><hedline><hl1>{headline}</hl1></hedline><dateline><location>VALLETTA, Malta (AP) _</location></dateline></body.head>
<body.content><block id="Main"><p>The ferry café reopened on {day}.</p></block></body.content></body></nitf>"""


class Api(BaseHTTPRequestHandler):
    """A made-up Media API: what each path answers, and who asked with which key."""

    answers: ClassVar[dict[str, tuple[int, bytes]]] = {}
    asked: ClassVar[list[tuple[str, str | None]]] = []
    away: ClassVar[str] = ""  #: another host to send on to

    def do_GET(self) -> None:
        Api.asked.append((self.path, self.headers.get("x-api-key")))
        if self.path == "/sent-on":
            self.send_response(302)
            self.send_header("location", Api.away)
            self.end_headers()
            return
        status, body = Api.answers.get(self.path, (404, b"{}"))
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


def item(url: str, name: str, *, kind: str = "text", version: int = 0, nitf: str = "", **fields: Any) -> dict[str, Any]:
    renditions = (
        {"nitf": {"href": nitf or f"{url}/nitf/{name}", "type": "text", "rel": "Story"}}
        if kind == "text"
        else {"main": {"href": f"{url}/main/{name}", "type": "picture", "mimetype": "image/jpeg", "width": 4000, "height": 3000}}
    )
    return {
        "uri": f"{url}/content/{name}?qt=x", "altids": {"itemid": name, "etag": f"{name}_{version}"}, "version": version,
        "type": kind, "pubstatus": "usable", "language": "en", "urgency": 4, "headline": f"Ferry {name}",
        "versioncreated": f"2026-11-0{version + 1}T04:05:12Z", "provider": "AP", "renditions": renditions, **fields,
    }  # fmt: skip


def feed(items: list[dict[str, Any]], next_page: str | None) -> tuple[int, bytes]:
    data = {"items": [{"meta": {}, "item": each} for each in items], "next_page": next_page}
    return 200, json.dumps({"api_version": "1.1", "data": data}).encode()


def nitf(headline: str, day: str = "Monday", encoding: str = "utf-8") -> tuple[int, bytes]:
    return 200, NITF.format(headline=headline, day=day, encoding=encoding).encode(encoding)


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    Api.answers, Api.asked, Api.away = {}, [], ""
    monkeypatch.setenv("BARQ_SOURCE_SECRET_AP", KEY)
    with serving(Api) as url:
        yield url


def found(house: House) -> dict[str, Any]:
    rows = house.rows("SELECT uri, content FROM items ORDER BY id")
    return {row.uri.removeprefix("urn:barq:ap:"): row.content for row in rows}


def add(upkeep: TestClient, url: str, **fields: Any) -> None:
    adds(upkeep, "ap", f"ap+{url}/feed?q=all", **fields)


def test_a_feed_of_two_pages_is_followed_and_each_text_is_fetched(house: House, upkeep: TestClient, api: str) -> None:
    whole = item(api, "one", subject=[{"name": "Transport", "code": "t", "rels": ["direct"]}])
    Api.answers = {
        "/feed?q=all": feed([item(api, "one"), item(api, "forbidden")], f"{api}/feed?seq=2"),
        "/feed?seq=2": feed([item(api, "picture", kind="picture"), item(api, "latin")], f"{api}/feed?seq=3"),
        "/feed?seq=3": feed([], f"{api}/feed?seq=3"),
        "/content/one?qt=x": (200, json.dumps({"api_version": "1.1", "data": {"item": whole}}).encode()),
        "/nitf/one": nitf("Ferry one"),
        "/nitf/forbidden": (403, b"no"),
        "/nitf/latin": nitf("Ferry latin", encoding="iso-8859-1"),
    }
    add(upkeep, api)
    row = checks(house, upkeep, "ap")
    assert (row["error"], row["items_count"]) == (None, 4)
    items = found(house)
    assert list(items) == ["one", "forbidden", "picture", "latin"]
    assert items["one"]["body_html"] == "<p>The ferry café reopened on Monday.</p>"
    assert items["one"]["subjects"][0]["name"] == "Transport"
    assert items["one"]["dateline"] == "VALLETTA, Malta"
    assert "café" in items["latin"]["body_html"]
    assert items["forbidden"]["doubt"] == "unreadable-text"
    assert f"{api}/nitf/forbidden" in items["forbidden"]["doubt_note"]
    assert "answered 403" in items["forbidden"]["doubt_note"]
    assert items["picture"]["is_publishable"] is False
    assert {key for _, key in Api.asked} == {KEY}

    Api.asked.clear()
    checks(house, upkeep, "ap")
    assert [path for path, _ in Api.asked] == ["/feed?seq=3"], "the next look begins where the last one ended"


def test_a_correction_and_a_kill_on_later_pages_follow_the_story(house: House, upkeep: TestClient, api: str) -> None:
    Api.answers = {
        "/feed?q=all": feed([item(api, "one")], f"{api}/feed?seq=2"),
        "/feed?seq=2": feed([], None),
        "/nitf/one": nitf("Ferry one"),
    }
    add(upkeep, api)
    checks(house, upkeep, "ap")
    house.works()
    assert house.titles() == ["Ferry one"]
    Api.answers |= {
        "/feed?seq=2": feed([item(api, "one", version=1, headline="Ferry reopens", signals=["correction"])], f"{api}/feed?seq=3"),
        "/feed?seq=3": feed([], None),
        "/nitf/one": nitf("Ferry one", day="Tuesday"),
    }
    checks(house, upkeep, "ap")
    house.works()
    assert ["Ferry reopens" in title for title in house.titles()] == [True]
    Api.answers |= {"/feed?seq=3": feed([item(api, "one", version=2, pubstatus="canceled", renditions={})], None)}
    checks(house, upkeep, "ap")
    house.works()
    assert ["KILLED" in title for title in house.titles()] == [True]


def test_a_text_that_fails_for_now_is_asked_for_again_and_its_page_with_it_until_it_comes(
    house: House, upkeep: TestClient, api: str
) -> None:
    Api.answers = {
        "/feed?q=all": feed([item(api, "ill"), item(api, "well")], f"{api}/feed?seq=2"),
        "/feed?seq=2": feed([], None),
        "/nitf/ill": (503, b""),
        "/nitf/well": nitf("Ferry well"),
    }
    add(upkeep, api)
    assert "503" in checks(house, upkeep, "ap")["error"]
    assert list(found(house)) == ["well"]
    Api.answers["/nitf/ill"] = nitf("Ferry ill")
    Api.asked.clear()
    assert checks(house, upkeep, "ap")["error"] is None
    assert list(found(house)) == ["well", "ill"]
    assert "/nitf/well" not in [path for path, _ in Api.asked], "what was taken is not fetched again"


def test_a_text_that_never_comes_holds_its_item_and_lets_the_feed_go_on(house: House, upkeep: TestClient, api: str) -> None:
    Api.answers = {
        "/feed?q=all": feed([item(api, "ill")], f"{api}/feed?seq=2"),
        "/feed?seq=2": feed([item(api, "next")], None),
        "/nitf/ill": (503, b""),
        "/nitf/next": nitf("Ferry next"),
    }
    add(upkeep, api)
    for _ in range(3):
        checks(house, upkeep, "ap")
    assert found(house)["ill"]["doubt"] == "unreadable-text"
    assert "doubt" not in found(house)["next"]


def test_the_key_is_shown_to_the_feeds_own_host_alone(house: House, upkeep: TestClient, api: str) -> None:
    class Other(Api):
        asked: ClassVar[list[tuple[str, str | None]]] = []

        def do_GET(self) -> None:
            Other.asked.append((self.path, self.headers.get("x-api-key")))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(nitf("Ferry elsewhere")[1])

    with serving(Other) as other:
        other = other.replace("127.0.0.1", "localhost")
        Api.away = f"{other}/sent-on"
        Api.answers = {
            "/feed?q=all": feed(
                [item(api, "elsewhere", nitf=f"{other}/nitf"), item(api, "sent-on", nitf=f"{api}/sent-on")], f"{other}/feed"
            )
        }
        add(upkeep, api)
        row = checks(house, upkeep, "ap")
    assert "another host" in row["error"]
    assert list(found(house)) == ["elsewhere", "sent-on"]
    assert Other.asked == [("/nitf", None), ("/sent-on", None)]


def test_a_next_page_that_is_gone_sends_the_source_back_to_its_address(house: House, upkeep: TestClient, api: str) -> None:
    Api.answers = {"/feed?q=all": feed([], f"{api}/feed?seq=2"), "/feed?seq=2": feed([], f"{api}/feed?seq=3")}
    add(upkeep, api)
    checks(house, upkeep, "ap")
    del Api.answers["/feed?seq=2"]
    assert "begins again" in checks(house, upkeep, "ap")["error"]
    Api.asked.clear()
    checks(house, upkeep, "ap")
    assert Api.asked[0][0] == "/feed?q=all"


@pytest.mark.parametrize(
    "body", [b"<html>", b"[]", b"{}", b'{"data": []}', b'{"data": {"items": 7}}', b'{"data": {"items": [7, {}]}}']
)
def test_what_is_no_feed_never_breaks_the_way(house: House, upkeep: TestClient, api: str, body: bytes) -> None:
    Api.answers = {"/feed?q=all": (200, body)}
    add(upkeep, api)
    error = checks(house, upkeep, "ap")["error"]
    assert error is None or "fault of the wire" not in error


def test_private_addresses_are_not_asked(house: House, upkeep: TestClient, api: str, monkeypatch: pytest.MonkeyPatch) -> None:
    add(upkeep, api)
    monkeypatch.setenv("BARQ_PRIVATE_ADDRESSES", "false")
    settings.cache_clear()
    assert "private address" in checks(house, upkeep, "ap")["error"]
    assert Api.asked == []
