"""Feed documents: valid, repeatable, rendered only when something changed."""

from __future__ import annotations

import json
import re
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser
import pytest
from lxml import etree

from services.edge.app import app
from services.rendering import stages
from services.rendering.queries import lock_feed, read_windows
from shared.clock import utc_now
from shared.contracts.feeds import LONGEST_IN_FEEDS
from shared.contracts.work import EVERY_ITEM, Follow
from shared.pipeline import Lane, Stage, spec_of
from shared.queue import ledger
from shared.queue.rebuilding import every_entry
from shared.queue.worker import handler_of
from tests.support.factories import sent
from tests.support.house import House

ATOM = {"a": "http://www.w3.org/2005/Atom"}

HOSTILE: list[dict[str, Any]] = [
    {"headline": "Ends ]]> a section"},
    {"headline": "Less < more & \"quoted\" 'so'"},
    {"headline": "Control \x00\x08 signs \ud800 here"},
    {"headline": "قال \u202bنص بلا إغلاق", "language": "en"},
    {"headline": "Astral 😀𝔘", "body_text": "x" * 400_000},
    {"body_html": "<p>broken <b>bold <i>both</b> <table><tr><td>cell", "body_text": None},
    {"headline": "<b>Tagged</b> headline", "byline": "A & B", "keywords": ["<tag>", "a&b"], "label": ["BREAKING"]},
]


@pytest.mark.parametrize("fields", HOSTILE, ids=[str(n) for n in range(len(HOSTILE))])
def test_whatever_comes_in_every_document_is_well_formed_and_read_back(house: House, fields: dict[str, Any]) -> None:
    house.pushes(**fields)
    house.works()
    for form in ("rss", "atom", "json"):
        (title,) = house.titles(form=form)
        assert title


def test_a_reader_finds_every_field_in_rss_and_atom(house: House) -> None:
    house.pushes(
        headline="Oil rises", byline="Rana Haddad", description_text="A summary.", keywords=["OPEC"],
        subject=[{"code": "medtop:20000256", "name": "oil"}], copyrightnotice="© Levant",
    )  # fmt: skip
    house.works()
    for form in ("rss", "atom"):
        (entry,) = feedparser.parse(house.document("oil-energy", form)).entries
        assert (entry.title, entry.author, entry.summary) == ("Oil rises", "Rana Haddad", "A summary.")
        assert entry.link.startswith("https://wire.example/en/stories/BARQ")
        assert entry.id.startswith("tag:barq.example,2024:BARQ")
        assert {tag.get("label") or tag.term for tag in entry.tags} == {"Arab", "Oil & Energy", "OPEC", "oil"}
        assert "Levant Press Agency is responsible" in entry.content[0].value
        assert entry.published_parsed
    assert feedparser.parse(house.document("all", "atom")).entries[0].rights == "© Levant"


def test_a_document_says_its_own_address_language_and_time(house: House) -> None:
    house.pushes()
    house.works()
    channel = etree.fromstring(house.document("arab", "rss"))[0]
    (own,) = channel.findall("a:link[@rel='self']", ATOM)
    assert own.get("href") == "https://wire.example/en/feeds/arab.rss"
    assert channel.findtext("language") == "en"
    image = channel.find("image")
    assert image is not None
    assert [image.findtext(name) for name in ("url", "title", "link")] == [
        "https://wire.example/barq.png",
        channel.findtext("title"),
        channel.findtext("link"),
    ]
    feed = etree.fromstring(house.document("arab", "atom"))
    newest = max(updated.text for updated in feed.findall("a:entry/a:updated", ATOM))  # type: ignore[type-var]
    assert feed.findtext("a:updated", namespaces=ATOM) == newest
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"


def test_rss_guids_are_no_permalinks_and_pubdate_stays_while_updated_moves(house: House) -> None:
    house.pushes()
    house.works()
    first = etree.fromstring(house.document()).find("channel/item")
    house.pushes(version=2, headline="More")
    house.works()
    second = etree.fromstring(house.document()).find("channel/item")
    assert first is not None
    assert second is not None
    guid = second.find("guid")
    assert guid is not None
    assert (guid.get("isPermaLink"), guid.text) == ("false", first.findtext("guid"))
    assert second.findtext("pubDate") == first.findtext("pubDate")
    assert second.findtext("a:updated", namespaces=ATOM) > first.findtext("a:updated", namespaces=ATOM)  # type: ignore[operator]


def test_newest_first_and_a_correction_keeps_its_place(house: House) -> None:
    for number in (1, 2, 3):
        house.pushes(uri=f"urn:{number}", headline=f"Story {number}")
        house.works()
    house.pushes(uri="urn:1", version=2, headline="Story 1 corrected", signal="correction")
    house.works()
    assert house.titles() == ["Story 3", "Story 2", "Story 1 corrected"]


def test_a_document_has_a_window_and_a_killed_storys_notice_outlasts_it(house: House) -> None:
    house.pushes(uri="urn:old")
    house.works()
    house.pushes(uri="urn:old", version=2, pubstatus="canceled")
    house.pushes_many([sent(uri=f"urn:{n}", headline=f"Story {n}") for n in range(110)])
    house.works()
    titles = house.titles()
    assert len(titles) == 101
    assert titles[-1].startswith("KILLED")


def test_notices_beside_a_window_have_a_bound_and_what_has_merely_left_comes_last(house: House) -> None:
    house.pushes_many([sent(uri=f"urn:{n}") for n in range(3)])
    house.pushes(uri="urn:leaves", expires=(utc_now() + timedelta(days=1)).isoformat())
    house.works()
    for number in range(3):
        house.pushes(uri=f"urn:{number}", version=2, pubstatus="canceled")
    house.works()
    house.time_passes(days=2)
    house.works()
    with house.engine.connect() as connection:
        notices = {
            most: read_windows(connection, "all", "en", size=0, notices_since=datetime(2000, 1, 1, tzinfo=UTC), most_notices=most)
            for most in (2, 3, 4)
        }
    assert {most: len(windows["atom"].entries) for most, windows in notices.items()} == {2: 2, 3: 3, 4: 4}
    assert [b"KILLED" in body for _, body in notices[3]["atom"].entries] == [True] * 3


def test_a_burst_renders_each_feed_a_few_times_not_once_a_story(house: House) -> None:
    house.pushes_many([sent(uri=f"urn:{n}", headline=f"Story {n}") for n in range(300)])
    house.works(Stage.ENRICH, Stage.PUBLISH, Stage.RENDER)
    assert house.works(Stage.REFRESH) == 1
    assert len(house.titles()) == 100


def test_rendering_again_changes_nothing_that_a_reader_would_see(house: House) -> None:
    house.pushes()
    house.works()
    before = house.rows("SELECT * FROM documents ORDER BY edition, feed, format")
    with house.engine.begin() as connection:
        ledger.record(connection, every_entry(connection, ["en", "ar"]), lane=Lane.REGULAR, now=utc_now())
    house.works()
    assert house.rows("SELECT * FROM documents ORDER BY edition, feed, format") == before


def test_two_versions_of_a_document_never_share_a_last_modified(house: House) -> None:
    seen: list[datetime] = []
    for version in range(1, 6):
        house.pushes(version=version, headline=f"Take {version}")
        house.works()
        seen += [
            row.modified_at
            for row in house.rows("SELECT modified_at FROM documents WHERE feed='all' AND format='rss' AND edition='en'")
        ]
    assert sorted(set(seen)) == seen
    assert all(moment.microsecond == 0 for moment in seen)


def test_a_wire_without_stories_has_every_feed_empty_and_valid(house: House) -> None:
    house.asks(*(Follow(stage=Stage.REFRESH, item=EVERY_ITEM, revision=0, edition=tag) for tag in ("en", "ar")))
    house.works()
    rows = house.rows("SELECT edition, feed, format FROM documents")
    assert len(rows) == 2 * 12 * 3  # that of searches too, which the edge fills
    for row in rows:
        assert house.titles(row.feed, row.format, row.edition) == []


def test_json_feed_has_what_the_version_asks_for(house: House) -> None:
    house.pushes()
    house.works()
    feed = json.loads(house.document(form="json"))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    (item,) = feed["items"]
    assert {
        "id",
        "url",
        "title",
        "content_html",
        "summary",
        "date_published",
        "date_modified",
        "authors",
        "tags",
    } <= set(item)


def test_the_entries_of_a_storys_editions_name_each_other_also_those_that_came_first(house: House) -> None:
    story = house.pushes()["story"]
    house.works()
    first = etree.fromstring(house.document(form="atom")).find("a:entry", ATOM)
    house.translates(story)
    house.works()
    for edition, other in (("en", "ar"), ("ar", "en")):
        entry = etree.fromstring(house.document(form="atom", edition=edition)).find("a:entry", ATOM)
        assert entry is not None
        links = {link.get("rel"): (link.get("hreflang"), link.get("href")) for link in entry.findall("a:link[@hreflang]", ATOM)}
        assert links == {
            "alternate": (edition, f"https://wire.example/{edition}/stories/{story}"),
            "related": (other, f"https://wire.example/{other}/stories/{story}"),
        }
        if edition == "en":
            assert first is not None
            assert entry.findtext("a:updated", namespaces=ATOM) == first.findtext("a:updated", namespaces=ATOM)


def test_a_document_and_each_of_its_entries_have_one_page_of_their_own_whichever_link_a_reader_takes(house: House) -> None:
    house.translates(house.pushes()["story"])
    house.works()
    for edition in ("en", "ar"):
        own = f"https://wire.example/{edition}/"
        for form in ("rss", "atom"):
            root = etree.fromstring(house.document("arab", form, edition))
            for parent in root.iter(f"{{{ATOM['a']}}}feed", "channel", f"{{{ATOM['a']}}}entry", "item"):
                pages = [link.get("href", "") for link in parent.findall("a:link[@rel='alternate']", ATOM)]
                pages += [link.text or "" for link in parent.findall("link")]
                assert pages
                assert {page.startswith(own) and "/feeds/" not in page for page in pages} == {True}
            read = feedparser.parse(house.document("arab", form, edition))
            assert read.feed.link == f"{own}arab/"
            assert read.entries[0].link.startswith(f"{own}stories/")


def test_times_have_milliseconds_at_most_and_end_in_z(house: House) -> None:
    house.pushes()
    house.works()
    for form in ("rss", "atom", "json"):
        times = re.findall(r"\d{4}-\d\d-\d\dT[^\"<;]*", house.document(form=form).decode())
        assert times
        assert [time for time in times if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", time)] == []


PICTURE = {
    "featuremedia": {
        "type": "picture", "headline": "Port", "description_text": "The port at <dawn> & dusk", "credit": "A. Photographer",
        "renditions": {"original": {"href": "https://pics.example/port.jpg?a=1&b=2", "mimetype": "image/jpeg",
                                    "width": 1200, "height": 800, "sizeInBytes": 34567}},
    }
}  # fmt: skip


def test_a_picture_is_in_the_text_and_beside_it_with_its_type_size_caption_and_credit(house: House) -> None:
    house.pushes(associations=PICTURE)
    house.works()
    for form in ("rss", "atom"):
        (entry,) = feedparser.parse(house.document(form=form)).entries
        (enclosure,) = entry.enclosures
        assert (enclosure.href, enclosure.type, enclosure.length) == (
            "https://pics.example/port.jpg?a=1&b=2", "image/jpeg", "34567",
        )  # fmt: skip
        (media,) = entry.media_content
        assert (media["medium"], media["width"], media["filesize"]) == ("image", "1200", "34567")
        assert entry.media_credit[0]["content"] == "A. Photographer"
        html = entry.content[0].value
        assert 'src="https://pics.example/port.jpg?a=1&amp;b=2"' in html
        assert "(A. Photographer)" in html
    (item,) = json.loads(house.document(form="json"))["items"]
    assert item["image"] == "https://pics.example/port.jpg?a=1&b=2"
    assert item["attachments"][0]["size_in_bytes"] == 34567


@pytest.mark.parametrize("size", [None, 0])
def test_a_picture_of_unknown_size_is_an_enclosure_of_length_0_in_rss_which_asks_for_one(house: House, size: int | None) -> None:
    picture = json.loads(json.dumps(PICTURE))
    picture["featuremedia"]["renditions"]["original"]["sizeInBytes"] = size
    house.pushes(associations=picture)
    house.works()
    item = etree.fromstring(house.document()).find("channel/item")
    assert item is not None
    enclosure, content = item.find("enclosure"), item.find("{http://search.yahoo.com/mrss/}content")
    assert enclosure is not None
    assert content is not None
    assert (enclosure.get("length"), enclosure.get("type")) == ("0", "image/jpeg")
    assert "fileSize" not in content.attrib


def test_an_address_that_no_reader_could_follow_is_escaped_or_left_out(house: House) -> None:
    broken, picture = (
        {"type": "picture", "renditions": {"web": {"mimetype": "image/jpeg", "href": href}}}
        for href in ("http://[", "https://pictures.example/a b/صورة.jpg")
    )
    house.pushes(associations={"a": broken, "b": picture})
    house.works()
    (enclosure,) = etree.fromstring(house.document()).iter("enclosure")
    assert enclosure.get("url") == "https://pictures.example/a%20b/%D8%B5%D9%88%D8%B1%D8%A9.jpg"


SUMS = "If x<y and y>z, AT&T & <b> win"


def test_text_that_looks_like_mark_up_is_shown_by_readers_as_it_is(house: House) -> None:
    house.pushes(headline="If x<y and y>z, AT&T win", body_text=SUMS, copyrightnotice="© x<y & z", keywords=["x<y"],
                 byline="<b>Rana</b> Haddad")  # fmt: skip
    house.works()
    channel = etree.fromstring(house.document())
    item = channel.find("channel/item")
    assert item is not None
    # RSS: a title is plain text, a description HTML
    assert item.findtext("title") == "If x<y and y>z, AT&T win"
    assert b"<title>If x&#x3C;y and y&gt;z, AT&#x26;T win</title>" in house.document()
    assert item.findtext("description") == "If x&lt;y and y&gt;z, AT&amp;T &amp; &lt;b&gt; win"
    assert item.findtext("{http://purl.org/dc/elements/1.1/}creator") == "Rana Haddad"
    assert "x<y" in [category.text for category in item.findall("category")]
    atom = "{http://www.w3.org/2005/Atom}"
    entry = etree.fromstring(house.document(form="atom")).find(f"{atom}entry")
    assert entry is not None
    for name, said in (
        ("title", "If x&lt;y and y&gt;z, AT&amp;T win"),
        ("summary", "If x&lt;y and y&gt;z, AT&amp;T &amp; &lt;b&gt; win"),
        ("rights", "© x&lt;y &amp; z"),
    ):
        found = entry.find(f"{atom}{name}")
        assert found is not None
        assert (found.get("type"), found.text) == ("html", said)
    (told,) = feedparser.parse(house.document(form="atom")).entries
    assert told.title == "If x&lt;y and y&gt;z, AT&amp;T win"  # HTML, as feedparser tells it


def test_a_flash_has_no_blank_summary(house: House) -> None:
    flash = {"uri": "urn:1", "version": 1, "language": "en", "headline": "Flash x<y", "urgency": 1}
    answer = house.newsroom().post("/v1/items", json={"wire_item": flash})
    assert answer.status_code == 202
    house.works()
    item = etree.fromstring(house.document()).find("channel/item")
    assert item is not None
    assert item.findtext("description") == "Flash x&lt;y"
    assert b"<summary" not in house.document(form="atom")


def test_the_namespace_of_tombstones_stands_where_there_is_one(house: House) -> None:
    house.pushes()
    house.works()
    assert b"tombstones" not in house.document() + house.document(form="atom")
    house.pushes(version=2, pubstatus="canceled")
    house.works()
    atom = etree.fromstring(house.document(form="atom"))
    assert atom.find("{http://purl.org/atompub/tombstones/1.0}deleted-entry") is not None
    assert b"tombstones" not in house.document()


def test_a_killed_storys_picture_goes_with_its_text(house: House) -> None:
    house.pushes(associations=PICTURE)
    house.works()
    house.pushes(version=2, pubstatus="canceled")
    house.works()
    for form in ("rss", "atom", "json"):
        assert b"port.jpg" not in house.document(form=form)


def test_subjects_are_categories_under_iptcs_own_name(house: House) -> None:
    house.pushes(subject=[{"code": "medtop:20000256", "name": "oil"}], keywords=["OPEC"])
    house.works()
    item = etree.fromstring(house.document()).find("channel/item")
    assert item is not None
    assert {(c.get("domain"), c.text) for c in item.findall("category")} >= {
        ("http://cv.iptc.org/newscodes/mediatopic/", "oil"),
        ("tag:barq.example,2024:tag", "OPEC"),
    }
    atom = etree.fromstring(house.document(form="atom")).find("a:entry", ATOM)
    assert atom is not None
    terms = {(c.get("scheme"), c.get("term"), c.get("label")) for c in atom.findall("a:category", ATOM)}
    assert ("http://cv.iptc.org/newscodes/mediatopic/", "20000256", "oil") in terms


LONG_BODIES = ["&amp; " * 82_000, "كلمة " * 50_000, "</p><p>word " * 30_000]


@pytest.mark.parametrize("body", LONG_BODIES, ids=["escaped", "Arabic", "paragraphs"])
def test_a_text_is_bounded_in_documents_and_whole_on_its_page(house: House, body: str) -> None:
    story = house.pushes(body_text=None, body_html=f"<p>{body}The end.</p>")["story"]
    house.works()
    with house.client(app) as reader:
        assert "The end." in reader.get(f"/en/stories/{story}").text
        for form in ("rss", "atom", "json"):
            document = house.document(form=form)
            assert len(document) < 4 * LONGEST_IN_FEEDS
            assert b"The end." not in document
            assert b"The whole text is on its page." in document
            assert b"Levant Press Agency is responsible" in document
            assert story.encode() in document
            for older in (f"/en/feeds/all.{form}?page=1", f"/en/feeds/search.{form}?q=minister"):
                assert len(reader.get(older).content) < 4 * LONGEST_IN_FEEDS


def test_a_kill_takes_a_long_text_whole_and_cut(house: House) -> None:
    house.pushes(body_text=None, body_html="<p>" + "Abracadabra " * 30_000 + "</p>")
    house.works()
    house.pushes(version=2, pubstatus="canceled")
    house.works()
    for form in ("rss", "atom", "json"):
        assert b"Abracadabra" not in house.document(form=form)
    assert house.rows("SELECT FROM entries WHERE in_feeds IS NOT NULL OR position('Abracadabra'::bytea IN body) > 0") == []


def test_regular_copy_waits_for_no_feed_and_comes_back_for_it(house: House) -> None:
    house.pushes(headline="Oil rises", urgency=5)
    house.works(Stage.ENRICH, Stage.PUBLISH, Stage.RENDER)
    with house.engine.begin() as another:
        lock_feed(another, "all", "en", waits=True)
        house.works(Stage.REFRESH)
        assert house.rows("SELECT FROM documents WHERE feed = 'all' AND edition = 'en'") == []
        assert house.titles("oil-energy") == ["Oil rises"]
    time.sleep(0.3)
    house.works(Stage.REFRESH)
    assert house.titles("all") == ["Oil rises"]


def test_a_regular_chunk_leaves_feeds_when_it_has_taken_its_time_and_all_are_done_in_the_end(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stages, "_LONGEST_S", -1.0)
    house.pushes(headline="Oil rises", urgency=5)
    house.works(Stage.ENRICH, Stage.PUBLISH, Stage.RENDER)
    spec = spec_of(Stage.REFRESH)
    ledger.do_chunk(house.engine, spec, Lane.REGULAR, handler_of(spec), lambda _: None)
    monkeypatch.undo()
    house.works(Stage.REFRESH)
    for feed in ("all", "oil-energy"):
        assert house.titles(feed) == ["Oil rises"]
