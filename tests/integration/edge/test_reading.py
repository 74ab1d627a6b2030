"""Reading: feeds from memory, pages for people, a story for programs."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from typing import Any

import brotli
import pytest
from fastapi.testclient import TestClient

from services.edge.app import app, documents, pages
from services.edge.feeds.fast_path import FeedFastPath
from tests.support.house import House


class Reader:
    """A subscriber's reader in front of the edge."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def reads(self, path: str, **headers: str) -> Any:
        """One request, from the test client's own address."""
        return self.client.get(path, headers={"accept-encoding": "identity", **headers}, follow_redirects=False)

    def waits_for(self, text: str, path: str = "/en/feeds/all.rss") -> Any:
        """Poll until a text is there."""
        ends_s = time.monotonic() + 10
        while time.monotonic() < ends_s:
            answer = self.reads(path)
            if text in answer.text:
                return answer
            time.sleep(0.02)
        raise AssertionError(f"{text!r} never came to {path}")


@pytest.fixture
def reader(house: House) -> Iterator[Reader]:
    """The edge with its ear on the archive."""
    documents.forget()
    with TestClient(pages) as started:
        started.app = FeedFastPath(pages, documents)
        started._transport.app = started.app  # type: ignore[attr-defined]
        yield Reader(started)


def test_a_story_is_read_as_soon_as_its_feed_is_refreshed(house: House, reader: Reader) -> None:
    house.pushes(headline="Fresh")
    house.works()
    answer = reader.waits_for("Fresh")
    assert answer.headers["content-type"] == "application/rss+xml; charset=utf-8"
    assert answer.headers["link"] == '<https://wire.example/hub>; rel="hub", <https://wire.example/en/feeds/all.rss>; rel="self"'
    assert answer.headers["access-control-allow-origin"] == "*"


def test_a_poller_with_validators_gets_a_304_without_a_body(house: House, reader: Reader) -> None:
    house.pushes(headline="Fresh")
    house.works()
    etag = reader.waits_for("Fresh").headers["etag"]
    answer = reader.reads("/en/feeds/all.rss", **{"if-none-match": etag})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == etag
    assert {"cache-control", "vary"} <= set(answer.headers)
    assert "content-type" not in answer.headers
    house.pushes(version=2, headline="Fresher")
    house.works()
    reader.waits_for("Fresher")
    assert reader.reads("/en/feeds/all.rss", **{"if-none-match": etag}).status_code == 200


def test_gzip_is_another_representation_with_its_own_validator(house: House, reader: Reader) -> None:
    house.pushes(headline="Fresh")
    house.works()
    plain = reader.waits_for("Fresh")
    (row,) = house.rows("SELECT body_gzip, body_br FROM documents WHERE feed='all' AND format='rss' AND edition='en'")
    seen = {plain.headers["etag"]}
    for coding, raw, unpack in (("gzip", row.body_gzip, gzip.decompress), ("br", row.body_br, brotli.decompress)):
        packed = reader.reads("/en/feeds/all.rss", **{"accept-encoding": coding})
        assert packed.headers["content-encoding"] == coding
        assert packed.headers["etag"] not in seen
        assert packed.content == plain.content
        assert int(packed.headers["content-length"]) == len(raw)
        assert unpack(raw) == plain.content
        seen.add(packed.headers["etag"])
        again = reader.reads("/en/feeds/all.rss", **{"accept-encoding": coding, "if-none-match": packed.headers["etag"]})
        assert (again.status_code, again.headers["etag"]) == (304, packed.headers["etag"])


def test_a_document_whose_announcement_was_missed_is_found_all_the_same(house: House, reader: Reader) -> None:
    house.pushes(headline="Fresh")
    house.works()
    reader.waits_for("Fresh")
    with house.engine.begin() as connection:  # as if the notification had been lost: no NOTIFY, only the row
        from sqlalchemy import text

        connection.execute(
            text("""
                UPDATE documents SET etag = 'missed', refreshed_at = now(),
                    body_gzip = (SELECT body_gzip FROM documents WHERE feed='all' AND edition='en' AND format='json')
                WHERE feed = 'all' AND edition = 'en' AND format = 'rss'
            """)
        )
    reader.waits_for("jsonfeed.org")


def test_head_answers_like_get_without_the_body(house: House, reader: Reader) -> None:
    house.pushes(headline="Fresh")
    house.works()
    whole = reader.waits_for("Fresh")
    head = reader.client.head("/en/feeds/all.rss", headers={"accept-encoding": "identity"})
    assert (head.content, head.headers["content-length"]) == (b"", whole.headers["content-length"])


@pytest.mark.parametrize("edition", ["en", "ar"])
def test_a_storys_page_is_in_its_language_and_direction(house: House, reader: Reader, edition: str) -> None:
    story = house.pushes(headline="Fresh")["story"]
    house.translates(story, headline="طازج")
    house.works()
    page = reader.reads(f"/{edition}/stories/{story}").text
    assert {"en": '<html lang="en" dir="ltr">', "ar": '<html lang="ar" dir="rtl">'}[edition] in page
    assert {"en": "<h1>Fresh</h1>", "ar": "<h1>طازج</h1>"}[edition] in page
    other = {"en": "ar", "ar": "en"}[edition]
    assert f'hreflang="{other}" href="https://wire.example/{other}/stories/{story}"' in page


def test_a_killed_storys_page_and_address_are_gone_with_the_notice(house: House, reader: Reader) -> None:
    story = house.pushes(headline="Abracadabra")["story"]
    house.works()
    house.pushes(version=2, pubstatus="canceled")
    house.works()
    page = reader.reads(f"/en/stories/{story}")
    told = reader.reads(f"/v1/stories/{story}")
    assert (page.status_code, told.status_code) == (410, 410)
    assert page.headers["cache-control"] == told.headers["cache-control"] == "no-store"
    assert "withdrawn" in page.text
    assert (told.json()["pubstatus"], told.json()["headline"], told.json()["body_html"]) == ("canceled", "", "")
    assert "Abracadabra" not in page.text + told.text


def test_an_embargoed_story_has_no_page_and_no_address(house: House, reader: Reader) -> None:
    story = house.pushes(embargoed="2099-01-01T00:00:00Z")["story"]
    house.works()
    assert reader.reads(f"/en/stories/{story}").status_code == 404
    assert reader.reads(f"/v1/stories/{story}").status_code == 404


def test_the_directory_names_every_feed_for_people_and_for_readers(house: House, reader: Reader) -> None:
    page = reader.reads("/ar/feeds/").text
    opml = reader.reads("/ar/feeds.opml")
    for feed, title in (("all", "جميع الأخبار"), ("asia", "آسيا"), ("oil-energy", "نفط وطاقة")):
        assert f'href="/ar/feeds/{feed}.rss"' in page
        assert title in page
        assert f'xmlUrl="https://wire.example/ar/feeds/{feed}.rss"' in opml.text


def test_the_root_leads_to_the_wires_own_edition(house: House, reader: Reader) -> None:
    assert reader.reads("/").headers["location"] == "/en/"
    assert reader.reads("/en/").status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("/en/nowhere/", 404, "text/html"),
        ("/en/feeds/nowhere.rss", 404, "text/html"),
        ("/xx/feeds/all.rss", 404, "application/problem+json"),
        ("/v1/stories/nothing", 404, "application/problem+json"),
    ],
)
def test_what_is_not_there_is_a_404_for_people_or_for_programs(reader: Reader, path: str, status: int, kind: str) -> None:
    answer = reader.reads(path)
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (status, kind)


def test_the_app_that_is_served_has_the_fast_path_in_front() -> None:
    assert isinstance(app, FeedFastPath)
