"""Polling well and polling badly: deltas, limits, and people who open a feed in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from secrets import token_hex

import pytest
from fastapi.testclient import TestClient

from services.edge.app import documents, pages
from services.edge.feeds.fast_path import FeedFastPath
from shared.settings import settings
from shared.web import clients
from tests.support.house import House
from tests.support.reading import entries_of, eventually

WHOLE = {"accept-encoding": "identity"}
ELSEWHERE = {"x-forwarded-for": "203.0.113.9"}


@pytest.fixture
def reader(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """The edge behind a proxy on this machine; ten requests a minute for each address."""
    monkeypatch.setenv("BARQ_FEED_FETCHES_PER_MINUTE", "10")
    monkeypatch.setenv("BARQ_REQUESTS_PER_MINUTE", "10")
    settings.cache_clear()
    clients._trusted.cache_clear()
    clients.is_trusted.cache_clear()
    documents.forget()
    with TestClient(pages):
        yield TestClient(FeedFastPath(pages, documents), client=("127.0.0.1", 5000))


@pytest.mark.parametrize("form", ["rss", "atom", "json"])
@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_a_reader_that_takes_deltas_is_sent_what_is_new_since_its_version(
    house: House, reader: TestClient, form: str, coding: str
) -> None:
    path, takes = f"/en/feeds/all.{form}", {"accept-encoding": coding}
    for number in (1, 2):
        house.pushes(uri=f"urn:{number}", headline=f"Old {number}", body_text=token_hex(10_000))
    house.works()
    eventually(lambda: "Old 2" in reader.get(path).text)
    first = reader.get(path, headers=takes).headers["etag"]
    house.pushes(uri="urn:3", headline="New 3")
    house.works()
    eventually(lambda: "New 3" in reader.get(path).text)
    second = reader.get(path, headers=takes).headers["etag"]
    house.pushes(uri="urn:1", version=2, headline="Old 1, updated", signal="update")
    house.works()
    eventually(lambda: "Old 1, updated" in reader.get(path).text)
    asks = {**takes, "a-im": "gzip, feed"}
    for known, new in (
        (first, ["New 3", "Old 1, updated"]),
        (second, ["Old 1, updated"]),
        (f"W/{second}, {first}", ["Old 1, updated"]),
    ):
        delta = reader.get(path, headers={**asks, "if-none-match": known})
        assert (delta.status_code, delta.headers["im"], delta.headers["cache-control"]) == (226, "feed", "no-store, im")
        assert entries_of(delta.content, form) == new
        assert reader.get(path, headers={**asks, "if-none-match": delta.headers["etag"]}).status_code == 304
    assert reader.get(path, headers={**asks, "if-none-match": '"long ago"'}).status_code == 200
    assert reader.get(path, headers={"if-none-match": first}).status_code == 200


def test_a_kill_is_in_the_delta_and_not_a_word_of_its_text(house: House, reader: TestClient) -> None:
    house.pushes(uri="urn:stays")
    house.pushes(headline="Abracadabra")
    house.works()
    eventually(lambda: "Abracadabra" in reader.get("/en/feeds/all.atom").text)
    etag = reader.get("/en/feeds/all.atom", headers=WHOLE).headers["etag"]
    house.pushes(version=2, pubstatus="canceled")
    house.works()
    eventually(lambda: "Abracadabra" not in reader.get("/en/feeds/all.atom").text)
    delta = reader.get("/en/feeds/all.atom", headers={"a-im": "feed", "if-none-match": etag, **WHOLE})
    assert delta.status_code == 226
    assert "deleted-entry" in delta.text
    assert "Abracadabra" not in delta.text


def test_whoever_hammers_is_told_when_to_come_again_and_nobody_else_is(house: House, reader: TestClient) -> None:
    house.pushes()
    house.works()
    eventually(lambda: "Ministers" in reader.get("/en/feeds/all.rss").text)
    etag = reader.get("/en/feeds/all.rss", headers={"accept-encoding": "identity"}).headers["etag"]
    answers = [reader.get("/en/feeds/all.rss", headers=ELSEWHERE) for _ in range(20)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(refused) >= 9
    assert 1 <= int(refused[0].headers["retry-after"]) <= 6
    assert refused[0].json()["type"] == "urn:barq:problem:too-many-requests"
    assert refused[0].headers["access-control-allow-origin"] == "*", "a script is told too"
    assert reader.get("/en/feeds/all.rss", headers={"x-forwarded-for": "203.0.113.10"}).status_code == 200
    polite = {**ELSEWHERE, "if-none-match": etag, "accept-encoding": "identity"}
    assert {reader.get("/en/feeds/all.rss", headers=polite).status_code for _ in range(30)} == {304}
    changed = {**ELSEWHERE, "if-none-match": '"an older one"'}
    assert {reader.get("/en/feeds/all.rss", headers=changed).status_code for _ in range(30)} == {200}


def test_pages_and_answers_are_limited_too_and_what_is_unchanged_is_not_counted(house: House, reader: TestClient) -> None:
    house.pushes()
    house.works()
    etag = reader.get("/v1/stories", headers=ELSEWHERE).headers["etag"]
    polite = {**ELSEWHERE, "if-none-match": etag}
    assert {reader.get("/v1/stories", headers=polite).status_code for _ in range(15)} == {304}
    refused = [answer for _ in range(15) if (answer := reader.get("/v1/stories", headers=ELSEWHERE)).status_code == 429]
    assert {answer.headers["access-control-allow-origin"] for answer in refused} == {"*"}


def test_a_trusted_proxy_that_does_not_say_for_whom_it_asks_is_not_limited(house: House, reader: TestClient) -> None:
    for said in ({}, {"x-forwarded-for": "127.0.0.1"}):
        assert {reader.get("/en/", headers=said).status_code for _ in range(15)} == {200}


def test_an_address_is_believed_from_a_trusted_proxy_alone(house: House, reader: TestClient) -> None:
    stranger = TestClient(FeedFastPath(pages, documents), client=("198.51.100.1", 5000))
    codes = [stranger.get("/en/", headers={"x-forwarded-for": f"203.0.113.{n}"}).status_code for n in range(15)]
    assert 429 in codes


def test_a_person_who_opens_a_feed_in_a_browser_sees_a_page(house: House, reader: TestClient) -> None:
    house.pushes(headline="For people")
    house.works()
    eventually(lambda: "For people" in reader.get("/en/feeds/all.rss").text)
    browser = {"sec-fetch-dest": "document", "accept": "text/html,*/*;q=0.8"}
    page = reader.get("/en/feeds/all.rss", headers=browser)
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["cache-control"] == "no-store"
    assert "https://wire.example/en/feeds/all.rss" in page.text
    assert "For people" in page.text
    source = reader.get("/en/feeds/all.rss?as=feed", headers=browser)
    assert source.headers["content-type"].startswith("application/rss+xml")
    assert reader.get("/en/feeds/all.rss", headers={"accept": "text/html"}).headers["content-type"].startswith("application/rss")
