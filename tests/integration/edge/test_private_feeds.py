"""Private feeds: for whoever has the product, by their key, and for nobody else."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from services.edge.app import documents, pages
from services.edge.feeds.fast_path import FeedFastPath
from shared.clock import utc_now
from shared.errors import ConfigurationError
from shared.web.keys import Role, create_key, revoke_key, set_products
from shared.wire.config import DEFAULT_FILE, wire
from tests.support.factories import sent
from tests.support.house import House
from tests.support.loopback import use_wire_file
from tests.support.reading import entries_of, eventually, link_of

FILE = """
[feeds.arab-oil]
name = { en = "Arab oil" }
filter = { region = ["arab"] }
private = true

[feeds.asian-oil]
name = { en = "Asian oil" }
filter = { region = ["asia"] }
private = true

[products.energy]
name = { en = "Energy" }
feeds = ["arab-oil", "all"]
"""
PATH = "/en/feeds/arab-oil.atom"


@pytest.fixture
def reader(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """The edge of a wire with a private feed that has a story."""
    use_wire_file(DEFAULT_FILE.read_text(encoding="utf-8") + FILE, tmp_path, monkeypatch)
    documents.forget()
    house.pushes(place=[{"code": "SA"}])
    house.pushes(uri="urn:2", place=[{"code": "JP"}], body_text="Tokyo decided.")
    house.works()
    with TestClient(pages):
        eventually(lambda: documents.get(("en", "arab-oil", "atom")) is not None)
        yield TestClient(FeedFastPath(pages, documents))


def subscriber(house: House, *products: str, name: str = "Gulf Daily") -> str:
    with house.engine.begin() as connection:
        return create_key(connection, role=Role.SUBSCRIBER, name=name, now=utc_now(), products=products)


def basic(secret: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"gulf:{secret}".encode()).decode()}


def test_a_private_feed_is_read_by_its_subscribers_key_as_readers_show_it(house: House, reader: TestClient) -> None:
    secret = subscriber(house, "energy")
    shown = [reader.get(PATH, headers=headers) for headers in (basic(secret), {"authorization": f"Bearer {secret}"})]
    for answer in (*shown, reader.get(f"/private/{secret}{PATH}")):
        assert answer.status_code == 200
        assert entries_of(answer.content, "atom") == ["Ministers agree on output"]
        assert answer.headers["cache-control"] == "private, no-cache"
        assert "authorization" in answer.headers["vary"].lower()
        assert "access-control-allow-origin" not in answer.headers
        etag = answer.headers["etag"]
        again = reader.get(answer.url.path, headers={**answer.request.headers, "if-none-match": etag})
        assert (again.status_code, again.content) == (304, b"")
    assert secret not in shown[0].text


def test_a_feed_at_its_subscribers_own_address_says_that_it_is_there(house: House, reader: TestClient) -> None:
    secret = subscriber(house, "energy")
    answer = reader.get(f"/private/{secret}{PATH}")
    own = f"https://wire.example/private/{secret}{PATH}"
    assert link_of(answer.content, "atom", "self") == own
    assert f'<{own}>; rel="self"' in answer.headers["link"]


def test_a_feed_is_closed_to_everyone_else(house: House, reader: TestClient) -> None:
    other = subscriber(house, name="Other")
    answers = {
        "nobody": reader.get(PATH),
        "a stranger": reader.get(PATH, headers=basic("barq_subscriber_invented")),
        "no product": reader.get(PATH, headers=basic(other)),
        "a newsroom": reader.get(PATH, headers=basic(house.key())),
        "by address": reader.get(f"/private/nonsense{PATH}"),
    }
    assert {who: answer.status_code for who, answer in answers.items()} == {
        "nobody": 401, "a stranger": 401, "no product": 403, "a newsroom": 403, "by address": 401,
    }  # fmt: skip
    assert answers["nobody"].headers["www-authenticate"].startswith("Basic ")
    assert all("Ministers" not in answer.text for answer in answers.values())
    secret = subscriber(house, "energy")
    assert reader.get("/en/feeds/asian-oil.atom", headers=basic(secret)).status_code == 403


def test_a_key_is_closed_at_once_when_it_is_revoked_or_loses_its_product(house: House, reader: TestClient) -> None:
    secret = subscriber(house, "energy")
    with house.engine.begin() as connection:
        set_products(connection, "Gulf Daily", [])
    assert reader.get(PATH, headers=basic(secret)).status_code == 403
    with house.engine.begin() as connection:
        set_products(connection, "Gulf Daily", ["energy"])
    assert reader.get(PATH, headers=basic(secret)).status_code == 200
    with house.engine.begin() as connection:
        revoke_key(connection, "Gulf Daily", utc_now())
    assert reader.get(PATH, headers=basic(secret)).status_code == 401
    assert reader.get(f"/private/{secret}{PATH}").status_code == 401


def test_a_private_feed_is_in_no_public_directory_page_or_list(house: House, reader: TestClient) -> None:
    for path in ("/en/feeds/", "/en/feeds.opml", "/en/"):
        assert "arab-oil" not in reader.get(path).text
    assert reader.get("/v1/stories?region=arab-oil").status_code == 404
    assert reader.get("/en/feeds/search.rss?section=arab-oil").status_code == 404
    browser = {"sec-fetch-dest": "document"}
    assert reader.get(PATH, headers=browser).status_code == 401


def test_a_subscribers_directory_has_the_private_feeds_of_their_products(house: House, reader: TestClient) -> None:
    secret = subscriber(house, "energy")
    opml = reader.get(f"/private/{secret}/en/feeds.opml")
    assert re.findall(r'xmlUrl="([^"]*)"', opml.text) == [f"https://wire.example/private/{secret}/en/feeds/arab-oil.rss"]


def test_older_entries_of_a_private_feed_are_as_private(house: House, reader: TestClient) -> None:
    secret = subscriber(house, "energy")
    house.pushes_many([sent(uri=f"urn:more:{n}", headline=f"Number {n}", place=[{"code": "SA"}]) for n in range(110)])
    house.works()
    eventually(lambda: "Number 109" in reader.get(PATH, headers=basic(secret)).text)
    for query in ("?page=2", "?archive=1"):
        assert reader.get(PATH + query).status_code == 401
        assert "Number 3<" in reader.get(PATH + query, headers=basic(secret)).text
    newest = reader.get(f"/private/{secret}{PATH}")
    following = link_of(newest.content, "atom", "next").removeprefix("https://wire.example")
    assert len(entries_of(reader.get(following).content, "atom")) == 11


def test_a_product_must_name_feeds_that_there_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = DEFAULT_FILE.read_text(encoding="utf-8") + FILE.replace('"arab-oil", "all"', '"nothing"')
    use_wire_file(source, tmp_path, monkeypatch)
    with pytest.raises(ConfigurationError, match="product 'energy' has nothing, which is no feed"):
        wire()
